"""Domains whose mail goes to the same machines: what one of them says of us holds for the others.

Without asking for MX records, which need a network and change: the names are few, old and known. No family has a rate of
its own. What these providers publish (Orange, SFR and laposte.net: connections at once and messages per connection from
one address; Gmail and Yahoo: shares of complaints, and 5,000 a day as the line above which one counts as a bulk sender) is
meant for who connects to their mail servers, which is the relay, and is no number of messages in a time. A newsroom that
was given a figure writes it under ``[pace.domains]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Name of the family → its domains. «?»: taken over long ago; not certain that the same machines still answer for it.
FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "orange.fr": ("orange.fr", "wanadoo.fr"),
        "sfr.fr": (
            "sfr.fr", "neuf.fr", "cegetel.net", "club-internet.fr",
            "9online.fr", "numericable.fr", "noos.fr",  # ?
        ),
        "laposte.net": ("laposte.net",),
        "free.fr": (
            "free.fr",
            "aliceadsl.fr", "libertysurf.fr",  # ?
        ),
        "bbox.fr": ("bbox.fr",),
        "gmail.com": ("gmail.com", "googlemail.com"),
        "outlook.com": (
            "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "hotmail.be", "hotmail.co.uk",
            "live.com", "live.fr", "live.be", "live.co.uk", "msn.com",
        ),
        "yahoo.com": (
            "yahoo.com", "yahoo.fr", "yahoo.co.uk", "ymail.com", "rocketmail.com",
            "aol.com", "aol.fr",  # ?
        ),
        "icloud.com": ("icloud.com", "me.com", "mac.com"),
    }
)  # fmt: skip
_FAMILY_OF = {domain: family for family, domains in FAMILIES.items() for domain in domains}


def family_of(domain: str) -> str:
    """The family of a domain in small letters; a domain of no known family is one by itself."""
    return _FAMILY_OF.get(domain, domain)


def domain_of(email: str) -> str:
    """The domain of an address, in small letters."""
    return email.rpartition("@")[2].lower()
