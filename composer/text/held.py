"""What typography must not change (code, addresses, times, ratios, smileys, merge fields): taken out first, put back last."""

from __future__ import annotations

import re
from itertools import pairwise

from composer.text.line import Line
from composer.text.merge import field_places

# A letter that no newsletter needs stands for what is protected; where an author did write it, it is protected too.
HELD = "\ua66e"

# Each pattern opens with a sign that is rare, so that looking for it costs next to nothing.
_ADDRESS = re.compile(r"(?:https?://|ftp://|mailto:|tel:|www\.)[^\s<>«»“”\"]+")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+|(?<![\w@/.])@\w[\w.]*")
_RATIO = re.compile(r"[0-9]+(?::[0-9]+)+")
_INSIDE_RATIO = re.compile(r":(?<=[0-9]:)(?=[0-9])")
_SHORTCODE = re.compile(r":[a-z0-9_+-]{2,30}:(?!\w)")
_SMILEY = re.compile(r"(?:[:;=](?<!\w[:;=])[-o^]?[)(DPpO/\\|\]\[*3]|[:;](?<!\w[:;])'\(|xD(?<!\wxD)|<3)(?=\s|$|[.,!?)…»”\"])")
_PERHAPS_SMILEY = re.compile(r"[:;=]['\-o^)(DPpO/\\|\]\[*3]")
_PATH = re.compile(r"[A-Za-z]:\\\S*")
_HELD_PATTERN = re.compile(HELD)


def hold(line: Line, spans: list[tuple[int, int]]) -> list[str]:
    """Take protected stretches out; a stretch that reaches over a border is held piece by piece."""
    found = [*spans, *_protected(line.text)]
    if not found:
        return []
    stretches = _split_at(_union(sorted(found)), line.borders)
    kept = [line.text[start:stop] for start, stop in stretches]
    line.edit([(start, stop, HELD) for start, stop in stretches])
    return kept


def _protected(text: str) -> list[tuple[int, int]]:
    found: list[re.Match[str]] = []
    if any(sign in text for sign in ("://", "www.", "mailto:", "tel:")):
        found += _ADDRESS.finditer(text)
    if ":" in text:
        found += _SHORTCODE.finditer(text)
        if _INSIDE_RATIO.search(text):
            found += _RATIO.finditer(text)
    if "@" in text:
        found += _EMAIL.finditer(text)
    if "xD" in text or "<3" in text or _PERHAPS_SMILEY.search(text):
        found += _SMILEY.finditer(text)
    if ":\\" in text:
        found += _PATH.finditer(text)
    if HELD in text:
        found += _HELD_PATTERN.finditer(text)
    places = [match.span() for match in found]
    return places + field_places(text) if "%" in text else places


def _union(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, stop in stretches:
        if start == stop:
            continue
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


def _split_at(stretches: list[tuple[int, int]], borders: list[int]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    for start, stop in stretches:
        cuts = [start, *(border for border in dict.fromkeys(borders) if start < border < stop), stop]
        pieces += pairwise(cuts)
    return pieces


def release(line: Line, kept: list[str]) -> None:
    """Put back what :func:`hold` took out."""
    if kept:
        pieces = iter(kept)
        line.sub(_HELD_PATTERN, lambda _: next(pieces))
