"""What the desk leaves behind: proofs, approvals, notices, and the sign of life of the clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_ignore

from composer.ledger.store import Store
from composer.ledger.tables import approvals, heartbeats, notices, proofs


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A test send to the editors."""

    issue_id: str
    number: int  # 1, 2, 3 … per issue
    digest: str
    sent_to: tuple[str, ...]
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """A «bon à tirer»: who gave it, and for which edition."""

    digest: str
    approver: str
    approved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that the desk is told."""

    id: int
    mailing_id: int | None
    kind: str  # launched, finished, held, stopped, changed …
    words: str
    created_at: datetime


class Proofs:
    """Proofs and approvals."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def next_number(self, issue_id: str) -> int:
        """The number of the issue's next proof."""
        with self._store.reading() as connection:
            return (connection.execute(select(func.max(proofs.c.number)).where(proofs.c.issue_id == issue_id)).scalar() or 0) + 1

    def add(self, *, issue_id: str, digest: str, sent_to: Sequence[str], now: datetime) -> Proof:
        """Writes a proof under the issue's next number."""
        with self._store.writing() as connection:
            number = (connection.execute(select(func.max(proofs.c.number)).where(proofs.c.issue_id == issue_id)).scalar() or 0) + 1
            values = {"issue_id": issue_id, "number": number, "digest": digest, "sent_to": list(sent_to), "sent_at": now}
            connection.execute(insert(proofs).values(values))
        return Proof(issue_id=issue_id, number=number, digest=digest, sent_to=tuple(sent_to), sent_at=now)

    def of_issue(self, issue_id: str) -> tuple[Proof, ...]:
        """All proofs of an issue, the newest first."""
        query = select(proofs).where(proofs.c.issue_id == issue_id).order_by(proofs.c.number.desc())
        with self._store.reading() as connection:
            return tuple(_proof(row) for row in connection.execute(query))

    def approve(self, *, issue_id: str, digest: str, approver: str, now: datetime) -> None:
        """Writes an approval; a second one of the same person changes nothing."""
        values = {"issue_id": issue_id, "digest": digest, "approver": approver, "approved_at": now}
        with self._store.writing() as connection:
            connection.execute(insert_or_ignore(approvals).values(values).on_conflict_do_nothing())

    def approvers(self, issue_id: str, digest: str) -> tuple[str, ...]:
        """Who approved exactly this edition."""
        query = select(approvals.c.approver).where(approvals.c.issue_id == issue_id, approvals.c.digest == digest).order_by(approvals.c.id)
        with self._store.reading() as connection:
            return tuple(connection.execute(query).scalars())

    def approvals_of(self, issue_id: str) -> tuple[Approved, ...]:
        """All approvals of an issue, the newest first."""
        query = select(approvals).where(approvals.c.issue_id == issue_id).order_by(approvals.c.id.desc())
        with self._store.reading() as connection:
            return tuple(
                Approved(digest=row.digest, approver=row.approver, approved_at=row.approved_at) for row in connection.execute(query)
            )


AHEAD = timedelta(seconds=20)  # machines that share a ledger agree better than this


class Clocks:
    """Which clocks are alive."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def beat(self, worker: str, *, now: datetime) -> None:
        """Says that ``worker`` runs a clock; twice a minute is enough. Signs from the future, left by a clock that was put back, go."""
        beat = insert_or_ignore(heartbeats).values(worker=worker, seen_at=now)
        with self._store.writing() as connection:
            connection.execute(heartbeats.delete().where(heartbeats.c.seen_at > now + AHEAD))
            connection.execute(beat.on_conflict_do_update(index_elements=["worker"], set_={"seen_at": now}))

    def end(self, worker: str) -> None:
        """Says that ``worker`` ends its clock."""
        with self._store.writing() as connection:
            connection.execute(heartbeats.delete().where(heartbeats.c.worker == worker))

    def last_seen(self) -> datetime | None:
        """The newest sign of life of any clock."""
        with self._store.reading() as connection:
            return connection.execute(select(func.max(heartbeats.c.seen_at))).scalar()


class Notices:
    """What the desk is told, and whether it has been."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, *, mailing_id: int | None, kind: str, words: str, now: datetime) -> None:
        """Writes a notice."""
        with self._store.writing() as connection:
            connection.execute(insert(notices).values(mailing_id=mailing_id, kind=kind, words=words, created_at=now))

    def untold(self) -> tuple[Notice, ...]:
        """Notices that nobody has carried to the desk yet, the oldest first."""
        return self._select(select(notices).where(notices.c.told_at.is_(None)).order_by(notices.c.id))

    def of_mailing(self, mailing_id: int) -> tuple[Notice, ...]:
        """All notices about a mailing, the oldest first."""
        return self._select(select(notices).where(notices.c.mailing_id == mailing_id).order_by(notices.c.id))

    def told(self, notice_ids: Sequence[int], *, now: datetime) -> None:
        """Says that these have been carried to the desk."""
        with self._store.writing() as connection:
            connection.execute(update(notices).where(notices.c.id.in_(notice_ids)).values(told_at=now))

    def _select(self, query: object) -> tuple[Notice, ...]:
        with self._store.reading() as connection:
            rows = connection.execute(query).all()  # type: ignore[call-overload]
        return tuple(
            Notice(id=row.id, mailing_id=row.mailing_id, kind=row.kind, words=row.words, created_at=row.created_at) for row in rows
        )


def _proof(row: Row[tuple[object, ...]]) -> Proof:
    return Proof(issue_id=row.issue_id, number=row.number, digest=row.digest, sent_to=tuple(row.sent_to), sent_at=row.sent_at)
