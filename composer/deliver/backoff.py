"""One recipient domain that says «later»: fewer at once, then a pause, then one to try, then as before.

What a single mailbox says of itself (full, too quick for it: RFC 3463 X.1 and X.2) is none of this.
"""

from __future__ import annotations

from composer.deliver.judge import BACK_OFF, JITTER, asked_delay
from composer.model.mailing import Outcome, Stage

STRIKES = 3  # «later» in a row that mean the domain and not a reader
RECOVERED = 20  # taken in a row after which twice as many at once are tried
GIVE_UP_S = 48 * 3600.0  # a domain that has taken nothing for so long: its deliveries fail as they are tried
GIVE_UP = float("inf")
QUIET_S = 2 * BACK_OFF[-1].total_seconds()  # a domain that nobody has tried for so long is judged anew

_OF_A_MAILBOX = ("4.1.", "4.2.")


def is_later(outcome: Outcome) -> bool:
    """Whether this is a «later» that may be the domain's: 4xx at RCPT, DATA or the final dot, and not about one mailbox."""
    if outcome.code // 100 != 4 or outcome.stage not in {Stage.RCPT, Stage.DATA, Stage.DOT}:
        return False
    return not outcome.enhanced.startswith(_OF_A_MAILBOX)


class BackOff:
    """What is remembered of one family of domains since it said «later»; belongs to the loop of one sender."""

    __slots__ = (
        "_asked",
        "_connections",
        "_last_s",
        "_level",
        "_since_s",
        "_strikes",
        "_taken",
        "_trying",
        "allowed",
        "closed_until_s",
        "on_the_wire",
    )

    def __init__(self, *, connections: int) -> None:
        self._connections = connections
        self._since_s: float | None = None  # when the first «later» came after the last message that was taken
        self._last_s = 0.0  # when the last «later» came
        self._strikes = 0
        self._taken = 0
        self._level = 0  # pauses since it last was as before
        self._trying = False  # after a pause, until one is taken: its «later» is enough for the next pause
        self._asked = 0.0  # the longest «try again in N» of these strikes, seconds
        self.allowed = connections  # messages at once
        self.on_the_wire = 0
        self.closed_until_s = 0.0

    @property
    def is_over(self) -> bool:
        """Whether all is as before, so that nothing need be remembered."""
        return not self._strikes and self.is_harmless

    @property
    def is_harmless(self) -> bool:
        """Whether it was never closed, nor thinned out, since it was last as before."""
        return not self._level and self.allowed >= self._connections

    def next_at(self, now_s: float, *, busy_s: float) -> float:
        """0.0 when one more may leave now, else when to ask again."""
        if self.closed_until_s > now_s:
            return self.closed_until_s
        return 0.0 if self.allowed >= self._connections or self.on_the_wire < self.allowed else now_s + busy_s

    def later(self, outcome: Outcome, now_s: float, *, chance: float) -> float:
        """Counts one «later». Gives 0.0 while only this delivery waits; when the domain is closed, until when; or ``GIVE_UP``."""
        if self._since_s is None or now_s - self._last_s > QUIET_S:
            self._since_s = now_s
        self._last_s = now_s
        if now_s - self._since_s >= GIVE_UP_S:
            return GIVE_UP
        if now_s < self.closed_until_s:  # was on the wire when it closed: it says nothing new
            return self.closed_until_s
        self._taken = 0
        self._strikes += 1
        asked = asked_delay(outcome.reply)
        self._asked = max(self._asked, asked.total_seconds() if asked else 0.0)
        return self._strike(now_s, chance) if self._trying or self._strikes >= STRIKES else 0.0

    def taken(self) -> None:
        """The domain took one: the strikes are forgotten, and after many the limits go up again."""
        self._strikes, self._asked, self._trying, self._since_s = 0, 0.0, False, None
        self._taken += 1
        if self._taken < RECOVERED:
            return
        self._taken = self._level = 0
        self.allowed = min(self._connections, self.allowed * 2)

    def _strike(self, now_s: float, chance: float) -> float:
        """Half as many at once; from one on, or when it was asked for, a pause."""
        self._strikes = 0
        if self.allowed > 1 and not self._asked:
            self.allowed //= 2
            return 0.0
        usual = BACK_OFF[min(self._level, len(BACK_OFF) - 1)].total_seconds() * (1 + JITTER * max(-1.0, min(1.0, chance)))
        self.closed_until_s = now_s + (self._asked or usual)
        self.allowed, self._asked, self._trying = 1, 0.0, True
        self._level += 1
        return self.closed_until_s
