"""A paragraph that is much longer than its neighbours, and in which a sentence ends with a full line: two paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from composer.compose.importing.runs import TypedLine, is_ended, lengths_of, text_of
from composer.compose.importing.shapes import run_in

PartKind = Literal["label", "teasers", "item", "head", "body"]
Lines = tuple[TypedLine, ...]
_SENTENCE_END = re.compile(r"[.!?…؟۔][»”\"’')\]]*(?=\s+[«“\"(]?[^\W\d_a-zà-öø-ÿ]|\s*$)")
_LEAST = 75  # characters: the last sentence of a paragraph is often shorter, a paragraph hardly ever
_LONGER = 1.6  # times its longest neighbour
_LONGER_IN_SPONSOR = 1.3  # whose paragraphs are two or three sentences, so that one in two ends a paragraph


@dataclass(slots=True)
class Part:
    """One paragraph, with the breaks at which it may be two."""

    lines: Lines
    kind: PartKind
    breaks: list[int] = field(default_factory=list)  # indexes of lines that may begin a paragraph
    text: str = field(init=False)  # its words

    def __post_init__(self) -> None:
        self.text = text_of(self.lines)


def part_by_length(parts: Sequence[Part]) -> Iterator[Part]:
    """``parts`` in order, the long ones taken apart."""
    for chapter, sponsor in _chapters(parts):
        for part in chapter:
            others = [other for other in chapter if other is not part and other.kind == "body"]
            yield from _parted(part, others, sponsor=sponsor)


def _chapters(parts: Sequence[Part]) -> Iterator[tuple[list[Part], bool]]:
    """Paragraphs that follow each other, and whether a label alone stands above them, as above a sponsor's."""
    chapter: list[Part] = []
    sponsor, before = False, ""
    for part in parts:
        if part.kind == "body" or (part.kind == "head" and is_ended(part.text) and (chapter or (sponsor and before == "head"))):
            chapter.append(part)
        else:
            yield chapter, sponsor
            yield [part], False
            chapter = []
            sponsor = part.kind == "label" or (part.kind == "head" and before == "label")
        before = part.kind
    yield chapter, sponsor


def _parted(part: Part, others: Sequence[Part], *, sponsor: bool) -> Iterator[Part]:
    at = _best_break(part)
    if not at or not _is_too_long(part, others, sponsor=sponsor):
        yield part
        return
    first = Part(part.lines[:at], part.kind, [other for other in part.breaks if other < at])
    second = Part(part.lines[at:], part.kind, [other - at for other in part.breaks if other > at])
    yield from _parted(first, [*others, second], sponsor=sponsor)
    yield from _parted(second, [*others, first], sponsor=sponsor)


def _best_break(part: Part) -> int:
    """The break that parts it most evenly; 0: every piece would be too short for a paragraph."""
    lengths = lengths_of(part.lines) if part.breaks else []
    halves = {at: min(lengths[at]) for at in part.breaks}
    at = max(halves, key=lambda at: halves[at], default=0)
    return at if halves.get(at, 0) >= _LEAST else 0


def _is_too_long(part: Part, others: Sequence[Part], *, sponsor: bool) -> bool:
    """Longer than its neighbours by far; where run-in heads open the paragraphs, they alone part them."""
    longest = max((len(other.text) for other in others), default=0)
    if not longest:
        return sponsor
    ratio = len(part.text) / longest
    if not sponsor:
        return ratio >= _LONGER and not any(run_in(other.text) for other in others)
    return ratio >= _LONGER_IN_SPONSOR or (ratio > 1 and _sentences(part) > max(_sentences(other) for other in others))


def _sentences(part: Part) -> int:
    return len(_SENTENCE_END.findall(part.text))
