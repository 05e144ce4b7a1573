"""R9: memory while ``hebdo serve`` writes to many: the sender's own process, and the one of pages and clock, sampled every 100 ms."""

from __future__ import annotations

import time

from bench.drills.desk import EVERY_S, LIMIT_S, Desk, most, none
from bench.drills.pages import served
from bench.kit.engines import Engine, resident_kb
from bench.kit.letters import Letter
from bench.kit.rows import Row
from bench.kit.sinks import Port

BAR_MB = 90.0
FLAT_MB = 3.0
FACTOR = 5  # as many recipients as the other drills have


def memory(desk: Desk) -> list[Row]:
    readers = FACTOR * desk.settings.recipients
    with served(desk, "r9", readers, keep=False) as (letter, port, _, engine):
        sender, parent = _sample(letter, port, engine)
        left = readers - letter.counts().get("submitted", 0)
    third = len(sender) // 3
    growth = max(sender[-third:]) - max(sender[:third]) if third else 0.0
    note = f"{len(sender)} samples; the process of pages and clock: {max(parent):.0f} MB"
    return [
        most(f"R9, {readers:,} recipients: peak of the sender's memory", round(max(sender), 1), BAR_MB, "MB", note=note),
        most("R9: growth from the first third of the sending to the last", round(growth, 1), FLAT_MB, "MB"),
        none("R9: not submitted", left),
    ]


def _sample(letter: Letter, port: Port, engine: Engine) -> tuple[list[float], list[float]]:
    """MB of the sender and of its parent from the first message on until all are recorded."""
    sender, parent, end_at = [0.0], [0.0], time.monotonic() + LIMIT_S
    while time.monotonic() < end_at and not engine.ended.is_set():
        time.sleep(EVERY_S)
        accepted, children = port.accepted, engine.children
        if accepted and children:
            sender.append(max(map(resident_kb, children)) / 1024)
            parent.append(engine.memory_kb / 1024)
        if accepted >= letter.readers and letter.counts().get("submitted", 0) == letter.readers:
            break
    return [size for size in sender if size], parent
