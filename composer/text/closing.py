"""Closing merge fields: HTML or text with tokens + one recipient → what that reader gets.

The values are data: escaped for the place where they land, never read as markup, address or template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

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
    site = newsletter.site.public_url
    # Without public_url nothing but a folder of .eml can be written (check «public-url»); the links then ask by mail.
    leave = mailto_unsubscribe(newsletter.sender.reply_to or newsletter.sender.address, recipient.token)
    values = {
        "first_name": first_name(recipient.name, recipient.fields),
        "name": recipient.name,
        "email": recipient.email,
        "masked_email": mask_email(recipient.email),
        "consent_date": write_day(recipient.consented_on, lang),
        "asked_on": _asked_on(recipient.consented_on, lang),
        "unsubscribe_url": unsubscribe_url(site, recipient.token) or leave,
        "preferences_url": preferences_url(site, recipient.token) or leave,
        "web_url": web_url(site, issue_id, recipient.web_token) or "#",
    }
    return {name: _CONTROLS.sub(" ", value).strip() for name, value in values.items()}


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
