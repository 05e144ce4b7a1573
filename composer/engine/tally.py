"""What a sender has done since it began, in figures: attempts by how they ended, and how many a second just now."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence

from composer.engine.attempts import Ended
from composer.model.mailing import DeliveryState

RATE_S = 10.0  # a rate is that of so many seconds

Attempts = tuple[tuple[str, str, int], ...]


class Tally:
    """Counted by one thread, read by any."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._attempts: Counter[tuple[str, int]] = Counter()
        self._submitted = 0
        self._seconds: deque[tuple[int, int]] = deque(maxlen=int(RATE_S) + 2)  # (second, submitted before it)

    def count(self, ended: Sequence[Ended]) -> None:
        """What the ledger has just written."""
        second = int(self._now())
        if not self._seconds or self._seconds[-1][0] != second:
            self._seconds.append((second, self._submitted))
        for one in ended:
            if one.took_ms is not None:
                self._attempts[one.outcome.stage, one.outcome.code // 100] += 1
                self._submitted += one.decision.state is DeliveryState.SUBMITTED

    @property
    def attempts(self) -> Attempts:
        """Stage, class of the reply ("2xx", "none" where nothing was said) and how many ended so."""
        counted = sorted(self._attempts.copy().items())
        return tuple((str(stage), f"{code}xx" if code else "none", number) for (stage, code), number in counted)

    @property
    def rate(self) -> float:
        """Messages a second that the next server took, over the last ten seconds or since the first of them."""
        now = self._now()
        recent = [one for one in tuple(self._seconds) if one[0] > now - RATE_S - 1]
        if not recent:
            return 0.0
        return (self._submitted - recent[0][1]) / max(1.0, now - recent[0][0])
