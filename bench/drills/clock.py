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
from bench.kit.engines import Engine, hebdo, start_command
from bench.kit.letters import ISSUE, Letter, Plan, make_letter
from bench.kit.rows import Row, missing
from bench.kit.sinks import Port

HOUR, DAY = 3600, 86_400
READERS = 30
MIDDLE = 240  # readers of a mailing that is under way when the clock jumps
SLOW_MS = 100.0  # for them, so that it lasts for some seconds
DUE_IN_S = 20.0  # nine engines start at once
READ_S = 1.2  # by then the clock's file has been read again
AT_ONCE = 9
_LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")


class FakeClock:
    """A wall clock for the processes that are started in ``environment``."""

    def __init__(self, file: Path, offset_s: float = 0.0) -> None:
        self._file = file
        self.set(offset_s)

    def set(self, offset_s: float) -> None:
        """How far it is ahead of the true one, within a second; a new file takes the old one's place, so that nobody reads half of it."""
        partial = self._file.with_suffix(".new")
        partial.write_text(f"{offset_s:+.0f}\n")
        partial.rename(self._file)

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": _library(), "FAKETIME_TIMESTAMP_FILE": str(self._file), "FAKETIME_CACHE_DURATION": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}  # fmt: skip


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
    engine: Engine
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
    with ThreadPoolExecutor(AT_ONCE) as pool:  # they wait most of the time
        return list(pool.map(lambda one: _told(desk, one[0], *one[1]), stories.items()))


def _told(desk: Desk, name: str, offset_s: float, story: Story) -> Row:
    in_the_middle, port, slug = "mid" in name, desk.sink.open(), name.replace(" ", "-")
    port.set(log=desk.folder / f"r5-{slug}.log", delay_ms=SLOW_MS if in_the_middle else 0.0)
    plan, due_in_s = Plan(port=port.number, connections=4), 0.0 if in_the_middle else DUE_IN_S
    letter = make_letter(desk.folder / f"r5-{slug}", MIDDLE if in_the_middle else READERS, plan, due_in_s=due_in_s)
    clock, due_at = FakeClock(letter.root / "clock", offset_s), time.monotonic() + due_in_s
    engine = start_command("worker", cwd=letter.root, output=letter.root / "output", **clock.environment)
    try:
        wrong = _tell(Case(letter, port, clock, engine, due_at), story)
    finally:
        engine.end()
    desk.told(f"R5: {name}: {wrong or 'once'}")
    return none(f"R5, clock {name}: went wrong", int(bool(wrong)), note=wrong or "everybody once")


def _tell(case: Case, story: Story) -> str:
    if not until(lambda: is_held_by(case.letter, case.engine), 60):
        return f"the engine did not start: {case.engine.words[-300:]}"
    if story is not _ahead and case.due_at > time.monotonic() and case.due_at - time.monotonic() < 2 * READ_S:
        return "the engine started too late for this story; try again on a calmer machine"
    return story(case) or _everybody_once(case)


def _ahead(case: Case) -> str:
    """By the wall it is late by an hour, which is less than the two that hold it: it leaves, and does not leave again at the true hour."""
    case.move(HOUR)
    if not until(lambda: case.all_taken, 30):
        return f"nothing left by the clock on the wall: {case.letter.counts()}"
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
    return "" if until(lambda: case.all_taken, 60) else f"it never left: {case.letter.figures()}"


def _day_ahead(case: Case) -> str:
    """Late by a day: held, told; put right, a person lets it go."""
    case.move(DAY)
    if not until(lambda: case.letter.figures().mailing.reason_code == "late", 30, every_s=0.3):
        return f"not held as late: {case.letter.figures()}"
    case.move(0)
    hebdo("resume", ISSUE, cwd=case.letter.root)
    return "" if until(lambda: case.all_taken, 60) else f"it never left: {case.letter.figures()}"


def _in_the_middle(case: Case, jump_s: float) -> str:
    third = case.letter.readers // 3
    if not until(lambda: case.port.accepted >= third, 60):
        return f"it did not begin: {case.letter.counts()}"
    case.move(jump_s)
    if case.all_taken:
        return "it was over before the clock jumped"
    if not until(lambda: case.port.accepted >= 2 * third, 60):
        return f"it stopped at {case.port.accepted}: {case.letter.counts()}"
    case.move(0)
    return "" if until(lambda: case.all_taken, 60) else f"it stopped at {case.port.accepted}: {case.letter.counts()}"


def _everybody_once(case: Case) -> str:
    still(case.port)
    until(lambda: case.letter.figures().mailing.state.value == "finished", 10, every_s=0.3)
    found = account(case.letter, case.port)
    if found.lost or found.duplicates or found.submitted != case.letter.readers:
        return f"lost {found.lost}, twice {found.duplicates}: {case.letter.counts()}"
    return ""
