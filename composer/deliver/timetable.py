"""When each reader's message may leave: first slice, the hour of each zone, warm-up, sending hours, jitter.

All of it becomes ``due_at`` of deliveries at the launch; what is slower than planned is for ``pace``. No clock, no chance in here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo, available_timezones

from composer.deliver.hours import fit
from composer.deliver.schedule import first_valid
from composer.deliver.slices import slice_size, spread
from composer.model.pace import Census, Hours, PaceSettings, Plan, Slot, Timetable

JITTER_LEAST_S = 20
QUARTER_MIN = 15  # the minutes at which all the world's newsletters leave


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a timetable is reckoned in."""

    starts_at: datetime  # UTC; nothing leaves before
    zone: ZoneInfo  # the newsletter's
    hours: Hours | None = None
    pace: PaceSettings = PaceSettings()  # noqa: RUF009 - a frozen value
    seed: str = ""  # the edition's digest: another walk for each mailing


def jitter_s(local: datetime, digest: str, *, most_min: float) -> int:
    """How many seconds after ``local`` the first message leaves.

    Never before the hour that was promised. Only at a full quarter of an hour, when everybody's mails leave: whoever wrote
    7:02 has kept off it. The same sealed edition leaves at the same second each time it is asked: the digest is the die.
    """
    if local.minute % QUARTER_MIN or local.second or most_min <= 0:
        return 0
    most_s = max(1, int(most_min * 60))
    least_s = min(JITTER_LEAST_S, most_s)
    return least_s + int(digest[:12] or "0", 16) % (most_s - least_s + 1)


def make_timetable(plan: Plan, census: Census, frame: Frame) -> Timetable:
    """The timetable of one launch; its instants are never before ``frame.starts_at`` and lie in the sending hours."""
    zones = tuple(name for name, _ in census.zones) if plan.wall else ()
    instants = _wave_zones(plan, zones, frame)
    step, start = spread(census.audience, frame.seed)
    slots = tuple(
        Slot(upto=upto, at=tuple(_instant(plan, zone, day, rest=rest, frame=frame) for zone in instants.values()))
        for upto, day, rest in _parts(plan, census.audience, frame)
    )
    index = {moment: number for number, moment in enumerate(instants)}
    waves = tuple((name, wave) for name in zones if (wave := index[_wall_instant(plan, _zone(name, frame), 0)]))
    named = plan.first.keys if plan.first else ()
    return Timetable(
        audience=census.audience, step=step, start=start, slots=slots, named=named, waves=waves, zone_field=plan.zone_field if zones else ""
    )


def first_departure(plan: Plan, zones: tuple[str, ...], frame: Frame) -> datetime:
    """When the first wave leaves that is still to come; UTC."""
    moments = (_instant(plan, _zone(name, frame), 0, rest=False, frame=frame) for name in ("", *zones))
    return min(moments)


def departures(timetable: Timetable, census: Census) -> tuple[tuple[datetime, int], ...]:
    """Instant → readers, the earliest first; exact but for slots and waves at once, which are taken as evenly mixed."""
    waves, readers = dict(timetable.waves), dict.fromkeys(range(_wave_count(timetable)), 0)
    for name, count in census.zones or (("", census.audience),):
        readers[waves.get(name, 0)] += count
    counts: dict[datetime, int] = {}
    for wave, people in readers.items():
        below = 0
        for slot in timetable.slots:
            upto = round(people * min(slot.upto, timetable.audience) / max(1, timetable.audience))
            if upto > below:
                counts[slot.at[wave]] = counts.get(slot.at[wave], 0) + upto - below
            below = max(below, upto)
    return tuple(sorted(counts.items()))


def warm_up_ceilings(pace: PaceSettings, day: date) -> tuple[int, ...]:
    """The ceilings from ``day`` on; () after the ramp. Before its first day the first ceiling holds."""
    if not pace.warm_up or pace.warm_up_from is None:
        return ()
    return pace.warm_up[max(0, (day - pace.warm_up_from).days) :]


def _parts(plan: Plan, audience: int, frame: Frame) -> list[tuple[int, int, bool]]:
    """(upto, day, whether after the first slice's pause) in order; the last one reaches the audience."""
    first = slice_size(plan.first, audience) if plan.first else 0
    sliced = plan.first is not None
    day = fit(frame.starts_at, frame.hours, frame.zone).astimezone(frame.zone).date()
    days = [upto for upto in accumulate(warm_up_ceilings(frame.pace, day)) if upto < audience] + [audience]
    rest = [(upto, number, sliced) for number, upto in enumerate(days) if upto > first]
    return [(min(first, days[0]), 0, False), *rest] if sliced else rest or [(audience, 0, False)]


def _wave_zones(plan: Plan, zones: tuple[str, ...], frame: Frame) -> Mapping[datetime, ZoneInfo]:
    """One zone for each instant at which the wall shows the hour; the newsletter's own is the first."""
    instants: dict[datetime, ZoneInfo] = {}
    for name in ("", *zones):
        zone = _zone(name, frame)
        instants.setdefault(_wall_instant(plan, zone, 0), zone)
    return instants


def _wall_instant(plan: Plan, zone: ZoneInfo, day: int) -> datetime:
    if plan.wall is None:
        return datetime.min.replace(tzinfo=UTC)
    return first_valid(plan.wall + timedelta(days=day), zone) + timedelta(seconds=plan.jitter_s)


def _instant(plan: Plan, zone: ZoneInfo, day: int, *, rest: bool, frame: Frame) -> datetime:
    if plan.wall is not None:
        moment = max(frame.starts_at, _wall_instant(plan, zone, day))
    elif day:
        wall = frame.starts_at.astimezone(frame.zone).replace(tzinfo=None)
        moment = first_valid(wall + timedelta(days=day), frame.zone)
    else:
        moment = frame.starts_at
    begins = fit(moment, frame.hours, frame.zone)
    return fit(begins + timedelta(minutes=plan.pause_min), frame.hours, frame.zone) if rest and not day else begins


def _wave_count(timetable: Timetable) -> int:
    return len(timetable.slots[0].at)


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(name: str, frame: Frame) -> ZoneInfo:
    """The zone of this name; the newsletter's own where the field holds none."""
    return ZoneInfo(name) if name in _names() else frame.zone
