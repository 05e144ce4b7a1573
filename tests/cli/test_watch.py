"""``status --watch`` follows a mailing to its end, for people at a terminal, for a file, and for programs."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import PROJECT, surroundings

Hebdo = Callable[..., Any]
PAUSED_END = 130


@pytest.fixture
def held_back(hebdo: Hebdo, sample: Path) -> Path:
    """A mailing that has launched and sends nothing yet."""
    rows = "".join(f"reader{n}@lecteurs.example.org\n" for n in range(5))
    (sample / "people.csv").write_text("email\n" + rows, encoding="utf-8")
    assert hebdo("subscribers", "import", "people.csv", "--consent", "form, until 2026", cwd=sample).code == 0
    assert hebdo("send", "42", "--now", "--hold", "0s", cwd=sample).code == 0
    return sample


def _take_signals() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def following(cwd: Path, *arguments: str, out: int | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "composer", "status", "42", "--watch", *arguments]
    around = {**surroundings("fr"), "TERM": "xterm", "COLUMNS": "120"}
    # A shell gives Ctrl+C back to what it starts; whoever runs the tests in the background may have taken it away.
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=around,
        stdout=subprocess.PIPE if out is None else out,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_take_signals,  # noqa: PLW1509 - it only sets a handler
    )


def test_programs_get_one_object_a_line_to_the_end(hebdo: Hebdo, held_back: Path) -> None:
    follower = following(held_back, "--json")
    assert follower.stdout is not None
    first = json.loads(follower.stdout.readline())
    assert (first["version"], first["counts"].get("submitted")) == (1, 0)
    assert hebdo("worker", "--until-idle", cwd=held_back).code == 0
    out, err = follower.communicate(timeout=30)
    assert (follower.returncode, err) == (0, "")
    last = json.loads(out.splitlines()[-1])
    assert (last["state"], last["remaining"], last["errors"], last["audience"]) == ("finished", 0, 0, 5)
    assert sum(last["counts"].values()) == last["audience"]
    assert PROJECT.exists()


def test_a_file_gets_plain_lines_and_the_board_at_the_end(hebdo: Hebdo, held_back: Path) -> None:
    follower = following(held_back)
    assert follower.stdout is not None
    first = follower.stdout.readline()
    assert hebdo("worker", "--until-idle", cwd=held_back).code == 0
    out, _ = follower.communicate(timeout=30)
    assert follower.returncode == 0
    assert "\x1b" not in first + out
    assert "terminé" in out
    assert "le compte y est" in out


def test_a_terminal_gets_a_view_that_is_drawn_anew_and_ctrl_c_ends_it(held_back: Path) -> None:
    near, far = pty.openpty()
    follower = following(held_back, out=far)
    os.close(far)
    shown = b""
    until = time.monotonic() + 30
    while b"Ctrl+C" not in shown and time.monotonic() < until and select.select([near], [], [], 30)[0]:
        shown += os.read(near, 4096)
    follower.send_signal(signal.SIGINT)
    while select.select([near], [], [], 30)[0]:
        try:
            shown += os.read(near, 4096)
        except OSError:
            break
    _, err = follower.communicate(timeout=30)
    os.close(near)
    assert follower.returncode == PAUSED_END
    assert "l’envoi continue" in err
    assert "Traceback" not in err
    assert shown.rstrip().endswith(b"\x1b[?25h") or b"\x1b[?25h" in shown, "the cursor is back"


def test_without_a_mailing_a_program_gets_a_line_that_says_so(hebdo: Hebdo, sample: Path) -> None:
    told = hebdo("status", "--watch", "--json", cwd=sample)
    assert (told.code, json.loads(told.out)["mailing"]) == (0, None)
    assert len(told.out.splitlines()) == 1


def test_a_mailing_that_waits_for_a_person_is_not_waited_for(hebdo: Hebdo, held_back: Path) -> None:
    hebdo("worker", "--until-idle", cwd=held_back)
    told = hebdo("status", "42", "--watch", cwd=held_back)
    assert told.code == 0
    assert "finished" in told.out
