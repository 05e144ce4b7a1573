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
from composer.words import Language

_log = logging.getLogger(__name__)

LEASE_S = 900.0  # longer than any batch and the longest wait for a reply
LOOK_S = 0.25  # how often an idle sender looks for work
_NAP_S = 0.005  # the shortest wait for a limit
_BATCH = 25  # deliveries claimed at once, per connection
_MOST = 2_000  # and at most: their messages are in memory
_LEAST = 200  # and at least: a claim costs the same few statements for a few as for many
# Messages built in one go: several in a row cost a third of as many one by one between other work, and the loop must not wait long.
_RUN = 50


class Supply:
    """Jobs for the lanes of one sender."""

    def __init__(self, doors: Doors, scribe: Scribe, pacing: Pacing, *, worker: str, connections: int) -> None:
        self._doors = doors
        self._scribe = scribe
        self._pacing = pacing
        self._worker = worker
        self._batch = pacing.batch(min(max(_LEAST, _BATCH * connections), max(_MOST, 2 * connections)))
        self._few = min(connections, self._batch // 2)  # that wait for their mailing's rate: as many as it lets go in the next seconds
        self._low = max(self._few, self._batch // 4)  # so many jobs left: time to fetch more
        self._hand = Hand(pacing)
        self._builders: dict[int, BuildMessage] = {}
        self._fetching: asyncio.Task[None] | None = None
        self._news: asyncio.Future[None] | None = None  # done when something more is at hand
        self._is_taking_in = False  # something is leased, and not at hand yet
        self._found = False  # whether the last look found something
        self._lease_s = max(LEASE_S, pacing.lease_s)
        self._drops = 0  # how often leases were given back before their turn
        self._look_at = doors.clock()
        self.may_claim: Callable[[], bool] = lambda: True
        self.claimed: Callable[[Mailing], None] = lambda _: None
        self.failed: Callable[[HebdoError | None], None] = lambda _: None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is leased, as far as is known."""
        return self._hand.is_empty and not self._is_taking_in

    @property
    def is_resting(self) -> bool:
        """Whether nothing is leased, and the last look found nothing due."""
        return self.is_empty and not self._found and not self._is_fetching

    @property
    def is_feeding(self) -> bool:
        """Whether something may leave now, or soon: what waits for a limit of its own is not meant."""
        return bool(self._hand.free or self._is_fetching)

    @property
    def _is_fetching(self) -> bool:
        return self._fetching is not None and not self._fetching.done()

    @property
    def nap_s(self) -> float:
        """How long a lane without work sleeps: until the next look, or until a limit lets something go."""
        return min(LOOK_S, max(_NAP_S, self._hand.ask_at - self._pacing.now_s()))

    async def next(self) -> Job | None:
        """The next delivery with its message; None when there is nothing to do now."""
        while (job := self.at_hand(self._doors.clock())) is None:
            if self._fetching is not None and self._is_fetching:
                self._news = self._news or asyncio.get_running_loop().create_future()
                await asyncio.wait({self._fetching, self._news}, return_when=asyncio.FIRST_COMPLETED)
            elif self._found and not self._hand.free:
                self._fetch()  # all that was found waits for a slow domain: who comes behind it does not
            else:
                break
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
        if job is not None and job.message is None and job.failure is None:
            job = self._build_now(job)
        if job is None or job.message is None or not self._pacing.has_relays:
            return job
        return replace(job, message=replace(job.message, relay=self._pacing.relay_of(job.recipient.delivery_id)))

    def _build_now(self, job: Job) -> Job | None:
        build = self._builders.get(job.mailing.id)
        if build is None:
            self.give_back([job.recipient.delivery_id])
            return None
        return _build(job, build, self._doors.language)

    def _postpone(self, waits: Sequence[tuple[int, float]]) -> None:
        """Their turn is further off than a lease is worth. Nobody waits for the writing: a lease that is not given back runs out by itself."""
        moments = [(delivery_id, self._pacing.moment(at_s)) for delivery_id, at_s in waits]
        now = self._doors.clock()
        written = self._scribe.ask(lambda: self._doors.ledger.postpone(moments, worker=self._worker, now=now))
        written.add_done_callback(_note_postponed)

    # -- claiming -------------------------------------------------------------------------------------------------------------------------

    def _fetch(self) -> None:
        if not self._is_fetching:
            if self._fetching is not None:
                self._fetching.result()  # what nobody foresaw ends the sender
            self._fetching = asyncio.ensure_future(self._fill())

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
            build = self._builders[mailing.id]
            leased = await self._scribe.ask(self._claiming(mailing, now))
            if leased:
                if drops == self._drops:
                    self.claimed(mailing)
                return await self._take_in([Job(mailing, recipient) for recipient in leased], build, drops)
        return 0

    async def _take_in(self, leased: Sequence[Job], build: BuildMessage, drops: int) -> int:
        """Have messages built, a run of them and then the next; gives how many came to hand.

        The rest is given back when leases are dropped meanwhile, and when the sender is to claim no more. Where limits let messages leave
        by and by, each is built when its turn has come: its date is that of its departure.
        """
        taken, self._is_taking_in = 0, True
        try:
            while taken < len(leased) and drops == self._drops and self.may_claim():
                run = leased[taken : taken + _RUN]
                jobs = await self._build_run(run, build) if self._pacing.lets_all_go else run
                if drops == self._drops:
                    self._hand.add(jobs)
                    taken += len(jobs)
                    self._tell_news()
        finally:
            self._is_taking_in = False
            self.give_back([job.recipient.delivery_id for job in leased[taken:]])
        return taken

    async def _build_run(self, run: Sequence[Job], build: BuildMessage) -> Sequence[Job]:
        language = self._doors.language
        if self._doors.builds_apart:
            return await asyncio.to_thread(lambda: [_build(job, build, language) for job in run])
        jobs = [_build(job, build, language) for job in run]
        await asyncio.sleep(0)
        return jobs

    def _tell_news(self) -> None:
        news, self._news = self._news, None
        if news is not None:
            news.set_result(None)

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


def _build(job: Job, build: BuildMessage, language: Language) -> Job:
    try:
        return replace(job, message=build(job.recipient))
    except HebdoError as error:
        # This reader's own values: the others go on.
        return replace(job, failure=Outcome(stage=Stage.DATA, reply=error.sentence(language)[:500]))


def _note_postponed(written: asyncio.Future[None]) -> None:
    if not written.cancelled() and (error := written.exception()) is not None:
        _log.warning("cannot postpone, the leases run out by themselves: %s", error)
