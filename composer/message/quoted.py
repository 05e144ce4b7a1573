"""Quoted-printable (RFC 2045 §6.7), written so that nothing on the way needs to touch it again.

Lines are at most 76 characters with CRLF. A dot or «From » that opens a line is encoded, so the wire's dot-stuffing and old mailboxes find
nothing to do. Blanks at a line's end and every second blank of a run are encoded, so DKIM's relaxed body canonicalisation (RFC 6376 §3.4.4) is the
identity.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WIDTH = 75  # characters before a soft break's "="
_OPENING = 2  # what encoding a row's first character adds at most
_LITERAL = frozenset(range(33, 127)) - {ord("=")}
_CODES = tuple(chr(byte).encode("latin-1") if byte in _LITERAL or byte == 32 else b"=%02X" % byte for byte in range(256))
_SAFE_LINE = re.compile(rb"(?!From |\.)(?:[!-<>-~]+(?: [!-<>-~]+)*)?")


def encode_text(text: str) -> bytes:
    """``text`` (LF or CRLF) from the start of a line on; a last line without line break stays open."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode().split(b"\n")
    return b"\r\n".join(_encode_line(line) for line in lines)


def encode_piece(text: str) -> bytes:
    """As ``encode_text``, closed by a soft break when the last line is open: whatever follows starts its own line."""
    encoded = encode_text(text)
    return encoded if not encoded or encoded.endswith(b"\r\n") else encoded + b"=\r\n"


def encode_value(value: str) -> bytes:
    """As ``encode_piece``, for what is put into a gap."""
    plain = value.encode() if value.isascii() else b""
    if plain and len(plain) <= _WIDTH and _SAFE_LINE.fullmatch(plain):
        return plain + b"=\r\n"
    return _encode_odd_value(value)


@lru_cache(maxsize=1024)  # a day or a first name comes again in many messages
def _encode_odd_value(value: str) -> bytes:
    return encode_piece(value)


def _encode_line(line: bytes) -> bytes:
    if len(line) <= _WIDTH and _SAFE_LINE.fullmatch(line):
        return line
    if b"  " not in line and not line.endswith(b" "):  # each byte is then its own code, and most lines fit
        encoded = b"".join([_CODES[byte] for byte in line])
        if len(encoded) <= _WIDTH - _OPENING and not encoded.startswith((b".", b"From ")):
            return encoded
    return _soften(_units(line))


def _units(line: bytes) -> list[bytes]:
    """Each byte as it stands on the wire, blanks looked at with their neighbours."""
    units = [_CODES[byte] for byte in line]
    last = len(units) - 1
    for index, unit in enumerate(units):
        if unit == b" " and (index == last or (index and units[index - 1] == b" ")):
            units[index] = b"=20"
    return units


def _soften(units: list[bytes]) -> bytes:
    """Joined, with a soft break before a row grows too long and what opens a row made harmless."""
    rows: list[list[bytes]] = [[]]
    width = 0
    for unit in units:
        if width + len(unit) > _WIDTH - _OPENING:
            rows.append([])
            width = 0
        rows[-1].append(unit)
        width += len(unit)
    return b"=\r\n".join(_open_row(row) for row in rows)


def _open_row(row: list[bytes]) -> bytes:
    if row and row[0] == b".":
        row[0] = b"=2E"
    elif row[:5] == [b"F", b"r", b"o", b"m", b" "]:
        row[0] = b"=46"
    return b"".join(row)
