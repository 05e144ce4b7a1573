"""docs/figures.md: the tables of the last ``make bench`` and ``make drills``, as they came out, with date, machine and versions."""

from __future__ import annotations

import json
import re
from typing import Any

from bench.kit.rows import Row, shown, verdict
from bench.kit.settings import out
from bench.kit.talking import ROOT

PAGE = ROOT / "docs" / "figures.md"
TITLES = {"bench": "Bench", "drills": "Drills"}


def write_figures(part: str) -> None:
    """Puts the rows of one JSON file between its marks. Only for figures in the usual place: trial runs elsewhere change no page."""
    if out() != ROOT / "bench" / "out" or not PAGE.exists():
        return
    found = json.loads((out() / f"{part}.json").read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    marks = re.compile(rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)", re.DOTALL)
    PAGE.write_text(marks.sub(lambda mark: mark[1] + section(part, found) + mark[2], page), encoding="utf-8")


def section(part: str, found: dict[str, Any]) -> str:
    rows = [Row(**row) for row in found["rows"]]
    lines = [f"## {TITLES[part]}", "", _machine(found), "", *_caution(found["machine"])]
    lines += [f"- {note}" for note in found.get("notes", ())]
    if part == "bench":
        lines += ["", *_contest(rows)]
        rows = [row for row in rows if row.bar or _place(row.name) is None]
    lines += ["", "| | value | unit | bar | | runs |", "|---|---:|---|---|---|---|"]
    lines += [f"| {row.name} | {shown(row.value)} | {row.unit} | {row.bar} | {verdict(row)} | {_runs(row)} |" for row in rows]
    return "\n".join([*lines, ""])


def _machine(found: dict[str, Any]) -> str:
    machine, settings = found["machine"], found.get("settings", {})
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    load = f"load {machine['load_before'][0]:g} before, {machine['load_after'][0]:g} after"
    return (
        f"{machine['date']} · {machine['processor']}, {machine['cores']} cores, {machine['memory_gb']:g} GB · {machine['system']} · {load}, "
        f"{found.get('took_s', 0)} s, sink and senders on the same cores · {versions} · "
        + (f"message {machine['message_bytes']:,} bytes, " if "message_bytes" in machine else "")
        + ", ".join(f"{name} {_short(value)}" for name, value in settings.items() if value not in ([], ""))
    )


def _caution(machine: dict[str, Any]) -> list[str]:
    if machine["load_before"][0] <= machine["cores"]:
        return []
    return ["**The machine was busy with other work: neither rates nor ratios of this run say much.**", ""]


def _short(value: object) -> str:
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)


def _contest(rows: list[Row]) -> list[str]:
    """Contestants down, connections across: msg/s · µs CPU per message · MB."""
    cells: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        place = _place(row.name)
        if place is not None and not row.bar:
            cells.setdefault(place[0], {}).setdefault(place[1], {})[row.unit] = (
                shown(row.value) if row.value is not None else "not measured"
            )
    columns = sorted({column for own in cells.values() for column in own}, key=lambda one: (int(one.split()[0]), "ms" in one, one))
    lines = ["msg/s · µs CPU per message · peak MB; with latency msg/s after a warm-up.", "", "| | " + " | ".join(columns) + " |"]
    lines.append("|---|" + "---:|" * len(columns))
    for name, own in cells.items():
        lines.append(f"| {name} | " + " | ".join(" · ".join(own.get(column, {"": ""}).values()) for column in columns) + " |")
    return lines


def _place(name: str) -> tuple[str, str] | None:
    """Contestant and column of a row of the contest."""
    found = re.fullmatch(r"(.*?), (\d+ connections(?:, \d+ ms)?|16 sessions)", name)
    return (found[1], found[2]) if found and "÷" not in name and "delay" not in name and "replies" not in name else None


def _runs(row: Row) -> str:
    return " ".join(shown(one) for one in row.runs) if 1 < len(row.runs) <= 9 else ""
