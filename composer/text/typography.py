"""House style put on words: quotes, apostrophes, dashes and the spaces that must not break.

Length changes are small and local, so the marks of spans are carried along by their borders. What must not change (code, addresses,
times, ratios, smileys, merge fields) is taken out first and put back last.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from composer.model.body import Spans
from composer.model.newsletter import Typography
from composer.text.merge import field_places
from composer.text.quotes import curl_quotes
from composer.text.style import StyleMeasure, measure_style

__all__ = ["StyleMeasure", "measure_style", "typeset", "typeset_text"]

# A letter that no newsletter needs stands for what is protected; where an author did write it, it is protected too.
_HELD = "\ua66e"
_SPACES = " \u00a0\u202f"

_PROTECTED = re.compile(
    rf"""
      {_HELD}
    | (?:https?://|ftp://|mailto:|tel:|www\.)[^\s<>«»“”"]+          # addresses
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                                  # e-mail addresses
    | (?<![\w@/.])@\w[\w.]*                                         # handles
    | (?<!\d)\d+(?::\d+)+(?!\d)                                     # 10:30, 16:9
    | :[a-z0-9_+-]{{2,30}}:(?!\w)                                   # :shortcodes:
    | (?<!\w)(?:[:;=][-o^]?[)(DPpO/\\|\]\[*3]|:'\(|;'\(|xD|<3)(?=\s|$|[.,!?)])   # smileys
    | \b[A-Za-z]:\\\S*                                              # paths
    """,
    re.VERBOSE,
)


class _Line:
    """A text whose span borders move with its edits."""

    __slots__ = ("borders", "heads", "text")

    def __init__(self, text: str, borders: list[int], heads: int = 0) -> None:
        self.text = text
        self.borders = borders
        self.heads = heads  # so many spans at the start are bold: perhaps a run-in head

    def sub(self, pattern: re.Pattern[str], put: str | Callable[[re.Match[str]], str]) -> None:
        """As ``re.sub`` with a literal or a function; borders keep their place among the words."""
        if not self.borders:
            self.text = pattern.sub(put if callable(put) else put.replace("\\", r"\\"), self.text)
            return
        edits = [(found.start(), found.end(), put if isinstance(put, str) else put(found)) for found in pattern.finditer(self.text)]
        self.edit(edits)

    def edit(self, edits: list[tuple[int, int, str]]) -> None:
        """Put each text in place of its stretch; ``edits`` are in order and do not overlap."""
        if not edits:
            return
        parts: list[str] = []
        end, drift, here = 0, 0, 0
        moved: list[int] = []
        for start, stop, text in edits:
            while here < len(self.borders) and self.borders[here] <= start:
                moved.append(self.borders[here] + drift)
                here += 1
            while here < len(self.borders) and self.borders[here] < stop:
                moved.append(start + drift + min(self.borders[here] - start, len(text)))
                here += 1
            parts += [self.text[end:start], text]
            drift += len(text) - (stop - start)
            end = stop
        parts.append(self.text[end:])
        moved += [border + drift for border in self.borders[here:]]
        self.text, self.borders = "".join(parts), moved


@lru_cache(maxsize=4096)
def typeset_text(text: str, style: Typography) -> str:
    """``text`` in house style; doing it twice changes nothing more."""
    if not text or text.isspace():
        return text
    line = _Line(text, [])
    _typeset(line, style, held_spans=[])
    return line.text


@lru_cache(maxsize=4096)
def typeset(spans: Spans, style: Typography) -> Spans:
    """One paragraph in house style; rules see through bold, links and italics, never into code."""
    if len(spans) == 1 and not spans[0].code:
        return (replace(spans[0], text=typeset_text(spans[0].text, style)),)
    borders: list[int] = []
    held: list[tuple[int, int]] = []
    end = 0
    for span in spans:
        start, end = end, end + len(span.text)
        borders.append(end)
        if span.code:
            held.append((start, end))
    heads = next((here for here, span in enumerate(spans) if not span.strong), 0)
    line = _Line("".join(span.text for span in spans), borders[:-1], heads)
    _typeset(line, style, held_spans=held)
    edges = [0, *line.borders, len(line.text)]
    texts = [line.text[edges[here] : edges[here + 1]] for here in range(len(spans))]
    return tuple(replace(span, text=text) for span, text in zip(spans, texts, strict=True) if text or not span.text)


def _typeset(line: _Line, style: Typography, *, held_spans: list[tuple[int, int]]) -> None:
    kept = _hold(line, held_spans)
    _apostrophes(line, style)
    _dots_and_dashes(line)
    curl_quotes(line, style)
    _space_punctuation(line, style)
    if _DIGIT.search(line.text):
        _space_numbers(line, style.nbsp)
    _space_titles(line, style.nbsp)
    _space_dashes(line, style.nbsp)
    _release(line, kept)


def _hold(line: _Line, spans: list[tuple[int, int]]) -> list[str]:
    """Take protected stretches out; a stretch that reaches over a border is held piece by piece."""
    found = spans + [match.span() for match in _PROTECTED.finditer(line.text)] if _may_be_protected(line.text) else list(spans)
    if "%" in line.text:
        found += field_places(line.text)
    if not found:
        return []
    stretches = _split_at(_union(sorted(found)), line.borders)
    kept = [line.text[start:stop] for start, stop in stretches]
    line.edit([(start, stop, _HELD) for start, stop in stretches])
    return kept


def _may_be_protected(text: str) -> bool:
    return any(sign in text for sign in ":@;=") or "www." in text or "xD" in text or "<3" in text or _HELD in text


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


def _release(line: _Line, kept: list[str]) -> None:
    if kept:
        pieces = iter(kept)
        line.sub(_HELD_PATTERN, lambda _: next(pieces))


_HELD_PATTERN = re.compile(_HELD)
_DIGIT = re.compile(r"\d")

# Signs --------------------------------------------------------------------------------------------------------------------------

_SINGLE_QUOTED = re.compile(r"(?<![\w’'])'(?=[^\s'])((?:[^'\n]|(?<=\w)'(?=\w)){0,200}?[^\s'])'(?!\w)")
_APOSTROPHE = re.compile(r"(?<=[^\W\d])(?:'|´(?=\w))|(?<!\w)'(?=\d\d(?:s|\b))|(?<=\d)'(?=[^\W\d])")
_ELLIPSIS = re.compile(r"\.{3,}")
_DOUBLE_HYPHEN = re.compile(r"(?:(?<![^\s])|(?<=[^\W_]))--(?=\s|$)|(?<=[^\W_])--(?=[^\W_])")


def _apostrophes(line: _Line, style: Typography) -> None:
    if "'" not in line.text and "´" not in line.text:
        return
    if style.straight != "keep":
        line.sub(_SINGLE_QUOTED, lambda found: f"‘{found[1]}’")
        line.sub(_APOSTROPHE, "’")
        return
    quoted = [found.span() for found in _SINGLE_QUOTED.finditer(line.text)]
    edges = {edge for start, stop in quoted for edge in (start, stop - 1)}
    line.sub(_APOSTROPHE, lambda found: found[0] if found.start() in edges else "’")


def _dots_and_dashes(line: _Line) -> None:
    if "..." in line.text:
        line.sub(_ELLIPSIS, "…")
    if "--" in line.text:
        line.sub(_DOUBLE_HYPHEN, "–")


# Spaces before signs ------------------------------------------------------------------------------------------------------------

_BEFORE_HIGH = re.compile(rf"(?<=[^{_SPACES}\n])[{_SPACES}]+(?=[;!?]+[…]?(?!\w))")
_TIGHT_HIGH = re.compile(r"(?<=[\w)\]»”’\"%€$°])(?=[;!?]+[…]?(?:[\s)\]»”\"’,.—–]|$))")
_BEFORE_COLON = re.compile(rf"(?<=[^{_SPACES}\n:])[{_SPACES}]+(?=:(?:\s|$))")
_TIGHT_COLON = re.compile(r"(?<=[\w)\]»”’\"%€$°…!?])(?=:(?:\s|$))")
_BEFORE_CLOSING = re.compile(rf"(?<=[^{_SPACES}\n])[{_SPACES}]+(?=»)")
_AFTER_OPENING = re.compile(rf"(?<=«)[{_SPACES}]+(?=[^{_SPACES}\n])")


def _space_punctuation(line: _Line, style: Typography) -> None:
    nbsp = style.nbsp
    if any(sign in line.text for sign in ";!?"):
        line.sub(_BEFORE_HIGH, nbsp)
        if style.high == "space":
            line.sub(_TIGHT_HIGH, nbsp)
    if ":" in line.text:
        line.sub(_BEFORE_COLON, "" if style.colon == "tight" else nbsp)
        if style.colon == "space":
            line.sub(_TIGHT_COLON, nbsp)
    if "»" in line.text:
        line.sub(_BEFORE_CLOSING, nbsp)
    if "«" in line.text:
        line.sub(_AFTER_OPENING, nbsp)


# Numbers ------------------------------------------------------------------------------------------------------------------------

_UNITS = (
    "€|%|‰|°C?|£|\\$|¥|k€|M€|Mds?€?|milliers?|millions?|milliards?|euros?|dollars?|km/h|km²|km|m²|m³|mm|cm|kg|mg|ml|cl|kWh|MWh|GWh|TWh|kW|MW|GW"
    "|[KMGTP]o|[kMG]?Hz|px|min|ms|ans?|mois|jours?|heures?|minutes?|secondes?|points?|[mgtlLhs]"
)
_MONTHS = (
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|January|February|March|April|May|June|July|August|September|October|November|December"
)
_GROUPS = re.compile(rf"(?<![\d.,])(?<!\d[{_SPACES}])\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?!\d)(?![{_SPACES}]\d)")
_NUMBER_UNIT = re.compile(rf"(?<=\d)[{_SPACES}](?=(?:{_UNITS})(?![\w’\']))")
_HOURS = re.compile(rf"(?<=\d)[{_SPACES}]h[{_SPACES}](?=\d\d?(?!\d))")
_DAY_MONTH = re.compile(rf"(?:(?<=\d)|(?<=1er)|(?<=1ᵉʳ))[{_SPACES}](?=(?:{_MONTHS})(?!\w))", re.IGNORECASE)
_AFTER_SIGN = re.compile(
    rf"(?:(?<=[nN]°)|(?<=[nN]os)|(?<=[nN]º)|(?<=№)|(?<=§)|(?<=\bp\.)|(?<=\bpp\.)|(?<=\bart\.)|(?<=\bchap\.)|(?<=\bvol\.)|(?<=\bfig\.))[{_SPACES}](?=\d)"
)
_ANY_SPACE = re.compile(rf"[{_SPACES}]")


def _space_numbers(line: _Line, nbsp: str) -> None:
    line.sub(_GROUPS, lambda found: _ANY_SPACE.sub(nbsp, found[0]))
    line.sub(_HOURS, f"{nbsp}h{nbsp}")
    line.sub(_NUMBER_UNIT, nbsp)
    line.sub(_DAY_MONTH, nbsp)
    line.sub(_AFTER_SIGN, nbsp)


# Titles and dashes --------------------------------------------------------------------------------------------------------------

_TITLE = re.compile(
    rf"(?:(?<=\bM\.)|(?<=\bMM\.)|(?<=\bMme)|(?<=\bMmes)|(?<=\bMlle)|(?<=\bMlles)|(?<=\bDr)|(?<=\bPr)|(?<=\bMe)|(?<=\bMgr)|(?<=\bMr\.)|(?<=\bMr)|(?<=\bMrs\.)|(?<=\bMs\.)|(?<=\bDr\.))[{_SPACES}](?=[A-ZÀ-ÖØ-Þ])"
)
_CENTURY = re.compile(rf"(?<=[IVX]e)[{_SPACES}](?=siècle)")
_SPACED_DASH = re.compile(rf"(?:^|(?<=[{_SPACES}\n]))[–—](?=[{_SPACES}])")
_SENTENCE_END = re.compile(rf"[.!?…][»”\"’)]*[{_SPACES}\n]+(?=[«“\"(]?[{_SPACES}]?[A-ZÀ-ÖØ-Þ])")


def _space_titles(line: _Line, nbsp: str) -> None:
    if "M" in line.text or "Dr" in line.text or "Pr" in line.text:
        line.sub(_TITLE, nbsp)
    if "siècle" in line.text:
        line.sub(_CENTURY, nbsp)


def _space_dashes(line: _Line, nbsp: str) -> None:
    """The dash that opens an aside keeps the next word, the one that closes it keeps the last."""
    if "–" not in line.text and "—" not in line.text:
        return
    ends = [found.end() for found in _SENTENCE_END.finditer(line.text)]
    edits: list[tuple[int, int, str]] = []
    opened, sentence = False, 0
    for dash in _SPACED_DASH.finditer(line.text):
        place = dash.start()
        while sentence < len(ends) and ends[sentence] <= place:
            opened, sentence = False, sentence + 1
        at_start = place == 0 or line.text[place - 1] == "\n"
        closes = not at_start and (opened or _follows_run_in(line, place))
        edits.append((place - 1, place, nbsp) if closes else (place + 1, place + 2, nbsp))
        opened = not at_start and not closes
    line.edit([edit for here, edit in enumerate(edits) if not here or edit[0] >= edits[here - 1][1]])


def _follows_run_in(line: _Line, place: int) -> bool:
    """Whether all that stands before the dash is bold: a head."""
    return line.heads > 0 and place - 1 <= line.borders[line.heads - 1] <= place
