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
from collections.abc import Callable
from datetime import datetime, timedelta

from composer.deliver.circuit import Circuit
from composer.deliver.judge import Decision, judge_outcome, server_words
from composer.engine.attempts import BuildMessage, Doors, Ended, Job, Way
from composer.engine.scribe import Scribe
from composer.errors import HebdoError
from composer.model.mailing import DeliveryState, Mailing, Message, Outcome, Stage

_log = logging.getLogger(__name__)

LEASE_S = 900.0  # longer than any batch and the longest wait for a reply
LOOK_S = 0.25  # how often an idle sender looks for work
GRACE_S = 4.0  # what a stop gives the messages on the wire
_BATCH = 25  # deliveries claimed at once, per connection
_WARM_UP = 50  # submissions in a row after which one more connection is tried again


class Sender:
    """Sends whatever runs, over ``connections`` at once, until ``stop``; one instance per event loop."""

    def __init__(self, doors: Doors, *, worker: str, connections: int) -> None:
        self._doors = doors
        self._ledger = doors.ledger
        self._worker = worker
        self._scribe = Scribe(doors.ledger, worker=worker, clock=doors.clock)
        self._connections = max(1, connections)
        self._allowed = self._connections  # fewer when the server says that we are too many
        self._busy = 0
        self._streak = 0
        self._jobs: deque[Job] = deque()
        self._owed: deque[Callable[[], object]] = deque()  # what the ledger could not take yet, in order
        self._builders: dict[int, BuildMessage] = {}
        self._circuits: dict[int, Circuit] = {}
        self._seen_at = self._look_at = self._wait_until = doors.clock()
        self._waits = 0  # waits in a row: the way out is down
        self._words = ""  # the last words of a way out that is down
        self._unanswered: float | None = None  # since when (monotonic, s) nothing that left over the way was taken or refused as such
        self._has_answered = False
        self._stopping = asyncio.Event()
        self.ledger_failure: HebdoError | None = None  # the last words of a ledger that cannot be written, None while it can

    @property
    def is_idle(self) -> bool:
        """Whether nothing is on the wire, nothing is leased, and the last look found nothing due."""
        return not self._busy and not self._jobs

    @property
    def is_waiting(self) -> bool:
        """Whether the way out is down and the sender waits for it."""
        return self._waits > 0

    @property
    def trouble(self) -> tuple[int, str]:
        """How many waits in a row the way out has cost, and its last words."""
        return self._waits, self._words

    @property
    def way(self) -> Way:
        """Whether the way out answers."""
        since = self._unanswered
        silent_s = 0.0 if since is None else time.monotonic() - since
        return Way(silent_s=silent_s, has_answered=self._has_answered and since is None, words=self._words)

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
            self._release_all()

    def close_finished(self) -> None:
        """Finish what has nothing left, and tell."""
        for mailing in self._ledger.close_finished(now=self._doors.clock()):
            self._forget(mailing.id)
            self._doors.finished(mailing)

    # -- one lane per connection --------------------------------------------------------------------------------------------------------

    async def _lane(self, number: int) -> None:
        """Settle one attempt and mark the next in one breath: one transaction for both."""
        ended: Ended | None = None
        while ended or not self._stopping.is_set():
            # A way out in trouble is looked at before anything else leaves over it.
            takes_more = number < self._allowed and not self._stopping.is_set() and not (ended and ended.blames_the_way)
            job = self._take() if takes_more else None
            if job is None and ended is None:
                await self._pause(LOOK_S)
                continue
            self._busy += 1
            try:
                ended = await self._step(ended, job)
            finally:
                self._busy -= 1

    async def _step(self, ended: Ended | None, job: Job | None) -> Ended | None:
        """Write what has ended, mark what leaves, and let it leave; gives how that ended."""
        message = await self._build(job) if job else None
        may_leave = await self._write(ended, job if message else None)
        if ended is not None:
            self._follow(ended)
        if job is None or message is None:
            return None
        if not may_leave:
            # The lease was lost, the reader has left, or the mailing was stopped, paused or held: nothing has left.
            self._give_back([job.recipient.delivery_id])
            return None
        if self._unanswered is None:
            self._unanswered = time.monotonic()
        outcome = await self._doors.transport.submit(message)
        if outcome.code and outcome.stage not in {Stage.CONNECT, Stage.MAIL}:  # it speaks of this message: the way is open
            self._unanswered, self._words, self._has_answered = None, "", True
        return self._judge(job, outcome)

    def _take(self) -> Job | None:
        """The next delivery, claimed in batches; None when there is nothing to do now."""
        now = self._doors.clock()
        if now < self._seen_at:  # the clock was put back: without this, every wait would last that much longer
            self._look_at = self._wait_until = now
        self._seen_at = now
        if now < self._wait_until:
            return None
        if not self._jobs and now >= self._look_at:
            try:
                self._claim(now)
                self.ledger_failure = None
            except HebdoError as error:
                self.ledger_failure = error
                _log.warning("cannot claim: %s", error)
            if not self._jobs:
                self._look_at = now + timedelta(seconds=LOOK_S)
        return self._jobs.popleft() if self._jobs else None

    def _claim(self, now: datetime) -> None:
        if self._owed:  # perhaps a hold: until it is written, nothing may follow
            return
        for mailing in self._ledger.running_mailings(now=now):
            if mailing.id not in self._builders and not self._make_ready(mailing, now):
                continue
            limit = _BATCH * self._connections
            leased = self._ledger.claim(mailing.id, worker=self._worker, limit=limit, lease_s=LEASE_S, now=now)
            self._jobs.extend(Job(mailing, recipient) for recipient in leased)
            if leased:
                if self._circuits.get(mailing.id, Circuit()).is_open:  # a person has let it go on
                    del self._circuits[mailing.id]
                return

    def _make_ready(self, mailing: Mailing, now: datetime) -> bool:
        """Compile the mailing's edition; one that cannot be compiled waits for a person."""
        try:
            self._builders[mailing.id] = self._doors.prepare(mailing)
        except HebdoError as error:
            self._ledger.hold(mailing.id, reason=error.sentence(self._doors.language), now=now)
            return False
        return True

    async def _build(self, job: Job) -> Message | None:
        builder = self._builders.get(job.mailing.id)
        if builder is None:
            self._give_back([job.recipient.delivery_id])
            return None
        try:
            return builder(job.recipient)
        except HebdoError as error:
            # This reader's own values: the others go on.
            outcome = Outcome(stage=Stage.DATA, reply=error.sentence(self._doors.language)[:500])
            await self._write(Ended(job, outcome, Decision(state=DeliveryState.FAILED)), None)
            return None

    # -- what follows from an outcome -----------------------------------------------------------------------------------------------------

    def _judge(self, job: Job, outcome: Outcome) -> Ended:
        now = self._doors.clock()
        attempt = self._waits + 1 if outcome.stage in {Stage.CONNECT, Stage.MAIL} else job.recipient.attempts + 1
        decision = judge_outcome(outcome, attempt, now, jitter=self._doors.chance())
        if self._stopping.is_set() and not outcome.code and decision.state is not DeliveryState.UNCERTAIN:
            # We broke it off ourselves before the final dot: nobody is to blame, nothing follows.
            decision = Decision(state=DeliveryState.PENDING, retry_at=now)
        return Ended(job, outcome, decision)

    async def _write(self, ended: Ended | None, job: Job | None) -> bool:
        """Whether ``job`` may leave. What left must be written, so a ledger that is full or locked is asked again until the end."""
        result = ended.result if ended else None
        mark = job.recipient.delivery_id if job else None
        while True:
            try:
                written = await self._scribe.write(result=result, mark=mark)
            except HebdoError as error:
                self.ledger_failure = error
                _log.warning("cannot write: %s", error)
            else:
                self.ledger_failure = None
                return written
            if result is None or self._stopping.is_set():
                return False  # a row that stays submitting is uncertain at the next start, never lost
            mark = None
            await self._pause(1.0)

    def _follow(self, ended: Ended) -> None:
        """What an outcome means for the mailing and for the other lanes."""
        decision = ended.decision
        if decision.hold_reason is not None:
            self._unanswered = None  # it did answer, and the desk is told why it waits
            self._hold(ended.job.mailing, decision.hold_reason)
        elif decision.wait_until is not None:
            self._slow_down(ended.outcome, decision.wait_until, self._doors.clock())
        elif decision.state is not DeliveryState.PENDING:
            self._speed_up(ended.outcome)
        self._watch_circuit(ended.job, ended.outcome)

    def _hold(self, mailing: Mailing, words: str) -> None:
        way = {"fr": "Après remède\u00a0:", "en": "Once mended:"}[self._doors.language]
        reason, now = f"{words} – {way} `hebdo resume {mailing.issue_id}`", self._doors.clock()
        self._owe(lambda: self._ledger.hold(mailing.id, reason=reason, now=now))
        self._drop(mailing.id)

    def _slow_down(self, outcome: Outcome, wait_until: datetime, now: datetime) -> None:
        """The server is there but takes no more of us: half the connections. It is not there, or has one left: everything waits."""
        self._streak = 0
        self._words = outcome.reply
        if outcome.code // 100 == 4 and self._allowed > 1:
            self._allowed = max(1, self._allowed // 2)
            return
        if now >= self._wait_until:
            self._waits += 1
            self._wait_until = wait_until
            self._release_all()

    def _speed_up(self, outcome: Outcome) -> None:
        self._waits = 0
        self._streak = self._streak + 1 if outcome.stage is Stage.DONE else 0
        if self._streak >= _WARM_UP and self._allowed < self._connections:
            self._allowed += 1
            self._streak = 0

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

    def _owe(self, write: Callable[[], object]) -> None:
        """Something that the ledger must come to know; while it cannot be written, nothing more is claimed."""
        self._owed.append(write)
        self._pay()

    def _pay(self) -> None:
        while self._owed:
            try:
                self._owed[0]()
            except HebdoError as error:
                self.ledger_failure = error
                _log.warning("cannot write yet: %s", error)
                return
            self._owed.popleft()

    # -- leases ---------------------------------------------------------------------------------------------------------------------------

    def _drop(self, mailing_id: int) -> None:
        """Give back what is leased of one mailing."""
        dropped = [job.recipient.delivery_id for job in self._jobs if job.mailing.id == mailing_id]
        self._jobs = deque(job for job in self._jobs if job.mailing.id != mailing_id)
        self._give_back(dropped)

    def _release_all(self) -> None:
        self._give_back([job.recipient.delivery_id for job in self._jobs])
        self._jobs.clear()

    def _give_back(self, delivery_ids: list[int]) -> None:
        if not delivery_ids:
            return
        try:
            self._ledger.release(delivery_ids, worker=self._worker)
        except HebdoError as error:
            _log.warning("cannot release, the leases run out by themselves: %s", error)

    def _forget(self, mailing_id: int) -> None:
        self._builders.pop(mailing_id, None)
        self._circuits.pop(mailing_id, None)

    async def _close_finished(self) -> None:
        while not self._stopping.is_set():
            try:
                self._pay()
                self.close_finished()
            except HebdoError as error:
                _log.warning("cannot close: %s", error)
            await self._pause(LOOK_S)

    async def _pause(self, seconds: float) -> None:
        """Sleep, but not past a stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
