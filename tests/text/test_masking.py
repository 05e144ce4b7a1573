"""No address stands in clear in what a server said, and a reader is the same hash however the address is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.text.masking import mask_addresses
from composer.text.pseudonyms import pseudonym

READER = "jean.dupont@orange.fr"
KEY = b"k" * 32


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("2.0.0 Ok: queued as 4F3D2", "2.0.0 Ok: queued as 4F3D2"),
        ("5.1.1 <jean.dupont@orange.fr>: Recipient address rejected", "5.1.1 <…@orange.fr>: Recipient address rejected"),
        ("5.1.1 <Jean.Dupont@ORANGE.FR> unknown", "5.1.1 <…@ORANGE.FR> unknown"),
        ("mailbox jean.dupont is full", "mailbox … is full"),
        ("user JEAN.DUPONT unknown here", "user … unknown here"),
        ("forwarded to autre+lettre@exemple.org", "forwarded to …@exemple.org"),
        ("bounce+42=jean.dupont=orange.fr@lettre.fr refused", "…@lettre.fr refused"),
        ('550 "jean dupont"@orange.fr unknown', '550 "jean dupont…@orange.fr unknown'),
        ("élodie@exemple.fr inconnue", "…@exemple.fr inconnue"),
    ],
)
def test_what_stands_before_an_at_is_masked_and_so_is_the_reader(words: str, left: str) -> None:
    assert mask_addresses(words, READER) == left


def test_a_short_name_does_not_eat_into_words() -> None:
    assert mask_addresses("user ok is unknown, look elsewhere", "ok@exemple.fr") == "user … is unknown, look elsewhere"


@given(st.text(), st.sampled_from([READER, READER.upper(), "Jean.Dupont@orange.fr"]), st.text())
def test_a_readers_address_never_comes_through(before: str, said: str, after: str) -> None:
    assert "jean.dupont@" not in mask_addresses(f"{before} {said} {after}", READER).lower()


def test_a_hash_wants_the_key_and_does_not_mind_case() -> None:
    assert pseudonym("Jean.Dupont@Orange.fr", KEY) == pseudonym("jean.dupont@orange.fr", KEY)
    assert pseudonym("jean.dupont@orange.fr", KEY) != pseudonym("jean.dupont@orange.fr", b"l" * 32)
    assert pseudonym("jean.dupont@orange.fr", KEY) != pseudonym("jean.dupond@orange.fr", KEY)
