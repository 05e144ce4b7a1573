"""One connection of one's own: the next envelope goes ahead with the last dot, and nothing follows from that which would not without."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from composer.model.mailing import Message, Stage
from composer.model.newsletter import TransportSettings
from composer.transports import SmtpTransport

GREETING = b"220 sink\r\n"
OFFERS = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"


class Sink:
    """Speaks pipelined SMTP; notes what it was told at once, and which messages it took."""

    def __init__(self, *, offers: bytes = OFFERS, refuse: str = "") -> None:
        self.offers = offers
        self.refuse = refuse  # part of an address
        self.taken: list[str] = []
        self.behind_a_dot: list[bytes] = []
        self.connections = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(GREETING)
        rcpt = ""
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                rcpt = line.decode()
                refused = bool(self.refuse) and self.refuse in rcpt
                rcpt = "" if refused else rcpt
                writer.write(b"550 5.1.1 no\r\n" if refused else b"250 ok\r\n")
            elif verb == b"DATA" and rcpt:
                writer.write(b"354 go\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                self.taken.append(rcpt)
                await asyncio.sleep(0.02)  # what was sent along is there by now
                self.behind_a_dot.append(bytes(reader._buffer))  # type: ignore[attr-defined]
                writer.write(b"250 2.0.0 kept\r\n")
            elif verb == b"DATA":
                writer.write(b"503 nobody\r\n")
            else:
                writer.write(self.offers if verb == b"EHLO" else b"250 ok\r\n")


def settings(port: int, **more: int) -> TransportSettings:
    return TransportSettings(**{"kind": "smtp", "host": "127.0.0.1", "port": port, "timeout_s": 2.0, **more})  # type: ignore[arg-type]


@pytest.fixture
def three(message: Message) -> list[Message]:
    return [replace(message, envelope_to=f"r{n}@exemple.org", delivery_id=n, message_id=f"{n}@exemple.fr") for n in range(3)]


async def send(sink: Sink, smtp_server, three: list[Message], **more: int):
    async with smtp_server(sink) as port:
        transport = SmtpTransport(settings(port, **more))
        lane = transport.lane()
        outcomes = [await lane.submit(one, then) for one, then in zip(three, [*three[1:], None], strict=True)]
        await transport.aclose()
    return outcomes


async def test_the_next_envelope_goes_right_behind_the_dot(smtp_server, three):
    sink = Sink()
    outcomes = await send(sink, smtp_server, three)
    assert [outcome.stage for outcome in outcomes] == [Stage.DONE] * 3
    assert sink.connections == 1
    assert [b"r1@" in sink.behind_a_dot[0], b"r2@" in sink.behind_a_dot[1], sink.behind_a_dot[2]] == [True, True, b""]
    assert [f"r{n}@" in taken for n, taken in enumerate(sink.taken)] == [True] * 3


async def test_a_server_that_takes_one_command_at_a_time_gets_one(smtp_server, three):
    sink = Sink(offers=b"250 sink\r\n")
    outcomes = await send(sink, smtp_server, three)
    assert [outcome.stage for outcome in outcomes] == [Stage.DONE] * 3
    assert sink.behind_a_dot == [b"", b"", b""]


async def test_a_reader_refused_ahead_of_its_turn_is_the_one_that_is_refused(smtp_server, three):
    sink = Sink(refuse="r1@")
    outcomes = await send(sink, smtp_server, three)
    assert [(outcome.stage, outcome.code) for outcome in outcomes] == [(Stage.DONE, 250), (Stage.RCPT, 550), (Stage.DONE, 250)]
    assert len(sink.taken) == 2


async def test_who_was_announced_and_does_not_leave_costs_a_connection_and_nothing_else(smtp_server, three):
    sink = Sink()
    async with smtp_server(sink) as port:
        transport = SmtpTransport(settings(port))
        lane = transport.lane()
        first = await lane.submit(three[0], three[1])
        other = await lane.submit(three[2])
        await transport.aclose()
    assert (first.stage, other.stage) == (Stage.DONE, Stage.DONE)
    assert sink.connections == 2
    assert [taken[9:12] for taken in sink.taken] == ["r0@", "r2@"]


async def test_nobody_is_announced_on_a_connection_that_has_carried_its_number(smtp_server, three):
    sink = Sink()
    outcomes = await send(sink, smtp_server, three, messages_per_connection=1)
    assert [outcome.stage for outcome in outcomes] == [Stage.DONE] * 3
    assert (sink.connections, sink.behind_a_dot) == (3, [b"", b"", b""])


async def test_what_stops_between_content_and_dot_has_not_left(smtp_server, three):
    async def stalls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GREETING)
        while line := await reader.readline():
            writer.write(OFFERS if line.startswith(b"EHLO") else b"354 go\r\n" if line.startswith(b"DATA") else b"250 ok\r\n")
            if line.startswith(b"DATA"):
                await asyncio.sleep(30)  # takes what its buffers take, and no more

    large = replace(three[0], parts=((b"x" * 76 + b"\r\n") * 400_000,), ready=True)
    async with smtp_server(stalls) as port:
        transport = SmtpTransport(settings(port))
        outcome = await transport.lane().submit(large, three[1])
        await transport.abort()
    assert (outcome.stage, outcome.code) == (Stage.DATA, 0)
    assert "plus rien pris" in outcome.reply
