"""What stands before every page: the names it answers to, where a POST may come from, what a browser may do with it."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs, unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from composer.text.hosts import LOOPBACK_NAMES, bracketed, canonical_address, host_of, is_loopback, read_host
from composer.web.callers import Caller, read_caller, read_networks

_ABSOLUTE = re.compile(r"https?://([^/?#@]+)(/.*)?", re.IGNORECASE)
YEAR_S = 365 * 86400

# Nothing but our own files, nothing inline, nobody may frame us.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Readers' pages run no script at all.
READER_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
# A mail carries its own styles and runs nothing; ``sandbox`` holds even when it is opened outside of its frame.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors {ancestors}; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
FRAME_POLICY = MAIL_POLICY.format(ancestors="'self'")
WEB_VIEW_POLICY = MAIL_POLICY.format(ancestors="'none'").replace("img-src 'self'", "img-src 'self' https:")


class HostGuard:
    """Answers only to names it knows: a foreign name that resolves to this machine (DNS rebinding) gets 421 and nothing else.

    Loopback names count only for who sits at this machine, with no proxy between; with ``by_address`` so does the address that was
    connected to, since a name cannot be rebound to what is none. What is behind sees the reader's address and scheme.
    """

    def __init__(self, app: ASGIApp, *, names: Iterable[str], proxies: Iterable[str] = (), by_address: bool = False) -> None:
        self.app = app
        self.names = frozenset(filter(None, map(host_of, names)))
        self.proxies = read_networks(proxies)
        self.by_address = by_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = _asked_host(scope)
        caller = read_caller(scope, self.proxies)
        if asked is None:
            refused = 400, "Bad Request\n"
        elif not self._knows(asked, caller, scope):
            refused = 421, "Misdirected Request\n"
        else:
            scope["client"] = (caller.address, 0) if caller.address else None
            scope["scheme"] = "https" if caller.secure else "http"
            await self.app(scope, receive, send)
            return
        await PlainTextResponse(refused[1], status_code=refused[0])(scope, receive, send)

    def _knows(self, asked: str, caller: Caller, scope: Scope) -> bool:
        if caller.host is not None:
            # A trusted proxy that asks us by another name says which one its reader used; a loopback name is its own.
            return read_host(caller.host) in self.names and (asked in self.names or asked in LOOPBACK_NAMES)
        if asked in LOOPBACK_NAMES - self.names:
            return is_loopback(caller.address) and not caller.forwarded
        own = canonical_address((scope.get("server") or ("",))[0]) if self.by_address else ""
        return asked in self.names or (bool(own) and asked == bracketed(own))


def _asked_host(scope: Scope) -> str | None:
    """The one name that is asked for; None for a request that names none or several, or whose end two servers would see differently.

    A target in absolute form counts instead of Host (RFC 9112 §3.2.2), and is rewritten to the usual form.
    """
    headers = MutableHeaders(scope=scope)
    named = headers.getlist("host")
    if len(named) != 1 or ("transfer-encoding" in headers and "content-length" in headers):
        return None
    target = scope["raw_path"].decode("latin-1")
    if not target.startswith("/"):
        absolute = _ABSOLUTE.fullmatch(target)
        if not absolute:
            return None
        named = [absolute[1]]
        path = absolute[2] or "/"
        scope["path"], scope["raw_path"] = unquote(path), path.encode("latin-1")
        headers["host"] = absolute[1]
    return read_host(named[0])


class OriginGuard:
    """Refuses a writing request that a foreign page made; every browser sends Origin with a POST or PUT."""

    def __init__(self, app: ASGIApp, *, refuse: ASGIApp) -> None:
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what reads, and what writes from our own pages."""
        if scope["type"] == "http" and scope["method"] not in {"GET", "HEAD"} and not same_origin(scope):
            await self.refuse(scope, receive, send)
            return
        await self.app(scope, receive, send)


def same_origin(scope: Scope) -> bool:
    """Whether Origin names the very host and port that were asked, and the browser does not contradict it."""
    headers = Headers(scope=scope)
    origin = urlsplit(headers.get("origin", ""))
    site = headers.get("sec-fetch-site", "same-origin")
    same = origin.scheme in {"http", "https"} and origin.netloc.lower() == headers.get("host", "").lower()
    return same and bool(origin.netloc) and site == "same-origin"


class SizeGuard:
    """Refuses a body longer than ``limit_bytes``, counted as it arrives: Content-Length may be absent or wrong."""

    def __init__(self, app: ASGIApp, *, limit_bytes: int) -> None:
        self.app = app
        self.limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body up to the limit, then pass it on whole."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        body, fits = await _read_up_to(receive, self.limit_bytes)
        if body is None:  # whoever asked is gone before the end: half a body is acted on by nobody
            return
        if not fits:
            await PlainTextResponse("Content Too Large\n", status_code=413)(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)


async def _read_up_to(receive: Receive, limit_bytes: int) -> tuple[bytes | None, bool]:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None, True
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit_bytes:
            return b"", False
        if not message.get("more_body", False):
            return b"".join(parts), True


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again


def standing_headers(*, policy: str, referrer: str) -> dict[str, str]:
    """What every answer carries, also that to a fault of ours, which no guard sees pass."""
    return {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": referrer,
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
        "cache-control": "no-store",
    }


class HeaderGuard:
    """Adds what every answer carries; a page that set its own value keeps it.

    With ``only_https`` a browser that came by https never tries http again (RFC 6797 §7.2: over http nothing is said).
    """

    def __init__(self, app: ASGIApp, *, policy: str, referrer: str, only_https: bool = False) -> None:
        self.app = app
        self.headers = standing_headers(policy=policy, referrer=referrer)
        self.only_https = only_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and complete the answer's headers."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if self.only_https and scope["scheme"] == "https":
                    headers["strict-transport-security"] = f"max-age={YEAR_S}"
            await send(message)

        await self.app(scope, receive, complete if scope["type"] == "http" else send)


class KeyGuard:
    """Lets in who has this run's key: once in the address (``?jeton=``), then in a cookie.

    The cookie's name holds a digest of the key: two previews on two ports of one machine do not evict each other.
    """

    def __init__(self, app: ASGIApp, *, key: str, refuse: ASGIApp, welcome: Callable[[str, str], ASGIApp]) -> None:
        self.app = app
        self.key = key
        self.refuse = refuse
        self.welcome = welcome
        self.cookie = f"hebdo_{form_token(key, 'cookie')[:12]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, welcome, or refuse."""
        if scope["type"] != "http" or _equal(_cookie(scope, self.cookie), self.key):
            await self.app(scope, receive, send)
        elif scope["method"] == "GET" and _equal(_asked_key(scope), self.key):
            await self.welcome(self.cookie, self.key)(scope, receive, send)
        else:
            await self.refuse(scope, receive, send)


def form_token(key: str, purpose: str) -> str:
    """A value that only who knows ``key`` can make; the key itself never stands in a page."""
    return hmac.new(key.encode(), purpose.encode(), "sha256").hexdigest()


def _cookie(scope: Scope, name: str) -> str:
    cookies: dict[str, str] = cookie_parser(Headers(scope=scope).get("cookie", ""))
    return cookies.get(name, "")


def _asked_key(scope: Scope) -> str:
    asked: str = scope.get("query_string", b"").decode("latin-1")
    return parse_qs(asked).get("jeton", [""])[0]


def _equal(given: str, wanted: str) -> bool:
    return bool(given) and hmac.compare_digest(given.encode(), wanted.encode())
