"""Acceptance 1: an engine killed before the hour is missed by a watcher that does not depend on it, in time to do something."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import socket
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.deliver.watching import AFTER_S, AGAIN_S, Ring, Watcher
from composer.errors import ConfigurationError, HebdoError
from composer.ledger import open_ledger
from composer.ledger.glance import Glance, glance
from composer.outside.listening import MOST_AT_ONCE, WAIT_S
from composer.workflow.lookout import WELL_S
from composer.workflow.teller import PERIOD_S
from composer.workflow.watching import Watch, ring_words, watch_heartbeat
from composer.workspace import Workspace

from .conftest import EDITION, PROJECT, Hook, Mailbox, Process, by_mail, free_port, hebdo, now, wait_for

Start = Callable[..., Process]
Settle = Callable[..., Workspace]


# The arithmetic, on a clock of its own.


def clock(text: str) -> float:
    hours, minutes, seconds = map(int, text.split(":"))
    return float(hours * 3600 + minutes * 60 + seconds)


@pytest.mark.parametrize("last_beat", ["06:54:00", "06:54:59", "06:55:00"])
def test_an_engine_killed_at_five_to_seven_is_told_before_ten_past(last_beat: str) -> None:
    """The last sign came a period before the death at the earliest; the watcher looks twice a second."""
    watcher = Watcher(began_s=clock("06:00:00"))
    moment = clock("06:00:00")
    rang: list[float] = []
    while moment < clock("07:45:00"):
        if moment <= clock(last_beat) and (moment - clock(last_beat)) % PERIOD_S == 0:
            watcher.hear(moment)
        if watcher.look(moment):
            rang.append(moment)
        moment += 1
    assert clock("06:55:00") < rang[0] <= clock("07:00:05") < clock("07:10:00")
    assert rang[1] - rang[0] == AGAIN_S, "it rings again"


def test_a_clock_that_fails_is_missed_as_well() -> None:
    """A process that lives but whose clock does not beat stops its heartbeat within WELL_S."""
    assert WELL_S + PERIOD_S + AFTER_S < 15 * 60


@given(st.lists(st.floats(min_value=0.5, max_value=59.0), min_size=1, max_size=60))
def test_an_engine_that_beats_in_time_never_rings(gaps: list[float]) -> None:
    watcher, moment = Watcher(began_s=0.0), 0.0
    for gap in gaps:
        moment += gap
        assert watcher.look(moment) is None
        watcher.hear(moment)


@given(st.lists(st.tuples(st.booleans(), st.floats(min_value=0.1, max_value=1000.0)), max_size=80))
def test_every_silence_that_was_told_is_told_to_be_over(steps: list[tuple[bool, float]]) -> None:
    watcher, moment, told, last = Watcher(began_s=0.0), 0.0, [], 0.0
    for is_beat, gap in steps:
        moment += gap
        if is_beat:
            watcher.hear(moment)
            last = moment
        if ring := watcher.look(moment):
            told.append(ring.kind)
            assert (ring.kind == "silent") == (moment - last >= AFTER_S)
    assert not any(first == second == "heard" for first, second in itertools.pairwise(told))
    assert told[:1] != ["heard"]


# With real processes.


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Another machine: nothing but the settings."""
    folder = tmp_path / "veille"
    folder.mkdir()
    (folder / "newsletter.toml").write_text((PROJECT / "newsletter.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def told_of(hook: Hook, kind: str) -> list[str]:
    return [one["data"]["words"] for one in hook.told if one["data"]["kind"] == kind]


@pytest.mark.slow
def test_a_killed_serve_is_told_by_mail_and_webhook_from_elsewhere_and_told_again_when_it_is_back(
    root: Path, elsewhere: Path, start: Start, mailbox: Mailbox, hook: Hook
) -> None:
    settings = {**by_mail(mailbox), "desk__alert": "une@exemple.fr,deux@exemple.fr", "desk__alert_webhook": hook.url}
    watching = start("watch", "--port", "0", "--after", "4s", "--again", "5s", folder=elsewhere, **settings)
    address = watching.ready()
    assert not (elsewhere / "var" / "ledger.sqlite").exists()
    serving = start("serve", "--port", str(free_port()), "--no-desk", desk__heartbeat_url=address, site__rehearsal="true")
    serving.ready()
    serving.kill()
    killed = time.monotonic()
    wait_for(lambda: told_of(hook, "silent") and "signe de vie" in mailbox.to("une@exemple.fr") and mailbox.to("deux@exemple.fr"))
    assert time.monotonic() - killed < 4 + 8
    wait_for(lambda: len(told_of(hook, "silent")) >= 2)  # it rings again
    again = start("serve", "--port", str(free_port()), "--no-desk", desk__heartbeat_url=address, site__rehearsal="true")
    again.ready()
    wait_for(lambda: told_of(hook, "heard"))
    wait_for(lambda: "donne de nouveau signe de vie" in mailbox.to("une@exemple.fr"))


@pytest.mark.slow
def test_on_the_same_machine_the_ledger_is_enough_and_says_what_would_not_leave(
    root: Path, start: Start, settle: Settle, mailbox: Mailbox, hook: Hook
) -> None:
    settings = {**by_mail(mailbox), "desk__alert": "une@exemple.fr", "site__rehearsal": "true"}
    workspace = settle(**settings)
    with open_ledger(workspace.ledger_path) as ledger:
        ledger.editions.seal(EDITION, now=now())
        ledger.mailings.add(issue_id="2026-12-24-noel", digest=EDITION.digest, due_at=datetime(2096, 1, 5, 6, tzinfo=UTC), now=now())
    serving = start("serve", "--port", str(free_port()), "--no-desk", **settings)
    serving.ready()
    watching = start("watch", "--ledger", "--after", "25s", **settings, desk__alert_webhook=hook.url)
    watching.ready("registre" if "registre" in watching.said else "ledger.sqlite")
    serving.kill()
    wait_for(lambda: told_of(hook, "silent"), within_s=60)
    assert "2026-12-24-noel" in told_of(hook, "silent")[0]
    assert "7 h 00".replace(" ", "\u00a0") in told_of(hook, "silent")[0]
    start("serve", "--port", str(free_port()), "--no-desk", **settings).ready()
    wait_for(lambda: told_of(hook, "heard"), within_s=40)


def test_a_glance_writes_nothing_and_makes_nothing(settle: Settle, tmp_path: Path) -> None:
    workspace = settle()
    with open_ledger(workspace.ledger_path) as ledger:
        ledger.clocks.beat("w", now=now())
    before = workspace.ledger_path.read_bytes()
    seen = glance(workspace.ledger_path).seen_at
    assert seen
    assert abs(now() - seen) < timedelta(seconds=10)
    assert workspace.ledger_path.read_bytes() == before
    with pytest.raises(HebdoError):
        glance(tmp_path / "rien.sqlite")
    assert not (tmp_path / "rien.sqlite").exists()


def test_a_glance_does_not_wait_for_who_writes(settle: Settle) -> None:
    workspace = settle()
    with open_ledger(workspace.ledger_path) as ledger:
        ledger.clocks.beat("w", now=now())
        with contextlib.closing(sqlite3.connect(workspace.ledger_path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert glance(workspace.ledger_path).seen_at
            other.execute("ROLLBACK")


def test_a_watch_that_would_tell_nobody_is_refused(elsewhere: Path, settle: Settle) -> None:
    with pytest.raises(ConfigurationError):
        watch_heartbeat(settle(), host="127.0.0.1", port=0, watch=Watch())
    ended = hebdo(elsewhere, "watch", "--port", "0")
    assert ended.returncode == 3
    assert "Personne ne serait prévenu" in ended.stderr


def test_without_a_ledger_there_is_nothing_to_look_at(elsewhere: Path, hook: Hook) -> None:
    ended = hebdo(elsewhere, "watch", "--ledger", desk__alert_webhook=hook.url)
    assert ended.returncode == 3
    assert "hebdo serve" in ended.stderr


# The listener, exposed.


@pytest.fixture
def listening(settle: Settle, hook: Hook) -> Iterator[str]:
    workspace = settle(desk__alert_webhook=hook.url)
    stop, found = threading.Event(), []
    thread = threading.Thread(
        target=lambda: watch_heartbeat(workspace, host="127.0.0.1", port=0, watch=Watch(after_s=2.0), ready=found.append, stop=stop)
    )
    thread.start()
    wait_for(lambda: found)
    yield found[0]
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def status(address: str, method: str = "GET", body: bytes | None = None) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, method=method, data=body), timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_only_the_secret_path_is_a_sign_of_life(listening: str, hook: Hook) -> None:
    assert (
        status(listening) == status(f"{listening}?status=up&msg=OK") == status(listening, "HEAD") == status(listening, "POST", b"x") == 200
    )
    for wrong in (listening[:-1], f"{listening}/", f"{listening}x", listening.rpartition("/")[0], listening.rpartition("/")[0] + "/.."):
        assert status(wrong) == 404
    assert status(listening, "DELETE") == 404
    until = time.monotonic() + 4
    while time.monotonic() < until and not hook.calls:
        assert status(listening[:-1]) == 404
        time.sleep(0.1)
    assert told_of(hook, "silent"), "what is not the path keeps nobody quiet"


def test_strangers_can_neither_block_nor_kill_it(listening: str, hook: Hook) -> None:
    host, port = listening.split("/")[2].split(":")
    strangers = [socket.create_connection((host, int(port))) for _ in range(120)]  # they say nothing, and stay
    try:
        for number, stranger in enumerate(strangers[:60]):
            with contextlib.suppress(OSError):
                stranger.sendall(b"\x00\xff" * 9000 if number % 2 else b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000)
        for _ in range(30):
            assert status(listening) == 200
            time.sleep(0.1)
        assert not hook.calls
    finally:
        for stranger in strangers:
            stranger.close()


def test_a_trickle_is_cut_off(listening: str) -> None:
    host, port = listening.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=15) as slow:
        began = time.monotonic()
        slow.sendall(b"GET /")
        assert slow.recv(100) == b""
        assert time.monotonic() - began < 8


def test_its_address_stays_the_same(settle: Settle, hook: Hook) -> None:
    workspace, found = settle(desk__alert_webhook=hook.url), []
    for _ in range(2):
        stop = threading.Event()

        def ready(address: str, stop: threading.Event = stop) -> None:
            found.append(address.rpartition("/")[2])
            stop.set()

        watch_heartbeat(workspace, host="127.0.0.1", port=0, watch=Watch(), ready=ready, stop=stop)
    assert found[0] == found[1]
    assert len(found[0]) >= 43
    assert (workspace.var_path / "watch.key").stat().st_mode & 0o077 == 0


def test_a_port_in_use_is_told(settle: Settle, hook: Hook) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(HebdoError) as told:
            watch_heartbeat(settle(desk__alert_webhook=hook.url), host="127.0.0.1", port=taken.getsockname()[1], watch=Watch())
    assert told.value.exit_code == 7
    assert told.value.hint
    assert "hebdo watch --port" in told.value.hint.fr


def test_a_keep_alive_client_is_answered(listening: str) -> None:
    host, port = listening.split("/")[2].split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    for _ in range(3):
        connection.request("GET", "/" + listening.rpartition("/")[2])
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"ok\n")
    connection.close()


def test_half_open_connections_keep_no_sign_of_life_out(listening: str) -> None:
    host, port = listening.split("/")[2].split(":")
    with contextlib.ExitStack() as opened:
        for _ in range(MOST_AT_ONCE + 60):
            half = opened.enter_context(socket.create_connection((host, int(port)), timeout=5))
            half.sendall(b"GET / HT")
        for _ in range(5):
            assert status(listening) == 200


def test_who_says_nothing_is_soon_hung_up_on(listening: str) -> None:
    host, port = listening.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=WAIT_S + 3) as silent:
        assert silent.recv(1) == b""


def test_a_short_silence_is_told_in_seconds(settle: Settle) -> None:
    ring = Ring(kind="heard", silent_s=17.0, was_ever_heard=True)
    assert "après 17 s de silence" in ring_words(settle(), ring, Glance(), now=now()).fr
