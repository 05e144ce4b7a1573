"""Hours as people type them, «jeudi 7h», «22/11/2026 15h58», «demain 7 h 00», «26 novembre 7h30» → the wall time that they mean."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from composer.deliver.schedule import ENGLISH_DAYS, ENGLISH_MONTHS, FRENCH_DAYS, FRENCH_MONTHS, english_date, french_date
from composer.errors import UsageError
from composer.words import Words


def _fold(text: str) -> str:
    """Small letters, no accents, single blanks, one kind of apostrophe."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(bare.casefold().replace("’", "'").split())


_HALF_YEAR = timedelta(days=183)
_DAYS = {name: number for names in (FRENCH_DAYS, ENGLISH_DAYS) for number, name in enumerate(map(_fold, names))}
_MONTHS = {name: number for names in (FRENCH_MONTHS, ENGLISH_MONTHS) for number, name in enumerate(map(_fold, names), start=1)}
_AWAY = {"aujourd'hui": 0, "today": 0, "demain": 1, "tomorrow": 1, "apres-demain": 2}
_TYPED = re.compile(
    rf"(?:le )?(?:(?:(?P<away>{'|'.join(_AWAY)})|(?P<weekday>{'|'.join(_DAYS)})(?: prochain| next)?)(?:,? |$))?(?:le )?"
    rf"(?:(?P<day>\d{{1,2}})(?:er)?(?:/(?P<number>\d{{1,2}})(?:/(?P<slashed>\d{{4}}))?| (?P<month>{'|'.join(_MONTHS)})(?: (?P<year>\d{{4}}))?)(?:,? |$))?"
    r"(?:(?:a|at|vers) )?(?P<hour>\d{1,2}) ?[:h] ?(?P<minute>\d{2})?"
)


def spell_out(typed: str, *, today: date) -> str:
    """``typed`` as «2026-11-26 07:00» where it is one of those forms, counted from ``today``; else as it came, for its reader to judge.

    A day without a year is the next one within half a year, else this year's. Raises UsageError for a weekday that is today's, or is not the date's.
    """
    found = _TYPED.fullmatch(_fold(typed))
    try:
        clock = time(int(found["hour"]), int(found["minute"] or 0)) if found else None
        day = _day(found, today) if found else None
    except ValueError:
        return typed
    return f"{datetime.combine(day, clock):%Y-%m-%d %H:%M}" if day and clock else typed


def _day(found: re.Match[str], today: date) -> date | None:
    weekday = None if found["weekday"] is None else _DAYS[found["weekday"]]
    if found["day"]:
        named = _named_day(found, today)
        if (weekday is not None and named.weekday() != weekday) or (
            found["away"] and named != today + timedelta(days=_AWAY[found["away"]])
        ):
            _refuse_other_day(named)
        return named
    if found["away"]:
        return today + timedelta(days=_AWAY[found["away"]])
    if weekday is None:
        return None
    if weekday == today.weekday():
        _refuse_same_day(today)
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _named_day(found: re.Match[str], today: date) -> date:
    month = int(found["number"]) if found["number"] else _MONTHS[found["month"]]
    year = found["slashed"] or found["year"]
    if year:
        return date(int(year), month, int(found["day"]))
    this = date(today.year, month, int(found["day"]))
    following = date(today.year + 1, month, int(found["day"])) if this < today else this
    return following if following - today <= _HALF_YEAR else this


def _refuse_same_day(today: date) -> None:
    later = today + timedelta(days=7)
    raise UsageError(
        Words(
            fr=f"Nous sommes {french_date(today)} : aujourd’hui, ou dans huit jours ?",
            en=f"Today is {english_date(today)}: today, or in a week?",
        ),
        where="--at",
        hint=Words(
            fr=f'Écrivez `--at "aujourd’hui 7h"` ou `--at "{later:%d/%m/%Y} 7h"`, avec votre heure.',
            en=f'Write `--at "today 7:00"` or `--at "{later} 07:00"`, with your hour.',
        ),
    )


def _refuse_other_day(named: date) -> None:
    raise UsageError(
        Words(fr=f"Ce jour-là est un autre : {french_date(named)}.", en=f"That day is another one: {english_date(named)}."),
        where="--at",
        hint=Words(fr=f'Écrivez la date seule : `--at "{named:%d/%m/%Y} 7h"`.', en=f'Write the date alone: `--at "{named} 07:00"`.'),
    )
