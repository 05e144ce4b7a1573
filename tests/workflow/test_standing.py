"""What ``status`` says between two decisions: a way out that is down, an approval, an edit after sealing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from composer.cli.board import board
from composer.ledger import Ledger, open_ledger
from composer.model.mailing import DeliveryState, Outcome, Stage
from composer.workflow.approving import approve
from composer.workflow.scheduling import launch_due, schedule, send_now, unschedule
from composer.workflow.standing import status
from composer.workflow.subscribing import import_subscribers
from composer.workspace import Workspace

ISSUE = "2026-11-26-moulin"
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Ledger]:
    with open_ledger(workspace.ledger_path, now=NOW) as opened:
        import_subscribers(opened, b"email\na@exemple.fr\nb@exemple.fr\n", consent="site, 2026", now=NOW)
        opened.clocks.beat("clock", now=NOW)
        yield opened


def attempt(ledger: Ledger, outcome: Outcome, state: DeliveryState, *, now: datetime) -> None:
    mailing = ledger.running_mailings(now=now)[0]
    (one,) = ledger.claim(mailing.id, worker="w", limit=1, lease_s=60, now=now)
    assert ledger.mark_submitting(one.delivery_id, worker="w", now=now)
    ledger.record(one.delivery_id, outcome, state, retry_at=None, suppress=False, now=now)


def test_a_way_out_that_is_down_is_said_from_the_first_refusal_on(workspace: Workspace, ledger: Ledger) -> None:
    send_now(workspace, ledger, ISSUE, hold_s=0, yes=True, now=NOW)
    launch_due(workspace, ledger, NOW)
    assert status(workspace, ledger, ISSUE, now=NOW)["mailing"]["trouble"] is None
    refused = Outcome(stage=Stage.CONNECT, reply="smtp.exemple.fr:587 : connexion refusée")
    attempt(ledger, refused, DeliveryState.PENDING, now=NOW)
    answer = status(workspace, ledger, ISSUE, now=NOW)
    assert "smtp.exemple.fr:587\u00a0: connexion refusée. Dernier essai à 13\u00a0h\u00a000" in answer["mailing"]["trouble"]
    assert "connexion refusée" in board(answer)
    later = NOW + timedelta(minutes=1)
    attempt(ledger, Outcome(stage=Stage.DONE, code=250), DeliveryState.SUBMITTED, now=later)
    assert status(workspace, ledger, ISSUE, now=later)["mailing"]["trouble"] is None


def test_a_hold_window_that_is_over_is_not_announced(workspace: Workspace, ledger: Ledger) -> None:
    for begun, shown in ((datetime.now(UTC) - timedelta(hours=1), False), (datetime.now(UTC), True)):
        send_now(workspace, ledger, ISSUE, hold_s=600, yes=True, now=begun)
        answer = status(workspace, ledger, ISSUE, now=begun)
        assert ("not before" in board(answer) or "pas avant" in board(answer)) is shown
        ledger.mailings.unschedule(answer["mailing"]["id"], reason="", now=begun)


def edit(workspace: Workspace) -> None:
    file = workspace.issues_path / ISSUE / "une.md"
    file.write_text(file.read_text(encoding="utf-8") + "\nUne phrase de plus.\n", encoding="utf-8")


def test_an_approval_is_shown_with_what_it_stands_for(workspace: Workspace, ledger: Ledger) -> None:
    assert status(workspace, ledger, ISSUE, now=NOW)["approvals"] == []
    approve(workspace, ledger, ISSUE, by="Anne", now=NOW)
    answer = status(workspace, ledger, ISSUE, now=NOW)
    (given,) = answer["approvals"]
    assert (given["approver"], given["stands"], given["sealed"]) == ("Anne", True, False)
    assert "Anne" in board(answer)
    schedule(workspace, ledger, ISSUE, at="2026-12-03 07:00", yes=True, now=NOW)
    edit(workspace)
    (given,) = status(workspace, ledger, ISSUE, now=NOW)["approvals"]
    assert (given["stands"], given["sealed"]) == (False, True)
    unschedule(workspace, ledger, ISSUE, now=NOW)
    again = status(workspace, ledger, ISSUE, now=NOW)
    again["approvals"][0]["sealed"] = False
    assert f"`hebdo approve {ISSUE}`" in board(again)


def test_an_edit_after_sealing_is_said_once_with_what_can_be_done(workspace: Workspace, ledger: Ledger) -> None:
    schedule(workspace, ledger, ISSUE, at="2026-12-03 07:00", yes=True, now=NOW)
    edit(workspace)
    launch_due(workspace, ledger, NOW + timedelta(minutes=1))
    told = board(status(workspace, ledger, ISSUE, now=NOW))
    assert told.count("Modifié après le scellé") == 1
    assert f'`hebdo unschedule {ISSUE}`, puis `hebdo schedule {ISSUE} --at "2026-12-03 07:00"`' in told
    assert "Sans décision, rien ne partira à l’heure prévue, jeudi 3\u00a0décembre 2026" in told
    due = datetime(2026, 12, 3, 6, 0, tzinfo=UTC)
    launch_due(workspace, ledger, due)
    held = board(status(workspace, ledger, ISSUE, now=due))
    assert held.count("Modifié après le scellé") == 1
    for way in (f"`hebdo resume {ISSUE}`", f"`hebdo unschedule {ISSUE}`, puis `hebdo send {ISSUE} --now`", "rien ne part"):
        assert way in held
