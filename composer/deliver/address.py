"""Addresses: whether one can be written to, and the form it is compared by."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from composer.words import Words

# The addresses that nearly everybody has; email-validator, forty times slower, judges the rest.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>(?:{_LABEL}\.)+[A-Za-z]{{2,63}})")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]+)>")
LONGEST, LONGEST_LOCAL = 254, 64  # characters (RFC 5321 §4.5.3.1)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address that can be written to."""

    email: str  # as given, the domain in ASCII
    key: str  # what addresses are compared by: case does not count
    name: str = ""  # of «Camille <camille@exemple.fr>»


def read_address(written: str) -> Address | None:
    """The address in ``written``, with or without a name before it; None when it cannot be written to over plain SMTP."""
    text = unicodedata.normalize("NFC", written.translate(_INVISIBLE)).strip().removeprefix("mailto:")
    named = _NAMED.fullmatch(text)
    name, email = (named["name"].strip(" \"'"), named["email"].strip()) if named else ("", text)
    plain = _PLAIN.fullmatch(email)
    if plain is not None and len(email) <= LONGEST and len(plain["local"]) <= LONGEST_LOCAL:
        return Address(email=email, key=f"{plain['local']}@{plain['domain']}".casefold(), name=name)
    try:
        # RFC 6531 addresses would need every server on the way to play along.
        checked = validate_email(email, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return None
    ascii_email = checked.ascii_email or email
    return Address(email=ascii_email, key=ascii_email.casefold(), name=name)


def refusal_words(written: str) -> Words:
    """Why ``read_address`` takes nothing from ``written``, as far as it can be told; begins in small letters, ends without a point."""
    text = unicodedata.normalize("NFC", written.translate(_INVISIBLE)).strip().removeprefix("mailto:")
    named = _NAMED.fullmatch(text)
    local, at, domain = (named["email"].strip() if named else text).rpartition("@")
    strange = next((char for char in local if not char.isascii()), "")
    reasons = (
        (not at, Words(fr="il n’y a pas de @", en="there is no @")),
        ("@" in local, Words(fr="il y a plus d’un @", en="there is more than one @")),
        (not local, Words(fr="il n’y a rien avant le @", en="nothing stands before the @")),
        (not domain, Words(fr="il n’y a rien après le @", en="nothing stands after the @")),
        (re.search(r"\s", local + domain), Words(fr="elle contient une espace", en="it holds a space")),
        (
            strange.isalpha(),
            Words(
                fr=f"un accent ou une lettre étrangère avant le @ (« {strange} »)",
                en=f"an accent or a foreign letter before the @ (“{strange}”)",
            ),
        ),
        ("." not in domain, Words(fr=f"« {domain[:60]} » n’est pas un domaine", en=f"“{domain[:60]}” is no domain")),
        (".." in local + domain, Words(fr="deux points se suivent", en="two dots stand side by side")),
        (len(local) > LONGEST_LOCAL or len(text) > LONGEST, Words(fr="elle est trop longue", en="it is too long")),
    )
    return next((words for found, words in reasons if found), Words(fr="un signe n’y a pas sa place", en="a sign does not belong there"))


def mask_address(email: str) -> str:
    """«c…@exemple.fr»: enough to know one's own address, too little for a stranger."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"
