"""Runs of wrapped lines → paragraphs: where the last line of one was full by chance, what stands around it decides."""

from __future__ import annotations

import re
from collections.abc import Sequence

from composer.compose.importing.neighbours import Lines, Part, PartKind, part_by_length
from composer.compose.importing.runs import (
    Run,
    RunKind,
    TypedLine,
    begins_capital,
    dangles,
    is_ended,
    is_stopped,
    lengths_of,
    opens_sentence,
    text_of,
)
from composer.compose.importing.shapes import MAX_HEADLINE, run_in

_SHORT = MAX_HEADLINE + 10
_OPENING = 300  # characters, more than a run-in head and what has to follow it: a run may be as long as a book
_MIN_WORDS = 3  # of a headline; fewer are the rest of a line
_DASHED = re.compile(r"\s[–—-]\s")
_FULL_STOP = re.compile(r"(?<!\.\.)\.[»”\"’')\]\s]*$")
_EXPECTS_HEADLINE = frozenset({"", "label", "teasers", "item", "subject"})


def part_runs(runs: Sequence[Run]) -> tuple[list[Lines], list[int]]:
    """The paragraphs of ``runs``, and the numbers of the lines at which one may as well begin as go on."""
    parter = _Parter(is_shouted=_is_shouted(runs))
    for run, after in zip(runs, [*runs[1:], None], strict=True):
        parter.take(run, after)
    unsure = {part.lines[at].number for part in parter.parts for at in part.breaks}
    return [part.lines for part in part_by_length(parter.parts)], sorted(parter.doubts | unsure)


class _Parter:
    """Takes one run after the other."""

    def __init__(self, *, is_shouted: bool) -> None:
        self._is_shouted = is_shouted
        self.parts: list[Part] = []
        self.doubts: set[int] = set()

    def take(self, run: Run, after: Run | None) -> None:
        """The parts of one run."""
        if run.kind in {"item", "teasers"}:
            self._opened(run.lines, run.kind, after)
        elif run.kind == "label":
            self._add(run.lines, "label")
        elif run.kind == "author":
            self._add(run.lines, "head")
        else:
            self._text(run.lines, after)

    def _add(self, lines: Lines, kind: PartKind, doubts: Sequence[int] = ()) -> None:
        if lines:
            self.parts.append(Part(lines, kind, list(doubts)))

    def _doubt(self, line: TypedLine) -> None:
        self.doubts.add(line.number)

    def _breaks(self, lines: Lines) -> list[int]:
        """Indexes of the lines that open with a capital; where capitals tell nothing, of those that follow a full stop."""
        if self._is_shouted:
            return [at for at in range(1, len(lines)) if is_ended(lines[at - 1].text)]
        return [at for at in range(1, len(lines)) if begins_capital(lines[at].text)]

    def _headline_breaks(self, lines: Lines) -> list[int]:
        """Indexes of the lines before which a headline may end."""
        first = lines[: _SHORT + 2]  # no line is empty: more of them are too long for a headline
        near = sum(before <= _SHORT for before, _ in lengths_of(first))
        return [at for at in self._breaks(lines[:near]) if _may_be_headline(lines[:at])]

    # Items, calls, teasers -------------------------------------------------------------------------------------------------------

    def _opened(self, lines: Lines, kind: RunKind, after: Run | None) -> None:
        """An item; where no headline stands between it and the text that follows, its last lines are one."""
        starts = range(1, len(lines)) if self._is_shouted and kind == "teasers" else self._breaks(lines)
        breaks = [at for at in starts if not dangles(lines[at - 1].text)]
        if kind == "teasers":
            breaks = [at for at in breaks if not _DASHED.search(text_of(lines[at:], _SHORT)[:_SHORT])]
        at = self._end_of_opened(lines, breaks, after)
        self._add(lines[:at], "item" if kind == "item" else "teasers")
        if at < len(lines):
            self._text(lines[at:], after)

    def _end_of_opened(self, lines: Lines, breaks: Sequence[int], after: Run | None) -> int:
        found = [at for at in breaks if _leads_to_text(lines[at:], after)]
        if not found:
            if after and after.kind == "text":
                self.doubts.update(line.number for at, line in enumerate(lines) if at in breaks or (at and self._is_shouted))
            return len(lines)
        openers = [at for at in found if opens_sentence(lines[at].text)]
        headed = [at for at in found if len(text_of(lines[at:], _OPENING)) > _SHORT and self._headline_breaks(lines[at:])]
        chosen = (headed or openers or [found[-1]])[0]
        if len(found) > 1 or chosen not in openers or self._is_shouted:
            self._doubt(lines[chosen])
        return chosen

    # Text ------------------------------------------------------------------------------------------------------------------------

    def _text(self, lines: Lines, after: Run | None) -> None:
        before = self.parts[-1].kind if self.parts else ""
        expected = before in _EXPECTS_HEADLINE or len(self.parts) == 1
        if _is_short(lines):
            end = self._end_of_subject(lines, after)
            self._add(lines[:end], "head")
            self._add(lines[end:], "head")
            return
        end = self._end_of_headline(lines, expected=expected)
        self._add(lines[:end], "head")
        self._body(lines[end:], after)

    def _end_of_subject(self, lines: Lines, after: Run | None) -> int:
        """A subject whose last line is full, and the headline under it; anywhere else a short run is one headline."""
        breaks = self._headline_breaks(lines)
        self.doubts.update(lines[at].number for at in breaks if not self.parts or opens_sentence(lines[at].text))
        if self.parts or not breaks or not _leads_to_text(lines[breaks[0] :], after):
            return len(lines)
        return breaks[0]

    def _end_of_headline(self, lines: Lines, *, expected: bool) -> int:
        """How many of the first lines are a headline whose last one is full."""
        if self._is_shouted:
            end = self._end_of_shouted(lines)
            return end if expected else 0
        breaks = self._headline_breaks(lines)
        openers = [at for at in breaks if opens_sentence(lines[at].text) or run_in(text_of(lines[at:], _OPENING))]
        ended = [at for at in breaks if is_ended(lines[at - 1].text)]
        if not breaks:
            return 0
        if expected:
            chosen = (openers or breaks)[0]
            if chosen not in openers or chosen in ended:
                self._doubt(lines[chosen])
            return chosen
        sure = [at for at in openers if at not in ended]
        self.doubts.update(lines[at].number for at in sure[:1] or breaks[:1])
        return sure[0] if sure else 0

    def _end_of_shouted(self, lines: Lines) -> int:
        """Where capitals tell nothing: the first line that a headline may end with."""
        end = next((at for at in range(1, len(lines)) if _may_be_headline(lines[:at])), 0)
        if end:
            self._doubt(lines[end])
        return end

    def _body(self, lines: Lines, after: Run | None) -> None:
        start = 0
        breaks = [at for at in self._breaks(lines) if is_ended(lines[at - 1].text)]
        for at in breaks:
            if run_in(text_of(lines[at:], _OPENING)):
                self._add(lines[start:at], "body", [other - start for other in breaks if start < other < at])
                start = at
        left = [at for at in breaks if at > start]
        tail = self._tail(lines, left, after)
        self._add(lines[start:tail], "body", [at - start for at in left if at < tail])
        self._add(lines[tail:], "head")

    def _tail(self, lines: Lines, breaks: Sequence[int], after: Run | None) -> int:
        """Where the headline begins that ends the run, or the question that leads to a call."""
        at = breaks[-1] if breaks else 0
        text = text_of(lines[at:], _OPENING)
        if not breaks or len(text) > _SHORT:
            return len(lines)
        if not is_stopped(text):
            return at
        if not text.rstrip(' »”"').endswith(("?", "؟")) or after is None:
            return len(lines)
        self._doubt(lines[at])
        return at if after.kind in {"item", "author"} else len(lines)


def _is_short(lines: Lines) -> bool:
    text = text_of(lines, _OPENING)
    return len(text) <= _SHORT and not any(_FULL_STOP.search(line.text) for line in lines)


def _is_shouted(runs: Sequence[Run]) -> bool:
    """Whether all is in capitals, or in a script that has none."""
    letters = [char for run in runs for line in run.lines for char in line.text if char.isalpha()]
    return sum(map(str.islower, letters)) < 0.3 * len(letters)


def _may_be_headline(lines: Lines) -> bool:
    text = text_of(lines, _OPENING)
    return (
        len(text) <= _SHORT
        and not text.endswith((".", ",", ";", ":", "…"))
        and not dangles(text)
        and not any(is_ended(line.text) for line in lines[:-1])
    )


def _leads_to_text(lines: Lines, after: Run | None) -> bool:
    """Whether ``lines`` are a headline before a text, or a headline and its text, or a whole sentence."""
    text = text_of(lines, _OPENING)
    if len(text) > _SHORT or text.endswith("."):
        return True
    if after is None or len(text.split()) < _MIN_WORDS or is_stopped(text.rstrip("!?")):
        return False
    return after.kind == "author" or (after.kind == "text" and not _is_short(after.lines))
