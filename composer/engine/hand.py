"""The deliveries that a sender has leased, in the order in which they may leave: nobody waits behind a slow domain or another mailing."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from composer.engine.attempts import Job
from composer.engine.pacing import Pacing

KEEP_S = 30.0  # whose turn is further off goes back to the ledger until then


class Hand:
    """What is leased; of one event loop."""

    def __init__(self, pacing: Pacing) -> None:
        self._pacing = pacing
        self._jobs: deque[Job] = deque()
        self._parks: dict[int | str, deque[Job]] = {}  # who waits for a mailing's rate, by its id, or for a domain, by its name
        self._postponed: list[tuple[int, float]] = []  # delivery → the second at which it should come back
        self.ask_at = math.inf  # when something that waits may leave; seconds

    @property
    def free(self) -> int:
        """How many wait for nothing of their own."""
        return len(self._jobs)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is leased."""
        return not self._jobs and not self._parks and not self._postponed

    def parked(self, mailing_id: int) -> int:
        """How many wait for the rate of their mailing."""
        return len(self._parks.get(mailing_id, ()))

    def add(self, jobs: Iterable[Job]) -> None:
        """Leased a moment ago."""
        self._jobs.extend(jobs)

    def take(self, beside: int) -> Job | None:
        """One that may leave now, and counts as leaving, on the lane of the delivery ``beside``; or None."""
        if self._pacing.is_free and not self._parks:
            return self._jobs.popleft() if self._jobs else None
        now_s = self._pacing.now_s()
        self.ask_at = self._pacing.all_at(now_s) or math.inf
        if self.ask_at < math.inf:
            return None
        job = self._parked_one(now_s) or self._free_one(now_s)
        if job is not None and (again_s := self._pacing.took(job, beside, now_s)):
            self._jobs.appendleft(job)
            self.ask_at = again_s
            return None
        return job

    def drop(self, mailing_id: int | None = None) -> list[int]:
        """Forget what is leased, of one mailing or of all; gives their ids."""
        jobs = [*self._jobs, *(job for park in self._parks.values() for job in park)]
        kept = [job for job in jobs if mailing_id is not None and job.mailing.id != mailing_id]
        dropped = [job.recipient.delivery_id for job in jobs if mailing_id is None or job.mailing.id == mailing_id]
        self._jobs, self._parks, self.ask_at = deque(kept), {}, math.inf
        return dropped if mailing_id is not None else [*dropped, *(id_ for id_, _ in self.postponed())]

    def postponed(self) -> list[tuple[int, float]]:
        """Who is to go back to the ledger, and until when; each is said once."""
        found, self._postponed = self._postponed, []
        return found

    def _parked_one(self, now_s: float) -> Job | None:
        for key, park in tuple(self._parks.items()):
            job = self._first_of(park, key, now_s)
            if not park:
                del self._parks[key]
            if job is not None:
                return job
        return None

    def _first_of(self, park: deque[Job], key: int | str, now_s: float) -> Job | None:
        """The first one of a park, when it may leave; who waits for something else by now waits there."""
        while park:
            reason, at_s = self._pacing.own_wait(park[0], now_s)
            if not at_s:
                return park.popleft()
            if reason == key and (isinstance(key, int) or at_s - now_s <= KEEP_S):
                self.ask_at = min(self.ask_at, at_s)
                break
            self._set_aside(park.popleft(), reason, at_s, now_s)
        return None

    def _free_one(self, now_s: float) -> Job | None:
        while self._jobs:
            job = self._jobs.popleft()
            key, at_s = self._pacing.own_wait(job, now_s)
            if not at_s:
                return job
            self._set_aside(job, key, at_s, now_s)
        return None

    def _set_aside(self, job: Job, key: int | str, at_s: float, now_s: float) -> None:
        park = self._parks.get(key, ())
        if isinstance(key, str) and (at_s - now_s > KEEP_S or len(park) >= self._pacing.room(key, KEEP_S)):
            self._postponed.append((job.recipient.delivery_id, self._pacing.place(key, now_s)))
            return
        # Its message is built anew when its turn has come: the date is that of the departure.
        self._parks.setdefault(key, deque()).append(replace(job, message=None) if job.message is not None else job)
        self.ask_at = min(self.ask_at, at_s)
