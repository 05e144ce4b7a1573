"""The credits of an issue: who made its pictures, as the line that closes it says."""

from __future__ import annotations

from collections.abc import Iterable

from composer.compose.importing.labels import split_dashes
from composer.compose.importing.sheet import Sheet


def credit_lines(sheet: Sheet, start: int, end: int | None = None) -> Iterable[int]:
    """Indexes of the lines that credits fill: the label's, and the items under a label that stands alone."""
    stop = len(sheet.lines) if end is None else end
    here = start
    while here < stop:
        label = sheet.labels[here]
        here += 1
        if not label or label.kind != "credits":
            continue
        yield here - 1
        single = not label.rest
        while here < stop and not label.rest and not sheet.labels[here] and (sheet.lines[here].form == "item" or single):
            if sheet.lines[here].form != "item" and sheet.headlines[here]:
                break
            single = False
            yield here
            here += 1


def read_credits(sheet: Sheet, start: int) -> tuple[str, ...]:
    """The credits below ``start``, in order."""
    found: list[str] = []
    for here in credit_lines(sheet, start):
        label = sheet.labels[here]
        found += split_dashes(label.rest if label else sheet.lines[here].text)
    return tuple(found)
