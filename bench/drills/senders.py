"""R3: several senders at once; the one at work is frozen for longer than its lease, wakes, and is then killed."""

from __future__ import annotations

import shutil
import signal
import time
from contextlib import suppress

from bench.drills.clock import ClockStarter, FakeClock, no_fake_clock
from bench.drills.desk import Desk, account, at_work, none, until, watching
from bench.kit.engines import Engine
from bench.kit.letters import Letter, Plan, make_letter
from bench.kit.rows import Row, missing
from bench.kit.sinks import Port

PAST_THE_LEASE_S = 3600


def senders(desk: Desk) -> list[Row]:
    if why := no_fake_clock():
        return [missing("R3, several senders", why)]
    with ClockStarter() as starter:
        return [*_mailing(desk, starter, 2), *_mailing(desk, starter, 4)]


def _mailing(desk: Desk, starter: ClockStarter, many: int) -> list[Row]:
    port, readers = desk.sink.open(), max(300, desk.settings.recipients // 5)
    port.set(log=desk.folder / f"r3-{many}.log", delay_ms=5.0)
    letter = make_letter(desk.folder / f"r3-{many}", readers, Plan(port=port.number, connections=desk.settings.connections), due_in_s=3.0)
    clock = FakeClock(letter.root)
    engines = [starter.worker(letter.root, letter.root / f"output-{number}") for number in range(many)]
    try:
        with watching(letter) as watch:
            new = _freeze(desk, letter, port, engines, clock)
            _kill(desk, letter, port, engines)
            ended = until(lambda: _is_over(letter), within_s=300, every_s=0.2)
    finally:
        for engine in engines:
            engine.signal(signal.SIGCONT)
            engine.end()
    name, wire = f"R3, {many} senders, one frozen past its lease, then killed", desk.settings.connections
    rows = account(letter, port).rows(name, duplicates=wire, uncertain=2 * wire)
    rows += [none(f"{name}: left while it was frozen", new), none(f"{name}: not over in time", int(not ended)), watch.row(name)]
    shutil.rmtree(letter.root)
    return rows


def _freeze(desk: Desk, letter: Letter, port: Port, engines: list[Engine], clock: FakeClock) -> int:
    """Stops whoever sends, moves the clock past the lease, lets it go on; gives how many left meanwhile, beyond what was on the wire."""
    port.watch_for(letter.readers // 3)
    desk.sink.wait_reached(120)
    frozen = at_work(letter, engines)
    frozen.signal(signal.SIGSTOP)
    time.sleep(0.3)
    before = port.accepted
    clock.set(PAST_THE_LEASE_S)
    time.sleep(3.0)
    after = port.accepted
    frozen.signal(signal.SIGCONT)
    desk.told(f"R3: {frozen.pid} frozen at {before}, woken at {after}")
    return after - before


def _kill(desk: Desk, letter: Letter, port: Port, engines: list[Engine]) -> None:
    port.watch_for(letter.readers * 2 // 3)
    desk.sink.wait_reached(120)
    with suppress(StopIteration):
        at_work(letter, engines).signal(signal.SIGKILL)


def _is_over(letter: Letter) -> bool:
    return not set(letter.counts()) - {"submitted", "uncertain"} and letter.figures().mailing.state.value == "finished"
