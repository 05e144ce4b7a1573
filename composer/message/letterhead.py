"""Which headers a message carries: those that all readers share, those of one reader, and the envelope's sender."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import datetime
from email.utils import format_datetime

from composer.errors import ConfigurationError
from composer.message.headers import check_address, write_ascii, write_mailbox, write_text
from composer.model.edition import Edition
from composer.model.mailing import Recipient
from composer.model.newsletter import Newsletter
from composer.text.addresses import archive_url, mailto_unsubscribe, unsubscribe_url
from composer.words import Words


def shared_headers(edition: Edition, newsletter: Newsletter) -> bytes:
    """The headers that every reader gets alike; raises ConfigurationError when the newsletter has no sender."""
    sender = newsletter.sender
    if not sender.address:
        raise _no_sender()
    lines = [
        write_mailbox("From", sender.name or newsletter.name, sender.address),
        write_mailbox("Reply-To", "", sender.reply_to or sender.address),
        write_ascii("List-Id", _list_id(newsletter)),
    ]
    if archive := archive_url(newsletter.site.public_url):
        lines.append(write_ascii("List-Archive", f"<{archive}>"))
    lines.append(write_ascii("Feedback-ID", feedback_id(edition.issue_id, newsletter)))
    lines.append(write_ascii("Precedence", "bulk"))
    return b"".join(lines)


def own_headers(newsletter: Newsletter, recipient: Recipient, *, subject: str, date: datetime) -> bytes:
    """The headers of one reader; raises MergeError for a value that cannot stand in a header."""
    return b"".join(
        (
            write_mailbox("To", recipient.name, recipient.email),
            write_text("Subject", subject.strip(" ")),
            write_ascii("Date", format_datetime(date)),
            write_ascii("Message-ID", f"<{recipient.message_id}>"),
            *_unsubscribe_headers(newsletter, recipient.token),
        )
    )


def envelope_sender(address: str, delivery_id: int, key: bytes) -> str:
    """VERP: ``local+b<delivery>-<signature>@domain``, so that a bounce names its delivery and nobody can forge one.

    The plain address without a key, or for a proof (delivery 0).
    """
    address = check_address(address, "From")
    if not key or not delivery_id:
        return address
    local, _, domain = address.rpartition("@")
    return f"{local}+{verp_token(delivery_id, key)}@{domain}"


def verp_token(delivery_id: int, key: bytes) -> str:
    """``b<delivery>-<80 bits of HMAC-SHA-256 in base32>``, lower case: some servers fold the local part."""
    signature = hmac.new(key, f"verp:{delivery_id}".encode(), hashlib.sha256).digest()[:10]
    return f"b{delivery_id}-{base64.b32encode(signature).decode().lower()}"


def read_verp_token(token: str, key: bytes) -> int | None:
    """The delivery that a token names; None when its signature is not ours."""
    found = re.fullmatch(r"b(\d{1,18})-[a-z2-7]{16}", token.casefold())
    if not found:
        return None
    delivery_id = int(found[1])
    return delivery_id if hmac.compare_digest(verp_token(delivery_id, key), token.casefold()) else None


def feedback_id(issue_id: str, newsletter: Newsletter) -> str:
    """Google's Feedback-ID, from the particular to the general: issue, newsletter, kind of mail, and the stable sender last."""
    return ":".join(re.sub(r"[^A-Za-z0-9.-]+", "-", part)[:60] for part in (issue_id, newsletter.list_id, "newsletter", "hebdo"))


def _unsubscribe_headers(newsletter: Newsletter, token: str) -> tuple[bytes, ...]:
    """RFC 2369 §3.2: an address and a mailto; RFC 8058 §3.1: one click, where there is an address to POST to."""
    mailto = f"<{mailto_unsubscribe(newsletter.sender.reply_to or newsletter.sender.address, token)}>"
    url = unsubscribe_url(newsletter.site.public_url, token)
    if not url:
        return (write_ascii("List-Unsubscribe", mailto),)
    # Without the second header a mail client must not unsubscribe by itself.
    return (
        write_ascii("List-Unsubscribe", f"<{url}>", mailto),
        write_ascii("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )


def _list_id(newsletter: Newsletter) -> str:
    """RFC 2919: the name only where it is plain ASCII, since an encoded word here hides the list from Gmail and Outlook."""
    name = newsletter.name
    if re.fullmatch(r"[A-Za-z0-9 .,'&!-]{1,80}", name):
        return f'"{name}" <{newsletter.list_id}>'
    return f"<{newsletter.list_id}>"


def _no_sender() -> ConfigurationError:
    return ConfigurationError(
        Words(fr="l’adresse d’expédition manque", en="the sender’s address is missing"),
        where="newsletter.toml",
        hint=Words(
            fr='ajoutez dans newsletter.toml, sous [sender], la ligne\u00a0: address = "lettre@votre-domaine.fr"',
            en='add this line to newsletter.toml under [sender]: address = "letter@your-domain.com"',
        ),
    )
