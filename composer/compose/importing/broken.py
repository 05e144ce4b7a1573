"""A headline, an item or a call that a line break parts, in a text that is not wrapped: one line again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from composer.compose.emoji import split_emoji
from composer.compose.importing.labels import read_label
from composer.compose.importing.runs import begins_capital, dangles, is_ended
from composer.compose.importing.shapes import MAX_HEADLINE, byline, could_be_headline, is_body, is_greeting
from composer.compose.importing.values import Notes, RawLine
from composer.model.body import Span
from composer.model.newsletter import Labels

_MAX_KICKER = 40  # characters of «Tramway :» above the rest of its headline
_OPENERS = "«“\"‘'([ \u00a0\u202f"


def join_broken(lines: Sequence[RawLine], labels: Labels, notes: Notes) -> list[RawLine]:
    """``lines`` with broken ones joined; what is not certain about it is told."""
    joined: list[RawLine] = []
    for here, line in enumerate(lines):
        if joined and _goes_on(joined, line, lines[here + 1 : here + 2], labels, notes):
            last = joined[-1]
            joined[-1] = replace(last, spans=(*last.spans, Span(text=" "), *line.spans))
        else:
            joined.append(line)
    return joined


def _goes_on(joined: Sequence[RawLine], line: RawLine, after: Sequence[RawLine], labels: Labels, notes: Notes) -> bool:
    last = joined[-1]
    if line.form != "text" or last.form == "block" or line.web or not _may_be_parts(last, line):
        return False
    if last.form == "item" or split_emoji(last.text)[0]:
        return not line.gap and _begins_small(line.text) and len(line.text) <= MAX_HEADLINE and _are_words(last, line, labels)
    if last.form != "text" or not _ends_headline(line, after, labels, alone=len(joined) == 1) or not _are_words(last, line, labels):
        return False
    if _begins_small(line.text) or _closes_quotation(last.text, line.text):
        return True
    # Above a blank line and a capital, «À la une» is no half of a headline.
    return (dangles(last.text) and not last.text.endswith(",") and not line.gap) or _is_kicker(last, notes)


def _may_be_parts(last: RawLine, line: RawLine) -> bool:
    if len(last.text) + len(line.text) > MAX_HEADLINE + 20:
        return False
    if _closes_quotation(last.text, line.text):
        return True
    if is_ended(last.text) or last.text.endswith(";"):
        return False
    return _begins_small(line.text) or last.text.endswith(":") or dangles(last.text)


def _are_words(last: RawLine, line: RawLine, labels: Labels) -> bool:
    """Neither is a greeting, an author, a call or a label."""
    if is_greeting(last.text) or byline(last.text) or byline(line.text) or split_emoji(line.text)[0]:
        return False
    return not any(read_label(part.text, labels, before_body=False) for part in (last, line))


def _ends_headline(line: RawLine, after: Sequence[RawLine], labels: Labels, *, alone: bool) -> bool:
    """Whether a headline may end with ``line``: text or an author follows; below a subject a label or a headline too."""
    if not could_be_headline(line.text) or not after or after[0].form != "text":
        return False
    text = after[0].text
    if is_body(text) or byline(text):
        return True
    return alone and (begins_capital(text) or read_label(text, labels, before_body=False) is not None)


def _closes_quotation(first: str, second: str) -> bool:
    """«A first line whose quotation the second one closes»."""
    return any(
        first.count(opening) > first.count(closing) and second.count(closing) > second.count(opening) for opening, closing in ("«»", "“”")
    )


def _begins_small(text: str) -> bool:
    return text.lstrip(_OPENERS)[:1].islower()


def _is_kicker(last: RawLine, notes: Notes) -> bool:
    """«Tramway :» above «Le vote de minuit»: most likely one headline."""
    if not last.text.endswith(":") or len(last.text) > _MAX_KICKER:
        return False
    notes.guess(last.number, fr="lu avec la ligne suivante comme un seul titre", en="read with the next line as one headline")
    return True
