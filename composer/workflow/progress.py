"""How far a mailing is, looked at each second by somebody beside it: counts, rate, what is left and how long that takes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from composer.deliver.schedule import find_zone
from composer.engine.tally import RATE_S
from composer.ledger import Ledger
from composer.model.mailing import DeliveryState, Mailing, MailingFigures, MailingState
from composer.words import NOTHING, Words
from composer.workflow.launching import hold_words
from composer.workflow.sending_room import utc_now
from composer.workflow.spreading import Moments, rest_words
from composer.workflow.standing import way_trouble
from composer.workspace import Workspace

SHARE = 0.01  # of one processor, at most, goes into counting
AHEAD_S = 5.0  # how often, at most, one looks for what waits for its hour
AHEAD_SHARE = 0.001  # of one processor goes into that
STILL_S = 5.0  # so long without a change: why?
ASK_AGAIN_S = 60.0  # the ledger's answer to that costs a look at every row
MOVING = frozenset({MailingState.SCHEDULED, MailingState.RUNNING})
TO_GO = (DeliveryState.PENDING, DeliveryState.SUBMITTING)
ERRORS = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A mailing at one moment."""

    figures: MailingFigures
    rate: float  # messages a second that were submitted, over the last ten seconds
    trouble: str = ""  # the last words of a way out that takes nothing
    to_come: Moments = ()  # what waits for its hour: the rest after a first slice, waves, days of a warm-up, sending hours
    waits: Words = NOTHING  # the same in words

    @property
    def is_moving(self) -> bool:
        """Whether there is anything to wait for; what is held or paused waits for a person."""
        return self.figures.mailing.state in MOVING

    @property
    def remaining(self) -> int:
        """Deliveries that are not settled: what waits for its turn or for another attempt."""
        return self.count(*TO_GO, DeliveryState.DEFERRED)

    @property
    def remaining_s(self) -> float | None:
        """How long what waits for its turn takes at this rate; None when nobody can say, and while something waits for its hour."""
        is_running = self.figures.mailing.state is MailingState.RUNNING
        return self.count(*TO_GO) / self.rate if self.rate and is_running and not self.to_come else None

    def count(self, *states: DeliveryState) -> int:
        """So many deliveries in these states."""
        return self.figures.count(*states)

    def to_json(self, at: datetime) -> dict[str, Any]:
        """One line for programs."""
        mailing, left_s = self.figures.mailing, self.remaining_s
        return {
            "version": 1,
            "at": at.isoformat(timespec="milliseconds"),
            "issue": mailing.issue_id,
            "mailing": mailing.id,
            "state": mailing.state.value,
            "reason": mailing.reason,
            "audience": mailing.audience,
            "counts": self.figures.by_name,
            "remaining": self.remaining,
            "errors": self.count(*ERRORS),
            "rate": round(self.rate, 1),
            "remaining_s": None if left_s is None else round(left_s, 1),
            "to_come": [{"at": moment.isoformat(), "readers": readers} for moment, readers in self.to_come],
            "trouble": self.trouble or None,
        }


class Follower:
    """Looks at one mailing as often as it is asked; counts only as often as that costs no more than its share."""

    def __init__(
        self,
        workspace: Workspace,
        ledger: Ledger,
        mailing_id: int,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._workspace = workspace
        self._ledger = ledger
        self._mailing_id = mailing_id
        self._now = monotonic
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()  # (moment, submitted)
        self._figures: MailingFigures | None = None
        self._count_at = 0.0
        self._moved_at = monotonic()
        self._trouble, self._ask_at = "", 0.0
        self._to_come: Moments = ()
        self._ahead_at = 0.0

    def look(self) -> Progress | None:
        """How far it is; None when there is no such mailing."""
        now = self._now()
        if self._figures is None or now >= self._count_at:
            self._count(now)
        if self._figures is None:
            return None
        mailing, rate, trouble = self._figures.mailing, self._rate(now), self._find_trouble(now)
        to_come = self._look_ahead(mailing, now)
        return Progress(figures=self._figures, rate=rate, trouble=trouble, to_come=to_come, waits=self._waits(mailing, to_come))

    def _count(self, now: float) -> None:
        began = time.perf_counter()
        figures = self._ledger.headcount.of(self._mailing_id)
        self._count_at = now + (time.perf_counter() - began) / SHARE - STEP_S / 2
        if figures is None or self._figures is None or figures.counts != self._figures.counts:
            self._moved_at, self._trouble, self._ask_at = now, "", 0.0
        self._figures = figures
        if figures is not None:
            self._seen.append((now, dict(figures.counts)[DeliveryState.SUBMITTED]))
        while len(self._seen) > 2 and self._seen[1][0] <= now - RATE_S:  # one that is older stays: the window begins with it
            self._seen.popleft()

    def _look_ahead(self, mailing: Mailing, now: float) -> Moments:
        """What waits for its hour; asked seldom, since it costs a look at every row."""
        if mailing.state is not MailingState.RUNNING or mailing.launched_at is None:
            return ()
        if now >= self._ahead_at:
            began = time.perf_counter()
            self._to_come = self._ledger.planning.to_come(mailing.id, now=self._clock())
            self._ahead_at = now + max(AHEAD_S, (time.perf_counter() - began) / AHEAD_SHARE)
        self._to_come = tuple(one for one in self._to_come if one[0] > self._clock())
        return self._to_come

    def _waits(self, mailing: Mailing, to_come: Moments) -> Words:
        if mailing.state is not MailingState.RUNNING or mailing.launched_at is None:
            return NOTHING
        newsletter = self._workspace.newsletter
        zone = find_zone(newsletter.time_zone)
        if to_come:
            return rest_words(to_come, zone, departs_on=mailing.due_at.astimezone(zone).date())
        return hold_words(mailing, newsletter, self._clock())

    def _rate(self, now: float) -> float:
        first, last = self._seen[0], self._seen[-1]
        if now - last[0] > RATE_S or last[0] <= first[0]:
            return 0.0
        return max(0.0, (last[1] - first[1]) / (last[0] - first[0]))

    def _find_trouble(self, now: float) -> str:
        """Why nothing moves; asked seldom."""
        still = self._figures is not None and self._figures.mailing.state is MailingState.RUNNING and now - self._moved_at >= STILL_S
        if still and now >= self._ask_at and self._figures is not None:
            self._trouble = way_trouble(self._workspace, self._ledger, self._figures.mailing) or ""
            self._ask_at = now + ASK_AGAIN_S
        return self._trouble


STEP_S = 1.0  # how often one looks
