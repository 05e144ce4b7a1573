"""R5: a wall clock that jumps, before the hour and in mid-mailing: due once, everybody once.

The clock is libfaketime's, for real processes: the wall clock jumps, the monotonic one goes on.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.drills.desk import Desk, account, none, still, until
from bench.kit.engines import Engine, hebdo, start_command
from bench.kit.letters import ISSUE, Letter, Plan, make_letter
from bench.kit.rows import Row, missing
from bench.kit.sinks import Port

HOUR, DAY = 3600, 86_400
READERS = 30
DUE_IN_S = 8.0
_LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")


class FakeClock:
    """A wall clock for the processes that are started in ``environment``."""

    def __init__(self, file: Path, offset_s: float = 0.0) -> None:
        self._file = file
        self.set(offset_s)

    def set(self, offset_s: float) -> None:
        """How far it is ahead of the true one, at once; a new file takes the old one's place, so that nobody reads half of it."""
        partial = self._file.with_suffix(".new")
        partial.write_text(f"{offset_s:+.0f}\n")
        partial.rename(self._file)

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": _library(), "FAKETIME_TIMESTAMP_FILE": str(self._file), "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}  # fmt: skip


def no_fake_clock() -> str:
    """Why clocks cannot be moved here, "" when they can."""
    return "" if _library() else "libfaketime (Debian: faketime) is not installed; bench/needs.sh brings it"


def _library() -> str:
    return next((str(path) for pattern in _LIBRARIES for path in sorted(Path("/").glob(pattern.lstrip("/")))), "")


@dataclass(slots=True)
class Case:
    """One story of a clock."""

    name: str
    letter: Letter
    port: Port
    clock: FakeClock
    engine: Engine


Story = Callable[[Case], str]  # gives what went wrong, "" when nothing did


def clocks(desk: Desk) -> list[Row]:
    if why := no_fake_clock():
        return [missing("R5, clock", why)]
    stories: dict[str, tuple[float, Story]] = {
        "an hour ahead before the hour": (0.0, _ahead),
        "an hour back before the hour": (0.0, lambda case: _back(case, HOUR)),
        "a day back before the hour": (0.0, lambda case: _back(case, DAY)),
        "a day ahead before the hour": (0.0, _day_ahead),
        "started in 1970": (-time.time() + 60, lambda case: _back(case, None)),
        "an hour back in mid-mailing": (0.0, lambda case: _in_the_middle(case, -HOUR)),
        "a day back in mid-mailing": (0.0, lambda case: _in_the_middle(case, -DAY)),
        "an hour ahead in mid-mailing": (0.0, lambda case: _in_the_middle(case, HOUR)),
        "a day ahead in mid-mailing": (0.0, lambda case: _in_the_middle(case, DAY)),
    }
    return [_told(desk, name, offset, story) for name, (offset, story) in stories.items()]


def _told(desk: Desk, name: str, offset_s: float, story: Story) -> Row:
    port, slug = desk.sink.open(), name.replace(" ", "-")
    readers = READERS if "mid" not in name else max(200, desk.settings.recipients // 20)
    port.set(log=desk.folder / f"r5-{slug}.log", delay_ms=10.0 if "mid" in name else 0.0)
    plan = Plan(port=port.number, connections=4)
    letter = make_letter(desk.folder / f"r5-{slug}", readers, plan, due_in_s=0.0 if "mid" in name else DUE_IN_S)
    clock = FakeClock(letter.root / "clock", offset_s)
    case = Case(name, letter, port, clock, start_command("worker", cwd=letter.root, output=letter.root / "output", **clock.environment))
    try:
        wrong = story(case) or _everybody_once(case)
    finally:
        case.engine.end()
    desk.told(f"R5: {name}: {wrong or 'once'}")
    if not wrong:
        shutil.rmtree(letter.root)
    return none(f"R5, clock {name}: readers who did not get it exactly once", 0 if not wrong else 1, note=wrong)


def _ahead(case: Case) -> str:
    """It is late by an hour, which is less than the two that hold it: it leaves, and does not leave again at the true hour."""
    time.sleep(3.0)
    case.clock.set(HOUR)
    if not until(lambda: case.port.accepted == case.letter.readers, 30):
        return f"nothing left by the clock on the wall: {case.letter.counts()}"
    case.clock.set(0)
    time.sleep(DUE_IN_S)
    return ""


def _back(case: Case, by_s: float | None) -> str:
    """Nothing leaves before its hour on the wall; put right, it leaves. ``None``: the clock was wrong from the start."""
    time.sleep(3.0)
    if by_s is not None:
        case.clock.set(-by_s)
    time.sleep(DUE_IN_S)
    if early := case.port.accepted:
        return f"{early} left before the hour on the wall"
    case.clock.set(0)
    return "" if until(lambda: case.port.accepted == case.letter.readers, 60) else f"it never left: {case.letter.figures()}"


def _day_ahead(case: Case) -> str:
    """Late by a day: held, told; put right, a person lets it go."""
    time.sleep(3.0)
    case.clock.set(DAY)
    if not until(lambda: case.letter.figures().mailing.reason_code == "late", 30):
        return f"not held as late: {case.letter.figures()}"
    case.clock.set(0)
    hebdo("resume", ISSUE, cwd=case.letter.root)
    return "" if until(lambda: case.port.accepted == case.letter.readers, 60) else f"it never left: {case.letter.figures()}"


def _in_the_middle(case: Case, jump_s: float) -> str:
    third = case.letter.readers // 3
    if not until(lambda: case.port.accepted >= third, 60):
        return f"it did not begin: {case.letter.counts()}"
    case.clock.set(jump_s)
    if not until(lambda: case.port.accepted >= 2 * third, 60):
        return f"it stopped at {case.port.accepted}: {case.letter.counts()}"
    case.clock.set(0)
    return (
        ""
        if until(lambda: case.port.accepted >= case.letter.readers, 60)
        else f"it stopped at {case.port.accepted}: {case.letter.counts()}"
    )


def _everybody_once(case: Case) -> str:
    still(case.port)
    until(lambda: case.letter.figures().mailing.state.value == "finished", 10)
    found = account(case.letter, case.port)
    if found.lost or found.duplicates or found.submitted != case.letter.readers:
        return f"lost {found.lost}, twice {found.duplicates}: {case.letter.counts()}"
    return ""
