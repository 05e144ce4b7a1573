"""What a timetable means, reader by reader, in plain words of Python: what the ledger says in SQL is held against it."""

from __future__ import annotations

from datetime import datetime

from composer.model.pace import Timetable


def place_of(rank: int, timetable: Timetable) -> int:
    """The place of the reader of this rank (0 is who came first) in the walk."""
    return (rank * timetable.step + timetable.start) % max(1, timetable.audience)


def instant_of(rank: int, key: str, zone: str, timetable: Timetable) -> datetime:
    """When this reader's message may leave."""
    wave = dict(timetable.waves).get(zone, 0)
    if key in timetable.named:
        return timetable.slots[0].at[wave]
    place = place_of(rank, timetable)
    return next((slot for slot in timetable.slots if place < slot.upto), timetable.slots[-1]).at[wave]
