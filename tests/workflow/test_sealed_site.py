"""What was sealed for a rehearsal reaches no real reader, whoever says yes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from composer.errors import Conflict
from composer.ledger import Ledger, open_ledger
from composer.model.mailing import MailingState
from composer.model.newsletter import Site, TransportSettings
from composer.workflow.delivering import resume
from composer.workflow.scheduling import launch_due, schedule
from composer.workflow.standing import status
from composer.workflow.subscribing import import_subscribers
from composer.workspace import Workspace

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
DUE = datetime(2026, 12, 3, 6, 0, tzinfo=UTC)
ISSUE = "2026-11-26-moulin"


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Ledger]:
    with open_ledger(workspace.ledger_path, now=NOW) as opened:
        import_subscribers(opened, b"email\na@exemple.fr\nb@exemple.fr\n", consent="site, 2026", now=NOW)
        opened.clocks.beat("clock", now=NOW)
        yield opened


def at(workspace: Workspace, site: Site, kind: str = "smtp") -> Workspace:
    newsletter = replace(workspace.newsletter, site=site, transport=TransportSettings(kind=kind))  # type: ignore[arg-type]
    return replace(workspace, newsletter=newsletter)


def test_one_sealed_in_rehearsal_is_held_and_nobody_can_overrule_it(workspace: Workspace, ledger: Ledger) -> None:
    rehearsed = at(workspace, Site(public_url="http://127.0.0.1:8000", rehearsal=True))
    schedule(rehearsed, ledger, ISSUE, at="2026-12-03 07:00", yes=True, now=NOW)
    real = at(workspace, Site(public_url="https://lettre.exemple.fr"))
    with pytest.raises(Conflict, match="public address"):
        resume(real, ledger, ISSUE, now=NOW)
    edit = status(real, ledger, ISSUE, now=NOW)["edit"]
    assert edit["keep"] is None
    assert launch_due(real, ledger, DUE) == []
    held = status(real, ledger, ISSUE, now=DUE)["mailing"]
    assert (held["state"], held["reason_code"]) == (MailingState.HELD.value, "site")
    assert f"hebdo unschedule {ISSUE}" in held["reason"]
    with pytest.raises(Conflict):
        resume(real, ledger, ISSUE, now=DUE)
    assert launch_due(real, ledger, DUE + timedelta(seconds=30)) == []


def test_sealed_for_the_same_address_it_leaves(workspace: Workspace, ledger: Ledger) -> None:
    real = at(workspace, Site(public_url="https://lettre.exemple.fr"), kind="folder")
    schedule(real, ledger, ISSUE, at="2026-12-03 07:00", yes=True, now=NOW)
    assert launch_due(at(workspace, Site(public_url="https://lettre.exemple.fr")), ledger, DUE)
