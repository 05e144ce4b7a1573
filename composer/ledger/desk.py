"""What the desk leaves behind: proofs, approvals, notices, and the sign of life of the clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Column, Row, Select, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_ignore

from composer.ledger.store import Store
from composer.ledger.tables import approvals, heartbeats, mailings, notices, proofs
from composer.model.notice import Channel, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A test send to the editors."""

    issue_id: str
    number: int  # 1, 2, 3 … per issue
    digest: str
    sent_to: tuple[str, ...]  # never empty: a number that reached nobody is no proof
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """A «bon à tirer»: who gave it, and for which edition."""

    digest: str
    approver: str
    approved_at: datetime


class Proofs:
    """Proofs and approvals."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def reserve(self, *, issue_id: str, digest: str, now: datetime) -> int:
        """Takes the issue's next number, before anything is sent: two people who send at once get two, and one that failed is not given again."""
        with self._store.writing() as connection:
            number = (connection.execute(select(func.max(proofs.c.number)).where(proofs.c.issue_id == issue_id)).scalar() or 0) + 1
            # Until somebody got it, it has gone to nobody, and counts as no proof.
            connection.execute(insert(proofs).values(issue_id=issue_id, number=number, digest=digest, sent_to=[], sent_at=now))
        return number

    def sent(self, issue_id: str, number: int, *, sent_to: Sequence[str], now: datetime) -> None:
        """Writes who was sent the proof that was reserved."""
        mine = (proofs.c.issue_id == issue_id) & (proofs.c.number == number)
        with self._store.writing() as connection:
            connection.execute(update(proofs).where(mine).values(sent_to=list(sent_to), sent_at=now))

    def add(self, *, issue_id: str, digest: str, sent_to: Sequence[str], now: datetime) -> Proof:
        """Writes a proof that was sent under the issue's next number."""
        number = self.reserve(issue_id=issue_id, digest=digest, now=now)
        self.sent(issue_id, number, sent_to=sent_to, now=now)
        return Proof(issue_id=issue_id, number=number, digest=digest, sent_to=tuple(sent_to), sent_at=now)

    def of_issue(self, issue_id: str) -> tuple[Proof, ...]:
        """The proofs of an issue that somebody got, the newest first."""
        query = select(proofs).where(proofs.c.issue_id == issue_id).order_by(proofs.c.number.desc())
        with self._store.reading() as connection:
            return tuple(_proof(row) for row in connection.execute(query) if row.sent_to)

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

    def bury(self, *, before: datetime) -> datetime | None:
        """When the clocks that fell silent without a word were last seen, their rows taken away; None while any was seen since ``before``.

        A clock that ends says so and leaves no row.
        """
        with self._store.writing() as connection:
            seen: datetime | None = connection.execute(select(func.max(heartbeats.c.seen_at))).scalar()
            if seen is None or seen >= before:
                return None
            connection.execute(heartbeats.delete())
            return seen


class Notices:
    """What the desk is told, and by which channels it has been."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, *, mailing_id: int | None, kind: str, words: str, now: datetime, detail: str = "", about: str = "") -> None:
        """Writes a notice."""
        with self._store.writing() as connection:
            connection.execute(
                insert(notices).values(_values(mailing_id=mailing_id, kind=kind, words=words, detail=detail, about=about, now=now))
            )

    def add_unless_last(
        self, among: Sequence[str], *, mailing_id: int | None, kind: str, words: str, now: datetime, detail: str = "", about: str = ""
    ) -> bool:
        """Writes a notice unless the last one of the kinds ``among`` says the same (kind, detail); whether it did.

        Two engines that see one thing write it once. With ``about``, only notices about the same trouble count.
        """
        with self._store.writing() as connection:
            last = connection.execute(_last(among, mailing_id, about)).first()
            if last is not None and (last.kind, last.detail) == (_coded(kind, about), detail):
                return False
            connection.execute(
                insert(notices).values(_values(mailing_id=mailing_id, kind=kind, words=words, detail=detail, about=about, now=now))
            )
            return True

    def last(self, among: Sequence[str], *, mailing_id: int | None = None, about: str = "") -> Notice | None:
        """The newest notice of the kinds ``among`` about a mailing, or about none; None when there is none."""
        with self._store.reading() as connection:
            row = connection.execute(_last(among, mailing_id, about)).first()
        return None if row is None else _notice(row)

    def open_troubles(self, down: str, up: str) -> tuple[Notice, ...]:
        """The newest notice of each trouble of kind ``down`` that no ``up`` has followed, the oldest first."""
        newest: dict[str, Notice] = {}
        for notice in self._select(_with_issue().where(or_(*(notices.c.kind.startswith(f"{kind}:") for kind in (down, up))))):
            newest.pop(notice.about, None)
            newest[notice.about] = notice
        return tuple(notice for notice in newest.values() if notice.kind == down)

    def untold(self, channel: Channel = "mail", *, since: datetime | None = None) -> tuple[Notice, ...]:
        """Notices that this channel has not carried yet, the oldest first; with ``since`` none older than that."""
        query = _with_issue().where(_CHANNELS[channel].is_(None))
        return self._select(query if since is None else query.where(notices.c.created_at >= since))

    def of_mailing(self, mailing_id: int) -> tuple[Notice, ...]:
        """All notices about a mailing, the oldest first."""
        return self._select(_with_issue().where(notices.c.mailing_id == mailing_id))

    def after(self, notice_id: int) -> tuple[Notice, ...]:
        """What was written after the notice ``notice_id``, the oldest first."""
        return self._select(_with_issue().where(notices.c.id > notice_id))

    def newest_id(self) -> int:
        """The number of the newest notice, 0 when there is none."""
        with self._store.reading() as connection:
            return connection.execute(select(func.max(notices.c.id))).scalar() or 0

    def told(self, notice_ids: Sequence[int], channel: Channel = "mail", *, now: datetime) -> None:
        """Says that this channel has carried these to the desk."""
        with self._store.writing() as connection:
            connection.execute(update(notices).where(notices.c.id.in_(notice_ids)).values({_CHANNELS[channel].name: now}))

    def _select(self, query: Select[tuple[object, ...]]) -> tuple[Notice, ...]:
        with self._store.reading() as connection:
            return tuple(_notice(row) for row in connection.execute(query.order_by(notices.c.id)))


_CHANNELS: dict[Channel, Column[datetime]] = {"mail": notices.c.told_at, "webhook": notices.c.webhook_at}


def _with_issue() -> Select[tuple[object, ...]]:
    of_mailing = notices.outerjoin(mailings, notices.c.mailing_id == mailings.c.id)
    return cast("Select[tuple[object, ...]]", select(notices, mailings.c.issue_id).select_from(of_mailing))


def _last(among: Sequence[str], mailing_id: int | None, about: str) -> Select[tuple[object, ...]]:
    kinds = [_coded(kind, about) for kind in among]
    wanted = _with_issue().where(notices.c.kind.in_(kinds), notices.c.mailing_id.is_not_distinct_from(mailing_id))
    return wanted.order_by(notices.c.id.desc()).limit(1)


def _coded(kind: str, about: str) -> str:
    """How the column keeps them: ``trouble:certificate``."""
    return f"{kind}:{about}" if about else kind


def _values(*, mailing_id: int | None, kind: str, words: str, detail: str, about: str, now: datetime) -> dict[str, object]:
    return {"mailing_id": mailing_id, "kind": _coded(kind, about), "words": words, "detail": detail, "created_at": now}


def _notice(row: Row[tuple[object, ...]]) -> Notice:
    kind, _, about = row.kind.partition(":")
    return Notice(
        id=row.id,
        kind=kind,
        about=about,
        words=row.words,
        detail=row.detail,
        created_at=row.created_at,
        mailing_id=row.mailing_id,
        issue_id=row.issue_id or "",
    )


def _proof(row: Row[tuple[object, ...]]) -> Proof:
    return Proof(issue_id=row.issue_id, number=row.number, digest=row.digest, sent_to=tuple(row.sent_to), sent_at=row.sent_at)
