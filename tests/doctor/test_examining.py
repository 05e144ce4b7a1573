"""The parts of an examination run side by side, and none of them holds up the rest."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from composer.ledger import open_ledger
from composer.model.newsletter import TransportSettings
from composer.model.pace import Relay
from composer.workflow import doctoring
from composer.workflow.doctoring import examine
from composer.workflow.vigil import find_troubles
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


def test_each_relay_is_looked_at_and_named(workspace):
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    relays = (Relay(name="ovh", host="127.0.0.1", port=port), Relay(name="secours", host="nowhere.invalid", port=port))
    several = replace(workspace, newsletter=replace(workspace.newsletter, transport=TransportSettings(kind="smtp", relays=relays)))
    seen = examine(several, None, now=now(), only=("relay",))
    assert ["Relais « ovh » – 127.0.0.1" in one.saw.fr or "Relais « secours » – nowhere.invalid" in one.saw.fr for one in seen] == [
        True
    ] * 2
    assert seen[0].code == "relay-unreachable"
    assert [one.saw.en for one in find_troubles(seen[:1] * 2).values()] == [f"{seen[0].saw.en} {seen[0].saw.en}"]


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
