"""``left.log`` beside the ledger: one line for each person who left, so that a backup put back can learn what it does not know.

    2026-11-22T13:58:03+00:00 left 3f0a…   (SHA-256 of the token in the person's mails)

The token has 128 random bits, so its hash names nobody to who has not the ledger: the file may be copied to another machine every minute.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

_log = logging.getLogger(__name__)

NAME = "left.log"
_LINE = re.compile(r"\bleft ([0-9a-f]{64})\b")
# A web server's own log, as nginx, Apache or Caddy write it: who posted to this address pressed the button (RFC 8058).
_POST = re.compile(r"""POST\s+\S*?/u/([\w-]{16,43})(?![\w-])|"POST".*?"uri":\s*"[^"]*?/u/([\w-]{16,43})(?![\w-])""")


class LeftLog:
    """The file; only ever written at its end."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, token: str, *, now: datetime) -> None:
        """One line, on the disk before this returns. A disk that refuses keeps nobody from leaving: the ledger says it as well."""
        line = f"{now.astimezone(UTC).isoformat(timespec='seconds')} left {hash_token(token)}\n"
        try:
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, line.encode("ascii"))
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            _log.warning("%s: %s", self.path, error.strerror)


def hash_token(token: str) -> str:
    """How a person stands in the log."""
    return hashlib.sha256(token.encode()).hexdigest()


def read_left(lines: Iterable[str]) -> frozenset[str]:
    """The hashes of all who left, by ``left.log`` or by a web server's own log."""
    found: set[str] = set()
    for line in lines:
        found.update(match[1] for match in _LINE.finditer(line))
        found.update(hash_token(match[1] or match[2]) for match in _POST.finditer(line))
    return frozenset(found)
