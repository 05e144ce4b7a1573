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


# What may happen between an envelope that went ahead and its turn.


class Scripted:
    """Pipelined SMTP whose replies to the envelope of one reader are given; notes every line and what came as content."""

    def __init__(self, replies: dict[str, str], *, to: str = "r1@") -> None:
        self.replies = replies  # MAIL, RCPT, DATA, dot → reply; "drop" ends
        self.to = to
        self.lines: list[bytes] = []
        self.contents: list[bytes] = []
        self.open_content: list[bytes] = []  # what came after a 354 without a dot
        self.connections = 0
        self.ended = asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        writer.write(GREETING)
        rcpt, carried, is_refused = "", 0, False
        while line := await reader.readline():
            self.lines.append(line)
            verb = line[:4].decode().strip().upper()
            if verb == "EHLO":
                writer.write(OFFERS)
                continue
            rcpt = line.decode() if verb == "RCPT" else rcpt
            is_it = number == 1 and (self.to in rcpt if verb != "MAIL" else carried == 1)
            said = self.replies.pop(verb, "") if is_it else ""
            is_refused = is_refused and verb in {"RCPT", "DATA"}
            said = said or ("503 5.5.1 not now" if is_refused else "354 go" if verb == "DATA" else "250 ok")
            is_refused = is_refused or said[0] in "45"
            if said == "drop":
                writer.transport.abort()
                return
            writer.write(f"{said}\r\n".encode())
            if said.startswith("421"):
                return
            if verb == "DATA" and said.startswith("354"):
                try:
                    self.contents.append(await reader.readuntil(b"\r\n.\r\n"))
                except asyncio.IncompleteReadError as broken:
                    self.open_content.append(broken.partial)
                    self.ended.set()
                    return
                carried += 1
                said = self.replies.pop("dot", "") if is_it else ""
                writer.write(f"{said or '250 2.0.0 kept'}\r\n".encode())


@pytest.mark.parametrize(
    ("at", "said", "stage", "code", "connections"),
    [
        ("MAIL", "421 4.3.2 closing", Stage.DONE, 250, 2),
        ("MAIL", "drop", Stage.DONE, 250, 2),
        ("MAIL", "451 4.3.0 later", Stage.MAIL, 451, 1),
        ("RCPT", "450 4.2.0 grey", Stage.RCPT, 450, 1),
        ("RCPT", "550 5.1.1 gone", Stage.RCPT, 550, 1),
        ("RCPT", "421 4.3.2 closing", Stage.RCPT, 421, 2),
        ("DATA", "451 4.3.0 later", Stage.DATA, 451, 1),
        ("DATA", "554 5.6.0 no", Stage.DATA, 554, 1),
        ("dot", "452 4.3.1 full", Stage.DOT, 452, 1),
    ],
)
async def test_what_is_said_of_an_envelope_that_went_ahead_counts_for_its_reader_and_no_other(
    smtp_server, three, at, said, stage, code, connections
):
    server = Scripted({at: said})
    outcomes = await send(server, smtp_server, three)
    assert [outcome.stage for outcome in (outcomes[0], outcomes[2])] == [Stage.DONE] * 2
    assert (outcomes[1].stage, outcomes[1].code) == (stage, code)
    assert server.connections == connections


@pytest.mark.parametrize("end", ["other", "close", "abort"])
async def test_a_content_that_the_server_waits_for_and_that_does_not_come_is_never_begun(smtp_server, three, end):
    """A mailing paused, a reader who left: the server has said 354 for who was announced."""
    server = Scripted({})
    async with smtp_server(server) as port:
        transport = SmtpTransport(settings(port))
        lane = transport.lane()
        assert (await lane.submit(three[0], three[1])).stage is Stage.DONE
        await asyncio.sleep(0.05)  # its 354 is there
        if end == "other":
            assert (await lane.submit(three[2])).stage is Stage.DONE
        elif end == "close":
            await lane.aclose()
        else:
            await transport.abort()
        await asyncio.wait_for(server.ended.wait(), 2)
        await transport.aclose()
    assert server.open_content == [b""], "neither content nor QUIT may stand where it could be taken for content"
    assert len(server.contents) == (2 if end == "other" else 1)


async def test_an_end_of_the_connection_is_polite_and_quick_while_somebody_is_announced(smtp_server, three):
    server = Scripted({})
    async with smtp_server(server) as port:
        transport = SmtpTransport(settings(port))
        lane = transport.lane()
        await lane.submit(three[0], three[1])
        began = asyncio.get_running_loop().time()
        await lane.aclose()
        assert asyncio.get_running_loop().time() - began < 1.8
        await transport.aclose()


async def test_the_announced_one_may_come_late_over_a_connection_that_has_ended_meanwhile(smtp_server, three):
    server = Scripted({"DATA": "421 4.4.2 you took too long"})
    async with smtp_server(server) as port:
        transport = SmtpTransport(settings(port))
        lane = transport.lane()
        first = await lane.submit(three[0], three[1])
        await asyncio.sleep(0.05)
        second = await lane.submit(three[1])
        third = await lane.submit(three[2])
        await transport.aclose()
    assert [outcome.stage for outcome in (first, third)] == [Stage.DONE] * 2
    assert (second.stage, second.code) == (Stage.DATA, 421)
    assert len(server.contents) == 2


async def test_a_transport_knows_how_many_connections_are_open(smtp_server, three):
    async with smtp_server(Sink()) as port:
        transport = SmtpTransport(settings(port))
        lanes = [transport.lane() for _ in three]
        assert transport.open_connections == 0
        for lane, message in zip(lanes, three, strict=True):
            await lane.submit(message)
        assert transport.open_connections == 3
        lanes[0].break_off()
        assert transport.open_connections == 2
        await transport.aclose()
        assert transport.open_connections == 0
