"""``hebdo serve`` as it is typed: two listeners, a key for one of them, and settings that change meanwhile."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from composer.workspace import open_workspace
from composer.workspace.keys import desk_key

PROJECT = Path(__file__).resolve().parents[2]
Serve = Callable[..., "Served"]


class Served:
    """A running ``hebdo serve``; what it printed so far."""

    def __init__(self, folder: Path, *options: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEBDO_", "LC_", "LANG"))}
        command = [sys.executable, "-m", "composer", "serve", "--port", "0", *options]
        around = {**kept, "PYTHONPATH": str(PROJECT), "HEBDO_LANG": "en"}
        with (folder / "serve.err").open("w") as words:
            self.process = subprocess.Popen(command, cwd=folder, env=around, stdout=subprocess.PIPE, stderr=words, text=True)
        self.talk = folder / "serve.err"
        self.readers = self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def desk(self) -> str:
        """The address that was printed for the desk."""
        return self._line()

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


@pytest.fixture
def serve(sample: Path) -> Iterator[Serve]:
    running: list[Served] = []

    def start(*options: str) -> Served:
        running.append(Served(sample, *options))
        return running[-1]

    yield start
    for one in running:
        if one.process.poll() is None:
            one.end()
        assert one.process.stdout is not None
        one.process.stdout.close()


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def ask(url: str, **headers: str) -> tuple[int, str, str]:
    """Status, body, cookie; no redirect is followed."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=10) as answer:
            return answer.status, answer.read().decode(), answer.headers.get("set-cookie", "")
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode(), refused.headers.get("set-cookie", "")


def test_readers_and_desk_each_have_a_listener_and_the_desk_a_key(serve: Serve, sample: Path) -> None:
    served = serve("--desk-port", "0")
    address, _, key = served.desk().partition("/?jeton=")
    assert ask(f"{served.readers}/healthz")[:2] == (200, "ok\n")
    assert ask(f"{served.readers}/numeros?jeton={key}")[0] == 404
    status, words, _ = ask(f"{address}/")
    assert status == 403
    assert "hebdo serve" in words
    status, _, cookie = ask(f"{address}/?jeton={key}")
    assert (status, "HttpOnly" in cookie) == (303, True)
    assert "Demi-sel" in ask(f"{address}/", Cookie=cookie.partition(";")[0])[1]
    assert ask(f"{address}/", Cookie=cookie.partition(";")[0], Host="evil.example")[0] == 421
    assert (sample / "var" / "desk.key").stat().st_mode & 0o777 == 0o600
    assert served.end() == 0


def test_the_key_stays_until_its_file_is_taken_away(sample: Path) -> None:
    workspace = open_workspace(sample, environ={})
    first = desk_key(workspace)
    assert desk_key(workspace) == first
    assert len(first) >= 43
    (sample / "var" / "desk.key").unlink()
    assert desk_key(workspace) != first


def test_new_settings_leave_both_where_they_are(serve: Serve, sample: Path) -> None:
    served = serve("--desk-port", "0")
    address, _, key = served.desk().partition("/?jeton=")
    cookie = ask(f"{address}/?jeton={key}")[2].partition(";")[0]
    config = sample / "newsletter.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('name = "Demi-sel"', 'name = "Fleur de sel"'), encoding="utf-8")
    until = time.monotonic() + 30
    while "Fleur de sel" not in ask(f"{served.readers}/mentions-legales")[1]:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert "Fleur de sel" in ask(f"{address}/", Cookie=cookie)[1]


def test_without_a_desk_there_is_none(serve: Serve, sample: Path) -> None:
    served = serve("--no-desk")
    assert ask(f"{served.readers}/healthz")[0] == 200
    assert served.process.stdout is not None
    served.process.send_signal(signal.SIGTERM)
    assert served.desk() == ""
    assert not (sample / "var" / "desk.key").exists()


def test_a_usual_port_that_is_taken_stops_no_mailing_and_a_typed_one_is_told(serve: Serve, sample: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        served = serve("--desk-port", str(port))
        assert served.process.wait(timeout=30) == 7
        assert f"hebdo serve --desk-port {port + 1}" in served.talk.read_text()
    first, second = serve(), serve()
    ports = {re.search(r":(\d+)/", one.desk())[1] for one in (first, second)}  # type: ignore[index]
    assert len(ports) == 2


def test_beyond_this_machine_the_desk_is_open_only_with_its_key_and_says_so(serve: Serve) -> None:
    served = serve("--desk-host", "0.0.0.0", "--desk-port", "0", "--desk-name", "redaction.example")
    address, _, key = served.desk().partition("/?jeton=")
    port = address.rpartition(":")[2]
    assert not address.startswith("http://0.0.0.0")
    for host in ("127.0.0.1", "redaction.example", address.removeprefix("http://")):
        assert ask(f"http://127.0.0.1:{port}/", Host=host)[0] in {403, 421}
    assert ask(f"{address}/")[0] == 403
    assert ask(f"http://127.0.0.1:{port}/?jeton={key}", Host="redaction.example")[0] == 303
    assert ask(f"http://127.0.0.1:{port}/?jeton={key}", Host="0.0.0.0")[0] == 421
    served.end()
    assert "open to the network" in served.talk.read_text()


def test_a_monitor_is_told_when_the_ledger_is_gone(serve: Serve, sample: Path) -> None:
    served = serve("--no-desk")
    assert ask(f"{served.readers}/healthz")[0] == 200
    (sample / "var" / "ledger.sqlite").rename(sample / "var" / "away.sqlite")
    status, words, _ = ask(f"{served.readers}/healthz")
    assert (status, words) == (503, "unavailable\n")
    (sample / "var" / "away.sqlite").rename(sample / "var" / "ledger.sqlite")
    assert ask(f"{served.readers}/healthz")[0] == 200


def test_a_monitor_reads_the_engine_with_the_token_that_serve_writes(serve: Serve, sample: Path) -> None:
    running = serve("--desk-port", "0")
    desk = running.desk().partition("?")[0]
    path = sample / "var" / "metrics.token"
    assert path.stat().st_mode & 0o777 == 0o600
    status, text, _ = ask(f"{desk}metrics", Authorization=f"Bearer {path.read_text().strip()}")
    assert status == 200
    assert re.search(r"^hebdo_clock_beat_age_seconds \d", text, re.MULTILINE)
    assert ask(f"{desk}metrics")[0] == 401
    assert ask(f"{running.readers}/metrics")[0] == 404


def test_in_json_every_line_of_stderr_is_an_object(serve: Serve, sample: Path) -> None:
    (sample / "newsletter.toml").write_text((sample / "newsletter.toml").read_text() + '\n[log]\nformat = "json"\n')
    running = serve("--desk-port", "0")
    running.desk()
    assert running.end() == 0
    lines = [json.loads(line) for line in running.talk.read_text().splitlines()]
    assert all({"at", "level", "logger", "event"} <= set(line) for line in lines)
    assert lines[-1]["event"] == "Stopped; what was left waits."
