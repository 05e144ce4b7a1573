"""States of deliveries in words: one is one, many are many, and every state has its word."""

from __future__ import annotations

from composer.model.mailing import DeliveryState
from composer.words import Words
from composer.workflow.counts import STATES, count_words, state_words


def test_every_state_has_its_place_on_the_board() -> None:
    assert sorted(STATES) == sorted(DeliveryState)


def test_one_delivery_is_not_told_in_the_plural() -> None:
    counts = [(DeliveryState.SUBMITTED, 4213), (DeliveryState.UNCERTAIN, 1), (DeliveryState.FAILED, 0)]
    assert count_words(counts) == Words(fr="4\u202f213 remises, 1 incertaine", en="4,213 submitted, 1 uncertain")
    assert [state_words(DeliveryState.CANCELLED, count).fr for count in (0, 1, 2)] == ["annulée", "annulée", "annulées"]


def test_of_nobody_there_is_nothing_to_tell() -> None:
    assert count_words([(state, 0) for state in DeliveryState]) is None
