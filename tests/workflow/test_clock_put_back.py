"""A wall clock that is put back in the middle of a mailing: it goes on, the desk is told, and departures keep their hour."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from composer.deliver.choose import AudienceRule
from composer.engine.clock import JumpWatch
from composer.ledger import Ledger, open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.model.mailing import DeliveryState, MailingState, Outcome, Stage
from composer.workflow.engine_room import EngineRoom
from composer.workflow.serving import run_worker
from composer.workflow.telling import clock_is_running
from composer.workspace import Workspace, open_workspace

from .conftest import EDITION

HOUR = timedelta(hours=1)
READERS = 40
CONFIG = """\
[newsletter]
name = "La Gazette"
[sender]
address = "lettre@exemple.fr"
[site]
public_url = "https://lettre.exemple.fr"
[desk]
on_change = "send_sealed"
"""


class Wall:
    """A clock on the wall that somebody puts right."""

    def __init__(self) -> None:
        self.ahead = HOUR

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "issues" / "n1").mkdir(parents=True)
    (tmp_path / "newsletter.toml").write_text(CONFIG, encoding="utf-8")
    return open_workspace(tmp_path, environ={})


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Ledger]:
    with open_ledger(workspace.ledger_path) as opened:
        people = [NewSubscriber(email=f"r{n}@exemple.org", email_key=f"r{n}@exemple.org") for n in range(READERS)]
        opened.subscribers.add_all(people, now=datetime.now(UTC))
        opened.editions.seal(EDITION, now=datetime.now(UTC))
        yield opened


def add(ledger: Ledger, *, due_at: datetime, now: datetime, hold: timedelta | None = None) -> int:
    hold_until = now + hold if hold else None
    mailing = ledger.mailings.add(issue_id="n1", digest=EDITION.digest, due_at=due_at, hold_until=hold_until, expected=READERS, now=now)
    assert mailing
    return mailing.id


def counts(ledger: Ledger, mailing_id: int) -> dict[DeliveryState, int]:
    figures = ledger.mailings.figures(mailing_id)
    assert figures
    assert figures.adds_up
    return dict(figures.counts)


def wait_until(true: Callable[[], bool], *, seconds: float = 15) -> None:
    end, pause = time.monotonic() + seconds, threading.Event()
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        pause.wait(0.05)


def test_a_mailing_goes_on_when_the_clock_is_put_back_by_an_hour_and_the_desk_is_told(workspace: Workspace, ledger: Ledger) -> None:
    wall = Wall()
    mailing_id = add(ledger, due_at=wall.now(), now=wall.now(), hold=timedelta(seconds=3))
    with EngineRoom(workspace, ledger, clock=wall.now) as room:
        wait_until(lambda: room.is_sender and counts(ledger, mailing_id)[DeliveryState.PENDING] == READERS)
        wall.ahead = timedelta()
        wait_until(lambda: counts(ledger, mailing_id)[DeliveryState.SUBMITTED] == READERS)
        wait_until(lambda: ledger.mailings.get(mailing_id).state is MailingState.FINISHED)  # type: ignore[union-attr]
        assert clock_is_running(ledger, wall.now())
    told = [notice.words for notice in ledger.notices.of_mailing(mailing_id) if notice.kind == "clock"]
    assert len(told) == 1
    assert "1\u00a0h\u00a000" in told[0] or "59 min" in told[0]


def test_what_was_launched_by_a_clock_that_was_wrong_leaves_at_once_by_the_right_one(workspace: Workspace, ledger: Ledger) -> None:
    ahead = datetime.now(UTC) + HOUR
    mailing_id = add(ledger, due_at=ahead, now=ahead)
    ledger.mailings.launch(mailing_id, rule=AudienceRule(issue_id="n1"), worker="w", message_domain="exemple.fr", now=ahead)
    report = run_worker(workspace, until_idle=True)
    assert dict(report.mailings[0].counts)[DeliveryState.SUBMITTED] == READERS


def test_what_was_sent_now_leaves_now_whatever_the_clock_says_since(workspace: Workspace, ledger: Ledger) -> None:
    ahead = datetime.now(UTC) + HOUR
    mailing_id = add(ledger, due_at=ahead, now=ahead)
    run_worker(workspace, until_idle=True)
    assert counts(ledger, mailing_id)[DeliveryState.SUBMITTED] == READERS


def test_a_departure_keeps_its_hour(workspace: Workspace, ledger: Ledger) -> None:
    mailing_id = add(ledger, due_at=datetime.now(UTC) + HOUR, now=datetime.now(UTC))
    run_worker(workspace, until_idle=True)
    assert ledger.mailings.get(mailing_id).state is MailingState.SCHEDULED  # type: ignore[union-attr]


def test_a_deferred_delivery_waits_as_long_as_it_was_meant_to(ledger: Ledger) -> None:
    ahead = datetime.now(UTC) + HOUR
    now, five = ahead - HOUR, timedelta(minutes=5)
    mailing_id = add(ledger, due_at=ahead, now=ahead)
    ledger.mailings.launch(mailing_id, rule=AudienceRule(issue_id="n1"), worker="w", message_domain="exemple.fr", now=ahead)
    ledger.mailings.receipted(mailing_id, now=ahead)
    first = ledger.claim(mailing_id, worker="w", limit=1, lease_s=900, now=ahead)[0].delivery_id
    ledger.mark_submitting(first, worker="w", now=ahead)
    greylisted = Outcome(stage=Stage.RCPT, code=450, reply="greylisted")
    ledger.record(first, greylisted, DeliveryState.DEFERRED, retry_at=ahead + five, suppress=False, now=ahead)
    assert ledger.deliveries.rewind(now=now) == READERS
    assert ledger.deliveries.rewind(now=now) == 0
    assert len(ledger.claim(mailing_id, worker="w", limit=READERS, lease_s=900, now=now)) == READERS - 1
    later = now + five
    assert [one.delivery_id for one in ledger.claim(mailing_id, worker="w", limit=READERS, lease_s=900, now=later)] == [first]


def test_signs_of_life_from_the_future_are_not_believed(ledger: Ledger) -> None:
    now = datetime.now(UTC)
    ledger.clocks.beat("dead", now=now + HOUR)
    assert not clock_is_running(ledger, now)
    ledger.clocks.beat("alive", now=now)
    assert ledger.clocks.last_seen() == now


def test_only_a_felt_step_back_is_a_jump() -> None:
    wall, steady = [datetime(2026, 11, 27, tzinfo=UTC)], [0.0]
    watch = JumpWatch(lambda: wall[0], steady=lambda: steady[0])
    for seconds, lost in ((1.0, 0.0), (-0.5, 0.0), (7200.0, 0.0), (-3600.0, 3601.0), (1.0, 0.0)):
        wall[0] += timedelta(seconds=seconds)
        steady[0] += 1.0
        assert watch.look() == timedelta(seconds=lost)
