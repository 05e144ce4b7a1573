"""``make drills``. Sizes by DRILL_RECIPIENTS, DRILL_KILLS, DRILL_CONNECTIONS, DRILL_REQUESTS; DRILL_SEED; DRILL_ONLY=r1,r4 runs some of them."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from bench.drills.clock import clocks
from bench.drills.desk import Desk
from bench.drills.disk import full_disk
from bench.drills.faults import faults
from bench.drills.kills import kills
from bench.drills.memory import memory
from bench.drills.pages import scanners, unsubscribing
from bench.drills.senders import senders
from bench.drills.verifiers import verifiers
from bench.kit.engines import Starter
from bench.kit.figures import write_figures
from bench.kit.machine import machine
from bench.kit.rows import Row, missed, table, write_rows
from bench.kit.settings import drill_settings, out
from bench.kit.sinks import Sink
from bench.sending.contestants import workshop

DRILLS: dict[str, Callable[[Desk], list[Row]]] = {
    "r1": kills, "r2": faults, "r3": senders, "r4": full_disk, "r5": clocks, "r6": scanners, "r7": unsubscribing, "r8": verifiers, "r9": memory,
}  # fmt: skip


def main() -> int:
    settings, began, known, rows = drill_settings(), time.monotonic(), machine(), []
    for name, drill in DRILLS.items():
        if not settings.only or name in settings.only:
            with workshop() as folder, Starter() as starter, Sink() as sink:
                rows += _run(name, drill, Desk(Path(folder), sink, starter, settings, told))
    known |= {"load_after": [round(one, 2) for one in os.getloadavg()]}
    plain = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    write_rows(out() / "drills.json", known, rows, settings=plain, took_s=round(time.monotonic() - began))
    write_figures("drills")
    print(f"\n{table(rows)}\n\n{out() / 'drills.json'}; {missed(rows)} rows missed")
    return 1 if missed(rows) else 0


def _run(name: str, drill: Callable[[Desk], list[Row]], desk: Desk) -> list[Row]:
    """A drill that breaks is a row that is missed, and the others go on."""
    try:
        return drill(desk)
    except Exception as error:  # noqa: BLE001 - told, and the row says so
        traceback.print_exc()
        return [
            Row(f"{name.upper()}: the drill itself broke", None, bar="= 0", ok=False, note=f"{type(error).__name__}: {str(error)[:300]}")
        ]


def told(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
