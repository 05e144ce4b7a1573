"""Several relays: shares by weight, failures that stay one relay's own, a hold only when all have refused."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.deliver.rates import parse_rate
from composer.deliver.relays import DOWN, REFUSED_S, STUCK_S, Relays, Verdict, relays_of, transport_place
from composer.model.mailing import Outcome, Stage
from composer.model.newsletter import TransportSettings
from composer.model.pace import Relay

A, B, C = (Relay(name=name, host=f"{name}.exemple.fr", weight=weight) for name, weight in (("a", 5), ("b", 1), ("c", 1)))
GONE = Outcome(stage=Stage.CONNECT, reply="connection refused")
BUSY = Outcome(stage=Stage.MAIL, code=421, reply="try again in 90 seconds")
NEVER = Outcome(stage=Stage.CONNECT, code=535, enhanced="5.7.8", reply="bad password")
TAKEN = Outcome(stage=Stage.DONE, code=250)


def pick(relays, now_s):
    """A choice, and the message has ended."""
    chosen = relays.choose(now_s)
    if chosen is not None:
        relays.dropped(chosen)
    return chosen


def test_shares_are_by_weight_and_well_mixed():
    relays = Relays((A, B, C), now_s=0.0)
    assert "".join(pick(relays, 0.0).name for _ in range(14)) == "aabacaa" * 2


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_after_each_round_every_relay_has_its_exact_share(weights):
    relays = Relays([Relay(name=str(n), host="h", weight=weight) for n, weight in enumerate(weights)], now_s=0.0)
    for _ in range(3):
        told = Counter(int(pick(relays, 0.0).name) for _ in range(sum(weights)))
        assert [told[n] for n in range(len(weights))] == weights


def test_one_that_fails_rests_and_the_others_carry_on():
    relays = Relays((A, B), now_s=0.0)
    assert relays.ended(A, GONE, 0.0) is Verdict.ELSEWHERE
    assert {pick(relays, 10.0).name for _ in range(20)} == {"b"}
    assert relays.next_at(10.0) == 0.0
    assert {pick(relays, 29.9).name for _ in range(20)} == {"b"}
    assert {pick(relays, 30.0).name for _ in range(20)} == {"a", "b"}


def test_rests_grow_and_end_with_one_that_is_taken():
    relays, now_s, rests = Relays((A,), now_s=0.0), 0.0, []
    for _ in range(7):
        relays.ended(A, GONE, now_s)
        rests.append(relays.next_at(now_s) - now_s)
        now_s += rests[-1]
    assert rests == [30, 60, 120, 240, 480, 900, 900]
    assert relays.ended(A, TAKEN, now_s) is Verdict.FINE
    assert relays.next_at(now_s) == 0.0


def test_messages_that_fail_together_count_once():
    relays = Relays((A,), now_s=0.0)
    for _ in range(8):
        relays.ended(A, GONE, 0.0)
    assert relays.next_at(0.0) == 30.0


def test_what_a_relay_asks_for_is_honoured():
    relays = Relays((A,), now_s=0.0)
    relays.ended(A, BUSY, 0.0)
    assert relays.next_at(0.0) == 90.0


def test_all_down_the_mailing_waits_for_the_first_that_is_back():
    relays = Relays((A, B), now_s=0.0)
    relays.ended(A, GONE, 0.0)
    assert relays.ended(B, GONE, 5.0) is Verdict.WAIT
    assert pick(relays, 5.0) is None
    assert relays.next_at(5.0) == 30.0


def test_one_wrong_password_holds_nothing_until_all_have_refused():
    relays = Relays((A, B), now_s=0.0)
    assert relays.ended(A, NEVER, 0.0) is Verdict.ELSEWHERE
    assert {pick(relays, REFUSED_S - 1).name for _ in range(20)} == {"b"}
    assert relays.ended(B, GONE, 0.0) is Verdict.WAIT
    assert relays.ended(B, NEVER, 31.0) is Verdict.HOLD
    relays.forgive()
    assert pick(relays, 31.0) is A


def test_a_single_relay_does_what_it_always_did():
    assert Relays((A,), now_s=0.0).ended(A, GONE, 0.0) is Verdict.WAIT
    assert Relays((A,), now_s=0.0).ended(A, NEVER, 0.0) is Verdict.HOLD


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.DATA, Stage.DOT, Stage.DONE])
def test_what_is_said_of_a_message_is_not_the_relay_s_fault(stage):
    relays = Relays((A,), now_s=0.0)
    assert relays.ended(A, Outcome(stage=stage, code=550), 0.0) is Verdict.FINE
    assert relays.next_at(0.0) == 0.0


def test_each_keeps_its_own_rate_and_the_others_take_what_it_may_not():
    slow = Relay(name="slow", host="s", weight=9, rate=parse_rate("6/min"))
    relays = Relays((slow, B), now_s=0.0)
    names = Counter(pick(relays, t / 10).name for t in range(600))
    assert names["slow"] == 5
    assert Relays((slow,), now_s=0.0).next_at(0.0) == pytest.approx(10.0)
    assert (relays.each_s, Relays((slow,), now_s=0.0).each_s) == (0.0, 10.0)


def test_a_share_waits_for_a_busy_relay_but_not_for_one_that_says_nothing():
    heavy, light = Relay(name="heavy", host="h", weight=9, connections=2), Relay(name="light", host="l")
    relays = Relays((heavy, light), now_s=0.0)
    assert [relays.choose(0.0) for _ in range(3)] == [heavy, heavy, None]
    assert relays.choose(0.0, beside=heavy) is heavy  # on the connection of the one before
    assert relays.choose(STUCK_S + 0.1) is light
    relays.ended(heavy, TAKEN, STUCK_S + 0.2)
    relays.dropped(heavy)
    assert relays.choose(STUCK_S + 0.3) is heavy


def test_one_that_finds_us_too_many_gets_fewer_connections_and_no_rest():
    relays, many = Relays((A,), now_s=0.0), Outcome(stage=Stage.CONNECT, code=421, reply="too many connections")
    for _ in range(3):
        relays.choose(0.0)
    assert relays.ended(A, many, 0.0) is Verdict.ELSEWHERE
    assert relays.next_at(0.0) == 0.0
    assert [relays.choose(0.0) for _ in range(2)] == [None, None]  # two of four, and two are on the wire
    for _ in range(100):
        relays.ended(A, TAKEN, 0.0)
    assert [relays.choose(0.0) for _ in range(5)] == [A, A, A, A, None]


def test_the_desk_hears_once_that_one_is_down_and_once_that_it_is_up():
    relays, told = Relays((A, B), now_s=0.0), []
    for n in range(DOWN + 2):
        relays.ended(A, GONE, n * 1000.0)
        told.append(relays.news(A))
    relays.ended(A, TAKEN, 9000.0)
    assert [*told, relays.news(A), relays.news(A)] == [*[""] * (DOWN - 1), "down", "", "", "up", ""]
    relays.ended(B, NEVER, 0.0)
    assert relays.news(B) == "down"


def test_without_relays_the_transport_is_the_one():
    (one,) = relays_of(TransportSettings(kind="smtp", host="mail.exemple.fr", port=587, password="p", connections=7))
    assert (one.name, one.port, one.password, Relays((one,), now_s=0.0).connections) == ("mail.exemple.fr", 587, "p", 7)
    assert relays_of(TransportSettings(kind="smtp", relays=(A, B))) == (A, B)


def test_two_of_one_name_or_none_are_no_choice():
    for wrong in ((), (A, A)):
        with pytest.raises(ValueError, match="names"):
            Relays(wrong, now_s=0.0)


@given(st.lists(st.tuples(st.sampled_from([GONE, BUSY, NEVER, TAKEN]), st.sampled_from([A, B, C]), st.floats(0, 4000)), max_size=60))
def test_there_is_always_a_relay_or_a_moment_when_there_is_one(steps):
    relays, now_s = Relays((A, B, C), now_s=0.0), 0.0
    for outcome, relay, span_s in steps:
        verdict = relays.ended(relay, outcome, now_s)
        assert (verdict is Verdict.FINE) is (outcome is TAKEN)
        now_s += span_s
        at_s = relays.next_at(now_s)
        assert (pick(relays, now_s) is None) is (at_s > 0)
        assert at_s == 0.0 or now_s < at_s


def test_the_place_of_a_way_out_names_every_relay() -> None:
    assert transport_place(TransportSettings(kind="smtp", relays=(A, B))) == f"{A.host}:{A.port}, {B.host}:{B.port}"
    assert transport_place(TransportSettings(kind="smtp", host="mail.exemple.fr", port=587)) == "mail.exemple.fr:587"
    assert transport_place(TransportSettings()) == "var/outbox"
