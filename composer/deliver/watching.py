"""When a watcher rings: an engine that gave no sign of life for too long, again and again, and once when it is back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AFTER_S = 300.0  # with a sign each minute, the alarm rings six minutes after the last one at most
AGAIN_S = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """What the desk is to be told now."""

    kind: Literal["silent", "heard"]
    silent_s: float  # for how long nothing was heard
    was_ever_heard: bool
    number: int = 1  # of this silence: 1 is the first


class Watcher:
    """Counts silence on a clock that only goes on; knows no network and no ledger. A watch that begins grants one whole silence."""

    def __init__(self, *, began_s: float, after_s: float = AFTER_S, again_s: float = AGAIN_S) -> None:
        self._after_s = after_s
        self._again_s = again_s
        self._last_s = began_s
        self._was_ever_heard = False
        self._rang_at_s: float | None = None
        self._silent_since_s = began_s
        self._rings = 0

    def hear(self, moment_s: float) -> None:
        """A sign of life."""
        if self._rang_at_s is None:
            self._silent_since_s = moment_s
        self._last_s = moment_s
        self._was_ever_heard = True

    def look(self, moment_s: float) -> Ring | None:
        """What to tell at this moment; None: nothing."""
        silent_s = moment_s - self._last_s
        if silent_s < self._after_s:
            return self._back() if self._rang_at_s is not None else None
        if self._rang_at_s is not None and moment_s - self._rang_at_s < self._again_s:
            return None
        self._rang_at_s = moment_s
        self._rings += 1
        return Ring(kind="silent", silent_s=silent_s, was_ever_heard=self._was_ever_heard, number=self._rings)

    def _back(self) -> Ring:
        silent_s = self._last_s - self._silent_since_s
        self._rang_at_s, self._rings, self._silent_since_s = None, 0, self._last_s
        return Ring(kind="heard", silent_s=silent_s, was_ever_heard=True)
