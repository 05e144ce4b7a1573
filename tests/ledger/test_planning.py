"""A timetable in SQL says of each reader what the plain function says; leases go back until a moment; replies are counted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from composer.deliver.choose import AudienceRule
from composer.deliver.hours import parse_hours
from composer.deliver.slices import parse_slice
from composer.deliver.timetable import Frame, make_timetable
from composer.ledger import Ledger
from composer.ledger.subscribers import NewSubscriber
from composer.ledger.tables import deliveries, subscribers
from composer.model.mailing import DeliveryState, Mailing, MailingState, Outcome, Stage
from composer.model.pace import Census, PaceSettings, Plan, Timetable

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "deliver"))
from plain_timetable import instant_of

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
RULE = AudienceRule(issue_id="n")
WALL = datetime.fromisoformat("2026-11-27T07:00")
NAMES = ("Europe/Paris", "Pacific/Noumea", "", "rien de tel", "America/Montreal", "Asia/Kolkata", None)
FRAME = Frame(starts_at=NOON, zone=ZoneInfo("Europe/Paris"), seed="abcdef012345")


def subscribe(ledger: Ledger, count: int) -> None:
    people = [
        NewSubscriber(
            email=f"l{n}@exemple.fr",
            email_key=f"l{n}@exemple.fr",
            fields=(("ville", "Europe/Paris"), *((("fuseau", NAMES[n % 7]),) if NAMES[n % 7] is not None else ())),
        )
        for n in range(count)
    ]
    ledger.subscribers.add_all(people, now=NOON)
    for n in (5, 17):  # ranks are of those who are due, not of all
        ledger.subscribers.leave(n, by="page", now=NOON)


@pytest.mark.parametrize(
    ("plan", "frame"),
    [
        (Plan(), FRAME),
        (Plan(first=parse_slice("7%"), pause_min=30), FRAME),
        (Plan(first=parse_slice("l3@exemple.fr, l40@exemple.fr"), pause_min=30), FRAME),
        (Plan(), Frame(starts_at=NOON, zone=FRAME.zone, pace=PaceSettings(warm_up=(10, 30), warm_up_from=date(2026, 11, 26)))),
        (Plan(wall=WALL, zone_field="fuseau"), FRAME),
        (
            Plan(wall=WALL, zone_field="fuseau", first=parse_slice("20"), pause_min=45, jitter_s=77),
            Frame(
                starts_at=NOON,
                zone=FRAME.zone,
                hours=parse_hours("06:00-22:00"),
                seed="77",
                pace=PaceSettings(warm_up=(40, 60), warm_up_from=date(2026, 11, 27)),
            ),
        ),
    ],
)
def test_the_ledger_plans_each_reader_as_the_plain_function_does(ledger: Ledger, plan: Plan, frame: Frame) -> None:
    subscribe(ledger, 150)
    mailing = ledger.mailings.add(issue_id="n", digest="d" * 64, due_at=NOON, plan=plan, now=NOON)
    assert mailing
    assert mailing.plan == plan
    made: list[Timetable] = []

    def timetable(census: Census) -> Timetable:
        assert census.audience == 148
        made.append(make_timetable(plan, census, frame))
        return made[-1]

    started = ledger.mailings.launch(
        mailing.id, rule=RULE, worker="w", message_domain="x.fr", now=NOON, timetable=timetable, zone_field=plan.zone_field
    )
    assert started
    assert started.audience == 148
    query = select(deliveries.c.email_key, deliveries.c.due_at, deliveries.c.retry_at, subscribers.c.fields)
    with ledger._store.reading() as connection:
        rows = connection.execute(query.join(subscribers, subscribers.c.id == deliveries.c.subscriber_id).order_by(subscribers.c.id)).all()
    for rank, row in enumerate(rows):
        zone = dict(row.fields).get("fuseau", "")
        assert row.due_at == row.retry_at == instant_of(rank, row.email_key, zone, made[0])
    assert sum(count for _, count in ledger.planning.to_come(mailing.id, now=NOON - timedelta(seconds=1))) == 148
    assert ledger.planning.first_due(mailing.id) == min(row.due_at for row in rows)


def sliced(ledger: Ledger) -> Mailing:
    """A launched mailing: ten readers at NOON, forty half an hour later."""
    subscribe(ledger, 52)
    plan = Plan(first=parse_slice("10"), pause_min=30)
    mailing = ledger.mailings.add(issue_id="n", digest="d" * 64, due_at=NOON, plan=plan, now=NOON)
    assert mailing
    ledger.mailings.launch(
        mailing.id, rule=RULE, worker="w", message_domain="x.fr", now=NOON, timetable=lambda census: make_timetable(plan, census, FRAME)
    )
    ledger.mailings.receipted(mailing.id, now=NOON)
    return mailing


def test_what_waits_for_its_hour_is_not_handed_out_and_the_mailing_is_not_finished(ledger: Ledger) -> None:
    mailing = sliced(ledger)
    assert len(ledger.claim(mailing.id, worker="w", limit=99, lease_s=60, now=NOON)) == 10
    assert ledger.planning.to_come(mailing.id, now=NOON) == ((NOON + timedelta(minutes=30), 40),)
    assert ledger.close_finished(now=NOON) == ()
    assert len(ledger.claim(mailing.id, worker="v", limit=99, lease_s=60, now=NOON + timedelta(minutes=30))) == 50


def test_a_clock_put_back_brings_no_wave_forward(ledger: Ledger) -> None:
    mailing = sliced(ledger)
    back = NOON - timedelta(minutes=5)
    ledger.deliveries.rewind(now=back)
    assert len(ledger.claim(mailing.id, worker="w", limit=99, lease_s=60, now=back)) == 10
    assert ledger.planning.to_come(mailing.id, now=back) == ((NOON + timedelta(minutes=30), 40),)


def test_a_lease_given_back_until_a_moment_counts_no_attempt(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(3)
    first, second, third = (one.delivery_id for one in ledger.claim(mailing.id, worker="w", limit=9, lease_s=60, now=NOON))
    later = NOON + timedelta(minutes=10)
    ledger.planning.postpone([(first, later), (second, later)], worker="w", now=NOON)
    ledger.planning.postpone([(third, later)], worker="somebody else", now=NOON)
    ledger.planning.postpone([], worker="w", now=NOON)
    assert ledger.claim(mailing.id, worker="w", limit=9, lease_s=60, now=NOON) == ()
    again = ledger.claim(mailing.id, worker="w", limit=9, lease_s=60, now=later)
    assert {one.delivery_id for one in again} == {first, second, third}
    assert {one.attempts for one in again} == {0}
    ledger.release([first], worker="w")
    assert ledger.planning.first_due(mailing.id) == NOON


def test_who_waits_for_a_domain_waits_no_longer_when_the_clock_is_put_back(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing, later = launched(3), NOON + timedelta(days=1)
    leased = ledger.claim(mailing.id, worker="w", limit=9, lease_s=60, now=later)
    ledger.planning.postpone([(one.delivery_id, later + timedelta(hours=1)) for one in leased], worker="w", now=later)
    ledger.deliveries.rewind(now=NOON)
    assert len(ledger.claim(mailing.id, worker="w", limit=9, lease_s=60, now=NOON)) == 3


def test_a_new_sender_waits_for_no_rate_of_an_earlier_one(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing, later = launched(3), NOON + timedelta(hours=8)
    leased = ledger.claim(mailing.id, worker="w", limit=2, lease_s=60, now=NOON)
    ledger.planning.postpone([(one.delivery_id, later) for one in leased], worker="w", now=NOON + timedelta(seconds=1))
    soon = NOON + timedelta(minutes=1)
    assert ledger.deliveries.hurry(now=soon) == 2
    assert len(ledger.claim(mailing.id, worker="v", limit=9, lease_s=60, now=soon)) == 3
    assert ledger.deliveries.hurry(now=soon) == 0  # leased


def test_a_new_sender_brings_no_wave_forward_and_no_attempt(ledger: Ledger) -> None:
    mailing = sliced(ledger)
    refused = ledger.claim(mailing.id, worker="w", limit=1, lease_s=60, now=NOON)[0].delivery_id
    ledger.mark_submitting(refused, worker="w", now=NOON)
    again = NOON + timedelta(minutes=5)
    ledger.record(refused, Outcome(stage=Stage.RCPT, code=450), DeliveryState.DEFERRED, retry_at=again, suppress=False, now=NOON)
    assert ledger.deliveries.hurry(now=NOON + timedelta(minutes=1)) == 0
    assert ledger.planning.to_come(mailing.id, now=NOON) == ((NOON + timedelta(minutes=30), 40),)


def test_replies_are_counted_as_they_were_said(ledger: Ledger, launched: Callable[[int], Mailing]) -> None:
    mailing = launched(9)
    for n, one in enumerate(ledger.claim(mailing.id, worker="w", limit=9, lease_s=60, now=NOON)):
        ledger.mark_submitting(one.delivery_id, worker="w", now=NOON)
        state, code = (DeliveryState.FAILED, 550) if n < 6 else (DeliveryState.DEFERRED, 450) if n < 8 else (DeliveryState.SUBMITTED, 250)
        reply = Outcome(stage=Stage.RCPT if n < 8 else Stage.DONE, code=code, reply="non")
        ledger.record(one.delivery_id, reply, state, retry_at=NOON if n >= 6 else None, suppress=False, now=NOON)
    assert [(said.state.value, said.count, said.outcome.reply) for said in ledger.replies.of_trouble(mailing.id)] == [
        ("failed", 6, "non"),
        ("deferred", 2, "non"),
    ]
    assert ledger.planning.tried(mailing.id) == {DeliveryState.FAILED: 6, DeliveryState.DEFERRED: 2, DeliveryState.SUBMITTED: 1}
    assert ledger.planning.named(mailing.id, ["lecteur3@exemple.fr", "nobody@exemple.fr"]) == 1
    assert ledger.mailings.get(mailing.id).state is MailingState.RUNNING  # type: ignore[union-attr]
