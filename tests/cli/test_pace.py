"""First slice and sending hours by the commands."""

from __future__ import annotations

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
