"""A notice to the desk: plain text, written by a machine and saying so."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

from composer.message.dkim import Signer, sign_message
from composer.message.headers import check_address, write_ascii, write_mailbox, write_text
from composer.message.quoted import encode_text
from composer.model.mailing import Message
from composer.model.newsletter import Newsletter


def build_notice(
    newsletter: Newsletter, *, to: str, subject: str, text: str, date: datetime, message_id: str, signer: Signer | None = None
) -> Message:
    """One notice for one address; ``date`` is aware. Raises MergeError for a value that cannot stand in a header."""
    sender = newsletter.sender
    headers = (
        write_mailbox("From", f"Hebdo – {newsletter.name}", sender.address),
        write_mailbox("To", "", to),
        write_text("Subject", subject),
        write_ascii("Date", format_datetime(date)),
        write_ascii("Message-ID", f"<{message_id}>"),
        # RFC 3834 §5: no holiday answer comes back.
        write_ascii("Auto-Submitted", "auto-generated"),
        b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
    )
    content = b"".join((*headers, encode_text(f"{text}\n")))
    return Message(
        envelope_from=check_address(sender.address, "From"),
        envelope_to=check_address(to, "To"),
        parts=(sign_message(content, signer, date=date) if signer else content,),
        message_id=message_id,
    )
