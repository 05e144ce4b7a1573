"""What was learnt of one server, kept as long as its connections are pooled: what it offers and then breaks on."""

from __future__ import annotations

import re
from enum import Enum, StrEnum

from composer.model.mailing import Outcome, Stage
from composer.model.newsletter import TransportSettings
from composer.transports.tokens import TokenSource


class Trust(Enum):
    """Whether what a server offers does what it should."""

    UNTRIED = "untried"
    HOLDS = "holds"
    BREAKS = "breaks"


class Offer(StrEnum):
    """What a server may offer without being able to."""

    GROUP = "group"  # MAIL, RCPT and DATA in one go
    AHEAD = "ahead"  # the same right behind the last message's dot
    DSN = "dsn"  # the parameters of RFC 3461


_BROKEN = frozenset({500, 503})  # unknown, or out of order: what a server says of commands that it did not wait for
_BROKEN_WORDS = re.compile(r"pipelin|synchroni[sz]|improper command|bad sequence", re.IGNORECASE)
_NO_DSN = frozenset({501, 504, 555})  # RFC 5321 §4.1.1.11: parameters that it does not know after all
_WAY = (Stage.CONNECT, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.AFTER_DOT, Stage.DOT, Stage.DONE)


class ServerMemory:
    """One for all connections to a server; of one event loop."""

    def __init__(self, settings: TransportSettings) -> None:
        self.tokens = TokenSource(settings)
        self.trust = {Offer.GROUP: Trust.UNTRIED, Offer.AHEAD: Trust.UNTRIED, Offer.DSN: Trust.UNTRIED}
        self._first_ahead: object | None = None  # the one connection that tries what nobody has tried

    def allows(self, offer: Offer) -> bool:
        """Whether ``offer`` may be used."""
        return self.trust[offer] is not Trust.BREAKS

    def may_go_ahead(self, connection: object) -> bool:
        """Whether this connection may send an envelope ahead; as long as nobody knows how that ends, one alone does."""
        trust = self.trust[Offer.AHEAD]
        if trust is Trust.UNTRIED and self._first_ahead is None:
            self._first_ahead = connection
        return trust is Trust.HOLDS or (trust is Trust.UNTRIED and self._first_ahead is connection)

    def leave(self, connection: object) -> None:
        """A connection has ended."""
        if self._first_ahead is connection:
            self._first_ahead = None

    def holds(self, offer: Offer) -> None:
        """It was used, and all went well."""
        if self.trust[offer] is Trust.UNTRIED:
            self.trust[offer] = Trust.HOLDS

    def breaks(self, offer: Offer) -> None:
        """The server cannot do what it offers; once it could, other things are to blame."""
        if self.trust[offer] is Trust.UNTRIED:
            self.trust[offer] = Trust.BREAKS

    def doubt(self, outcome: Outcome, *used: Offer) -> Offer | None:
        """Which of the offers ``used`` may be to blame for an envelope that ended in ``outcome``; None when the server means what it says.

        A connection that was made before another one learnt that the offer breaks asks as well.
        """
        code = outcome.code
        if Offer.DSN in used and self.trust[Offer.DSN] is not Trust.HOLDS and (code in _NO_DSN or outcome.enhanced == "5.5.4"):
            return Offer.DSN
        odd = code // 100 in {0, 2, 3} or code in _BROKEN or _BROKEN_WORDS.search(outcome.reply)
        lines = (offer for offer in used if offer is not Offer.DSN and self.trust[offer] is not Trust.HOLDS)
        return next(lines, None) if odd else None

    def compare(self, doubted: Offer, before: Outcome, after: Outcome) -> None:
        """What it says without the offer tells whether the offer was to blame; a server that is gone or silent the second time tells nothing."""
        if after.stage is Stage.CONNECT or (after.stage is Stage.MAIL and not after.code):
            return
        if _WAY.index(after.stage) > _WAY.index(before.stage):
            self.breaks(doubted)
        else:
            self.holds(doubted)
