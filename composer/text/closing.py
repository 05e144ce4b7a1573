"""Closing merge fields: HTML or text with tokens + one recipient → what that reader gets.

The values are data: escaped for the place where they land, never read as markup, address or template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote

from composer.errors import MergeError
from composer.model.mailing import Recipient
from composer.model.newsletter import Newsletter
from composer.text.addresses import mailto_unsubscribe, mask_email, preferences_url, unsubscribe_url, web_url
from composer.text.merge import MergeField, split_tokens
from composer.words import Words

Place = Literal["html", "text", "address"]

_ADDRESS_ATTRIBUTE = re.compile(r"\s(?:href|src|action|background)\s*=\s*(?:\"[^\"]*|'[^']*)$", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_BARE_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>]*$", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_FIRST_NAMES = ("prenom", "prénom", "first_name", "firstname", "first name")
_MONTHS = {
    "fr": ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A merge field and the kind of place it stands in."""

    field: MergeField
    place: Place


Pieces = tuple[str | Gap, ...]


def open_html(html: str, prefix: str) -> Pieces:
    """HTML in its fixed stretches and its gaps."""
    return _place(split_tokens(html, prefix), "html")


def open_text(text: str, prefix: str) -> Pieces:
    """Plain text (or a subject) in its fixed stretches and its gaps."""
    return _place(split_tokens(text, prefix), "text")


def close_pieces(pieces: Pieces, values: Mapping[str, str]) -> str:
    """All gaps closed; raises MergeError for a field that nobody fills and that has no fallback."""
    return "".join(piece if isinstance(piece, str) else close_gap(piece, values) for piece in pieces)


def close_gap(gap: Gap, values: Mapping[str, str]) -> str:
    """What stands in one gap, escaped for its place."""
    return _escape(_value(gap.field, values), gap.place)


def field_values(recipient: Recipient, newsletter: Newsletter, *, issue_id: str, lang: str = "fr") -> dict[str, str]:
    """Every merge field's value for one recipient, under its French, English and internal names."""
    site = newsletter.site.public_url
    reply_to = newsletter.sender.reply_to or newsletter.sender.address
    columns = {name.casefold(): value for name, value in recipient.fields}
    first = next((columns[name] for name in _FIRST_NAMES if columns.get(name)), _first_name(recipient.name))
    consent = write_day(recipient.consented_on, lang)
    own = {
        "prenom": first,
        "first_name": first,
        "nom": recipient.name,
        "name": recipient.name,
        "email": recipient.email,
        "courriel": recipient.email,
        "masked_email": mask_email(recipient.email),
        "consent_date": consent,
        "date_inscription": consent,
        "unsubscribe_url": unsubscribe_url(site, recipient.token) or mailto_unsubscribe(reply_to, recipient.token),
        "preferences_url": preferences_url(site, recipient.token) or mailto_unsubscribe(reply_to, recipient.token),
        "web_url": web_url(site, issue_id),
    }
    return {name: _CONTROLS.sub(" ", value).strip() for name, value in ({**columns, **own}).items()}


def write_day(day: date | None, lang: str) -> str:
    """«3 mars 2026», «1ᵉʳ mars 2026», “3 March 2026”; "" without a day."""
    if day is None:
        return ""
    if lang.startswith("fr"):
        return f"{'1er' if day.day == 1 else day.day} {_MONTHS['fr'][day.month - 1]} {day.year}"
    return f"{day.day} {_MONTHS['en'][day.month - 1]} {day.year}"


def _place(parts: Sequence[str | MergeField], kind: Literal["html", "text"]) -> Pieces:
    """Each field with the place that the words before it make."""
    pieces: list[str | Gap] = []
    before = ""
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
            before = (before + part)[-4000:]
        else:
            pieces.append(Gap(field=part, place=_place_after(before, part, kind)))
            before += "x"  # the value: it neither opens nor closes anything
    return tuple(pieces)


def _place_after(before: str, field: MergeField, kind: Literal["html", "text"]) -> Place:
    """Whether a field is part of an address (then percent-encoded) or stands in words; a whole address of ours is only escaped."""
    if field.name.endswith("_url"):
        return kind
    inside = _in_address_attribute(before) if kind == "html" else bool(_BARE_ADDRESS.search(before))
    return "address" if inside else kind


def _in_address_attribute(before: str) -> bool:
    tag = before[before.rfind("<") :] if "<" in before else ""
    return bool(_ADDRESS_ATTRIBUTE.search(tag)) and ">" not in _QUOTED.sub("", tag)


def _value(field: MergeField, values: Mapping[str, str]) -> str:
    value = values.get(field.name, "")
    if value or field.fallback is not None:
        return value or field.fallback or ""
    if field.name in values and (field.name.endswith("_url") or field.name in {"consent_date", "masked_email", "date_inscription"}):
        return ""
    raise MergeError(
        Words(
            fr=f"le champ %{field.name}% reste vide pour ce destinataire",
            en=f"the merge field %{field.name}% stays empty for this recipient",
        ),
        where=values.get("email") or None,
        hint=Words(
            fr=f"donnez-lui une valeur de repli\u00a0: %{field.name}|cher lecteur%",
            en=f"give it a fallback: %{field.name}|dear reader%",
        ),
    )


def _escape(value: str, place: Place) -> str:
    if place == "address":
        return quote(value, safe="")
    if place == "text":
        return value
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#39;")


def _first_name(name: str) -> str:
    """The given name as far as it can be told: «Martin, Claire» and «Claire Martin» both give Claire."""
    given = name.rpartition(",")[2] if "," in name else name
    words = given.split()
    return words[0] if words else ""
