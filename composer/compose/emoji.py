"""Emoji that open a line: what hangs before a call to action."""

from __future__ import annotations

import re
import unicodedata

_KEYCAP = re.compile(r"[0-9#*]\ufe0f?\u20e3")
_JOINER, _VARIATION = "\u200d", "\ufe0f\ufe0e"
_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_BLANKS = " \t\u00a0\u202f\u2009"
_NOT_EMOJI = frozenset("©®™°¦№℗℠")  # signs of ordinary text, though Unicode files them under «other symbol»


def split_emoji(text: str) -> tuple[str, str]:
    """The emoji that ``text`` opens with ("" when none) and the rest, blanks between them gone."""
    bare = text.lstrip(_BLANKS)
    end = 0
    while end < len(bare):
        length = _symbol_length(bare, end)
        if not length:
            break
        end += length
    if not end:
        return "", text
    return bare[:end], bare[end:].lstrip(_BLANKS)


def _symbol_length(text: str, at: int) -> int:
    """How many characters the emoji at ``at`` takes with its modifiers and joined ones; 0: none stands there."""
    keycap = _KEYCAP.match(text, at)
    if keycap:
        return keycap.end() - at
    if not _is_symbol(text[at]):
        return 0
    end = at + 1
    while end < len(text):
        if text[end] in _VARIATION or ord(text[end]) in _TONES or ord(text[end]) in _TAGS:
            end += 1
        elif text[end] == _JOINER and end + 1 < len(text) and _is_symbol(text[end + 1]):
            end += 2
        else:
            break
    return end - at


def _is_symbol(char: str) -> bool:
    if char in _NOT_EMOJI:
        return False
    return unicodedata.category(char) == "So" or "\u2190" <= char <= "\u21ff" or "\u2b00" <= char <= "\u2bff"
