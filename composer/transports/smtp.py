"""Submission over SMTP: a few connections, shared by all who submit at once."""

from __future__ import annotations

import asyncio
import ssl

from composer.model.mailing import Message, Outcome, Stage
from composer.model.newsletter import TransportSettings
from composer.transports import sayings
from composer.transports.connection import RefusedError, SmtpConnection
from composer.transports.replies import ConversationError
from composer.words import Language, Words


class SmtpTransport:
    """At most ``settings.connections`` connections, kept open between messages; belongs to one event loop.

    ``tls`` replaces the context that trusts the system's authorities; ``language`` is that of outcomes where no server spoke.
    """

    def __init__(self, settings: TransportSettings, *, tls: ssl.SSLContext | None = None, language: Language = "fr") -> None:
        self._settings = settings
        self._language = language
        self._tls = tls or ssl.create_default_context()
        self._places = asyncio.Semaphore(max(1, settings.connections))
        self._idle: list[SmtpConnection] = []
        self._busy: set[SmtpConnection] = set()
        self._opening: set[asyncio.Task[None]] = set()
        self._aborted = False

    async def submit(self, message: Message) -> Outcome:
        """One attempt; what a server did or did not do is in the outcome, nothing is raised."""
        async with self._places:
            while (connection := self._reuse()) is not None:
                outcome = await self._attempt(connection, message)
                # A connection that the server closed while it was idle says nothing about this message: take another.
                if not (outcome.stage is Stage.MAIL and outcome.code in {0, 421}) or self._aborted:
                    return outcome
            return await self._attempt(SmtpConnection(self._settings, self._tls, self._language), message)

    async def aclose(self) -> None:
        """End all idle connections politely."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(connection.quit() for connection in idle))
        await asyncio.sleep(0)  # lets the event loop take the closed sockets down

    async def abort(self) -> None:
        """Break off whatever is under way: each ``submit`` then returns how far it had come."""
        self._aborted = True
        for task in tuple(self._opening):
            task.cancel()
        for connection in (*self._busy, *self._idle):
            connection.close()
        self._idle.clear()

    def _reuse(self) -> SmtpConnection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable:
                return connection
            connection.close()
        return None

    async def _attempt(self, connection: SmtpConnection, message: Message) -> Outcome:
        self._busy.add(connection)
        try:
            if connection.stage is Stage.CONNECT:
                await self._open(connection)
            outcome = await connection.submit(message)
        except RefusedError as refusal:
            connection.close()
            reply = refusal.reply
            return Outcome(stage=Stage.CONNECT, code=reply.code, enhanced=reply.enhanced, reply=refusal.words.in_language(self._language))
        except (ConversationError, OSError, TimeoutError) as error:
            connection.close()
            return Outcome(stage=connection.stage, reply=_words(error, self._settings, self._language))
        except asyncio.CancelledError:
            connection.close()
            raise
        finally:
            self._busy.discard(connection)
        await self._keep(connection)
        return outcome

    async def _open(self, connection: SmtpConnection) -> None:
        """Connecting may take long, so ``abort`` must be able to break it off."""
        if self._aborted:
            raise ConversationError(sayings.BROKEN_OFF)
        task = asyncio.ensure_future(connection.open())
        self._opening.add(task)
        try:
            await asyncio.wait({task})
        finally:
            self._opening.discard(task)
            task.cancel()
        if task.cancelled():
            raise ConversationError(sayings.BROKEN_OFF)
        task.result()

    async def _keep(self, connection: SmtpConnection) -> None:
        if connection.is_usable and not self._aborted:
            self._idle.append(connection)
        else:
            await connection.quit()


def _words(error: Exception, settings: TransportSettings, language: Language) -> str:
    """What an error says, with the server's name where the system does not give it."""
    if isinstance(error, ConversationError):
        return error.words.in_language(language)[:500]
    if isinstance(error, TimeoutError):
        return sayings.no_answer(f"{settings.host}:{settings.port}", settings.timeout_s).in_language(language)
    place, said = f"{settings.host}:{settings.port}", sayings.system_words(error)
    return Words(fr=f"{place} : {said.fr}", en=f"{place}: {said.en}").in_language(language)[:500]
