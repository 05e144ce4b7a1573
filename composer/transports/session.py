"""Getting an SMTP connection ready (RFC 5321, RFC 6409): connect, greeting, EHLO, TLS, AUTH; and what is said over it."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Mapping
from typing import Literal

from aiohappyeyeballs import start_connection

from composer.model.newsletter import TransportSettings
from composer.transports import sayings
from composer.transports.login import log_in
from composer.transports.memory import ServerMemory
from composer.transports.replies import ConversationError, RefusedError, Reply, ReplyReader
from composer.words import Language, Words

Step = Literal["connect", "greeting", "tls", "login", "ready"]  # of getting ready

_HEAD_START_S = 0.25  # of the first address before the next is tried beside it (RFC 8305 §5)
_SEND_BUFFER = 400_000  # bytes: a whole message goes to the system at once


class SmtpSession:
    """A connection from its first byte to QUIT. ``step`` says how far getting ready has come."""

    def __init__(
        self, settings: TransportSettings, tls: ssl.SSLContext | None, language: Language = "fr", memory: ServerMemory | None = None
    ) -> None:
        """Without ``tls`` an encrypted connection makes a context of its own, which trusts the system's authorities."""
        self._settings = settings
        self._memory = memory or ServerMemory(settings)
        self._tls = tls
        self._language = language
        self._reader = ReplyReader()
        self._writer: asyncio.Transport | None = None
        self._offers: dict[str, str] = {}
        self._closed = False
        self.step: Step = "connect"
        self.greeting = ""  # the server's first words
        self._socket = -1  # the descriptor that may be written to past asyncio; none under TLS
        self._limit = 0  # bytes that a message may have, 0: it does not say (RFC 1870)

    @property
    def offers(self) -> Mapping[str, str]:
        """What EHLO was answered with: keyword → parameters, upper case; as it stands after TLS."""
        return dict(self._offers)

    @property
    def encryption(self) -> ssl.SSLObject | None:
        """The TLS of the connection, None without."""
        found = self._writer.get_extra_info("ssl_object") if self._writer is not None else None
        return found if isinstance(found, ssl.SSLObject) else None

    async def open(self) -> None:
        """Connect, greet, encrypt and log in; raises ConversationError, RefusedError or OSError."""
        settings = self._settings
        _refuse_clear_password(settings)
        async with asyncio.timeout(settings.timeout_s):
            transport = await self._connect()
        self._writer = transport
        self.step = "greeting"
        reply = await self._reply()
        self.greeting = reply.words
        _expect(reply, 220)
        await self._ehlo()
        if settings.security == "starttls":
            self.step = "tls"
            await self._start_tls()
        if settings.username or settings.auth == "xoauth2":
            self.step = "login"
            await log_in(self._command, settings, self._offers.get("AUTH", "").split(), self._memory.tokens)
        self.step = "ready"
        connected = self._writer.get_extra_info("socket") if self.encryption is None else None
        self._socket = connected.fileno() if connected is not None else -1

    async def ask_sender(self, address: str) -> Reply:
        """What the server says to MAIL FROM; taken back at once, nothing is sent."""
        reply = await self._command(f"MAIL FROM:<{address}>")
        await self._command("RSET")
        return reply

    async def quit(self) -> None:
        """End politely, within two seconds."""
        if not self._closed and self._reader.is_open:
            try:
                self._write(b"QUIT\r\n")
                await self._reader.next_reply(2.0)
            except ConversationError:
                pass
        self.close()

    def close(self) -> None:
        """End at once; whoever waits for a reply is told."""
        self._closed = True
        self._memory.leave(self)
        if self._writer is not None:
            self._writer.abort()

    async def _connect(self) -> asyncio.Transport:
        """Whichever of the server's addresses answers first (RFC 8305), on any event loop."""
        settings, loop = self._settings, asyncio.get_running_loop()
        context = self._context() if settings.security == "tls" else None
        try:
            places = await loop.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
            connected = await start_connection(places, happy_eyeballs_delay=_HEAD_START_S)
        except (ValueError, OverflowError, LookupError, RuntimeError) as error:  # a name or a port that cannot be one
            raise ConversationError(sayings.no_place(f"{settings.host}:{settings.port}", error)) from error
        _send_at_once(connected)
        transport, _ = await loop.create_connection(
            lambda: self._reader,
            sock=connected,
            ssl=context,
            server_hostname=settings.host if context else None,
            ssl_handshake_timeout=settings.timeout_s if context else None,
        )
        return transport

    def _context(self) -> ssl.SSLContext:
        self._tls = self._tls or ssl.create_default_context()
        return self._tls

    # -- getting ready ----------------------------------------------------------------------------------------------------------------

    async def _ehlo(self) -> None:
        reply = await self._command(f"EHLO {_own_name(self._writer)}")
        if reply.code != 250:
            reply = await self._command(f"HELO {_own_name(self._writer)}")
        _expect(reply, 250)
        self._offers = _read_offers(reply)
        limit = self._offers.get("SIZE", "")
        self._limit = int(limit) if re.fullmatch(r"[0-9]{1,20}", limit) else 0

    async def _start_tls(self) -> None:
        if "STARTTLS" not in self._offers:
            # Going on in the clear would let anyone in between take the encryption away.
            raise RefusedError(Reply(530, (b"5.7.10",)), sayings.NO_STARTTLS)
        _expect(await self._command("STARTTLS"), 220)
        if not self._reader.is_silent or self._writer is None:
            raise ConversationError(sayings.SPOKE_EARLY)
        try:
            self._writer = await asyncio.get_running_loop().start_tls(
                self._writer,
                self._reader,
                self._context(),
                server_hostname=self._settings.host,
                ssl_handshake_timeout=self._settings.timeout_s,
            )
        except ConnectionAbortedError as error:  # what asyncio makes of a handshake that takes too long
            raise ConversationError(sayings.no_handshake(self._settings.timeout_s)) from error
        if self._writer is None:
            raise ConversationError(sayings.ENDED_IN_TLS)
        self._reader.connection_made(self._writer)
        await self._ehlo()

    # -- what is said -----------------------------------------------------------------------------------------------------------------------

    def _say(self, words: Words) -> str:
        return words.in_language(self._language)

    async def _command(self, line: str) -> Reply:
        self._refuse_early_words()
        self._write(f"{line}\r\n".encode())
        return await self._reply()

    def _refuse_early_words(self) -> None:
        """What was said before we asked is no answer: taken for one, every later reply would speak of another command."""
        if not self._reader.is_silent and not self._closed:
            raise ConversationError(sayings.out_of_turn(self._reader.unasked))

    def _refuse_when_ended(self) -> None:
        if self._writer is None or self._writer.is_closing():
            raise ConversationError(sayings.CLOSED)

    async def _reply(self) -> Reply:
        return await self._reader.next_reply(self._settings.timeout_s)

    def _write(self, content: bytes) -> None:
        if self._writer is None:
            raise ConversationError(sayings.NOT_CONNECTED)
        if not self._writer.is_closing():  # uvloop raises what asyncio passes over; whoever waits for the reply is told
            self._writer.write(content)


def _read_offers(reply: Reply) -> dict[str, str]:
    """Keyword → parameters of an answer to EHLO, upper case."""
    offers: dict[str, str] = {}
    for line in reply.lines[1:]:
        keyword, _, parameters = line.strip().upper().partition(" ")
        if keyword.startswith("AUTH="):  # «AUTH=LOGIN PLAIN»: from before RFC 2554, for old clients, beside the usual line or alone
            keyword, parameters = "AUTH", f"{keyword[5:]} {parameters}"
        offers[keyword] = f"{offers[keyword]} {parameters}" if keyword == "AUTH" and keyword in offers else parameters
    return offers


def _expect(reply: Reply, code: int) -> None:
    if reply.code != code:
        raise RefusedError(reply)


def _send_at_once(connected: socket.socket) -> None:
    """Without TCP_NODELAY the dot waits for the acknowledgement of the content: 23 messages a second over TLS."""
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)


def _own_name(transport: asyncio.BaseTransport | None) -> str:
    """What EHLO says: the host's full name, else an address literal (RFC 5321 §4.1.4)."""
    name = socket.gethostname()
    if re.fullmatch(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", name):
        return name
    address = transport.get_extra_info("sockname") if transport is not None else None
    host = str(address[0]).partition("%")[0] if address else "127.0.0.1"
    return f"[IPv6:{host}]" if ":" in host else f"[{host}]"


def _refuse_clear_password(settings: TransportSettings) -> None:
    if (settings.username or settings.auth == "xoauth2") and settings.security == "none" and not _is_loopback(settings.host):
        words = sayings.CLEAR_TOKEN if settings.auth == "xoauth2" else sayings.CLEAR_PASSWORD
        raise RefusedError(Reply(538, (b"5.7.11",)), words)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
