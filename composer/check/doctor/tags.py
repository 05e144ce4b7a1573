"""Lists of tags, as DKIM and DMARC write them (RFC 6376 §3.2): ``v=DKIM1; k=rsa; p=…``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from composer.words import Words

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_VALUE = re.compile(r"[\t\r\n !-:<-~]*")
_DRESS = re.compile(r"\\(?=[;\"])|[\"“”«»„]")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagList:
    """The tags of a record, and what is wrong with how it is written."""

    tags: tuple[tuple[str, str], ...]  # name in lower case, value without outer blanks; in order
    troubles: tuple[Words, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """The first value under ``name``."""
        return next((value for tag, value in self.tags if tag == name), default)

    def has(self, name: str) -> bool:
        """Whether the tag is there, be it empty."""
        return any(tag == name for tag, _ in self.tags)


def read_tags(text: str) -> TagList:
    """The tags of ``text``, read tolerantly; each departure from the grammar is told."""
    troubles: list[Words] = []
    if _DRESS.search(text):
        troubles.append(Words(fr="des guillemets ou des barres \\ font partie du texte", en="quotes or backslashes are part of the text"))
        text = _DRESS.sub("", text)
    tags: list[tuple[str, str]] = []
    for part in text.split(";"):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not part.strip():
            continue
        if not equals or not _NAME.fullmatch(name):
            troubles.append(Words(fr="un morceau n’est pas de la forme nom=valeur", en="a piece is not of the form name=value"))
            continue
        if not _VALUE.fullmatch(value):
            troubles.append(Words(fr=f"la valeur de {name}= a un signe interdit", en=f"the value of {name}= holds a forbidden sign"))
        if any(known == name.lower() for known, _ in tags):
            troubles.append(Words(fr=f"{name}= y est deux fois", en=f"{name}= is there twice"))
            continue
        tags.append((name.lower(), value))
    return TagList(tags=tuple(tags), troubles=tuple(dict.fromkeys(troubles)))


def write_tags(tags: list[tuple[str, str]]) -> str:
    """The record of these tags; those without a value are left out."""
    return "; ".join(f"{name}={value}" for name, value in tags if value)
