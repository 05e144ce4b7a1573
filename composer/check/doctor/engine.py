"""What is known of the ledger and of the engine that works with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from composer.check.doctor.codes import see
from composer.model.observation import Observation
from composer.text.shown import shown
from composer.words import Words

QUIET_S = 60  # a clock that works beats twice in that time


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSight:
    """The ledger and its clocks."""

    has_ledger: bool
    damage: tuple[str, ...] | None = None  # what SQLite finds wrong; None: it was not asked to the end
    trouble: Words | None = None  # why the ledger does not open
    at_home: Words | None = None  # why nothing may leave from here; None: it is at home
    beat_at: datetime | None = None  # the newest sign of life of a clock
    alive: bool = False
    waiting: int = 0  # mailings that an engine should launch or send


def judge_engine(sight: EngineSight, now: datetime) -> list[Observation]:
    """Everything that is to be said of ledger and engine."""
    return list(_judge(sight, now)) if sight.has_ledger else [see("ledger-none")]


def _judge(sight: EngineSight, now: datetime) -> Iterator[Observation]:
    if sight.damage:
        said = shown(" ; ".join(sight.damage), 160)
        yield see("ledger-damaged", Words(fr=f"SQLite trouve : {said}", en=f"SQLite finds: {said}"))
    elif sight.trouble:
        yield see("ledger-damaged", sight.trouble)
    else:
        yield see("ledger-unread" if sight.damage is None else "ledger-ok")
    if sight.damage or sight.trouble:
        return
    yield see("home-elsewhere", sight.at_home) if sight.at_home else see("home-ok")
    yield _clock(sight, now)


def _clock(sight: EngineSight, now: datetime) -> Observation:
    if sight.alive and sight.beat_at:
        ago = max(0, round((now - sight.beat_at) / timedelta(seconds=1)))
        if ago > QUIET_S:
            minutes = round(ago / 60)
            return see(
                "engine-quiet",
                Words(fr=f"Dernier signe de vie du moteur il y a {minutes} min.", en=f"Last sign of life of the engine {minutes} min ago."),
            )
        return see("engine-ok", Words(fr=f"Un moteur tourne, vu il y a {ago} s.", en=f"An engine is running, seen {ago} s ago."))
    if not sight.waiting:
        return see("engine-stopped", level="advice")
    said = Words(
        fr=f"Aucun moteur ne tourne, et {sight.waiting} envoi(s) attendent.",
        en=f"No engine is running, and {sight.waiting} mailing(s) wait.",
    )
    return see("engine-stopped", said, level="error")
