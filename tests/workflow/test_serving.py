from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from composer.deliver.choose import AudienceRule
from composer.errors import LedgerError, NetworkError
from composer.ledger import open_ledger
from composer.model.mailing import MailingState
from composer.workflow.serving import run_worker, serve
from composer.workspace import Workspace

from .conftest import free_port, now, state, states, wait_for, write_mailing


def test_a_worker_launches_sends_and_ends(make_workspace):
    workspace = make_workspace(40)
    mailing_id = write_mailing(workspace)
    report = run_worker(workspace, until_idle=True)
    assert len(list((workspace.root / "var/outbox").glob("*.eml"))) == 40
    assert states(workspace, mailing_id) == {"submitted": 40}
    assert not report.is_unfinished
    assert [figures.mailing.state for figures in report.mailings] == [MailingState.FINISHED]
    receipt = json.loads((workspace.root / "issues/n1/sent.json").read_text())
    assert (receipt["state"], receipt["counts"]["submitted"]) == ("finished", 40)


def test_the_desk_is_told_by_mail_when_it_left_and_when_it_ended(make_workspace):
    workspace = make_workspace(3, desk='alert = ["desk@exemple.fr"]')
    write_mailing(workspace)
    run_worker(workspace, until_idle=True)
    notices = (workspace.root / "var/outbox").glob("avis-*.eml")
    told = "".join(message_from_bytes(file.read_bytes(), policy=policy.default).get_content() for file in notices)
    assert "lancé vers 3 abonnés" in told
    assert "terminé" in told


def test_a_worker_with_nothing_to_do_says_so(make_workspace):
    workspace = make_workspace(1)
    write_mailing(workspace, due_at=now() + timedelta(days=1))
    report = run_worker(workspace, until_idle=True)
    assert report.mailings == ()
    assert report.words.fr == "Rien à envoyer."
    with open_ledger(workspace.ledger_path) as ledger:
        assert ledger.clocks.last_seen() is None, "no clock runs any more, and schedule must say so"


def test_a_worker_waits_for_the_hold_window(make_workspace):
    workspace = make_workspace(3)
    mailing_id = write_mailing(workspace, hold_s=1.5)
    before = time.monotonic()
    run_worker(workspace, until_idle=True)
    assert time.monotonic() - before >= 1.4
    assert states(workspace, mailing_id) == {"submitted": 3}


def test_without_a_mail_server_nothing_is_lost_and_the_network_is_named(make_workspace):
    port = free_port()
    workspace = make_workspace(20, transport=f'kind = "smtp"\nhost = "127.0.0.1"\nport = {port}\n')
    mailing_id = write_mailing(workspace)
    with pytest.raises(NetworkError) as told:
        run_worker(workspace, until_idle=True)
    assert told.value.where == f"127.0.0.1:{port}"
    assert states(workspace, mailing_id) == {"pending": 20}


def test_a_copied_ledger_sends_nothing(make_workspace, monkeypatch):
    workspace = make_workspace(3)
    mailing_id = write_mailing(workspace)
    monkeypatch.setenv("HEBDO_HOME_ID", "another machine")
    with pytest.raises(LedgerError):
        run_worker(workspace, until_idle=True)
    assert state(workspace, mailing_id) is MailingState.SCHEDULED


class Sink:
    """An SMTP server in the test's own process, which outlives the workers that are killed."""

    def __init__(self) -> None:
        self.message_ids: list[str] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002, N802 - aiosmtpd's door
        self.message_ids.append(re.search(rb"Message-ID: <([^>]+)>", envelope.content)[1].decode())
        return "250 2.0.0 kept"

    def count(self) -> int:
        assert len(set(self.message_ids)) == len(self.message_ids), "somebody got it twice"
        return len(self.message_ids)


@pytest.fixture
def sink():
    inbox, port = Sink(), free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    inbox.settings = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {port}\n'
    yield inbox
    controller.stop()


async def pages(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"bonjour"})


def test_serving_shows_pages_and_launches_within_two_seconds(make_workspace):
    workspace = make_workspace(5)
    stop, port = threading.Event(), []
    failures = []

    def run() -> None:
        try:
            serve(workspace, app=lambda _workspace, _ledger: pages, port=0, ready=port.append, stop=stop)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        wait_for(lambda: port or failures)
        with urllib.request.urlopen(f"http://127.0.0.1:{port[0]}/") as answer:
            assert answer.read() == b"bonjour"
        mailing_id = write_mailing(workspace)
        written = time.monotonic()
        wait_for(lambda: state(workspace, mailing_id) is not MailingState.SCHEDULED)
        assert time.monotonic() - written < 2.5
        wait_for(lambda: states(workspace, mailing_id) == {"submitted": 5})
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
    assert failures == []


def test_a_port_in_use_is_told_with_another_one(make_workspace):
    workspace = make_workspace(0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NetworkError) as told:
            serve(workspace, app=lambda _workspace, _ledger: pages, port=port)
    assert f"--port {port + 1}" in told.value.hint.fr


WORKER = "import sys; from pathlib import Path; from composer.workspace import open_workspace; from composer.workflow.serving import run_worker; run_worker(open_workspace(Path(sys.argv[1])), until_idle=len(sys.argv) > 2)"


def start_worker(workspace: Workspace, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(workspace.root), *arguments], env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    )


def test_sigterm_ends_a_worker_within_ten_seconds_and_loses_nothing(make_workspace, sink):
    workspace = make_workspace(3000, transport=sink.settings)
    mailing_id = write_mailing(workspace)
    worker = start_worker(workspace)
    wait_for(lambda: states(workspace, mailing_id).get("submitted", 0) > 50)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    left = states(workspace, mailing_id)
    assert set(left) == {"submitted", "pending"}
    assert sink.count() == left["submitted"]


@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_leaves_uncertain_only_what_was_on_the_wire(make_workspace, sink):
    readers, kills, connections = 3000, 5, 4
    workspace = make_workspace(readers, transport=sink.settings)
    mailing_id = write_mailing(workspace)
    for number in range(1, kills + 1):
        worker = start_worker(workspace)
        wait_for(lambda goal=number: states(workspace, mailing_id).get("submitted", 0) > goal * 150)
        worker.kill()
        worker.wait()
    assert start_worker(workspace, "until-idle").wait(120) == 0
    end = states(workspace, mailing_id)
    assert end["submitted"] + end.get("uncertain", 0) == readers
    assert end.get("uncertain", 0) <= connections * kills
    assert end["submitted"] <= sink.count() <= readers
    assert state(workspace, mailing_id) is MailingState.FINISHED


def test_two_workers_at_once_launch_and_send_once(make_workspace, sink):
    workspace = make_workspace(500, transport=sink.settings)
    workers = [start_worker(workspace) for _ in range(2)]
    mailing_id = write_mailing(workspace)
    try:
        wait_for(lambda: states(workspace, mailing_id).get("submitted", 0) > 20)
        workers[0].kill()  # whichever held the lock, the other goes on
        wait_for(lambda: state(workspace, mailing_id) is MailingState.FINISHED, within_s=60)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    end = states(workspace, mailing_id)
    assert end["submitted"] + end.get("uncertain", 0) == 500
    assert end.get("uncertain", 0) <= 4
    assert end["submitted"] <= sink.count() <= 500
    with open_ledger(workspace.ledger_path) as ledger:
        assert ledger.subscribers.count_due(AudienceRule(issue_id="n1")) == 0
