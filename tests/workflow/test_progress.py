"""Who follows a mailing sees what the ledger knows, at a price that does not grow with the audience."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.ledger import open_ledger
from composer.model.mailing import DeliveryState, Outcome, Stage
from composer.workflow import progress
from composer.workflow.progress import Follower

from .conftest import now, write_mailing

DONE = Outcome(stage=Stage.DONE, code=250, reply="ok")


@pytest.fixture
def launched(make_workspace):
    """Gives a function: a workspace with a mailing that runs, to so many readers."""

    def make(readers: int):
        from composer.workflow.launching import launch_due

        workspace = make_workspace(readers)
        mailing_id = write_mailing(workspace)
        with open_ledger(workspace.ledger_path) as ledger:
            launch_due(workspace, ledger, now(), worker="test")
        return workspace, mailing_id

    return make


def settle(ledger, mailing_id: int, count: int, state: DeliveryState = DeliveryState.SUBMITTED) -> None:
    leased = ledger.claim(mailing_id, worker="w", limit=count, lease_s=60, now=now())
    for one in leased:
        ledger.mark_submitting(one.delivery_id, worker="w", now=now())
        ledger.record(one.delivery_id, DONE, state, retry_at=None, suppress=False, now=now())


def test_the_headcount_says_what_a_full_count_says(launched):
    workspace, mailing_id = launched(40)
    with open_ledger(workspace.ledger_path) as ledger:
        for count, state in ((3, "submitted"), (2, "failed"), (20, "submitted"), (1, "uncertain"), (10, "submitted"), (4, "submitted")):
            settle(ledger, mailing_id, count, DeliveryState(state))
            assert ledger.headcount.of(mailing_id) == ledger.mailings.figures(mailing_id)
        with open_ledger(workspace.ledger_path) as other:
            assert other.headcount.of(mailing_id) == ledger.mailings.figures(mailing_id), "also for who looks for the first time"
        assert ledger.headcount.of(999) is None


def test_the_rate_is_that_of_the_last_ten_seconds_and_the_rest_follows_from_it(launched):
    workspace, mailing_id = launched(100)
    clock = [50.0]
    with open_ledger(workspace.ledger_path) as ledger:
        follower = Follower(workspace, ledger, mailing_id, monotonic=lambda: clock[0])
        first = follower.look()
        assert (first.rate, first.remaining, first.remaining_s) == (0.0, 100, None)
        for _ in range(8):
            settle(ledger, mailing_id, 10)
            clock[0] += 2
            seen = follower.look()
        assert seen.rate == pytest.approx(5.0)
        assert (seen.remaining, seen.remaining_s) == (20, pytest.approx(4.0))
        clock[0] += 30
        assert follower.look().rate == 0


def test_a_costly_count_is_made_less_often(launched, monkeypatch):
    workspace, mailing_id = launched(5)
    clock, spent, counts = [0.0], [0.0], []
    monkeypatch.setattr(progress.time, "perf_counter", lambda: spent[0])
    with open_ledger(workspace.ledger_path) as ledger:
        real = ledger.headcount.of

        def count(mailing_id):
            counts.append(clock[0])
            spent[0] += 0.1
            return real(mailing_id)

        monkeypatch.setattr(ledger.headcount, "of", count)
        follower = Follower(workspace, ledger, mailing_id, monotonic=lambda: clock[0])
        for second in range(31):
            clock[0] = float(second)
            follower.look()
    assert counts == [0.0, 10.0, 20.0, 30.0], "a tenth of a second each time: one per cent"


def test_a_way_out_that_takes_nothing_is_said_and_asked_for_seldom(launched, monkeypatch):
    workspace, mailing_id = launched(5)
    clock, asked = [0.0], []
    with open_ledger(workspace.ledger_path) as ledger:
        (reader,) = ledger.claim(mailing_id, worker="w", limit=1, lease_s=60, now=now())
        outcome = Outcome(stage=Stage.CONNECT, reply="refusé")
        ledger.record(reader.delivery_id, outcome, DeliveryState.PENDING, retry_at=now(), suppress=False, now=now())
        real = ledger.deliveries.last_outcome
        monkeypatch.setattr(ledger.deliveries, "last_outcome", lambda id_: asked.append(id_) or real(id_))
        follower = Follower(workspace, ledger, mailing_id, monotonic=lambda: clock[0])
        assert follower.look().trouble == ""
        for second in range(1, 31):
            clock[0] = float(second)
            seen = follower.look()
        assert "refusé" in seen.trouble
        assert len(asked) == 1
        settle(ledger, mailing_id, 1)
        clock[0] += 1
        assert follower.look().trouble == ""


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=12))
def test_the_rate_is_never_negative_and_a_line_is_always_json(steps):
    from composer.model.mailing import Mailing, MailingFigures, MailingState

    mailing = Mailing(
        id=1, issue_id="n1", state=MailingState.RUNNING, reason="", due_at=datetime.now(UTC), hold_until=None, digest="d", audience=1000
    )

    class Counting:
        def __init__(self):
            self.submitted = 0

        def of(self, _):
            return MailingFigures(
                mailing=mailing, counts=tuple((s, self.submitted * (s is DeliveryState.SUBMITTED)) for s in DeliveryState)
            )

    class Ledger:
        headcount = Counting()

    clock = [0.0]
    follower = Follower(None, Ledger(), 1, monotonic=lambda: clock[0])
    for submitted in steps:
        Ledger.headcount.submitted = submitted
        clock[0] += 1.3
        seen = follower.look() if clock[0] < 5 else None
        if seen:
            assert seen.rate >= 0
            assert seen.to_json(now())["counts"]["submitted"] == submitted
