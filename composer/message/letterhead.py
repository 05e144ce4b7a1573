"""Which headers a message carries: those that all readers share, those of one reader, and the envelope's sender."""

from __future__ import annotations

import hmac
import re
from datetime import datetime, tzinfo
from email.utils import format_datetime
from functools import lru_cache
from hashlib import blake2b

from composer.errors import ConfigurationError
from composer.message.headers import write_ascii, write_checked_mailbox, write_mailbox
from composer.model.edition import Edition
from composer.model.mailing import Recipient
from composer.model.newsletter import Newsletter
from composer.text.addresses import archive_url, mailto_unsubscribe, unsubscribe_url
from composer.words import Words

OWN = ("To", "Subject", "Date", "Message-ID", "List-Unsubscribe")
"""The headers that each reader has of their own, in the order of ``own_headers``."""


def shared_headers(edition: Edition, newsletter: Newsletter) -> tuple[bytes, ...]:
    """The headers that every reader gets alike; raises ConfigurationError when the newsletter has no sender."""
    sender = newsletter.sender
    if not sender.address:
        raise no_sender()
    lines = [
        write_mailbox("From", sender.name or newsletter.name, sender.address),
        write_mailbox("Reply-To", "", sender.reply_to or sender.address),
        write_ascii("List-Id", _list_id(newsletter)),
    ]
    if archive := archive_url(newsletter.site.public_url):
        lines.append(write_ascii("List-Archive", f"<{archive}>"))
    lines.append(write_ascii("Feedback-ID", feedback_id(edition.issue_id, newsletter)))
    lines.append(write_ascii("Precedence", "bulk"))
    return tuple(lines)


def own_headers(newsletter: Newsletter, recipient: Recipient, *, address: str, subject: bytes, date: bytes) -> tuple[bytes, ...]:
    """The headers OWN of one reader, at the checked ``address``; raises MergeError for a value that cannot stand in a header."""
    return (
        write_checked_mailbox("To", recipient.name, address),
        subject,
        date,
        write_ascii("Message-ID", f"<{recipient.message_id}>"),
        _list_unsubscribe(newsletter, recipient.token),
    )


def write_moment(date: datetime) -> tuple[bytes, bytes]:
    """The header Date, and the seconds since 1970 in digits; ``date`` is aware."""
    # Equal moments of two zones are equal values, and would be remembered as one; so would the two turns of an hour that comes twice.
    return _moment(date, date.tzinfo, date.fold)


@lru_cache(maxsize=8)
def _moment(date: datetime, _zone: tzinfo | None, _fold: int) -> tuple[bytes, bytes]:
    return write_ascii("Date", format_datetime(date)), b"%d" % int(date.timestamp())


def envelope_sender(address: str, delivery_id: int, key: bytes) -> str:
    """VERP: ``local+b<delivery>-<signature>@domain``, so that a bounce names its delivery and nobody can forge one.

    ``address`` is one that ``check_address`` gave; it comes back plain without a key, or for a proof (delivery 0).
    """
    if not key or not delivery_id:
        return address
    local, _, domain = address.rpartition("@")
    return f"{local}+{verp_token(delivery_id, key)}@{domain}"


def verp_token(delivery_id: int, key: bytes) -> str:
    """``b<delivery>-<80 bits of keyed BLAKE2b in hexadecimal digits>`` (RFC 7693 §2.9), lower case: some servers fold the local part."""
    # BLAKE2 takes a key by itself, in a fifth of the time that HMAC needs for a few bytes.
    return f"b{delivery_id}-{blake2b(b'%d' % delivery_id, key=_verp_key(key), digest_size=10).hexdigest()}"


@lru_cache(maxsize=8)
def _verp_key(key: bytes) -> bytes:
    """A key for this purpose alone, of a length that BLAKE2b takes."""
    return hmac.digest(key, b"verp:", "sha256")


def read_verp_token(token: str, key: bytes) -> int | None:
    """The delivery that a token names; None when its signature is not ours."""
    found = re.fullmatch(r"b([0-9]{1,18})-[0-9a-f]{20}", token.casefold())
    if not found:
        return None
    delivery_id = int(found[1])
    return delivery_id if hmac.compare_digest(verp_token(delivery_id, key), token.casefold()) else None


def feedback_id(issue_id: str, newsletter: Newsletter) -> str:
    """Google's Feedback-ID, from the particular to the general: issue, newsletter, kind of mail, and the stable sender last."""
    return ":".join(re.sub(r"[^A-Za-z0-9.-]+", "-", part)[:60] for part in (issue_id, newsletter.list_id, "newsletter", "hebdo"))


def one_click(newsletter: Newsletter) -> tuple[bytes, ...]:
    """RFC 8058 §3.1: without this header a mail client must not unsubscribe by itself; only where there is an address to POST to."""
    return (write_ascii("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),) if newsletter.site.public_url else ()


def _list_unsubscribe(newsletter: Newsletter, token: str) -> bytes:
    """RFC 2369 §3.2: an address, where there is one, and a mailto."""
    mailto = f"<{mailto_unsubscribe(newsletter.sender.reply_to or newsletter.sender.address, token)}>"
    url = unsubscribe_url(newsletter.site.public_url, token)
    return write_ascii("List-Unsubscribe", f"<{url}>", mailto) if url else write_ascii("List-Unsubscribe", mailto)


def _list_id(newsletter: Newsletter) -> str:
    """RFC 2919: the name only where it is plain ASCII, since an encoded word here hides the list from Gmail and Outlook."""
    name = newsletter.name
    if re.fullmatch(r"[A-Za-z0-9 .,'&!-]{1,80}", name):
        return f'"{name}" <{newsletter.list_id}>'
    return f"<{newsletter.list_id}>"


def no_sender() -> ConfigurationError:
    """[sender] address is not filled in."""
    return ConfigurationError(
        Words(fr="l’adresse d’expédition manque", en="the sender’s address is missing"),
        where="newsletter.toml",
        hint=Words(
            fr='ajoutez dans newsletter.toml, sous [sender], la ligne\u00a0: address = "lettre@votre-domaine.fr"',
            en='add this line to newsletter.toml under [sender]: address = "letter@your-domain.com"',
        ),
    )
