"""What one run of one contestant gives, and the task that all of them are given."""

from __future__ import annotations

import json
import os
import re
import resource
import select
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.kit.letters import PREFIX, address, field, issue, sample_message

READER = "@@READER@@"
LIMIT_S = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was measured: from the first message to the last, the start of the program apart."""

    messages: int
    wall_s: float
    cpu_s: float
    peak_mb: float = 0.0
    whole_s: float = 0.0  # with what follows the last message

    @property
    def rate(self) -> float:
        return self.messages / self.wall_s

    @property
    def cpu_us(self) -> float:
        return self.cpu_s / self.messages * 1e6


def write_matter(folder: Path) -> int:
    """The issue for the peers, and one finished message for smtp-source; gives the message's size in bytes."""
    html, text = (
        words.replace(field("email"), READER).replace(field("unsubscribe_url"), f"https://lettre.exemple.fr/u/{READER}")
        for words in issue()
    )
    assert PREFIX not in html + text
    (folder / "issue.html").write_text(html, encoding="utf-8")
    (folder / "issue.txt").write_text(text, encoding="utf-8")
    message = sample_message()
    (folder / "message.lf").write_bytes(message.replace(b"\r\n", b"\n"))
    (folder / "message.eml").write_bytes(message.replace(address(1).encode(), READER.encode()))
    return len(message)


def run_program(command: list[str | Path], *, environment: Mapping[str, str] | None = None, cwd: Path | None = None) -> tuple[str, Run]:
    """Runs a program to its end: what it printed, and what the system counted of all of it (one message)."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complaints:
        child = subprocess.Popen(command, stdout=said, stderr=complaints, env={**os.environ, **(environment or {})}, cwd=cwd)
        peak_mb, status, used = _follow(child.pid)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        complaints.seek(0)
        if child.returncode:
            raise RuntimeError(f"{command[0]} ended with {child.returncode}: {complaints.read()[-500:]}")
        return said.read(), Run(messages=1, wall_s=wall, cpu_s=used.ru_utime + used.ru_stime, peak_mb=peak_mb, whole_s=wall)


def _follow(pid: int) -> tuple[float, int, resource.struct_rusage]:
    """Waits for the end. The peak is read on the way: ru_maxrss would be that of the process that forked it, when that one was larger."""
    peak_mb = 0.0
    handle = os.pidfd_open(pid)
    while not select.select([handle], [], [], 0.02)[0]:
        with suppress(OSError):
            found = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text())
            peak_mb = int(found[1]) / 1024 if found else peak_mb
    os.close(handle)
    _, status, used = os.wait4(pid, 0)
    return peak_mb, status, used


def run_peer(command: list[str | Path], messages: int, *, environment: Mapping[str, str] | None = None, cwd: Path | None = None) -> Run:
    """A peer says by itself what it took from its first message to its last; the peak is of all of it."""
    said, whole = run_program(command, environment=environment, cwd=cwd)
    own = json.loads(said)
    assert own["messages"] == messages, own
    return Run(messages=messages, wall_s=own["wall_s"], cpu_s=own["cpu_s"], peak_mb=whole.peak_mb, whole_s=whole.wall_s)
