"""A sentence that a person will read, in the two languages of the product."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Language = Literal["fr", "en"]

# Commands and paths between backquotes must work as shown: they are left alone, and so are addresses («http://») and times («7:00»).
_CODE = re.compile(r"(`[^`]*`)")
_BEFORE = re.compile(r" (?=[:;!?»](?:\s|$|[).,»]))")
_GUILLEMETS = re.compile("[«»]")
_ONE_PAIR_INSIDE = 4  # signs
_INSIDE_CURLY = re.compile("(?<=“)[ \u00a0\u202f]+|[ \u00a0\u202f]+(?=”)")
_AFTER = re.compile(r"(?<=«) ")


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in French and in English; values are already filled in."""

    fr: str
    en: str

    def in_language(self, language: Language) -> str:
        """The sentence in ``language``; in French with the spaces and the inner quotation marks that its signs want."""
        return space_french(_nest_quotes(self.fr)) if language == "fr" else self.en


NOTHING = Words(fr="", en="")


def _nest_quotes(text: str) -> str:
    """Guillemets within guillemets as “ ”: a message that quotes an author who quotes. What does not pair stays as it is."""
    signs = [(found.start(), found[0]) for found in _GUILLEMETS.finditer(text)]
    if len(signs) < _ONE_PAIR_INSIDE or signs[0][1] != "«" or signs[-1][1] != "»":
        return text
    depth, inner = 0, {}
    for place, sign in signs:
        depth += 1 if sign == "«" else 0
        if depth > 1:
            inner[place] = "“" if sign == "«" else "”"
        depth -= 1 if sign == "»" else 0
    if depth:
        return text
    told = "".join(inner.get(place, char) for place, char in enumerate(text))
    return _INSIDE_CURLY.sub("", told)


def counted(n: int, fr: tuple[str, str], en: tuple[str, str]) -> Words:
    """A number with its noun, one or many of it; French counts zero as one. ``4 213`` in French, ``4,213`` in English."""
    return Words(fr=f"{n:,}".replace(",", "\u202f") + f" {fr[n > 1]}", en=f"{n:,} {en[n != 1]}")


def times(n: int) -> Words:
    """How often: «3 fois»; “once”, “3 times”."""
    return Words(fr=f"{n}\u00a0fois", en="once" if n == 1 else f"{n} times")


def space_french(text: str) -> str:
    """``text`` with no-break spaces before ``: ; ! ? »`` and after ``«``, outside backquotes."""
    parts = _CODE.split(text)
    return "".join(part if part.startswith("`") else _AFTER.sub("\u00a0", _BEFORE.sub("\u00a0", part)) for part in parts)
