"""Who views and proofs are written to, when they name somebody of the list."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from composer.deliver.address import read_address
from composer.errors import NotFound
from composer.ledger import open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.text.addresses import PROOF_TOKEN
from composer.workflow.readers import find_reader, require_reader, sample_reader, typical_reader

AT = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("asked", ["Zoé@Bücher.example", "zoe@BÜCHER.example", "  Zoe <ZOE@xn--bcher-kva.example> "])
def test_an_address_is_found_however_it_is_written(tmp_path: Path, asked: str) -> None:
    written = read_address("zoe@bücher.example")
    assert written
    with open_ledger(tmp_path / "hebdo.db", now=AT) as ledger:
        person = NewSubscriber(email=written.email, email_key=written.key, name="Zoé", fields=(("ville", "Nantes"),))
        ledger.subscribers.add_all([person], now=AT)
        found = find_reader(ledger, asked.replace("Zoé", "Zoe"))
    assert found
    assert (found.name, found.fields) == ("Zoé", (("ville", "Nantes"),))
    assert found.token == PROOF_TOKEN


@pytest.mark.parametrize("asked", ["", "personne@exemple.fr", "pas une adresse"])
def test_who_is_not_on_the_list_is_not_found(tmp_path: Path, asked: str) -> None:
    with open_ledger(tmp_path / "hebdo.db", now=AT) as ledger:
        assert find_reader(ledger, asked) is None
        with pytest.raises(NotFound):
            require_reader(ledger, asked)


def test_the_sample_reader_takes_nobody_off_the_list() -> None:
    assert sample_reader(consented_on=date(2026, 3, 3)).token == PROOF_TOKEN


def test_the_sample_reader_has_a_date_where_most_of_the_list_have_one(tmp_path: Path) -> None:
    day = date(2026, 3, 3)
    assert typical_reader(None, day=day).consented_on == day
    with open_ledger(tmp_path / "hebdo.db", now=AT) as ledger:
        assert typical_reader(ledger, day=day).consented_on == day, "nobody is on the list yet"
        undated = [NewSubscriber(email=f"l{n}@exemple.fr", email_key=f"l{n}@exemple.fr") for n in range(2)]
        ledger.subscribers.add_all([*undated, NewSubscriber(email="m@exemple.fr", email_key="m@exemple.fr", consented_on=day)], now=AT)
        assert typical_reader(ledger, day=day).consented_on is None
