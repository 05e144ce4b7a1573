"""The prose of an issue as an outside reader gets it, and the way back from its words to the file's line and column.

In: an issue. Out: stretches of plain text, one line each, without marks, addresses and merge fields. What stands in for something else
(a field, code) is remembered, so that nothing is remarked on that no author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from composer.check.places import key_line, source_lines
from composer.model.body import Span, Spans
from composer.model.issue import Issue, Kind
from composer.text.merge import MergeField, find_fields
from composer.text.passages import passages

STAND_IN = "Claude"  # a first name of both genders: the sentence around it stays a sentence
_WORD = re.compile(r"[^\W_]+")
_NOT_PROSE = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+|(?<!\w)[@#]\w+")
_ENDS_A_LINE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_DESTINATION = re.compile(r"\]\((?:<[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of prose with its place."""

    text: str  # one line, no marks
    path: str  # of the file, relative to the workspace
    line: int  # on which it begins
    kind: Kind | None  # of its story; None: issue.md
    until: int = 0  # the line on which another stretch of the file begins; 0: none
    before: str = ""  # words that stand on the same line before it
    masked: tuple[tuple[int, int], ...] = ()  # places in ``text`` that no author wrote, or that are no prose
    foreign: tuple[tuple[int, int], ...] = ()  # places in ``text`` set in italics: where another language is expected

    def is_french(self, start: int, end: int) -> bool:
        """Whether an author wrote this part of ``text``, as prose and in the newsletter's language."""
        return not any(begin < end and start < until for begin, until in (*self.masked, *self.foreign))


def stretches(issue: Issue, sources: Mapping[str, str]) -> tuple[Stretch, ...]:
    """All prose that is mailed, in the order of the mail, labels left out."""
    found = [stretch for stretch in _written(issue, sources) if _WORD.search(stretch.text)]
    return tuple(_placed(found))


def _written(issue: Issue, sources: Mapping[str, str]) -> Iterator[Stretch]:
    told: set[str] = set()
    for passage in passages(issue):
        story = passage.story
        if passage.path not in told:
            told.add(passage.path)
            yield from _keys(issue, passage.path, sources)
        yield _stretch(passage.spans, path=passage.path, line=passage.line, kind=story.kind if story else None)


def _keys(issue: Issue, path: str, sources: Mapping[str, str]) -> Iterator[Stretch]:
    """The prose keys of a front matter."""
    story = next((story for story in issue.stories if story.path == path), None)
    keys = {"preheader": issue.preheader} if story is None else {"teaser": story.teaser, "image": story.image.alt if story.image else ""}
    for key, text in keys.items():
        if text:
            spans = (Span(text=text),)
            yield _stretch(spans, path=path, line=key_line(sources, path, key), kind=story.kind if story else None)


def _stretch(spans: Spans, *, path: str, line: int, kind: Kind | None) -> Stretch:
    text, masked, foreign = "", [], []
    for span in spans:
        begin = len(text)
        for part in [MergeField(name="first_name")] if span.code else find_fields(span.text):
            if isinstance(part, MergeField):
                masked.append((len(text), len(text) + len(STAND_IN)))
                text += STAND_IN
            else:
                text += part
        if span.emphasis:
            foreign.append((begin, len(text)))
    text = _ENDS_A_LINE.sub(" ", text)
    masked += [found.span() for found in _NOT_PROSE.finditer(text)]
    return Stretch(text=text, path=path, line=line, kind=kind, masked=tuple(masked), foreign=tuple(foreign))


def _placed(found: Sequence[Stretch]) -> Iterator[Stretch]:
    """Each with what stands before it on its line, and with the line where the next one begins."""
    for path in dict.fromkeys(stretch.path for stretch in found):
        same = sorted((stretch for stretch in found if stretch.path == path), key=lambda stretch: stretch.line)
        before = ""
        for stretch, after in pairwise([*same, replace(same[-1], line=0)]):
            until = next((other.line for other in same if other.line > stretch.line), 0)
            yield replace(stretch, before=before, until=until)
            before = f"{before} {stretch.text}" if after.line == stretch.line else ""


def place_in_file(stretch: Stretch, start: int, sources: Mapping[str, str]) -> tuple[int, int]:
    """Line and column of the file where the character ``start`` of a stretch stands; column 0: it is written in another way there."""
    lines = source_lines(sources, stretch.path)[stretch.line - 1 :]
    source = _without_destinations(_paragraph(lines, stretch.until - stretch.line if stretch.until else len(lines)))
    offset = len(stretch.before) + 1 if stretch.before else 0
    written = f"{stretch.before} {stretch.text}" if stretch.before else stretch.text
    cursor, here = 0, (0, False)
    for word in _WORD.finditer(written):
        at = _find_word(source, word[0], cursor)
        inside = word.end() > start + offset
        if at >= 0:
            cursor = at + len(word[0])
            here = (at + max(0, start + offset - word.start()), True) if inside else (cursor, False)
        if inside:
            break
    return _line_and_column(source, *here, first=stretch.line)


def _paragraph(lines: Sequence[str], most: int) -> str:
    """The first lines up to a blank one, ``most`` at the most."""
    taken: list[str] = []
    for line in lines[: max(most, 1)]:
        if taken and not line.strip():
            break
        taken.append(line)
    return "\n".join(taken)


def _without_destinations(source: str) -> str:
    """Addresses of links blotted out, places kept: their words are nobody's prose."""
    return _DESTINATION.sub(lambda found: "]" + "\x00" * (len(found[0]) - 1), source)


def _find_word(source: str, word: str, cursor: int) -> int:
    at = source.find(word, cursor)
    while at >= 0 and (source[at - 1 : at].isalnum() or source[at + len(word) : at + len(word) + 1].isalnum()):
        at = source.find(word, at + 1)
    return at


def _line_and_column(source: str, at: int, sure: bool, *, first: int) -> tuple[int, int]:
    line = source.count("\n", 0, at)
    return first + line, at - source.rfind("\n", 0, at) if sure else 0
