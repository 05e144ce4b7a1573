"""R1: kill -9 at seeded points of one mailing; each time another sender goes on."""

from __future__ import annotations

import shutil
import signal
import time

from bench.drills.desk import LIMIT_S, Desk, account, most, none, until, watching
from bench.kit.engines import Engine
from bench.kit.letters import Letter, Plan, make_letter
from bench.kit.rows import Row
from bench.kit.sinks import Port

LAST_RUNS = 6


def kills(desk: Desk) -> list[Row]:
    return [*_mailing(desk, "hold"), *_mailing(desk, "retry")]


def _mailing(desk: Desk, on_uncertain: str) -> list[Row]:
    settings, port = desk.settings, desk.sink.open()
    port.set(log=desk.folder / f"r1-{on_uncertain}.log")
    plan = Plan(port=port.number, connections=settings.connections, on_uncertain=on_uncertain)
    letter = make_letter(desk.folder / f"r1-{on_uncertain}", settings.recipients, plan)
    with watching(letter) as watch:
        killed = _kill(desk, letter, port, on_uncertain)
        runs = _finish(desk, letter)
    found, wire = account(letter, port), settings.connections * max(1, killed)
    name = f"R1, {killed} kills, on_uncertain = {on_uncertain}"
    rows = found.rows(name, duplicates=0 if on_uncertain == "hold" else wire, uncertain=wire)
    rows.append(
        none(
            f"{name}: readers in no end state", letter.readers - found.submitted - found.uncertain, note=f"{runs} runs after the last kill"
        )
    )
    rows += [watch.row(name), most(f"{name}: kills asked for, not come to", settings.kills - killed, max(1, settings.kills // 5))]
    shutil.rmtree(letter.root)
    return rows


def _kill(desk: Desk, letter: Letter, port: Port, on_uncertain: str) -> int:
    """Starts a sender, lets it come to the next point and kills it there; gives how many were killed at work."""
    rng, killed = desk.rng(f"r1-{on_uncertain}"), 0
    points = sorted(rng.sample(range(1, letter.readers * 9 // 10), desk.settings.kills))
    for number, point in enumerate(points):
        port.watch_for(max(point, port.accepted + 1))
        engine = _start(desk, letter)
        until(lambda: desk.sink.wait_reached(0.005) or engine.ended.is_set(), every_s=0.0)  # noqa: B023 - used at once
        time.sleep(rng.uniform(0.0, 0.01))
        killed += not engine.ended.is_set()
        engine.signal(signal.SIGKILL)
        assert engine.wait(30)
        desk.told(f"R1 {on_uncertain}: killed {number + 1} of {len(points)} at {port.accepted}")
    return killed


def _finish(desk: Desk, letter: Letter) -> int:
    """Runs senders until nothing is left that a sender may do; gives how many it took. What was uncertain three times stays so."""
    before: dict[str, int] = {}
    for number in range(1, LAST_RUNS + 1):
        assert _start(desk, letter).wait(LIMIT_S)
        left = {state: count for state, count in letter.counts().items() if state != "submitted"}
        if not left or (set(left) == {"uncertain"} and left == before):
            return number
        before = left
    return LAST_RUNS


def _start(desk: Desk, letter: Letter) -> Engine:
    return desk.starter.start("worker", "--until-idle", cwd=letter.root, output=letter.root / "output")
