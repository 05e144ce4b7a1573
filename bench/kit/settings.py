"""Sizes, seeds and connection counts, from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from bench.kit.talking import ROOT


def number(name: str, usual: int) -> int:
    return int(os.environ.get(name) or usual)


def words(name: str, usual: str = "") -> tuple[str, ...]:
    return tuple(one.strip() for one in (os.environ.get(name) or usual).split(",") if one.strip())


def out() -> Path:
    """Where the JSON goes."""
    return Path(os.environ.get("BENCH_OUT") or ROOT / "bench" / "out")


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchSettings:
    """What ``make bench`` measures."""

    messages: int  # of the quick contestants; the others get a tenth
    connections: tuple[int, ...]
    rounds: int
    launch: int  # recipients of the launch that is measured
    only: tuple[str, ...]  # contestants, launch, delays; (): all
    delay_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillSettings:
    """What ``make drills`` does."""

    recipients: int
    kills: int
    seed: int
    connections: int
    requests: int  # of the scanners
    faults: tuple[str, ...]  # kinds of faults in the matrix
    only: tuple[str, ...]  # r1 … r9; (): all


def bench_settings() -> BenchSettings:
    return BenchSettings(
        messages=number("BENCH_MESSAGES", 10_000),
        connections=tuple(int(one) for one in words("BENCH_CONNECTIONS", "1,8,32")),
        rounds=number("BENCH_ROUNDS", 5),
        launch=number("BENCH_LAUNCH", 1_000_000),
        only=words("BENCH_ONLY"),
        delay_ms=number("BENCH_DELAY_MS", 20),
    )


def drill_settings() -> DrillSettings:
    recipients = number("DRILL_RECIPIENTS", 20_000)
    return DrillSettings(
        recipients=recipients,
        kills=number("DRILL_KILLS", 25),
        seed=number("DRILL_SEED", 42),
        connections=number("DRILL_CONNECTIONS", 8),
        requests=number("DRILL_REQUESTS", recipients // 2),
        faults=words("DRILL_FAULTS", "421,4xx,5xx,drop,stall"),
        only=words("DRILL_ONLY"),
    )
