"""What all drills share: where they work, the watch on the identity, and the accounting of what the sink took."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.kit.engines import Engine, Starter
from bench.kit.letters import Letter
from bench.kit.rows import Row
from bench.kit.settings import DrillSettings
from bench.kit.sinks import Port, Sink
from composer.errors import HebdoError
from composer.ledger import SENDER_LOCK

EVERY_S = 0.1
LIMIT_S = 900.0


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a drill works and what it is told."""

    folder: Path
    sink: Sink
    starter: Starter
    settings: DrillSettings
    told: Callable[[str], None]

    def rng(self, name: str) -> Random:
        return Random(f"{self.settings.seed}:{name}")


@dataclass
class Watch:
    """The identity, looked at every 100 ms: pending + … + cancelled = audience."""

    samples: int = 0
    broken: list[str] = field(default_factory=list)
    blind: int = 0  # looks that the ledger refused

    def row(self, name: str) -> Row:
        note = f"{self.samples} looks" + (f", {self.blind} refused by the ledger" if self.blind else "")
        return Row(
            f"{name}: looks at which the identity did not hold",
            len(self.broken),
            bar="= 0",
            ok=not self.broken and self.samples > 0,
            note=note,
        )


@contextmanager
def watching(letter: Letter) -> Iterator[Watch]:
    watch, stop = Watch(), threading.Event()
    thread = threading.Thread(target=_watch, args=(letter, watch, stop))
    thread.start()
    try:
        yield watch
    finally:
        stop.set()
        thread.join()


def _watch(letter: Letter, watch: Watch, stop: threading.Event) -> None:
    with letter.open() as ledger:
        while not stop.wait(EVERY_S):
            try:
                figures = ledger.mailings.figures(letter.mailing_id)
            except HebdoError:
                watch.blind += 1
                continue
            watch.samples += 1
            if figures is None or not figures.adds_up:
                watch.broken.append(str(figures))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Ledger and sink held against each other when all is over."""

    lost: int  # the sink never took it, and the ledger does not say «uncertain», «failed» or «suppressed»
    duplicates: int  # messages beyond the first, over all readers
    uncertain: int
    submitted: int
    changed_ids: int  # readers whose messages did not all bear the Message-ID of the ledger
    strangers: int  # recipients that the ledger does not know

    def rows(self, name: str, *, duplicates: int, uncertain: int) -> list[Row]:
        """``duplicates`` and ``uncertain`` are the most that are allowed."""
        return [
            none(f"{name}: lost", self.lost),
            most(f"{name}: duplicates", self.duplicates, duplicates),
            most(f"{name}: uncertain", self.uncertain, uncertain),
            none(f"{name}: readers with more than one Message-ID, or not the ledger's", self.changed_ids),
        ]


def account(letter: Letter, port: Port) -> Account:
    states, keys, taken = letter.states(), letter.message_keys(), port.by_recipient()
    told = {"uncertain", "failed", "suppressed", "deferred", "cancelled"}
    return Account(
        lost=sum(reader not in taken and state not in told for reader, state in states.items()) + letter.readers - len(states),
        duplicates=sum(len(own) - 1 for own in taken.values()),
        uncertain=sum(state == "uncertain" for state in states.values()),
        submitted=sum(state == "submitted" for state in states.values()),
        changed_ids=sum({one.message_id.partition("@")[0] for one in own} != {keys.get(reader)} for reader, own in taken.items()),
        strangers=sum(reader not in states for reader in taken),
    )


def at_work(letter: Letter, engines: list[Engine]) -> Engine:
    """Who holds the sender's lock; raises StopIteration when none of them does."""
    return next(engine for engine in engines if is_held_by(letter.root, engine))


def is_held_by(root: Path, engine: Engine) -> bool:
    """Whether this process holds the sender's lock of a workspace, as the kernel says."""
    lock = root / "var" / SENDER_LOCK
    if not lock.exists():
        return False
    wanted = ("FLOCK", str(engine.pid), str(lock.stat().st_ino))
    held = (line.split() for line in Path("/proc/locks").read_text().splitlines())
    return any((words[1], words[4], words[5].split(":")[2]) == wanted for words in held)


def none(name: str, value: int, note: str = "") -> Row:
    return Row(name, value, bar="= 0", ok=value == 0, note=note)


def most(name: str, value: float, bar: float, unit: str = "", note: str = "") -> Row:
    return Row(name, value, unit, bar=f"≤ {bar:g}", ok=value <= bar, note=note)


def until(true: Callable[[], object], within_s: float = LIMIT_S, every_s: float = 0.05) -> bool:
    """Whether it came to pass in time."""
    end = time.monotonic() + within_s
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(every_s)
    return True


def still(port: Port, for_s: float = 1.5, within_s: float = 60.0) -> bool:
    """Whether the sink came to rest."""
    seen, since, end = -1, time.monotonic(), time.monotonic() + within_s
    while time.monotonic() < end:
        now = port.accepted
        if now != seen:
            seen, since = now, time.monotonic()
        elif time.monotonic() - since > for_s:
            return True
        time.sleep(0.1)
    return False
