"""R8: the verifiers of DKIM are tests of the message; this row calls them where they exist."""

from __future__ import annotations

import subprocess
import sys

from bench.drills.desk import Desk, none
from bench.kit.rows import Row, missing
from bench.kit.talking import ROOT

NOTHING_FOUND = 5  # pytest's code


def verifiers(desk: Desk) -> list[Row]:
    command = [sys.executable, "-m", "pytest", "tests/message", "-k", "verif", "-p", "no:cacheprovider"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = ended.stdout.strip().splitlines()[-1] if ended.stdout.strip() else ""
    if ended.returncode == NOTHING_FOUND:
        return [missing("R8, DKIM verifiers", "no test of tests/message is named verif…")]
    desk.told(f"R8: {said}")
    return [none("R8, DKIM verifiers: tests that failed", int(ended.returncode != 0), note=said)]
