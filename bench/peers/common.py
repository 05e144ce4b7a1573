"""What the Python peers share: the task as the bench hands it over, and the line they answer with. Knows nothing of Hebdo."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Task:
    port: int
    messages: int
    connections: int
    html: str
    text: str
    message: bytes  # finished, with @@READER@@ where the reader's address stands


def task() -> Task:
    port, messages, connections, folder = sys.argv[1:5]
    here = Path(folder)
    html, text = (here / "issue.html").read_text("utf-8"), (here / "issue.txt").read_text("utf-8")
    return Task(int(port), int(messages), int(connections), html, text, (here / "message.eml").read_bytes())


def reader(number: int) -> str:
    return f"r{number}@d{number % 70}.exemple.org"


def measure(send: Callable[[], int]) -> None:
    """Counts from the first message to the last; imports are not in it."""
    cpu, wall = time.process_time(), time.perf_counter()
    sent = send()
    print(json.dumps({"messages": sent, "wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}))
