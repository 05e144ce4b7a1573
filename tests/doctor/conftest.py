from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from nameserver import NameServer, serving


@pytest.fixture
def serve() -> Iterator[Callable[..., NameServer]]:
    """``serve(zone, faults)`` starts a name server; names in ``faults`` fail as said."""
    with contextlib.ExitStack() as running:
        yield lambda text, faults=None: running.enter_context(serving(text, faults))


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port where somebody listens and never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        yield listener.getsockname()[1]
