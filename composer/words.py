"""A sentence that a person will read, in the two languages of the product."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Language = Literal["fr", "en"]

# Commands and paths between backquotes must work as shown: they are left alone, and so are addresses («http://») and times («7:00»).
_CODE = re.compile(r"(`[^`]*`)")
_BEFORE = re.compile(r" (?=[:;!?»](?:\s|$|[).,»]))")
_AFTER = re.compile(r"(?<=«) ")


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in French and in English; values are already filled in."""

    fr: str
    en: str

    def in_language(self, language: Language) -> str:
        """The sentence in ``language``; in French with the no-break spaces that its signs want."""
        return space_french(self.fr) if language == "fr" else self.en


def space_french(text: str) -> str:
    """``text`` with no-break spaces before ``: ; ! ? »`` and after ``«``, outside backquotes."""
    parts = _CODE.split(text)
    return "".join(part if part.startswith("`") else _AFTER.sub("\u00a0", _BEFORE.sub("\u00a0", part)) for part in parts)
