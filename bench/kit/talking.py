"""A child process that is asked by JSON lines: the sink and the starter of engines."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120.0


class Talker:
    """A child that answers each line with ``{"answer": …}`` and says other things in between."""

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", module], cwd=ROOT, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        return self._child.pid

    def ask(self, **words: Any) -> dict[str, Any]:
        with self._lock:
            assert self._child.stdin
            self._child.stdin.write(json.dumps(words) + "\n")
            self._child.stdin.flush()
            return self._answers.get(timeout=PATIENCE_S)

    def heard(self, said: dict[str, Any]) -> None:
        """What it says unasked."""

    def close(self) -> None:
        assert self._child.stdin
        self._child.stdin.close()
        try:
            self._child.wait(10)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._thread.join(5)
        if self._child.stdout:
            self._child.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listen(self) -> None:
        assert self._child.stdout
        for line in self._child.stdout:
            said = json.loads(line)
            if "answer" in said:
                self._answers.put(said["answer"])
            else:
                self.heard(said)
