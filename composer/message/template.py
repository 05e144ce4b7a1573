"""Compile once, splice per recipient: what all readers share is quoted-printable bytes before the first message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from composer.message.headers import check_address
from composer.message.letterhead import envelope_sender, own_headers, shared_headers
from composer.message.quoted import encode_piece
from composer.model.edition import Edition
from composer.model.mailing import Message, Recipient
from composer.model.newsletter import Newsletter
from composer.text.closing import close_text, field_values
from composer.text.escape import escape_attribute
from composer.text.merge import MergeField, field_value, split_tokens


@dataclass(frozen=True, slots=True)
class Gap:
    """A merge field of the body, and whether it stands in HTML."""

    field: MergeField
    html: bool


Segments = tuple[bytes | Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplate:
    """An edition made ready for many recipients."""

    newsletter: Newsletter
    issue_id: str
    lang: str
    subject: str  # tokens open
    field_prefix: str
    shared: bytes = field(repr=False)  # headers, the same for every reader
    body: Segments = field(repr=False)  # from MIME-Version on: both parts with their boundaries
    mail_key: bytes = field(repr=False)  # signs the envelope's sender; b"": the plain address


def compile_template(edition: Edition, newsletter: Newsletter, *, subject_prefix: str = "", mail_key: bytes = b"") -> MessageTemplate:
    """The template of one edition; raises ConfigurationError when the newsletter has no sender."""
    # "=_" stands nowhere in quoted-printable, so no content can hold the boundary (RFC 2045 §6.7).
    boundary = f"=_hebdo_{edition.digest[:24]}"
    return MessageTemplate(
        newsletter=newsletter,
        issue_id=edition.issue_id,
        lang=edition.lang,
        subject=subject_prefix + edition.subject,
        field_prefix=edition.field_prefix,
        shared=shared_headers(edition, newsletter),
        body=_body(edition, boundary),
        mail_key=mail_key,
    )


def splice(template: MessageTemplate, recipient: Recipient, *, date: datetime) -> Message:
    """The message of one reader; ``date`` is aware. Raises MergeError when a field stays open or a value cannot stand in a header."""
    newsletter = template.newsletter
    values = field_values(recipient, newsletter, issue_id=template.issue_id, lang=template.lang)
    headers = own_headers(newsletter, recipient, subject=close_text(template.subject, template.field_prefix, values), date=date)
    return Message(
        envelope_from=envelope_sender(newsletter.sender.address, recipient.delivery_id, template.mail_key),
        envelope_to=check_address(recipient.email, "To"),
        content=b"".join((template.shared, headers, *_closed(template.body, values))),
        message_id=recipient.message_id,
        delivery_id=recipient.delivery_id,
        ready=True,
    )


def html_segments(edition: Edition) -> Segments:
    """The HTML part as it goes on the wire, gaps open."""
    return _segments(edition.html, edition.field_prefix, html=True)


def _body(edition: Edition, boundary: str) -> Segments:
    """RFC 2046 §5.1.4: the plainest alternative first."""
    text = _segments(edition.text, edition.field_prefix, html=False)
    return _join(
        (
            _opening(boundary) + _part(boundary, "text/plain"),
            *_ended(text),
            b"\r\n" + _part(boundary, "text/html"),
            *_ended(html_segments(edition)),
            f"\r\n--{boundary}--\r\n".encode(),
        )
    )


def _opening(boundary: str) -> bytes:
    return f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'.encode()


def _part(boundary: str, kind: str) -> bytes:
    return f"--{boundary}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".encode()


def _segments(content: str, prefix: str, *, html: bool) -> Segments:
    """Fixed stretches encoded, each ended so that whatever follows starts its own line."""
    parts = split_tokens(content, prefix)
    return tuple(encode_piece(part) if isinstance(part, str) else Gap(part, html) for part in parts)


def _ended(segments: Segments) -> Segments:
    """Without the soft break that nothing follows."""
    last = segments[-1] if segments else b""
    return (*segments[:-1], last.removesuffix(b"=\r\n")) if isinstance(last, bytes) else segments


def _join(segments: Segments) -> Segments:
    """Neighbouring fixed stretches made one."""
    joined: list[bytes | Gap] = []
    for segment in segments:
        if isinstance(segment, bytes) and joined and isinstance(last := joined[-1], bytes):
            joined[-1] = last + segment
        else:
            joined.append(segment)
    return tuple(joined)


def _closed(segments: Segments, values: Mapping[str, str]) -> Iterator[bytes]:
    """Every gap closed on soft-broken lines of its own; a repeated field is encoded once."""
    seen: dict[Gap, bytes] = {}
    for segment in segments:
        if isinstance(segment, bytes):
            yield segment
            continue
        if segment not in seen:
            seen[segment] = encode_piece(_close(segment, values))
        yield seen[segment]


def _close(gap: Gap, values: Mapping[str, str]) -> str:
    value = field_value(gap.field, values)
    return escape_attribute(value) if gap.html else value
