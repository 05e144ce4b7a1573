"""Hebdo's own processes: started, watched, frozen, killed by their number, and what the system counted of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.kit.talking import ROOT, Talker


@dataclass
class Engine:
    """One running command."""

    pid: int
    began: float  # monotonic, s
    began_wall: float  # epoch, s
    output: Path
    ended: threading.Event = field(default_factory=threading.Event)
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> int | None:
        return self.figures.get("code")

    def signal(self, number: signal.Signals) -> None:
        if not self.ended.is_set():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def wait(self, within_s: float) -> bool:
        return self.ended.wait(within_s)

    def end(self, within_s: float = 30.0) -> None:
        """SIGTERM, then SIGKILL."""
        self.signal(signal.SIGTERM)
        if not self.wait(within_s):
            self.signal(signal.SIGKILL)
            self.wait(10)

    @property
    def memory_kb(self) -> int:
        """Resident set at this moment."""
        return resident_kb(self.pid)

    @property
    def children(self) -> tuple[int, ...]:
        """Numbers of the processes that it has started and that live; a sender under ``serve`` is one."""
        found: list[str] = []
        for tasks in Path(f"/proc/{self.pid}/task").glob("*/children"):
            with suppress(OSError):
                found += tasks.read_text().split()
        return tuple(int(child) for child in found)

    @property
    def words(self) -> str:
        with suppress(OSError):
            return self.output.read_text(encoding="utf-8", errors="replace")
        return ""


class Starter(Talker):
    """Starts commands by forking a process that has loaded them."""

    def __init__(self, **environment: str) -> None:
        self._engines: dict[int, Engine] = {}
        self._early: dict[int, dict[str, Any]] = {}
        self._known = threading.Lock()
        super().__init__("bench.kit.starter", {**surroundings(), **environment})

    def start(self, *arguments: str, cwd: Path, output: Path, **environment: str) -> Engine:
        said = self.ask(arguments=arguments, cwd=str(cwd), output=str(output), environment={**surroundings(), **environment})
        engine = Engine(said["pid"], said["began"], said["began_wall"], output)
        with self._known:
            self._engines[engine.pid] = engine
            if early := self._early.pop(engine.pid, None):
                self._bury(early)
        return engine

    def heard(self, said: dict[str, Any]) -> None:
        with self._known:
            self._bury(said)

    def close(self) -> None:
        for engine in tuple(self._engines.values()):
            engine.signal(signal.SIGCONT)
            engine.signal(signal.SIGKILL)
        super().close()

    def _bury(self, said: dict[str, Any]) -> None:
        engine = self._engines.pop(said["ended"], None)
        if engine is None:
            self._early[said["ended"]] = said
            return
        engine.figures = said
        engine.ended.set()


def start_command(*arguments: str, cwd: Path, output: Path, **environment: str) -> Engine:
    """The command as a user starts it: interpreter, imports and all."""
    with output.open("ab") as said:
        words = [sys.executable, "-m", "composer", *arguments]
        began, began_wall = time.monotonic(), time.time()
        child = subprocess.Popen(words, cwd=cwd, env={**surroundings(), **environment}, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    engine = Engine(child.pid, began, began_wall, output)

    def bury() -> None:
        engine.figures["code"] = child.wait()
        engine.ended.set()

    threading.Thread(target=bury, daemon=True).start()
    return engine


def resident_kb(pid: int) -> int:
    """Resident set of a process at this moment; 0 when there is none."""
    with suppress(OSError, ValueError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * (os.sysconf("SC_PAGE_SIZE") // 1024)
    return 0


def surroundings() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEBDO_", "LC_", "LANG", "BENCH_", "DRILL_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "HEBDO_LANG": "en"}


def hebdo(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """One command from start to end, interpreter included."""
    words = [sys.executable, "-m", "composer", *arguments]
    return subprocess.run(words, cwd=cwd, env={**surroundings(), **environment}, capture_output=True, text=True, timeout=120, check=False)
