"""A desk that can be told: a mail server, a webhook and an outside watcher, all real, each with its moods."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from composer.ledger import open_ledger
from composer.model.edition import Edition
from composer.workspace import Workspace, open_workspace

PROJECT = Path(__file__).resolve().parents[2]
ISSUE = "2026-11-26-moulin"


def wait_for(true: Callable[[], Any], within_s: float = 30.0) -> None:
    until = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < until, "it did not come in time"
        threading.Event().wait(0.05)


class Mailbox:
    """An SMTP server; ``refuse`` maps addresses to replies, ``reply`` is what the dot gets."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []
        self.refuse: dict[str, str] = {}
        self.reply = "250 2.0.0 kept"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's door
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's door
        if self.reply.startswith("2"):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append((envelope.rcpt_tos[0], mail))
        return self.reply

    def to(self, address: str) -> str:
        """All that was told to an address, as one text."""
        return "\n".join(str(mail.get_content()) for to, mail in self.mails if to == address)


@dataclass
class Hook:
    """An HTTP server that keeps what it is posted; ``mood`` answers in its place."""

    port: int = 0
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    beats: list[float] = field(default_factory=list)
    mood: Callable[[BaseHTTPRequestHandler], bool] = lambda _: False  # whether it has answered

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/avis?salon=une"

    @property
    def beat_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ping"

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.calls]

    def kinds(self) -> list[str]:
        return [one["data"]["kind"] for one in self.told]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    kept = Mailbox()
    kept.port = free_port()  # type: ignore[attr-defined]
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port)  # type: ignore[attr-defined]
    controller.start()
    yield kept
    controller.stop()


@pytest.fixture
def hook() -> Iterator[Hook]:
    kept = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.beats.append(time.monotonic())
            self._say(200)

        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            body = self.rfile.read(size)
            if len(body) < size or kept.mood(self):  # who calls us hung up
                return
            kept.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self._say(204)

        def _say(self, status: int) -> None:
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

        def handle(self) -> None:
            with contextlib.suppress(OSError):
                super().handle()

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: Any) -> None:
            """Who calls us may hang up."""

    server = Quiet(("127.0.0.1", 0), Handler)
    kept.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The newsletter of this repository, in a folder of its own."""
    folder = tmp_path / "demi-sel"
    folder.mkdir()
    shutil.copy(PROJECT / "newsletter.toml", folder)
    shutil.copytree(PROJECT / "issues", folder / "issues")
    return folder


@pytest.fixture
def settle(root: Path) -> Callable[..., Workspace]:
    """Gives a function that opens the workspace with other settings: ``settle(desk__alert="…")``."""

    def opened(**settings: str) -> Workspace:
        return open_workspace(root, environ={f"HEBDO_{name.upper()}": value for name, value in settings.items()})

    return opened


def by_mail(mailbox: Mailbox) -> dict[str, str]:
    """The settings that send by this mailbox; nobody tries the public address."""
    where = {"transport__kind": "smtp", "transport__host": "127.0.0.1", "transport__port": str(mailbox.port)}  # type: ignore[attr-defined]
    return {**where, "site__self_check": "false"}


EDITION = Edition(
    issue_id="n1",
    number=1,
    subject="Bonjour",
    preheader="",
    html="<p>Bonjour</p>",
    text="Bonjour",
    pictures=(),
    field_prefix="mfq7",
    digest="d" * 64,
    theme="classique",
    lang="fr",
)


def now() -> datetime:
    return datetime.now(UTC)


def tell_some(workspace: Workspace, count: int = 1, *, words: str = "avis", kind: str = "held") -> None:
    with open_ledger(workspace.ledger_path) as ledger:
        for number in range(count):
            ledger.notices.add(mailing_id=None, kind=kind, words=f"{words} {number}", now=now())


def around(**settings: str) -> dict[str, str]:
    """The surroundings of a process of ours, with these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEBDO_", "LC_", "LANG"))}
    return {**kept, "PYTHONPATH": str(PROJECT), "HEBDO_LANG": "fr", **{f"HEBDO_{name.upper()}": value for name, value in settings.items()}}


def hebdo(root: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(
        [sys.executable, "-m", "composer", *words],
        cwd=root,
        env=around(**settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended


class Process:
    """A command of ours that stays up."""

    def __init__(self, root: Path, *words: str, **settings: str) -> None:
        self.log = root.parent / f"log-{words[0]}-{free_port()}.txt"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "composer", *words], cwd=root, env=around(**settings), stdout=log, stderr=subprocess.STDOUT
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def ready(self, sign: str = "http://") -> str:
        """Waits until it is up; gives the address that it told."""
        wait_for(lambda: sign in self.said or self.process.poll() is not None, within_s=60)
        assert self.process.poll() is None, self.said
        found = re.search(r"http://\S+", self.said)
        return found[0] if found else ""

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
        assert "Traceback" not in self.said, self.said


@pytest.fixture
def start(root: Path, mailbox: Mailbox, hook: Hook) -> Iterator[Callable[..., Process]]:
    """Gives a function that starts a command of ours; what still runs at the end is ended, before the servers that it talks to."""
    started: list[Process] = []

    def one(*words: str, folder: Path = root, **settings: str) -> Process:
        started.append(Process(folder, *words, **settings))
        return started[-1]

    yield one
    for process in started:
        process.end()
