"""What whoever started us sees: a line per notice, and signs of life only while the clock beats."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from composer.ledger import Ledger, open_ledger
from composer.outside.supervisor import Supervisor
from composer.workflow import attendance
from composer.workflow.attendance import STILL_S, Attendance

NOW = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


def messages(heard: socket.socket) -> list[str]:
    found = []
    while True:
        try:
            found.append(heard.recv(4096).decode())
        except BlockingIOError:
            return found


def test_a_clock_that_hangs_gives_no_sign_of_life(
    ledger: Ledger, heard: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "LOOK_S", 0.0)
    supervisor = Supervisor({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "1"})
    watched = Attendance(ledger, supervisor, language="fr")
    watched.ready()
    watched.look(0.5)
    assert messages(heard)[:2] == ["READY=1\nSTATUS=–", "WATCHDOG=1"]
    watched.look(STILL_S + 1)
    assert "WATCHDOG=1" not in messages(heard)
    watched.look(0.0)
    assert "WATCHDOG=1" in messages(heard)
    watched.ending()
    assert messages(heard)[-1].startswith("STOPPING=1")


def test_each_notice_is_one_line_and_said_once(ledger: Ledger, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attendance, "LOOK_S", 0.0)
    ledger.notices.add(mailing_id=None, kind="launched", words="avant nous", now=NOW)
    watched = Attendance(ledger, language="fr")
    ledger.notices.add(mailing_id=None, kind="held", words="En attente :\nretard.", detail="12\n13", now=NOW)
    ledger.notices.add(mailing_id=None, kind="launched", words="lancé", now=NOW)
    with caplog.at_level(logging.INFO, logger="composer"):
        watched.look(0.0)
        watched.look(0.0)
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "[en attente] En attente : retard. 12 13"),
        (logging.INFO, "[lancé] lancé"),
    ]


WORKSPACE = '[newsletter]\nname = "La Gazette"\n\n[sender]\naddress = "lettre@exemple.fr"\n'
ADD = "from composer.ledger import open_ledger; from pathlib import Path; from datetime import datetime, UTC; l = open_ledger(Path('var/ledger.sqlite')); l.notices.add(mailing_id=None, kind='held', words='attend', now=datetime.now(UTC)); l.close()"


@pytest.mark.parametrize("journal", [True, False])
def test_serve_writes_for_the_journal_or_for_a_file(journal: bool, tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text(WORKSPACE)
    around = {**os.environ, "PYTHONPATH": str(PROJECT), "HEBDO_LANG": "en"}
    around.pop("JOURNAL_STREAM", None)
    log = tmp_path / "serve.log"
    with log.open("ab") as stream:
        status = os.fstat(stream.fileno())
        if journal:
            around["JOURNAL_STREAM"] = f"{status.st_dev}:{status.st_ino}"
        serving = subprocess.Popen(
            [sys.executable, "-m", "composer", "serve", "--port", "0"], cwd=tmp_path, env=around, stdout=stream, stderr=stream
        )
    try:
        wait_for(lambda: b"The desk:" in log.read_bytes())
        subprocess.run([sys.executable, "-c", ADD], cwd=tmp_path, env=around, check=True)
        wait_for(lambda: b"attend" in log.read_bytes())
    finally:
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(20) == 0
    said = log.read_text(encoding="utf-8")
    line = next(line for line in said.splitlines() if "attend" in line)
    if journal:
        assert line == "<4>[en attente] attend"
        assert "jeton=" not in said, "a log is kept, and read by others"
        assert "jeton=" in (tmp_path / "var" / "desk.url").read_text()
        assert (tmp_path / "var" / "desk.url").stat().st_mode & 0o777 == 0o600
    else:
        assert line.endswith(" [en attente] attend")
        assert line.startswith("20"), "the time stands before it"


def wait_for(condition: object, within_s: float = 60.0) -> None:
    until = time.monotonic() + within_s
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < until, "it did not come in time"
        time.sleep(0.05)
