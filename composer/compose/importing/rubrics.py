"""Lines that name a rubric right above a headline: «Et aussi» opens the secondary stories, «À la une» marks the lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from composer.compose.importing.labels import Label, read_label
from composer.compose.importing.shapes import byline, could_be_headline, is_body
from composer.compose.importing.values import RawLine
from composer.model.body import Picture
from composer.model.newsletter import Labels

RUBRICS = frozenset({"also_heading", "lead"})
_OPENED = 3  # lines of a subject, a headline and its text: above them «Et aussi» announces, below it may open what it announced


def rubric(label: Label, lines: Sequence[RawLine], here: int) -> Label | None:
    """What ``label`` at ``here`` is as a rubric; None: it stands above no headline."""
    if label.rest or not here or not _is_above_headline(lines, here):
        return None
    if label.kind == "also":
        return Label(kind="also_heading") if here >= _OPENED else None
    return label if label.kind == "lead" else None


def steps_over(line: RawLine) -> bool:
    """Whether a line may stand between a headline and its text."""
    return bool(byline(line.text)) or isinstance(line.block, Picture)


def _is_above_headline(lines: Sequence[RawLine], here: int) -> bool:
    below = [line for line in lines[here + 1 : here + 6] if not steps_over(line)]
    if not below or below[0].form == "heading":
        return bool(below)
    is_text = len(below) > 1 and below[0].form == "text" and below[1].form == "text"
    return is_text and could_be_headline(below[0].text) and is_body(below[1].text)


def raise_headings(lines: Sequence[RawLine], labels: Labels) -> list[RawLine]:
    """The lines with the headings below a rubric's heading on its own level: «À la une» at level 1, its headline at level 2."""
    raised: list[RawLine] = []
    level, by = 0, 0  # of the rubric that is open; how far the headings below it go up
    for here, line in enumerate(lines):
        if line.form == "heading" and line.level <= level:
            level, by = 0, 0
        if line.form == "heading" and _opens(line, lines, here, labels):
            level, by = line.level, lines[here + 1].level - line.level
        raised.append(replace(line, level=line.level - by) if by and line.form == "heading" and line.level > level else line)
    return raised


def _opens(line: RawLine, lines: Sequence[RawLine], here: int, labels: Labels) -> bool:
    label = read_label(line.text, labels, before_body=False, heading=True)
    after = lines[here + 1] if here + 1 < len(lines) else None
    is_deeper = after is not None and after.form == "heading" and after.level > line.level
    return bool(is_deeper and label and rubric(label, lines, here))
