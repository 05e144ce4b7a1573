"""From the plan that was confirmed to the last delivery: first slices, waves and sending hours through the real engine."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from composer.deliver.choose import AudienceRule
from composer.deliver.hours import parse_hours
from composer.deliver.rates import parse_rate
from composer.deliver.schedule import Departure, find_zone
from composer.deliver.slices import parse_slice
from composer.ledger import Ledger, open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.model.mailing import DeliveryState, Mailing, Outcome, Result, Stage
from composer.model.newsletter import Schedule
from composer.model.pace import PaceSettings, Relay
from composer.workflow.engine_room import EngineRoom
from composer.workflow.first_slice import watch_first_slice
from composer.workflow.launching import launch_due
from composer.workflow.sending_room import SendingRoom, limits_of
from composer.workflow.spreading import Moment, plan_spread, read_wish
from composer.workspace import Workspace, open_workspace

from .conftest import EDITION, wait_for

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
SEVEN = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
PARIS = find_zone("Europe/Paris")
ZONES = ("", "Pacific/Noumea", "America/Montreal", "Asia/Kolkata")
READERS = 120


class Wall:
    """A clock on the wall that stands at NOON and is moved on by the test."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.at = NOON

    def now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self.began)

    def go_to(self, moment: datetime) -> None:
        self.at, self.began = moment, time.monotonic()


def settled(root: Path, **schedule: Any) -> Workspace:
    (root / "issues" / "n1").mkdir(parents=True)
    (root / "newsletter.toml").write_text(
        '[newsletter]\nname = "G"\n[sender]\naddress = "a@exemple.fr"\n[desk]\non_change = "send_sealed"\n', encoding="utf-8"
    )
    workspace = open_workspace(root, environ={})
    pace = PaceSettings(mailing=parse_rate("500/s"), domains=(("x1.fr", parse_rate("100/s")),))
    return replace(workspace, newsletter=replace(workspace.newsletter, schedule=Schedule(jitter_min=0, **schedule), pace=pace))


def planned(workspace: Workspace, ledger: Ledger) -> Mailing:
    people = [
        NewSubscriber(email=f"l{n}@x{n % 5}.fr", email_key=f"l{n}@x{n % 5}.fr", fields=(("fuseau", ZONES[n % 4]),)) for n in range(READERS)
    ]
    ledger.subscribers.add_all(people, now=NOON)
    ledger.editions.seal(EDITION, now=NOON)
    departure = Departure(due_at=SEVEN, local=SEVEN.astimezone(PARIS), zone=PARIS.key)
    moment = Moment(departure=departure, now=NOON, hold_until=None, digest=EDITION.digest)
    spread = plan_spread(workspace.newsletter, ledger, AudienceRule(issue_id="n1"), read_wish(workspace.newsletter, None), moment)
    mailing = ledger.mailings.add(
        issue_id="n1",
        digest=EDITION.digest,
        due_at=spread.due_at,
        hold_until=spread.hold_until,
        plan=spread.plan,
        expected=READERS,
        now=NOON,
    )
    assert mailing is not None
    ledger.mailings.accept(mailing.id, code="untried")
    return mailing


def submitted(ledger: Ledger, mailing: Mailing) -> int:
    figures = ledger.mailings.figures(mailing.id)
    assert figures is not None
    assert figures.adds_up
    return {state.value: count for state, count in figures.counts}["submitted"]


@pytest.mark.parametrize(
    ("settings", "departures"),
    [
        ({"first_slice": parse_slice("10%"), "first_pause_min": 30}, 2),
        ({"first_slice": parse_slice("l3@x3.fr"), "first_pause_min": 30}, 2),
        ({"local_time": True}, 4),
        ({"local_time": True, "first_slice": parse_slice("10%"), "hours": parse_hours("06:00-22:00")}, 8),
    ],
    ids=["a tenth first", "a named reader first", "each at their hour", "slices, hours and zones"],
)
def test_each_part_leaves_at_its_hour_and_all_of_them_in_the_end(tmp_path, settings, departures):
    workspace, wall, left = settled(tmp_path / "lettre", **settings), Wall(), 0
    with open_ledger(workspace.ledger_path, now=NOON) as ledger:
        mailing = planned(workspace, ledger)
        with EngineRoom(workspace, ledger, clock=wall.now) as room:
            wall.go_to(mailing.due_at - timedelta(seconds=30))
            room.tick()
            assert ledger.mailings.get(mailing.id).launched_at is None
            wall.go_to(mailing.due_at + timedelta(seconds=1))
            wait_for(lambda: submitted(ledger, mailing))
            to_come = ledger.planning.to_come(mailing.id, now=wall.now())
            assert len(to_come) >= departures - 2
            left = READERS - sum(readers for _, readers in to_come)
            wait_for(lambda: submitted(ledger, mailing) == left)
            room.tick()  # the desk hears of the slice as soon as it has left
            for moment, readers in to_come:
                wall.go_to(moment - timedelta(seconds=20))
                room.tick()
                assert submitted(ledger, mailing) == left
                wall.go_to(moment)
                left += readers
                wait_for(lambda: submitted(ledger, mailing) == left)  # noqa: B023 - asked before the next turn
            wait_for(lambda: ledger.mailings.get(mailing.id).state.value == "finished")
    assert left == READERS
    assert len(list(workspace.root.glob("var/outbox/*.eml"))) == READERS


def launched(workspace: Workspace, ledger: Ledger) -> Mailing:
    """Its slice leaves from SEVEN on, the rest half an hour later."""
    mailing = planned(workspace, ledger)
    launch_due(workspace, ledger, SEVEN, worker="w")
    ledger.mailings.receipted(mailing.id, now=SEVEN)
    found = ledger.mailings.get(mailing.id)
    assert found is not None
    return found


def leave(ledger: Ledger, mailing: Mailing, *, now: datetime) -> int:
    """What may leave now is taken by the next server."""
    leased = ledger.claim(mailing.id, worker="w", limit=999, lease_s=60, now=now)
    ids = [one.delivery_id for one in leased]
    ledger.advance((), ids, worker="w", now=now)
    done = Outcome(stage=Stage.DONE, code=250)
    ledger.advance([Result(delivery_id=id_, outcome=done, state=DeliveryState.SUBMITTED) for id_ in ids], (), worker="w", now=now)
    return len(ids)


def test_the_rest_waits_for_a_slice_that_could_not_leave(tmp_path):
    workspace, rest_at = settled(tmp_path / "lettre", first_slice=parse_slice("10%"), first_pause_min=30), SEVEN + timedelta(minutes=30)
    with open_ledger(workspace.ledger_path, now=NOON) as ledger:
        mailing = launched(workspace, ledger)
        assert [moment for moment, _ in ledger.planning.to_come(mailing.id, now=SEVEN)] == [rest_at]
        watch_first_slice(workspace, ledger, mailing, rest_at - timedelta(minutes=2))
        assert [moment for moment, _ in ledger.planning.to_come(mailing.id, now=SEVEN)] == [rest_at]
        near = rest_at - timedelta(seconds=5)
        watch_first_slice(workspace, ledger, mailing, near)
        again_at = near + timedelta(minutes=30)
        assert ledger.planning.to_come(mailing.id, now=SEVEN) == ((again_at, READERS - READERS // 10),)
        assert ledger.notices.last(("first-late",), mailing_id=mailing.id)
        assert leave(ledger, mailing, now=rest_at) == READERS // 10
        watch_first_slice(workspace, ledger, mailing, rest_at)
        assert ledger.notices.last(("first",), mailing_id=mailing.id)
        assert ledger.planning.to_come(mailing.id, now=rest_at)[0][0] == again_at
        assert leave(ledger, mailing, now=again_at) == READERS - READERS // 10


def test_a_slice_that_went_through_late_leaves_the_whole_pause_to_look_at_it(tmp_path):
    workspace = settled(tmp_path / "lettre", first_slice=parse_slice("10%"), first_pause_min=30)
    with open_ledger(workspace.ledger_path, now=NOON) as ledger:
        mailing, late = launched(workspace, ledger), SEVEN + timedelta(minutes=20)
        leave(ledger, mailing, now=late)
        watch_first_slice(workspace, ledger, mailing, late)
        assert [moment for moment, _ in ledger.planning.to_come(mailing.id, now=late)] == [late + timedelta(minutes=30)]


def test_settings_become_the_limits_of_the_sender(tmp_path):
    workspace = settled(tmp_path / "lettre", hours=parse_hours("07:00-21:00"))
    relays = (Relay(name="a", host="a.exemple.fr", connections=3), Relay(name="b", host="b.exemple.fr", connections=2))
    transport = replace(workspace.newsletter.transport, kind="smtp", relays=relays, rate=parse_rate("20/s"))
    limits = limits_of(replace(workspace.newsletter, transport=transport))
    assert (limits.rate, limits.relays.connections, limits.pace) == (parse_rate("20/s"), 5, workspace.newsletter.pace)
    assert limits.opens_at(datetime(2026, 11, 26, 22, 0, tzinfo=UTC)) == SEVEN
    assert limits_of(workspace.newsletter).relays is None


def test_what_is_configured_is_what_all_relays_take_together(tmp_path):
    workspace = settled(tmp_path / "lettre")
    relays = (Relay(name="a", host="a.exemple.fr", connections=3), Relay(name="b", host="b.exemple.fr", connections=2))
    transport = replace(workspace.newsletter.transport, kind="smtp", relays=relays)
    workspace = replace(workspace, newsletter=replace(workspace.newsletter, transport=transport))
    with open_ledger(workspace.ledger_path, now=NOON) as ledger:
        room = SendingRoom(workspace, ledger, worker="w", clock=lambda: NOON)
        sending = threading.Thread(target=room.run)
        sending.start()
        try:
            wait_for(lambda: room.standing.work.connections)
            assert (room.standing.work.connections, room.standing.work.allowed) == (5, 5)
        finally:
            room.stop()
            sending.join()


def test_the_desk_hears_of_a_relay_that_is_down_and_of_its_return(tmp_path):
    workspace = settled(tmp_path / "lettre")
    with open_ledger(workspace.ledger_path, now=NOON) as ledger:
        room, relay = SendingRoom(workspace, ledger, worker="w", clock=lambda: NOON), Relay(name="ovh", host="o.exemple.fr")
        room._tell_of_relay(relay, None)  # it never was down
        for _ in range(2):
            room._tell_of_relay(relay, Outcome(stage=Stage.CONNECT, code=535, reply="bad password"))
        assert "bad password" in ledger.notices.last(("relay", "relay-up"), about="ovh").words
        room._tell_of_relay(relay, None)
        assert ledger.notices.last(("relay", "relay-up"), about="ovh").kind.startswith("relay-up")


def test_a_slice_of_readers_who_have_left_keeps_nobody_back(tmp_path):
    workspace = settled(tmp_path / "lettre", first_slice=parse_slice("parti@exemple.fr"), first_pause_min=30)
    with open_ledger(workspace.ledger_path, now=NOON) as ledger:
        mailing = launched(workspace, ledger)
        watch_first_slice(workspace, ledger, mailing, SEVEN + timedelta(minutes=29, seconds=50))
        assert ledger.notices.last(("first-late",), mailing_id=mailing.id) is None
