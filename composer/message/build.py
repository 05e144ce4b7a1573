"""One message at a time, and how large the largest one gets."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from composer.message.body import html_segments
from composer.message.dkim import Signer
from composer.message.template import compile_template, splice
from composer.model.edition import Edition
from composer.model.mailing import Message, Recipient
from composer.model.newsletter import Newsletter

Kind = Literal["mailing", "proof"]

_LONGEST_VALUE = 120  # bytes: an unsubscribe address with a 43 character token, or a long name, quoted-printable


def build_message(
    edition: Edition,
    recipient: Recipient,
    newsletter: Newsletter,
    *,
    date: datetime,
    kind: Kind = "mailing",
    number: int = 0,
    variant: str = "",
    mail_key: bytes = b"",
    signer: Signer | None = None,
) -> Message:
    """The message of one recipient; a proof's subject says which one it is («[Épreuve 2] …»), ``variant`` with whose eyes it is seen.

    ``date`` is aware. For many recipients of one edition: ``compile_template`` once, ``splice`` for each.
    """
    prefix = proof_prefix(number, lang=edition.lang, variant=variant) if kind == "proof" else ""
    template = compile_template(edition, newsletter, subject_prefix=prefix, web_token=recipient.web_token, mail_key=mail_key, signer=signer)
    return splice(template, recipient, date=date)


def proof_prefix(number: int, *, lang: str = "fr", variant: str = "") -> str:
    """What opens a proof's subject; numbered, since Gmail threads equal subjects and clips the repeats."""
    word = "Épreuve" if lang.startswith("fr") else "Proof"
    named = f"{word} {number}" if number else word
    return f"[{named}, {variant}] " if variant else f"[{named}] "


def longest_size(edition: Edition) -> int:
    """Bytes of the final HTML part with the longest usual merge values: what Gmail clips at 102 KB."""
    return sum(len(segment) if isinstance(segment, bytes) else _LONGEST_VALUE for segment in html_segments(edition))
