"""How a mailing is spread over time, in the ledger: its plan as JSON, its timetable as one INSERT … SELECT, what is still to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Insert,
    Integer,
    MetaData,
    ScalarSelect,
    String,
    Table,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    update,
)

from composer.deliver.choose import AudienceRule
from composer.deliver.slices import parse_slice
from composer.ledger.deliveries import UNTOUCHED
from composer.ledger.store import Store
from composer.ledger.subscribers import due_subscribers
from composer.ledger.tables import CAN_LEAVE, Instant, deliveries, subscribers
from composer.model.mailing import DeliveryState
from composer.model.pace import Census, Plan, Timetable

_NEAR = 8  # columns of a subscriber that are looked at without a table of them
_COLUMNS = ["mailing_id", "subscriber_id", "email", "email_key", "message_key", "state", "retry_at", "due_at", "updated_at"]

_ZONE_WAVES = Table(
    "zone_waves", MetaData(), Column("zone", String, primary_key=True), Column("wave", Integer, nullable=False), prefixes=["TEMPORARY"]
)


class Planning:
    """What of a mailing is still to come, and who waits for a slow domain."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def census(self, rule: AudienceRule, *, zone_field: str = "") -> Census:
        """Who would be due at this moment, by what stands in the field of zones."""
        with self._store.reading() as connection:
            return take_census(connection, rule, zone_field=zone_field)

    def to_come(self, mailing_id: int, *, now: datetime) -> tuple[tuple[datetime, int], ...]:
        """Instant → deliveries that are planned for it, the earliest first; not those that wait for a rate."""
        row = deliveries.c
        query = select(row.due_at, func.count()).where(_to_come(mailing_id, now)).group_by(row.due_at).order_by(row.due_at)
        with self._store.reading() as connection:
            return tuple((moment, count) for moment, count in connection.execute(query))

    def put_off(self, mailing_id: int, *, until: datetime, now: datetime) -> int:
        """What is planned for an hour to come waits until ``until`` at the least, and is planned for it; gives how many."""
        early = and_(_to_come(mailing_id, now), deliveries.c.due_at < until)
        with self._store.writing() as connection:
            return connection.execute(update(deliveries).where(early).values(retry_at=until, due_at=until)).rowcount

    def first_due(self, mailing_id: int) -> datetime | None:
        """The earliest moment at which something of a mailing may leave; None when nothing is left."""
        query = select(func.min(deliveries.c.retry_at)).where(deliveries.c.mailing_id == mailing_id, CAN_LEAVE)
        with self._store.reading() as connection:
            return connection.execute(query).scalar()

    def tried(self, mailing_id: int) -> dict[DeliveryState, int]:
        """Deliveries that have had an attempt, or were closed, by state; quick while they are few."""
        row, over = deliveries.c, (state for state in DeliveryState if state not in {DeliveryState.PENDING, DeliveryState.SUBMITTING})
        query = select(row.state, func.count()).where(row.mailing_id == mailing_id, row.state.in_(over)).group_by(row.state)
        with self._store.reading() as connection:
            return {DeliveryState(state): count for state, count in connection.execute(query)}

    def named(self, mailing_id: int, keys: Sequence[str]) -> int:
        """How many of these addresses are in the audience."""
        joined = select(func.count()).select_from(deliveries).join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        with self._store.reading() as connection:
            mine = joined.where(deliveries.c.mailing_id == mailing_id, subscribers.c.email_key.in_(keys))
            return connection.execute(mine).scalar_one()

    def postpone(self, waits: Sequence[tuple[int, datetime]], *, worker: str, now: datetime) -> None:
        """Gives leases back until a moment of each: their domain is slow or closed. They are as before, no attempt is counted.

        Written at ``now``: a clock that is put back does not let them wait longer than was meant.
        """
        if not waits:
            return
        with self._store.writing() as connection:
            connection.execute(_POSTPONE, [{"delivery": id_, "until": until, "mine": worker, "now": now} for id_, until in waits])


def _to_come(mailing_id: int, now: datetime) -> ColumnElement[bool]:
    """As the launch left it, for an hour to come."""
    row = deliveries.c
    return and_(row.mailing_id == mailing_id, row.due_at > now, row.worker == "", row.state == DeliveryState.PENDING, CAN_LEAVE, UNTOUCHED)


_POSTPONE = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("delivery"),
        deliveries.c.worker == bindparam("mine"),
        or_(deliveries.c.state == DeliveryState.PENDING, deliveries.c.state == DeliveryState.DEFERRED),
    )
    .values(worker="", retry_at=bindparam("until"), due_at=bindparam("until"), updated_at=bindparam("now"))
)


def take_census(connection: Connection, rule: AudienceRule, *, zone_field: str = "") -> Census:
    """Who is due, by what stands in the field of zones."""
    who = due_subscribers(rule).order_by(None)
    if not zone_field:
        return Census(audience=connection.execute(select(func.count()).select_from(who.subquery())).scalar_one())
    zoned = who.add_columns(_zone(zone_field).label("zone")).subquery()
    found = tuple((str(name or ""), count) for name, count in connection.execute(select(zoned.c.zone, func.count()).group_by(zoned.c.zone)))
    return Census(audience=sum(count for _, count in found), zones=found)


def freeze_audience(connection: Connection, mailing_id: int, rule: AudienceRule, now: datetime, timetable: Timetable | None = None) -> None:
    """A pending delivery for everybody who is due; without a timetable all of them may leave now.

    Which zone is in which wave stands in a temporary table with a key: the planner walks lists of values once per reader, or the readers once per value.
    """
    if timetable is None or not timetable.waves:
        connection.execute(_freeze(mailing_id, rule, now, timetable))
        return
    _ZONE_WAVES.create(connection)
    connection.execute(insert(_ZONE_WAVES), [{"zone": zone, "wave": wave} for zone, wave in timetable.waves])
    connection.execute(_freeze(mailing_id, rule, now, timetable))
    _ZONE_WAVES.drop(connection)


def _freeze(mailing_id: int, rule: AudienceRule, now: datetime, timetable: Timetable | None) -> Insert:
    """INSERT … SELECT: one statement, however many readers and waves."""
    who = due_subscribers(rule)
    if timetable is not None and timetable.zone_field:
        who = who.add_columns(_zone(timetable.zone_field).label("zone"))
    people = who.subquery()
    due: ColumnElement[datetime] = _instant(now)
    if timetable is not None and len({moment for slot in timetable.slots for moment in slot.at}) == 1:
        due = _instant(timetable.slots[0].at[0])
    elif timetable is not None:
        # Rank and wave need a level of their own: written into each branch, they would be reckoned in each.
        people = select(*people.c, _place(people.c.id, timetable).label("place"), *_wave(people, timetable)).subquery()
        due = _planned(people, timetable)
    moment = select(
        literal(mailing_id),
        people.c.id,
        people.c.email,
        people.c.email_key,
        func.lower(func.hex(func.randomblob(16))),
        literal(DeliveryState.PENDING.value),
        due.label("retry_at"),
        due.label("due_at"),
        _instant(now),
    ).select_from(people)
    return insert(deliveries).from_select(_COLUMNS, moment)


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan as the row keeps it; {} for a plain one."""
    kept: dict[str, Any] = {
        "first": str(plan.first) if plan.first else None,
        "pause_min": plan.pause_min,
        "wall": plan.wall.isoformat() if plan.wall else None,
        "zone_field": plan.zone_field,
        "jitter_s": plan.jitter_s,
    }
    return {name: value for name, value in kept.items() if value}


def plan_of(kept: dict[str, Any] | None) -> Plan:
    """The plan of a row."""
    if not kept:
        return Plan()
    return Plan(
        first=parse_slice(kept["first"]) if kept.get("first") else None,
        pause_min=int(kept.get("pause_min", 0)),
        wall=datetime.fromisoformat(kept["wall"]) if kept.get("wall") else None,
        zone_field=str(kept.get("zone_field", "")),
        jitter_s=int(kept.get("jitter_s", 0)),
    )


def _place(id_: ColumnElement[int], timetable: Timetable) -> ColumnElement[int]:
    """The place in the walk: the rank is that of the order of arrival, which the rows come in anyway."""
    rank = func.row_number().over(order_by=id_) - 1
    return (rank * timetable.step + timetable.start) % max(1, timetable.audience)


def _wave(people: Any, timetable: Timetable) -> tuple[ColumnElement[int], ...]:
    if not timetable.waves:
        return ()
    found = select(_ZONE_WAVES.c.wave).where(_ZONE_WAVES.c.zone == people.c.zone).scalar_subquery()
    return (func.coalesce(found, 0).label("wave"),)


def _planned(people: Any, timetable: Timetable) -> ColumnElement[datetime]:
    """``due_at`` of each row."""
    if not timetable.waves:
        return _by_slot(people, timetable, [_instant(slot.at[0]) for slot in timetable.slots])
    instants = [case({wave: _instant(at) for wave, at in enumerate(slot.at)}, value=people.c.wave) for slot in timetable.slots]
    return _by_slot(people, timetable, instants)


def _by_slot(people: Any, timetable: Timetable, instants: Sequence[ColumnElement[datetime]]) -> ColumnElement[datetime]:
    branches = [(people.c.place < slot.upto, instant) for slot, instant in zip(timetable.slots[:-1], instants, strict=False)]
    if timetable.named:
        branches.insert(0, (people.c.email_key.in_(timetable.named), instants[0]))
    return case(*branches, else_=instants[-1]) if branches else instants[-1]


def _instant(moment: datetime) -> ColumnElement[datetime]:
    return literal(moment, Instant())


def _zone(field: str) -> ColumnElement[str]:
    """What stands in a field of a subscriber; fields are [[column, value], …].

    The first columns one by one: SQLite parses a row's text once for all of them, while json_each makes a table for every row.
    """
    fields = subscribers.c.fields
    near = [(_at(fields, number, 0) == field, _at(fields, number, 1)) for number in range(_NEAR)]
    return case(*near, (func.json_array_length(fields) > _NEAR, _far_zone(field)), else_=null())


def _at(fields: ColumnElement[Any], number: int, part: int) -> ColumnElement[str]:
    return func.json_extract(fields, literal_column(f"'$[{number}][{part}]'"), type_=String)


def _far_zone(field: str) -> ScalarSelect[str]:
    pairs = func.json_each(subscribers.c.fields).table_valued("value", name="pair")
    # The first one, as the person's own page shows it.
    return (
        select(func.json_extract(pairs.c.value, literal_column("'$[1]'")))
        .where(func.json_extract(pairs.c.value, literal_column("'$[0]'")) == field)
        .limit(1)
        .correlate(subscribers)
        .scalar_subquery()
    )
