"""Logging in (RFC 4954): PLAIN (RFC 4616), LOGIN, XOAUTH2, OAUTHBEARER (RFC 7628). Nothing that is a secret is ever quoted."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Awaitable, Callable, Sequence

from composer.model.newsletter import TransportSettings
from composer.transports import sayings
from composer.transports.replies import RefusedError, Reply
from composer.transports.tokens import TokenSource

Ask = Callable[[str], Awaitable[Reply]]

PASSWORD_WAYS = ("PLAIN", "LOGIN")
TOKEN_WAYS = ("XOAUTH2", "OAUTHBEARER")
_LINE = 510  # RFC 5321 §4.5.3.1.4, without CRLF; RFC 4954 §4: what is longer follows on a line of its own
_UNKNOWN_WAY = 504  # RFC 4954 §4: the server knows no such mechanism


async def log_in(ask: Ask, settings: TransportSettings, offered: Sequence[str], tokens: TokenSource) -> None:
    """Log in over a conversation that ``ask`` holds; raises RefusedError with the server's words, or with ours."""
    by_token = settings.auth == "xoauth2"
    ways = [way for way in (TOKEN_WAYS if by_token else PASSWORD_WAYS) if way in offered]
    if not ways:
        raise RefusedError(Reply(_UNKNOWN_WAY, (b"5.7.4",)), sayings.NO_TOKEN_AUTH if by_token else sayings.NO_AUTH)
    await (_with_token(ask, settings, ways[0], tokens) if by_token else _with_password(ask, settings, ways))


# -- password ---------------------------------------------------------------------------------------------------------------------------


async def _with_password(ask: Ask, settings: TransportSettings, ways: Sequence[str]) -> None:
    user, password = settings.username, settings.password
    secrets = (*_forms(password), _base64(f"\0{user}\0{password}"))
    for way in ways:
        exchange = _plain(ask, user, password) if way == "PLAIN" else _login(ask, user, password)
        reply = without_secrets(await exchange, secrets)
        if reply.code != _UNKNOWN_WAY:
            break
    if reply.code != 235:
        raise RefusedError(reply)


async def _plain(ask: Ask, user: str, password: str) -> Reply:
    response = _base64(f"\0{user}\0{password}")
    reply = await _first(ask, "PLAIN", response)
    return await ask(response) if _asks(reply) else reply


async def _login(ask: Ask, user: str, password: str) -> Reply:
    reply = await ask("AUTH LOGIN")
    for answer in (user, password):
        if reply.code != 334:
            return reply
        reply = await ask(_base64(answer))
    return reply


# -- token --------------------------------------------------------------------------------------------------------------------------------


async def _with_token(ask: Ask, settings: TransportSettings, way: str, tokens: TokenSource) -> None:
    if not settings.username:
        raise RefusedError(Reply(535, (b"5.7.8",)), sayings.NO_USER)
    token = await tokens.current()
    reply, told = await _show_token(ask, settings, way, token)
    if reply.code // 100 == 5 and (fresh := await tokens.instead_of(token)):
        token = fresh
        reply, told = await _show_token(ask, settings, way, token)
    if reply.code == 235:
        return
    if reply.code // 100 == 5:
        tokens.forget(token)
    words = sayings.token_refused(told, reply.words, by_command=bool(settings.token_command))
    raise RefusedError(reply, words if reply.code // 100 == 5 else None)


async def _show_token(ask: Ask, settings: TransportSettings, way: str, token: str) -> tuple[Reply, str]:
    """The server's last reply, and what it said before in a challenge."""
    bearer = f"auth=Bearer {token}\x01\x01"
    # RFC 5801 §4: «,» and «=» are written out in the header of OAUTHBEARER.
    user = settings.username.replace("=", "=3D").replace(",", "=2C")
    plain = (
        f"user={settings.username}\x01{bearer}"
        if way == "XOAUTH2"
        else f"n,a={user},\x01host={settings.host}\x01port={settings.port}\x01{bearer}"
    )
    response = _base64(plain)
    secrets = (*_forms(token), response, plain)
    reply = await _first(ask, way, response)
    if _asks(reply):
        reply = await ask(response)
    told = ""
    if reply.code == 334:  # an error that wants an empty answer; the no follows (RFC 7628 §3.2.3)
        told = _challenge(reply, secrets)
        reply = await ask("" if way == "XOAUTH2" else _base64("\x01"))
    return without_secrets(reply, secrets), told


def _challenge(reply: Reply, secrets: Sequence[str]) -> str:
    """«status 401, scope …» of the JSON in a challenge; "" when there is none."""
    try:
        said = json.loads(base64.b64decode(b"".join(reply.said), validate=True))
    except (ValueError, binascii.Error, RecursionError):
        return ""
    if not isinstance(said, dict):
        return ""
    parts = [f"{key} {said[key]}" for key in ("status", "scope", "schemes") if isinstance(said.get(key), str | int)]
    return without_secrets(Reply(334, (", ".join(parts).encode(),)), secrets).words[:200]


# -- both ---------------------------------------------------------------------------------------------------------------------------------


async def _first(ask: Ask, way: str, response: str) -> Reply:
    """The first reply to ``response``, sent along with AUTH where the line may be as long."""
    line = f"AUTH {way} {response}"
    if len(line) <= _LINE:
        return await ask(line)
    reply = await ask(f"AUTH {way}")
    return await ask(response) if reply.code == 334 else reply


def _asks(reply: Reply) -> bool:
    """Whether the server did not look at what was sent along: an empty challenge."""
    return reply.code == 334 and not b"".join(reply.said).strip()


def without_secrets(reply: Reply, secrets: Sequence[str]) -> Reply:
    """A server may say again what it was told; the ledger and the logs must not keep it."""
    known = sorted(filter(None, secrets), key=len, reverse=True)
    hidden = re.compile("|".join(map(re.escape, known)))
    return Reply(reply.code, tuple(hidden.sub("…", line).encode() for line in reply.lines)) if known else reply


def _forms(secret: str) -> tuple[str, ...]:
    return (secret, _base64(secret)) if secret else ()


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
