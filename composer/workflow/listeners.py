"""Pages that stay up beside the engine: each on a listener and a thread of its own, so that one can end without the other."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import uvicorn

from composer.errors import NetworkError
from composer.ledger import Ledger
from composer.workflow.gate import MOST_DESK, Gate, GatedConfig
from composer.workflow.metrics import Meter
from composer.workflow.ports import listen
from composer.workspace import Workspace

GRACE_S = 3

MakeServer = Callable[[Workspace, Ledger, Meter], uvicorn.Server]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPages:
    """The desk's pages and where they listen; nothing of them is reachable where readers are."""

    make: MakeServer
    host: str = "127.0.0.1"
    port: int | None = None  # None: the usual one, or a free one where that is taken
    ready: Callable[[int], None] = lambda _: None  # told the port when the pages stand


USUAL_DESK_PORT = 8300  # not that of ``hebdo preview``: both may run


@contextlib.contextmanager
def listen_for_desk(desk: DeskPages) -> Iterator[socket.socket]:
    """The desk's listening socket; raises NetworkError as ``listen`` does, but never for the usual port alone: mail must leave all the same."""
    with contextlib.ExitStack() as opened:
        try:
            listener = opened.enter_context(listen(desk.host, USUAL_DESK_PORT if desk.port is None else desk.port, option="desk-"))
        except NetworkError:
            if desk.port is not None:
                raise
            listener = opened.enter_context(listen(desk.host, 0, option="desk-"))
        yield listener


def page_config(app: Any, *, lifespan: bool, grace_s: int = GRACE_S, most: int = MOST_DESK) -> uvicorn.Config:
    """How all our pages are served, ``app`` being any ASGI application: no proxy is believed before ``[site] trusted_proxies`` says so, no log of readers, no second protocol, at most so many connections at once."""
    return GatedConfig(
        app,
        gate=Gate(most=most),
        ws="none",
        loop="asyncio",  # the gate counts on how it accepts: so many at once, and then what else is to be done
        lifespan="on" if lifespan else "off",
        proxy_headers=False,  # uvicorn would believe whatever stands on this machine
        log_config=None,
        log_level="error",  # what strangers send wrong is no news
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=grace_s,
    )


class Pages:
    """One server on its thread, while the block lasts."""

    def __init__(self, server: uvicorn.Server, listener: socket.socket, *, name: str) -> None:
        self._server = server
        # A copy of the socket: uvicorn closes what it is given, and with new settings the pages open again.
        self._thread = threading.Thread(target=server.run, kwargs={"sockets": [listener.dup()]}, name=name)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._thread.join(GRACE_S + 2)

    @property
    def is_alive(self) -> bool:
        """Whether they still answer."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Ask them to end; returns at once."""
        self._server.should_exit = True
