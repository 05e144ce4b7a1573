"""The ledger as one thing: its subjects, and the door that the sender comes through (composer.deliver.doors.SendingLedger)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import TracebackType
from typing import Self

from composer.ledger.corrections import Corrections
from composer.ledger.deliveries import Deliveries
from composer.ledger.desk import Clocks, Notices, Proofs
from composer.ledger.editions import Editions
from composer.ledger.headcount import Headcount
from composer.ledger.home import Home
from composer.ledger.mailings import Mailings
from composer.ledger.patience import Patience
from composer.ledger.planning import Planning
from composer.ledger.replies import Replies
from composer.ledger.store import Store, open_store
from composer.ledger.subscribers import Subscribers, Suppressions
from composer.ledger.upgrade import Told, log_told
from composer.model.mailing import DeliveryState, Mailing, Outcome, Recipient, Result


class Ledger:
    """Subscribers, mailings, deliveries and suppressions in one database. Safe to use from several threads and processes."""

    def __init__(self, store: Store, *, now: datetime, zone: tzinfo = UTC) -> None:
        self._store = store
        self.path = store.path
        self.home = Home(store, now=now, zone=zone)
        self.subscribers = Subscribers(store)
        self.suppressions = Suppressions(store)
        self.editions = Editions(store)
        self.corrections = Corrections(store)
        self.mailings = Mailings(store)
        self.headcount = Headcount(store)
        self.deliveries = Deliveries(store)
        self.planning = Planning(store)
        self.replies = Replies(store)
        self.proofs = Proofs(store)
        self.clocks = Clocks(store)
        self.notices = Notices(store)

    def close(self) -> None:
        """Gives all connections back."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # The door of the sender. On a copy of a ledger nothing is ever handed out.

    def running_mailings(self, *, now: datetime) -> Sequence[Mailing]:
        """Mailings with something due, hold window over; none on a copy."""
        return self.mailings.running(now=now) if self.home.is_here else ()

    def claim(self, mailing_id: int, *, worker: str, limit: int, lease_s: float, now: datetime) -> Sequence[Recipient]:
        """Leases up to ``limit`` due deliveries; raises LedgerError on a copy."""
        self.home.require()
        return self.deliveries.claim(mailing_id, worker=worker, limit=limit, lease_s=lease_s, now=now)

    def advance(self, results: Sequence[Result], marks: Sequence[int], *, worker: str, now: datetime) -> frozenset[int]:
        """Writes how attempts ended and ``submitting`` for those about to leave, in one transaction; gives those that may leave."""
        return self.deliveries.advance(results, marks, worker=worker, now=now)

    def mark_submitting(self, delivery_id: int, *, worker: str, now: datetime) -> bool:
        """Writes ``submitting`` before the data leaves; False: do not send this one."""
        return self.deliveries.mark_submitting(delivery_id, worker=worker, now=now)

    def record(
        self, delivery_id: int, outcome: Outcome, state: DeliveryState, *, retry_at: datetime | None, suppress: bool, now: datetime
    ) -> None:
        """Writes how an attempt ended."""
        self.deliveries.record(delivery_id, outcome, state, retry_at=retry_at, suppress=suppress, now=now)

    def release(self, delivery_ids: Sequence[int], *, worker: str) -> None:
        """Gives leases back unsent."""
        self.deliveries.release(delivery_ids, worker=worker)

    def postpone(self, waits: Sequence[tuple[int, datetime]], *, worker: str, now: datetime) -> None:
        """Gives leases back until a moment of each: their domain is slow or closed."""
        self.planning.postpone(waits, worker=worker, now=now)

    def pull_back(self, delivery_ids: Sequence[int], *, now: datetime) -> int:
        """Takes the blame off deliveries that failed in a row with one reply: pending again, their suppressions undone."""
        return self.deliveries.pull_back(delivery_ids, now=now)

    def hold(self, mailing_id: int, *, reason: str, now: datetime) -> None:
        """Puts the mailing on hold with the server's words, and tells; also one that was finished in this moment, and is not told as such yet."""
        if self.mailings.hold(mailing_id, code="server", reason=reason, just_finished=True):
            self.notices.add(mailing_id=mailing_id, kind="held", words=reason, now=now)

    def close_finished(self, *, now: datetime) -> Sequence[Mailing]:
        """Finishes every running mailing with nothing left to do; those newly finished are given back."""
        return self.mailings.close_finished(now=now) if self.home.is_here else ()


def open_ledger(
    path: Path,
    *,
    now: datetime | None = None,
    patience: Patience = Patience(),  # noqa: B008 - a frozen value
    say: Told = log_told,
    zone: tzinfo = UTC,
) -> Ledger:
    """The ledger at ``path``, made when absent and brought to the present shape, which ``say`` hears; ``patience`` is for one that another program holds.

    What it says of hours is in ``zone``. A copy opens too, for reading; it refuses to send (``ledger.home.require()``). Raises LedgerError or FolderError.
    """
    store = open_store(path, patience, say=say)
    try:
        return Ledger(store, now=now or datetime.now(UTC), zone=zone)
    except BaseException:
        store.close()
        raise
