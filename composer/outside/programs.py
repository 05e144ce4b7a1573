"""Programs of this machine, asked within bounds: they have so much time and may say so much, and end with all that they started.

In: a command, what it reads, the variables it may see; ours hold secrets and are never handed on. Out: what it said, or that it did not end well.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_PATIENCE_S = 2.0  # for a program that has said all to end by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a program ended, and what it wrote on its output."""

    state: Literal["said", "late", "failed"]  # failed: it could not be started, or said too much
    content: bytes = b""
    code: int = -1  # its exit status; negative: the signal that ended it


def run_program(
    command: Sequence[str], *, folder: Path, variables: Mapping[str, str], given: bytes = b"", timeout_s: float, most_bytes: int
) -> Said:
    """What ``command`` says to ``given`` on its input, started in ``folder``; never raises for what it does."""
    until = time.monotonic() + timeout_s
    # A file, not a pipe: a program that reads slowly, or not at all, cannot hold us up.
    with tempfile.TemporaryFile() as source:
        source.write(given)
        source.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 - no shell; nothing of what is given is among the arguments
                command,
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=dict(variables),
                start_new_session=True,
            )
        except OSError:
            return Said(state="failed")
    return _listen(process, until=until, most_bytes=most_bytes)


def _listen(process: subprocess.Popen[bytes], *, until: float, most_bytes: int) -> Said:
    """What it says until it ends, its time is up, or it has said too much."""
    said = bytearray()
    is_late = False
    assert process.stdout is not None  # noqa: S101 - asked for above
    try:
        with process.stdout as stream, selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while len(said) <= most_bytes:
                left_s = until - time.monotonic()
                if left_s <= 0 or not selector.select(left_s):
                    is_late = True
                    break
                piece = os.read(stream.fileno(), 65536)
                if not piece:
                    break
                said += piece
    finally:
        _end(process, patient=not is_late and len(said) <= most_bytes)
    if is_late:
        return Said(state="late", code=process.returncode)
    if len(said) > most_bytes:
        return Said(state="failed", code=process.returncode)
    return Said(state="said", content=bytes(said), code=process.returncode)


def _end(process: subprocess.Popen[bytes], *, patient: bool) -> None:
    """Waits for a process that has said all, ends any other with all that it started."""
    if patient:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_PATIENCE_S)
            return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
