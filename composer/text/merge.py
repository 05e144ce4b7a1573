"""Merge fields: how authors write them, the tokens that stand for them in an edition, and how they are closed.

Authors write ``%prenom%`` or ``%prenom|lecteur%``; ``%%`` is a percent sign. Templates use the internal names below.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from composer.errors import MergeError
from composer.words import Words

AUTHOR_NAMES: dict[str, str] = {
    "prenom": "first_name",
    "prénom": "first_name",
    "first_name": "first_name",
    "nom": "name",
    "name": "name",
    "email": "email",
    "courriel": "email",
    "date_inscription": "consent_date",
    "signup_date": "consent_date",
}
TEMPLATE_NAMES = ("unsubscribe_url", "preferences_url", "web_url", "masked_email", "consent_date", "asked_on", "confirm_url")
FIELD_NAMES = tuple(dict.fromkeys((*AUTHOR_NAMES.values(), *TEMPLATE_NAMES)))
"""Every name a field can have inside; the list is closed."""

# Nobody is certain to have these: without a fallback, some reader would get a hole.
UNSURE_NAMES = frozenset({"first_name", "name", "consent_date"})

_AUTHOR = re.compile(r"%%|%(?P<name>[^\W\d][\w-]{0,40})(?:\|(?P<fallback>[^%|\n]{0,80}))?%")


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeField:
    """A gap in an edition that is closed for one recipient."""

    name: str  # one of FIELD_NAMES
    fallback: str | None = None  # for readers without a value; None: the closing fails
    in_url: bool = False  # stands inside an address: the value is percent-encoded there


def _canonical(name: str) -> str | None:
    return AUTHOR_NAMES.get(unicodedata.normalize("NFC", name).casefold())


def find_fields(text: str) -> list[str | MergeField]:
    """``text`` cut into words and fields, in order; ``%%`` is read as ``%``, an unknown name stays text."""
    parts: list[str | MergeField] = []
    end = 0
    for found in _AUTHOR.finditer(text):
        _add_text(parts, text[end : found.start()])
        name = _canonical(found["name"]) if found["name"] else None
        if name:
            parts.append(MergeField(name=name, fallback=found["fallback"]))
        else:
            _add_text(parts, "%" if found[0] == "%%" else found[0])
        end = found.end()
    _add_text(parts, text[end:])
    return parts


def _add_text(parts: list[str | MergeField], text: str) -> None:
    if not text:
        return
    if parts and isinstance(parts[-1], str):
        parts[-1] += text
    else:
        parts.append(text)


def field_places(text: str) -> list[tuple[int, int]]:
    """Where fields and ``%%`` stand in ``text``, so that typography leaves them alone."""
    return [found.span() for found in _AUTHOR.finditer(text) if not found["name"] or _canonical(found["name"])]


def unknown_fields(text: str) -> list[tuple[int, str]]:
    """What is written like a field and is none, with its place in ``text``: nobody would fill it."""
    return [(found.start(), found[0]) for found in _AUTHOR.finditer(text) if found["name"] and not _canonical(found["name"])]


def derive_prefix(contents: Iterable[str]) -> str:
    """A prefix for tokens that occurs in none of ``contents``; the same contents give the same prefix."""
    whole = "\x00".join(contents)
    seed = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
    while (prefix := f"hf{seed[:16]}") in whole:
        seed = hashlib.sha256(seed.encode()).hexdigest()
    return prefix


def field_token(prefix: str, field: MergeField) -> str:
    """An ASCII token (letters, digits, ``-``) for ``field`` that survives HTML, addresses and quoted-printable."""
    name = field.name.replace("_", "-")
    fallback = "n" if field.fallback is None else "f" + field.fallback.encode().hex()
    return f"{prefix}-{name}-{'u' if field.in_url else 't'}{fallback}-z"


@lru_cache(maxsize=64)
def _token_pattern(prefix: str) -> re.Pattern[str]:
    names = "|".join(name.replace("_", "-") for name in FIELD_NAMES)
    return re.compile(rf"{re.escape(prefix)}-(?P<name>{names})-(?P<place>[tu])(?P<fallback>n|f(?:[0-9a-f]{{2}})*)-z")


def split_tokens(text: str, prefix: str) -> tuple[str | MergeField, ...]:
    """``text`` of an edition cut at its tokens."""
    parts: list[str | MergeField] = []
    end = 0
    for found in _token_pattern(prefix).finditer(text):
        _add_text(parts, text[end : found.start()])
        fallback = None if found["fallback"] == "n" else bytes.fromhex(found["fallback"][1:]).decode()
        parts.append(MergeField(name=found["name"].replace("-", "_"), fallback=fallback, in_url=found["place"] == "u"))
        end = found.end()
    _add_text(parts, text[end:])
    return tuple(parts)


def field_value(field: MergeField, values: Mapping[str, str]) -> str:
    """What this reader gets for ``field``: the value, else the fallback; raises MergeError where there is neither."""
    value = values.get(field.name) or field.fallback
    if value is None:
        raise MergeError(
            Words(
                fr=f"Personne ne remplit le champ « {field.name} » pour cet abonné.",
                en=f"Nobody fills the field “{field.name}” for this subscriber.",
            ),
            where=f"%{field.name}%",
            hint=Words(fr="Écrivez une valeur de secours : %prenom|lecteur%", en="Write a fallback: %first_name|reader%"),
        )
    return quote(value, safe="") if field.in_url else value


def close_fields(text: str, prefix: str, values: Mapping[str, str], *, escape: Callable[[str], str] = str) -> str:
    """``text`` with every token closed for one reader; ``escape`` is that of the context (escape_attribute for HTML).

    Raises MergeError for a field without value and fallback.
    """
    return "".join(part if isinstance(part, str) else escape(field_value(part, values)) for part in split_tokens(text, prefix))


def mask_email(email: str) -> str:
    """``c…@exemple.fr``: enough to know which address it was, too little to take it."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…\u2060@{domain}" if local else "…"


def first_name(name: str, fields: Iterable[tuple[str, str]] = ()) -> str:
    """The given name: a column of that name, else the first word of ``name`` unless the name is in capitals first («DUPONT Claire»)."""
    for column, value in fields:
        if _canonical(column.strip().replace(" ", "_")) == "first_name" and value.strip():
            return value.strip()
    words = name.split()
    if len(words) > 1 and len(words[0]) > 1 and words[0].isupper() and not words[-1].isupper():
        return words[-1]
    return words[0] if words else ""
