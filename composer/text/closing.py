"""Closing merge fields: HTML or text with tokens + one recipient → what that reader gets.

The values are data: escaped for the place where they land, never read as markup, address or template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Self

from composer.model.mailing import Recipient
from composer.model.newsletter import Newsletter
from composer.text.addresses import mailto_unsubscribe, preferences_url, unsubscribe_url, web_url
from composer.text.escape import escape_attribute
from composer.text.merge import close_fields, first_name, mask_email

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}


def close_html(html: str, prefix: str, values: Mapping[str, str]) -> str:
    """The HTML of one reader; raises MergeError for a field that nobody fills and that has no fallback."""
    return close_fields(html, prefix, values, escape=escape_attribute)


def close_text(text: str, prefix: str, values: Mapping[str, str]) -> str:
    """The plain text or the subject of one reader; raises MergeError as ``close_html``."""
    return close_fields(text, prefix, values)


def field_values(recipient: Recipient, newsletter: Newsletter, *, issue_id: str, lang: str = "fr") -> dict[str, str]:
    """What one recipient gets for every merge field, control characters taken out."""
    letter = Letter.of(newsletter, issue_id=issue_id, lang=lang, web_token=recipient.web_token)
    return some_values(recipient, letter, tuple(_READERS)) | shared_values(letter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the fields of all readers of one edition have in common."""

    site: str  # where readers' pages stand; "": nowhere yet
    reply_to: str  # an address
    issue_id: str
    lang: str
    web_token: str = ""  # opens the web view of a proof, which is no public page

    @classmethod
    def of(cls, newsletter: Newsletter, *, issue_id: str, lang: str, web_token: str = "") -> Self:
        """That of an issue of ``newsletter``."""
        sender = newsletter.sender
        reply_to = sender.reply_to or sender.address
        return cls(site=newsletter.site.public_url, reply_to=reply_to, issue_id=issue_id, lang=lang, web_token=web_token)


def some_values(recipient: Recipient, letter: Letter, names: Collection[str]) -> dict[str, str]:
    """What one recipient gets for the fields ``names``, those that nobody fills left out."""
    return {name: _plain(_READERS[name](recipient, letter)) for name in names if name in _READERS}


def shared_values(letter: Letter) -> dict[str, str]:
    """The fields that all readers get alike."""
    return {"web_url": _plain(web_url(letter.site, letter.issue_id, letter.web_token)) or "#"}


def _plain(value: str) -> str:
    if value.isascii() and value.isprintable():
        return value.strip(" ")
    return _CONTROLS.sub(" ", value).strip()


# Without public_url nothing but a folder of .eml can be written (check «public-url»); the links then ask by mail.


def _unsubscribe_url(recipient: Recipient, letter: Letter) -> str:
    return unsubscribe_url(letter.site, recipient.token) or mailto_unsubscribe(letter.reply_to, recipient.token)


def _preferences_url(recipient: Recipient, letter: Letter) -> str:
    return preferences_url(letter.site, recipient.token) or mailto_unsubscribe(letter.reply_to, recipient.token)


@lru_cache(maxsize=1024)
def _asked_on(day: date | None, lang: str) -> str:
    """«à votre demande du 3 mars 2026»; "" without a day, which a list from elsewhere seldom tells."""
    asked = "à votre demande du" if lang.startswith("fr") else "at your request of"
    return f"{asked} {write_day(day, lang)}" if day else ""


def write_day(day: date | None, lang: str) -> str:
    """«3 mars 2026», «1er mars 2026», “3 March 2026”, day and month unbroken; "" without a day."""
    if day is None:
        return ""
    if lang.startswith("fr"):
        return f"{'1er' if day.day == 1 else day.day}\u00a0{_MONTHS['fr'][day.month - 1]} {day.year}"
    return f"{day.day}\u00a0{_MONTHS['en'][day.month - 1]} {day.year}"


_READERS: dict[str, Callable[[Recipient, Letter], str]] = {
    "first_name": lambda recipient, _: first_name(recipient.name, recipient.fields),
    "name": lambda recipient, _: recipient.name,
    "email": lambda recipient, _: recipient.email,
    "masked_email": lambda recipient, _: mask_email(recipient.email),
    "consent_date": lambda recipient, letter: write_day(recipient.consented_on, letter.lang),
    "asked_on": lambda recipient, letter: _asked_on(recipient.consented_on, letter.lang),
    "unsubscribe_url": _unsubscribe_url,
    "preferences_url": _preferences_url,
}
