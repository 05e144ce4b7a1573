"""The clock: wakes a callable each second. It decides nothing; whoever is woken asks the ledger what is due."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

_log = logging.getLogger(__name__)

FELT = timedelta(seconds=2)  # time servers mend less than this every day


class _Beat(BaseTrigger):  # type: ignore[misc] # APScheduler has no types
    """Each beat is reckoned from now: APScheduler's interval would count every second missed by a clock that starts in 1970 and is then set."""

    def __init__(self, every_s: float) -> None:
        self._every = timedelta(seconds=every_s)

    def get_next_fire_time(self, _previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now + self._every


class Clock:
    """Calls ``tick`` every ``every_s`` seconds on a thread of its own, never twice at once; a failing tick is logged and the next one comes.

    A wall clock that jumps, forwards or back, does not stop it.
    """

    def __init__(self, tick: Callable[[], None], *, every_s: float = 1.0) -> None:
        self._tick = tick
        self._every_s = every_s
        self._beaten_at = time.monotonic()
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._keep_beating, name="hebdo-clock-watch", daemon=True)
        # A tick that takes long swallows the ones it misses; APScheduler would warn about each.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        # UTC: an interval on a local clock stumbles over the night when the hour changes.
        self._scheduler = BackgroundScheduler(timezone="UTC", daemon=True)
        self._scheduler.add_job(self._wake, _Beat(every_s), max_instances=1, coalesce=True, misfire_grace_time=None, id="tick")

    @property
    def silent_s(self) -> float:
        """How long ago the last tick ended, well or not; a tick that hangs lets it grow."""
        return time.monotonic() - self._beaten_at

    def start(self) -> None:
        """Begin; the first tick comes at once."""
        self._scheduler.start()
        self._scheduler.modify_job("tick", next_run_time=_now())
        self._watch.start()

    def stop(self) -> None:
        """No further tick; waits for the one that runs."""
        self._ended.set()
        if self._watch.is_alive():
            self._watch.join()
        self._scheduler.shutdown(wait=True)

    def _keep_beating(self) -> None:
        """APScheduler reckons on the wall clock: put back by a day, it would sleep for a day. This wait does not look at that clock."""
        while not self._ended.wait(self._every_s):
            with contextlib.suppress(JobLookupError):  # it is being shut down
                job = self._scheduler.get_job("tick")
                if job is not None and job.next_run_time - _now() > timedelta(seconds=2 * self._every_s):
                    self._scheduler.modify_job("tick", next_run_time=_now())

    def _wake(self) -> None:
        try:
            self._tick()
        except Exception:  # noqa: BLE001 - see below
            # The clock must outlive whatever goes wrong in one second: a full disk, a locked database.
            _log.exception("the tick failed; the next one tries again")
        finally:
            self._beaten_at = time.monotonic()


class JumpWatch:
    """Notices a wall clock that was put back, by one that only goes on."""

    def __init__(self, wall: Callable[[], datetime], *, steady: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._steady = steady
        self._seen = (wall(), steady())

    def look(self) -> timedelta:
        """How far the wall clock was put back since the last look; zero for less than ``FELT`` and for a leap forwards."""
        before, now = self._seen, (self._wall(), self._steady())
        self._seen = now
        lost = timedelta(seconds=now[1] - before[1]) - (now[0] - before[0])
        return lost if lost >= FELT else timedelta()


def _now() -> datetime:
    return datetime.now(UTC)
