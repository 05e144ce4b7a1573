"""Whether words say anything to an eye: letters or digits that a font draws, and not blanks that only a computer counts as letters."""

from __future__ import annotations

import unicodedata

# Letters by their category, and blank in every font: Hangul and Khmer fillers.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def visible_letters(text: str) -> str:
    """The letters and digits of ``text`` that are drawn; no marks, signs, emoji, private or blank characters."""
    return "".join(char for char in text if unicodedata.category(char)[0] in "LN" and char not in _BLANK_LETTERS)


def turns_around(text: str) -> bool:
    """Whether ``text`` holds characters that change the order in which others are shown (UAX #9)."""
    return any(char in _BIDI for char in text)
