"""Rows of figures: a name, the median of some runs, its unit, the bar it is held against, and whether it is reached."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Side = Literal["≥", "≤", "="]


@dataclass(slots=True)
class Row:
    """One figure. ``ok`` is None where no bar stands, or where nothing could be measured: ``note`` then says why."""

    name: str
    value: float | str | None
    unit: str = ""
    bar: str = ""
    ok: bool | None = None
    runs: list[Any] = field(default_factory=list)
    note: str = ""


def measured(name: str, runs: list[float], unit: str, *, digits: int = 2) -> Row:
    """The median of ``runs``, held against nothing."""
    rounded = [round(one, digits) for one in runs]
    return Row(name, round(statistics.median(runs), digits) if runs else None, unit, runs=rounded)


def held(name: str, runs: list[float], unit: str, side: Side, bar: float, *, digits: int = 2, note: str = "") -> Row:
    """The median of ``runs`` against a bar."""
    row = measured(name, runs, unit, digits=digits)
    row.bar, row.note = f"{side} {bar:g}", note
    if runs:
        middle = statistics.median(runs)
        row.ok = {"≥": middle >= bar, "≤": middle <= bar, "=": middle == bar}[side]
    return row


def missing(name: str, why: str, bar: str = "") -> Row:
    """A figure that could not be had here; never a guess."""
    return Row(name, None, bar=bar, note=why)


def write_rows(path: Path, machine: dict[str, Any], rows: list[Row], **more: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {"machine": machine, **more, "rows": [asdict(row) for row in rows]}
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def table(rows: list[Row]) -> str:
    """For a terminal."""
    lines = [("", "value", "unit", "bar", "")]
    lines += [(row.name, shown(row.value), row.unit, row.bar, verdict(row)) for row in rows]
    widths = [max(len(line[at]) for line in lines) for at in range(5)]
    return "\n".join(f"{a:<{widths[0]}}  {b:>{widths[1]}} {c:<{widths[2]}}  {d:<{widths[3]}}  {e}".rstrip() for a, b, c, d, e in lines)


def shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def verdict(row: Row) -> str:
    said = {True: "ok", False: "MISSED", None: "not measured" if row.value is None else ""}[row.ok]
    return f"{said}: {row.note}" if row.note and said else said or row.note


def missed(rows: list[Row]) -> int:
    return sum(row.ok is False for row in rows)
