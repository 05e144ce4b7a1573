"""How fast, when and over which relay the sender lets messages go: what ``composer.deliver`` decides, asked once per message."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from composer.deliver.judge import MAX_ATTEMPTS, Decision, judge_outcome
from composer.deliver.pace import BUSY_S, GIVE_UP, Pace
from composer.deliver.relays import Verdict
from composer.engine.attempts import Doors, Job
from composer.model.mailing import DeliveryState, Outcome, Stage
from composer.model.pace import Relay

_FULL_S = 0.02  # when to ask again for a relay whose connections are busy
_IN_HAND_S = 60.0  # what is leased of a limited mailing lasts about so long
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A message that counts in some limit until it has ended."""

    domain: str
    relay: Relay | None


class Pacing:
    """The limits of one sender; of one event loop. Where nothing is limited and no domain is in trouble, it is asked nothing."""

    def __init__(self, doors: Doors, connections: int) -> None:
        self._doors = doors
        self._limits = limits = doors.limits
        self._relays = limits.relays
        self._pace = Pace(limits.pace, transport=limits.rate, connections=connections, now_s=doors.steady())
        self._taken: dict[int, _Taken] = {}
        self._minute = (doors.clock(), True)  # the minute that was looked at, and whether messages leave in it
        self._look_at_hours(doors.clock())
        self.news: deque[tuple[Relay, Outcome | None]] = deque()  # relays that went down, with their words, and those that are up again

    @property
    def is_free(self) -> bool:
        """Whether any message may leave as soon as there is a lane for it."""
        return self._relays is None and self.lets_all_go

    @property
    def lets_all_go(self) -> bool:
        """Whether nothing waits but for a lane, or for a relay that has room."""
        return self._pace.is_free

    @property
    def has_relays(self) -> bool:
        """Whether a failure may be one relay's own."""
        return self._relays is not None

    def now_s(self) -> float:
        """Seconds that only go on."""
        return self._doors.steady()

    def batch(self, most: int) -> int:
        """How many to lease at once: what waits longer than its lease is leased in vain."""
        spans_s = [rate.each_s for rate in (self._limits.rate, self._limits.pace.mailing) if rate is not None]
        if self._relays is not None and self._relays.each_s:
            spans_s.append(self._relays.each_s)
        return min([most, *(max(1, int(_IN_HAND_S / each_s)) for each_s in spans_s)])

    # -- sending hours ----------------------------------------------------------------------------------------------------------------

    def is_open(self, now: datetime) -> bool:
        """Whether messages leave at this hour."""
        if self._limits.opens_at is None:
            return True
        if not self._minute[0] <= now < self._minute[0] + _MINUTE:
            self._look_at_hours(now)
        return self._minute[1]

    def _look_at_hours(self, now: datetime) -> None:
        minute = now.replace(second=0, microsecond=0)
        self._minute = (minute, self._fit(minute) <= minute)

    def _fit(self, moment: datetime) -> datetime:
        return moment if self._limits.opens_at is None else self._limits.opens_at(moment)

    def moment(self, at_s: float) -> datetime:
        """A steady second as a moment on the wall, within sending hours."""
        return self._fit(self._doors.clock() + timedelta(seconds=at_s - self.now_s()))

    # -- before a message leaves ------------------------------------------------------------------------------------------------------

    def all_at(self, now_s: float) -> float:
        """0.0 when something may leave now, else when to ask again."""
        relays_at = 0.0 if self._relays is None else self._relays.next_at(now_s)
        return max(relays_at, self._pace.all_at(now_s))

    def own_wait(self, job: Job, now_s: float) -> tuple[int | str, float]:
        """What ``job`` waits for, its mailing (by id) or its domain, and until when to ask again; 0.0: for nothing."""
        at_s = self._pace.mailing_at(job.mailing.id, now_s)
        if at_s:
            return job.mailing.id, at_s
        domain = _domain(job)
        return domain, self._pace.domain_at(domain, now_s)

    def room(self, domain: str, within_s: float) -> int:
        """How many that wait for ``domain`` are worth keeping in hand."""
        return self._pace.room(domain, within_s)

    def begin(self) -> None:
        """A mailing begins."""
        self._pace.begin(self.now_s())

    @property
    def lease_s(self) -> float:
        """How long what is leased may have to wait for its rate, at the least."""
        rates = [rate for rate in (self._limits.rate, self._limits.pace.mailing) if rate is not None]
        return max((3 * rate.each_s for rate in rates), default=0.0)

    def place(self, domain: str, now_s: float) -> float:
        """When a delivery to ``domain`` that is not kept in hand should come back."""
        return self._pace.queue(domain, now_s)

    def took(self, job: Job, beside: int, now_s: float) -> float:
        """``job`` is about to leave, on the lane of the delivery ``beside``: 0.0, or when to ask again for a relay."""
        relay = None
        if self._relays is not None:
            other = self._taken.get(beside)
            relay = self._relays.choose(now_s, beside=other.relay if other else None)
            if relay is None:
                return self._relays.next_at(now_s) or now_s + _FULL_S
        self.dropped((job.recipient.delivery_id,))  # leased a second time after its first lease had run out
        taken = self._taken[job.recipient.delivery_id] = _Taken(_domain(job), relay)
        self._pace.took(taken.domain, job.mailing.id, now_s)
        return 0.0

    def relay_of(self, delivery_id: int) -> str:
        """The name of the relay that ``took`` chose, "" for none."""
        taken = self._taken.get(delivery_id) if self._taken else None
        return taken.relay.name if taken and taken.relay else ""

    def dropped(self, delivery_ids: Sequence[int]) -> None:
        """What was taken did not leave after all."""
        for delivery_id in delivery_ids if self._taken else ():
            if (taken := self._taken.pop(delivery_id, None)) is not None:
                self._pace.dropped(taken.domain)
                if self._relays is not None and taken.relay is not None:
                    self._relays.dropped(taken.relay)

    # -- after it -----------------------------------------------------------------------------------------------------------------------

    def submitted(self, job: Job, outcome: Outcome) -> None:
        """The next server took it."""
        if self._taken or not self._pace.is_free:
            taken = self._taken.pop(job.recipient.delivery_id, None)
            self._hear(taken, outcome, self.now_s())
            domain = taken.domain if taken else _domain(job)
            self._pace.ended(domain, outcome, self.now_s(), counted=taken is not None)

    def judge(self, job: Job, outcome: Outcome, *, waits: int) -> Decision:
        """What follows from anything else; ``waits`` is how often in a row the way out has been waited for."""
        now, now_s = self._doors.clock(), self.now_s()
        taken = self._taken.pop(job.recipient.delivery_id, None)
        verdict = self._hear(taken, outcome, now_s)
        until_s = self._pace.ended(_domain(job), outcome, now_s, chance=self._doors.chance(), counted=taken is not None)
        if verdict is Verdict.ELSEWHERE:
            return Decision(state=DeliveryState.PENDING, retry_at=now)
        if verdict is Verdict.WAIT and self._relays is not None:
            wait_s = max(self._relays.next_at(now_s) - now_s, BUSY_S)
            return Decision(state=DeliveryState.PENDING, retry_at=now, wait_until=now + timedelta(seconds=wait_s))
        attempt = waits + 1 if outcome.stage in {Stage.CONNECT, Stage.MAIL} else job.recipient.attempts + 1
        decision = judge_outcome(outcome, MAX_ATTEMPTS if until_s == GIVE_UP else attempt, now, jitter=self._doors.chance())
        return self._later(decision, until_s) if decision.state is DeliveryState.DEFERRED else decision

    def forgive(self) -> None:
        """Every relay is tried again."""
        if self._relays is not None:
            self._relays.forgive()

    def forget(self, mailing_id: int) -> None:
        """A mailing is finished."""
        self._pace.forget(mailing_id)

    def _hear(self, taken: _Taken | None, outcome: Outcome, now_s: float) -> Verdict:
        if taken is None or taken.relay is None or self._relays is None:
            return Verdict.FINE
        verdict = self._relays.ended(taken.relay, outcome, now_s, chance=self._doors.chance())
        if verdict is Verdict.HOLD:
            self._relays.forgive()  # the hold says it; another mailing finds out for itself
        elif news := self._relays.news(taken.relay):
            self.news.append((taken.relay, outcome if news == "down" else None))
        return verdict

    def _later(self, decision: Decision, until_s: float) -> Decision:
        retry_at = decision.retry_at or self._doors.clock()
        if until_s:
            retry_at = max(retry_at, self.moment(until_s))
        return Decision(state=decision.state, retry_at=self._fit(retry_at), suppress=decision.suppress)


def _domain(job: Job) -> str:
    return job.recipient.email.rpartition("@")[2].lower()
