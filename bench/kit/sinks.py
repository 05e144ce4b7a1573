"""The counting sink as its users see it, and Postfix's smtp-sink."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.kit.talking import Talker


@dataclass(frozen=True, slots=True)
class Accepted:
    """One message that the sink took."""

    message_id: str
    recipient: str
    asked_at: float  # monotonic, s: its RCPT had come
    at: float  # monotonic, s: its final dot had come


class Sink(Talker):
    """The counting sink; every port of it counts for itself."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        super().__init__("bench.kit.sink", os.environ)

    def open(self) -> Port:
        return Port(self, self.ask(do="open")["port"])

    def heard(self, said: dict[str, Any]) -> None:
        if "reached" in said:
            self._reached.set()

    def wait_reached(self, within_s: float) -> bool:
        return self._reached.wait(within_s)

    def clear_reached(self) -> None:
        self._reached.clear()


class Port:
    """One port of the sink."""

    def __init__(self, sink: Sink, number: int) -> None:
        self._sink = sink
        self.number = number
        self._log: Path | None = None

    def set(
        self, *, delay_ms: float = 0.0, faults: list[dict[str, Any]] | None = None, log: Path | None = None, keep: Path | None = None
    ) -> None:
        """How it behaves from now on; its counts begin anew."""
        self._log = log
        words = {"log": str(log) if log else "", "keep": str(keep) if keep else ""}
        self._sink.ask(do="set", port=self.number, delay_ms=delay_ms, faults=faults or [], **words)

    def seen(self, *, skip: int = 0) -> dict[str, Any]:
        """Counts, and the rate of what came after the first ``skip``."""
        return self._sink.ask(do="seen", port=self.number, skip=skip)

    @property
    def accepted(self) -> int:
        return int(self.seen()["accepted"])

    def watch_for(self, count: int) -> None:
        """``wait_reached`` of the sink returns when so many were accepted."""
        self._sink.clear_reached()
        self._sink.ask(do="tell_at", port=self.number, count=count)

    def messages(self) -> list[Accepted]:
        """What the log says."""
        self.seen()
        assert self._log
        rows = (line.split("\t") for line in self._log.read_text(encoding="utf-8").splitlines())
        return [Accepted(row[0], row[1], float(row[2]), float(row[3])) for row in rows]

    def by_recipient(self) -> dict[str, list[Accepted]]:
        found: dict[str, list[Accepted]] = defaultdict(list)
        for one in self.messages():
            found[one.recipient].append(one)
        return found


def program(name: str) -> str | None:
    """Where a program is, /usr/sbin included."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def smtp_sink() -> Iterator[int]:
    """Postfix's sink on a free port of loopback."""
    port, name = free_port(), program("smtp-sink")
    assert name, "smtp-sink (Debian: postfix) is not installed"
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    started = subprocess.Popen([name, *user, f"127.0.0.1:{port}", "1024"])
    try:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.02)
        yield port
    finally:
        started.terminate()
        started.wait()
