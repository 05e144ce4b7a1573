"""«Crédit : Anaïs Roux» right under a picture, or under its caption: the picture's own credit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from composer.compose.importing.labels import fold, split_dashes
from composer.compose.importing.values import RawLine
from composer.compose.pictures import CREDIT_LINE
from composer.model.body import Picture
from composer.model.newsletter import Labels

_MAX_CREDIT = 120  # characters


def give_credits(lines: Sequence[RawLine], labels: Labels) -> list[RawLine]:
    """``lines`` with such a line taken into the picture above it; the credits that close an issue stay."""
    given: list[RawLine] = []
    for here, line in enumerate(lines):
        above = given[-1].block if given else None
        credit = _credit(line, labels, closes=here + 1 == len(lines)) if isinstance(above, Picture) and not above.credit else ""
        if credit and isinstance(above, Picture):
            given[-1] = replace(given[-1], block=replace(above, credit=credit))
        else:
            given.append(line)
    return given


def _credit(line: RawLine, labels: Labels, *, closes: bool) -> str:
    """The name; "" for other lines, for several names, and for the newsletter's own label where it closes the text."""
    found = CREDIT_LINE.match(line.text.strip()) if line.form == "text" and len(line.text) <= _MAX_CREDIT else None
    if not found or len(split_dashes(found["credit"])) != 1 or any(span.link is not None for span in line.spans):
        return ""
    is_own_label = fold(line.text).startswith(fold(labels.credits).rstrip(" :"))
    return "" if closes and is_own_label else found["credit"].strip()
