"""``var/log/attempts.jsonl``: a line for each attempt, turned over each day and at 32 MB, kept for so many days and megabytes.

    var/log/attempts.jsonl                      today's
    var/log/attempts-20261126T070312-000.jsonl  earlier ones, by the second in which they were turned over (UTC)

Written by the sender alone, read by anybody who may read the ledger. Nothing here ever keeps a mailing from leaving: what cannot be written
is missing, which is said once.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from composer.text.system import words_of
from composer.words import Words

FOLDER = "log"  # of var
NAME = "attempts.jsonl"
TURN_BYTES = 32_000_000
_EARLIER = re.compile(r"attempts-\d{8}T\d{6}-\d{3,}\.jsonl")


class AttemptLog:
    """The files of one workspace; written by one thread."""

    def __init__(self, var_path: Path, *, days: int, most_bytes: int, say: Callable[[Words], None]) -> None:
        """``say`` is told once when it cannot be written, and once when it can again."""
        self._folder = var_path / FOLDER
        self._days = days
        self._most_bytes = most_bytes
        self._say = say
        self._handle: int | None = None
        self._size_bytes = 0
        self._day: date | None = None  # that the open file belongs to
        self._trouble: Words | None = None  # why it cannot be written, as it was told
        self.missing = 0  # lines that could not be written, since the start

    def write(self, lines: bytes, *, now: datetime) -> None:
        """One write for all of ``lines``; never raises."""
        try:
            self._make_ready(now.astimezone(UTC).date(), now, len(lines))
            self._append(lines)
        except OSError as error:
            self._fail(lines, error)
        else:
            self._tell(None)

    def close(self) -> None:
        """End it; a later ``write`` opens it again."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _make_ready(self, day: date, now: datetime, coming_bytes: int) -> None:
        """Have a file open that belongs to ``day`` and has room."""
        if self._handle is not None and not os.fstat(self._handle).st_nlink:  # somebody took it away
            self.close()
        if self._handle is None:
            self._open(day)
        if self._size_bytes and (self._day != day or self._size_bytes + coming_bytes > TURN_BYTES):
            self.close()
            (self._folder / NAME).rename(_free_name(self._folder, now))
            self._open(day)
            tidy(self._folder.parent, days=self._days, most_bytes=self._most_bytes, now=now)

    def _open(self, day: date) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._folder / NAME, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        seen = os.fstat(handle)
        self._handle, self._size_bytes = handle, seen.st_size
        self._day = datetime.fromtimestamp(seen.st_mtime, UTC).date() if seen.st_size else day
        if seen.st_size and os.pread(handle, 1, seen.st_size - 1) != b"\n":  # a disk was full in the middle of a line
            self._append(b"\n")

    def _append(self, lines: bytes) -> None:
        assert self._handle is not None  # noqa: S101 - it has just been opened
        written = os.write(self._handle, lines)
        self._size_bytes += written
        if written < len(lines):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _fail(self, lines: bytes, error: OSError) -> None:
        self.missing += lines.count(b"\n")
        with suppress(OSError):
            self.close()
        self._tell(words_of(error))

    def _tell(self, trouble: Words | None) -> None:
        if trouble == self._trouble:
            return
        self._trouble = trouble
        self._say(_MENDED if trouble is None else _broken(trouble))


_MENDED = Words(fr="Le journal des essais s’écrit de nouveau.", en="The log of attempts is written again.")


def _broken(trouble: Words) -> Words:
    return Words(
        fr=f"Le journal des essais ne s’écrit plus (var/log/{NAME} : {trouble.fr}) ; l’envoi continue sans lui.",
        en=f"The log of attempts cannot be written (var/log/{NAME}: {trouble.en}); the mailing goes on without it.",
    )


def tidy(var_path: Path, *, days: int, most_bytes: int, now: datetime) -> None:
    """Delete what is too old, and the oldest of what is too much; never raises, from any thread."""
    oldest, room_bytes = (now - timedelta(days=days)).timestamp(), most_bytes
    for path in reversed(list_files(var_path)):
        with suppress(OSError):
            seen = path.stat()
            room_bytes -= seen.st_size
            if seen.st_mtime < oldest or (room_bytes < 0 and path.name != NAME):
                path.unlink()


def list_files(var_path: Path) -> tuple[Path, ...]:
    """The files that there are, the oldest first."""
    folder = var_path / FOLDER
    earlier = sorted(path for path in folder.glob("attempts-*.jsonl") if _EARLIER.fullmatch(path.name) and not path.is_symlink())
    newest = folder / NAME
    return (*earlier, newest) if newest.is_file() else tuple(earlier)


def read_lines(var_path: Path) -> Iterator[bytes]:
    """Every line of all files, the oldest first, without its end; a file that goes meanwhile is left out."""
    for path in list_files(var_path):
        with suppress(FileNotFoundError), path.open("rb") as lines:
            yield from lines


def _free_name(folder: Path, now: datetime) -> Path:
    names = (folder / f"attempts-{now.astimezone(UTC):%Y%m%dT%H%M%S}-{number:03}.jsonl" for number in count())
    return next(path for path in names if not path.exists())
