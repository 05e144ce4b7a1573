"""Replies that come late: how many messages a connection has under way while it waits.

Measured by the counting sink, after a warm-up: from the message that ends the first quarter to the last. The bar's divisor is what one message
per round trip would give, or the rate of the same run into the same sink without delay, whichever is less.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable

from bench.kit.rows import Row, held, measured
from bench.kit.settings import BenchSettings
from bench.kit.sinks import Port, Sink
from bench.sending.contestants import Contestant
from bench.sending.hebdo import Workshop

BAR = 0.6
CASES = ((8, 1.0), (8, 20.0), (32, 20.0))  # connections, delay in ms
SECONDS = 6


def delayed(workshop: Workshop, sink: Sink, messages: int, rounds: int, told: Callable[[str], None]) -> list[Row]:
    port = sink.open()
    free: dict[int, list[float]] = {connections: [] for connections, _ in CASES}
    late: dict[tuple[int, float], list[float]] = {case: [] for case in CASES}
    for turn in range(rounds):
        for connections, runs in free.items():
            runs.append(_rate(workshop, port, messages, connections, 0.0))
        for connections, delay_ms in CASES:
            few = min(messages, int(SECONDS * min(connections / delay_ms * 1000, 3000)))
            late[connections, delay_ms].append(_rate(workshop, port, few, connections, delay_ms))
        told(f"delayed replies, round {turn + 1}")
    rows = [
        measured(f"Hebdo into the counting sink, no delay, {connections} connections", runs, "msg/s", digits=0)
        for connections, runs in free.items()
    ]
    for (connections, delay_ms), runs in late.items():
        rows.append(measured(f"Hebdo, replies after {delay_ms:g} ms, {connections} connections", runs, "msg/s", digits=0))
        limits = [min(connections / delay_ms * 1000, rate) for rate in free[connections]]
        ratios = [rate / limit for rate, limit in zip(runs, limits, strict=True)]
        name = f"replies after {delay_ms:g} ms, {connections} connections, ÷ the limit"
        rows.append(held(name, ratios, "", "≥", BAR, note=f"limit {statistics.median(limits):,.0f} msg/s"))
    return rows


def _rate(workshop: Workshop, port: Port, messages: int, connections: int, delay_ms: float) -> float:
    port.set(delay_ms=delay_ms)
    workshop.send(port.number, messages, connections)
    return float(port.seen(skip=messages // 4)["rate"])


def others(contestants: list[Contestant], sink: Sink, settings: BenchSettings, told: Callable[[str], None]) -> list[Row]:
    """The table's columns with latency: everybody into the counting sink, once."""
    port, rows = sink.open(), []
    for lanes in settings.connections:
        for one in contestants:
            few = min(settings.messages, lanes * (200 if one.share == 1.0 else 15))
            port.set(delay_ms=float(settings.delay_ms))
            one.send(port.number, few, lanes)
            rate = float(port.seen(skip=few // 4)["rate"])
            rows.append(measured(f"{one.name}, {lanes} connections, {settings.delay_ms} ms", [rate], "msg/s", digits=1))
        told(f"{settings.delay_ms} ms, {lanes} connections")
    return rows
