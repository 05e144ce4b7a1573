"""Crowds at the readers' door: real connections to a real ``hebdo serve`` that may open few files."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from uvicorn.protocols.http.flow_control import service_unavailable

from composer.ledger import open_ledger
from composer.model.mailing import MailingState
from composer.workflow.delivering import resume
from composer.workflow.gate import Gate, GatedConfig, GatedServer
from composer.workflow.launching import FELT_LATE, launch_due
from composer.workflow.listeners import Pages
from composer.workflow.ports import listen
from composer.workspace import Workspace

from .conftest import PROJECT, MakeWorkspace, states, wait_for, write_mailing

FILES = 256
HALF_A_REQUEST = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@contextlib.contextmanager
def served(workspace: Workspace) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """The port of readers' pages."""
    environ = {**os.environ, "PYTHONPATH": str(PROJECT), "HEBDO_LANG": "en"}
    command = [
        "sh",
        "-c",
        f'ulimit -n {FILES}; exec "$@"',
        "sh",
        sys.executable,
        "-m",
        "composer",
        "serve",
        "--port",
        "0",
        "--desk-port",
        "0",
    ]
    with (workspace.root / "serve.err").open("w") as words:
        process = subprocess.Popen(command, cwd=workspace.root, env=environ, stdout=subprocess.PIPE, stderr=words, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline().strip().rstrip("/").rpartition(":")[2]), process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def connected(port: int, words: bytes = b"") -> socket.socket:
    one = socket.create_connection(("127.0.0.1", port), timeout=10)
    one.sendall(words)
    return one


def answer(port: int) -> bytes:
    with connected(port, WHOLE) as one:
        return one.recv(65_536)


def is_open(one: socket.socket) -> bool:
    one.setblocking(False)
    try:
        return one.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def test_a_crowd_that_only_connects_stops_neither_pages_nor_mailing(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(30)
    with served(workspace) as (port, process), contextlib.ExitStack() as crowd:
        for _ in range(2 * FILES):
            with contextlib.suppress(OSError):
                crowd.enter_context(connected(port, HALF_A_REQUEST))
        mailing_id = write_mailing(workspace)
        assert answer(port).startswith(b"HTTP/1.1 200")
        assert sum(1 for _ in Path(f"/proc/{process.pid}/fd").iterdir()) < FILES * 3 // 4
        wait_for(lambda: states(workspace, mailing_id) == {"submitted": 30}, within_s=20)
    assert "Too many open files" not in (workspace.root / "serve.err").read_text()


@contextlib.contextmanager
def opened(gate: Gate, app: object) -> Iterator[int]:
    config = GatedConfig(app, gate=gate, ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=1)
    with listen("127.0.0.1", 0) as listener, Pages(GatedServer(config), listener, name="gate"):
        yield listener.getsockname()[1]


async def says_ok(scope: dict[str, object], receive: object, send: object) -> None:
    await service_unavailable(scope, receive, send)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    [b"", HALF_A_REQUEST, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\na"],
    ids=["nothing", "half a head", "half a body"],
)
def test_a_request_that_does_not_come_to_its_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, words: bytes) -> None:
    monkeypatch.setattr("composer.workflow.gate.WAIT_S", 0.5)
    monkeypatch.setattr("composer.workflow.gate.LOOK_S", 0.1)

    async def reads(_scope: object, receive: object, _send: object) -> None:
        while (await receive()).get("more_body"):  # type: ignore[operator]
            pass

    with opened(Gate(most=10), reads) as port, connected(port, words) as one:
        began = time.monotonic()
        while time.monotonic() - began < 5 and is_open(one):
            with contextlib.suppress(OSError):
                one.send(b"a" if words else b"")  # a byte now and then buys no time
            threading.Event().wait(0.1)
        assert not is_open(one)


def test_the_one_that_waits_for_the_longest_time_makes_room() -> None:
    with opened(Gate(most=10), says_ok) as port, contextlib.ExitStack() as crowd:
        waiting = [crowd.enter_context(connected(port, HALF_A_REQUEST)) for _ in range(10)]
        wait_for(lambda: answer(port).startswith(b"HTTP/1.1 503"))
        wait_for(lambda: not is_open(waiting[0]))
        assert is_open(waiting[-1])


def test_an_answer_that_nobody_fetches_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("composer.workflow.gate.UNREAD_BYTES", 20_000_000)

    async def big(_scope: object, _receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b"P" * 12_000_000})  # type: ignore[operator]

    with opened(Gate(most=10), big) as port, contextlib.ExitStack() as crowd:
        deaf = [crowd.enter_context(connected(port, WHOLE)) for _ in range(4)]

        def fetched(one: socket.socket) -> int:
            one.settimeout(10)
            size = 0
            with contextlib.suppress(ConnectionError):
                while part := one.recv(1_000_000):
                    size += len(part)
                    if size >= 12_000_000:
                        break
            return size

        threading.Event().wait(0.5)
        sizes = [fetched(one) for one in deaf]
        assert 0 < sum(size >= 12_000_000 for size in sizes) < 4


def test_a_thousand_questions_at_once_are_answered_one_after_the_other() -> None:
    async def ok(_scope: object, _receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b"ok"})  # type: ignore[operator]

    with opened(Gate(most=10), ok) as port, connected(port) as one:
        threading.Thread(target=one.sendall, args=(WHOLE * 1000,)).start()
        got = b""
        while got.count(b"HTTP/1.1 200") < 1000:
            part = one.recv(65_536)
            assert part
            got += part


def test_what_the_machine_lacks_for_a_moment_does_not_hold_a_mailing(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(2)
    receipt = workspace.root / "issues/n1/sent.json"
    receipt.write_text("{}")
    mailing_id = write_mailing(workspace)
    with open_ledger(workspace.ledger_path) as ledger:
        mailing = ledger.mailings.get(mailing_id)
        assert mailing is not None
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        ledger.clocks.beat("w", now=mailing.due_at)  # the ledger's files are open, and no beat is written again so soon
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
        try:
            assert launch_due(workspace, ledger, mailing.due_at) == []
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        held = ledger.mailings.get(mailing_id)
        assert held is not None
        assert held.reason_code == ""
        receipt.unlink()
        assert [launched.id for launched in launch_due(workspace, ledger, mailing.due_at)] == [mailing_id]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_receipt_that_may_not_be_read_holds_with_the_words_of_the_system(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(2)
    receipt = workspace.root / "issues/n1/sent.json"
    receipt.write_text("{}")
    receipt.chmod(0)
    mailing_id = write_mailing(workspace)
    with open_ledger(workspace.ledger_path) as ledger:
        mailing = ledger.mailings.get(mailing_id)
        assert mailing is not None
        launch_due(workspace, ledger, mailing.due_at)
        held = ledger.mailings.get(mailing_id)
        assert held is not None
        assert (held.reason_code, "retirez" in held.reason) == ("folder", False)
        receipt.unlink()
        assert resume(workspace, ledger, "n1", now=mailing.due_at).state is MailingState.SCHEDULED
        assert [launched.id for launched in launch_due(workspace, ledger, mailing.due_at)] == [mailing_id]


def test_what_the_machine_lacks_for_minutes_holds_and_lets_resume(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(2)
    (workspace.root / "issues/n1/sent.json").write_text("{}")
    mailing_id = write_mailing(workspace)
    with open_ledger(workspace.ledger_path) as ledger:
        mailing = ledger.mailings.get(mailing_id)
        assert mailing is not None
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        ledger.clocks.beat("w", now=mailing.due_at + FELT_LATE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
        try:
            launch_due(workspace, ledger, mailing.due_at + FELT_LATE)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        held = ledger.mailings.get(mailing_id)
        assert held is not None
        assert (held.reason_code, "sent.json)" in held.reason, "retirez" in held.reason) == ("folder", True, False)
        (workspace.root / "issues/n1/sent.json").unlink()
        resume(workspace, ledger, "n1", now=mailing.due_at)
        assert [launched.id for launched in launch_due(workspace, ledger, mailing.due_at)] == [mailing_id]
