"""The attempts of a sender, written down for who asks later: a line each, without the reader's address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

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


class AttemptRecord:
    """Lines go to ``var/log`` in the order in which the ledger wrote their outcomes."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._key: bytes | None = None
        wanted = workspace.newsletter.log
        self._log = AttemptLog(workspace.var_path, days=wanted.attempts_days, most_bytes=wanted.attempts_mb * 1_000_000, say=self._say)

    @property
    def missing(self) -> int:
        """Lines that could not be written."""
        return self._log.missing

    def add(self, ended: Sequence[Ended], *, now: datetime) -> None:
        """Write a line for each; a key that cannot be read makes them missing."""
        try:
            self._key = self._key or reader_key(self._workspace)
        except HebdoError:  # the mailing's edition needs the same key, and says so
            self._log.missing += len(ended)
            return
        if lines := attempt_lines(ended, key=self._key, at=now):
            self._log.write(lines, now=now)

    def close(self) -> None:
        """End it."""
        self._log.close()

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
