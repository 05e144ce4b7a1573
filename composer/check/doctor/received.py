"""A message as it came back, read within bounds: what its headers say of its way. The message is a stranger's until proven ours."""

from __future__ import annotations

import email.policy
import itertools
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime

MOST_PARTS = 1000
_MOST_HOPS = 30
_DASHES = re.compile(rb"(?m)^--(?=\S)")
# RFC 3848 and its registry: protocols that end in S, or SA, were encrypted.
_WITH = re.compile(r"\bwith\s+([A-Za-z0-9]+)", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+(\S+)", re.IGNORECASE)
_BY = re.compile(r"\bby\s+(\S+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_PART = re.compile(r"(?P<method>spf|dkim|dmarc)\s*=\s*(?P<result>[a-z]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One Received line."""

    source: str
    host: str
    protocol: str  # ESMTPS …; "" where it does not say
    at: datetime | None
    mentions_tls: bool

    @property
    def is_encrypted(self) -> bool:
        """By its protocol's name, or by what it says in brackets."""
        return self.protocol.upper().endswith(("S", "SA")) or self.mentions_tls

    @property
    def is_local(self) -> bool:
        """Within one machine or one provider's house (no «from»), or not by SMTP at all."""
        near = re.search(r"\b127\.|\[?::1\b|localhost", self.source) is not None
        return not self.source or near or not re.match(r"(?:utf8)?e?smtp", self.protocol, re.IGNORECASE) or self.source == self.host


def read_message(content: bytes) -> Message:
    """The message, of as many parts as are read; never fails."""
    try:
        return BytesParser(policy=email.policy.compat32).parsebytes(content[: _end_of_read(content)])
    except RecursionError:  # parts within parts within parts
        return read_headers(content)


def read_headers(content: bytes) -> Message:
    """The headers of the message alone; never fails."""
    return BytesParser(policy=email.policy.compat32).parsebytes(content, headersonly=True)


def has_more_parts(content: bytes) -> bool:
    """Whether the message has more parts than are read."""
    return _end_of_read(content) < len(content)


def _end_of_read(content: bytes) -> int:
    """Where reading ends: at a line past the thousandth that may part a message (RFC 2046 §5.1.1)."""
    ends = itertools.islice(_DASHES.finditer(content), MOST_PARTS, None)
    return next((one.start() for one in ends), len(content)) if b"boundary" in content.lower() else len(content)


def header(message: Message, name: str) -> str:
    """The first header of this name, decoded and unfolded; "" without one."""
    raw = message.get(name)
    if raw is None:
        return ""
    try:
        return re.sub(r"\r?\n[ \t]", " ", str(make_header(decode_header(str(raw))))).strip()
    except (ValueError, LookupError, UnicodeError):
        return str(raw)


def raw_header(message: Message, name: str) -> str:
    """The header as it stands, unfolded."""
    return re.sub(r"\r?\n[ \t]+", " ", str(message.get(name) or "")).strip()


def address_in(message: Message, name: str) -> str:
    """The address in a header, lower case; "" for one that nobody can read."""
    try:
        return parseaddr(header(message, name))[1].lower()
    except RecursionError:  # brackets within brackets within brackets
        return ""


def hops(message: Message) -> tuple[Hop, ...]:
    """The way it came, the last hop first."""
    return tuple(_hop(str(line)) for line in (message.get_all("Received") or [])[:_MOST_HOPS])


def _hop(line: str) -> Hop:
    text, _, date = re.sub(r"\s+", " ", line[:4000]).rpartition(";")
    bare = _COMMENT.sub(" ", _COMMENT.sub(" ", text))
    found = {name: pattern.search(bare) for name, pattern in (("with", _WITH), ("from", _FROM), ("by", _BY))}
    return Hop(
        source=(found["from"][1].lower() if found["from"] else "")
        + (" " + " ".join(_COMMENT.findall(text)[:1]) if "[127." in text else ""),
        host=found["by"][1].lower() if found["by"] else "",
        protocol=found["with"][1] if found["with"] else "",
        at=_date(date),
        mentions_tls=re.search(r"TLSv?1|using TLS|version=TLS|cipher[ =]", text, re.IGNORECASE) is not None,
    )


def _date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(_COMMENT.sub("", text).strip())
    except (ValueError, TypeError, IndexError, OverflowError, RecursionError):
        return None
    return when if when.tzinfo else None


def verdicts(message: Message) -> dict[str, str]:
    """What the receiving host found (RFC 8601): method → result, of the topmost Authentication-Results alone.

    {} where none stands above the second Received line: a sender can write one as well, further down.
    """
    names = [name.lower() for name, _ in message.items()]
    if "authentication-results" not in names:
        return {}
    above = names[: names.index("authentication-results")].count("received")
    if above > 1:
        return {}
    text = _COMMENT.sub(" ", re.sub(r"\s+", " ", str(message.get("Authentication-Results"))[:8000]))
    found: dict[str, str] = {}
    for part in _PART.finditer(text.partition(";")[2]):
        method, result = part["method"].lower(), part["result"].lower()
        if found.get(method) != "pass":  # of several signatures one that passes is enough
            found[method] = result
    return found


def parts(message: Message) -> dict[str, str]:
    """The texts of a message by type; the first of each, decoded, ends of lines alike."""
    found: dict[str, str] = {}
    for part in message.walk():
        kind = part.get_content_type()
        if kind in {"text/plain", "text/html"} and kind not in found:
            content = part.get_payload(decode=True)
            text = content.decode(_charset(part), "replace") if isinstance(content, bytes) else ""
            found[kind] = re.sub(r"[ \t]+(?=\n)", "", text.replace("\r\n", "\n")).strip()
    return found


def _charset(part: Message) -> str:
    name = part.get_content_charset() or "utf-8"
    try:
        "".encode(name)
    except (LookupError, ValueError):
        return "utf-8"
    return name
