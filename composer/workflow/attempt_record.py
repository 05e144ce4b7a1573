"""The attempts of a sender, written down for who asks later: a line each, without the reader's address."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from composer.engine.attempt_lines import attempt_lines
from composer.engine.attempts import Ended
from composer.errors import HebdoError
from composer.words import Words
from composer.workflow.telling import said
from composer.workspace import Workspace
from composer.workspace.attempt_log import AttemptLog, tidy
from composer.workspace.keys import reader_key

_log = logging.getLogger(__name__)

TIDY_S = 3600.0
GATHER_S = 0.25


class AttemptRecord:
    """Lines go to ``var/log`` in the order in which the ledger wrote their outcomes, a quarter of a second's together.

    On a thread of its own: whatever lets go of Python's lock on the scribe's thread, be it one ``write``, makes all lanes wait for it.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._key: bytes | None = None
        wanted = workspace.newsletter.log
        self._log = AttemptLog(workspace.var_path, days=wanted.attempts_days, most_bytes=wanted.attempts_mb * 1_000_000, say=self._say)
        self._waiting: deque[tuple[datetime, Sequence[Ended]]] = deque()
        self._some = threading.Event()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def missing(self) -> int:
        """Lines that could not be written."""
        return self._log.missing

    def add(self, ended: Sequence[Ended], *, now: datetime) -> None:
        """Have a line written for each, soon."""
        self._waiting.append((now, ended))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="hebdo-attempts", daemon=True)
            self._thread.start()
        if not self._some.is_set():
            self._some.set()

    def close(self) -> None:
        """Write what is left, and end it."""
        self._over.set()
        self._some.set()
        if self._thread is not None:
            self._thread.join()
        self._log.close()

    def _work(self) -> None:
        while not self._over.is_set():
            self._some.wait()
            self._over.wait(GATHER_S)
            self._some.clear()
            try:
                self._write()
            except Exception:  # noqa: BLE001 - it is logged, and the next ones are noted
                _log.exception("attempts could not be noted")

    def _write(self) -> None:
        lines, now = [], datetime.now(UTC)
        while self._waiting:
            now, ended = self._waiting.popleft()
            if (key := self._reader_key()) is None:
                self._log.missing += len(ended)
            else:
                lines.append(attempt_lines(ended, key=key, at=now))
        if written := b"".join(lines):
            self._log.write(written, now=now)

    def _reader_key(self) -> bytes | None:
        """None when it cannot be read: the mailing's edition needs the same key, and says so."""
        if self._key is None:
            with contextlib.suppress(HebdoError):
                self._key = reader_key(self._workspace)
        return self._key

    def _say(self, words: Words) -> None:
        _log.warning("%s", said(self._workspace, words))


def attempt_record(workspace: Workspace) -> AttemptRecord | None:
    """None where ``[log] attempts`` says so."""
    return AttemptRecord(workspace) if workspace.newsletter.log.attempts else None


async def tidy_hourly(workspace: Workspace, clock: Callable[[], datetime]) -> None:
    """Delete what has been kept long enough, also where nothing is written any more; until it is cancelled."""
    wanted = workspace.newsletter.log
    while True:
        await asyncio.to_thread(tidy, workspace.var_path, days=wanted.attempts_days, most_bytes=wanted.attempts_mb * 1_000_000, now=clock())
        await asyncio.sleep(TIDY_S)
