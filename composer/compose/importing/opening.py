"""What stands above the text of an article: its page's short name, its headline, its author."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from composer.compose.importing.labels import fold
from composer.compose.importing.shapes import MAX_HEADLINE, byline, could_be_headline, is_sentence
from composer.compose.importing.values import RawLine
from composer.model.body import Block, Paragraph, Spans


@dataclass(slots=True)
class Parts:
    """The story while it is read."""

    headline: Spans = ()
    headline_line: int = 0
    author: str = ""
    blocks: list[Block] = field(default_factory=list)
    web_only: list[Block] = field(default_factory=list)


def open_article(lines: Sequence[RawLine], start: int, parts: Parts, forced: frozenset[int], *, sponsor: bool) -> int:
    """Reads what stands above the text: a short first line that repeats the headline, the headline, the author."""
    here = _headline_index(lines, start, forced)
    if here is None:
        return start
    for line in lines[start:here]:
        parts.web_only.append(line.block or Paragraph(spans=line.as_paragraph, line=line.number))
    line = lines[here]
    parts.headline = tuple(replace(span, strong=False, text=span.text.replace("\n", " "), line=0) for span in line.spans)
    parts.headline_line = line.number
    here += 1
    if here < len(lines) and not sponsor and byline(lines[here].text):
        parts.author = byline(lines[here].text)
        here += 1
    return here


def _headline_index(lines: Sequence[RawLine], start: int, forced: frozenset[int]) -> int | None:
    if forced:
        return min(forced)
    if start >= len(lines):
        return None
    explicit = next((here for here in range(start, min(start + 3, len(lines))) if lines[here].form == "heading"), None)
    if explicit is not None and (explicit == start or _repeats(lines[start], lines[explicit])):
        return explicit
    if lines[start].form not in {"text", "heading"} or len(lines[start].text) > MAX_HEADLINE * 1.5:
        return None
    if start + 1 < len(lines) and _repeats(lines[start], lines[start + 1]):
        return start + 1
    return start


def _repeats(first: RawLine, second: RawLine) -> bool:
    """Whether ``first`` is the short name of the page whose headline is ``second``."""
    if (
        second.form not in {"text", "heading"}
        or len(first.text) > 80
        or len(second.text) > MAX_HEADLINE
        or len(first.text) >= len(second.text)
    ):
        return False
    if not could_be_headline(second.text) or is_sentence(first.text):
        return False
    shared = _words(first.text) & _words(second.text)
    return bool(shared) and len(shared) >= 0.3 * len(_words(first.text))


def _words(text: str) -> set[str]:
    words = "".join(char if char.isalnum() else " " for char in fold(text)).split()
    return {word for word in words if len(word) > 3 or not word.isascii()}
