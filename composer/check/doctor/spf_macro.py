"""The macros of SPF (RFC 7208 §7): ``%{i}`` and the like, filled in for one sender."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote

_MACRO = re.compile(r"%(?:\{(?P<letter>[a-zA-Z])(?P<keep>\d*)(?P<turn>[rR]?)(?P<cuts>[.+,/_=-]*)\}|(?P<sign>[%_-]))")
_SIGNS = {"%": "%", "_": " ", "-": "%20"}
_LONGEST = 253


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One connection as a receiver sees it."""

    address: str  # IP that the mail comes from
    sender: str  # envelope sender
    helo: str = ""  # the name that the relay says; "" when nobody knows


class UnknownMacroError(Exception):
    """A macro that cannot be filled in from here: the reverse name (p), or the helo when nobody knows it."""


def has_macro(text: str) -> bool:
    """Whether ``text`` depends on who sends."""
    return "%" in text


def expand(text: str, domain: str, sending: Sending) -> str:
    """``text`` for ``sending``, judged for ``domain``; raises UnknownMacroError."""
    filled = _MACRO.sub(lambda found: _value(found, domain, sending), text).rstrip(".")
    while len(filled) > _LONGEST and "." in filled:  # §7.3: labels fall off on the left
        filled = filled.partition(".")[2]
    return filled


def _value(found: re.Match[str], domain: str, sending: Sending) -> str:
    if found["sign"]:
        return _SIGNS[found["sign"]]
    letter = found["letter"]
    value = _letter(letter.lower(), domain, sending)
    parts = re.split(f"[{re.escape(found['cuts'] or '.')}]", value)
    if found["turn"]:
        parts.reverse()
    if found["keep"]:
        parts = parts[-max(1, int(found["keep"][:4])) :]
    joined = ".".join(parts)
    return quote(joined, safe="") if letter.isupper() else joined


def _letter(letter: str, domain: str, sending: Sending) -> str:
    local, _, own = sending.sender.rpartition("@")
    address = ipaddress.ip_address(sending.address)
    known = {
        "s": sending.sender,
        "l": local or "postmaster",
        "o": own,
        "d": domain,
        "i": str(address) if address.version == 4 else ".".join(address.exploded.replace(":", "")),
        "v": "in-addr" if address.version == 4 else "ip6",
        "h": sending.helo,
    }
    if not known.get(letter):
        raise UnknownMacroError
    return known[letter]
