"""The body of a message, plain text and HTML: fixed bytes, and the gaps that are closed for one reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from composer.message.quoted import encode_piece, encode_value
from composer.model.edition import Edition
from composer.text.closing import Letter, shared_values
from composer.text.escape import escape_attribute
from composer.text.merge import MergeField, field_value, split_tokens


@dataclass(frozen=True, slots=True)
class Gap:
    """A merge field of the body, and whether it stands in HTML."""

    field: MergeField
    html: bool


Segments = tuple[bytes | Gap, ...]
T = TypeVar("T", str, bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Both parts with their boundaries, ready to be closed."""

    pieces: tuple[bytes, ...]  # in order; b"" where a gap is, never at the start
    gaps: tuple[tuple[Gap, tuple[int, ...]], ...]  # each with its places among the pieces

    @property
    def names(self) -> frozenset[str]:
        """Of the fields that are open."""
        return frozenset(gap.field.name for gap, _ in self.gaps)


def compile_body(edition: Edition, letter: Letter, boundary: str) -> Body:
    """RFC 2046 §5.1.4: the plainest alternative first."""
    known = shared_values(letter)
    text = _segments(edition.text, edition.field_prefix, html=False, known=known)
    segments = (
        _part(boundary, "text/plain"),
        *_ended(text),
        b"\r\n" + _part(boundary, "text/html"),
        *_ended(html_segments(edition, known)),
        f"\r\n--{boundary}--\r\n".encode(),
    )
    return _cut(_join(segments))


def close_body(body: Body, values: Mapping[str, str]) -> list[bytes]:
    """The pieces of one reader's body, each gap on soft-broken lines of its own; raises MergeError for one that nobody fills."""
    pieces = list(body.pieces)
    for gap, places in body.gaps:
        closed = encode_value(_text(gap, values))
        for place in places:
            pieces[place] = closed
    return pieces


def html_segments(edition: Edition, known: Mapping[str, str] | None = None) -> Segments:
    """The HTML part as it goes on the wire, gaps open but for the fields ``known``, whose values all readers share."""
    return _segments(edition.html, edition.field_prefix, html=True, known=known or {})


def _part(boundary: str, kind: str) -> bytes:
    return f"--{boundary}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".encode()


def _segments(content: str, prefix: str, *, html: bool, known: Mapping[str, str]) -> Segments:
    """Fixed stretches encoded, each ended so that whatever follows starts its own line."""
    gaps = (part if isinstance(part, str) else Gap(part, html) for part in split_tokens(content, prefix))
    parts = [_text(gap, known) if isinstance(gap, Gap) and gap.field.name in known else gap for gap in gaps]
    return tuple(encode_piece(part) if isinstance(part, str) else part for part in _join(parts))


def _text(gap: Gap, values: Mapping[str, str]) -> str:
    value = field_value(gap.field, values)
    return escape_attribute(value) if gap.html else value


def _ended(segments: Segments) -> Segments:
    """Without the soft break that nothing follows."""
    last = segments[-1] if segments else b""
    return (*segments[:-1], last.removesuffix(b"=\r\n")) if isinstance(last, bytes) else segments


def _join(parts: Iterable[T | Gap]) -> tuple[T | Gap, ...]:
    """Neighbouring fixed stretches made one."""
    joined: list[T | Gap] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last is None or isinstance(last, Gap) or isinstance(part, Gap):
            joined.append(part)
        else:
            joined[-1] = last + part
    return tuple(joined)


def _cut(segments: Segments) -> Body:
    places: dict[Gap, tuple[int, ...]] = {}
    for place, segment in enumerate(segments):
        if isinstance(segment, Gap):
            places[segment] = (*places.get(segment, ()), place)
    return Body(pieces=tuple(one if isinstance(one, bytes) else b"" for one in segments), gaps=tuple(places.items()))
