"""R2: every fault at every stage; each cell ends in the state that docs/ledger.md writes, and goes on once the relay is mended."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass

from bench.drills.desk import Desk, account, none
from bench.kit.engines import Engine
from bench.kit.letters import ISSUE, Letter, Plan, make_letter
from bench.kit.rows import Row
from bench.kit.sinks import Port

STAGES = ("connect", "ehlo", "mail", "rcpt", "data", "dot")
WAY = ("connect", "ehlo", "mail")  # nobody is blamed for what goes wrong there
GOOD, BAD = 8, 4  # readers; the bad ones stand under four domains, so that no circuit opens
TIMEOUT_S = 2.0  # of a reply, so that a stall of ten seconds is too long at every stage: the dot is given three times as much
AT_ONCE = 10


@dataclass(slots=True)
class Cell:
    """One fault at one stage, and the mailing that meets it."""

    stage: str
    kind: str
    letter: Letter
    port: Port
    engine: Engine | None = None
    was: str = ""  # how it ended, when it did not end as written

    @property
    def name(self) -> str:
        return f"{self.kind} at {self.stage}"


def faults(desk: Desk) -> list[Row]:
    cells = [_cell(desk, stage, kind) for stage in STAGES for kind in desk.settings.faults]
    _run(desk, cells)
    blamed = sum(_judge(cell) for cell in cells)
    for cell in cells:
        cell.port.set(log=desk.folder / f"r2-{cell.stage}-{cell.kind}-mended.log")
    mended = [cell for cell in cells if cell.stage in WAY]
    for cell in mended:
        if cell.kind == "5xx":
            cell.engine = desk.starter.start("resume", ISSUE, cwd=cell.letter.root, output=cell.letter.root / "output")
            assert cell.engine.wait(60)
    _run(desk, mended)
    stuck = [cell.name for cell in mended if not _went_on(cell)]
    wrong = [f"{cell.name}: {cell.was}" for cell in cells if cell.was]
    for cell in cells:
        shutil.rmtree(cell.letter.root)
    return [
        none(
            "R2, fault matrix: cells that did not end in their written state",
            len(wrong),
            note=f"{len(cells)} cells" + "".join(f"; {one}" for one in wrong),
        ),
        none("R2, fault matrix: addresses blamed for a relay's fault", blamed),
        none("R2, relay mended: cells where not everybody got it once", len(stuck), note="; ".join(stuck) or f"{len(mended)} cells"),
    ]


def _cell(desk: Desk, stage: str, kind: str) -> Cell:
    port = desk.sink.open()
    match = "" if stage in WAY else "bad"
    port.set(faults=[{"stage": stage, "kind": kind, "match": match}], log=desk.folder / f"r2-{stage}-{kind}.log")
    names = [f"good{n}@d{n}.exemple.org" for n in range(GOOD)] + [f"bad{n}@e{n}.exemple.org" for n in range(BAD)]
    plan = Plan(port=port.number, connections=4, timeout_s=TIMEOUT_S)
    return Cell(stage, kind, make_letter(desk.folder / f"r2-{stage}-{kind}", len(names), plan, names=names), port)


def _run(desk: Desk, cells: list[Cell]) -> None:
    for some in _batches(cells):
        for cell in some:
            cell.engine = desk.starter.start("worker", "--until-idle", cwd=cell.letter.root, output=cell.letter.root / "output")
        for cell in some:
            assert cell.engine
            if not cell.engine.wait(90):
                cell.was = "the sender did not come to rest"
                cell.engine.end()
        desk.told(f"R2: {', '.join(cell.name for cell in some)}")


def _batches(cells: list[Cell]) -> Iterable[list[Cell]]:
    return (cells[start : start + AT_ONCE] for start in range(0, len(cells), AT_ONCE))


def written(stage: str, kind: str) -> tuple[dict[str, int], str]:
    """Counts of deliveries and state of the mailing, by the table in docs/ledger.md."""
    if stage in WAY:
        return {"pending": GOOD + BAD}, "held" if kind == "5xx" else "running"
    if stage == "dot" and kind in {"drop", "stall"}:
        return {"submitted": GOOD, "uncertain": BAD}, "finished"
    if kind == "5xx":
        return {"submitted": GOOD, "failed": BAD}, "finished"
    return {"submitted": GOOD, "deferred": BAD}, "running"


def _judge(cell: Cell) -> int:
    """Notes what is not as written; gives how many addresses were blamed wrongly."""
    figures, suppressed = cell.letter.figures(), cell.letter.suppressed_addresses()
    counts, state = {one.value: count for one, count in figures.counts if count}, figures.mailing.state.value
    expected = written(cell.stage, cell.kind)
    if (counts, state) != expected and not cell.was:
        cell.was = f"{counts} {state}, expected {expected[0]} {expected[1]}"
    allowed = BAD if (cell.stage, cell.kind) == ("rcpt", "5xx") else 0  # 550 5.1.1 says that the mailbox does not exist
    return abs(suppressed - allowed) + (counts.get("failed", 0) if cell.stage in WAY else 0)


def _went_on(cell: Cell) -> bool:
    found = account(cell.letter, cell.port)
    return found.submitted == GOOD + BAD and not found.lost and not found.duplicates
