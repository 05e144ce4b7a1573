"""What lanes are fed with: deliveries leased in batches ahead of their need, their messages built, leases given back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from composer.engine.attempts import BuildMessage, Doors, Job
from composer.engine.hand import Hand
from composer.engine.pacing import Pacing
from composer.engine.scribe import Scribe
from composer.errors import HebdoError
from composer.model.mailing import Mailing, Outcome, Recipient, Stage

_log = logging.getLogger(__name__)

LEASE_S = 900.0  # longer than any batch and the longest wait for a reply
LOOK_S = 0.25  # how often an idle sender looks for work
_NAP_S = 0.005  # the shortest wait for a limit
_BATCH = 25  # deliveries claimed at once, per connection
_LEAST = 200  # and at least: a claim costs the same few statements for a few as for many
_RUN = (
    50  # messages built in one go: several in a row cost a third of as many one by one between other work, and the loop must not wait long
)


class Supply:
    """Jobs for the lanes of one sender."""

    def __init__(self, doors: Doors, scribe: Scribe, pacing: Pacing, *, worker: str, connections: int) -> None:
        self._doors = doors
        self._scribe = scribe
        self._pacing = pacing
        self._worker = worker
        self._batch = pacing.batch(max(_LEAST, _BATCH * connections))
        self._few = min(connections, self._batch // 2)  # that wait for their mailing's rate: as many as it lets go in the next seconds
        self._low = max(self._few, self._batch // 4)  # so many jobs left: time to fetch more
        self._hand = Hand(pacing)
        self._builders: dict[int, BuildMessage] = {}
        self._fetching: asyncio.Task[None] | None = None
        self._found = False  # whether the last look found something
        self._lease_s = max(LEASE_S, pacing.lease_s)
        self._drops = 0  # how often leases were given back before their turn
        self._look_at = doors.clock()
        self.may_claim: Callable[[], bool] = lambda: True
        self.claimed: Callable[[Mailing], None] = lambda _: None
        self.failed: Callable[[HebdoError | None], None] = lambda _: None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is leased."""
        return self._hand.is_empty

    @property
    def is_resting(self) -> bool:
        """Whether nothing is leased, and the last look found nothing due."""
        return self.is_empty and not self._found and (self._fetching is None or self._fetching.done())

    @property
    def nap_s(self) -> float:
        """How long a lane without work sleeps: until the next look, or until a limit lets something go."""
        return min(LOOK_S, max(_NAP_S, self._hand.ask_at - self._pacing.now_s()))

    async def next(self, now: datetime) -> Job | None:
        """The next delivery with its message; None when there is nothing to do now."""
        job = self.at_hand(now)
        while job is None and self._fetching is not None:
            await asyncio.wait({self._fetching})
            job = self._take()
            if self._hand.free or not self._found:
                break
            if job is None:
                self._fetch()  # all that was found waits for a slow domain: who comes behind it does not
        return job

    def at_hand(self, now: datetime, beside: int = 0) -> Job | None:
        """The same without waiting: None also when more is just being fetched. ``beside`` is the delivery on the wire of the same lane."""
        if not self._pacing.is_open(now):
            if not self.is_empty:
                self.drop_all()
            return None
        if self._hand.free <= self._low and now >= self._look_at:
            self._fetch()
        return self._take(beside)

    def look_now(self, now: datetime) -> None:
        """Do not wait for the next look."""
        self._look_at = now

    def forget(self, mailing_id: int) -> None:
        """A mailing has ended."""
        self._builders.pop(mailing_id, None)

    def drop(self, mailing_id: int) -> None:
        """Give back what is leased of one mailing."""
        self._drops += 1
        self.give_back(self._hand.drop(mailing_id))

    def drop_all(self) -> None:
        """Give back all that is leased."""
        self._drops += 1
        self.give_back(self._hand.drop())

    def give_back(self, delivery_ids: Sequence[int]) -> None:
        """Leases that are not needed any more; at once, also when the loop is about to end."""
        if not delivery_ids:
            return
        self._pacing.dropped(delivery_ids)
        try:
            self._doors.ledger.release(delivery_ids, worker=self._worker)
        except HebdoError as error:
            _log.warning("cannot release, the leases run out by themselves: %s", error)

    def _take(self, beside: int = 0) -> Job | None:
        job = self._hand.take(beside)
        if waits := self._hand.postponed():
            self._postpone(waits)
        if job is None or job.message is None or not self._pacing.has_relays:
            return job
        return replace(job, message=replace(job.message, relay=self._pacing.relay_of(job.recipient.delivery_id)))

    def _postpone(self, waits: Sequence[tuple[int, float]]) -> None:
        """Their turn is further off than a lease is worth. Nobody waits for the writing: a lease that is not given back runs out by itself."""
        moments = [(delivery_id, self._pacing.moment(at_s)) for delivery_id, at_s in waits]
        now = self._doors.clock()
        written = self._scribe.ask(lambda: self._doors.ledger.postpone(moments, worker=self._worker, now=now))
        written.add_done_callback(_note_postponed)

    # -- claiming -------------------------------------------------------------------------------------------------------------------------

    def _fetch(self) -> asyncio.Task[None]:
        if self._fetching is None or self._fetching.done():
            if self._fetching is not None:
                self._fetching.result()  # what nobody foresaw ends the sender
            self._fetching = asyncio.ensure_future(self._fill())
        return self._fetching

    async def _fill(self) -> None:
        drops, found = self._drops, 0
        try:
            if self.may_claim() and self._pacing.is_open(self._doors.clock()):
                found = await self._claim(drops)
            self.failed(None)
        except HebdoError as error:
            self.failed(error)
            _log.warning("cannot claim: %s", error)
        if not found:
            self._look_at = self._doors.clock() + timedelta(seconds=LOOK_S)
        self._found = bool(found)

    async def _claim(self, drops: int) -> int:
        """Lease a batch and have its messages built; gives how many."""
        now = self._doors.clock()
        for mailing in await self._scribe.ask(lambda: self._doors.ledger.running_mailings(now=now)):
            if self._hand.parked(mailing.id) > self._few:
                continue
            if mailing.id not in self._builders and not self._make_ready(mailing, now):
                continue
            leased = await self._scribe.ask(self._claiming(mailing, now))
            if leased and drops == self._drops:
                self.claimed(mailing)
            if leased:
                return await self._build(mailing, self._builders[mailing.id], leased, drops)
        return 0

    async def _build(self, mailing: Mailing, builder: BuildMessage, leased: Sequence[Recipient], drops: int) -> int:
        """Build a run of messages, then the next; what is left is given back when leases are dropped, and when we are broken off."""
        built = 0
        try:
            while built < len(leased) and drops == self._drops:
                run = leased[built : built + _RUN]
                if self._doors.builds_apart:
                    jobs = await asyncio.to_thread(self._build_run, mailing, builder, run)
                else:
                    jobs = self._build_run(mailing, builder, run)
                    await asyncio.sleep(0)
                if drops == self._drops:
                    self._hand.add(jobs)
                    built += len(jobs)
        finally:
            self.give_back([recipient.delivery_id for recipient in leased[built:]])
        return built

    def _build_run(self, mailing: Mailing, builder: BuildMessage, run: Sequence[Recipient]) -> list[Job]:
        return [self._build_one(mailing, builder, recipient) for recipient in run]

    def _build_one(self, mailing: Mailing, builder: BuildMessage, recipient: Recipient) -> Job:
        try:
            return Job(mailing, recipient, builder(recipient))
        except HebdoError as error:
            # This reader's own values: the others go on.
            return Job(mailing, recipient, None, Outcome(stage=Stage.DATA, reply=error.sentence(self._doors.language)[:500]))

    def _claiming(self, mailing: Mailing, now: datetime) -> Callable[[], Sequence[Recipient]]:
        ledger = self._doors.ledger
        return lambda: ledger.claim(mailing.id, worker=self._worker, limit=self._batch, lease_s=self._lease_s, now=now)

    def _make_ready(self, mailing: Mailing, now: datetime) -> bool:
        """Compile the mailing's edition; one that cannot be compiled waits for a person."""
        try:
            self._builders[mailing.id] = self._doors.prepare(mailing)
        except HebdoError as error:
            self._doors.ledger.hold(mailing.id, reason=error.sentence(self._doors.language), now=now)
            return False
        self._pacing.begin()
        return True


def _note_postponed(written: asyncio.Future[None]) -> None:
    if not written.cancelled() and (error := written.exception()) is not None:
        _log.warning("cannot postpone, the leases run out by themselves: %s", error)
