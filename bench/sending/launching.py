"""The launch: Hebdo's own, audience frozen and all, against the bare INSERT … SELECT of as many rows by sqlite3.

Both on a fresh copy of one ledger full of subscribers, same tables and indexes, WAL and synchronous FULL, one after the other.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench.kit.letters import ISSUE
from bench.kit.rows import Row, held, measured
from composer.deliver.choose import AudienceRule
from composer.ledger import open_ledger

BAR = 1.5
_PEOPLE = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
INSERT INTO subscribers (email, email_key, token, created_at)
SELECT 'r' || i || '@d' || (i % 70) || '.exemple.org', 'r' || i || '@d' || (i % 70) || '.exemple.org', lower(hex(randomblob(16))), ? FROM n
"""
_BARE = """
INSERT INTO deliveries (mailing_id, subscriber_id, email, email_key, message_key, state, retry_at, due_at, updated_at)
SELECT ?, id, email, email_key, lower(hex(randomblob(16))), 'pending', ?, ?, ? FROM subscribers
"""


def launched(folder: Path, recipients: int, rounds: int, told: Callable[[str], None]) -> list[Row]:
    base, mailing_id = _base(folder, recipients)
    ours: list[float] = []
    bare: list[float] = []
    for turn in range(rounds):
        pair = [(ours, _launch), (bare, _insert)]
        for times, way in pair if turn % 2 == 0 else reversed(pair):
            times.append(_on_a_copy(base, way, mailing_id, recipients))
        told(f"launch of {recipients:,}, round {turn + 1}")
    base.unlink()
    rows = [measured(f"launch of {recipients:,} recipients", ours, "s"), measured("the bare INSERT … SELECT", bare, "s")]
    ratios = [one / other for one, other in zip(ours, bare, strict=True)]
    rows.append(measured("launched per second", [recipients / one for one in ours], "rows/s", digits=0))
    rows.append(held("launch ÷ bare INSERT … SELECT", ratios, "", "≤", BAR))
    return rows


def _base(folder: Path, recipients: int) -> tuple[Path, int]:
    path, now = folder / "base.sqlite", datetime.now(UTC)
    with open_ledger(path) as ledger:
        mailing = ledger.mailings.add(issue_id=ISSUE, digest="d" * 64, due_at=now, now=now)
    assert mailing
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(_PEOPLE, (recipients, _stamp(now)))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path, mailing.id


def _on_a_copy(base: Path, way: Callable[[Path, int], tuple[float, int]], mailing_id: int, recipients: int) -> float:
    folder = base.parent / "copie"
    folder.mkdir()
    path = folder / "ledger.sqlite"
    shutil.copyfile(base, path)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    taken, rows = way(path, mailing_id)
    assert rows == recipients, (rows, recipients)
    shutil.rmtree(folder)
    return taken


def _launch(path: Path, mailing_id: int) -> tuple[float, int]:
    now, rule = datetime.now(UTC), AudienceRule(issue_id=ISSUE)
    with open_ledger(path) as ledger:
        start = time.perf_counter()
        mailing = ledger.mailings.launch(mailing_id, rule=rule, worker="bench", message_domain="exemple.fr", now=now)
        taken = time.perf_counter() - start
    assert mailing
    return taken, mailing.audience or 0


def _insert(path: Path, mailing_id: int) -> tuple[float, int]:
    connection, now = sqlite3.connect(path, isolation_level=None), _stamp(datetime.now(UTC))
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    start = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    rows = connection.execute(_BARE, (mailing_id, now, now, now)).rowcount
    connection.execute("COMMIT")
    taken = time.perf_counter() - start
    connection.close()
    return taken, rows


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
