"""Another ledger, read for who left: the one of before, when a backup was put back. It is not changed, nor brought to a newer shape."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from composer.errors import LedgerError
from composer.words import Words

HEAD = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Departures:
    """Who is not written to, by another ledger."""

    left: tuple[tuple[str, str], ...]  # normalised address, how they left
    suppressed: tuple[tuple[str, str], ...]  # normalised address, reason
    tokens: frozenset[str]  # of everybody in it: whose ledger it is


def is_ledger(path: Path) -> bool:
    """Whether ``path`` is a database, by its first bytes."""
    with path.open("rb") as file:
        return file.read(len(HEAD)) == HEAD


def read_departures(path: Path) -> Departures:
    """Who left and who is suppressed by the ledger at ``path``, of any shape. Raises LedgerError."""
    try:
        with _opened(path) as connection:
            left = connection.execute("SELECT email_key, left_by FROM subscribers WHERE status <> 'active' ORDER BY id").fetchall()
            suppressed = connection.execute("SELECT email_key, reason FROM suppressions ORDER BY id").fetchall()
            tokens = frozenset(token for (token,) in connection.execute("SELECT token FROM subscribers"))
    except sqlite3.Error as error:
        raise LedgerError(
            Words(fr=f"Ce registre ne se lit pas : {error}.", en=f"This ledger cannot be read: {error}."),
            where=str(path),
            hint=Words(
                fr="Essayez `var/left.log` du même dossier : `hebdo subscribers catch-up …/var/left.log`",
                en="Try `var/left.log` of the same folder: `hebdo subscribers catch-up …/var/left.log`",
            ),
        ) from error
    return Departures(left=tuple(map(tuple, left)), suppressed=tuple(map(tuple, suppressed)), tokens=tokens)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """``path`` for reading; a disk that cannot be written to takes no WAL beside it, so a copy of both is read then."""
    try:
        with closing(_connect(path)) as connection:
            connection.execute("SELECT count(*) FROM subscribers").fetchone()
            yield connection
            return
    except sqlite3.OperationalError as error:
        if "unable to open" not in str(error) and "readonly" not in str(error):
            raise
    with tempfile.TemporaryDirectory(prefix="hebdo-ledger-") as folder:
        for name in (path.name, f"{path.name}-wal"):
            if path.with_name(name).exists():
                shutil.copyfile(path.with_name(name), Path(folder, name))
        with closing(sqlite3.connect(Path(folder, path.name))) as connection:
            yield connection


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5.0)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection
