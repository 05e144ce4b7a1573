"""What stays up writes one line per event on stderr: under journald with its priority and without a time, elsewhere with the time."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Mapping

REPEAT_S = 60.0  # one and the same trouble, each second, is one line a minute
_PRIORITIES = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (0, 7))  # of syslog, as sd-daemon(3) wants them before a line


def log_events() -> None:
    """From here on, everything that is logged stands on stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line(in_journal=is_journal(os.environ)))
    handler.addFilter(_Repeats())
    root = logging.getLogger()
    root.addHandler(handler)
    logging.getLogger("composer").setLevel(logging.INFO)


def is_journal(environ: Mapping[str, str]) -> bool:
    """Whether stderr leads to journald (systemd.exec(5), JOURNAL_STREAM)."""
    try:
        status = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


class _Line(logging.Formatter):
    def __init__(self, *, in_journal: bool) -> None:
        super().__init__()
        self._in_journal = in_journal

    def format(self, record: logging.LogRecord) -> str:
        words = " ".join(record.getMessage().split())
        if record.exc_info and record.exc_info[1] is not None:
            words += f": {' '.join(str(record.exc_info[1]).split()) or type(record.exc_info[1]).__name__}"
        if self._in_journal:
            return f"<{next(number for level, number in _PRIORITIES if record.levelno >= level)}>{words}"
        return f"{time.strftime('%Y-%m-%dT%H:%M:%S%z', time.localtime(record.created))} {words}"


class _Repeats(logging.Filter):
    """Lets the same words pass once a minute, with how often they were said meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        words, now = record.getMessage(), time.monotonic()
        at, times = self._said.get(words, (-REPEAT_S, 0))
        if now - at < REPEAT_S:
            self._said[words] = (at, times + 1)
            return False
        self._said = {said: one for said, one in self._said.items() if now - one[0] < 2 * REPEAT_S} | {words: (now, 0)}
        if times:
            record.msg, record.args = f"{words} (+{times})", ()
        return True
