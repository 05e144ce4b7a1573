"""Whether the database is whole, asked within a limit of time."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

_STEPS = 20_000  # of SQLite's machine between two looks at the clock


def find_damage(path: Path, *, limit_s: float) -> tuple[str, ...] | None:
    """What SQLite's quick check finds wrong, () for nothing; None when it did not end in time, or the database is busy. Writes nothing."""
    until = time.monotonic() + limit_s
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1.0)) as connection:
            connection.set_progress_handler(lambda: int(time.monotonic() > until), _STEPS)
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(5)")]
    except sqlite3.OperationalError:
        return None  # interrupted by us, or locked
    except sqlite3.DatabaseError as error:
        return (str(error),)
    return () if found == ["ok"] else tuple(found)
