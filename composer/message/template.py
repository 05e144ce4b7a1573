"""Compile once, splice per recipient: what all readers share is quoted-printable bytes before the first message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from composer.message.body import Body, close_body, compile_body
from composer.message.canonical import is_relaxed
from composer.message.dkim import Signer, Stamp, make_stamp, write_signatures
from composer.message.headers import check_address, write_text
from composer.message.letterhead import OWN, envelope_sender, one_click, own_headers, shared_headers, write_moment
from composer.model.edition import Edition
from composer.model.mailing import Message, Recipient
from composer.model.newsletter import Newsletter
from composer.text.closing import Letter, some_values
from composer.text.merge import MergeField, field_value, split_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplate:
    """An edition made ready for many recipients."""

    newsletter: Newsletter
    letter: Letter
    sender: str  # of the envelope, before VERP
    subject: tuple[str | MergeField, ...] | bytes  # cut at its fields; without a field the header itself
    names: frozenset[str]  # of the fields that are open in subject and body
    shared: bytes = field(repr=False)  # headers before the reader's own, the same for all
    further: bytes = field(repr=False)  # those behind them, and the line that ends them
    body: Body = field(repr=False)
    mail_key: bytes = field(repr=False)  # signs the envelope's sender; b"": the plain address
    stamp: Stamp | None = field(repr=False)  # None: Hebdo does not sign


def compile_template(
    edition: Edition,
    newsletter: Newsletter,
    *,
    subject_prefix: str = "",
    web_token: str = "",
    mail_key: bytes = b"",
    signer: Signer | None = None,
) -> MessageTemplate:
    """The template of one edition; raises ConfigurationError when the newsletter has no sender.

    ``web_token`` opens the web view of a proof, the same for all readers of the template.
    """
    # "=_" stands nowhere in quoted-printable, so no content can hold the boundary (RFC 2045 §6.7).
    boundary = f"=_hebdo_{edition.digest[:24]}"
    letter = Letter.of(newsletter, issue_id=edition.issue_id, lang=edition.lang, web_token=web_token)
    body = compile_body(edition, letter, boundary)
    subject = split_tokens(subject_prefix + edition.subject, edition.field_prefix)
    shared, further = shared_headers(edition, newsletter), (*one_click(newsletter), *_mime_headers(boundary))
    return MessageTemplate(
        newsletter=newsletter,
        letter=letter,
        sender=check_address(newsletter.sender.address, "From"),
        subject=subject if _names(subject) else _subject(subject, {}),
        names=_names(subject) | body.names,
        shared=b"".join(shared),
        further=b"".join((*further, b"\r\n")),
        body=body,
        mail_key=mail_key,
        stamp=_stamp(signer, (*shared, *further), body) if signer else None,
    )


def splice(template: MessageTemplate, recipient: Recipient, *, date: datetime) -> Message:
    """The message of one reader; ``date`` is aware. Raises MergeError when a field stays open or a value cannot stand in a header."""
    address = check_address(recipient.email, "To")
    values = some_values(recipient, template.letter, template.names)
    subject = template.subject if isinstance(template.subject, bytes) else _subject(template.subject, values)
    date_line, seconds = write_moment(date)
    own = own_headers(template.newsletter, recipient, address=address, subject=subject, date=date_line)
    body = close_body(template.body, values)
    signatures = write_signatures(template.stamp, own=own, body=body, at=seconds) if template.stamp else b""
    return Message(
        envelope_from=envelope_sender(template.sender, recipient.delivery_id, template.mail_key),
        envelope_to=address,
        parts=(signatures, template.shared, *own, template.further, *body),
        message_id=recipient.message_id,
        delivery_id=recipient.delivery_id,
        ready=True,
    )


def _mime_headers(boundary: str) -> tuple[bytes, bytes]:
    return b"MIME-Version: 1.0\r\n", f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n'.encode()


def _names(parts: tuple[str | MergeField, ...]) -> frozenset[str]:
    return frozenset(part.name for part in parts if isinstance(part, MergeField))


def _subject(parts: tuple[str | MergeField, ...], values: Mapping[str, str]) -> bytes:
    closed = "".join(part if isinstance(part, str) else field_value(part, values) for part in parts)
    return write_text("Subject", closed.strip(" "))


def _stamp(signer: Signer, headers: tuple[bytes, ...], body: Body) -> Stamp:
    """Bodies are written so that they are signed as they stand; should one be odd, it is canonicalised for each reader, and the mailing leaves."""
    fixed = [piece for piece in body.pieces if piece]
    plain = is_relaxed(b"".join(fixed)) and all(piece.endswith(b"\r\n") for piece in fixed)
    return make_stamp(signer, shared=headers, own=OWN, opening=body.pieces[0], is_relaxed=plain)
