"""Sending hours: outside of them nothing leaves, and what falls into the night waits for the morning."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from composer.deliver.schedule import first_valid
from composer.model.pace import Hours

_SPAN = re.compile(r"\s*([01]?\d|2[0-3])\s*[:hH]\s*([0-5]\d)?\s*[-–]\s*([01]?\d|2[0-4])\s*[:hH]\s*([0-5]\d)?\s*")


def parse_hours(written: str) -> Hours:
    """«07:00-21:00», «7h-21h»; «24:00» is midnight. Raises ValueError for anything else, and for a span of nothing."""
    found = _SPAN.fullmatch(written)
    if found is None or (found[3] == "24" and int(found[4] or 0)):
        raise ValueError(written)
    hours = Hours(opens=time(int(found[1]), int(found[2] or 0)), closes=time(int(found[3]) % 24, int(found[4] or 0)))
    if hours.opens == hours.closes:
        raise ValueError(written)
    return hours


def is_open(moment: datetime, hours: Hours, zone: ZoneInfo) -> bool:
    """Whether messages leave at this instant, by the clock on the wall in ``zone``."""
    clock = moment.astimezone(zone).time()
    if hours.opens < hours.closes:
        return hours.opens <= clock < hours.closes
    return clock >= hours.opens or clock < hours.closes


def fit(moment: datetime, hours: Hours | None, zone: ZoneInfo) -> datetime:
    """``moment`` when messages leave then, else the next opening; UTC.

    An opening that clocks skip is the first instant after the gap; in an hour that comes twice the first one opens.
    """
    if hours is None or is_open(moment, hours, zone):
        return moment.astimezone(UTC)
    day = moment.astimezone(zone).date()
    openings = (first_valid(datetime.combine(day + timedelta(days=days), hours.opens), zone) for days in range(4))
    # In the night in which an hour comes twice the wall can show «closed» again after the opening of that day.
    return next(opening for opening in openings if opening > moment and is_open(opening, hours, zone))
