"""The doors that a sender needs: what it asks of a transport and of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from composer.model.mailing import Mailing, Message, Outcome, Recipient, Result


class Lane(Protocol):
    """One connection's turn: messages one after the other, of one task."""

    async def submit(self, message: Message, then: Message | None = None) -> Outcome:
        """Hand one message to the next server and say how far it came; ``then`` is the one whose turn is next, if that is known."""
        ...

    async def rest(self) -> None:
        """End its connection politely for a while; the next message opens another one."""
        ...

    async def aclose(self) -> None:
        """End it politely."""
        ...


class Transport(Protocol):
    """A way out. One instance is used by several tasks at once; each call is one attempt and never raises for what a server did."""

    @property
    def open_connections(self) -> int | None:
        """How many connections are open just now; None for a way out that has none."""
        ...

    def lane(self) -> Lane:
        """A lane of one's own."""
        ...

    async def submit(self, message: Message) -> Outcome:
        """Hand one message to the next server and say how far it came."""
        ...

    async def aclose(self) -> None:
        """End all connections politely."""
        ...

    async def abort(self) -> None:
        """Break off what is under way; each ``submit`` then returns at once and says how far it had come."""
        ...


class SendingLedger(Protocol):
    """What the sender's loop asks of the ledger; every call is one short transaction."""

    def running_mailings(self, *, now: datetime) -> Sequence[Mailing]:
        """Mailings with something due, hold window over."""
        ...

    def claim(self, mailing_id: int, *, worker: str, limit: int, lease_s: float, now: datetime) -> Sequence[Recipient]:
        """Lease up to ``limit`` due deliveries; whoever unsubscribed or was suppressed since launch is closed as suppressed here."""
        ...

    def advance(self, results: Sequence[Result], marks: Sequence[int], *, worker: str, now: datetime) -> frozenset[int]:
        """``record`` of many attempts, then ``mark_submitting`` of many, in one transaction; gives those of ``marks`` that may leave."""
        ...

    def release(self, delivery_ids: Sequence[int], *, worker: str) -> None:
        """Give leases back unsent: the deliveries are as before the claim."""
        ...

    def postpone(self, waits: Sequence[tuple[int, datetime]], *, worker: str, now: datetime) -> None:
        """Give leases back until a moment of each: no attempt is counted."""
        ...

    def pull_back(self, delivery_ids: Sequence[int], *, now: datetime) -> int:
        """Take the blame off deliveries that failed in a row with one reply: pending again, their suppressions undone."""
        ...

    def hold(self, mailing_id: int, *, reason: str, now: datetime) -> None:
        """Put the mailing on hold with the server's words."""
        ...

    def close_finished(self, *, now: datetime) -> Sequence[Mailing]:
        """Finish every running mailing with nothing pending, submitting or deferred; those newly finished are given back."""
        ...
