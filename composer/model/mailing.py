"""Mailings, deliveries, messages: who is due, and how far each one is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from composer.model.pace import Plan
from composer.model.record import record

SubscriberStatus = Literal["active", "unsubscribed"]


class MailingState(StrEnum):
    """States of a mailing."""

    SCHEDULED = "scheduled"
    HELD = "held"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


class DeliveryState(StrEnum):
    """States of a delivery; their counts always add up to the audience."""

    PENDING = "pending"
    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"


class Stage(StrEnum):
    """How far an attempt had come when it ended."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"  # a reply to the final dot was received
    AFTER_DOT = "after-dot"  # the final dot had left, no reply came
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A person who asked for the newsletter."""

    id: int
    email: str  # as given; compared by its normalised form
    name: str = ""
    status: SubscriberStatus = "active"
    token: str = ""  # 128 bits, URL-safe; leaves the list and changes frequency, no more
    consent: str = ""  # where and until when it was given
    consented_on: date | None = None
    fields: tuple[tuple[str, str], ...] = ()  # further columns of an import


@record()
class Recipient:
    """What a message needs to know of one reader."""

    delivery_id: int  # 0: a proof or a preview
    email: str
    name: str
    token: str
    message_id: str  # without angle brackets; stable per delivery
    consented_on: date | None = None
    fields: tuple[tuple[str, str], ...] = ()
    attempts: int = 0  # made before this one
    web_token: str = ""  # opens the web view of a proof, which is no public page


@record()
class Message:
    """The RFC 5322 bytes and the envelope for one recipient."""

    envelope_from: str
    envelope_to: str
    parts: tuple[bytes, ...] = field(repr=False)  # one after the other: CRLF, not dot-stuffed
    message_id: str
    delivery_id: int = 0
    relay: str = ""  # the relay it is to leave over, by name; "": whichever there is
    ready: bool = False  # as it goes on the wire: CRLF to the end, ASCII but for addresses, no line that begins with a dot

    @property
    def content(self) -> bytes:
        """The parts joined."""
        return b"".join(self.parts)

    @property
    def size(self) -> int:
        """Of the content, in bytes."""
        return sum(map(len, self.parts))


@record()
class Outcome:
    """How one attempt ended: what the next server said, and at which stage."""

    stage: Stage
    code: int = 0  # SMTP reply code; 0: none was received
    enhanced: str = ""  # RFC 3463, "5.1.1"
    reply: str = ""  # the server's words, cut to 500 characters, controls removed


@record()
class Result:
    """An attempt that ended, with what follows from it: what the ledger is to write."""

    delivery_id: int
    outcome: Outcome
    state: DeliveryState
    retry_at: datetime | None = None  # for pending and deferred
    suppress: bool = False  # the address is gone: a hard bounce


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """The sending of one edition to one audience at one time."""

    id: int
    issue_id: str
    state: MailingState
    reason: str  # "" or why it is held, paused, stopped
    due_at: datetime  # aware, UTC
    hold_until: datetime | None  # first message not before this
    digest: str
    expected_min: int | None = None
    expected_max: int | None = None
    audience: int | None = None  # None: not launched
    launched_at: datetime | None = None
    finished_at: datetime | None = None
    reason_code: str = ""  # the reason for programs: late, changed, audience, receipt, claimed, pages, server, unscheduled
    expected: int | None = None  # the audience that was confirmed when it was scheduled
    accepted: tuple[str, ...] = ()  # reason codes that a person has overruled
    correction_of: str = ""  # the issue whose receivers alone are written to; frozen when it was scheduled
    plan: Plan = Plan()  # noqa: RUF009 - a frozen value; how it is spread over time


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingFigures:
    """A mailing with its counts; every state is present."""

    mailing: Mailing
    counts: tuple[tuple[DeliveryState, int], ...]

    @property
    def by_name(self) -> dict[str, int]:
        """The counts for programs: name of the state → deliveries."""
        return {state.value: count for state, count in self.counts}

    def count(self, *states: DeliveryState) -> int:
        """So many deliveries in these states."""
        return sum(count for state, count in self.counts if state in states)

    @property
    def adds_up(self) -> bool:
        """Whether the identity of the ledger holds."""
        return sum(count for _, count in self.counts) == (self.mailing.audience or 0)
