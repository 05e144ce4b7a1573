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
from typing import TypeVar

from composer.model.body import Spans
from composer.model.newsletter import Typography
from composer.text.merge import field_places
from composer.text.quotes import curl_quotes
from composer.text.style import StyleMeasure, measure_style

__all__ = ["StyleMeasure", "measure_style", "typeset", "typeset_text"]

# A letter that no newsletter needs stands for what is protected; where an author did write it, it is protected too.
_HELD = "\ua66e"
_SPACES = " \u00a0\u202f"

# Each pattern opens with a sign that is rare, so that looking for it costs next to nothing.
_ADDRESS = re.compile(r"(?:https?://|ftp://|mailto:|tel:|www\.)[^\s<>«»“”\"]+")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+|(?<![\w@/.])@\w[\w.]*")
_RATIO = re.compile(r"[0-9]+(?::[0-9]+)+")
_INSIDE_RATIO = re.compile(r":(?<=[0-9]:)(?=[0-9])")
_SHORTCODE = re.compile(r":[a-z0-9_+-]{2,30}:(?!\w)")
_SMILEY = re.compile(r"(?:[:;=](?<!\w[:;=])[-o^]?[)(DPpO/\\|\]\[*3]|[:;](?<!\w[:;])'\(|xD(?<!\wxD)|<3)(?=\s|$|[.,!?)…»”\"])")
_PERHAPS_SMILEY = re.compile(r"[:;=]['\-o^)(DPpO/\\|\]\[*3]")
_PATH = re.compile(r"[A-Za-z]:\\\S*")


Settled = TypeVar("Settled", str, Spans)
_MOST_PASSES = 5  # of 400,000 strings of random signs two changed in a second pass, none in a third


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
    return _settle(text, lambda given: _typeset_once(given, style))


@lru_cache(maxsize=4096)
def typeset(spans: Spans, style: Typography) -> Spans:
    """One paragraph in house style; rules see through bold, links and italics, never into code."""
    if len(spans) == 1 and not spans[0].code:
        return (replace(spans[0], text=typeset_text(spans[0].text, style)),)
    return _settle(spans, lambda given: _typeset_spans_once(given, style))


def _settle(given: Settled, once: Callable[[Settled], Settled]) -> Settled:
    """Passes until one changes nothing: what a rule wrote beside a sign may be what another rule waits for («"…" ?»)."""
    for _ in range(_MOST_PASSES):
        made = once(given)
        if made == given:
            break
        given = made
    return given


def _typeset_once(text: str, style: Typography) -> str:
    line = _Line(text, [])
    _typeset(line, style, held_spans=[])
    return line.text


def _typeset_spans_once(spans: Spans, style: Typography) -> Spans:
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
    found = [*spans, *_protected(line.text)]
    if not found:
        return []
    stretches = _split_at(_union(sorted(found)), line.borders)
    kept = [line.text[start:stop] for start, stop in stretches]
    line.edit([(start, stop, _HELD) for start, stop in stretches])
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
    if _HELD in text:
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


def _release(line: _Line, kept: list[str]) -> None:
    if kept:
        pieces = iter(kept)
        line.sub(_HELD_PATTERN, lambda _: next(pieces))


_HELD_PATTERN = re.compile(_HELD)
_DIGIT = re.compile(r"\d")

# Signs --------------------------------------------------------------------------------------------------------------------------

_SINGLE_QUOTED = re.compile(r"'(?<![\w’']')(?=[^\s'])((?:[^'\n]|(?<=\w)'(?=\w)){0,200}?[^\s'])'(?!\w)")
_APOSTROPHE = re.compile(r"'(?<=[^\W\d]')|´(?<=[^\W\d]´)(?=\w)|'(?<!\w')(?=\d\d(?:s|\b))|'(?<=\d')(?=[^\W\d])")
_ELLIPSIS = re.compile(r"\.{3,}")
# A quotation mark beside it counts as a space, since house style may put one there and a second pass would then see it.
_DOUBLE_HYPHEN = re.compile(r"(?:(?<![^\s\"“«])|(?<=[^\W_]))--(?=[\s\"”»]|$)|(?<=[^\W_])--(?=[^\W_])")


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

_SIGN = re.compile(r"[;!?:«»](?:(?<=[;!?])[;!?]*…?(?!\w)|(?<=:)(?=\s|$)|(?<=[«»]))")
_AFTER_HIGH = re.compile(r"[\s)\]»”\"’,.—–]|:(?=\s|$)|$")


def _space_punctuation(line: _Line, style: Typography) -> None:
    edits: list[tuple[int, int, str]] = []
    for found in _SIGN.finditer(line.text):
        edit = _opening_space(line.text, found, style) if found[0] == "«" else _closing_space(line.text, found, style)
        if edit and (not edits or edit[0] >= edits[-1][1]):
            edits.append(edit)
    line.edit(edits)


def _opening_space(text: str, sign: re.Match[str], style: Typography) -> tuple[int, int, str] | None:
    end = start = sign.end()
    while text[end : end + 1] and text[end] in _SPACES:
        end += 1
    return (start, end, style.nbsp) if end > start and text[end : end + 1] not in {"", "\n"} else None


def _closing_space(text: str, sign: re.Match[str], style: Typography) -> tuple[int, int, str] | None:
    start = end = sign.start()
    while start and text[start - 1] in _SPACES:
        start -= 1
    if not start or text[start - 1] == "\n":
        return None
    before, spaced = text[start - 1], start < end
    if sign[0] == ":":
        wanted = _colon_space(style, before, spaced=spaced)
    elif spaced:
        wanted = style.nbsp
    else:
        opened = sign[0] != "»" and style.high == "space" and _ends_words(before) and _AFTER_HIGH.match(text, sign.end())
        wanted = style.nbsp if opened else ""
    return (start, end, wanted) if wanted or spaced else None


def _colon_space(style: Typography, before: str, *, spaced: bool) -> str:
    if style.colon == "keep" or before == ":":
        return style.nbsp if spaced else ""
    if style.colon == "tight" and _ends_words(before) and before != _HELD:
        return ""
    if style.colon == "tight":
        return style.nbsp if spaced else ""
    return style.nbsp if spaced or _ends_words(before) or before in "…!?" else ""


def _ends_words(char: str) -> bool:
    return char.isalnum() or char in '_)]»”’"%€$°'


# Numbers ------------------------------------------------------------------------------------------------------------------------

_UNITS = (
    "€|%|‰|°C?|£|\\$|¥|k€|M€|Mds?€?|milliers?|millions?|milliards?|euros?|dollars?|km/h|km²|km|m²|m³|mm|cm|kg|mg|ml|cl|kWh|MWh|GWh|TWh|kW|MW|GW"
    "|[KMGTP]o|[kMG]?Hz|px|min|ms|ans?|mois|jours?|heures?|minutes?|secondes?|points?|[mgtlLhs]"
)
_MONTHS = (
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|january|february|march|april|may|june|july|august|september|october|november|december"
)
_GROUPS = re.compile(rf"[0-9](?<![\d.,][0-9])(?<!\d[{_SPACES}][0-9])[0-9]{{0,2}}(?:[{_SPACES}][0-9]{{3}})+(?![0-9]|[{_SPACES}][0-9])")
_NUMBER_UNIT = re.compile(rf"[0-9][{_SPACES}](?=(?:{_UNITS})(?![\w’']))")
_HOURS = re.compile(rf"[0-9][{_SPACES}]h[{_SPACES}](?=[0-9][0-9]?(?![0-9]))")
_DAY_MONTH = re.compile(rf"[0-9](?:er|ᵉʳ)?[{_SPACES}](?=(?i:{_MONTHS})(?!\w))")
_NUMBERED = re.compile(rf"[0-9](?<=[{_SPACES}][0-9])")
_NUMBER_SIGNS = ("n°", "N°", "nos", "Nos", "n°s", "nº", "Nº", "№", "§", " p.", "(p.", " pp.", " art.", " chap.", " vol.", " fig.")
_NUMBER_SPACE = re.compile(rf"[0-9](?:er|ᵉʳ)?[{_SPACES}]")
_ANY_SPACE = re.compile(rf"[{_SPACES}]")


def _space_numbers(line: _Line, nbsp: str) -> None:
    if _NUMBER_SPACE.search(line.text):
        for pattern in (_GROUPS, _HOURS, _NUMBER_UNIT, _DAY_MONTH):
            line.sub(pattern, lambda found: _ANY_SPACE.sub(nbsp, found[0]))
    signs = [found.start() - 1 for found in _NUMBERED.finditer(line.text)]
    line.edit([(place, place + 1, nbsp) for place in signs if _is_number_sign(line.text, place)])


def _is_number_sign(text: str, end: int) -> bool:
    before = " " + text[max(0, end - 7) : end].replace("\u00a0", " ").replace("\n", " ")
    return before.endswith(_NUMBER_SIGNS) and not (before.endswith("os") and before[-4:-3].isalpha())


# Titles and dashes --------------------------------------------------------------------------------------------------------------

_TITLE = re.compile(rf"[MDP](?<!\w[MDP])(?:(?<=M)(?:\.|M\.|mes?|lles?|e|gr|rs?\.?|s\.)|r\.?)[{_SPACES}](?=[A-ZÀ-ÖØ-Þ])")
_CENTURY = re.compile(rf"[IVX]e[{_SPACES}](?=siècle)")
_DASH = re.compile(rf"[–—](?=[{_SPACES}])")
_SENTENCE_END = re.compile(rf"[.!?…][»”\"’)]*[{_SPACES}\n]+(?=[«“\"(]?[{_SPACES}]?[A-ZÀ-ÖØ-Þ])")


def _space_titles(line: _Line, nbsp: str) -> None:
    for pattern in (_TITLE, _CENTURY) if "siècle" in line.text else (_TITLE,):
        line.sub(pattern, lambda found: found[0][:-1] + nbsp)


def _space_dashes(line: _Line, nbsp: str) -> None:
    """The dash that opens an aside keeps the next word, the one that closes it keeps the last."""
    if "–" not in line.text and "—" not in line.text:
        return
    ends = [found.end() for found in _SENTENCE_END.finditer(line.text)]
    edits: list[tuple[int, int, str]] = []
    opened, sentence = False, 0
    for place in (dash.start() for dash in _DASH.finditer(line.text)):
        if place and line.text[place - 1] not in f"{_SPACES}\n":
            continue
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
