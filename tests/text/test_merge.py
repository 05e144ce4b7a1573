from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.errors import MergeError
from composer.text.escape import escape_attribute
from composer.text.merge import (
    FIELD_NAMES,
    MergeField,
    close_fields,
    derive_prefix,
    field_token,
    find_fields,
    first_name,
    mask_email,
    split_tokens,
    unknown_fields,
)

FIELD = st.builds(MergeField, name=st.sampled_from(FIELD_NAMES), fallback=st.one_of(st.none(), st.text(max_size=8)), in_url=st.booleans())
WORDS = st.text(st.sampled_from(list("ab-z0 %|é\u00a0👩\u200d<&\"'\n")), min_size=1, max_size=8)


@given(st.lists(st.one_of(WORDS, FIELD), max_size=6))
def test_tokens_are_found_again_whatever_stands_beside_them(parts):
    prefix = derive_prefix(part for part in parts if isinstance(part, str))
    written = "".join(part if isinstance(part, str) else field_token(prefix, part) for part in parts)
    found = split_tokens(written, prefix)
    assert [part for part in found if isinstance(part, MergeField)] == [part for part in parts if isinstance(part, MergeField)]
    assert "".join(part for part in found if isinstance(part, str)) == "".join(part for part in parts if isinstance(part, str))


@given(FIELD)
def test_a_token_is_plain_ascii_that_no_encoding_touches(field):
    token = field_token("hf00", field)
    assert token.isascii()
    assert token.replace("-", "").isalnum()


@given(WORDS)
def test_a_prefix_occurs_in_no_content(words):
    assert derive_prefix([words]) not in words
    assert derive_prefix([derive_prefix([words])]) != derive_prefix([words])


def test_authors_write_fields_in_french_and_english():
    assert find_fields("Bonjour %prenom|lecteur%, %EMAIL% !") == [
        "Bonjour ",
        MergeField(name="first_name", fallback="lecteur"),
        ", ",
        MergeField(name="email"),
        " !",
    ]


@pytest.mark.parametrize(
    ("typed", "read"), [("50 % des 20 %", "50 % des 20 %"), ("100%%", "100%"), ("%inconnu%", "%inconnu%"), ("%%prenom%%", "%prenom%")]
)
def test_percent_signs_stay_percent_signs(typed, read):
    assert find_fields(typed) == [read]


def test_a_field_that_nobody_fills_is_named():
    assert [name for _, name in unknown_fields("à %surnom% et %prenom%")] == ["%surnom%"]


def test_a_value_is_escaped_for_its_place():
    text = f"{field_token('p', MergeField(name='name'))} {field_token('p', MergeField(name='email', in_url=True))}"
    closed = close_fields(text, "p", {"name": '<b>"A&B', "email": "a+b@c.fr"}, escape=escape_attribute)
    assert closed == "&lt;b&gt;&quot;A&amp;B a%2Bb%40c.fr"


def test_a_hole_is_refused_and_a_fallback_fills_it():
    assert close_fields(field_token("p", MergeField(name="first_name", fallback="vous")), "p", {}) == "vous"
    with pytest.raises(MergeError):
        close_fields(field_token("p", MergeField(name="first_name")), "p", {"first_name": ""})


@given(st.text(max_size=10))
def test_a_value_that_looks_like_a_token_is_only_data(value):
    token = field_token("p", MergeField(name="name"))
    assert close_fields(token, "p", {"name": token + value}) == token + value


@pytest.mark.parametrize(
    ("name", "first"), [("Claire Dupont", "Claire"), ("DUPONT Claire", "Claire"), ("", ""), ("Élise", "Élise"), ("X Y", "X")]
)
def test_the_given_name_is_taken_from_the_name(name, first):
    assert first_name(name) == first


def test_a_column_of_given_names_wins():
    assert first_name("Dupont", [("Prénom", "Claire")]) == "Claire"


def test_a_masked_address_gives_nothing_away():
    assert mask_email("claire.dupont@exemple.fr") == "c…\u2060@exemple.fr"
