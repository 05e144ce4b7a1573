"""The parts of an examination run side by side, and none of them holds up the rest."""

from __future__ import annotations

import shutil
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from composer.ledger import open_ledger
from composer.workflow import doctoring
from composer.workflow.doctoring import examine
from composer.workspace import open_workspace

PROJECT = Path(__file__).resolve().parents[2]
ZONE = "demi-sel.example.org. IN A 192.0.2.1\n"


@pytest.fixture
def workspace(tmp_path):
    shutil.copy(PROJECT / "newsletter.toml", tmp_path)
    return open_workspace(tmp_path, environ={})


def now():
    return datetime.now(UTC)


def test_one_part_is_examined_alone(serve, workspace):
    seen = examine(workspace, None, now=now(), resolver=serve(ZONE).resolver(), only=("dns",))
    assert {one.part for one in seen} == {"dns"}


def test_the_parts_come_in_their_order(serve, workspace):
    with open_ledger(workspace.ledger_path) as ledger:
        seen = examine(workspace, ledger, now=now(), resolver=serve(ZONE).resolver(), only=("dns", "relay", "machine"))
    assert list(dict.fromkeys(one.part for one in seen)) == ["dns", "relay", "machine", "engine"]


def test_a_part_that_hangs_is_told_and_holds_up_nobody(serve, workspace, monkeypatch):
    asleep = threading.Event()
    monkeypatch.setattr(doctoring, "WHOLE_TIME_S", 0.5)
    monkeypatch.setattr(doctoring, "examine_relay", lambda _workspace: asleep.wait(20))
    started = time.monotonic()
    seen = examine(workspace, None, now=now(), resolver=serve(ZONE).resolver(), only=("relay",))
    assert time.monotonic() - started < 5
    assert [(one.code, one.part, one.level) for one in seen] == [("late", "relay", "unknown")]
    assert "--only relay" in seen[0].mend.fr
    asleep.set()


def test_a_part_that_fails_is_told_and_the_others_are_looked_at(workspace, monkeypatch, capsys):
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device\x1b[31m")

    monkeypatch.setattr(doctoring, "examine_relay", fail)
    seen = examine(workspace, None, now=now(), only=("relay", "machine"))
    assert [(one.part, one.level) for one in seen if one.code == "unlooked"] == [("relay", "unknown")]
    assert "le disque est plein" in seen[0].saw.fr
    assert "\x1b" not in seen[0].saw.fr
    assert {one.part for one in seen} >= {"relay", "machine", "engine"}
    assert "Traceback" not in capsys.readouterr().err


def test_faults_are_gentle_while_nothing_leaves_unless_asked_by_name(serve, workspace):
    server = serve(ZONE)
    gentle = examine(workspace, None, now=now(), resolver=server.resolver(), only=("dns",))
    strict = examine(workspace, None, now=now(), resolver=server.resolver(), only=("dns",), strict=True)
    assert {one.level for one in gentle} <= {"ok", "advice", "unknown"}
    assert "error" in {one.level for one in strict}
    assert {one.code for one in gentle} == {one.code for one in strict}
