"""Mailings: written, launched once, braked, finished. A method that gives None or False found another state than it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, and_, exc, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_ignore

from composer.deliver.choose import AudienceRule
from composer.ledger.deliveries import OPEN, lapse, running
from composer.ledger.planning import freeze_audience, plan_json, plan_of, take_census
from composer.ledger.store import Store
from composer.ledger.tables import CAN_LEAVE, ON_THE_WIRE, deliveries, launches, mailings
from composer.model.mailing import DeliveryState, Mailing, MailingFigures, MailingState
from composer.model.pace import Census, Plan, Timetable

ALIVE = (MailingState.SCHEDULED, MailingState.HELD, MailingState.RUNNING, MailingState.PAUSED)


class Mailings:
    """The rows of all mailings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self,
        *,
        issue_id: str,
        digest: str,
        due_at: datetime,
        now: datetime,
        hold_until: datetime | None = None,
        expected: int | None = None,
        expected_range: tuple[int, int] | None = None,
        series: str | None = None,
        local_date: date | None = None,
        correction_of: str = "",
        accepted: Sequence[str] = (),
        plan: Plan = Plan(),  # noqa: B008 - a frozen value
    ) -> Mailing | None:
        """Writes a scheduled mailing, ``accepted`` being the guards that a person has overruled; None when its issue has an open one, or the slot of that week is taken."""
        low, high = expected_range or (None, None)
        values = {
            "issue_id": issue_id,
            "state": MailingState.SCHEDULED,
            "digest": digest,
            "due_at": due_at,
            "hold_until": hold_until,
            "expected": expected,
            "expected_min": low,
            "expected_max": high,
            "series": series,
            "local_date": local_date,
            "correction_of": correction_of or None,
            "created_at": now,
            "accepted": sorted(accepted),
            "plan": plan_json(plan),
        }
        with self._store.writing() as connection:
            try:
                row = connection.execute(insert(mailings).values(values).returning(mailings)).one()
            except exc.IntegrityError:
                return None
            return mailing_of(row)

    def get(self, mailing_id: int) -> Mailing | None:
        """One mailing."""
        with self._store.reading() as connection:
            row = connection.execute(select(mailings).where(mailings.c.id == mailing_id)).first()
        return None if row is None else mailing_of(row)

    def of_issue(self, issue_id: str) -> tuple[Mailing, ...]:
        """All mailings of an issue, the newest first."""
        return self._select(mailings.c.issue_id == issue_id)

    def in_states(self, *states: MailingState) -> tuple[Mailing, ...]:
        """All mailings in these states, the newest first; all mailings when none is named."""
        return self._select(mailings.c.state.in_(states or tuple(MailingState)))

    def due(self, *, now: datetime) -> tuple[Mailing, ...]:
        """Scheduled mailings whose time has come, the earliest first; one for «at once» is due whatever the clock says since."""
        come = or_(mailings.c.due_at <= now, mailings.c.due_at <= mailings.c.created_at)
        found = self._select(mailings.c.state == MailingState.SCHEDULED, come)
        return tuple(sorted(found, key=lambda mailing: (mailing.due_at, mailing.id)))

    def taken_slots(self, series: str) -> frozenset[date]:
        """The local dates of a series that a mailing has taken."""
        with self._store.reading() as connection:
            days = connection.execute(select(mailings.c.local_date).where(mailings.c.series == series)).scalars()
            return frozenset(day for day in days if day is not None)

    def unreceipted(self) -> tuple[Mailing, ...]:
        """Launched mailings whose receipt is not yet on disk (a crash between the two)."""
        return self._select(mailings.c.state == MailingState.RUNNING, mailings.c.receipted_at.is_(None))

    def figures(self, mailing_id: int) -> MailingFigures | None:
        """A mailing and its counts, read at one moment; every state is present."""
        counted = select(deliveries.c.state, func.count()).where(deliveries.c.mailing_id == mailing_id).group_by(deliveries.c.state)
        with self._store.reading() as connection:
            row = connection.execute(select(mailings).where(mailings.c.id == mailing_id)).first()
            found = {state: count for state, count in connection.execute(counted)}  # noqa: C416 - rows are not pairs to mypy
        if row is None:
            return None
        return MailingFigures(mailing=mailing_of(row), counts=tuple((state, found.get(state, 0)) for state in DeliveryState))

    def launch(
        self,
        mailing_id: int,
        *,
        rule: AudienceRule,
        worker: str,
        message_domain: str,
        now: datetime,
        timetable: Callable[[Census], Timetable] | None = None,
        zone_field: str = "",
    ) -> Mailing | None:
        """Freezes the audience and starts the mailing, in one transaction; None when another process did or its state is another.

        ``timetable`` says of those who are due, counted by what stands in ``zone_field``, who may leave when; None: all now.
        Nothing may leave before ``receipted``.
        """
        with self._store.writing() as connection:
            ready = and_(mailings.c.id == mailing_id, mailings.c.state == MailingState.SCHEDULED)
            if connection.execute(select(mailings.c.id).where(ready)).scalar() is None:
                return None
            claim = insert_or_ignore(launches).values(mailing_id=mailing_id, worker=worker, launched_at=now).on_conflict_do_nothing()
            if connection.execute(claim.returning(launches.c.mailing_id)).scalar() is None:
                return None
            planned = None if timetable is None else timetable(take_census(connection, rule, zone_field=zone_field))
            freeze_audience(connection, mailing_id, rule, now, planned)
            audience = connection.execute(select(func.count()).where(deliveries.c.mailing_id == mailing_id)).scalar_one()
            values = {
                "state": MailingState.RUNNING,
                "audience": audience,
                "launched_at": now,
                "message_domain": message_domain,
                "reason": "",
                "reason_code": "",
            }
            row = connection.execute(update(mailings).where(mailings.c.id == mailing_id).values(values).returning(mailings)).one()
            return mailing_of(row)

    def receipted(self, mailing_id: int, *, now: datetime) -> None:
        """Says that sent.json stands on the disk: from now on messages may leave."""
        self._set(mailings.c.id == mailing_id, receipted_at=now)

    def unconcluded(self) -> tuple[Mailing, ...]:
        """Launched mailings that ended, nothing on the wire any more, and whose receipt does not say so yet."""
        wire = select(deliveries.c.id).where(deliveries.c.mailing_id == mailings.c.id, ON_THE_WIRE)
        ended = mailings.c.state.in_((MailingState.FINISHED, MailingState.STOPPED))
        return self._select(ended, mailings.c.launched_at.is_not(None), mailings.c.concluded_at.is_(None), ~wire.exists())

    def conclude(self, mailing_id: int, *, now: datetime) -> bool:
        """Says that the receipt is complete; False when it was before, and when the mailing runs again."""
        ended = mailings.c.state.in_((MailingState.FINISHED, MailingState.STOPPED))
        return self._set(and_(mailings.c.id == mailing_id, mailings.c.concluded_at.is_(None), ended), concluded_at=now)

    def hold(self, mailing_id: int, *, code: str, reason: str, just_finished: bool = False) -> bool:
        """Puts a mailing that could still move on hold; with ``just_finished`` also one whose receipt does not say yet that it has ended."""
        open_: ColumnElement[bool] = mailings.c.state.in_((MailingState.SCHEDULED, MailingState.RUNNING, MailingState.PAUSED))
        if just_finished:
            open_ = or_(open_, and_(mailings.c.state == MailingState.FINISHED, mailings.c.concluded_at.is_(None)))
        held = {"state": MailingState.HELD, "reason": reason, "reason_code": code, "finished_at": None}
        return self._set(and_(mailings.c.id == mailing_id, open_), **held)

    def rewind(self, *, lost: timedelta, now: datetime) -> tuple[Mailing, ...]:
        """After the wall clock was put back by ``lost``: a hold window ends when it was meant to. Gives what runs."""
        found = self.in_states(MailingState.RUNNING)
        for mailing in found:
            if mailing.hold_until is not None and mailing.hold_until > now:
                self._set(mailings.c.id == mailing.id, hold_until=mailing.hold_until - lost)
        return found

    def pause(self, mailing_id: int, *, reason: str) -> bool:
        """Stops handing out deliveries until ``resume``."""
        running_ = and_(mailings.c.id == mailing_id, mailings.c.state == MailingState.RUNNING)
        return self._set(running_, state=MailingState.PAUSED, reason=reason, reason_code="paused")

    def resume(self, mailing_id: int) -> Mailing | None:
        """Lets a paused or held mailing go on; what held it before its launch is remembered as overruled."""
        with self._store.writing() as connection:
            row = connection.execute(select(mailings).where(mailings.c.id == mailing_id)).one()
            if row.state not in {MailingState.PAUSED, MailingState.HELD}:
                return None
            launched = row.launched_at is not None
            # Whoever resumes has seen the hour; and what held it before its launch does not hold it again.
            overruled = {*row.accepted, row.reason_code, *(("late",) if launched else ())} - {"paused", "server", ""}
            values = {
                "state": MailingState.RUNNING if launched else MailingState.SCHEDULED,
                "reason": "",
                "reason_code": "",
                "accepted": sorted(overruled),
            }
            changed = connection.execute(update(mailings).where(mailings.c.id == mailing_id).values(values).returning(mailings)).one()
            return mailing_of(changed)

    def accept(self, mailing_id: int, *, code: str) -> bool:
        """Notes beforehand that ``code`` is not to hold a scheduled mailing; False when it is no longer scheduled."""
        with self._store.writing() as connection:
            waiting = and_(mailings.c.id == mailing_id, mailings.c.state == MailingState.SCHEDULED)
            accepted = connection.execute(select(mailings.c.accepted).where(waiting)).scalar()
            if accepted is None:
                return False
            connection.execute(update(mailings).where(waiting).values(accepted=sorted({*accepted, code})))
            return True

    def stop(self, mailing_id: int, *, reason: str, now: datetime) -> MailingFigures | None:
        """Ends a launched mailing: what has not been handed to the wire is cancelled. The figures are those of that very moment."""
        launched = and_(mailings.c.id == mailing_id, mailings.c.launched_at.is_not(None), mailings.c.state.in_(ALIVE))
        values = {"state": MailingState.STOPPED, "reason": reason, "reason_code": "stopped", "finished_at": now}
        left = and_(deliveries.c.mailing_id == mailing_id, deliveries.c.state.in_(OPEN))
        with self._store.writing() as connection:
            row = connection.execute(update(mailings).where(launched).values(values).returning(mailings)).first()
            if row is None:
                return None
            cancelled = {"state": DeliveryState.CANCELLED, "worker": "", "updated_at": now}
            connection.execute(update(deliveries).where(left).values(cancelled))
            return MailingFigures(mailing=mailing_of(row), counts=_counts(connection, mailing_id))

    def unschedule(self, mailing_id: int, *, reason: str, now: datetime) -> bool:
        """Takes back a mailing that was never launched; its slot is free again."""
        waiting = and_(
            mailings.c.id == mailing_id,
            mailings.c.launched_at.is_(None),
            mailings.c.state.in_((MailingState.SCHEDULED, MailingState.HELD)),
        )
        values = {"state": MailingState.STOPPED, "reason": reason, "reason_code": "unscheduled", "finished_at": now}
        return self._set(waiting, **values, series=None, local_date=None)

    def reopen(self, mailing_id: int, *, state: DeliveryState, now: datetime) -> int:
        """Makes the failed or uncertain deliveries of a mailing pending again, and a finished mailing running. Gives how many."""
        values = {"state": DeliveryState.PENDING, "attempts": 0, "worker": "", "retry_at": now, "due_at": now, "updated_at": now}
        return self._settle(mailing_id, state, values, reopen=True)

    def retry_uncertain(self, mailing_id: int, *, most: int, now: datetime) -> int:
        """Makes uncertain deliveries with fewer than ``most`` attempts pending again; gives how many. The attempts stay counted."""
        values = {"state": DeliveryState.PENDING, "worker": "", "retry_at": now, "due_at": now, "updated_at": now}
        return self._settle(mailing_id, DeliveryState.UNCERTAIN, values, reopen=True, attempts_below=most)

    def drop(self, mailing_id: int, *, state: DeliveryState, now: datetime) -> int:
        """Cancels the uncertain deliveries of a mailing: they are not tried again. Gives how many."""
        return self._settle(mailing_id, state, {"state": DeliveryState.CANCELLED, "worker": "", "updated_at": now}, reopen=False)

    def running(self, *, now: datetime) -> tuple[Mailing, ...]:
        """Mailings that may send and have something due; the earliest launched first."""
        something = select(deliveries.c.id).where(deliveries.c.mailing_id == mailings.c.id, deliveries.c.due_at <= now, CAN_LEAVE).exists()
        return tuple(reversed(self._select(mailings.c.id.in_(running(now)), something)))

    def close_finished(self, *, now: datetime) -> tuple[Mailing, ...]:
        """Finishes every running mailing with nothing pending, submitting or deferred; gives those newly finished."""
        mine = deliveries.c.mailing_id == mailings.c.id
        waiting, wire = (select(deliveries.c.id).where(mine, state).exists() for state in (CAN_LEAVE, ON_THE_WIRE))
        done = and_(mailings.c.id.in_(running(now)), ~waiting, ~wire)
        with self._store.reading() as connection:
            expired = and_(ON_THE_WIRE, deliveries.c.due_at <= now)
            something = connection.execute(
                select(or_(select(mailings.c.id).where(done).exists(), select(deliveries.c.id).where(expired).exists()))
            ).scalar()
        if not something:  # the sender asks every second: a look costs no write
            return ()
        with self._store.writing() as connection:
            lapse(connection, now=now)
            values = {"state": MailingState.FINISHED, "finished_at": now, "reason": "", "reason_code": ""}
            rows = connection.execute(update(mailings).where(done).values(values).returning(mailings)).all()
        return tuple(mailing_of(row) for row in rows)

    def last_audience(self) -> int | None:
        """The audience of the mailing that was launched last, corrections left out: they go to some only. None when none ever was."""
        ordinary = and_(mailings.c.launched_at.is_not(None), mailings.c.correction_of.is_(None))
        newest = select(mailings.c.audience).where(ordinary).order_by(mailings.c.launched_at.desc()).limit(1)
        with self._store.reading() as connection:
            return connection.execute(newest).scalar()

    def _settle(
        self, mailing_id: int, state: DeliveryState, values: dict[str, object], *, reopen: bool, attempts_below: int | None = None
    ) -> int:
        wanted = and_(deliveries.c.mailing_id == mailing_id, deliveries.c.state == state)
        if attempts_below is not None:
            wanted = and_(wanted, deliveries.c.attempts < attempts_below)
        with self._store.writing() as connection:
            changed = connection.execute(update(deliveries).where(wanted).values(values)).rowcount
            if changed and reopen:
                finished = and_(mailings.c.id == mailing_id, mailings.c.state == MailingState.FINISHED)
                again = {"state": MailingState.RUNNING, "finished_at": None, "concluded_at": None}
                connection.execute(update(mailings).where(finished).values(again))
        return changed

    def _select(self, *conditions: object) -> tuple[Mailing, ...]:
        query = select(mailings).where(*conditions).order_by(mailings.c.id.desc())  # type: ignore[arg-type]
        with self._store.reading() as connection:
            return tuple(mailing_of(row) for row in connection.execute(query))

    def _set(self, condition: object, **values: object) -> bool:
        with self._store.writing() as connection:
            return connection.execute(update(mailings).where(condition).values(values)).rowcount == 1  # type: ignore[arg-type]


def _counts(connection: Connection, mailing_id: int) -> tuple[tuple[DeliveryState, int], ...]:
    counted = select(deliveries.c.state, func.count()).where(deliveries.c.mailing_id == mailing_id).group_by(deliveries.c.state)
    found = {row[0]: row[1] for row in connection.execute(counted)}
    return tuple((state, found.get(state, 0)) for state in DeliveryState)


def mailing_of(row: Row[tuple[object, ...]]) -> Mailing:
    """A row of ``mailings`` as the model has it."""
    return Mailing(
        id=row.id,
        issue_id=row.issue_id,
        state=MailingState(row.state),
        reason=row.reason,
        due_at=row.due_at,
        hold_until=row.hold_until,
        digest=row.digest,
        expected_min=row.expected_min,
        expected_max=row.expected_max,
        audience=row.audience,
        launched_at=row.launched_at,
        finished_at=row.finished_at,
        reason_code=row.reason_code,
        expected=row.expected,
        accepted=tuple(row.accepted),
        correction_of=row.correction_of or "",
        plan=plan_of(row.plan),
    )
