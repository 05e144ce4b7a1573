"""What a server says, read strictly and within bounds; a hostile server can cost one connection, never memory."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from dataclasses import dataclass

from composer.transports import sayings
from composer.words import Words

_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?: |$)")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_MAX_LINE = 2048  # RFC 5321 §4.5.3.1.5 asks for 512
_MAX_LINES = 128
_MAX_WAITING = 32  # replies that nobody asked for
_MAX_WORDS = 500


class ConversationError(Exception):
    """The conversation cannot go on: dropped, out of time, or not SMTP. The words are for the outcome."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply, all its lines."""

    code: int
    lines: tuple[str, ...]  # without codes, controls removed

    @property
    def enhanced(self) -> str:
        """RFC 3463 status, "" without one."""
        found = _ENHANCED.match(self.lines[0])
        return found[1] if found else ""

    @property
    def words(self) -> str:
        """What it said, cut to 500 characters."""
        return " ".join(self.lines).strip()[:_MAX_WORDS]


class ReplyReader(asyncio.Protocol):
    """The receiving side of one connection: whole replies in order, and when what was written has left."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._lines: list[tuple[int, str]] = []
        self._replies: deque[Reply] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self._flushed: asyncio.Future[None] | None = None
        self._failure: Words | None = None
        self._transport: asyncio.BaseTransport | None = None

    @property
    def is_open(self) -> bool:
        """Whether the connection can still be used, and nothing unasked has arrived."""
        return self._failure is None and not self._replies and not self._buffer

    @property
    def is_silent(self) -> bool:
        """Whether every byte received so far was read: what came before TLS must not be taken for what comes after (CVE-2011-0411)."""
        return not self._replies and not self._buffer and not self._lines

    async def next_reply(self, timeout_s: float) -> Reply:
        """The next whole reply; raises ConversationError when none comes in time or the connection ends."""
        try:
            async with asyncio.timeout(timeout_s):
                while not self._replies:
                    if self._failure is not None:
                        raise ConversationError(self._failure)
                    self._waiting = asyncio.get_running_loop().create_future()
                    await self._waiting
        except TimeoutError:
            raise ConversationError(sayings.no_reply(timeout_s)) from None
        return self._replies.popleft()

    async def flush(self, timeout_s: float) -> None:
        """Return when everything written has been handed to the system; raises ConversationError otherwise."""
        try:
            async with asyncio.timeout(timeout_s):
                if self._flushed is not None:
                    await self._flushed
        except TimeoutError:
            raise ConversationError(sayings.took_no_more(timeout_s)) from None
        if self._failure is not None:
            raise ConversationError(self._failure)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """From asyncio; called again after STARTTLS."""
        self._transport = transport
        if isinstance(transport, asyncio.WriteTransport):
            # What is left in the buffer has not gone. Not 0: asyncio's TLS would then wait on an empty buffer.
            transport.set_write_buffer_limits(high=1, low=0)

    def data_received(self, data: bytes) -> None:
        """From asyncio."""
        self._buffer += data
        while self._failure is None and (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end]).removesuffix(b"\r")
            del self._buffer[: end + 1]
            self._take_line(line)
        if len(self._buffer) > _MAX_LINE:
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
        found = _LINE.fullmatch(line) if len(line) <= _MAX_LINE else None
        if found is None:
            self._fail(sayings.NO_SMTP)
            return
        code = int(found[1])
        if self._lines and self._lines[0][0] != code:
            self._fail(sayings.CHANGED_MIND)
            return
        self._lines.append((code, _CONTROLS.sub(" ", (found[3] or b"").decode("utf-8", "replace"))))
        if found[2] != b"-":
            self._replies.append(Reply(code, tuple(text for _, text in self._lines)))
            self._lines.clear()
        if len(self._lines) > _MAX_LINES or len(self._replies) > _MAX_WAITING:
            self._fail(sayings.TALKS_ON)

    def _fail(self, words: Words) -> None:
        if self._failure is None:
            self._failure = words
            if self._transport is not None:
                self._transport.close()
        if self._flushed is not None and not self._flushed.done():
            self._flushed.set_result(None)
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
