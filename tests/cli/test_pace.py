"""First slice and sending hours by the commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Hebdo = Callable[..., Any]


@pytest.fixture
def with_readers(hebdo: Hebdo, sample: Path) -> Path:
    rows = "".join(f"reader{n}@lecteurs.example.org\n" for n in range(200))
    (sample / "people.csv").write_text("email\n" + rows, encoding="utf-8")
    assert hebdo("subscribers", "import", "people.csv", "--consent", "form, until 2026", cwd=sample).code == 0
    return sample


def test_a_first_slice_is_confirmed_and_stands_in_status(hebdo: Hebdo, with_readers: Path) -> None:
    written = hebdo("schedule", "42", "--at", "2030-11-29 07:02", "--first", "5%", "--yes", "--json", cwd=with_readers)
    assert written.code == 0, written.out
    plan = written.answer["data"]["plan"]
    assert [one["readers"] for one in plan["departures"]] == [10, 190]
    assert plan["words"]["en"] == "First slice: 10 readers at 07:02, the rest at 07:32."
    shown = hebdo("status", "42", cwd=with_readers)
    assert "10" in shown.out
    assert "07:32" in shown.out or "7\u00a0h\u00a032" in shown.out
    assert hebdo("status", "42", "--json", cwd=with_readers).answer["data"]["mailing"]["plan"]["first"] == "5%"


def test_what_is_no_slice_is_refused_before_anything_is_written(hebdo: Hebdo, with_readers: Path) -> None:
    refused = hebdo("schedule", "42", "--at", "2030-11-29 07:02", "--first", "tous", "--yes", cwd=with_readers)
    assert refused.code == 2
    assert "--first 1%" in refused.err + refused.out


@pytest.mark.parametrize("fault", ['[pace]\nmailing = "6OO/min"\n', "[transport\n"], ids=["a value", "no TOML"])
def test_brakes_and_looks_work_whatever_the_settings_say(hebdo: Hebdo, with_readers: Path, fault: str) -> None:
    assert hebdo("send", "42", "--now", "--hold", "0s", "--first", "5%", "--yes", cwd=with_readers).code == 0
    hebdo("worker", "--until-idle", cwd=with_readers)  # the first slice has left, the rest waits for its hour
    path = with_readers / "newsletter.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n" + fault, encoding="utf-8")
    assert hebdo("resume", "42", cwd=with_readers).code == 3
    for brake, state in (("pause", "paused"), ("status", "paused"), ("stop", "stopped"), ("log", "")):
        done = hebdo(brake, "42", "--json", cwd=with_readers)
        assert done.code == 0, done.err
        assert "newsletter.toml:" in done.err
        assert state in json.dumps(done.answer)


def test_the_warning_that_no_engine_runs_names_the_hour_of_the_first_message(hebdo: Hebdo, with_readers: Path) -> None:
    path = with_readers / "newsletter.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("[schedule]\n", '[schedule]\nhours = "07:00-21:00"\njitter_min = 0\n'), encoding="utf-8"
    )
    told = hebdo("schedule", "42", "--at", "2030-11-29 05:00", "--yes", cwd=with_readers)
    assert told.code == 0, told.out
    assert "nothing will leave at 07:00" in told.out + told.err
    assert hebdo("unschedule", "42", cwd=with_readers).code == 0
    told = hebdo("schedule", "42", "--at", "2030-11-29 23:30", "--yes", cwd=with_readers)
    assert "nothing will leave on Saturday 30 November 2030 at 07:00" in told.out + told.err
