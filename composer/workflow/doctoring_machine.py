"""The machine and the engine on it: clock, zone, disk, rights, ledger, sign of life."""

from __future__ import annotations

from datetime import datetime

from composer.check.doctor.codes import see
from composer.check.doctor.engine import EngineSight, judge_engine
from composer.check.doctor.machine import judge_machine
from composer.errors import HebdoError, LedgerError
from composer.ledger import Ledger
from composer.ledger.soundness import find_damage
from composer.model.mailing import MailingState
from composer.model.observation import Observation
from composer.outside.machine import measure_machine
from composer.words import Words
from composer.workflow.telling import clock_is_running
from composer.workspace import Workspace
from composer.workspace.dkim_files import kept_selectors, key_path

CHECK_S = 5.0  # reading through the ledger; 100 MB take about one
_PRIVATE = ("secrets.toml", "mail.key", "ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm")


def examine_machine(workspace: Workspace, ledger: Ledger | None, now: datetime) -> list[Observation]:
    """Everything but the clock, which needs somebody to compare it with."""
    private = [file for name in _PRIVATE if (file := workspace.var_path / name).is_file()]
    private += [key_path(workspace, selector) for selector in kept_selectors(workspace)]
    zone = workspace.newsletter.time_zone
    sight = measure_machine(workspace.root, ledger=workspace.ledger_path, private=private, zone=zone)
    seen = [*judge_machine(sight, zone=zone, now=now), *judge_engine(_engine(workspace, ledger, now), now)]
    if sight.has_systemd and not sight.has_unit and workspace.newsletter.transport.kind != "folder":
        seen.append(see("engine-unit"))
    return seen


def _engine(workspace: Workspace, ledger: Ledger | None, now: datetime) -> EngineSight:
    path = workspace.ledger_path
    if not path.exists():
        return EngineSight(has_ledger=False)
    damage = find_damage(path, limit_s=CHECK_S)
    if ledger is None:
        return EngineSight(has_ledger=True, damage=damage, trouble=see("ledger-damaged").saw)
    try:
        return EngineSight(
            has_ledger=True,
            damage=damage,
            at_home=_away(ledger),
            beat_at=ledger.clocks.last_seen(),
            alive=clock_is_running(ledger, now),
            waiting=len(ledger.mailings.in_states(MailingState.SCHEDULED, MailingState.RUNNING)),
        )
    except HebdoError as error:
        return EngineSight(has_ledger=True, damage=damage, trouble=error.message)


def _away(ledger: Ledger) -> Words | None:
    try:
        ledger.home.require()
    except LedgerError as error:
        return error.message
    return None
