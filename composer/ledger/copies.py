"""Copies of a ledger: taken while it is written to, marked as what they are, and looked at before anybody trusts them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from composer.errors import LedgerError
from composer.ledger.patience import NOTICE_S, Patience
from composer.ledger.trouble import told
from composer.words import Words

BACKUP = "backup:"  # a place that is nowhere: what bears it sends nothing until it is claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """A mailing that was not over when the ledger was looked at."""

    issue_id: str
    state: str  # scheduled, held, running, paused
    waiting: int  # deliveries pending or deferred
    on_the_wire: int  # deliveries submitting


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFacts:
    """What a sound ledger holds."""

    revision: str  # of its schema
    rows: tuple[tuple[str, int], ...]  # table → rows, by name
    moving: tuple[Moving, ...]
    taken_at: datetime | None  # when it is a backup: the moment after which it knows nothing


def copy_ledger(source: Path, target: Path, *, patience: Patience = Patience()) -> None:  # noqa: B008 - a frozen value
    """One consistent moment of ``source`` as a file of its own, readable by its owner alone; whoever writes meanwhile waits for nobody.

    Rows that were deleted are not in it. Raises LedgerError and FolderError; then there is no ``target``.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with told(target), closing(sqlite3.connect(source, timeout=NOTICE_S, isolation_level=None)) as connection:
            # One statement is one snapshot (WAL), however long it takes; the backup API starts anew at each write of another process.
            patience.execute(connection, f"VACUUM INTO '{_quoted(target)}'")
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def mark_as_backup(path: Path, *, taken_at: datetime) -> None:
    """Takes the copy's home away and says when it was taken, in the ledger itself; a copy of a backup keeps the first moment.

    The signs of life of its clocks go: no engine runs on a copy.
    """
    moment = taken_at.astimezone(UTC).isoformat(timespec="seconds")
    with told(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("DELETE FROM heartbeats")
        connection.execute(
            "INSERT OR IGNORE INTO home (id, place, claimed_at, turns) VALUES (1, '', ?, 0)",
            (taken_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),),
        )
        connection.execute(
            "UPDATE home SET place = ? || '|' || place WHERE substr(place, 1, ?) <> ?", (f"{BACKUP}{moment}", len(BACKUP), BACKUP)
        )


def taken_at_of(place: str) -> datetime | None:
    """When the backup was taken whose ledger gives ``place`` as its home; None for the home of a ledger that is none."""
    if not place.startswith(BACKUP):
        return None
    return moment_of(place[len(BACKUP) :].partition("|")[0]) or datetime.min.replace(tzinfo=UTC)


def moment_of(written: str) -> datetime | None:
    """A moment that a backup tells, in UTC; None for one that is none, or that no clock can show (year 1 in a zone east of here)."""
    try:
        moment = datetime.fromisoformat(written)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def check_copy(path: Path, *, whole: bool = True) -> LedgerFacts:
    """What a ledger that nobody uses holds; raises LedgerError unless it is ours, holds rows only, and is ``whole`` to its last page."""
    with told(path), _looking(path) as connection:
        revision = _revision(connection, path)
        strangers = connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view') LIMIT 1").fetchone()
        if strangers:  # a statement of ours could start somebody else's
            raise _unsound(path, f"{strangers[0]}: trigger, view")
        for check in ("PRAGMA integrity_check(1)", "PRAGMA foreign_key_check") if whole else ():
            found = connection.execute(check).fetchone()
            if found and found[0] != "ok":
                raise _unsound(path, str(found[0]))
        return LedgerFacts(
            revision=revision,
            rows=tuple((name, _count(connection, name)) for name in _tables(connection)),
            moving=_moving(connection),
            taken_at=_taken_at(connection),
        )


@contextmanager
def _looking(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, isolation_level=None)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection


def _revision(connection: sqlite3.Connection, path: Path) -> str:
    if "alembic_version" in _tables(connection):
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if row and {"home", "mailings", "deliveries", "subscribers"} <= set(_tables(connection)):
            return str(row[0])
    raise _unsound(path, "alembic_version")


def _tables(connection: sqlite3.Connection) -> tuple[str, ...]:
    names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    return tuple(str(name) for (name,) in names)


def _count(connection: sqlite3.Connection, table: str) -> int:
    name = table.replace('"', '""')
    return int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - a table's own name, quoted


def _moving(connection: sqlite3.Connection) -> tuple[Moving, ...]:
    rows = connection.execute(
        """SELECT m.issue_id, m.state, count(CASE WHEN d.state IN ('pending', 'deferred') THEN 1 END),
                  count(CASE WHEN d.state = 'submitting' THEN 1 END)
           FROM mailings m LEFT JOIN deliveries d ON d.mailing_id = m.id
           WHERE m.state IN ('scheduled', 'held', 'running', 'paused') GROUP BY m.id ORDER BY m.id"""
    )
    return tuple(Moving(issue_id=issue, state=state, waiting=waiting, on_the_wire=wire) for issue, state, waiting, wire in rows)


def _taken_at(connection: sqlite3.Connection) -> datetime | None:
    row = connection.execute("SELECT place FROM home").fetchone()
    return None if row is None else taken_at_of(str(row[0]))


def _unsound(path: Path, said: str) -> LedgerError:
    return LedgerError(
        Words(fr=f"Ce registre n’est pas intact : {said}.", en=f"This ledger is not whole: {said}."),
        where=str(path),
        hint=Words(
            fr="Prenez une sauvegarde plus ancienne : `hebdo backup --verify FICHIER` dit laquelle est bonne.",
            en="Take an older backup: `hebdo backup --verify FILE` says which one is good.",
        ),
    )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
