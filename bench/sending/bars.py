"""The ratios that are held against bars: each of one round's two figures, the median of all rounds."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.kit.rows import Row, Side, held, missing
from bench.sending.contest import Run

Runs = Mapping[str, list[Run]]
SESSIONS = 16
LIMIT = f"smtp-source, {SESSIONS} sessions"
LIMITS = {LIMIT: False, f"smtp-source -d, {SESSIONS} sessions": True}  # name, and whether a connection carries many messages
NODE = "nodemailer pooled"
THROUGHPUT = (("Hebdo", 0.90), ("Hebdo, Ed25519", 0.85), ("Hebdo, RSA-2048", 0.75))
CPU: tuple[tuple[str, str, float], ...] = (
    ("Hebdo", LIMIT, 2.2), ("Hebdo, RSA-2048", LIMIT, 7.0), ("Hebdo", NODE, 1 / 25), ("Hebdo, RSA-2048", NODE, 1 / 8),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bar:
    """One ratio of two contestants, and what it is held against."""

    what: str
    own: str
    other: str
    of: Callable[[Run], float]
    side: Side
    bar: float


def bars(runs: Runs, connections: int, lacking: Mapping[str, str]) -> list[Row]:
    """``runs`` of the round with the most connections; ``lacking`` says why a contestant is not among them."""
    there = f"throughput, {connections} connections"
    wanted = [_Bar(what=there, own=name, other=LIMIT, of=lambda run: run.rate, side="≥", bar=bar) for name, bar in THROUGHPUT]
    wanted += [
        _Bar(what="CPU per message", own=name, other=other, of=lambda run: run.cpu_us, side="≤", bar=bar) for name, other, bar in CPU
    ]
    return [_ratio(runs, lacking, one) for one in wanted]


def _ratio(runs: Runs, lacking: Mapping[str, str], wanted: _Bar) -> Row:
    name = f"{wanted.what}: {wanted.own} ÷ {wanted.other}"
    for one in (wanted.own, wanted.other):
        if not runs.get(one):
            return missing(name, lacking.get(one, f"{one} did not run"), f"{wanted.side} {wanted.bar:g}")
    other = _harder(runs, wanted)
    ratios = [wanted.of(own) / wanted.of(against) for own, against in zip(runs[wanted.own], runs[other], strict=True)]
    note = f"against {other}, the better of its two forms" if wanted.other == LIMIT else ""
    return held(name, ratios, "", wanted.side, wanted.bar, digits=3, note=note)


def _harder(runs: Runs, wanted: _Bar) -> str:
    """smtp-source runs in two forms, one is quicker, one costs less: a bar is held against the one that makes it harder."""
    if wanted.other != LIMIT:
        return wanted.other
    best = max if wanted.side == "≥" else min
    return best((form for form in LIMITS if runs.get(form)), key=lambda form: statistics.median(map(wanted.of, runs[form])))
