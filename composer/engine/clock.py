"""The clock: wakes a callable each second. It decides nothing; whoever is woken asks the ledger what is due."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

_log = logging.getLogger(__name__)


class Clock:
    """Calls ``tick`` every ``every_s`` seconds on a thread of its own, never twice at once; a failing tick is logged and the next one comes."""

    def __init__(self, tick: Callable[[], None], *, every_s: float = 1.0) -> None:
        self._tick = tick
        # A tick that takes long swallows the ones it misses; APScheduler would warn about each.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        # UTC: an interval on a local clock stumbles over the night when the hour changes.
        self._scheduler = BackgroundScheduler(timezone="UTC", daemon=True)
        self._scheduler.add_job(self._wake, "interval", seconds=every_s, max_instances=1, coalesce=True, misfire_grace_time=None, id="tick")

    def start(self) -> None:
        """Begin; the first tick comes at once."""
        self._scheduler.start()
        self._scheduler.modify_job("tick", next_run_time=_now())

    def stop(self) -> None:
        """No further tick; waits for the one that runs."""
        self._scheduler.shutdown(wait=True)

    def _wake(self) -> None:
        try:
            self._tick()
        except Exception:  # noqa: BLE001 - see below
            # The clock must outlive whatever goes wrong in one second: a full disk, a locked database.
            _log.exception("the tick failed; the next one tries again")


def _now() -> datetime:
    return datetime.now(UTC)
