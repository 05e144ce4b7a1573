from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from nameserver import Answering, Datagrams, NameServer, Streams, serve_tcp, serve_udp


def on_one_port(answering: Answering) -> tuple[Datagrams, Streams]:
    """Both kinds on a port that is free for both."""
    while True:
        udp = Datagrams(("127.0.0.1", 0), serve_udp(answering))
        try:
            return udp, Streams(udp.server_address, serve_tcp(answering))
        except OSError:
            udp.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[..., NameServer]]:
    """``serve(zone, **faults)`` starts a name server; names in ``faults`` fail as said."""
    with contextlib.ExitStack() as running:

        def start(text: str, faults: dict[str, str] | None = None) -> NameServer:
            answering = Answering(text, faults or {})
            for server in map(running.enter_context, on_one_port(answering)):
                thread = threading.Thread(target=server.serve_forever, args=(0.01,))
                thread.start()
                running.callback(thread.join)
                running.callback(server.shutdown)
            return NameServer(answering, server.server_address[1])

        yield start


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port where somebody listens and never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        yield listener.getsockname()[1]
