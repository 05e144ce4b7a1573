"""The sender has a process of its own under ``serve``: what becomes of a mailing when it, or its parent, dies."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

import pytest

from composer.errors import FindingsError, HebdoError, NetworkError, SystemTrouble
from composer.ledger import SENDER_LOCK, open_ledger
from composer.ledger.upgrade import engine_runs
from composer.words import Words
from composer.workflow.sender_process import END_S, SenderProcess
from composer.workspace import Workspace

from .conftest import free_port, state, states, wait_for, write_mailing

SERVE = """
import sys
from pathlib import Path
from composer.web.readers import readers_app
from composer.workflow.serving import serve
from composer.workspace import open_workspace
serve(open_workspace(Path(sys.argv[1])), app=readers_app, port=int(sys.argv[2]), ready=lambda port: print("ready", flush=True))
"""
READERS = 400
pytestmark = pytest.mark.slow


class SlowServer(threading.Thread):
    """Takes each message after ``pause_s``, so that something is on the wire whenever a process is killed."""

    def __init__(self, pause_s: float) -> None:
        super().__init__(daemon=True)
        self.pause_s = pause_s
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802 - aiosmtpd's name
        import asyncio

        await asyncio.sleep(self.pause_s)
        self.taken[str(message_from_bytes(envelope.content)["Message-ID"])] += 1  # type: ignore[attr-defined]
        return "250 2.0.0 taken"


@contextmanager
def mail_server(pause_s: float = 0.01) -> Iterator[tuple[SlowServer, int]]:
    from aiosmtpd.controller import Controller

    server, port = SlowServer(pause_s), free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield server, port
    finally:
        controller.stop()


@contextmanager
def serving(workspace: Workspace) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SERVE, str(workspace.root), str(free_port())]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def child_of(process: subprocess.Popen[str]) -> int:
    """The sender's process; the only child that serve has."""
    found: list[str] = []

    def look() -> bool:
        found[:] = [child for task in Path(f"/proc/{process.pid}/task").glob("*/children") for child in task.read_text().split()]
        return bool(found)

    wait_for(look)
    return int(found[0])


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def settings(port: int) -> str:
    return f'kind = "smtp"\nhost = "127.0.0.1"\nport = {port}\nencryption = "none"\nconnections = 4\n'


def some_left(workspace: Workspace, mailing_id: int, least: int) -> Callable[[], bool]:
    return lambda: states(workspace, mailing_id).get("submitted", 0) >= least


def test_a_sender_that_is_killed_is_replaced_and_only_what_was_on_the_wire_is_uncertain(make_workspace):
    with mail_server() as (server, port):
        workspace = make_workspace(READERS, transport=settings(port))
        mailing_id = write_mailing(workspace)
        with serving(workspace) as process:
            for turn in (1, 2):
                wait_for(some_left(workspace, mailing_id, 60 * turn))
                first = child_of(process)
                os.kill(first, signal.SIGKILL)
                wait_for(lambda first=first: child_of(process) != first)
            wait_for(lambda: state(workspace, mailing_id).value == "finished")
            assert process.poll() is None
        counts = states(workspace, mailing_id)
    assert counts.get("uncertain", 0) <= 8
    assert counts["submitted"] + counts.get("uncertain", 0) == READERS
    assert max(server.taken.values()) == 1
    with open_ledger(workspace.ledger_path) as ledger:
        assert "uncertain" in {notice.kind for notice in ledger.notices.of_mailing(mailing_id)}


def test_a_sender_whose_parent_is_killed_ends_by_itself_with_its_messages_written(make_workspace):
    with mail_server(pause_s=0.2) as (server, port):
        workspace = make_workspace(READERS, transport=settings(port))
        mailing_id = write_mailing(workspace)
        with serving(workspace) as process:
            wait_for(some_left(workspace, mailing_id, 8))
            child = child_of(process)
            process.kill()
            process.wait()
            assert engine_runs(workspace.ledger_path), "while the child still writes, nobody else sends"
            wait_for(lambda: not is_there(child), within_s=END_S + 5)
        wait_for(lambda: not engine_runs(workspace.ledger_path), within_s=5)  # the last of its threads closes its files
        counts, taken = states(workspace, mailing_id), sum(server.taken.values())
    assert "submitting" not in counts
    assert counts["submitted"] == taken < READERS


def test_a_stop_ends_within_seconds_with_everything_on_the_wire_written(make_workspace):
    with mail_server(pause_s=0.5) as (server, port):
        workspace = make_workspace(READERS, transport=settings(port))
        mailing_id = write_mailing(workspace)
        with serving(workspace) as process:
            wait_for(some_left(workspace, mailing_id, 4))
            child = child_of(process)
            began = time.monotonic()
            process.terminate()
            assert process.wait(END_S + 5) == 0
            assert time.monotonic() - began < END_S
            assert not is_there(child)
        counts, taken = states(workspace, mailing_id), sum(server.taken.values())
    assert "submitting" not in counts
    assert "uncertain" not in counts
    assert counts["submitted"] == taken < READERS


def test_a_sender_that_is_asked_to_end_by_the_system_is_replaced(make_workspace):
    with mail_server() as (server, port):
        workspace = make_workspace(READERS, transport=settings(port))
        mailing_id = write_mailing(workspace)
        with serving(workspace) as process:
            wait_for(some_left(workspace, mailing_id, 40))
            os.kill(child_of(process), signal.SIGTERM)
            wait_for(lambda: state(workspace, mailing_id).value == "finished")
        assert states(workspace, mailing_id) == {"submitted": READERS}
        assert set(server.taken.values()) == {1}


def test_the_lock_is_where_everybody_looks_for_it(make_workspace):
    workspace = make_workspace(1)
    with serving(workspace) as process:
        child_of(process)
        assert (workspace.var_path / SENDER_LOCK).exists()
        assert engine_runs(workspace.ledger_path)


def test_a_stop_that_comes_before_everything_else_ends_it_without_a_word(make_workspace, capfd):
    sending = SenderProcess(make_workspace(1), worker="w", lock=os.open(os.devnull, os.O_RDONLY))
    sending.stop()
    assert sending.run() == ""
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("kind", [HebdoError, NetworkError, SystemTrouble, FindingsError])
def test_an_error_is_the_same_in_another_process(kind):
    words = Words(fr="Rien ne va.", en="Nothing works.")
    error = kind.__new__(kind, words.en)
    HebdoError.__init__(error, words, where="var/ledger.sqlite", hint=words)
    error.more = 3
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (again.sentence("fr"), again.more, str(again)) == (error.sentence("fr"), 3, "Nothing works.")
