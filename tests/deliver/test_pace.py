"""How fast messages may leave: rates hold in any span, a domain that says «later» is left in peace, the others go on."""

from __future__ import annotations

import re
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.deliver.backoff import GIVE_UP, GIVE_UP_S, RECOVERED, STRIKES
from composer.deliver.families import FAMILIES, domain_of, family_of
from composer.deliver.pace import Pace
from composer.deliver.rates import Bucket, parse_rate
from composer.model.mailing import Outcome, Stage
from composer.model.pace import PaceSettings, Rate

LATER = Outcome(stage=Stage.RCPT, code=450, enhanced="4.7.1", reply="too many messages")
TAKEN = Outcome(stage=Stage.DONE, code=250)
HOUR_S = 3600.0

rates = st.builds(Rate, count=st.integers(1, 5000), per_s=st.sampled_from([1, 60, 3600]))


def free(**settings) -> Pace:
    return Pace(PaceSettings(**settings), connections=8, now_s=0.0)


# -- rates ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "count", "per_s"), [("20/s", 20, 1), (" 600 / min ", 600, 60), ("5000/h", 5000, 3600), ("3/heure", 3, 3600)]
)
def test_a_rate_is_read(written, count, per_s):
    assert parse_rate(written) == Rate(count=count, per_s=per_s)


@pytest.mark.parametrize("written", ["", "20", "20/", "/s", "0/s", "-1/s", "1.5/s", "20/jour", "20 s", "20/s/min", "99999999/s"])
def test_what_is_no_rate_is_refused(written):
    with pytest.raises(ValueError, match=f"^{re.escape(written)}$"):
        parse_rate(written)


@given(rates, st.lists(st.floats(0, 5), min_size=1, max_size=200))
def test_in_any_span_no_more_leave_than_the_rate_and_one_burst(rate, pauses):
    bucket, now_s, left = Bucket(rate, now_s=0.0), 0.0, []
    for pause_s in pauses:
        now_s += pause_s
        while bucket.next_at(now_s) == 0.0 and len(left) < 2000:
            bucket.take(now_s)
            left.append(now_s)
    for first in range(0, len(left), 7):
        for last in range(first, len(left), 11):
            assert last - first + 1 <= (left[last] - left[first]) / rate.each_s + rate.burst + 1e-6


@given(rates)
def test_who_waits_until_the_moment_that_was_named_may_leave(rate):
    bucket, now_s = Bucket(rate, now_s=1000.0), 1000.0
    for _ in range(50):
        now_s = bucket.next_at(now_s) or now_s
        assert bucket.next_at(now_s) == 0.0
        bucket.take(now_s)
    assert now_s - 1000.0 <= 50 * rate.each_s + 1e-6


@given(rates, st.integers(1, 20))
def test_a_process_that_starts_again_and_again_sends_no_faster_than_the_rate(rate, restarts):
    left, now_s = 0, 0.0
    for _ in range(restarts):
        bucket = Bucket(rate, now_s=now_s)
        now_s += rate.each_s * 1.5
        while bucket.next_at(now_s) == 0.0:
            bucket.take(now_s)
            left += 1
    assert left <= now_s / rate.each_s


# -- families -------------------------------------------------------------------------------------------------------------------------


def test_a_domain_stands_in_one_family_and_a_family_is_called_by_one_of_its_own():
    domains = [domain for family in FAMILIES.values() for domain in family]
    assert len(domains) == len(set(domains))
    assert all(name in members for name, members in FAMILIES.items())
    assert (family_of("wanadoo.fr"), family_of("exemple.fr"), domain_of("A.B@Wanadoo.FR")) == ("orange.fr", "exemple.fr", "wanadoo.fr")


def test_a_rate_of_a_domain_holds_for_its_family_and_for_nobody_else():
    pace = free(domains=(("wanadoo.fr", parse_rate("6/min")),))
    assert pace.next_at("exemple.fr", 1, 0.0) == 0.0
    assert pace.next_at("orange.fr", 1, 0.0) == pytest.approx(10.0)
    assert pace.next_at("orange.fr", 1, 10.0) == 0.0
    pace.took("orange.fr", 1, 10.0)
    assert pace.next_at("wanadoo.fr", 1, 10.0) == pytest.approx(20.0)
    assert pace.next_at("exemple.fr", 1, 10.0) == 0.0


def test_a_mailing_and_all_together_have_rates_of_their_own():
    pace = Pace(PaceSettings(mailing=parse_rate("1/s")), transport=parse_rate("60/min"), connections=4, now_s=0.0)
    assert pace.next_at("a.fr", 1, 0.0) == pytest.approx(1.0)
    pace.next_at("a.fr", 2, 0.0)
    pace.took("a.fr", 1, 1.0)
    assert pace.next_at("a.fr", 1, 1.0) == pace.next_at("a.fr", 2, 1.0) == pytest.approx(2.0)
    pace.forget(1)
    pace.forget(99)


# -- back-off -------------------------------------------------------------------------------------------------------------------------


def close(pace: Pace, domain: str, now_s: float, *, chance: float = 0.0) -> float:
    """«Later» until the domain closes; gives until when."""
    for _ in range(100):
        pace.took(domain, 1, now_s)
        if until_s := pace.ended(domain, LATER, now_s, chance=chance):
            return until_s
    raise AssertionError("it never closed")


def test_concurrency_halves_before_a_domain_is_closed():
    pace, now_s = free(), 100.0
    for expected in (4, 2, 1):
        for _ in range(STRIKES):
            assert pace.ended("a.fr", LATER, now_s) == 0.0
        sent = 0
        while not pace.next_at("a.fr", 1, now_s):
            pace.took("a.fr", 1, now_s)
            sent += 1
        assert sent == expected
        for _ in range(sent):
            pace.dropped("a.fr")
    assert [pace.ended("a.fr", LATER, now_s) for _ in range(STRIKES)][-1] == now_s + 300
    assert pace.next_at("a.fr", 1, now_s) == now_s + 300
    assert pace.next_at("b.fr", 1, now_s) == 0.0
    assert pace.closed(now_s) == (("a.fr", now_s + 300),)


def test_pauses_grow_as_written_and_one_delivery_tries_for_all():
    pace, now_s, pauses = free(), 0.0, []
    for _ in range(7):
        until_s = close(pace, "orange.fr", now_s)
        pauses.append((until_s - now_s) / 60)
        now_s = until_s
        assert pace.next_at("wanadoo.fr", 1, now_s) == 0.0
        pace.took("wanadoo.fr", 1, now_s)
        assert pace.next_at("orange.fr", 1, now_s) > now_s  # the others wait for its answer
        pace.dropped("orange.fr")
    assert pauses == [5, 15, 60, 120, 240, 480, 480]


@given(st.floats(-3, 3))
def test_a_pause_is_spread_by_a_fifth(chance):
    assert 240 <= close(free(), "a.fr", 0.0, chance=chance) <= 360


def test_try_again_in_is_honoured_at_the_third_later_and_not_before():
    pace = free()
    asked = Outcome(stage=Stage.RCPT, code=451, enhanced="4.7.1", reply="greylisted, try again in 90 seconds")
    assert [pace.ended("a.fr", asked, 10.0) for _ in range(STRIKES)] == [0.0, 0.0, 100.0]


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(stage=Stage.RCPT, code=452, enhanced="4.2.2", reply="mailbox full"),
        Outcome(stage=Stage.RCPT, code=450, enhanced="4.1.1", reply="unknown for now"),
        Outcome(stage=Stage.RCPT, code=550, enhanced="5.1.1"),
        Outcome(stage=Stage.CONNECT, code=421),
        Outcome(stage=Stage.DATA),
        Outcome(stage=Stage.AFTER_DOT),
    ],
)
def test_what_is_one_reader_s_or_the_relay_s_own_closes_no_domain(outcome):
    pace = free()
    assert {pace.ended("a.fr", outcome, 0.0) for _ in range(50)} == {0.0}
    assert pace.is_free


def test_one_that_is_taken_forgets_the_strikes():
    pace = free()
    for _ in range(50):
        pace.ended("a.fr", LATER, 0.0)
        pace.ended("a.fr", LATER, 0.0)
        pace.ended("a.fr", TAKEN, 0.0)
    assert pace.next_at("a.fr", 1, 0.0) == 0.0


def test_a_domain_that_takes_again_comes_back_step_by_step_and_is_forgotten():
    pace = free()
    now_s = close(pace, "a.fr", 0.0)
    for _ in range(RECOVERED * 3):
        assert not pace.is_free
        pace.took("a.fr", 1, now_s)
        pace.ended("a.fr", TAKEN, now_s)
    while not pace.is_free:
        pace.dropped("a.fr")
        pace.ended("a.fr", TAKEN, now_s)
        now_s += 1
        assert now_s < 10_000
    assert close(pace, "a.fr", now_s) == now_s + 300  # as if nothing had been


def test_after_48_hours_without_one_taken_its_deliveries_fail_as_they_are_tried():
    pace, now_s = free(), 0.0
    while (until_s := close(pace, "a.fr", now_s)) != GIVE_UP:
        now_s = until_s
    assert GIVE_UP_S <= now_s <= GIVE_UP_S * 1.25
    pace.ended("a.fr", TAKEN, now_s)
    assert pace.ended("a.fr", LATER, now_s) == 0.0


@given(st.lists(st.tuples(st.sampled_from(["took", "later", "taken", "dropped", "wait"]), st.floats(0, 4000)), max_size=120))
def test_a_wait_always_ends(steps):
    pace, now_s = free(domains=(("a.fr", parse_rate("10/min")),)), 0.0
    for step, span_s in steps:
        if step == "took":
            pace.took("a.fr", 1, now_s)
        elif step == "dropped":
            pace.dropped("a.fr")
        elif step == "wait":
            now_s += span_s
        else:
            pace.ended("a.fr", LATER if step == "later" else TAKEN, now_s)
        at_s = pace.next_at("a.fr", 1, now_s)
        assert at_s == 0.0 or now_s < at_s < now_s + 9.7 * HOUR_S


def test_those_who_cannot_be_kept_in_hand_come_back_one_after_the_other():
    pace = free(domains=(("orange.fr", parse_rate("10/min")),))
    places = [pace.queue("wanadoo.fr", 100.0) for _ in range(20)]
    assert all(later - before == pytest.approx(6.0) for before, later in pairwise(places))
    until_s = close(pace, "sfr.fr", 100.0)
    assert pace.queue("neuf.fr", 100.0) > until_s


def test_where_nothing_is_limited_nothing_is_allocated():
    pace = free()
    pace.next_at("a.fr", 1, 0.0)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(10_000):
        pace.next_at("a.fr", 1, 0.0)
        pace.took("a.fr", 1, 0.0)
        pace.ended("a.fr", TAKEN, 0.0)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 2000
