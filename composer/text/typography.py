"""House style put on words: quotes, apostrophes, dashes and the spaces that must not break.

Length changes are small and local, so the marks of spans are carried along by their borders. What must not change (code, addresses,
times, ratios, smileys, merge fields) is taken out first and put back last.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from composer.model.body import Spans
from composer.model.newsletter import Typography
from composer.text.held import hold, release
from composer.text.line import Line
from composer.text.quotes import curl_quotes
from composer.text.spacing import space_words
from composer.text.style import StyleMeasure, measure_style

__all__ = ["StyleMeasure", "measure_style", "typeset", "typeset_text"]


Settled = TypeVar("Settled", str, Spans)
_MOST_PASSES = 5  # of 400,000 strings of random signs two changed in a second pass, none in a third


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
    line = Line(text, [])
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
    line = Line("".join(span.text for span in spans), borders[:-1], heads)
    _typeset(line, style, held_spans=held)
    edges = [0, *line.borders, len(line.text)]
    texts = [line.text[edges[here] : edges[here + 1]] for here in range(len(spans))]
    return tuple(replace(span, text=text) for span, text in zip(spans, texts, strict=True) if text or not span.text)


def _typeset(line: Line, style: Typography, *, held_spans: list[tuple[int, int]]) -> None:
    kept = hold(line, held_spans)
    _apostrophes(line, style)
    _dots_and_dashes(line)
    curl_quotes(line, style)
    space_words(line, style)
    release(line, kept)


# Signs --------------------------------------------------------------------------------------------------------------------------

_SINGLE_QUOTED = re.compile(r"'(?<![\w’']')(?=[^\s'])((?:[^'\n]|(?<=\w)'(?=\w)){0,200}?[^\s'])'(?!\w)")
_APOSTROPHE = re.compile(r"'(?<=[^\W\d]')|´(?<=[^\W\d]´)(?=\w)|'(?<!\w')(?=\d\d(?:s|\b))|'(?<=\d')(?=[^\W\d])")
_ELLIPSIS = re.compile(r"\.{3,}")
# A quotation mark beside it counts as a space, since house style may put one there and a second pass would then see it.
_DOUBLE_HYPHEN = re.compile(r"(?:(?<![^\s\"“«])|(?<=[^\W_]))--(?=[\s\"”»]|$)|(?<=[^\W_])--(?=[^\W_])")


def _apostrophes(line: Line, style: Typography) -> None:
    if "'" not in line.text and "´" not in line.text:
        return
    if style.straight != "keep":
        line.sub(_SINGLE_QUOTED, lambda found: f"‘{found[1]}’")
        line.sub(_APOSTROPHE, "’")
        return
    quoted = [found.span() for found in _SINGLE_QUOTED.finditer(line.text)]
    edges = {edge for start, stop in quoted for edge in (start, stop - 1)}
    line.sub(_APOSTROPHE, lambda found: found[0] if found.start() in edges else "’")


def _dots_and_dashes(line: Line) -> None:
    if "..." in line.text:
        line.sub(_ELLIPSIS, "…")
    if "--" in line.text:
        line.sub(_DOUBLE_HYPHEN, "–")
