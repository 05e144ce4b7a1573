"""Deliveries: claim, mark, send, record. Every method is one short transaction, and the counts of a mailing add up after each."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, and_, bindparam, case, exists, func, insert, or_, select, update

from composer.ledger.hot_path import REPLY_MAX, claim, close_those_who_left, write_marks, write_taken
from composer.ledger.store import Store, driver_of
from composer.ledger.tables import ON_THE_WIRE, deliveries, mailings, subscribers, suppressions
from composer.model.mailing import DeliveryState, MailingState, Outcome, Recipient, Result, Stage

OPEN = (DeliveryState.PENDING, DeliveryState.DEFERRED)
_VALUES_MAX = 500  # in one statement

_STOPPED = exists().where(mailings.c.id == deliveries.c.mailing_id, mailings.c.state == MailingState.STOPPED)
_FINISHED = exists().where(mailings.c.id == deliveries.c.mailing_id, mailings.c.state == MailingState.FINISHED)
_RUNNING = exists().where(
    mailings.c.id == deliveries.c.mailing_id, mailings.c.state == MailingState.RUNNING, mailings.c.receipted_at.is_not(None)
)
# As the launch left it; who puts it off keeps ``updated_at``.
UNTOUCHED = and_(
    deliveries.c.attempts == 0,
    exists().where(mailings.c.id == deliveries.c.mailing_id, mailings.c.launched_at == deliveries.c.updated_at),
)
# For an hour to come: like a departure, that was promised by the clock on the wall.
PLANNED = and_(UNTOUCHED, deliveries.c.retry_at > deliveries.c.updated_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderDelivery:
    """One reader's delivery of one mailing."""

    mailing_id: int
    state: DeliveryState
    message_id: str
    attempts: int


class Deliveries:
    """The rows of all mailings on their way."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def claim(self, mailing_id: int, *, worker: str, limit: int, lease_s: float, now: datetime) -> Sequence[Recipient]:
        """Leases up to ``limit`` due deliveries; who left since the launch is closed as suppressed on the way."""
        with self._store.pen() as driver:
            return tuple(claim(driver, mailing_id, worker=worker, limit=limit, until=now + timedelta(seconds=lease_s), now=now))

    def advance(self, results: Sequence[Result], marks: Sequence[int], *, worker: str, now: datetime) -> frozenset[int]:
        """Writes how attempts ended, then ``submitting`` for those about to leave, in one transaction.

        Gives those of ``marks`` that may leave: a lease that was lost, a mailing that does not run and a reader who has left may not.
        """
        taken = [result for result in results if _is_plain(result)]
        others = [result for result in results if not _is_plain(result)]
        if others:
            with self._store.writing() as connection:
                for result in others:
                    _write_result(connection, result, now=now)
                allowed = _advance(driver_of(connection), taken, marks, worker=worker, now=now)
        else:
            with self._store.pen() as driver:
                allowed = _advance(driver, taken, marks, worker=worker, now=now)
        return allowed

    def mark_submitting(self, delivery_id: int, *, worker: str, now: datetime) -> bool:
        """Writes ``submitting`` before the data leaves; False when the lease is lost, the mailing does not run, or the reader left."""
        return bool(self.advance((), (delivery_id,), worker=worker, now=now))

    def record(
        self, delivery_id: int, outcome: Outcome, state: DeliveryState, *, retry_at: datetime | None, suppress: bool, now: datetime
    ) -> None:
        """Writes how an attempt ended.

        What a stop caught on the wire and would be tried again is cancelled. PENDING says that nobody is to blame
        for this delivery: the attempt is not counted. A late answer settles what was taken for uncertain.
        """
        result = Result(delivery_id=delivery_id, outcome=outcome, state=state, retry_at=retry_at, suppress=suppress)
        self.advance((result,), (), worker="", now=now)

    def last_outcome(self, mailing_id: int) -> tuple[Outcome, datetime] | None:
        """How the mailing's last attempt ended, and when; None before the first one ended."""
        row = deliveries.c
        ended = and_(row.mailing_id == mailing_id, row.stage != "")
        query = select(row.stage, row.code, row.enhanced, row.reply, row.updated_at).where(ended)
        with self._store.reading() as connection:
            last = connection.execute(query.order_by(row.updated_at.desc(), row.id.desc()).limit(1)).first()
        if last is None:
            return None
        return Outcome(stage=Stage(last.stage), code=last.code, enhanced=last.enhanced, reply=last.reply), last.updated_at

    def of_reader(self, issue_id: str, email_key: str) -> tuple[ReaderDelivery, ...]:
        """What an issue's mailings have for a person, the newest first."""
        row, mine = deliveries.c, and_(deliveries.c.subscriber_id == subscribers.c.id, deliveries.c.mailing_id == mailings.c.id)
        query = select(row.mailing_id, row.state, row.message_key, mailings.c.message_domain, row.attempts).where(
            mine, subscribers.c.email_key == email_key, mailings.c.issue_id == issue_id
        )
        with self._store.reading() as connection:
            found = connection.execute(query.order_by(row.mailing_id.desc())).all()
        return tuple(
            ReaderDelivery(mailing_id=id_, state=DeliveryState(state), message_id=f"{key}@{domain}", attempts=attempts)
            for id_, state, key, domain, attempts in found
        )

    def release(self, delivery_ids: Sequence[int], *, worker: str) -> None:
        """Gives leases back unsent; the deliveries are as before the claim."""
        row = deliveries.c
        mine = and_(row.id.in_(delivery_ids), row.worker == worker, row.state.in_(OPEN))
        with self._store.writing() as connection:
            connection.execute(update(deliveries).where(mine).values(worker="", due_at=row.retry_at))

    def recover(self, *, now: datetime, all_workers: bool = False) -> int:
        """Turns what is found ``submitting`` after a crash into ``uncertain``: it may have gone. Gives how many.

        ``all_workers`` is for a sender that holds the only-sender lock: then every such row is somebody's who died;
        otherwise only those whose lease ran out.
        """
        with self._store.writing() as connection:
            if all_workers:
                freed = {"worker": "", "due_at": deliveries.c.retry_at}
                connection.execute(update(deliveries).where(deliveries.c.state.in_(OPEN), deliveries.c.worker != "").values(freed))
            return lapse(connection, now=None if all_workers else now, written_at=now)

    def settle_gone(self, mailing_id: int, keys: Collection[str], *, source: str, now: datetime) -> int:
        """Counts as submitted those of ``keys`` (Message-ID before the @) that had not left as far as is known; gives how many."""
        row, wanted, changed = deliveries.c, sorted(keys), 0
        values = {"state": DeliveryState.SUBMITTED, "stage": Stage.DONE, "reply": source[:REPLY_MAX], "worker": "", "updated_at": now}
        with self._store.writing() as connection:
            for start in range(0, len(wanted), _VALUES_MAX):
                these = row.message_key.in_(wanted[start : start + _VALUES_MAX])
                unsettled = and_(row.mailing_id == mailing_id, row.state.in_((*OPEN, DeliveryState.UNCERTAIN)), these)
                changed += connection.execute(update(deliveries).where(unsettled).values(values)).rowcount
        return changed

    def rewind(self, *, now: datetime) -> int:
        """After the wall clock was put back: what was written «later than now» waits no longer than it was meant to. Gives how many."""
        row = deliveries.c
        ahead = and_(row.state.in_(OPEN), row.updated_at > now, ~PLANNED)
        with self._store.writing() as connection:
            waits = connection.execute(select(row.id, row.retry_at, row.updated_at).where(ahead, row.state == DeliveryState.DEFERRED)).all()
            again = {"retry_at": now, "due_at": case((row.worker == "", now), else_=row.due_at), "updated_at": now}
            changed = connection.execute(update(deliveries).where(ahead).values(again)).rowcount
            if waits:
                connection.execute(_WAITS, [{"delivery": id_, "again": now + (retry_at - written)} for id_, retry_at, written in waits])
            return changed

    def hurry(self, *, now: datetime) -> int:
        """What was given back until a moment may leave at once: the rates that it waited for may have changed. Gives how many.

        Not what is planned for an hour, nor who was tried and waits to be tried again.
        """
        row = deliveries.c
        waits = and_(
            row.state == DeliveryState.PENDING,
            row.due_at > now,
            row.worker == "",
            row.stage == "",
            row.mailing_id.in_(running(now)),
            ~PLANNED,
        )
        with self._store.writing() as connection:
            return connection.execute(update(deliveries).where(waits).values(retry_at=now, due_at=now, updated_at=now)).rowcount

    def pull_back(self, delivery_ids: Sequence[int], *, now: datetime) -> int:
        """Takes the blame off deliveries that failed in a row with one reply: pending again, their suppressions undone. Gives how many."""
        with self._store.writing() as connection:
            wrong = suppressions.delete().where(suppressions.c.delivery_id.in_(delivery_ids))
            connection.execute(wrong)
            again = {"state": DeliveryState.PENDING, "attempts": 0, "worker": "", "retry_at": now, "due_at": now, "updated_at": now}
            failed = and_(deliveries.c.id.in_(delivery_ids), deliveries.c.state == DeliveryState.FAILED, ~_STOPPED, ~_FINISHED)
            return connection.execute(update(deliveries).where(failed).values(again)).rowcount


# Who is leased keeps the end of the lease; its next attempt is reckoned anew all the same.
_WAITS = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"))
    .values(
        retry_at=bindparam("again"),
        due_at=case((deliveries.c.worker == "", bindparam("again", type_=deliveries.c.due_at.type)), else_=deliveries.c.due_at),
    )
)

_UNSETTLED = (DeliveryState.SUBMITTING, DeliveryState.UNCERTAIN, *OPEN)


def _write_result(connection: Connection, result: Result, *, now: datetime) -> None:
    row, outcome, state = deliveries.c, result.outcome, result.state
    retry_at = now if state in OPEN and result.retry_at is None else result.retry_at
    current = connection.execute(select(row.state, row.attempts).where(row.id == result.delivery_id)).first()
    if current is None or current.state not in _UNSETTLED:
        return
    values = _outcome_values(outcome, state, retry_at=retry_at, now=now)
    if state is DeliveryState.PENDING and current.state == DeliveryState.SUBMITTING:
        values["attempts"] = max(0, current.attempts - 1)
    connection.execute(update(deliveries).where(row.id == result.delivery_id).values(values))
    if state in OPEN:
        _settle_late(connection, result.delivery_id)
    if result.suppress:
        _suppress(connection, result.delivery_id, source=outcome.reply[:REPLY_MAX], now=now)


def _settle_late(connection: Connection, delivery_id: int) -> None:
    """What would be tried again, of a mailing that ended meanwhile: cancelled after a stop; after the finish failed, so that the desk sees it.

    The finish took it for uncertain when its lease ran out; its receipt is concluded anew, with the figures as they are.
    """
    this = deliveries.c.id == delivery_id
    connection.execute(update(deliveries).where(this, _STOPPED).values(state=DeliveryState.CANCELLED))
    if connection.execute(update(deliveries).where(this, _FINISHED).values(state=DeliveryState.FAILED)).rowcount:
        mine = select(deliveries.c.mailing_id).where(this).scalar_subquery()
        connection.execute(update(mailings).where(mailings.c.id == mine).values(concluded_at=None))


def _is_plain(result: Result) -> bool:
    return result.state is DeliveryState.SUBMITTED and not result.suppress


def _advance(driver: sqlite3.Connection, taken: Sequence[Result], marks: Sequence[int], *, worker: str, now: datetime) -> frozenset[int]:
    if taken:
        write_taken(driver, taken, now=now)
    allowed = write_marks(driver, marks, worker=worker, now=now) if marks else frozenset()
    if len(allowed) < len(marks):
        close_those_who_left(driver, [mark for mark in marks if mark not in allowed], now=now)
    return allowed


def lapse(connection: Connection, *, now: datetime | None, written_at: datetime | None = None) -> int:
    """``submitting`` rows whose lease ran out (or all, without ``now``) become uncertain."""
    lost = ON_THE_WIRE if now is None else and_(ON_THE_WIRE, deliveries.c.due_at <= now)
    moment = written_at or now
    values = {"state": DeliveryState.UNCERTAIN, "stage": Stage.AFTER_DOT, "worker": "", "updated_at": moment}
    return connection.execute(update(deliveries).where(lost).values(values)).rowcount


def running(now: datetime) -> Select[tuple[int]]:
    """Ids of the mailings that may send: launched, receipt on disk, hold window over."""
    return select(mailings.c.id).where(
        mailings.c.state == MailingState.RUNNING,
        mailings.c.receipted_at.is_not(None),
        or_(mailings.c.hold_until.is_(None), mailings.c.hold_until <= now),
    )


def _outcome_values(outcome: Outcome, state: DeliveryState, *, retry_at: datetime | None, now: datetime) -> dict[str, object]:
    values: dict[str, object] = {
        "state": state,
        "stage": outcome.stage,
        "code": outcome.code,
        "enhanced": outcome.enhanced[:16],
        "reply": outcome.reply[:REPLY_MAX],
        "worker": "",
        "updated_at": now,
    }
    return values if retry_at is None else {**values, "retry_at": retry_at, "due_at": retry_at}


def _suppress(connection: Connection, delivery_id: int, *, source: str, now: datetime) -> None:
    key = connection.execute(select(deliveries.c.email_key).where(deliveries.c.id == delivery_id)).scalar_one()
    if connection.execute(select(func.count()).where(suppressions.c.email_key == key)).scalar():
        return
    values = {"email_key": key, "reason": "hard-bounce", "source": source, "delivery_id": delivery_id, "created_at": now}
    connection.execute(insert(suppressions).values(values))
