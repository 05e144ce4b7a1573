"""What the legal pages say of one newsletter: from newsletter.toml, and of the readers' data what the ledger keeps; no more than is true."""

from __future__ import annotations

import re
from dataclasses import dataclass

from composer.check.law import is_anonymous, is_legal_person
from composer.model.newsletter import Newsletter
from composer.text.hosts import is_loopback_host, is_unspecified


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A fact with its name."""

    key: str  # of the phrases
    value: str
    href: str = ""


def publisher_lines(newsletter: Newsletter) -> tuple[Line, ...]:
    """Who publishes (LCEN art. 1-1); what is not given is not said."""
    publisher = newsletter.publisher
    own_name = "legal-publisher" if is_legal_person(publisher) else "legal-person"
    director = publisher.director or ("" if is_legal_person(publisher) else publisher.name)
    facts = (
        ("legal-letter", newsletter.name),
        (own_name, publisher.name),
        ("legal-form", publisher.legal_form),
        ("legal-registration", publisher.registration),
        ("legal-address", publisher.address),
        ("legal-phone", publisher.phone),
        ("legal-director", director),
    )
    contact = contact_of(newsletter)
    found = [Line(key=key, value=_whole(value)) for key, value in facts if value.strip()]
    if contact:
        found.append(Line(key="legal-contact", value=contact, href=f"mailto:{contact}" if "@" in contact else ""))
    return tuple(found)


def _whole(value: str) -> str:
    """``value`` with its numbers, of telephones and registers, kept on one line."""
    return re.sub(r"(?<=\d) (?=\d)", "\u00a0", value.strip())


def host_line(newsletter: Newsletter) -> str:
    """Who hosts the pages, with address and telephone as given."""
    return _whole(newsletter.publisher.host)


def contact_of(newsletter: Newsletter) -> str:
    """Where one writes to."""
    return newsletter.publisher.contact.strip() or newsletter.sender.reply_to or newsletter.sender.address


def controller_of(newsletter: Newsletter) -> str:
    """Who answers for the data: the publisher's name and address; "" for one who stays unnamed."""
    publisher = newsletter.publisher
    return "" if is_anonymous(publisher) else ", ".join(filter(None, (publisher.name.strip(), publisher.address.strip())))


def relay_of(newsletter: Newsletter) -> str:
    """The server of somebody else that messages go through; "" where they go through none that is known here."""
    transport = newsletter.transport
    return "" if transport.kind != "smtp" or is_loopback_host(transport.host) or is_unspecified(transport.host) else transport.host
