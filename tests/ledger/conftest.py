from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from composer.deliver.choose import AudienceRule
from composer.ledger import Ledger, open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.model.mailing import Mailing

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
RULE = AudienceRule(issue_id="2026-11-26-puces")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "var" / "hebdo.sqlite", now=NOON) as opened:
        yield opened


@pytest.fixture
def people(ledger: Ledger) -> Callable[[int], None]:
    def add(count: int) -> None:
        new = [NewSubscriber(email=f"lecteur{n}@exemple.fr", email_key=f"lecteur{n}@exemple.fr", name=f"Lecteur {n}") for n in range(count)]
        ledger.subscribers.add_all(new, now=NOON)

    return add


@pytest.fixture
def launched(ledger: Ledger, people: Callable[[int], None]) -> Callable[[int], Mailing]:
    def launch(count: int) -> Mailing:
        people(count)
        mailing = ledger.mailings.add(issue_id=RULE.issue_id, digest="d" * 64, due_at=NOON, now=NOON)
        assert mailing
        started = ledger.mailings.launch(mailing.id, rule=RULE, worker="w", message_domain="exemple.fr", now=NOON)
        assert started
        ledger.mailings.receipted(mailing.id, now=NOON)
        return started

    return launch
