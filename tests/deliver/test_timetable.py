"""When each reader's message may leave: slices, zones, hours, ramp, jitter; over every zone with a transition 2026–2030."""

from __future__ import annotations

import re
import sys
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.deliver.hours import fit, is_open, parse_hours
from composer.deliver.schedule import first_valid
from composer.deliver.slices import parse_slice, slice_size, spread
from composer.deliver.timetable import Frame, departures, first_departure, jitter_s, make_timetable
from composer.model.pace import Census, FirstSlice, Hours, PaceSettings, Plan

sys.path.insert(0, str(Path(__file__).parent))
from plain_timetable import instant_of, place_of

PARIS = ZoneInfo("Europe/Paris")
WALL = datetime.fromisoformat("2026-11-27T07:00")
SEVEN = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)  # 7:00 in Paris
ZONES = sorted(available_timezones())
DIGEST = "b5d4045c3f466fa91fe2cc6abe79232a1a57cdf104f7a26e716e0a1e2789df78"


def moved(zone: ZoneInfo) -> list[datetime]:
    """The days around which the clocks of a zone change, 2026–2030."""
    days, day = [], datetime(2026, 1, 1, tzinfo=UTC)
    while day.year < 2031:
        later = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            days.append(day)
        day = later
    return days


def frame(**more) -> Frame:
    return Frame(**{"starts_at": SEVEN, "zone": PARIS, "seed": DIGEST, **more})


def told(plan: Plan, census: Census, where: Frame) -> list[tuple[str, int]]:
    table = make_timetable(plan, census, where)
    return [(f"{moment.astimezone(PARIS):%d %H:%M}", readers) for moment, readers in departures(table, census)]


# -- sending hours --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "opens", "closes"),
    [
        ("07:00-21:00", time(7), time(21)),
        ("7h-21h30", time(7), time(21, 30)),
        ("22:00 – 6:00", time(22), time(6)),
        ("8:00-24:00", time(8), time(0)),
    ],
)
def test_hours_are_read(written, opens, closes):
    assert parse_hours(written) == Hours(opens=opens, closes=closes)


@pytest.mark.parametrize("written", ["", "7", "07:00", "07:00-07:00", "25:00-26:00", "7-21", "08:00-24:30"])
def test_what_is_no_span_of_hours_is_refused(written):
    with pytest.raises(ValueError, match=f"^{written}$"):
        parse_hours(written)


def test_a_retry_that_falls_at_night_waits_for_the_morning():
    hours = parse_hours("07:00-21:00")
    assert fit(datetime(2026, 11, 26, 22, 30, tzinfo=UTC), hours, PARIS) == SEVEN
    assert fit(datetime(2026, 11, 27, 5, 59, 59, tzinfo=UTC), hours, PARIS) == SEVEN
    assert fit(SEVEN, hours, PARIS) == SEVEN
    assert fit(SEVEN, None, PARIS) == SEVEN


def test_in_every_zone_and_at_every_change_of_clocks_what_leaves_leaves_in_the_hours_and_waits_a_day_at_most():
    spans = [parse_hours(span) for span in ("07:00-21:00", "22:00-06:00", "02:30-03:30", "00:00-00:30")]
    for name in ZONES[::7]:
        zone = ZoneInfo(name)
        for day in moved(zone)[::3]:
            for hour in range(-6, 30, 3):
                moment = day + timedelta(hours=hour, minutes=17)
                for hours in spans:
                    at = fit(moment, hours, zone)
                    assert at >= moment
                    assert at - moment <= timedelta(hours=50)
                    assert is_open(at, hours, zone)


# -- jitter ---------------------------------------------------------------------------------------------------------------------------


def test_a_full_hour_is_kept_off_by_seconds_to_minutes_and_never_before_it():
    at_seven = WALL
    drawn = {jitter_s(at_seven, f"{n * 7919:064x}"[::-1], most_min=3) for n in range(500)}
    assert min(drawn) >= 20
    assert max(drawn) <= 180
    assert len(drawn) > 100
    assert jitter_s(at_seven, DIGEST, most_min=3) == jitter_s(at_seven, DIGEST, most_min=3)


@pytest.mark.parametrize(("clock", "most_min"), [("07:02", 3), ("07:00", 0), ("07:14", 3)])
def test_who_chose_another_minute_or_wants_no_jitter_leaves_to_the_second(clock, most_min):
    assert jitter_s(datetime.combine(date(2026, 11, 27), time.fromisoformat(clock)), DIGEST, most_min=most_min) == 0


# -- first slice ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("1%", FirstSlice(percent=1)),
        ("0,5 %", FirstSlice(percent=0.5)),
        ("200", FirstSlice(count=200)),
        ("A@x.fr, b@x.fr", FirstSlice(keys=("a@x.fr", "b@x.fr"))),
    ],
)
def test_a_slice_is_read_and_written_back(written, first):
    assert parse_slice(written) == first
    assert parse_slice(str(first)) == first


@pytest.mark.parametrize("written", ["", "0", "0%", "100%", "150%", "-1", "un peu", "a@x.fr, rien"])
def test_nobody_and_everybody_are_no_slice(written):
    with pytest.raises(ValueError, match=re.escape(written) or "^$"):
        parse_slice(written)


@given(st.integers(1, 3000), st.integers(1, 99), st.text("0123456789abcdef", min_size=12, max_size=64))
def test_a_slice_has_its_size_to_the_reader_and_is_spread_over_old_and_new(audience, percent, seed):
    first = FirstSlice(percent=percent)
    step, start = spread(audience, seed)
    places = [(rank * step + start) % audience for rank in range(audience)]
    assert sorted(places) == list(range(audience))
    size = slice_size(first, audience)
    assert size == min(-(-audience * percent // 100), audience - 1)
    half = sum(place < size for place in places[: audience // 2])
    assert abs(half - size / 2) <= max(3, size * 0.2)


def test_the_first_slice_leaves_at_the_hour_and_the_rest_after_the_pause():
    plan = Plan(first=parse_slice("1%"), pause_min=30)
    starts_at = SEVEN + timedelta(minutes=2)
    assert told(plan, Census(audience=12_000), frame(starts_at=starts_at)) == [("27 07:02", 120), ("27 07:32", 11_880)]


def test_named_readers_are_the_slice_and_everybody_else_the_rest():
    plan = Plan(first=parse_slice("camille@exemple.fr"), pause_min=30)
    table = make_timetable(plan, Census(audience=500), frame())
    instants = Counter(instant_of(rank, "camille@exemple.fr" if rank == 33 else f"{rank}@x.fr", "", table) for rank in range(500))
    assert instants == {SEVEN: 1, SEVEN + timedelta(minutes=30): 499}


def test_a_rest_that_would_leave_at_night_waits_for_the_morning():
    plan = Plan(first=parse_slice("10"), pause_min=30)
    late = SEVEN + timedelta(hours=13, minutes=45)
    assert told(plan, Census(audience=50), frame(starts_at=late, hours=parse_hours("07:00-21:00"))) == [("27 20:45", 10), ("28 07:00", 40)]


# -- warm-up --------------------------------------------------------------------------------------------------------------------------

RAMP = PaceSettings(warm_up=(200, 400, 800), warm_up_from=date(2026, 11, 27))


def test_a_warm_up_takes_as_many_days_as_its_ceilings_want():
    assert told(Plan(), Census(audience=2000), frame(pace=RAMP)) == [
        ("27 07:00", 200),
        ("28 07:00", 400),
        ("29 07:00", 800),
        ("30 07:00", 600),
    ]
    assert told(Plan(), Census(audience=150), frame(pace=RAMP)) == [("27 07:00", 150)]
    later = SEVEN + timedelta(days=2)
    assert told(Plan(), Census(audience=2000), frame(pace=RAMP, starts_at=later)) == [("29 07:00", 800), ("30 07:00", 1200)]
    assert len(told(Plan(), Census(audience=2000), frame(pace=RAMP, starts_at=SEVEN + timedelta(days=9)))) == 1


def test_a_first_slice_is_of_the_first_day():
    plan = Plan(first=parse_slice("50"), pause_min=30)
    assert told(plan, Census(audience=700), frame(pace=RAMP)) == [("27 07:00", 50), ("27 07:30", 150), ("28 07:00", 400), ("29 07:00", 100)]


# -- each reader's own hour -----------------------------------------------------------------------------------------------------------


def test_each_reader_s_wall_shows_the_hour_and_strangers_have_the_newsletter_s():
    plan = Plan(wall=WALL, zone_field="fuseau")
    zones = ("Pacific/Noumea", "America/Montreal", "", "n’importe quoi", "Europe/Brussels")
    census = Census(audience=50, zones=tuple((zone, 10) for zone in zones))
    begins = first_departure(plan, zones, frame(starts_at=SEVEN - timedelta(days=2)))
    assert begins == datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
    assert told(plan, census, frame(starts_at=begins)) == [("26 21:00", 10), ("27 07:00", 30), ("27 13:00", 10)]


def test_whose_hour_has_gone_by_gets_it_at_once():
    plan = Plan(wall=WALL, zone_field="fuseau")
    census = Census(audience=20, zones=(("Pacific/Noumea", 10), ("", 10)))
    assert told(plan, census, frame(starts_at=SEVEN)) == [("27 07:00", 20)]


def test_the_world_has_few_waves_and_every_reader_is_in_the_right_one():
    for day in (date(2026, 11, 27), date(2027, 7, 2), date(2028, 3, 26), date(2029, 10, 28), date(2030, 3, 31)):
        plan = Plan(wall=datetime.combine(day, time(7)), zone_field="fuseau")
        census = Census(audience=len(ZONES), zones=tuple((zone, 1) for zone in ZONES))
        begins = first_departure(plan, tuple(ZONES), frame(starts_at=datetime.combine(day, time(0), tzinfo=UTC) - timedelta(days=3)))
        table = make_timetable(plan, census, frame(starts_at=begins))
        assert len(table.slots[0].at) <= 40
        for rank, zone in enumerate(ZONES):
            local = instant_of(rank, "", zone, table).astimezone(ZoneInfo(zone))
            assert (local.date(), local.time()) == (day, time(7))


def test_at_every_change_of_clocks_a_wall_time_is_shown_or_the_next_one_is():
    for name in ZONES[::5]:
        zone = ZoneInfo(name)
        for day in moved(zone)[::2]:
            for clock in (time(0, 30), time(2, 30), time(7)):
                wall = datetime.combine(day.astimezone(zone).date(), clock)
                table = make_timetable(
                    Plan(wall=wall, zone_field="f"), Census(audience=1, zones=((name, 1),)), frame(starts_at=day - timedelta(days=2))
                )
                assert instant_of(0, "", name, table) == first_valid(wall, zone)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 400),
    st.sampled_from([None, "1%", "30%", "7"]),
    st.booleans(),
    st.sampled_from([None, "07:00-21:00", "22:00-02:00"]),
    st.sampled_from([(), (5,), (10, 20, 40)]),
)
def test_everybody_has_one_moment_and_the_counts_add_up(audience, first, local, hours, ramp):
    plan = Plan(
        first=parse_slice(first) if first else None,
        pause_min=30 if first else 0,
        wall=WALL if local else None,
        zone_field="f" if local else "",
    )
    names = ("", "Asia/Tokyo", "America/Montreal")
    zones = tuple((name, len(range(number, audience, 3))) for number, name in enumerate(names)) if local else ()
    census = Census(audience=audience, zones=zones)
    opened = parse_hours(hours) if hours else None
    where = frame(hours=opened, pace=PaceSettings(warm_up=ramp, warm_up_from=date(2026, 11, 27)))
    table = make_timetable(plan, census, where)
    assert sum(readers for _, readers in departures(table, census)) == audience
    instants = [instant_of(rank, "", names[rank % 3] if local else "", table) for rank in range(audience)]
    assert min(instants) >= SEVEN
    assert all(opened is None or is_open(instant, opened, PARIS) for instant in instants)
    assert sorted(place_of(rank, table) for rank in range(audience)) == list(range(audience))
    if not local:
        assert dict(Counter(instants)) == dict(departures(table, census))
