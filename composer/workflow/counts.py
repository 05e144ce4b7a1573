"""Deliveries counted by state, in words: «12 remises, 1 incertaine»."""

from __future__ import annotations

from collections.abc import Iterable

from composer.model.mailing import DeliveryState, MailingFigures
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
NARROW = "\u202f"
_ADDS_UP = Words(fr="en tout, le compte y est", en="in all, it adds up")
_MISSING = Words(fr="en tout, le compte n’y est pas : écrivez-nous", en="in all, it does not add up: tell the makers of Hebdo")
STATES = tuple(_WORDS)  # in the order in which a board shows them


def state_words(state: DeliveryState, count: int) -> Words:
    """The state of ``count`` deliveries, without the number; French counts zero as one."""
    return Words(fr=_WORDS[state][count > 1], en=state.value)


def count_words(counts: Iterable[tuple[DeliveryState, int]]) -> Words | None:
    """The states that have deliveries, each with its number; None when none has."""
    told = [counted(count, _WORDS[state], (state.value, state.value)) for state, count in counts if count]
    return Words(fr=", ".join(one.fr for one in told), en=", ".join(one.en for one in told)) if told else None


def count_table(figures: MailingFigures) -> Words:
    """All eight states and their sum, one a line: the identity that always holds."""
    counts = dict(figures.counts)
    whole = sum(counts.values())
    sizes = {state: f"{counts[state]:,}" for state in STATES} | {None: f"{whole:,}"}
    width = max(map(len, sizes.values()))
    lines = [(sizes[state].rjust(width), state_words(state, counts[state])) for state in STATES]
    known = whole == (figures.mailing.audience or 0)
    lines.append((sizes[None].rjust(width), _ADDS_UP if known else _MISSING))
    french = "\n".join(f"{size.replace(',', NARROW)}  {name.fr}" for size, name in lines)
    return Words(fr=french, en="\n".join(f"{size}  {name.en}" for size, name in lines))
