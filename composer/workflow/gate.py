"""Who may stay connected: strangers who send or read too slowly, or come in crowds, cost the engine beside the pages nothing.

uvicorn waits for the end of a request for ever, and every connection is a file descriptor that clock, sender and ledger may need. Only a
connection that is being answered is sure to stay; of those that wait, the oldest goes when there are too many.
"""

from __future__ import annotations

import asyncio
import resource
import socket
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

WAIT_S = 12.0  # for a whole request, and for an answer to be read
SLOWEST_BYTES = 4_096  # each that went through in either direction gives a second more: an upload over a slow line comes to its end
UNREAD_BYTES = 48 * 1024 * 1024  # of answers that their readers do not fetch
LOOK_S = 1.0

KNOCKING = 512  # that the system keeps until we accept them
MOST_READERS = 400
MOST_DESK = 48
MOST_FILES = 65_536  # more than ever needed; some systems allow a thousand million


def allow_files() -> int:
    """Lets this process open as many files as the system allows it; gives their number."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return MOST_FILES if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):  # macOS allows fewer than it says
        return soft
    return wanted


def most_readers() -> int:
    """How many connections readers' pages take at once: the rest is for clock, sender, ledger and desk."""
    return max(8, min(MOST_READERS, allow_files() // 3))


class Gate:
    """The connections of one listener, the one that waits for the longest time first; ``most`` of them at once."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._inside: dict[GatedProtocol, None] = {}
        self._is_looking = False

    @property
    def burst(self) -> int:
        """How many are accepted in one go: asyncio counts none of them before it has accepted them all."""
        return max(4, min(32, self._most // 8))

    def enter(self, one: GatedProtocol) -> None:
        """Lets ``one`` in; when there are too many, whoever waits for the longest time goes."""
        self._inside[one] = None
        if len(self._inside) > self._most:
            self._put_out(next(other for other in self._inside if other.is_waiting))  # ``one`` is, if nobody else
        if not self._is_looking:
            self._is_looking = True
            one.loop.call_later(LOOK_S, self._look, one.loop)

    def rest(self, one: GatedProtocol) -> None:
        """``one`` was answered: it is the last to go."""
        if one in self._inside:
            del self._inside[one]
            self._inside[one] = None

    def leave(self, one: GatedProtocol) -> None:
        """``one`` is gone."""
        self._inside.pop(one, None)

    def spare_memory(self) -> None:
        """Puts out those who leave the most of their answers unread, when it is too much for all together."""
        unread = sorted(((one.unread_bytes, one) for one in self._inside), key=lambda pair: pair[0])
        total = sum(size for size, _ in unread)
        while total > UNREAD_BYTES:
            size, one = unread.pop()
            self._put_out(one)
            total -= size

    def _put_out(self, one: GatedProtocol) -> None:
        self.leave(one)
        one.transport.abort()

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for one in [one for one in self._inside if one.is_overdue(now)]:
            self._put_out(one)
        self._is_looking = bool(self._inside)
        if self._is_looking:
            loop.call_later(LOOK_S, self._look, loop)


class GatedConfig(uvicorn.Config):
    """uvicorn's settings with a gate."""

    def __init__(self, app: Any, *, gate: Gate, **settings: Any) -> None:
        super().__init__(app, http=GatedProtocol, backlog=gate.burst, **settings)
        self.gate = gate


class GatedServer(uvicorn.Server):
    """uvicorn that accepts few at once and lets more of them knock."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Whoever knocks while a crowd does is not turned away for a second."""
        await super().startup(sockets)
        for listener in sockets or []:
            listener.listen(KNOCKING)


class GatedProtocol(H11Protocol):
    """One connection. h11 refuses two Host headers and odd framing by itself."""

    config: GatedConfig

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """It may have to go at once."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._received_bytes = 0
        self._unread_since: float | None = None
        self._unread_most = 0
        self.config.gate.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone, by whomever."""
        self.config.gate.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """More of a request."""
        self._received_bytes += len(data)
        super().data_received(data)

    def on_response_complete(self) -> None:
        """The time for the next request begins."""
        self._since = self.loop.time()
        self._received_bytes = 0
        self.config.gate.rest(self)
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Somebody reads more slowly than we write."""
        super().pause_writing()
        self.config.gate.spare_memory()

    @property
    def unread_bytes(self) -> int:
        """How much of its answers waits here to be fetched."""
        return self.transport.get_write_buffer_size()

    @property
    def is_waiting(self) -> bool:
        """Whether it is the other side's turn: to say what it wants, or to fetch what it was given."""
        return self._is_asking or bool(self.cycle.response_complete)

    @property
    def _is_asking(self) -> bool:
        """Whether a request is to come, or has begun and not ended."""
        return self.cycle is None or self.conn.their_state in {h11.IDLE, h11.SEND_BODY}

    def is_overdue(self, now: float) -> bool:
        """Whether it had its time."""
        unread = self.unread_bytes
        if unread:
            self._unread_since = self._unread_since or now
            self._unread_most = max(self._unread_most, unread)
            return now - self._unread_since > WAIT_S + self._unread_most / SLOWEST_BYTES
        self._unread_since, self._unread_most = None, 0
        is_heard = self.cycle is not None and not self.cycle.response_complete  # what is sent after the answer buys no time
        more_s = self._received_bytes / SLOWEST_BYTES if is_heard or self.cycle is None else 0.0
        return self._is_asking and now - self._since > WAIT_S + more_s
