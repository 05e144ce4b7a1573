"""What the sender's loop is given, and one attempt on its way through it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from composer.deliver.doors import SendingLedger, Transport
from composer.deliver.judge import Decision
from composer.deliver.relays import Relays
from composer.model.mailing import Mailing, Message, Outcome, Recipient, Result, Stage
from composer.model.pace import PaceSettings, Rate, Relay
from composer.model.record import record
from composer.words import Language

BuildMessage = Callable[[Recipient], Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How fast, when and over which relays."""

    pace: PaceSettings = field(default_factory=PaceSettings)
    rate: Rate | None = None  # of all that leaves
    relays: Relays | None = None  # None: the transport has one way only
    opens_at: Callable[[datetime], datetime] | None = None  # a moment when messages leave: itself, else the next opening; None: always


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What the loop is given: the ledger, the way out, and what neither of them knows."""

    ledger: SendingLedger
    transport: Transport
    prepare: Callable[[Mailing], BuildMessage]  # compiles the mailing's edition; raises HebdoError
    clock: Callable[[], datetime]  # aware, UTC
    chance: Callable[[], float]  # -1 … 1; spreads retries
    finished: Callable[[Mailing], None]  # told once per mailing
    relay_news: Callable[[Relay, Outcome | None], None] = lambda _relay, _outcome: None  # one relay is down; or, without outcome, up again
    limits: Limits = field(default_factory=Limits)
    steady: Callable[[], float] = time.monotonic  # seconds that only go on
    language: Language = "fr"  # of the reasons that the ledger keeps
    written: Callable[[Sequence[Ended]], None] = lambda _: None  # told beside the loop what the ledger has just written; never raises
    builds_apart: bool = False  # a message takes long to build, since it is signed: on a thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Whether the way out answers, as far as it was tried."""

    silent_s: float = 0.0  # for how long it has taken nothing of what it was given; 0 while it works, or has nothing to do
    has_answered: bool = False  # whether it took something, or spoke of a message, and nothing since speaks against it
    words: str = ""  # its last words, or the system's


@record(kw_only=False)
class Job:
    """One leased delivery with its message; or with what is wrong with this reader's own values."""

    mailing: Mailing
    recipient: Recipient
    message: Message | None = None
    failure: Outcome | None = None


@record(kw_only=False)
class Ended:
    """An attempt that came back and is not written yet."""

    job: Job
    outcome: Outcome
    decision: Decision
    took_ms: float | None = None  # from the hand-over to the outcome; None: nothing was handed over

    @property
    def blames_the_way(self) -> bool:
        """Whether this says nothing about the reader."""
        return self.outcome.stage in {Stage.CONNECT, Stage.MAIL, Stage.AFTER_DOT}

    @property
    def result(self) -> Result:
        """What the ledger is to write."""
        return Result(
            delivery_id=self.job.recipient.delivery_id,
            outcome=self.outcome,
            state=self.decision.state,
            retry_at=self.decision.retry_at,
            suppress=self.decision.suppress,
        )
