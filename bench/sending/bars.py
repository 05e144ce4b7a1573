"""The ratios that are held against bars: each of one round's two figures, the median of all rounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bench.kit.rows import Row, Side, held, missing
from bench.sending.contest import Run

Runs = Mapping[str, list[Run]]
LIMIT = "smtp-source, 16 sessions"
NODE = "nodemailer pooled"
THROUGHPUT = (("Hebdo", 0.90), ("Hebdo, Ed25519", 0.85), ("Hebdo, RSA-2048", 0.75))
CPU: tuple[tuple[str, str, float], ...] = (
    ("Hebdo", LIMIT, 2.2), ("Hebdo, RSA-2048", LIMIT, 7.0), ("Hebdo", NODE, 1 / 25), ("Hebdo, RSA-2048", NODE, 1 / 8),
)  # fmt: skip


def bars(runs: Runs, connections: int, lacking: Mapping[str, str]) -> list[Row]:
    """``runs`` of the round with the most connections; ``lacking`` says why a contestant is not among them."""
    rows = [
        _ratio(runs, lacking, f"throughput, {connections} connections", (name, LIMIT), lambda run: run.rate, "≥", bar)
        for name, bar in THROUGHPUT
    ]
    rows += [_ratio(runs, lacking, "CPU per message", (name, other), lambda run: run.cpu_us, "≤", bar) for name, other, bar in CPU]
    return rows


def _ratio(
    runs: Runs, lacking: Mapping[str, str], what: str, pair: tuple[str, str], of: Callable[[Run], float], side: Side, bar: float
) -> Row:
    name = f"{what}: {pair[0]} ÷ {pair[1]}"
    for one in pair:
        if not runs.get(one):
            return missing(name, lacking.get(one, f"{one} did not run"), f"{side} {bar:g}")
    ratios = [of(own) / of(other) for own, other in zip(runs[pair[0]], runs[pair[1]], strict=True)]
    return held(name, ratios, "", side, bar, digits=3)
