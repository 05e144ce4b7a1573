"""Lines that a mail program or an editor broke at a fixed width, joined again before anything else is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from composer.compose.importing.paragraphs import part_runs
from composer.compose.importing.runs import Joined, Openings, Run, TypedLine, is_ended, is_stopped, text_of
from composer.compose.importing.shapes import MAX_HEADLINE

MIN_WIDTH, MAX_WIDTH = 50, 100
_MIN_LINES = 6
_MIN_SMALL = 2  # full lines that go on with a small letter
_MIN_GAPS = 5  # blank lines between paragraphs from which on a text is taken to part all of them so

Pair = tuple[TypedLine, TypedLine]
Full = Callable[[TypedLine, TypedLine], bool]


def join_wrapped(lines: Sequence[TypedLine], openings: Openings) -> Joined:
    """Paragraphs, one a line; the lines themselves where nothing was wrapped."""
    width = wrap_width(lines)
    if not width:
        return Joined(lines=tuple(lines))
    flowed = _is_flowed(lines, width)
    runs = _runs(lines, openings, _ends_in_blank if flowed else lambda here, after: _is_full(here.text, after.text, width))
    if flowed or _is_spaced(runs):
        return Joined(lines=tuple(_joined(run.lines) for run in runs))
    parts, doubts = part_runs(runs)
    return Joined(lines=tuple(_joined(part) for part in parts), doubts=tuple(doubts))


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
    full = [(here, after) for here, after in pairs if _is_full(here.text, after.text, width)]
    return width if len(full) >= max(3, 0.4 * len(pairs)) or _break_sentences(pairs, full) else 0


def _break_sentences(pairs: Sequence[Pair], full: Sequence[Pair]) -> bool:
    """Where most paragraphs are one line, those that are more say it: full lines go on with a small letter, or end inside a sentence."""
    small, told = (sum(after.text.strip()[:1].islower() for _, after in some) for some in (pairs, full))
    inside = sum(not is_ended(here.text) for here, _ in full)
    return (told >= _MIN_SMALL and told >= 0.9 * small) or (len(full) >= max(3, 0.25 * len(pairs)) and inside >= 0.7 * len(full))


def _is_full(text: str, after: str, width: int) -> bool:
    """Whether the first word of ``after`` would not have fitted; blanks that do not break (U+00A0) belong to the word."""
    first = re.match(r"[^ \t]+", after.lstrip(" \t"))
    return len(text.rstrip()) + 1 + len(first[0] if first else "") > width


def _ends_in_blank(here: TypedLine, after: TypedLine) -> bool:  # noqa: ARG001 - the same question as of lines that are full
    return here.text.endswith(" ")


def _is_flowed(lines: Sequence[TypedLine], width: int) -> bool:
    """Whether broken lines kept the space at which they were broken, as ``fold -s`` and format=flowed (RFC 3676) leave it."""
    full = [here for here, after in pairwise(lines) if not after.gap and _is_full(here.text, after.text, width)]
    return sum(line.text.endswith(" ") for line in full) > 0.6 * len(full)


def _runs(lines: Sequence[TypedLine], openings: Openings, full: Full) -> list[Run]:
    """Lines up to the next one that is certainly no continuation: greedy wrapping fills every line but a paragraph's last."""
    runs: list[list[TypedLine]] = []
    for line in lines:
        if runs and _may_go_on(runs[-1], line, openings, full):
            runs[-1].append(line)
        else:
            runs.append([line])
    return [Run(lines=tuple(run), kind=openings.kind(run[0].text)) for run in runs]


def _may_go_on(run: Sequence[TypedLine], line: TypedLine, openings: Openings, full: Full) -> bool:
    if line.gap or not full(run[-1], line) or (len(run) == 1 and openings.is_label(run[-1].text)):
        return False
    # The last word of a sentence may look like a label.
    if openings.is_label(line.text) and not line.text.strip()[:1].islower():
        return False
    if openings.is_author(line.text):
        return sum(len(part.text) for part in run) > MAX_HEADLINE and not is_ended(run[-1].text)
    return not openings.opens(line.text) or _is_aside(run, line, openings)


def _is_aside(run: Sequence[TypedLine], line: TypedLine, openings: Openings) -> bool:
    """A dash in the middle of a sentence came to stand at the head of a line."""
    text, first = line.text.strip(), run[0].text.strip()
    if text[:1] not in "-–—":
        return False
    if openings.announces(first):
        return True  # teasers and credits stand between dashes
    if is_stopped(run[-1].text) or not text.lstrip("-–— \u00a0\u202f")[:1].islower():
        return False
    return not openings.opens(first) or first.lstrip("-–—•* \u00a0\u202f")[:1].isupper()


def _is_spaced(runs: Sequence[Run]) -> bool:
    """Whether blank lines part all paragraphs, so that no other end has to be looked for."""
    ends = [after.lines[0].gap for here, after in pairwise(runs) if here.kind == after.kind == "text"]
    return len(ends) >= _MIN_GAPS and all(ends)


def _joined(part: Sequence[TypedLine]) -> TypedLine:
    return TypedLine(number=part[0].number, text=text_of(part), gap=part[0].gap)
