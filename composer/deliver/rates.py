"""Rates as words, and the token bucket that keeps one. Seconds are those of a clock that only goes on; it is given."""

from __future__ import annotations

import re

from composer.model.pace import Rate

_RATE = re.compile(r"\s*(\d{1,7})\s*/\s*(s|sec|seconde?|second|min|minute|h|heure|hour)\s*", re.IGNORECASE)
_UNIT_S = {"s": 1, "m": 60, "h": 3600}


def parse_rate(written: str) -> Rate:
    """«20/s», «600/min», «5000/h» as a rate; raises ValueError for anything else, and for none at all."""
    found = _RATE.fullmatch(written)
    if found is None or not int(found[1]):
        raise ValueError(written)
    return Rate(count=int(found[1]), per_s=_UNIT_S[found[2][0].lower()])


class Bucket:
    """Tokens of one rate, as the generic cell rate algorithm keeps them (ITU-T I.371, annex A): one number, no timer.

    In any span of W seconds at most W × rate + burst leave. A bucket begins empty, its first token comes after ``each_s``:
    so a process that is started again and again never sends faster than the rate.
    """

    __slots__ = ("_due_s", "_each_s", "_slack_s")

    def __init__(self, rate: Rate, *, now_s: float) -> None:
        self._each_s = rate.each_s
        self._slack_s = rate.each_s * (rate.burst - 1)
        self._due_s = now_s + rate.each_s + self._slack_s  # when the next one would leave if all kept an even distance

    def next_at(self, now_s: float) -> float:
        """0.0 when one may leave now, else when."""
        at_s = self._due_s - self._slack_s
        return 0.0 if at_s <= now_s else at_s

    def take(self, now_s: float) -> None:
        """One leaves now, also before its time: then the next ones wait the longer."""
        self._due_s = (max(now_s, self._due_s)) + self._each_s
