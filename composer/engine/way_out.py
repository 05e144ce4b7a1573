"""What a sender knows of its way out: whether it answers, how many connections it takes, how long to leave it alone."""

from __future__ import annotations

import math
import time
from datetime import datetime

from composer.deliver.judge import MAX_WAIT, WAIT
from composer.deliver.relays import STREAK
from composer.engine.attempts import Way
from composer.model.mailing import Outcome, Stage

_BURST_S = 0.2
_FEW = 3  # messages that may go without a word, one after the other, before the way out is doubted


class WayOut:
    """Learns from outcomes; decides nothing about a delivery."""

    def __init__(self, connections: int, *, now: datetime) -> None:
        self._connections = connections
        self.allowed = connections  # fewer when the server says that we are too many
        self.wait_until = now
        self.waits = 0  # in a row: the way out is down
        self.words = ""  # its last words while it is down
        self._streak = 0
        self._unsure = 0  # messages in a row of which nothing was heard after their dot
        self._thinned_at = -math.inf  # monotonic, s
        self._unanswered: float | None = None  # since when (monotonic, s) nothing that left over it was taken or refused as such
        self._has_answered = False

    @property
    def way(self) -> Way:
        """Whether it answers."""
        since = self._unanswered
        silent_s = 0.0 if since is None else time.monotonic() - since
        return Way(silent_s=silent_s, has_answered=self._has_answered and since is None, words=self.words)

    def leaves(self) -> None:
        """A message is given to it."""
        if self._unanswered is None:
            self._unanswered = time.monotonic()

    def heard(self, outcome: Outcome) -> None:
        """What came back; an answer that speaks of the message says that the way is open."""
        if outcome.code and outcome.stage not in {Stage.CONNECT, Stage.MAIL}:
            self._unanswered, self.words, self._has_answered = None, "", True
            self._unsure = 0

    def rests(self) -> None:
        """There is nothing to do: silence is no sign of anything."""
        self._unanswered = None

    def lost(self, outcome: Outcome, now: datetime) -> bool:
        """A message went without a word after its dot. As many in a row as there are connections, and not only a few: everything waits, which is then told."""
        self._unsure += 1
        if self._unsure < max(_FEW, self._connections) or now < self.wait_until:
            return False
        self.words = outcome.reply
        self.waits += 1
        self.wait_until = now + min(WAIT * 2 ** (self.waits - 1), MAX_WAIT)
        return True

    def refused(self) -> None:
        """It answered with a no for good, which the desk is told another way."""
        self._unanswered = None

    def slow_down(self, outcome: Outcome, wait_until: datetime, now: datetime, *, thins: bool = True) -> bool:
        """The server takes no more of us: half the connections. It is not there, or has one left: everything waits, which is then told."""
        self._streak = 0
        self.words = outcome.reply
        if thins and outcome.code // 100 == 4 and self.allowed > 1:
            if time.monotonic() - self._thinned_at > _BURST_S:  # lanes that are refused at one moment say one thing
                self.allowed, self._thinned_at = max(1, self.allowed // 2), time.monotonic()
            return False
        if now < self.wait_until:
            return False
        self.waits += 1
        self.wait_until = wait_until
        return True

    def speed_up(self, outcome: Outcome) -> None:
        """A message came through."""
        self.waits = 0
        self._streak = self._streak + 1 if outcome.stage is Stage.DONE else 0
        if self._streak >= STREAK and self.allowed < self._connections:
            self.allowed += 1
            self._streak = 0
