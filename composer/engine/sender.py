"""The sender's loop: claim, mark, submit, record – the step is written before it is taken.

Each lane writes how its last attempt ended and marks its next one in one transaction, shared with the other lanes that are ready.
A crash at any point leaves at most one *submitting* delivery per connection, which the next start turns into *uncertain*.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from composer.deliver.circuit import Circuit
from composer.deliver.doors import Lane
from composer.deliver.judge import Decision, server_words
from composer.engine.attempts import Doors, Ended, Job, Way
from composer.engine.pacing import Pacing
from composer.engine.scribe import Scribe
from composer.engine.supply import LOOK_S, Supply
from composer.engine.way_out import WayOut
from composer.errors import HebdoError
from composer.model.mailing import DeliveryState, Mailing, Outcome, Stage

_log = logging.getLogger(__name__)

GRACE_S = 4.0  # what a stop gives the messages on the wire
_TAKEN = Decision(state=DeliveryState.SUBMITTED)


class Sender:
    """Sends whatever runs, over ``connections`` at once, until ``stop``; one instance per event loop."""

    def __init__(self, doors: Doors, *, worker: str, connections: int) -> None:
        self._doors = doors
        self._ledger = doors.ledger
        self._connections = max(1, connections)
        self._scribe = Scribe(doors.ledger, worker=worker, clock=doors.clock, lanes=self._connections, written=doors.written)
        self._pacing = Pacing(doors, self._connections)
        self._supply = Supply(doors, self._scribe, self._pacing, worker=worker, connections=self._connections)
        # What is owed is perhaps a hold: until it is written, nothing may follow.
        self._supply.may_claim = lambda: not self._owed and not self._stopping.is_set()
        self._supply.claimed = self._begin_anew
        self._supply.failed = self._note_failure
        self._out = WayOut(self._connections, now=doors.clock())
        self._busy = 0
        self._owed: deque[Callable[[], object]] = deque()  # what the ledger could not take yet, in order
        self._circuits: dict[int, Circuit] = {}
        self._held: set[int] = set()  # mailings that we put on hold, until something of them is leased again
        self._seen_at = doors.clock()
        self._stopping = asyncio.Event()
        self.ledger_failure: HebdoError | None = None  # the last words of a ledger that cannot be written, None while it can
        self.ledger_failures = 0  # how often it could not

    @property
    def is_idle(self) -> bool:
        """Whether nothing is on the wire, and nothing is leased."""
        return not self._busy and self._supply.is_empty

    @property
    def is_busy(self) -> bool:
        """Whether something is on the wire, or about to be."""
        return bool(self._busy) or self._supply.is_feeding

    @property
    def is_waiting(self) -> bool:
        """Whether the way out is down and the sender waits for it."""
        return self._out.waits > 0

    @property
    def trouble(self) -> tuple[int, str]:
        """How many waits in a row the way out has cost, and its last words."""
        return self._out.waits, self._out.words

    @property
    def allowed(self) -> int:
        """How many connections the way out takes just now."""
        return self._out.allowed

    @property
    def way(self) -> Way:
        """Whether the way out answers."""
        return self._out.way

    def stop(self) -> None:
        """Take nothing new; from the loop's own thread."""
        self._stopping.set()

    async def run(self) -> None:
        """Send until ``stop``; then the messages on the wire get a few seconds and are recorded as far as they came."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._close_finished())
                lanes = [group.create_task(self._lane(number)) for number in range(self._connections)]
                await self._stopping.wait()
                await asyncio.wait(lanes, timeout=GRACE_S)
                await self._doors.transport.abort()
        finally:
            self._scribe.close()
            self._supply.drop_all()

    # -- one lane per connection --------------------------------------------------------------------------------------------------------

    async def _lane(self, number: int) -> None:
        """Settle one attempt and mark the next in one breath: one transaction for both."""
        lane = self._doors.transport.lane()
        ended: Ended | None = None
        ready: Job | None = None
        while ended or not self._stopping.is_set():
            # A way out in trouble is looked at before anything else leaves over it.
            if not self._takes_more(number) or (ended and ended.blames_the_way):
                self._put_back(ready)
                ready = None
            elif ready is None:
                ready = await self._next()
                if not self._takes_more(number):  # it took a while
                    continue
            if ready is None and ended is None:
                await self._rest(lane, number)
                await self._pause(self._supply.nap_s)
                continue
            self._busy += 1
            try:
                ended, ready = await self._step(lane, number, ended, ready)
            finally:
                self._busy -= 1
        self._put_back(ready)
        await lane.aclose()

    async def _rest(self, lane: Lane, number: int) -> None:
        """A lane that the server has no room for keeps no connection: it would keep another one's place."""
        if number >= self._out.allowed:
            await lane.rest()
        if not self._busy and not self.is_waiting and self._supply.is_resting:
            self._out.rests()

    def _takes_more(self, number: int) -> bool:
        return number < self._out.allowed and not self._owed and not self._stopping.is_set()

    async def _step(self, lane: Lane, number: int, ended: Ended | None, job: Job | None) -> tuple[Ended | None, Job | None]:
        """Write what has ended, mark what leaves, and let it leave; gives how that ended, and what is next on this lane."""
        may_leave = await self._write(ended, job)
        if ended is not None:
            self._follow(ended)
        if job is None:
            return None, None
        if job.message is None:
            self._pacing.dropped((job.recipient.delivery_id,))
            return Ended(job, job.failure or Outcome(stage=Stage.DATA), Decision(state=DeliveryState.FAILED)), None
        if not may_leave:
            # The lease was lost, the reader has left, or the mailing was stopped, paused or held: nothing has left.
            self._put_back(job)
            return None, None
        if job.mailing.id in self._held:
            # A hold came about while this one was being marked: it has not left, and does not.
            self._pacing.dropped((job.recipient.delivery_id,))
            return Ended(job, Outcome(stage=Stage.MAIL), Decision(state=DeliveryState.PENDING, retry_at=self._doors.clock())), None
        self._out.leaves()
        goes_on = self._takes_more(number) and not self.is_waiting
        then = self._supply.at_hand(self._doors.clock(), beside=job.recipient.delivery_id) if goes_on else None
        began = time.perf_counter()
        outcome = await lane.submit(job.message, then.message if then else None)
        took_ms = (time.perf_counter() - began) * 1000
        self._out.heard(outcome)
        return self._judge(job, outcome, took_ms), then

    async def _next(self) -> Job | None:
        """The next delivery with its message; None when there is nothing to do now."""
        now = self._doors.clock()
        if now < self._seen_at:  # the clock was put back: without this, every wait would last that much longer
            self._out.wait_until = now
            self._supply.look_now(now)
        self._seen_at = now
        return await self._supply.next() if now >= self._out.wait_until else None

    def _put_back(self, job: Job | None) -> None:
        self._supply.give_back([job.recipient.delivery_id] if job is not None else [])

    # -- what follows from an outcome -----------------------------------------------------------------------------------------------------

    def _judge(self, job: Job, outcome: Outcome, took_ms: float) -> Ended:
        if outcome.stage is Stage.DONE and outcome.code // 100 == 2:
            self._pacing.submitted(job, outcome)
            return Ended(job, outcome, _TAKEN, took_ms)
        decision = self._pacing.judge(job, outcome, waits=self._out.waits)
        if self._stopping.is_set() and not outcome.code and decision.state is not DeliveryState.UNCERTAIN:
            # We broke it off ourselves before the final dot: nobody is to blame, nothing follows.
            decision = Decision(state=DeliveryState.PENDING, retry_at=self._doors.clock())
        return Ended(job, outcome, decision, took_ms)

    async def _write(self, ended: Ended | None, job: Job | None) -> bool:
        """Whether ``job`` may leave. What left must be written, so a ledger that is full or locked is asked again until the end."""
        mark = job.recipient.delivery_id if job and job.message else None
        if ended is None and mark is None:
            return False
        while True:
            try:
                written = await self._scribe.write(ended=ended, mark=mark)
            except HebdoError as error:
                self._note_failure(error)
                _log.warning("cannot write: %s", error)
            else:
                self.ledger_failure = None
                return written
            if ended is None or self._stopping.is_set():
                return False  # a row that stays submitting is uncertain at the next start, never lost
            mark = None
            await self._pause(1.0)

    def _follow(self, ended: Ended) -> None:
        """What an outcome means for the mailing and for the other lanes."""
        decision = ended.decision
        while self._pacing.news:
            self._owe(partial(self._doors.relay_news, *self._pacing.news.popleft()))
        if decision.hold_reason is not None:
            self._out.refused()
            self._hold(ended.job.mailing, decision.hold_reason)
        elif decision.wait_until is not None:
            thins = not self._pacing.has_relays  # each relay has a count of its own
            if self._out.slow_down(ended.outcome, decision.wait_until, self._doors.clock(), thins=thins):
                self._supply.drop_all()
        elif decision.state is DeliveryState.UNCERTAIN and not ended.outcome.code:
            if self._out.lost(ended.outcome, self._doors.clock()):
                self._supply.drop_all()
        elif decision.state is not DeliveryState.PENDING and ended.outcome.code:
            self._out.speed_up(ended.outcome)
        self._scribe.expect(self._out.allowed)
        if not ended.outcome.code:  # no server spoke
            return
        if decision.state is not DeliveryState.PENDING and (ended.outcome.code // 100 == 5 or ended.job.mailing.id in self._circuits):
            self._watch_circuit(ended.job, ended.outcome)

    def _hold(self, mailing: Mailing, words: str) -> None:
        way = {"fr": "Après remède\u00a0:", "en": "Once mended:"}[self._doors.language]
        reason, now = f"{words} – {way} `hebdo resume {mailing.issue_id}`", self._doors.clock()
        self._held.add(mailing.id)
        self._owe(lambda: self._ledger.hold(mailing.id, reason=reason, now=now))
        self._supply.drop(mailing.id)

    def _watch_circuit(self, job: Job, outcome: Outcome) -> None:
        """Ten identical refusals over three domains are the relay's doing: held, and nobody is blamed."""
        recipient = job.recipient
        circuit = self._circuits.get(job.mailing.id, Circuit()).after(outcome, delivery_id=recipient.delivery_id, email=recipient.email)
        if circuit.is_open:
            self._hold(job.mailing, server_words(outcome))
            # It stays open for those still on the wire: they will hear the same, and are not to blame either.
            now = self._doors.clock()
            self._owe(lambda: self._ledger.pull_back(circuit.delivery_ids, now=now))
        self._circuits[job.mailing.id] = circuit

    def _begin_anew(self, mailing: Mailing) -> None:
        """Something of a mailing is leased: where its circuit is open, a person has let it go on."""
        if mailing.id in self._held:
            self._held.discard(mailing.id)
            self._pacing.forgive()
        if self._circuits.get(mailing.id, Circuit()).is_open:
            del self._circuits[mailing.id]

    # -- the ledger -----------------------------------------------------------------------------------------------------------------------

    def _note_failure(self, error: HebdoError | None) -> None:
        self.ledger_failure = error
        self.ledger_failures += error is not None

    def _owe(self, write: Callable[[], object]) -> None:
        """Something that the ledger must come to know; while it cannot be written, nothing more is claimed."""
        self._owed.append(write)
        self._pay()

    def _pay(self) -> None:
        while self._owed:
            try:
                self._owed[0]()
            except HebdoError as error:
                self._note_failure(error)
                _log.warning("cannot write yet: %s", error)
                return
            self._owed.popleft()

    async def _close_finished(self) -> None:
        while not self._stopping.is_set():
            try:
                self._pay()
                if self._owed:  # perhaps a hold of the very mailing that would be closed
                    await self._pause(LOOK_S)
                    continue
                self._tell_finished(await self._scribe.ask(lambda: self._ledger.close_finished(now=self._doors.clock())))
            except HebdoError as error:
                _log.warning("cannot close: %s", error)
            await self._pause(LOOK_S)

    def _tell_finished(self, finished: Sequence[Mailing]) -> None:
        for mailing in finished:
            self._supply.forget(mailing.id)
            self._pacing.forget(mailing.id)
            self._circuits.pop(mailing.id, None)
            self._held.discard(mailing.id)
            self._doors.finished(mailing)

    async def _pause(self, seconds: float) -> None:
        """Sleep, but not past a stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
