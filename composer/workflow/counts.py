"""Deliveries counted by state, in words: «12 remises, 1 incertaine»."""

from __future__ import annotations

from collections.abc import Iterable

from composer.model.mailing import DeliveryState
from composer.words import Words, counted

_WORDS = {
    DeliveryState.SUBMITTED: ("remise", "remises"),
    DeliveryState.SUBMITTING: ("en cours", "en cours"),
    DeliveryState.PENDING: ("en file", "en file"),
    DeliveryState.DEFERRED: ("différée", "différées"),
    DeliveryState.FAILED: ("refusée", "refusées"),
    DeliveryState.UNCERTAIN: ("incertaine", "incertaines"),
    DeliveryState.SUPPRESSED: ("exclue", "exclues"),
    DeliveryState.CANCELLED: ("annulée", "annulées"),
}
STATES = tuple(_WORDS)  # in the order in which a board shows them


def state_words(state: DeliveryState, count: int) -> Words:
    """The state of ``count`` deliveries, without the number; French counts zero as one."""
    return Words(fr=_WORDS[state][count > 1], en=state.value)


def count_words(counts: Iterable[tuple[DeliveryState, int]]) -> Words | None:
    """The states that have deliveries, each with its number; None when none has."""
    told = [counted(count, _WORDS[state], (state.value, state.value)) for state, count in counts if count]
    return Words(fr=", ".join(one.fr for one in told), en=", ".join(one.en for one in told)) if told else None
