"""What a server says, read strictly and within bounds; a hostile server can cost one connection, never memory."""

from __future__ import annotations

import asyncio
import math
import re
from collections import deque
from functools import lru_cache
from typing import NamedTuple, cast

from composer.transports import sayings
from composer.words import Words

_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)
_ENHANCED = re.compile(rb"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: |$)")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_MAX_LINE = 2048  # RFC 5321 §4.5.3.1.5 asks for 512
_MAX_LINES = 128
_MAX_WAITING = 32  # replies that nobody asked for
_MAX_WORDS = 500
_BUFFER = 4096  # bytes read at once
_NEVER = math.inf


class ConversationError(Exception):
    """The conversation cannot go on: dropped, out of time, or not SMTP. The words are for the outcome."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class RefusedError(Exception):
    """A no while the connection was being made ready: the server's, or our own in ``words``."""

    def __init__(self, reply: Reply, words: Words | None = None) -> None:
        super().__init__(reply.words)
        self.reply = reply
        self.words = words or Words(fr=reply.words, en=reply.words)


class Reply(NamedTuple):
    """One reply, all its lines; read as text only where somebody wants to know what it said."""

    code: int
    said: tuple[bytes, ...]  # without codes

    @property
    def lines(self) -> tuple[str, ...]:
        """Its lines, controls removed."""
        return tuple(map(_shown, self.said))

    @property
    def enhanced(self) -> str:
        """RFC 3463 status, "" without one."""
        found = _ENHANCED.match(self.said[0])
        return found[1].decode() if found else ""

    @property
    def words(self) -> str:
        """What it said, cut to 500 characters."""
        return " ".join(self.lines).strip()[:_MAX_WORDS]


class ReplyReader(asyncio.BufferedProtocol):
    """The receiving side of one connection: whole replies in order, and when what was written has left.

    With a buffer of its own: asyncio would take 256 KB of memory for every read. Under TLS what was written counts as handed to the
    system once the TLS layer has it: of a message beyond the socket's buffer some may be left.
    """

    def __init__(self) -> None:
        self._buffer = memoryview(bytearray(_BUFFER))  # a view: asyncio's TLS writes into slices of it
        self._rest = b""  # of a line that has not ended
        self._lines: list[tuple[int, bytes]] = []
        self._replies: deque[Reply] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self._flushed: asyncio.Future[None] | None = None
        self._failure: Words | None = None
        self._transport: asyncio.Transport | None = None
        self._late_at = _NEVER  # the loop's time at which whoever waits has waited long enough
        self._patience = 0.0
        self._watch: asyncio.TimerHandle | None = None

    @property
    def is_open(self) -> bool:
        """Whether the connection can still be used, and nothing unasked has arrived."""
        return self._failure is None and self.is_silent

    @property
    def stands(self) -> bool:
        """Whether neither side has ended the connection, as far as is known."""
        return self._failure is None

    @property
    def is_silent(self) -> bool:
        """Whether every byte received so far was read: what came before TLS must not be taken for what comes after (CVE-2011-0411)."""
        return not self._replies and not self._rest and not self._lines

    @property
    def unasked(self) -> str:
        """The words of a reply that waits to be read, "" without one."""
        return f"{self._replies[0].code} {self._replies[0].words}" if self._replies else ""

    @property
    def can_write(self) -> bool:
        """Whether the connection stands, and everything written through asyncio has been handed to the system."""
        return self._flushed is None and self._failure is None

    def take(self) -> Reply | None:
        """The next whole reply when it is there already."""
        return self._replies.popleft() if self._replies else None

    async def next_reply(self, timeout_s: float) -> Reply:
        """The next whole reply; raises ConversationError when none comes in time or the connection ends."""
        while not self._replies:
            if self._failure is not None:
                raise ConversationError(self._failure)
            self._waiting = asyncio.get_running_loop().create_future()
            await self._in_time(self._waiting, timeout_s)
        return self._replies.popleft()

    async def flush(self, timeout_s: float) -> None:
        """Return when everything written has been handed to the system; raises ConversationError otherwise."""
        if self._flushed is not None:
            await self._in_time(self._flushed, timeout_s)
        if self._failure is not None:
            raise ConversationError(self._failure)

    async def _in_time(self, waiting: asyncio.Future[None], timeout_s: float) -> None:
        """Wait; a timer that looks now and then costs less than one for every reply, and is at most a second too late."""
        loop = asyncio.get_running_loop()
        self._late_at, self._patience = loop.time() + timeout_s, timeout_s
        if self._watch is None:
            self._watch = loop.call_later(min(timeout_s / 10, 1.0), self._look)
        try:
            await waiting
        finally:
            self._late_at = _NEVER

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        self._watch = None
        if self._failure is not None:
            return
        if loop.time() >= self._late_at:
            self._fail(sayings.no_reply(self._patience) if self._flushed is None else sayings.took_no_more(self._patience), abort=True)
        elif self._late_at is not _NEVER:
            self._watch = loop.call_later(min(self._patience / 10, 1.0), self._look)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """From asyncio; called again after STARTTLS."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are of no class of asyncio's
        # What is left in the buffer has not gone. Not 0: asyncio's TLS would then wait on an empty buffer.
        self._transport.set_write_buffer_limits(high=1, low=0)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's
        """From asyncio: where it may put what comes."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """From asyncio: so much has come."""
        self._hear(bytes(self._buffer[:nbytes]))

    def _hear(self, data: bytes) -> None:
        *lines, rest = (self._rest + data if self._rest else data).split(b"\n")
        for line in lines:
            if self._failure is None:
                self._take_line(line.removesuffix(b"\r"))
        self._rest = rest
        if len(rest) > _MAX_LINE:
            self._fail(sayings.ENDLESS_LINE)
        if self._replies:
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """From asyncio."""
        self._fail(sayings.lost(exc) if exc else sayings.CLOSED)

    def pause_writing(self) -> None:
        """From asyncio: bytes are left in the buffer."""
        if self._flushed is None:
            self._flushed = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """From asyncio: the buffer is empty."""
        if self._flushed is not None and not self._flushed.done():
            self._flushed.set_result(None)
        self._flushed = None

    def _take_line(self, line: bytes) -> None:
        if len(line) > _MAX_LINE:
            self._fail(sayings.ENDLESS_LINE)
            return
        if not self._lines and (reply := _one_line(line)) is not None:
            self._add(reply)
            return
        found = _LINE.fullmatch(line)
        if found is None:
            self._fail(sayings.NO_SMTP)
            return
        code, goes_on, said = int(found[1]), found[2] == b"-", found[3] or b""
        if self._lines and self._lines[0][0] != code:
            self._fail(sayings.CHANGED_MIND)
            return
        self._lines.append((code, said))
        if not goes_on:
            self._add(Reply(code, tuple(said for _, said in self._lines)))
            self._lines.clear()
        elif len(self._lines) > _MAX_LINES:
            self._fail(sayings.TALKS_ON)

    def _add(self, reply: Reply) -> None:
        self._replies.append(reply)
        if len(self._replies) > _MAX_WAITING:
            self._fail(sayings.TALKS_ON)

    def _fail(self, words: Words, *, abort: bool = False) -> None:
        if self._failure is None:
            self._failure = words
            if self._transport is not None:
                self._transport.abort() if abort else self._transport.close()
        if self._flushed is not None and not self._flushed.done():
            self._flushed.set_result(None)
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


@lru_cache(maxsize=256)  # most lines of a server are the same for every message
def _one_line(line: bytes) -> Reply | None:
    """The reply that a line is by itself; None for one of several, and for what is none."""
    found = _LINE.fullmatch(line)
    return Reply(int(found[1]), (found[3] or b"",)) if found is not None and found[2] != b"-" else None


def _shown(said: bytes) -> str:
    text = said.decode("utf-8", "replace")
    return text if text.isprintable() else _CONTROLS.sub(" ", text)
