"""Submission over SMTP: a few connections, shared by all who submit at once."""

from __future__ import annotations

import asyncio
import ssl

from composer.model.mailing import Message, Outcome, Stage
from composer.model.newsletter import TransportSettings
from composer.transports import sayings
from composer.transports.connection import SmtpConnection
from composer.transports.memory import Offer, ServerMemory
from composer.transports.replies import ConversationError, RefusedError
from composer.words import Language, Words


class SmtpTransport:
    """At most ``settings.connections`` connections, kept open between messages; belongs to one event loop.

    ``tls`` replaces the context that trusts the system's authorities; ``language`` is that of outcomes where no server spoke.
    """

    def __init__(self, settings: TransportSettings, *, tls: ssl.SSLContext | None = None, language: Language = "fr") -> None:
        self.settings = settings
        self.language = language
        self.aborted = False
        self.memory = ServerMemory(settings)
        self._tls = tls
        self._places = asyncio.Semaphore(max(1, settings.connections))
        self._idle: list[SmtpLane] = []
        self._lanes: set[SmtpLane] = set()
        self._opening: set[asyncio.Task[None]] = set()

    @property
    def open_connections(self) -> int:
        """How many connections are open just now; from any thread."""
        return sum(lane.is_open for lane in tuple(self._lanes))

    def lane(self) -> SmtpLane:
        """A connection of one's own, opened when first used; closed by its ``aclose``."""
        lane = SmtpLane(self)
        self._lanes.add(lane)
        return lane

    def forget(self, lane: SmtpLane) -> None:
        """A lane has ended."""
        self._lanes.discard(lane)

    async def submit(self, message: Message) -> Outcome:
        """One attempt; what a server did or did not do is in the outcome, nothing is raised."""
        async with self._places:
            lane = self._idle.pop() if self._idle else self.lane()
            try:
                return await lane.submit(message)
            finally:
                self._idle.append(lane)

    async def aclose(self) -> None:
        """End all idle connections politely."""
        self._idle.clear()
        await asyncio.gather(*(lane.aclose() for lane in tuple(self._lanes)))
        await asyncio.sleep(0)  # lets the event loop take the closed sockets down

    async def abort(self) -> None:
        """Break off whatever is under way: each ``submit`` then returns how far it had come."""
        self.aborted = True
        for task in tuple(self._opening):
            task.cancel()
        for lane in tuple(self._lanes):
            lane.break_off()

    async def connect(self, without: tuple[Offer, ...] = ()) -> SmtpConnection:
        """A connection made ready; connecting may take long, so ``abort`` is able to break it off."""
        if self.aborted:
            raise ConversationError(sayings.BROKEN_OFF)
        if self._tls is None and self.settings.security != "none":  # it reads all authorities of the system
            self._tls = ssl.create_default_context()
        connection = SmtpConnection(self.settings, self._tls, self.language, self.memory)
        task = asyncio.ensure_future(connection.open(without))
        self._opening.add(task)
        try:
            await asyncio.wait({task})
        finally:
            self._opening.discard(task)
            task.cancel()
            if task.cancelled() or not task.done() or task.exception():
                connection.close()
        if task.cancelled():
            raise ConversationError(sayings.BROKEN_OFF)
        task.result()
        return connection


class SmtpLane:
    """One connection after the other, one message at a time; of one task."""

    def __init__(self, transport: SmtpTransport) -> None:
        self._transport = transport
        self._connection: SmtpConnection | None = None

    async def submit(self, message: Message, then: Message | None = None) -> Outcome:
        """One attempt; ``then`` is the message whose turn is next, its envelope may go ahead. Nothing is raised for what a server did.

        Whoever announces ``then`` and submits another one after all loses the connection, nothing else.
        """
        while (connection := self._usable(message)) is not None:
            outcome = await self._attempt(connection, message, then)
            if self._transport.aborted:
                return outcome
            if connection.doubted is not None:
                return await self._without(connection.doubted, outcome, message)
            # A connection that the server closed while it was idle says nothing about this message: take another.
            if not (outcome.stage is Stage.MAIL and outcome.code in {0, 421}):
                return outcome
        return await self._afresh(message, then)

    async def _afresh(self, message: Message, then: Message | None, without: tuple[Offer, ...] = ()) -> Outcome:
        """One attempt over a new connection."""
        try:
            connection = self._connection = await self._transport.connect(without)
        except RefusedError as refusal:
            reply = refusal.reply
            said = refusal.words.in_language(self._transport.language)
            return Outcome(stage=Stage.CONNECT, code=reply.code, enhanced=reply.enhanced, reply=said)
        except (ConversationError, OSError, TimeoutError) as error:
            return Outcome(stage=Stage.CONNECT, reply=self._words(error))
        outcome = await self._attempt(connection, message, then)
        if connection.doubted is None or connection.doubted in without or self._transport.aborted:
            return outcome
        return await self._without(connection.doubted, outcome, message, without)

    async def _without(self, doubted: Offer, before: Outcome, message: Message, without: tuple[Offer, ...] = ()) -> Outcome:
        """Once more, leaving out what the server may not be able to do though it offers it; nothing was taken of ``message`` so far."""
        if self._connection is not None:
            self._connection.close()
        outcome = await self._afresh(message, None, (*without, doubted))
        self._transport.memory.compare(doubted, before, outcome)
        return outcome

    @property
    def is_open(self) -> bool:
        """Whether it has a connection that stands."""
        return self._connection is not None and self._connection.is_open

    async def aclose(self) -> None:
        """End the connection politely, the lane with it."""
        self._transport.forget(self)
        await self.rest()

    async def rest(self) -> None:
        """End the connection politely; the next message opens another one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.quit()

    def break_off(self) -> None:
        """End the connection at once."""
        if self._connection is not None:
            self._connection.close()

    def _usable(self, message: Message) -> SmtpConnection | None:
        connection = self._connection
        if connection is None or connection.awaits(message) or connection.is_usable:
            return connection
        connection.close()
        self._connection = None
        return None

    async def _attempt(self, connection: SmtpConnection, message: Message, then: Message | None) -> Outcome:
        try:
            return await connection.submit(message, then)
        except (ConversationError, OSError, TimeoutError) as error:
            connection.close()
            return Outcome(stage=connection.stage, reply=self._words(error))
        except asyncio.CancelledError:
            connection.close()
            raise

    def _words(self, error: Exception) -> str:
        """What an error says, with the server's name where the system does not give it."""
        settings, language = self._transport.settings, self._transport.language
        place = f"{settings.host}:{settings.port}"
        if isinstance(error, ConversationError):
            return error.words.in_language(language)[:500]
        if isinstance(error, TimeoutError):
            return sayings.no_answer(place, settings.timeout_s).in_language(language)
        said = sayings.system_words(error)
        return Words(fr=f"{place} : {said.fr}", en=f"{place}: {said.en}").in_language(language)[:500]
