"""The lines of an issue with what can be said of each before they are put together: labels and headlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from composer.compose.importing.closing_words import is_closing
from composer.compose.importing.labels import Label, LabelKind, read_label, split_dashes
from composer.compose.importing.rubrics import RUBRICS, raise_headings, rubric, steps_over
from composer.compose.importing.shapes import (
    MAX_HEADLINE,
    byline,
    could_be_headline,
    final,
    is_body,
    is_greeting,
    is_sentence,
    is_weak_headline,
)
from composer.compose.importing.values import RawLine
from composer.model.newsletter import Labels

Strength = Literal["", "guess", "sure"]
ALSO_WITHIN = 8  # lines from the top in which «Et aussi :» announces the issue; further down it may open a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All lines, each with its label and with how much it looks like a headline."""

    lines: tuple[RawLine, ...]
    labels: tuple[Label | None, ...]
    headlines: tuple[Strength, ...]
    taken: frozenset[int] = frozenset()  # indexes of lines whose words stand elsewhere: teasers, the end of a sponsor
    story_level: int  # level of the explicit headings that open a story; 0: none, headlines are recognised by their shape

    def is_label(self, here: int, kind: LabelKind) -> bool:
        """Whether the line at ``here`` is a label of this kind."""
        label = self.labels[here]
        return label is not None and label.kind == kind


def make_sheet(source: Sequence[RawLine], labels: Labels, *, forced: frozenset[int]) -> Sheet:
    """``forced``: indexes of lines that somebody said are headlines."""
    lines = raise_headings(source, labels)
    marks = _only_open_ends([None if here in forced else _label(lines, here, labels) for here in range(len(lines))])
    level = _story_level(lines, marks)
    after_more = _after_further_reading(lines, marks)
    heads: list[Strength] = []
    for here in range(len(lines)):
        if here in forced:
            heads.append("sure")
        elif level:
            heads.append("sure" if lines[here].form == "heading" and lines[here].level <= level and not marks[here] else "")
        else:
            heads.append(_strength(lines, marks, here, after_more))
    lowered = tuple(_lowered(line, level) if here else line for here, line in enumerate(lines))
    return Sheet(lines=lowered, labels=marks, headlines=tuple(heads), story_level=level)


def _label(lines: Sequence[RawLine], here: int, labels: Labels) -> Label | None:
    line = lines[here]
    if line.form in {"item", "block"}:
        return None if line.form == "block" else _item_label(line, labels)
    after = lines[here + 1] if here + 1 < len(lines) else None
    before_body = after is not None and after.form == "text" and is_body(after.text) and len(after.text) > 1.5 * len(line.text)
    label = read_label(line.text, labels, before_body=before_body, heading=line.form == "heading")
    if label is None or label.kind in {"sources", "faq"}:
        return None
    if label.kind == "lead":
        return rubric(label, lines, here)
    if label.kind == "also":
        return rubric(label, lines, here) or (label if _announces(line, label, here, after) else None)
    return label


def _announces(line: RawLine, label: Label, here: int, after: RawLine | None) -> bool:
    """«Et aussi» on top; further down only over a list, or with several teasers: else it opens a sentence."""
    if label.bare:
        return here < ALSO_WITHIN and after is not None and after.form == "item"
    if here < ALSO_WITHIN:
        return True
    if label.rest:
        return len(split_dashes(label.rest)) > 1 and not is_sentence(line.text)
    return after is not None and after.form == "item"


def _only_open_ends(marks: Sequence[Label | None]) -> tuple[Label | None, ...]:
    """The labels, those of a sponsor's end left out where no sponsor is open."""
    kept: list[Label | None] = []
    is_open = False
    for mark in marks:
        kept.append(None if mark and mark.kind == "end" and not is_open else mark)
        is_open = bool(mark and mark.kind == "sponsor") or (is_open and not (mark and mark.kind == "end"))
    return tuple(kept)


def _item_label(line: RawLine, labels: Labels) -> Label | None:
    """«– PARTENAIRE –» and «— fin de l’annonce —» are decorated labels, not items."""
    if not line.typed:
        return None
    label = read_label(line.text, labels, before_body=False)
    return label if label and label.kind in {"sponsor", "end"} and not label.rest and not label.headline else None


def _story_level(lines: Sequence[RawLine], marks: Sequence[Label | None]) -> int:
    """The highest level of explicit headings below the subject; 0 when headings do not structure the text."""
    levels = [line.level for line, mark in zip(lines[1:], marks[1:], strict=True) if line.form == "heading" and mark is None]
    return min(levels, default=0)


def _lowered(line: RawLine, level: int) -> RawLine:
    """A heading inside of a story, with the level that it has there: right below the headline it is 2."""
    is_inside = 0 < level < line.level and line.form == "heading"
    return replace(line, level=line.level - level + 1) if is_inside else line


def _after_further_reading(lines: Sequence[RawLine], marks: Sequence[Label | None]) -> frozenset[int]:
    """Indexes of the lines right after the list of a further-reading label, after teasers and rubrics, and of the first line."""
    places: set[int] = {0}
    reading = False
    for here, mark in enumerate(marks):
        if mark is not None:
            reading = mark.kind in {"more", "also"}
            if (mark.kind == "also" and mark.rest) or mark.kind in RUBRICS:
                places.add(here + 1)
        elif reading and lines[here].form != "item":
            places.add(here)
            reading = False
    return frozenset(places)


def _strength(lines: Sequence[RawLine], marks: Sequence[Label | None], here: int, after_more: frozenset[int]) -> Strength:
    line = lines[here]
    if marks[here] or line.form not in {"text", "heading"} or not could_be_headline(line.text) or byline(line.text):
        return ""
    after = here + 1
    while after < len(lines) and not marks[after] and steps_over(lines[after]):
        after += 1
    if after >= len(lines) or marks[after] or lines[after].form not in {"text", "item"}:
        return ""
    if is_greeting(line.text):
        return ""
    expected = (here in after_more and here > 0) or any(byline(above.text) for above in lines[here + 1 : after])
    return _judge(line.text, lines[after], expected=expected, opening=here == 1)


def _judge(head: str, after: RawLine, *, expected: bool, opening: bool) -> Strength:
    """How much ``head`` is a headline, judged by what follows it. ``opening``: it stands right below the subject."""
    if after.form == "item":
        return ""
    text, ratio = after.text, len(after.text) / len(head)
    if not is_body(text) or is_closing(text):
        return ""
    weak = is_weak_headline(head)
    if len(text) > MAX_HEADLINE and ratio >= 1.5:
        return "guess" if weak and not expected else "sure"
    if weak and not expected:
        return "guess" if (opening or (len(text) >= 100 and ratio >= 1.5)) and is_sentence(text) else ""
    if final(text) in {".", "…", "۔", "。"} and len(text) >= 8:
        return "sure" if len(text) >= 60 and ratio >= 1.3 else "guess"
    return "guess" if ratio >= 1.3 and len(text) >= 60 else ""
