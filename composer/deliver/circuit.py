"""The circuit: ten identical refusals in a row, over three domains or more, are the relay's doing and must not empty a list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from composer.model.mailing import Outcome

LIMIT = 10
DOMAINS = 3
MOST = 200  # of a row that are remembered

_OWN = re.compile(r"<[^>]*>|\S+@\S+|\b[\w-]*\d[\w-]*\b")  # addresses and whatever bears a digit: ids, hours, hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One delivery that failed for good."""

    delivery_id: int
    domain: str
    words: str  # code and reply, without what differs from one reader to the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """The refusals in a row that say the same; a value, handed on from outcome to outcome."""

    refusals: tuple[Refusal, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether to hold the mailing, and to take the blame off ``delivery_ids``."""
        return len(self.refusals) >= LIMIT and len({refusal.domain for refusal in self.refusals}) >= DOMAINS

    @property
    def delivery_ids(self) -> tuple[int, ...]:
        """The deliveries of the row."""
        return tuple(refusal.delivery_id for refusal in self.refusals)

    def after(self, outcome: Outcome, *, delivery_id: int, email: str) -> Circuit:
        """The circuit when this outcome has come in: a 5xx that says the same lengthens the row, anything else begins anew."""
        if outcome.code // 100 != 5:
            return Circuit()
        refusal = Refusal(delivery_id=delivery_id, domain=email.rpartition("@")[2].lower(), words=same_words(outcome))
        if self.refusals and self.refusals[-1].words != refusal.words:
            return Circuit(refusals=(refusal,))
        return Circuit(refusals=(*self.refusals[-MOST:], refusal))


def same_words(outcome: Outcome) -> str:
    """The reply without the parts that differ from one reader to the next."""
    return " ".join(f"{outcome.code} {outcome.enhanced} {_OWN.sub('', outcome.reply)}".lower().split())
