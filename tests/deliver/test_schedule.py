"""Hours on the wall and the instants they mean, in every zone that changes its clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.deliver.guards import guard_audience
from composer.deliver.schedule import (
    exists,
    find_zone,
    first_valid,
    is_late,
    moment_words,
    next_slot,
    parse_clock,
    parse_departure,
    to_instant,
)
from composer.errors import ConfirmationNeeded, UsageError

PARIS = ZoneInfo("Europe/Paris")
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


@cache
def transitions() -> tuple[tuple[str, datetime, timedelta, timedelta], ...]:
    return tuple(found for name in sorted(available_timezones()) for found in changes_of(name))


def changes_of(name: str) -> Iterator[tuple[str, datetime, timedelta, timedelta]]:
    zone, step = ZoneInfo(name), timedelta(days=4)
    moment, offset = FIRST, FIRST.astimezone(zone).utcoffset()
    while moment < LAST:
        after = (moment + step).astimezone(zone).utcoffset()
        if after != offset:
            yield name, instant_of_change(zone, moment, moment + step), offset or timedelta(), after or timedelta()
        moment, offset = moment + step, after


def instant_of_change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high.replace(microsecond=0)


def test_the_zones_of_this_machine_change_their_clocks() -> None:
    assert len({name for name, *_ in transitions()}) > 150
    assert len(transitions()) > 1500


def test_in_every_gap_a_chosen_hour_is_refused_and_a_series_moves_to_the_end_of_the_gap() -> None:
    for name, at, before, after in transitions():
        if after < before:
            continue
        zone = ZoneInfo(name)
        start = (at + before).replace(tzinfo=None)  # the wall time that the gap begins with
        middle = start + (after - before) / 2
        assert not exists(middle, zone)
        assert first_valid(middle, zone) == at, (name, at)
        with pytest.raises(UsageError):
            to_instant(middle, zone)
        assert to_instant(start + (after - before), zone) == at


def test_in_every_fold_a_chosen_hour_is_asked_about_and_a_series_takes_the_first() -> None:
    for name, at, before, after in transitions():
        if after > before:
            continue
        zone = ZoneInfo(name)
        middle = (at + after).replace(tzinfo=None) + (before - after) / 2
        first, second = at - (before - after) / 2, at + (before - after) / 2
        with pytest.raises(ConfirmationNeeded):
            to_instant(middle, zone)
        assert to_instant(middle, zone, fold=0) == first
        assert to_instant(middle, zone, fold=1) == second
        assert first_valid(middle, zone) == first


def test_in_every_fold_the_two_turns_are_told_apart_in_words_and_all_other_hours_are_told_plainly() -> None:
    for name, at, before, after in transitions():
        if after > before:
            continue
        zone, half = ZoneInfo(name), (before - after) / 2
        first, second, plain = (moment_words(moment.astimezone(zone), name) for moment in (at - half, at + half, at + timedelta(hours=9)))
        assert first.fr != second.fr, (name, at)
        assert first.en != second.en
        assert "UTC" in first.fr
        assert ", " not in plain.fr


@pytest.mark.parametrize(
    ("name", "at", "fold", "said"),
    [
        ("Europe/Paris", "2027-10-31 02:30", 0, "heure d’été, UTC+2"),
        ("Europe/Paris", "2027-10-31 02:30", 1, "heure d’hiver, UTC+1"),
        ("Europe/Dublin", "2027-10-31 01:30", 0, "heure d’été, UTC+1"),  # where the law calls winter the exception
        ("America/New_York", "2027-11-07 01:30", 1, "heure d’hiver, UTC−5"),
        ("Australia/Lord_Howe", "2027-04-04 01:45", 1, "heure d’hiver, UTC+10:30"),
    ],
)
def test_the_hour_that_comes_twice_is_confirmed_with_its_turn(name: str, at: str, fold: int, said: str) -> None:
    departure = parse_departure(at, zone=ZoneInfo(name), fold=fold)
    assert f", {said} ({name})" in moment_words(departure.local, departure.zone).fr
    with pytest.raises(ConfirmationNeeded) as asked:
        parse_departure(at, zone=ZoneInfo(name))
    assert said in asked.value.message.fr


def test_around_every_change_there_is_one_slot_per_local_week() -> None:
    for name, at, before, _after in transitions():
        zone = ZoneInfo(name)
        wall = (at + before).replace(tzinfo=None)
        for minutes in (-1, 0, 30, 59):
            local = wall + timedelta(minutes=minutes)
            moment = at - timedelta(days=10)
            dates = []
            for _ in range(3):
                moment, day = next_slot(moment, weekday=local.isoweekday(), clock=local.time(), zone=zone)
                dates.append(day)
            assert dates == [dates[0], dates[0] + timedelta(days=7), dates[0] + timedelta(days=14)], (name, at, minutes)
            assert dates[0].isoweekday() == local.isoweekday()


@given(
    st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(UTC)),
    st.integers(1, 7),
    st.times(),
    st.sampled_from(["Europe/Paris", "America/Lima", "Australia/Lord_Howe"]),
)
def test_the_next_slot_is_always_later_and_at_most_eight_days_away(after: datetime, weekday: int, clock: time, name: str) -> None:
    instant, day = next_slot(after, weekday=weekday, clock=clock.replace(microsecond=0), zone=ZoneInfo(name))
    assert after < instant <= after + timedelta(days=8)
    assert day.isoweekday() == weekday


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-27 07:00", "2026-11-27T06:00:00+00:00"),
        ("2026-11-27T07:00", "2026-11-27T06:00:00+00:00"),
        ("2026-11-27 7h", "2026-11-27T06:00:00+00:00"),
        ("2026-11-27 7 h 30", "2026-11-27T06:30:00+00:00"),
        ("2026-11-27 07:00:05", "2026-11-27T06:00:05+00:00"),
        ("2026-07-14T07:00+00:00", "2026-07-14T07:00:00+00:00"),
        ("2026-07-14T07:00Z", "2026-07-14T07:00:00+00:00"),
        ("  2026-07-14   07:00  ", "2026-07-14T05:00:00+00:00"),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, instant: str) -> None:
    assert parse_departure(written, zone=PARIS).due_at == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "demain",
        "2026-11-27",
        "2026-13-01 07:00",
        "2026-02-30 07:00",
        "2026-11-27 25:00",
        "07:00",
        "9999-12-31 23:59",
        "0001-01-01 00:00",
        "\x00",
    ],
)
def test_what_is_no_hour_is_refused(written: str) -> None:
    with pytest.raises(UsageError):
        parse_departure(written, zone=PARIS)


@given(st.text(max_size=30))
def test_any_text_is_an_hour_or_a_clear_refusal(written: str) -> None:
    try:
        assert parse_departure(written, zone=PARIS).due_at.tzinfo is UTC
    except (UsageError, ConfirmationNeeded):
        return


@pytest.mark.parametrize("name", ["Europe/Lyon", "", "../etc/passwd", "/etc/passwd", "Europe", "Europe/", "europe paris", "\x00", "é"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        find_zone(name)


def test_the_missing_hour_of_the_design_is_told_with_its_neighbours() -> None:
    with pytest.raises(UsageError) as refused:
        parse_departure("2027-03-28 02:30", zone=PARIS)
    assert "1\u00a0h\u00a059 ou 3\u00a0h\u00a000" in refused.value.message.fr
    assert refused.value.hint
    assert refused.value.hint.fr == '--at "2027-03-28 03:00"'


def test_the_clock_of_the_slot_is_read_as_people_write_it() -> None:
    assert [parse_clock(text) for text in ("07:00", "7h", "7 h 30", "19:05")] == [time(7), time(7), time(7, 30), time(19, 5)]
    for wrong in ("", "25:00", "sept heures"):
        with pytest.raises(UsageError):
            parse_clock(wrong)


def test_late_means_more_than_the_delay() -> None:
    due = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
    assert not is_late(due, due + timedelta(hours=2), max_delay_min=120)
    assert is_late(due, due + timedelta(hours=2, seconds=1), max_delay_min=120)
    assert not is_late(due, due - timedelta(days=1), max_delay_min=120)


@pytest.mark.parametrize(
    ("audience", "confirmed", "allowed", "last", "held"),
    [
        (0, None, None, None, True),
        (0, 0, (0, 10), None, True),
        (100, 100, None, None, False),
        (80, 100, None, None, False),
        (79, 100, None, None, True),
        (121, 100, None, None, True),
        (121, 100, (100, 200), None, False),
        (99, 99, (100, 200), None, True),
        (50, None, None, 100, True),
        (50, 50, None, 100, False),
        (50, None, None, None, False),
    ],
)
def test_an_audience_off_the_confirmed_figure_is_held(
    audience: int, confirmed: int | None, allowed: tuple[int, int] | None, last: int | None, held: bool
) -> None:
    found = guard_audience(audience, confirmed=confirmed, allowed=allowed, last=last, drift=0.20)
    assert (found is not None) is held


def test_dates_are_dates() -> None:
    assert next_slot(datetime(2026, 11, 27, 5, 59, tzinfo=UTC), weekday=5, clock=time(7), zone=PARIS) == (
        datetime(2026, 11, 27, 6, 0, tzinfo=UTC),
        date(2026, 11, 27),
    )
