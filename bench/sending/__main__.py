"""``make bench``. Sizes by BENCH_MESSAGES, BENCH_CONNECTIONS, BENCH_ROUNDS, BENCH_LAUNCH; BENCH_ONLY names the contestants that run.

BENCH_ONLY=hebdo,smtp-source is enough while developing: a name chooses all contestants that begin with it; ``launch`` and ``delays`` are names too.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from bench.kit.engines import Starter
from bench.kit.figures import write_figures
from bench.kit.machine import machine
from bench.kit.rows import Row, measured, missed, missing, table, write_rows
from bench.kit.settings import BenchSettings, bench_settings, out
from bench.kit.sinks import Sink, program, smtp_sink
from bench.sending.bars import LIMITS, bars
from bench.sending.contest import Run, write_matter
from bench.sending.contestants import Contestant, limits, peers, smtp_source, workshop
from bench.sending.delays import delayed, others
from bench.sending.hebdo import KINDS, Workshop
from bench.sending.launching import launched


def main() -> int:
    settings, began, known = bench_settings(), time.monotonic(), machine()
    if not (program("smtp-sink") and program("smtp-source")):
        print("bench: smtp-sink and smtp-source are not on this machine; as root: bench/needs.sh", file=sys.stderr)
        return 2
    with workshop() as folder, Starter() as starter, Sink() as sink:
        bench = Bench(Path(folder), starter, sink, settings)
        bench.run()
    known |= {"load_after": [round(one, 2) for one in os.getloadavg()], "message_bytes": bench.message_bytes}
    known["versions"] |= bench.versions
    write_rows(
        out() / "bench.json", known, bench.rows, settings=_plain(settings), took_s=round(time.monotonic() - began), notes=bench.notes
    )
    write_figures("bench")
    print(f"\n{table(bench.rows)}\n")
    for note in bench.notes:
        print(note)
    print(f"{out() / 'bench.json'}; {missed(bench.rows)} bars missed")
    return 1 if missed(bench.rows) else 0


class Bench:
    """One run of all."""

    def __init__(self, folder: Path, starter: Starter, sink: Sink, settings: BenchSettings) -> None:
        self._folder = folder
        self._sink = sink
        self._settings = settings
        self._workshop = Workshop(folder, starter)
        self._lacking: dict[str, str] = {}
        self.rows: list[Row] = []
        self.notes: list[str] = []
        self.versions: dict[str, str] = {}
        self.message_bytes = 0

    def run(self) -> None:
        settings = self._settings
        self.message_bytes = write_matter(self._folder)
        with smtp_sink() as port:
            known = self._contestants()
            for connections in settings.connections:
                self._round_robin(known, port, connections)
        if self._wants("launch"):
            self.rows += launched(self._folder, settings.launch, settings.rounds, told)
        if self._wants("delays"):
            self.rows += delayed(self._workshop, self._sink, settings.messages, settings.rounds, told)
            self.rows += others(known, self._sink, settings, told)
        if self._wants("hebdo"):
            self.rows.append(
                measured(
                    "Hebdo, start-up and end of the command with nothing to send",
                    [self._workshop.startup().cpu_s for _ in range(min(3, settings.rounds))],
                    "s CPU",
                )
            )

    def _wants(self, name: str) -> bool:
        return not self._settings.only or any(name.lower().startswith(one.lower()) for one in self._settings.only)

    def _contestants(self) -> list[Contestant]:
        found = [smtp_source(self._folder, keeps=keeps) for keeps in (True, False)]
        for name, kind in KINDS.items():
            if self._wants(name) and (why := self._workshop.learn_to_sign(kind, self._sink) if kind else ""):
                self._lacking[name] = why
            else:
                found.append(self._workshop.contestant(name))
        others_, self.versions, absent = peers(self._folder)
        self._lacking |= dict.fromkeys(absent, "not installed; bench/needs.sh brings it")
        return [one for one in (*found, *others_) if self._wants(one.name)]

    def _round_robin(self, known: list[Contestant], port: int, connections: int) -> None:
        asked = [one for one in known if not one.at or connections in one.at]
        is_last = connections == max(self._settings.connections)
        if is_last and self._wants("smtp-source"):
            asked += limits(self._folder)
        if not asked:
            return
        runs: dict[str, list[Run]] = {one.name: [] for one in asked}
        for turn in range(self._settings.rounds):
            for one in (*asked[turn % len(asked) :], *asked[: turn % len(asked)]):
                runs[one.name].append(one.send(port, max(1, int(self._settings.messages * one.share)), connections))
            told(
                f"{connections} connections, round {turn + 1}: " + ", ".join(f"{name} {own[-1].rate:,.0f}/s" for name, own in runs.items())
            )
        self._tell(runs, port, connections)
        if is_last:
            self.rows += bars(runs, connections, self._lacking)

    def _tell(self, runs: dict[str, list[Run]], port: int, connections: int) -> None:
        for name, own in runs.items():
            where = f"{name}, {connections} connections" if name not in LIMITS else name
            self.rows.append(measured(where, [run.rate for run in own], "msg/s", digits=0))
            self.rows.append(measured(where, [run.cpu_us for run in own], "µs CPU", digits=0))
            peaks = [run.peak_mb for run in own]
            if name in KINDS:
                peaks = [self._workshop.peak_mb(port, self._settings.messages, connections, kind=KINDS[name])]
            self.rows.append(measured(where, peaks, "MB", digits=0))
        for name, why in self._lacking.items():
            self.rows.append(missing(f"{name}, {connections} connections", why))


def told(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


def _plain(settings: BenchSettings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


if __name__ == "__main__":
    sys.exit(main())
