"""R5: a wall clock that jumps, before the hour and in mid-mailing: due once, everybody once.

The clock is libfaketime's, for real processes: the wall clock jumps, the monotonic one goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.drills.desk import Desk, account, is_held_by, none, still, until
from bench.kit.engines import Engine, Starter, hebdo
from bench.kit.letters import ISSUE, Letter, Plan, write_mailing, write_people
from bench.kit.rows import Row, missing
from bench.kit.sinks import Port

HOUR, DAY = 3600, 86_400
READERS = 30
MIDDLE = 200  # readers of a mailing that is under way when the clock jumps
SLOW_MS = 100.0  # for them, so that it lasts for some seconds
DUE_IN_S = 6.0
LIMIT_S = 240.0  # a busy machine is no fault of the clock
READ_S = 1.5  # by then the clock's file has been read again
AT_ONCE = 5
_LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")


# A relative name: each process reads the file of the folder that it works in.
_FILE = "clock"
_SETTINGS = {"FAKETIME_TIMESTAMP_FILE": _FILE, "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}


class FakeClock:
    """The wall clock of those who work in a folder."""

    def __init__(self, folder: Path, offset_s: float = 0.0) -> None:
        self._file = folder / _FILE
        self.set(offset_s)

    def set(self, offset_s: float) -> None:
        """How far it is ahead of the true one, within a second; a new file takes the old one's place, so that nobody reads half of it."""
        partial = self._file.with_suffix(".new")
        partial.write_text(f"{offset_s:+.0f}\n")
        partial.rename(self._file)


class ClockStarter(Starter):
    """Starts commands that believe a ``FakeClock`` in their folder."""

    def __init__(self) -> None:
        super().__init__(LD_PRELOAD=_library(), **_SETTINGS)

    def worker(self, root: Path, output: Path) -> Engine:
        return self.start("worker", cwd=root, output=output, LD_PRELOAD=_library(), **_SETTINGS)


def no_fake_clock() -> str:
    """Why clocks cannot be moved here, "" when they can."""
    return "" if _library() else "libfaketime (Debian: faketime) is not installed; bench/needs.sh brings it"


def _library() -> str:
    return next((str(path) for pattern in _LIBRARIES for path in sorted(Path("/").glob(pattern.lstrip("/")))), "")


@dataclass(frozen=True, slots=True)
class Case:
    """One story of a clock."""

    letter: Letter
    port: Port
    clock: FakeClock
    due_at: float  # monotonic, s: the true hour

    def move(self, offset_s: float) -> None:
        """The clock jumps, and has been read."""
        self.clock.set(offset_s)
        time.sleep(READ_S)

    def wait_for_hour(self) -> None:
        """Until some seconds after the true hour."""
        time.sleep(max(0.0, self.due_at - time.monotonic()) + 3.0)

    @property
    def all_taken(self) -> bool:
        return self.port.accepted >= self.letter.readers


Story = Callable[[Case], str]  # gives what went wrong, "" when nothing did


def clocks(desk: Desk) -> list[Row]:
    if why := no_fake_clock():
        return [missing("R5, clock", why)]
    stories: dict[str, tuple[float, Story]] = {
        "an hour ahead before the hour": (0.0, _ahead),
        "an hour back before the hour": (0.0, lambda case: _back(case, -HOUR)),
        "a day back before the hour": (0.0, lambda case: _back(case, -DAY)),
        "a day ahead before the hour": (0.0, _day_ahead),
        "started in 1970": (60 - time.time(), lambda case: _back(case, None)),
        "an hour back in mid-mailing": (0.0, lambda case: _in_the_middle(case, -HOUR)),
        "a day back in mid-mailing": (0.0, lambda case: _in_the_middle(case, -DAY)),
        "an hour ahead in mid-mailing": (0.0, lambda case: _in_the_middle(case, HOUR)),
        "a day ahead in mid-mailing": (0.0, lambda case: _in_the_middle(case, DAY)),
    }
    with ClockStarter() as starter, ThreadPoolExecutor(AT_ONCE) as pool:  # they wait most of the time
        return list(pool.map(lambda one: _told(desk, starter, one[0], *one[1]), stories.items()))


def _told(desk: Desk, starter: ClockStarter, name: str, offset_s: float, story: Story) -> Row:
    in_the_middle, root = "mid" in name, desk.folder / f"r5-{name.replace(' ', '-')}"
    port, readers = desk.sink.open(), MIDDLE if in_the_middle else READERS
    port.set(log=root.with_suffix(".log"), delay_ms=SLOW_MS if in_the_middle else 0.0)
    write_people(root, readers, Plan(port=port.number, connections=4))
    clock = FakeClock(root, offset_s)
    engine = starter.worker(root, root / "output")
    try:
        wrong = _begin(root, engine)
        if not wrong:
            due_in_s = 0.0 if in_the_middle else DUE_IN_S
            due_at = time.monotonic() + due_in_s
            case = Case(write_mailing(root, readers, due_in_s=due_in_s), port, clock, due_at)
            wrong = story(case) or _everybody_once(case)
    finally:
        engine.end()
    desk.told(f"R5: {name}: {wrong or 'once'}")
    return none(f"R5, clock {name}: went wrong", int(bool(wrong)), note=wrong or "everybody once")


def _begin(root: Path, engine: Engine) -> str:
    if not until(lambda: is_held_by(root, engine), LIMIT_S):
        return f"the engine did not start: {engine.words[-300:]}"
    time.sleep(READ_S)
    return ""


def _ahead(case: Case) -> str:
    """By the wall it is late by an hour, which is less than the two that hold it: it leaves, and does not leave again at the true hour."""
    case.move(HOUR)
    if not until(lambda: case.all_taken, LIMIT_S):
        return f"nothing left by the clock on the wall: {case.letter.counts()}"
    mailing = case.letter.figures().mailing
    if mailing.launched_at is None or (mailing.launched_at - mailing.due_at).total_seconds() < HOUR / 2:
        return "it left by the true clock: the false one was not read"
    case.move(0)
    case.wait_for_hour()
    return ""


def _back(case: Case, jump_s: float | None) -> str:
    """Nothing leaves before its hour on the wall; put right, it leaves. ``None``: the clock was wrong from the start."""
    if jump_s is not None:
        case.move(jump_s)
    case.wait_for_hour()
    if early := case.port.accepted:
        return f"{early} left before the hour on the wall"
    case.move(0)
    return "" if until(lambda: case.all_taken, LIMIT_S) else f"it never left: {case.letter.figures()}"


def _day_ahead(case: Case) -> str:
    """Late by a day: held, told; put right, a person lets it go."""
    case.move(DAY)
    if not until(lambda: case.letter.figures().mailing.reason_code == "late", LIMIT_S, every_s=0.3):
        return f"not held as late: {case.letter.figures()}"
    case.move(0)
    hebdo("resume", ISSUE, cwd=case.letter.root)
    return "" if until(lambda: case.all_taken, LIMIT_S) else f"it never left: {case.letter.figures()}"


def _in_the_middle(case: Case, jump_s: float) -> str:
    third = case.letter.readers // 3
    if not until(lambda: case.port.accepted >= third, LIMIT_S):
        return f"it did not begin: {case.letter.counts()}"
    case.move(jump_s)
    if case.all_taken:
        return "it was over before the clock jumped"
    if not until(lambda: case.port.accepted >= 2 * third, LIMIT_S):
        return f"it stopped at {case.port.accepted}: {case.letter.counts()}"
    case.move(0)
    return "" if until(lambda: case.all_taken, LIMIT_S) else f"it stopped at {case.port.accepted}: {case.letter.counts()}"


def _everybody_once(case: Case) -> str:
    still(case.port)
    until(lambda: case.letter.figures().mailing.state.value == "finished", LIMIT_S, every_s=0.3)
    found = account(case.letter, case.port)
    if found.lost or found.duplicates or found.submitted != case.letter.readers:
        return f"lost {found.lost}, twice {found.duplicates}: {case.letter.counts()}"
    return ""
