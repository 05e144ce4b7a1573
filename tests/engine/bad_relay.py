"""A mail server on loopback that does at one moment what no server should, and else its work."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

Moment = tuple[str, int, int]  # stage, connection, message on it; both from 0
Fault = Callable[[Moment], str]  # what is done instead of the usual reply; "" for the usual

_MEGABYTE = b"250-" + b"x" * 1_000_000
_NOISE = {
    "garbage": b"HTTP/1.1 400 Bad Request\r\n\r\n\x00\xff",
    "line": _MEGABYTE,
    "ended line": _MEGABYTE + b"\r\n",
    "endless": b"250-and then\r\n" * 20_000,
}


def once(stage: str, what: str, *, message: int = 0) -> Fault:
    """``what`` at one stage of one message of the first connection that comes there."""
    done: list[int] = []

    def fault(moment: Moment) -> str:
        is_now = moment[0] == stage and moment[2] == message and (not done or done[0] == moment[1])
        if is_now and not done:
            done.append(moment[1])
            return what
        return ""

    return fault


class Relay:
    """Takes messages; ``fault`` says what goes wrong when."""

    def __init__(self, fault: Fault = lambda _: "", *, offers: tuple[str, ...] = ("PIPELINING", "8BITMIME")) -> None:
        self.fault = fault
        self.offers = offers
        self.port = 0
        self.taken: list[str] = []  # addresses whose content came whole and was answered with 250
        self.contents: list[bytes] = []  # all that came whole
        self.lines: list[str] = []
        self.connections = 0
        self.has_more = False  # whether more has come with the command that is being answered

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[Relay]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**20)
        self.port = server.sockets[0].getsockname()[1]
        try:
            async with server:
                yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = self.connections
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, _Ended):
            await self._talk(_Line(self, number, reader, writer))
        writer.close()

    async def _talk(self, line: _Line) -> None:
        await line.say("greeting", "220 relay")
        address = ""
        while True:
            verb, _, rest = (await line.read()).partition(" ")
            self.lines.append(f"{verb} {rest}")
            if verb == "EHLO":
                await line.say(verb, "\r\n".join(["250-relay", *(f"250-{offer}" for offer in self.offers), "250 HELP"]))
            elif verb == "RCPT":
                said = await line.say(verb, "250 2.1.5 ok")
                address = rest.split("<")[1].split(">")[0] if said.startswith("2") else ""
            elif verb == "DATA":
                if (await line.say(verb, "354 go" if address else "503 5.5.1 nobody")).startswith("354"):
                    await self._take(line, address)
                address = ""
            elif verb == "QUIT":
                return
            else:
                await line.say(verb, "250 2.0.0 ok")

    async def _take(self, line: _Line, address: str) -> None:
        content = await line.reader.readuntil(b"\r\n.\r\n")
        self.contents.append(content)
        said = await line.say("dot", "250 2.0.0 kept")
        if said.startswith("250"):
            self.taken.append(address)
        line.message += 1


class _Ended(Exception):
    """This connection is over."""


class _Line:
    """One connection, and what goes wrong on it."""

    def __init__(self, relay: Relay, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.relay = relay
        self.number = number
        self.message = 0
        self.reader = reader
        self.writer = writer

    async def read(self) -> str:
        line = await self.reader.readline()
        if not line:
            raise _Ended
        return line.decode().strip()

    async def say(self, stage: str, usual: str) -> str:
        """Say ``usual``, or what the fault wants; gives what was said."""
        self.relay.has_more = bool(self.reader._buffer)  # type: ignore[attr-defined]
        what = self.relay.fault((stage, self.number, self.message))
        if what == "drop":
            self.writer.transport.abort()
            raise _Ended
        if what in {"silence", "half-close"}:
            if what == "half-close":
                self.writer.write_eof()
            await self.reader.read()
            raise _Ended
        if what in _NOISE:
            self.writer.write(_NOISE[what])
            await self.reader.read(1)
            raise _Ended
        if what == "early":  # it says so a second time, before anybody asked
            usual = f"{usual}\r\n{usual}"
            what = ""
        if what == "flush":  # what came with the last command is thrown away
            self.reader._buffer.clear()  # type: ignore[attr-defined]
            what = ""
        said = what or usual
        self.writer.write(f"{said}\r\n".encode())
        if said.startswith("421") or "and ends" in said:
            await self.writer.drain()
            raise _Ended
        return said
