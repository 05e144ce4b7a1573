"""The folder of an issue is deleted between seal and departure: said at once, everywhere, with what follows and what helps."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from composer.errors import NotFound
from composer.ledger import Ledger, open_ledger
from composer.model.mailing import MailingState
from composer.model.newsletter import Desk
from composer.workflow.delivering import resume
from composer.workflow.launching import launch_due
from composer.workflow.listing import list_issues, show_issue
from composer.workflow.scheduling import schedule, unschedule
from composer.workflow.standing import status
from composer.workflow.subscribing import import_subscribers
from composer.workspace import Workspace

ISSUE = "2026-11-26-moulin"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DUE = NOW + timedelta(hours=1)


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Ledger]:
    """A scheduled mailing whose issue has just been deleted."""
    with open_ledger(workspace.ledger_path, now=NOW) as opened:
        import_subscribers(opened, b"email\na@exemple.fr\n", consent="site, 2026", now=NOW)
        schedule(workspace, opened, ISSUE, at=DUE.isoformat(), yes=True, now=NOW)
        assert list_issues(workspace, opened)[0]["mailing"] == "scheduled"
        shutil.rmtree(workspace.issues_path / ISSUE)
        yield opened


def test_status_list_and_show_say_what_follows(workspace: Workspace, ledger: Ledger) -> None:
    remark = status(workspace, ledger, "42", now=NOW)["mailing"]["remark"]
    assert "n’est plus là" in remark
    assert f"hebdo unschedule {ISSUE}" in remark
    (row,) = list_issues(workspace, ledger)
    assert (row["id"], row["mailing"], row["error"]) == (ISSUE, "scheduled", remark)
    with pytest.raises(NotFound) as told:
        show_issue(workspace, ISSUE, ledger)
    assert "n’est plus là" in told.value.message.fr


def test_the_mailing_is_held_and_the_ways_that_are_told_work(workspace: Workspace, ledger: Ledger) -> None:
    assert launch_due(workspace, ledger, DUE) == []
    held = ledger.mailings.of_issue(ISSUE)[0]
    assert held.state is MailingState.HELD
    assert held.reason.startswith(f"Le dossier issues/{ISSUE} n’est plus là.")
    assert unschedule(workspace, ledger, "42", now=DUE).state is MailingState.STOPPED
    with pytest.raises(NotFound):
        show_issue(workspace, "42", ledger)


def test_resumed_the_sealed_version_leaves(workspace: Workspace, ledger: Ledger) -> None:
    launch_due(workspace, ledger, DUE)
    resume(workspace, ledger, ISSUE, now=DUE)
    (launched,) = launch_due(workspace, ledger, DUE)
    assert launched.state is MailingState.RUNNING
    assert "c’est elle qui part" in status(workspace, ledger, ISSUE, now=DUE)["mailing"]["remark"]


def test_a_desk_that_sends_what_was_sealed_is_told_so(workspace: Workspace, ledger: Ledger) -> None:
    keen = replace(workspace, newsletter=replace(workspace.newsletter, desk=Desk(on_change="send_sealed")))
    assert "la version scellée partira" in status(keen, ledger, ISSUE, now=NOW)["mailing"]["remark"]
    assert len(launch_due(keen, ledger, DUE)) == 1
