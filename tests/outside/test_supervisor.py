from __future__ import annotations

import os
import secrets
import socket
import time
from pathlib import Path

import pytest

from composer.outside.supervisor import Supervisor


@pytest.fixture
def heard() -> socket.socket:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(2)
        yield listening


def test_a_supervisor_hears_each_message_as_lines(heard: socket.socket, tmp_path: Path) -> None:
    heard.bind(str(tmp_path / "notify"))
    supervisor = Supervisor({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    supervisor.tell(READY="1", STATUS="Un numéro :\n 12/40")
    assert heard.recv(4096).decode() == "READY=1\nSTATUS=Un numéro : 12/40"


def test_an_abstract_socket_is_a_supervisor_too(heard: socket.socket) -> None:
    name = f"hebdo-{secrets.token_hex(6)}"
    heard.bind(f"\0{name}")
    Supervisor({"NOTIFY_SOCKET": f"@{name}"}).tell(WATCHDOG="1")
    assert heard.recv(4096) == b"WATCHDOG=1"


@pytest.mark.parametrize("environ", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "/nowhere/at/all"}, {"NOTIFY_SOCKET": "relative"}])
def test_without_a_supervisor_nothing_happens(environ: dict[str, str]) -> None:
    Supervisor(environ).tell(READY="1")


def test_a_supervisor_that_reads_nothing_stops_nobody(heard: socket.socket, tmp_path: Path) -> None:
    heard.bind(str(tmp_path / "notify"))
    supervisor = Supervisor({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    limit = int(Path("/proc/sys/net/unix/max_dgram_qlen").read_text())
    began = time.monotonic()
    for _ in range(limit + 2):
        supervisor.tell(WATCHDOG="1")
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("environ", "patience_s"),
    [
        ({"WATCHDOG_USEC": "300000000"}, 300.0),
        ({"WATCHDOG_USEC": "300000000", "WATCHDOG_PID": str(os.getpid())}, 300.0),
        ({"WATCHDOG_USEC": "300000000", "WATCHDOG_PID": "1"}, 0.0),  # meant for another process
        ({"WATCHDOG_USEC": "soon"}, 0.0),
        ({}, 0.0),
    ],
)
def test_how_patient_it_is_comes_from_the_environment(environ: dict[str, str], patience_s: float) -> None:
    assert Supervisor(environ).patience_s == patience_s
