"""From the hour on the wall to an instant, and back: one-off times, the weekly slot, lateness. No clock in here: ``now`` comes in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NoReturn
from zoneinfo import ZoneInfo

from composer.errors import ConfirmationNeeded, UsageError
from composer.words import Words

LOCAL = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+|$)(?:(\d{1,2})\s*(?:[:hH]\s*(\d{2})?)?(?::(\d{2}))?)?\s*")
CLOCK = re.compile(r"\s*(\d{1,2})(?:\s*[:hH]\s*(\d{2})?)?\s*")


class MissingHour(UsageError):
    """An hour that clocks skip; ``after`` is the first one that they show again."""

    def __init__(self, message: Words, *, after: datetime) -> None:
        hint = f'--at "{after:%Y-%m-%d %H:%M}"'
        super().__init__(message, where="--at", hint=Words(fr=hint, en=hint))
        self.after = after


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """When a mailing leaves, with the words that say so unmistakably."""

    due_at: datetime  # UTC
    local: datetime  # aware, in the zone it was given in
    zone: str


def find_zone(name: str) -> ZoneInfo:
    """The zone of this name; UsageError when there is none."""
    try:
        # An absolute or dotted name would be a path to zoneinfo, and some systems' folders hold more than zones.
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise UsageError(
            Words(fr=f"Le fuseau « {name} » n’existe pas.", en=f"There is no time zone “{name}”."),
            where="time_zone",
            hint=Words(fr="Écrivez par exemple `--tz Europe/Paris`.", en="Write for example `--tz Europe/Paris`."),
        ) from error


def parse_departure(at: str, *, zone: ZoneInfo, fold: int | None = None) -> Departure:
    """The instant that ``at`` means: «2026-11-27 07:00», «2026-11-27 7h», or with an offset «2026-11-27T07:00+01:00».

    Raises UsageError for what is no time or does not exist, ConfirmationNeeded for the hour that comes twice.
    """
    local = _parse(at)
    if local.tzinfo is not None:
        if not 1 < local.year < 9999:
            _refuse(at)
        return _departure(local.astimezone(UTC), zone)
    return _departure(to_instant(local, zone, fold=fold), zone)


def to_instant(local: datetime, zone: ZoneInfo, *, fold: int | None = None) -> datetime:
    """The UTC instant of a wall time that somebody chose: the hour that does not exist is refused, the double one asked about."""
    if not 1 < local.year < 9999:
        _refuse(local.isoformat(" "))
    if not exists(local, zone):
        before, after = local - timedelta(minutes=1), first_valid(local, zone).astimezone(zone)
        while not exists(before, zone):
            before -= timedelta(minutes=1)
        raise MissingHour(
            Words(
                fr=f"{french_hour(local)} n’existe pas le {french_date(local)} ({zone.key}) : l’heure avance. Choisissez {french_hour(before)} ou {french_hour(after)}.",
                en=f"{local:%H:%M} does not exist on {english_date(local)} ({zone.key}): the clock goes forward. Choose {before:%H:%M} or {after:%H:%M}.",
            ),
            after=after,
        )
    first, second = (local.replace(tzinfo=zone, fold=turn).astimezone(UTC) for turn in (0, 1))
    if first != second and fold is None:
        turns = [turn_words(instant.astimezone(zone)) for instant in (first, second)]
        raise ConfirmationNeeded(
            Words(
                fr=f"{french_hour(local)} revient deux fois le {french_date(local)} ({zone.key}) : {turns[0].fr}, puis {turns[1].fr}.",
                en=f"{local:%H:%M} comes twice on {english_date(local)} ({zone.key}): {turns[0].en}, then {turns[1].en}.",
            ),
            where="--at",
            hint=Words(
                fr="`--fold 0` pour la première fois, `--fold 1` pour la seconde.",
                en="`--fold 0` for the first time, `--fold 1` for the second.",
            ),
        )
    return second if fold == 1 else first


def exists(local: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks in ``zone`` ever show this wall time."""
    return local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None, fold=0)


def first_valid(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall time of a series.

    An hour that does not exist moves to the first instant after the gap; the hour that comes twice means its first time.
    """
    if exists(local, zone):
        return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    # PEP 495: in a gap fold=1 reads the time by the offset after it, which lies before the transition, fold=0 the reverse.
    low, high = (local.replace(tzinfo=zone, fold=turn).astimezone(UTC) for turn in (1, 0))
    old = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
    return high.replace(microsecond=0)


def parse_clock(text: str) -> time:
    """«07:00», «7 h», «7h30» as a time of day."""
    found = CLOCK.fullmatch(text)
    try:
        return time(int(found[1]), int(found[2] or 0)) if found else time.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            Words(fr=f"« {text} » n’est pas une heure.", en=f"“{text}” is not an hour."),
            where="[schedule] time",
            hint=Words(fr='Écrivez `time = "07:00"`.', en='Write `time = "07:00"`.'),
        ) from error


def next_slot(after: datetime, *, weekday: int, clock: time, zone: ZoneInfo) -> tuple[datetime, date]:
    """The first instant of the weekly slot later than ``after``, and its local date, of which there is one a week.

    ``weekday`` is ISO: 1 is Monday. The date is the one on the calendar, also where the hour moved over midnight.
    """
    today = after.astimezone(zone).date()
    day = today + timedelta(days=(weekday - today.isoweekday()) % 7 - 7)
    while (instant := first_valid(datetime.combine(day, clock), zone)) <= after:
        day += timedelta(days=7)
    return instant, day


def is_late(due_at: datetime, now: datetime, *, max_delay_min: int) -> bool:
    """Whether a launch now would be later than the desk allows."""
    return now - due_at > timedelta(minutes=max_delay_min)


def french_hour(moment: datetime) -> str:
    """«7 h 00», with no-break spaces."""
    return f"{moment.hour}\u00a0h\u00a0{moment.minute:02d}"


def exact_hour(moment: datetime) -> Words:
    """«13 h 55 min 53 s»; “13:55:53”; without seconds where there are none."""
    if not moment.second:
        return Words(fr=french_hour(moment), en=f"{moment:%H:%M}")
    return Words(fr=f"{moment.hour}\u00a0h\u00a0{moment:%M}\u00a0min\u00a0{moment:%S}\u00a0s", en=f"{moment:%H:%M:%S}")


def other_day(local: datetime, departs_on: date) -> Words:
    """«samedi 28 novembre 2026 à », before an hour of another day than the departure's; nothing on the day itself."""
    if local.date() == departs_on:
        return Words(fr="", en="")
    return Words(fr=f"{french_date(local)} à ", en=f"{english_date(local)} at ")


def first_message(local: datetime, issue_id: str, *, departs_on: date) -> Words:
    """From when on the messages of a launched issue leave, and how to keep them back."""
    day, hour, stop = other_day(local, departs_on), exact_hour(local), f"`hebdo stop {issue_id}`"
    return Words(
        fr=f"Premier message {day.fr or 'à '}{hour.fr} ; pour retenir : {stop}",
        en=f"First message {f'on {day.en}' if day.en else 'at '}{hour.en}; to keep it back: {stop}",
    )


FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
FRENCH_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def french_date(moment: date) -> str:
    """«vendredi 27 novembre 2026»."""
    day = "1er" if moment.day == 1 else str(moment.day)
    return f"{FRENCH_DAYS[moment.weekday()]} {day}\u00a0{FRENCH_MONTHS[moment.month - 1]} {moment.year}"


def english_date(moment: date) -> str:
    """«Friday 27 November 2026»."""
    return f"{ENGLISH_DAYS[moment.weekday()]} {moment.day} {ENGLISH_MONTHS[moment.month - 1]} {moment.year}"


def moment_words(local: datetime, zone: str) -> Words:
    """A local moment with its zone, as it is confirmed; of an hour that comes twice it says which one."""
    turn = Words(fr="", en="") if turn_of(local) is None else turn_words(local)
    return Words(
        fr=f"{french_date(local)} à {french_hour(local)}{turn.fr and f', {turn.fr}'} ({zone})",
        en=f"{english_date(local)} at {local:%H:%M}{turn.en and f', {turn.en}'} ({zone})",
    )


def span_words(span: timedelta) -> Words:
    """«1 h 05», «3 min 20 s»."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return Words(
        fr=f"{hours}\u00a0h\u00a0{minutes:02d}" if hours else f"{minutes}\u00a0min {seconds:02d}\u00a0s",
        en=f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {seconds:02d} s",
    )


def turn_of(local: datetime) -> int | None:
    """0 for the first and 1 for the second time of an hour that comes twice; None for all others."""
    first, second = (local.replace(fold=turn).utcoffset() for turn in (0, 1))
    return None if first == second else local.fold


def turn_words(local: datetime) -> Words:
    """«heure d’été, UTC+2»: what tells the two turns of an hour apart."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    offset = f"UTC{'+' if minutes >= 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")
    if local.replace(fold=0).dst() == local.replace(fold=1).dst():
        return Words(fr=offset, en=offset)  # the zone itself changed, and no summer ended
    # Not by dst(): Ireland's law calls the winter the exception. An hour comes twice when clocks go back, so the first is summer's.
    summer = local.fold == 0
    return Words(
        fr=f"heure d’été, {offset}" if summer else f"heure d’hiver, {offset}",
        en=f"summer time, {offset}" if summer else f"winter time, {offset}",
    )


def _departure(due_at: datetime, zone: ZoneInfo) -> Departure:
    return Departure(due_at=due_at, local=due_at.astimezone(zone), zone=zone.key)


def _parse(at: str) -> datetime:
    found = LOCAL.fullmatch(at)
    try:
        if found is None:
            return datetime.fromisoformat(at.strip())
        if found[4] is None:
            _refuse(at)
        return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type] # noqa: DTZ001 - a wall time
    except (ValueError, OverflowError):
        _refuse(at)


def _refuse(at: str) -> NoReturn:
    raise UsageError(
        Words(fr=f"« {at} » n’est pas une date et une heure.", en=f"“{at}” is not a date and an hour."),
        where="--at",
        hint=Words(fr='Écrivez par exemple `--at "2026-11-27 07:00"`.', en='Write for example `--at "2026-11-27 07:00"`.'),
    )
