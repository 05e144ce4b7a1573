"""What the doctor saw: one thing about the domain, the relay, the pages or the machine, with its mend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from composer.words import Language, Words

Seen = Literal["ok", "advice", "warning", "error", "unknown"]  # unknown: it was not asked, or nobody answered
Part = Literal["dns", "relay", "pages", "machine", "engine", "proof"]

TTL_S = 3600
_MOST_BYTES = 255  # of one string of a TXT record (RFC 1035 §3.3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A line of a zone."""

    name: str  # ASCII, with final dot
    type: str  # TXT, MX, A …
    value: str  # TXT: the text as a provider's form takes it, unquoted; else as in a zone file
    ttl: int = TTL_S  # seconds
    strings: tuple[str, ...] = ()  # TXT that stands there now: the strings as they are cut

    @property
    def data(self) -> str:
        """The value as a zone file writes it: text quoted, in strings of at most 255 bytes."""
        if self.type not in {"TXT", "SPF"}:
            return self.value
        return " ".join(quote_text(part) for part in self.strings) if self.strings else quote_text(self.value)

    @property
    def line(self) -> str:
        """The whole line of a zone file (RFC 1035 §5.1)."""
        return f"{self.name} {self.ttl} IN {self.type} {self.data}"

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {"name": self.name, "ttl": self.ttl, "type": self.type, "value": self.value, "zone": self.line}


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One thing that was looked at."""

    code: str  # kebab-case; documented under this name on docs/doctor.md
    part: Part
    level: Seen
    saw: Words
    mend: Words | None = None
    record: Record | None = None  # to publish
    also: tuple[Record, ...] = ()  # to publish beside it
    removes: tuple[Record, ...] = ()  # to take out of the zone, in the same move
    command: str = ""  # to type; works as shown

    def to_json(self, language: Language) -> dict[str, Any]:
        """For programs."""
        return {
            "code": self.code,
            "part": self.part,
            "level": self.level,
            "saw": self.saw.in_language(language),
            "mend": self.mend.in_language(language) if self.mend else None,
            "record": self.record.to_json() if self.record else None,
            "also": [record.to_json() for record in self.also],
            "removes": [record.to_json() for record in self.removes],
            "command": self.command or None,
        }


def quote_text(text: str) -> str:
    """The strings of a TXT record in a zone file: quoted, at most 255 bytes each, what is not ASCII by its number."""
    content = text.encode("utf-8", "surrogateescape")
    pieces = [content[start : start + _MOST_BYTES] for start in range(0, len(content), _MOST_BYTES)] or [b""]
    return " ".join('"' + "".join(_escape(byte) for byte in piece) + '"' for piece in pieces)


def _escape(byte: int) -> str:
    if byte in b'"\\':
        return "\\" + chr(byte)
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03d}"
