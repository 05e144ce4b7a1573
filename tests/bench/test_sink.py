"""The sink of bench and drills counts what it is given, however the bytes come."""

from __future__ import annotations

import random
import socket
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.kit.sinks import Sink

ENVELOPE = "MAIL FROM:<a@exemple.fr>\r\nRCPT TO:<r{0}@exemple.org>\r\nDATA\r\n"
BODY = "Message-ID: <{0}@exemple.fr>\r\nSubject: x\r\n\r\n..dot\r\n\r\nwords\r\n.\r\n"


@pytest.fixture(scope="module")
def sink():
    with Sink() as opened:
        yield opened


@pytest.fixture
def port(sink, tmp_path):
    opened = sink.open()
    opened.set(log=tmp_path / "log")
    return opened


def read_until(connection: socket.socket, end: bytes, times: int = 1) -> bytes:
    came = b""
    while came.count(end) < times:
        more = connection.recv(65536)
        assert more, came
        came += more
    return came


def talk(port, pieces) -> bytes:
    with socket.create_connection(("127.0.0.1", port.number), 10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)
        came = b""
        while more := connection.recv(65536):
            came += more
    return came


@pytest.mark.parametrize("most", [1, 2, 3, 7, 100_000])
def test_every_message_is_counted_however_its_bytes_are_cut(port, most):
    """Envelopes stand right behind the final dot before (RFC 2920 §3.1)."""
    rng = random.Random(most)
    whole = ("EHLO x\r\n" + "".join(ENVELOPE.format(n) + BODY.format(n) for n in range(5)) + "QUIT\r\n").encode()
    pieces, at = [], 0
    while at < len(whole):
        size = rng.randint(1, most)
        pieces.append(whole[at : at + size])
        at += size
    said = talk(port, pieces)
    assert said.count(b"354 ") == 5
    assert said.count(b"250 2.0.0 taken") == 5
    assert [(one.message_id, one.recipient) for one in port.messages()] == [(f"{n}@exemple.fr", f"r{n}@exemple.org") for n in range(5)]


def test_replies_wait_for_their_delay_and_keep_their_order(port):
    port.set(delay_ms=50.0)
    with socket.create_connection(("127.0.0.1", port.number), 10) as connection:
        read_until(connection, b"220 ")
        start = time.monotonic()
        connection.sendall(b"EHLO x\r\n" + ENVELOPE.format(1).encode())
        said = read_until(connection, b"354 ")
        assert 0.05 <= time.monotonic() - start < 10.0
        assert said.index(b"SMTPUTF8") < said.index(b"2.1.0") < said.index(b"2.1.5") < said.index(b"354 ")


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize(("kind", "first"), [("421", b"4"), ("4xx", b"4"), ("5xx", b"5"), ("drop", b"")])
def test_a_fault_strikes_where_it_is_told_to(port, tmp_path, stage, kind, first):
    port.set(faults=[{"stage": stage, "kind": kind}], log=tmp_path / "log")
    with socket.create_connection(("127.0.0.1", port.number), 10) as connection:
        said = read_until(connection, b"\r\n")
        for name, line in (("ehlo", "EHLO x\r\n"), *zip(("mail", "rcpt", "data"), ENVELOPE.format(1).splitlines(keepends=True), strict=True),
                           ("dot", BODY.format(1))):  # fmt: skip
            connection.sendall(line.encode())
            said = connection.recv(65536)
            if name == stage:
                break
        assert said[:1] == first
    assert port.accepted == 0
