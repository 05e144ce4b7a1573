from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# Root writes everywhere; without this capability it minds the rights of a folder as others do.
BOUND = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override") if os.geteuid() == 0 else ()
PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def hebdo() -> Callable[..., Ended]:
    """Runs the real command in a process of its own, and holds the one promise of all of them: no traceback."""

    def run(*arguments: str | Path, cwd: Path, stdin: bytes = b"", lang: str = "en", bound: bool = False, **environment: str) -> Ended:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEBDO_", "LC_", "LANG"))}
        process = subprocess.run(
            [*(BOUND if bound else ()), sys.executable, "-m", "composer", *map(str, arguments)],
            cwd=cwd,
            input=stdin,
            capture_output=True,
            env={**kept, "PYTHONPATH": str(PROJECT), "HEBDO_LANG": lang, **environment},
            timeout=120,
            check=False,
        )
        ended = Ended(process.returncode, process.stdout.decode(), process.stderr.decode())
        assert "Traceback" not in ended.err, ended.err
        return ended

    return run


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the sample workspace."""
    folder = tmp_path / "demi-sel"
    folder.mkdir()
    shutil.copy(PROJECT / "newsletter.toml", folder)
    for name in ("issues", "seeds"):
        shutil.copytree(PROJECT / name, folder / name)
    return folder
