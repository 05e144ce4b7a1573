"""Several SMTP relays as one way out. Which one takes a message is decided elsewhere and stands in it; a proof takes the first that answers."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import replace

from composer.deliver.relays import settings_of
from composer.model.mailing import Message, Outcome, Stage
from composer.model.newsletter import TransportSettings
from composer.transports.smtp import SmtpLane, SmtpTransport
from composer.words import Language


class RelayedTransport:
    """Connections to each of ``settings.relays``, kept open between messages; belongs to one event loop."""

    def __init__(self, settings: TransportSettings, *, tls: ssl.SSLContext | None = None, language: Language = "fr") -> None:
        by_weight = sorted(settings.relays, key=lambda relay: -relay.weight)
        self._ways = {relay.name: SmtpTransport(settings_of(settings, relay), tls=tls, language=language) for relay in by_weight}
        self._idle: dict[str, list[SmtpLane]] = {name: [] for name in self._ways}

    @property
    def open_connections(self) -> int:
        """To all relays together."""
        return sum(way.open_connections for way in self._ways.values())

    def lane(self) -> RelayedLane:
        """One message at a time, over whichever relay stands in it."""
        return RelayedLane(self)

    async def submit(self, message: Message) -> Outcome:
        """One attempt over ``message.relay``; without one, over the heaviest relay that lets it pass as far as RCPT."""
        outcome = Outcome(stage=Stage.CONNECT)
        for name in self._names(message):
            outcome = _told(name, await self._ways[name].submit(message))
            if outcome.stage not in {Stage.CONNECT, Stage.MAIL}:
                break
        return outcome

    def borrow(self, name: str) -> SmtpLane:
        """A connection to one relay, an open one if there is one."""
        idle = self._idle[name]
        return idle.pop() if idle else self._ways[name].lane()

    def bring_back(self, name: str, lane: SmtpLane) -> None:
        """Others may have it."""
        self._idle[name].append(lane)

    async def aclose(self) -> None:
        """End all idle connections politely."""
        await asyncio.gather(*(way.aclose() for way in self._ways.values()))

    async def abort(self) -> None:
        """Break off whatever is under way: each ``submit`` then returns how far it had come."""
        await asyncio.gather(*(way.abort() for way in self._ways.values()))

    def _names(self, message: Message) -> Sequence[str]:
        return (message.relay,) if message.relay else tuple(self._ways)


class RelayedLane:
    """Messages one after the other, each over its own relay; of one task."""

    def __init__(self, transport: RelayedTransport) -> None:
        self._transport = transport
        self._kept: tuple[str, SmtpLane] | None = None  # where the envelope of the next message may have gone ahead

    async def submit(self, message: Message, then: Message | None = None) -> Outcome:
        """One attempt over ``message.relay``; what follows over the same relay follows on the same connection."""
        if not message.relay:
            return await self._transport.submit(message)
        lane = self._lane_to(message.relay)
        follows = then is not None and then.relay == message.relay
        self._kept = (message.relay, lane)
        outcome = await lane.submit(message, then if follows else None)
        if not follows:
            self._let_go()
        return _told(message.relay, outcome)

    async def rest(self) -> None:
        """Others may use its connection."""
        self._let_go()

    async def aclose(self) -> None:
        """Nothing more comes; the connections end with the transport."""
        self._let_go()

    def _lane_to(self, name: str) -> SmtpLane:
        if self._kept is not None and self._kept[0] == name:
            return self._kept[1]
        self._let_go()
        return self._transport.borrow(name)

    def _let_go(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            self._transport.bring_back(*kept)


def _told(name: str, outcome: Outcome) -> Outcome:
    """Who took it is known from the reply that is kept; the words of a refusal stay the server's, so that equal ones are counted together."""
    return replace(outcome, reply=f"{name}: {outcome.reply}"[:500]) if outcome.stage is Stage.DONE else outcome
