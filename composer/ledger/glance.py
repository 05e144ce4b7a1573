"""A look at a ledger from outside: when its clock was last seen and what leaves next. Never writes, never makes, never waits long."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from composer.ledger.trouble import told

_PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a ledger says of its engine."""

    seen_at: datetime | None = None  # the last sign of life of any clock; None: none runs
    issue_id: str = ""  # what leaves next; "": nothing is scheduled
    due_at: datetime | None = None


def glance(path: Path) -> Glance:
    """A look at the ledger at ``path``. Raises LedgerError and FolderError when there is none, or none that can be read."""
    with told(path), closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_S)) as connection:
        seen = connection.execute("SELECT max(seen_at) FROM heartbeats").fetchone()
        upcoming = connection.execute(
            "SELECT issue_id, due_at FROM mailings WHERE state = 'scheduled' ORDER BY due_at, id LIMIT 1"
        ).fetchone()
    return Glance(seen_at=_instant(seen[0]), issue_id=upcoming[0] if upcoming else "", due_at=_instant(upcoming[1]) if upcoming else None)


def _instant(stored: str | None) -> datetime | None:
    """As composer.ledger.tables.Instant writes it: UTC, without offset."""
    return None if stored is None else datetime.fromisoformat(stored).replace(tzinfo=UTC)
