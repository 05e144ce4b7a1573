"""A mail server that counts, in a process of its own: one JSON line in, one JSON line out.

It understands pipelining, commands right behind a final dot included (RFC 2920 §3.1), delays every reply by timers, breaks at the stage that it
is told to, and can write every message that it accepted: Message-ID, recipient, and two moments of the machine's monotonic clock.
"""

from __future__ import annotations

import asyncio
import json
import re
import selectors
import sys
import time
from array import array
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

CHUNK = 1 << 18
HEAD_MAX = 1 << 14
END = b"\r\n.\r\n"
OFFERS = b"250-sink.exemple.org\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SMTPUTF8\r\n"
YES = {"connect": b"220 sink.exemple.org ESMTP\r\n", "ehlo": OFFERS, "mail": b"250 2.1.0 ok\r\n", "rcpt": b"250 2.1.5 ok\r\n",
       "data": b"354 go on\r\n", "dot": b"250 2.0.0 taken\r\n"}  # fmt: skip
LATER = {"connect": b"450 4.3.2 later\r\n", "ehlo": b"450 4.3.2 later\r\n", "mail": b"451 4.3.0 later\r\n", "rcpt": b"450 4.2.1 later\r\n",
         "data": b"451 4.3.0 later\r\n", "dot": b"451 4.3.0 later\r\n"}  # fmt: skip
NEVER = {"connect": b"554 5.3.2 no\r\n", "ehlo": b"554 5.3.2 no\r\n", "mail": b"550 5.7.1 no\r\n", "rcpt": b"550 5.1.1 nobody\r\n",
         "data": b"554 5.3.0 no\r\n", "dot": b"554 5.6.0 no\r\n"}  # fmt: skip
REPLIES = {"4xx": LATER, "5xx": NEVER, "421": dict.fromkeys(YES, b"421 4.3.2 closing\r\n")}
_MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*<([^>]*)>")
_ADDRESS = re.compile(rb"<([^>]*)>")
_buffer = bytearray(4 + CHUNK)  # four bytes of the chunk before, then the chunk: shared, since each is read at once
_view = memoryview(_buffer)[4:]


@dataclass
class Fault:
    """What goes wrong: at ``stage``, for recipients that contain ``match``, so many ``times`` (-1: always)."""

    stage: str
    kind: str  # 421, 4xx, 5xx, drop, stall
    match: str = ""
    times: int = -1
    stall_s: float = 10.0


@dataclass
class Counter:
    """What one port has seen, and how it behaves."""

    delay_s: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    log: TextIO | None = None
    keep: Path | None = None
    accepted: int = 0
    signed: int = 0
    connections: int = 0
    open: int = 0
    moments: array[float] = field(default_factory=lambda: array("d"))
    tell_at: int = -1

    def fault(self, stage: str, recipient: str) -> Fault | None:
        """The fault that strikes here, counted down."""
        for one in self.faults:
            if one.stage == stage and one.times and one.match in recipient:
                one.times -= 1
                return one
        return None

    def accept(self, session: Session) -> None:
        now = time.monotonic()
        self.accepted += 1
        self.moments.append(now)
        if self.log is not None:
            found = _MESSAGE_ID.search(session.head)
            self.signed += b"DKIM-Signature:" in session.head
            self.log.write(f"{found[1].decode() if found else ''}\t{session.recipient}\t{session.asked_at:.6f}\t{now:.6f}\n")
        if self.keep is not None:
            (self.keep / f"{self.accepted:06d}.eml").write_bytes(session.kept)
        if self.accepted == self.tell_at:
            say({"reached": self.accepted})


class Session(asyncio.BufferedProtocol):
    """One connection."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._lines = bytearray()
        self._in_data = False
        self._tail = b"\0\0\r\n"
        self._out: deque[tuple[float, bytes | None]] = deque()  # None: hang up
        self._not_before = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.recipient = ""
        self.asked_at = 0.0
        self.head = b""
        self.kept = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._counter.connections += 1
        self._counter.open += 1
        self._answer("connect")
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's door
        self._counter.open -= 1
        if self._timer is not None:
            self._timer.cancel()

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's door
        return _view

    def buffer_updated(self, nbytes: int) -> None:
        self._take(nbytes)
        self._flush()

    def eof_received(self) -> bool:
        return False

    # -- what comes in --------------------------------------------------------------------------------------------------------------------

    def _take(self, size: int) -> None:
        while size:
            if not self._in_data:
                self._lines += _view[:size]
                size = self._commands()
                continue
            _buffer[:4] = self._tail
            end = _buffer.find(END, 0, 4 + size)
            self._remember(4 + size if end < 0 else end + 2)
            if end < 0:
                self._tail = bytes(_buffer[size : size + 4])
                return
            rest = bytes(_buffer[end + 5 : 4 + size])
            self._in_data = False
            self._answer("dot")
            size = len(rest)
            _view[:size] = rest

    def _commands(self) -> int:
        """Obeys the whole lines that lie there; gives how many bytes behind DATA are left in the buffer."""
        while (end := self._lines.find(b"\n")) >= 0:
            line = bytes(self._lines[:end]).strip()
            del self._lines[: end + 1]
            self._obey(line)
            if self._in_data:
                rest = bytes(self._lines)
                self._lines.clear()
                _view[: len(rest)] = rest
                return len(rest)
        return 0

    def _obey(self, line: bytes) -> None:
        word = line[:4].upper()
        if word == b"MAIL":
            self.recipient = ""
            self._answer("mail")
        elif word == b"RCPT":
            found = _ADDRESS.search(line)
            self.recipient, self.asked_at = found[1].decode() if found else "", time.monotonic()
            if not self._answer("rcpt"):
                self.recipient = ""
        elif word == b"DATA":
            self._data()
        elif word in {b"EHLO", b"HELO"}:
            self._answer("ehlo")
        elif word == b"QUIT":
            self._say(b"221 2.0.0 bye\r\n")
            self._say(None)
        else:
            self._say(b"250 2.0.0 ok\r\n")  # RSET, NOOP

    def _data(self) -> None:
        if not self.recipient:
            self._say(b"503 5.5.1 no recipient\r\n")
        elif self._answer("data"):
            self._in_data, self._tail, self.head, self.kept = True, b"\0\0\r\n", b"", b""

    def _remember(self, end: int) -> None:
        if self._counter.keep is not None:
            self.kept += _buffer[4:end]
        if self._counter.log is not None and len(self.head) < HEAD_MAX and b"\r\n\r\n" not in self.head:
            self.head += _buffer[4 : min(end, 4 + HEAD_MAX)]

    # -- what goes out --------------------------------------------------------------------------------------------------------------------

    def _answer(self, stage: str) -> bool:
        """Says yes at this stage, or does what the fault says; whether it was a yes."""
        fault = self._counter.fault(stage, self.recipient)
        if fault is not None and fault.kind == "stall":
            self._not_before = time.monotonic() + fault.stall_s
        elif fault is not None and fault.kind == "drop":
            self._say(None)
            return False
        elif fault is not None:
            self._say(REPLIES[fault.kind][stage])
            if fault.kind == "421":
                self._say(None)
            return False
        if stage == "dot":
            self._counter.accept(self)
        self._say(YES[stage])
        return True

    def _say(self, words: bytes | None) -> None:
        self._out.append((max(time.monotonic() + self._counter.delay_s, self._not_before), words))

    def _flush(self) -> None:
        now, ready = time.monotonic(), []
        while self._out and self._out[0][0] <= now:
            words = self._out.popleft()[1]
            if words is None:
                self._transport.write(b"".join(ready))
                self._transport.close()
                self._out.clear()
                return
            ready.append(words)
        if ready:
            self._transport.write(b"".join(ready))
        if self._out and (self._timer is None or self._timer.when() != self._out[0][0]):
            self._timer = asyncio.get_running_loop().call_at(self._out[0][0], self._due)

    def _due(self) -> None:
        self._timer = None
        self._flush()


class Desk:
    """What stdin asks: ports are opened, told how to behave, and asked what they saw."""

    def __init__(self) -> None:
        self._counters: dict[int, Counter] = {}
        self._rest = b""

    async def obey(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["do"] == "open":
            counter = Counter()
            server = await asyncio.get_running_loop().create_server(lambda: Session(counter), "127.0.0.1", 0, backlog=1024)
            port = int(server.sockets[0].getsockname()[1])
            self._counters[port] = counter
            return {"port": port}
        counter = self._counters[asked["port"]]
        if asked["do"] == "set":
            return self._set(counter, asked)
        if asked["do"] == "tell_at":
            counter.tell_at = asked["count"]
            if counter.accepted >= counter.tell_at:
                say({"reached": counter.accepted})
            return {}
        return _seen(counter, asked.get("skip", 0))

    def _set(self, counter: Counter, asked: dict[str, Any]) -> dict[str, Any]:
        counter.delay_s = asked.get("delay_ms", 0.0) / 1000
        counter.faults = [Fault(**one) for one in asked.get("faults", ())]
        counter.keep = Path(asked["keep"]) if asked.get("keep") else None
        if counter.log is not None:
            counter.log.close()
        counter.log = Path(asked["log"]).open("a", encoding="utf-8") if asked.get("log") else None  # noqa: SIM115 - open for as long as the port
        counter.accepted = counter.signed = counter.connections = 0
        counter.moments = array("d")
        counter.tell_at = -1
        return {}


def _seen(counter: Counter, skip: int) -> dict[str, Any]:
    if counter.log is not None:
        counter.log.flush()
    moments, answer = counter.moments, {"accepted": counter.accepted, "signed": counter.signed, "connections": counter.connections}
    span = moments[-1] - moments[skip] if len(moments) > skip + 1 else 0.0
    return {**answer, "open": counter.open, "rate": (len(moments) - skip - 1) / span if span else 0.0}


def say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


async def serve() -> None:
    desk, reader = Desk(), asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        say({"answer": await desk.obey(json.loads(line))})


def main() -> None:
    # select() waits to the microsecond, epoll to the millisecond: a delay of 1 ms would be one of 2.
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selectors.SelectSelector())) as runner:
        runner.run(serve())


if __name__ == "__main__":
    main()
