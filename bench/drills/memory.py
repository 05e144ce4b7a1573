"""R9: the sender's memory while it writes to many: the command as a user starts it, sampled every 100 ms."""

from __future__ import annotations

import shutil

from bench.drills.desk import EVERY_S, LIMIT_S, Desk, most, none
from bench.kit.engines import start_command
from bench.kit.letters import Plan, make_letter
from bench.kit.rows import Row

BAR_MB = 90.0
FLAT_MB = 3.0
FACTOR = 5  # as many recipients as the other drills have


def memory(desk: Desk) -> list[Row]:
    readers, port = FACTOR * desk.settings.recipients, desk.sink.open()
    letter = make_letter(desk.folder / "r9", readers, Plan(port=port.number, connections=desk.settings.connections))
    engine, samples = start_command("worker", "--until-idle", cwd=letter.root, output=desk.folder / "r9-output"), []
    end_at = LIMIT_S / EVERY_S
    while not engine.wait(EVERY_S) and len(samples) < end_at:
        samples.append((port.accepted, engine.memory_kb / 1024))
    engine.end()
    sending = [size for accepted, size in samples if accepted > 0 and size]
    third = len(sending) // 3
    growth = max(sending[-third:]) - max(sending[:third]) if third else 0.0
    left = readers - letter.counts().get("submitted", 0)
    shutil.rmtree(letter.root)
    peak = round(max(size for _, size in samples), 1)
    return [
        most(f"R9, {readers:,} recipients: peak of the sender's memory", peak, BAR_MB, "MB", note=f"{len(samples)} samples"),
        most("R9: growth from the first third of the sending to the last", round(growth, 1), FLAT_MB, "MB"),
        none("R9: not submitted", left),
    ]
