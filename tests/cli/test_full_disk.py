"""A disk that takes no more (here: files that may not grow): the old file stays whole, and the refusal says what to do."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest


def on_a_full_disk(*arguments: str, cwd: Path, bytes_left: int) -> subprocess.CompletedProcess[str]:
    """The real command, whose files may not grow beyond ``bytes_left``; SIGXFSZ is ignored by Python, so the write fails as on a full disk."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, bytes_left))

    words = [sys.executable, "-m", "composer", *arguments]
    return subprocess.run(
        words, cwd=cwd, env={**os.environ, "HEBDO_LANG": "en"}, preexec_fn=limit, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("command", [("render", "42", "--format", "eml", "-o", "out.html"), ("subscribers", "export", "-o", "out.html")])
def test_what_stood_where_a_command_writes_stays_whole(command: tuple[str, ...], hebdo, sample: Path) -> None:
    rows = "".join(f"reader{n}@lecteurs.example.org,A reader with a name {n}\n" for n in range(2000))
    (sample / "people.csv").write_text(f"email,name\n{rows}", encoding="utf-8")
    assert hebdo("subscribers", "import", "people.csv", "--consent", "form, until 2026", cwd=sample).code == 0
    (sample / "out.html").write_text("what stood here", encoding="utf-8")
    ended = on_a_full_disk(*command, cwd=sample, bytes_left=36_000)
    assert ended.returncode == 3, ended.stderr
    assert "out.html" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert (sample / "out.html").read_text(encoding="utf-8") == "what stood here"
    assert not list(sample.glob(".out.html*"))
