"""Signs of life as HTTP requests for one secret path: a listener that reads little, waits briefly and answers nothing else.

In: a listening socket, the path. Out: a call of ``heard`` for each request that names it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import socket
from collections.abc import AsyncIterator, Callable

WAIT_S = 3.0  # for a whole request, however slowly it trickles in
HEAD_BYTES = 8_192
MOST_AT_ONCE = 200  # beyond, the oldest is closed: a sign of life is read at once, what waits is none
BACKLOG = 512

_METHODS = frozenset({"GET", "HEAD", "POST"})


class Listener:
    """Calls ``heard`` for every request whose path is exactly ``path``; all others get 404."""

    def __init__(self, path: str, *, heard: Callable[[], None]) -> None:
        self._path = path.encode()
        self._heard = heard
        self._open: dict[asyncio.StreamWriter, None] = {}  # the oldest first

    @contextlib.asynccontextmanager
    async def listening(self, listener: socket.socket) -> AsyncIterator[None]:
        """Answers for as long as the context lasts."""
        server = await asyncio.start_server(self._serve, sock=listener.dup(), limit=HEAD_BYTES, backlog=BACKLOG)
        try:
            yield
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._open) >= MOST_AT_ONCE:
            oldest = next(iter(self._open))
            del self._open[oldest]
            oldest.transport.abort()
        self._open[writer] = None
        try:
            async with asyncio.timeout(WAIT_S):
                await self._answer(await reader.readuntil(b"\r\n\r\n"), writer)
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass  # not a request
        finally:
            self._open.pop(writer, None)
            writer.close()

    async def _answer(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        method, _, rest = head.partition(b"\r\n")[0].partition(b" ")
        target = rest.partition(b" ")[0].partition(b"?")[0]
        known = method.decode("latin-1") in _METHODS and hmac.compare_digest(target, self._path)
        if known:
            self._heard()
        body = b"" if method == b"HEAD" else (b"ok\n" if known else b"")
        writer.write(
            (b"HTTP/1.1 200 OK\r\n" if known else b"HTTP/1.1 404 Not Found\r\n")
            + b"Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nConnection: close\r\n"
            + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        await writer.drain()
