"""An hour typed as French people type it is the wall time that they mean, or is refused with what to type instead."""

from __future__ import annotations

from datetime import date

import pytest

from composer.deliver.typed_hours import spell_out
from composer.errors import UsageError

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("22/11/2026 15h58", "2026-11-22 15:58"),
        ("26/11 7h", "2026-11-26 07:00"),
        ("jeudi 7h", "2026-11-26 07:00"),
        ("jeudi 7\u00a0h\u00a000", "2026-11-26 07:00"),
        ("jeudi 7 h 00", "2026-11-26 07:00"),
        ("Jeudi à 7h", "2026-11-26 07:00"),
        ("demain 7h", "2026-11-23 07:00"),
        ("après-demain 7:30", "2026-11-24 07:30"),
        ("aujourd’hui 18h", "2026-11-22 18:00"),
        ("26 novembre 7h30", "2026-11-26 07:30"),
        ("le jeudi 26 novembre 2026 à 7 h 00", "2026-11-26 07:00"),
        ("1er décembre 7h", "2026-12-01 07:00"),
        ("5 janvier 7h", "2027-01-05 07:00"),
        ("21 novembre 7h", "2026-11-21 07:00"),  # yesterday: past, and refused as such by who schedules
        ("tomorrow at 7:00", "2026-11-23 07:00"),
        ("Thursday 7:00", "2026-11-26 07:00"),
    ],
)
def test_an_hour_as_people_type_it_is_the_one_they_mean(typed, meant):
    assert spell_out(typed, today=SUNDAY) == meant


@pytest.mark.parametrize(
    "typed", ["2026-11-27 07:00", "2026-11-27T07:00+01:00", "7h", "jeudi", "jeudi 25h", "31/02/2026 7h", "29 février 7h", "", "bientôt", "11/22/2026 7h", "jeudi 7"]
)  # fmt: skip
def test_everything_else_is_left_to_the_reader_of_hours(typed):
    assert spell_out(typed, today=SUNDAY) == typed


@pytest.mark.parametrize("typed", ["dimanche 18h", "mercredi 26 novembre 7h", "demain 26 novembre 7h"])
def test_a_day_that_may_be_another_one_is_refused_with_what_to_type(typed):
    with pytest.raises(UsageError) as refused:
        spell_out(typed, today=SUNDAY)
    assert refused.value.hint
    assert spell_out(refused.value.hint.fr.split('"')[1], today=SUNDAY).startswith("2026-11-2")
