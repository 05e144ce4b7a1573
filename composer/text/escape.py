"""Values on their way into HTML, addresses and headers."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

from composer.text.hosts import ascii_name

_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_SPECIAL = re.compile(r"[&<>\"'\n\r\t]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Bidirectional overrides and line separators can make a header or an address show something else than it is.
_HEADER_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def escape_html(text: str) -> str:
    """``text`` as the text of an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_attribute(text: str) -> str:
    """``text`` between double quotes (single ones and element text are safe too); line ends become references."""
    if _SPECIAL.search(text) is None:  # so it is with nearly every value of a reader
        return text
    return (
        escape_html(text).replace('"', "&quot;").replace("'", "&#39;").replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    )


@lru_cache(maxsize=4096)
def safe_url(url: str) -> str | None:
    """``url`` ready for a link, or None where it must not be one.

    Only http, https, mailto and tel; no control characters, no user name that hides the host; spaces and non-ASCII characters of path and query are
    percent-encoded (RFC 3986). Merge fields and existing escapes stay.
    """
    trimmed = url.strip()
    if not trimmed or _CONTROLS.search(trimmed) or "\\" in trimmed:
        return None
    try:
        parts = urlsplit(trimmed)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES:
        return None
    if parts.scheme.lower() in {"http", "https"} and (not host or "@" in parts.netloc or re.search(r"[\s<>\"'`%{}|^]", host)):
        return None
    if parts.scheme.lower() in {"mailto", "tel"} and not parts.path:
        return None
    return quote(_ascii_host(trimmed, host), safe="!#$%&'()*+,-./:;=?@[]_~|")


def _ascii_host(url: str, host: str | None) -> str:
    """The address with its host in ASCII (RFC 5891), so that every client finds it."""
    if not host or host.isascii():
        return url
    try:
        return re.sub(re.escape(host), ascii_name(host), url, count=1, flags=re.IGNORECASE)
    except UnicodeError:
        return url


def clean_header(value: str) -> str:
    """``value`` on one line: controls and line ends become single spaces (a header must never grow a second one)."""
    return re.sub(r" {2,}", " ", _HEADER_CONTROLS.sub(" ", value)).strip()
