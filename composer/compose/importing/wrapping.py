"""Lines that a mail program or an editor broke at a fixed width, joined again before anything else is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MIN_WIDTH, MAX_WIDTH = 50, 100
_MIN_LINES = 6
_SENTENCE_END = re.compile(r"[.!?…:;][»”\"’')\]\s]*$")
_OPENS_CAPITAL = re.compile(r"[«“\"‘'(\[\s]*[^\W\d_]")
_HYPHENATED = re.compile(r"\w[-\u2010]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLine:
    """A line as it stands in the source."""

    number: int
    text: str
    gap: bool  # a blank line stands before it


def join_wrapped(lines: Sequence[TypedLine], *, opens: Callable[[str], bool], stands_alone: Callable[[str], bool]) -> list[TypedLine]:
    """Paragraphs, one a line. ``opens``: this text begins something new (item, label); ``stands_alone``: a label, nothing continues it."""
    width = wrap_width(lines)
    if not width:
        return list(lines)
    flowed = _is_flowed(lines, width)
    joined: list[list[TypedLine]] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before and not _begins_anew(before, line, width=width, flowed=flowed, opens=opens, stands_alone=stands_alone):
            before.append(line)
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
    pairs = [(here, after) for here, after in zip(lines, lines[1:], strict=False) if not after.gap]
    full = sum(_is_full(here.text, after.text, width) for here, after in pairs)
    return width if pairs and full >= max(3, 0.4 * len(pairs)) else 0


def _is_full(text: str, after: str, width: int) -> bool:
    """Whether the first word of ``after`` would not have fitted; blanks that do not break (U+00A0) belong to the word."""
    first = re.match(r"[^ \t]+", after.lstrip(" \t"))
    return len(text.rstrip()) + 1 + len(first[0] if first else "") > width


def _is_flowed(lines: Sequence[TypedLine], width: int) -> bool:
    """Whether broken lines kept the space at which they were broken, as ``fold -s`` and format=flowed (RFC 3676) leave it."""
    full = [here for here, after in zip(lines, lines[1:], strict=False) if not after.gap and _is_full(here.text, after.text, width)]
    return sum(line.text.endswith(" ") for line in full) > 0.6 * len(full)


def _begins_anew(
    before: Sequence[TypedLine],
    line: TypedLine,
    *,
    width: int,
    flowed: bool,
    opens: Callable[[str], bool],
    stands_alone: Callable[[str], bool],
) -> bool:
    last = before[-1]
    if line.gap or opens(line.text) or stands_alone(last.text) or stands_alone(line.text):
        return True
    if flowed:
        return not last.text.endswith(" ")
    return not _is_full(last.text, line.text, width)


def _join(part: Sequence[TypedLine]) -> str:
    text = part[0].text.strip()
    for line in part[1:]:
        glue = "" if _HYPHENATED.search(text) and line.text.lstrip()[:1].islower() else " "
        text += glue + line.text.strip()
    return text
