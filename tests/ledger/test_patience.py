"""A ledger that another program holds: who only looks does not wait, who writes says that it waits, and gives up in time."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator

import pytest

from composer.errors import LedgerError
from composer.ledger import Ledger, open_ledger
from composer.ledger.patience import Patience


@pytest.fixture
def thief(ledger: Ledger) -> Iterator[sqlite3.Connection]:
    """Another program that has the pen and does not put it down."""
    other = sqlite3.connect(ledger.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    yield other
    other.close()


def test_who_only_looks_opens_at_once(ledger: Ledger, thief: sqlite3.Connection) -> None:
    assert thief.in_transaction
    began = time.monotonic()
    with open_ledger(ledger.path, patience=Patience(limit_s=0.0)) as again:
        assert again.mailings.in_states() == ()
    assert time.monotonic() - began < 0.9


def test_who_writes_tells_that_it_waits_then_gives_up(ledger: Ledger, thief: sqlite3.Connection) -> None:
    assert thief.in_transaction
    told: list[float] = []
    began = time.monotonic()
    with open_ledger(ledger.path, patience=Patience(limit_s=1.5, waiting=lambda: told.append(time.monotonic()))) as again:
        with pytest.raises(LedgerError) as refused:
            again.clocks.end("nobody")
        assert len(told) == 1
        assert 0.8 < told[0] - began < 1.9
        assert refused.value.exit_code == 6
        assert refused.value.hint is not None
        thief.execute("ROLLBACK")
        again.clocks.end("nobody")  # the connection is as good as before


def test_a_short_wait_is_nobodys_business(ledger: Ledger, thief: sqlite3.Connection) -> None:
    told: list[str] = []
    release = threading.Timer(0.2, lambda: thief.execute("ROLLBACK"))
    release.start()
    with open_ledger(ledger.path, patience=Patience(limit_s=10.0, waiting=lambda: told.append("waiting"))) as again:
        again.clocks.end("nobody")
    release.join()
    assert told == []
