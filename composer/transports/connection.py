"""Messages over one SMTP connection (RFC 5321 §3.3), one after the other, the next one's envelope right behind the last one's dot."""

from __future__ import annotations

import os
import re
import ssl
import time

from composer.model.mailing import Message, Outcome, Stage
from composer.model.newsletter import TransportSettings
from composer.transports import sayings
from composer.transports.replies import ConversationError, Reply
from composer.transports.session import SmtpSession
from composer.words import Language

_IDLE_S = 30.0
_DOT_PATIENCE = (
    3  # times timeout_s: after the dot a server may filter for long, and giving up makes the message uncertain (RFC 5321 §4.5.3.2.6)
)
_DOT = b".\r\n"
_BARE_LINE_END = re.compile(rb"\r\n|\r|\n")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f<>]")


class SmtpConnection(SmtpSession):
    """A connection ready for MAIL. ``stage`` says at every moment how far the message under way has come."""

    def __init__(self, settings: TransportSettings, tls: ssl.SSLContext, language: Language = "fr") -> None:
        super().__init__(settings, tls, language)
        self._taken = 0
        self._used_at = time.monotonic()
        self._announced: Message | None = None  # whose envelope has left, ahead of its turn
        self.stage = Stage.CONNECT

    @property
    def is_usable(self) -> bool:
        """Whether another message may go over it."""
        return (
            not self._closed
            and self._reader.is_open
            and self._announced is None
            and self._taken < self._settings.messages_per_connection
            and time.monotonic() - self._used_at < _IDLE_S
        )

    def awaits(self, message: Message) -> bool:
        """Whether the envelope of ``message`` has left already: then it must go over this connection, and no other message may."""
        return self._announced is message and not self._closed

    async def submit(self, message: Message, then: Message | None = None) -> Outcome:
        """One message; raises ConversationError when the conversation breaks, ``stage`` then says where.

        With ``then`` the envelope of the next message leaves right behind this one's dot where the server can (RFC 2920 §3.1): its own
        ``submit`` must follow on this connection, or the connection must be closed.
        """
        self.stage = Stage.MAIL
        self._taken += 1
        if self._announced is not message and (outcome := self._refuse_beforehand(message)):
            return outcome
        outcome = await self._envelope(message)
        if outcome is not None:
            return await self._give_up(outcome)
        return await self._content(message, then)

    def _refuse_beforehand(self, message: Message) -> Outcome | None:
        """What the server need not be asked: an address that would break the protocol, a message beyond its SIZE."""
        if _UNSAFE.search(message.envelope_to) or "@" not in message.envelope_to:
            return Outcome(stage=Stage.RCPT, code=501, enhanced="5.1.3", reply=self._say(sayings.NO_ADDRESS))
        if not message.envelope_to.isascii() and "SMTPUTF8" not in self._offers:
            return Outcome(stage=Stage.RCPT, code=553, enhanced="5.6.7", reply=self._say(sayings.ACCENTS))
        size = message.size
        if 0 < self._limit < size:
            return Outcome(stage=Stage.MAIL, code=552, enhanced="5.3.4", reply=self._say(sayings.too_large(str(self._limit), size)))
        return None

    # -- the envelope -----------------------------------------------------------------------------------------------------------------

    async def _envelope(self, message: Message) -> Outcome | None:
        """MAIL, RCPT, DATA, in one go where the server can (RFC 2920 §3.1); None when the content may follow."""
        if not self._pipelines:
            return await self._envelope_in_steps(message)
        if self._announced is None:
            self._write(self._group(message))
        self._announced = None
        refusal: Outcome | None = None
        for stage in (Stage.MAIL, Stage.RCPT, Stage.DATA):
            if refusal is not None:
                await self._skip(stage)
                continue
            self.stage = stage
            refusal = _refusal(stage, await self._reply())
            if refusal is not None and refusal.code == 421:
                break
        return refusal

    async def _envelope_in_steps(self, message: Message) -> Outcome | None:
        for stage, command in zip((Stage.MAIL, Stage.RCPT, Stage.DATA), self._group(message).split(b"\r\n"), strict=False):
            self.stage = stage
            self._write(command + b"\r\n")
            if refusal := _refusal(stage, await self._reply()):
                return refusal
        return None

    async def _skip(self, stage: Stage) -> None:
        """The reply to what was sent ahead of a refusal; a failure here changes nothing about the refusal."""
        try:
            reply = await self._reply()
            if stage is Stage.DATA and reply.code == 354:
                # RFC 2920 §3.1: a server may say 354 with nobody to send to; a lone dot ends it.
                self._write(_DOT)
                await self._reply()
        except ConversationError:
            self.close()

    async def _give_up(self, outcome: Outcome) -> Outcome:
        """Make the connection ready for the next message, or close it; the outcome stands either way."""
        try:
            if outcome.code == 421 or (await self._command("RSET")).code != 250:
                self.close()
        except ConversationError:
            self.close()
        return outcome

    @property
    def _pipelines(self) -> bool:
        return "PIPELINING" in self._offers

    def _group(self, message: Message) -> bytes:
        """MAIL, RCPT and DATA as they go on the wire."""
        parameters = f" SIZE={message.size}" if "SIZE" in self._offers else ""
        if not message.envelope_to.isascii():
            parameters += " SMTPUTF8"
        if "8BITMIME" in self._offers and not (message.ready or message.content.isascii()):
            parameters += " BODY=8BITMIME"
        return f"MAIL FROM:<{message.envelope_from}>{parameters}\r\nRCPT TO:<{message.envelope_to}>\r\nDATA\r\n".encode()

    # -- the content ------------------------------------------------------------------------------------------------------------------

    async def _content(self, message: Message, then: Message | None) -> Outcome:
        self.stage = Stage.DATA
        ahead = b""
        if then is not None and self._pipelines and self._may_take(then):
            self._announced, ahead = then, self._group(then)
        await self._hand_over(message.parts if message.ready else (_stuffed(message.content),), ahead)
        reply = await self._reader.next_reply(self._settings.timeout_s * _DOT_PATIENCE)
        self.stage = Stage.DOT
        self._used_at = time.monotonic()
        return _outcome(Stage.DONE if reply.code // 100 == 2 else Stage.DOT, reply)

    def _may_take(self, then: Message) -> bool:
        return self._taken < self._settings.messages_per_connection and self._refuse_beforehand(then) is None

    async def _hand_over(self, parts: tuple[bytes, ...], ahead: bytes) -> None:
        """Content, dot and what follows it. ``stage`` becomes AFTER_DOT in the moment in which the dot has been handed to the system."""
        end = _DOT + ahead
        left = self._write_at_once(*parts, end)
        if left >= len(end):  # some of the content
            content = b"".join(parts)
            self._write(content[len(content) + len(end) - left :])
            await self._reader.flush(self._settings.timeout_s)
            left = len(end)
        self.stage = Stage.AFTER_DOT
        if left:
            self._write(end[-left:])

    def _write_at_once(self, *parts: bytes) -> int:
        """Hand ``parts`` to the system past asyncio, without joining them; gives how many bytes of them it did not take.

        Under TLS it takes none.
        """
        whole = sum(map(len, parts))
        if self._socket < 0 or self._closed or not self._reader.can_write:
            return whole
        try:
            return whole - os.writev(self._socket, parts)
        except OSError:
            return whole  # asyncio will meet the same and say so


def _refusal(stage: Stage, reply: Reply) -> Outcome | None:
    if reply.code == 354 if stage is Stage.DATA else reply.code // 100 == 2:
        return None
    return _outcome(stage, reply)


def _outcome(stage: Stage, reply: Reply) -> Outcome:
    return Outcome(stage=stage, code=reply.code, enhanced=reply.enhanced, reply=reply.words)


def _stuffed(content: bytes) -> bytes:
    """CRLF everywhere, dots doubled (RFC 5321 §4.5.2)."""
    if content.count(b"\n") != content.count(b"\r\n") or content.count(b"\r") != content.count(b"\r\n"):
        content = _BARE_LINE_END.sub(b"\r\n", content)
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    if content.startswith(b".") or b"\r\n." in content:
        content = re.sub(rb"(?m)^\.", b"..", content)
    return content
