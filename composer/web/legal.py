"""What the legal pages say of one newsletter: from newsletter.toml, and of the readers' data what the ledger keeps; no more than is true."""

from __future__ import annotations

import re
from dataclasses import dataclass

from composer.check.law import is_anonymous, is_legal_person
from composer.deliver.relays import relays_of
from composer.model.newsletter import Newsletter
from composer.text.hosts import is_loopback_host, is_unspecified

_SHORT_PART = 24  # characters between two commas that fit on any line
_STREET = re.compile(
    r"(?:\d+\u00a0)?(?:(?:bis|ter|quater)[ \u00a0])?\b(?:rue|avenue|av\.|boulevard|bd|quai|place|pl\.|impasse|all[ée]es?|chemin|cours|route|square|passage|villa|zone|BP|CS)"
    r" (?:(?:de la|de l['’]|du|des|de|d['’]|la|le|les) ?)?(?=\S)",
    re.IGNORECASE,
)


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
    found = [Line(key=key, value=keep_address(value) if key == "legal-address" else _whole(value)) for key, value in facts if value.strip()]
    if contact:
        found.append(Line(key="legal-contact", value=contact, href=f"mailto:{contact}" if "@" in contact else ""))
    return tuple(found)


def _whole(value: str) -> str:
    """``value`` with its numbers, of telephones and registers, kept on one line."""
    return re.sub(r"(?<=\d) (?=\d)", "\u00a0", value.strip())


def keep_address(value: str) -> str:
    """A postal address with no-break spaces: «12 rue», «rue Juiverie», «69005 Lyon» and short parts between commas stay on one line."""
    numbered = re.sub(r"(?<!\d{3})(?<=\d), (?=[^\W\d])", ",\u00a0", _whole(value))  # «12, quai»
    return "".join(_keep_part(part) for part in re.split(r"(, +|\n)", numbered))


def _keep_part(part: str) -> str:
    if len(part) <= _SHORT_PART and part.strip(", \n"):
        return part.replace(" ", "\u00a0")
    glued = re.sub(r"(?<=\d) (?=[^\W\d])|(?<=\d) (?=\d)", "\u00a0", part)
    return _STREET.sub(lambda found: found[0].replace(" ", "\u00a0"), glued)


def host_line(newsletter: Newsletter) -> str:
    """Who hosts the pages, with address and telephone as given."""
    return keep_address(newsletter.publisher.host)


def contact_of(newsletter: Newsletter) -> str:
    """Where one writes to."""
    return newsletter.publisher.contact.strip() or newsletter.sender.reply_to or newsletter.sender.address


def controller_of(newsletter: Newsletter) -> str:
    """Who answers for the data: the publisher's name and address; "" for one who stays unnamed."""
    publisher = newsletter.publisher
    return "" if is_anonymous(publisher) else ", ".join(filter(None, (publisher.name.strip(), keep_address(publisher.address))))


def relay_of(newsletter: Newsletter) -> str:
    """The servers of others that messages go through; "" where they go through none that is known here."""
    transport = newsletter.transport
    hosts = dict.fromkeys(relay.host for relay in relays_of(transport)) if transport.kind == "smtp" else ()
    return ", ".join(host for host in hosts if not is_loopback_host(host) and not is_unspecified(host))
