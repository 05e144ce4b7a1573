"""Small runs of ``make bench`` and ``make drills``, so that they never rot. No bar of speed is held here: this machine is busy with tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SPEED = ("95th percentile",)  # bars that a busy machine may miss

pytestmark = pytest.mark.slow


def run(module: str, out: Path, **sizes: str) -> tuple[dict[str, Any], str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BENCH_", "DRILL_"))}
    command = [sys.executable, "-m", f"bench.{module}"]
    ended = subprocess.run(command, cwd=PROJECT, env={**kept, "BENCH_OUT": str(out), **sizes}, capture_output=True, text=True, check=False)
    assert ended.returncode in {0, 1}, ended.stderr[-2000:]
    found = json.loads((out / ("bench.json" if module == "sending" else "drills.json")).read_text(encoding="utf-8"))
    assert found["rows"], ended.stdout
    assert {"name", "value", "unit", "bar", "ok", "runs"} <= set(found["rows"][0])
    assert found["machine"]["versions"]["python"]
    return found, ended.stdout + ended.stderr


@pytest.mark.skipif(not shutil.which("smtp-source", path="/usr/sbin:/usr/bin"), reason="Postfix's smtp-source is not installed")
def test_the_bench_measures_hebdo_and_its_peers_in_one_run(tmp_path):
    found, said = run("sending", tmp_path, BENCH_MESSAGES="200", BENCH_CONNECTIONS="4", BENCH_ROUNDS="1", BENCH_LAUNCH="5000")
    values = {(row["name"], row["unit"]): row["value"] for row in found["rows"]}
    for name in ("smtp-source", "Hebdo", "stdlib loop"):
        for unit in ("msg/s", "µs CPU", "MB"):
            assert (values.get((f"{name}, 4 connections", unit)) or 0) > 0 or "not installed" in said, (name, unit)
    for ratio in ("÷ smtp-source, 16 sessions", "÷ the limit", "÷ bare INSERT"):
        assert any(ratio in name and value for (name, _), value in values.items()), ratio


@pytest.mark.parametrize("drill", ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r9"])
def test_in_every_drill_nobody_is_lost_and_nobody_gets_it_twice(drill, tmp_path):
    sizes = {"DRILL_RECIPIENTS": "500", "DRILL_KILLS": "3", "DRILL_CONNECTIONS": "4", "DRILL_FAULTS": "5xx,drop"}
    found, said = run("drills", tmp_path, DRILL_ONLY=drill, **sizes)
    missed = [row for row in found["rows"] if row["ok"] is False and not row["unit"]]
    assert not missed, (missed, said[-3000:])
