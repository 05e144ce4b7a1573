"""Messages over one SMTP connection (RFC 5321 §3.3), one after the other, the next one's envelope right behind the last one's dot."""

from __future__ import annotations

import os
import re
import ssl
import time

from composer.model.mailing import Message, Outcome, Stage
from composer.model.newsletter import TransportSettings
from composer.transports import sayings
from composer.transports.dsn import notice_parameters, return_parameters
from composer.transports.memory import Offer, ServerMemory
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
_AFTER_RSET = frozenset({250, 421, 500, 502})  # RFC 5321 §4.3.2, and what servers say that are about to go or do not know it


class SmtpConnection(SmtpSession):
    """A connection ready for MAIL. ``stage`` says at every moment how far the message under way has come."""

    def __init__(
        self, settings: TransportSettings, tls: ssl.SSLContext | None, language: Language = "fr", memory: ServerMemory | None = None
    ) -> None:
        super().__init__(settings, tls, language, memory)
        self._taken = 0
        self._used_at = time.monotonic()
        self._announced: Message | None = None  # whose envelope has left, ahead of its turn
        self._used: tuple[Offer, ...] = ()  # what of the server's offers every message makes use of
        self._is_sure = False  # whether they are known to hold
        self.stage = Stage.CONNECT
        self.doubted: Offer | None = None  # what may be to blame for how the last attempt ended, rather than its message

    async def open(self, without: tuple[Offer, ...] = ()) -> None:
        """Get ready; ``without`` what the server offers and may not be able to do."""
        await super().open()
        offered = (Offer.GROUP, "PIPELINING" in self._offers), (Offer.DSN, "DSN" in self._offers and self._settings.dsn)
        self._used = tuple(offer for offer, is_there in offered if is_there and offer not in without and self._memory.allows(offer))

    @property
    def is_open(self) -> bool:
        """Whether it stands, also while a reply waits to be read."""
        return not self._closed and self._reader.stands

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
        self.stage, self.doubted = Stage.MAIL, None
        self._taken += 1
        is_ahead = self._announced is message
        if not is_ahead and (outcome := self._refuse_beforehand(message)):
            return outcome
        try:
            outcome = await self._envelope(message)
        except ConversationError:
            self._doubt(Outcome(stage=self.stage), is_ahead=is_ahead)
            raise
        if outcome is not None:
            self._doubt(outcome, is_ahead=is_ahead)
            return await self._give_up(outcome)
        if is_ahead or not self._is_sure:
            self._trust(is_ahead=is_ahead)
        return await self._content(message, then)

    async def quit(self) -> None:
        """End politely; at once where a server waits for the content of a message that does not come."""
        if self._announced is not None:
            self.close()
        await super().quit()

    def _doubt(self, outcome: Outcome, *, is_ahead: bool) -> None:
        self.doubted = self._memory.doubt(outcome, *((Offer.AHEAD,) if is_ahead else ()), *self._used)

    def _trust(self, *, is_ahead: bool) -> None:
        for offer in (*self._used, Offer.AHEAD) if is_ahead else self._used:
            self._memory.holds(offer)
        self._is_sure = True

    def _refuse_beforehand(self, message: Message) -> Outcome | None:
        """What the server need not be asked: an address that would break the protocol, a message beyond its SIZE."""
        if _UNSAFE.search(message.envelope_to) or "@" not in message.envelope_to:
            return Outcome(stage=Stage.RCPT, code=501, enhanced="5.1.3", reply=self._say(sayings.NO_ADDRESS))
        if not message.envelope_to.isascii() and "SMTPUTF8" not in self._offers:
            return Outcome(stage=Stage.RCPT, code=553, enhanced="5.6.7", reply=self._say(sayings.ACCENTS))
        if not message.envelope_from.isascii() and "SMTPUTF8" not in self._offers:
            return Outcome(stage=Stage.MAIL, code=553, enhanced="5.6.7", reply=self._say(sayings.ACCENTED_SENDER))
        if 0 < self._limit < message.size:
            words = sayings.too_large(str(self._limit), message.size)
            return Outcome(stage=Stage.MAIL, code=552, enhanced="5.3.4", reply=self._say(words))
        return None

    # -- the envelope -----------------------------------------------------------------------------------------------------------------

    async def _envelope(self, message: Message) -> Outcome | None:
        """MAIL, RCPT, DATA, in one go where the server can (RFC 2920 §3.1); None when the content may follow."""
        if not self._pipelines:
            return await self._envelope_in_steps(message)
        if self._announced is None:
            self._refuse_early_words()
            self._write(self._group(message))
        self._announced = None
        refusal: Outcome | None = None
        for stage in (Stage.MAIL, Stage.RCPT, Stage.DATA):
            if refusal is not None:
                await self._skip(stage)
                continue
            self.stage = stage
            refusal = _refusal(stage, self._reader.take() or await self._reply())
            if refusal is not None and refusal.code == 421:
                break
        return refusal

    async def _envelope_in_steps(self, message: Message) -> Outcome | None:
        for stage, command in zip((Stage.MAIL, Stage.RCPT, Stage.DATA), self._group(message).split(b"\r\n"), strict=False):
            self.stage = stage
            self._refuse_early_words()
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
        """Make the connection ready for the next message, or close it; the outcome stands either way.

        Unless what follows shows that it was not about this message: raises ConversationError when replies come out of step.
        """
        early = self._reader.unasked
        if outcome.code == 421 or self.doubted or early.startswith("421"):
            self.close()
        elif early:
            self._lose_step(early)
        else:
            try:
                reply = await self._command("RSET")
            except ConversationError:
                self.close()
                return outcome
            if reply.code not in _AFTER_RSET:
                self._lose_step(f"{reply.code} {reply.words}")
            if reply.code != 250:
                self.close()
        return outcome

    def _lose_step(self, said: str) -> None:
        self.close()
        raise ConversationError(sayings.out_of_turn(said))

    @property
    def _pipelines(self) -> bool:
        return Offer.GROUP in self._used

    def _group(self, message: Message) -> bytes:
        """MAIL, RCPT and DATA as they go on the wire."""
        sender, reader = message.envelope_from, message.envelope_to
        mail = f" SIZE={message.size}" if "SIZE" in self._offers else ""
        if not (reader.isascii() and sender.isascii()):
            mail += " SMTPUTF8"
        if "8BITMIME" in self._offers and not (message.ready or message.content.isascii()):
            mail += " BODY=8BITMIME"
        rcpt = ""
        if Offer.DSN in self._used:
            mail, rcpt = mail + return_parameters(message.message_id), notice_parameters(reader)
        return f"MAIL FROM:<{sender}>{mail}\r\nRCPT TO:<{reader}>{rcpt}\r\nDATA\r\n".encode()

    # -- the content ------------------------------------------------------------------------------------------------------------------

    async def _content(self, message: Message, then: Message | None) -> Outcome:
        self.stage = Stage.DATA
        self._refuse_early_words()  # else it would be taken for the reply to the dot: a message lost that counts as submitted
        ahead = b""
        if then is not None and self._pipelines and self._may_take(then):
            self._announced, ahead = then, self._group(then)
        await self._hand_over(message.parts if message.ready else (_stuffed(message.content),), ahead)
        try:
            reply = await self._reader.next_reply(self._settings.timeout_s * _DOT_PATIENCE)
        except ConversationError:
            if ahead and not self._closed:
                self._memory.breaks(Offer.AHEAD)
            raise
        self._used_at = time.monotonic()
        if reply.code // 100 == 2:
            return _outcome(Stage.DONE, reply)
        return self._refused_content(reply, is_followed=bool(ahead))

    def _refused_content(self, reply: Reply, *, is_followed: bool) -> Outcome:
        if reply.code // 100 == 3:  # no answer to a dot: what became of the message is not known
            self._lose_step(f"{reply.code} {reply.words}")
        self.stage = Stage.DOT
        outcome = _outcome(Stage.DOT, reply)
        if is_followed:
            self.doubted = self._memory.doubt(outcome, Offer.AHEAD)
        if reply.code == 421 or self.doubted:
            self.close()
        return outcome

    def _may_take(self, then: Message) -> bool:
        return (
            self._taken < self._settings.messages_per_connection
            and self._memory.may_go_ahead(self)
            and self._refuse_beforehand(then) is None
        )

    async def _hand_over(self, parts: tuple[bytes, ...], ahead: bytes) -> None:
        """Content, dot and what follows it. ``stage`` becomes AFTER_DOT in the moment in which the dot has been handed to the system."""
        end = _DOT + ahead
        left = self._write_at_once(*parts, end)
        if left >= len(end):  # some of the content
            content = b"".join(parts)
            self._write(content[len(content) + len(end) - left :])
            await self._reader.flush(self._settings.timeout_s)
            self._refuse_early_words()
            self._refuse_when_ended()
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
        except ConnectionError as error:  # nothing of it has left
            raise ConversationError(sayings.lost(error)) from error
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
