"""The closing words of an issue, «À la semaine prochaine !», and who signs them: the last lines of its last story."""

from __future__ import annotations

from collections.abc import Iterator

from composer.compose.importing.body import paragraph
from composer.compose.importing.closing_words import is_closing, signs
from composer.compose.importing.sheet import Sheet
from composer.compose.importing.values import Notes, RawLine
from composer.model.body import Block

_MAX_LINES = 3  # of closing words and signature together


def closing_start(sheet: Sheet, start: int, end: int) -> int:
    """The index at which the closing words of ``[start, end)`` begin; ``end`` without any."""
    last = end
    while last > start and _is_passed_over(sheet, last - 1):
        last -= 1
    for here in range(last - 1, max(start, last - _MAX_LINES) - 1, -1):
        if not _may_close(sheet, here):
            break
        if is_closing(sheet.lines[here].text):
            return here
    return end


def closing_blocks(sheet: Sheet, start: int, end: int, notes: Notes) -> Iterator[Block]:
    """Those lines as paragraphs, told once."""
    lines = [line for here, line in enumerate(sheet.lines[start:end], start) if not _is_passed_over(sheet, here)]
    if lines:
        words = " / ".join(" ".join(line.text.split()) for line in lines)
        notes.guess(
            lines[0].number,
            fr=f"« {words} », lu comme la formule de fin : gardé à la fin du dernier article, hors de ses liens",
            en=f"“{words}”, read as the closing words: kept at the end of the last story, apart from its links",
        )
    yield from (paragraph(line, run_ins=False) for line in lines)


def _is_passed_over(sheet: Sheet, here: int) -> bool:
    return here in sheet.taken or sheet.is_label(here, "credits")


def _may_close(sheet: Sheet, here: int) -> bool:
    line = sheet.lines[here]
    is_line = line.form == "text" or (line.form == "item" and line.typed)
    return is_line and not sheet.labels[here] and (is_closing(line.text) or _signs_line(line))


def _signs_line(line: RawLine) -> bool:
    return not any(span.link is not None for span in line.spans) and signs(line.text)
