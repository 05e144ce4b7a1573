"""Lines that a mail program or an editor broke at a fixed width, joined again before anything else is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

MIN_WIDTH, MAX_WIDTH = 50, 100
_MIN_LINES = 6
_STOPPED = re.compile(r"[.!?…:;,؟۔][»”\"’')\]\s]*$")
_CAPITAL = re.compile(r"[«“\"‘'(\[\s]*[^\W\d_]")
_HYPHENATED = re.compile(r"\w[-\u2010]$")
_RUN_IN = re.compile(r"[^.;:–—]{2,60}\s[–—-]\s+[«“\"(]?[^\W\d_]")
# Words that open a sentence and, with a capital, hardly ever stand inside one.
_OPENERS = frozenset(
    re.findall(
        r"\w+",
        """
    le la les un une des du de dans en au aux à après avant avec ce cet cette ces ceux il elle ils elles on
    nous vous pour par sur sous selon depuis alors mais et ou où si quand lorsque chaque plus moins tout tous
    toute toutes face grâce comme entre sans c d j l n s qu mardi lundi mercredi jeudi vendredi samedi dimanche
    the a an in on at for with after before when while this these that those it he she they we you but and if
    as from to
    """,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLine:
    """A line as it stands in the source."""

    number: int
    text: str
    gap: bool  # a blank line stands before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """How the caller tells lines that can be no continuation."""

    opens: Callable[[str], bool]  # an item, a call, a label with words after it
    is_label: Callable[[str], bool]  # a label that fills its line
    announces: Callable[[str], bool]  # a label whose words go on: teasers


def join_wrapped(lines: Sequence[TypedLine], openings: Openings) -> list[TypedLine]:
    """Paragraphs, one a line; the lines themselves where nothing was wrapped."""
    width = wrap_width(lines)
    if not width:
        return list(lines)
    flowed = _is_flowed(lines, width)
    joined: list[list[TypedLine]] = []
    for here, line in enumerate(lines):
        part = joined[-1] if joined else None
        if part and _goes_on(part, line, lines[here + 1 : here + 2], joined, width=width, flowed=flowed, openings=openings):
            part.append(line)
        else:
            joined.append([line])
    return [TypedLine(number=part[0].number, text=_join(part), gap=part[0].gap) for part in joined]


def wrap_width(lines: Sequence[TypedLine]) -> int:
    """The width at which most lines were broken; 0 when they were not."""
    lengths = [len(line.text.rstrip()) for line in lines if " " in line.text.strip()]
    inside = [length for length in lengths if length <= MAX_WIDTH]
    if len(inside) < _MIN_LINES or len(inside) < 0.9 * len(lengths):
        return 0
    width = max(inside)
    if width < MIN_WIDTH:
        return 0
    pairs = [(here, after) for here, after in pairwise(lines) if not after.gap]
    full = sum(_is_full(here.text, after.text, width) for here, after in pairs)
    return width if pairs and full >= max(3, 0.4 * len(pairs)) else 0


def _is_full(text: str, after: str, width: int) -> bool:
    """Whether the first word of ``after`` would not have fitted; blanks that do not break (U+00A0) belong to the word."""
    first = re.match(r"[^ \t]+", after.lstrip(" \t"))
    return len(text.rstrip()) + 1 + len(first[0] if first else "") > width


def _is_flowed(lines: Sequence[TypedLine], width: int) -> bool:
    """Whether broken lines kept the space at which they were broken, as ``fold -s`` and format=flowed (RFC 3676) leave it."""
    full = [here for here, after in pairwise(lines) if not after.gap and _is_full(here.text, after.text, width)]
    return sum(line.text.endswith(" ") for line in full) > 0.6 * len(full)


def _goes_on(
    part: Sequence[TypedLine],
    line: TypedLine,
    after: Sequence[TypedLine],
    joined: Sequence[Sequence[TypedLine]],
    *,
    width: int,
    flowed: bool,
    openings: Openings,
) -> bool:
    """Whether ``line`` continues ``part``."""
    last = part[-1]
    full = last.text.endswith(" ") if flowed else _is_full(last.text, line.text, width)
    # The last word of a sentence may look like a label.
    label = openings.is_label(line.text) and not (full and line.text.strip()[:1].islower())
    if line.gap or not full or label or openings.opens(line.text) or (len(part) == 1 and openings.is_label(last.text)):
        return False
    if flowed or not _begins_capital(line.text) or len(line.text.split()) < 3:
        return True
    return not _begins_anew(part, line, after, joined, width=width, openings=openings)


def _begins_anew(
    part: Sequence[TypedLine],
    line: TypedLine,
    after: Sequence[TypedLine],
    joined: Sequence[Sequence[TypedLine]],
    *,
    width: int,
    openings: Openings,
) -> bool:
    """Whether a line with a capital after a full one is no continuation all the same."""
    last, first = part[-1], part[0].text
    stopped = bool(_STOPPED.search(last.text.rstrip()))
    if openings.announces(first) or (stopped and _RUN_IN.match(line.text.strip())):
        return True
    if openings.opens(first):
        return _is_headline_after_item(line, after, width, openings)
    return len(part) == 1 and _ends_headline(last, line, joined, stopped=stopped, openings=openings)


def _begins_capital(text: str) -> bool:
    found = _CAPITAL.match(text)
    return bool(found) and text[found.end() - 1].isupper() if found else False


def _is_headline_after_item(line: TypedLine, after: Sequence[TypedLine], width: int, openings: Openings) -> bool:
    """A full item, then a line with a capital and a full line: a headline and its text, for items end before such."""
    if not after or after[0].gap or _STOPPED.search(line.text.rstrip()):
        return False
    return len(after[0].text) > 0.75 * width and not openings.opens(after[0].text) and not openings.is_label(after[0].text)


def _ends_headline(last: TypedLine, line: TypedLine, joined: Sequence[Sequence[TypedLine]], *, stopped: bool, openings: Openings) -> bool:
    """Whether a full first line is a headline of its own: where one is expected, or before words that open a sentence."""
    if last.text.rstrip().endswith((",", ";", ":", ".", "…")):
        return False
    before = joined[-2] if len(joined) > 1 else None
    expected = before is None or openings.is_label(before[0].text) or openings.opens(before[0].text)
    first = re.split(r"[\s’']", line.text.strip().lstrip('«“"‘( '))[0].casefold()
    return (expected and (stopped or first in _OPENERS or last.gap or before is None)) or (first in _OPENERS and not stopped)


def _join(part: Sequence[TypedLine]) -> str:
    text = part[0].text.strip()
    for line in part[1:]:
        glue = "" if _HYPHENATED.search(text) else " "
        text += glue + line.text.strip()
    return text
