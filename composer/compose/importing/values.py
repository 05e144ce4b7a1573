"""What the import hands from step to step, and what it gives in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from composer.model.body import Block, Span, Spans, plain
from composer.model.issue import Issue, Story
from composer.words import Words

Form = Literal["text", "heading", "item", "block"]
Source = Literal["text", "markdown", "html"]
Shape = Literal["auto", "issue", "story"]
Counts = Literal["line", "paragraph"]
HeadingStyle = Literal["h2", "runin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawLine:
    """One line of the source: a paragraph, an explicit heading, an item of a list, or a block taken over whole."""

    number: int  # 1-based line of the source
    spans: Spans = ()  # without the marker of an item
    form: Form = "text"
    level: int = 0  # of a heading
    marker: str = ""  # of an item, as typed
    typed: bool = False  # the marker is part of the raw text, so it may turn out to be no list at all
    gap: bool = False  # a blank line stands before it
    block: Block | None = None
    web: bool = False  # the source keeps it out of the mail
    text: str = field(init=False, default="")  # the words of ``spans``

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", plain(self.spans))

    @property
    def as_paragraph(self) -> Spans:
        """The spans with a typed marker put back."""
        return (Span(text=f"{self.marker} "), *self.spans) if self.typed and self.marker else self.spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """Something that was decided without being certain; somebody should look."""

    line: int  # 1-based line of the source
    reason: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Exactly one of ``issue`` and ``story``, with what was not certain."""

    issue: Issue | None = None
    story: Story | None = None
    unclassified: tuple[tuple[int, str], ...] = ()  # line and words: kept in their place as paragraphs, not understood
    guesses: tuple[Guess, ...] = ()
    warnings: tuple[Words, ...] = ()
    counts: Counts = "line"  # what the numbers above count

    @property
    def stories(self) -> tuple[Story, ...]:
        """All stories in order."""
        return self.issue.stories if self.issue else (self.story,) if self.story else ()


@dataclass(slots=True)
class Notes:
    """What the steps of one import have to tell; collected while it runs."""

    unclassified: list[tuple[int, str]] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    warnings: list[Words] = field(default_factory=list)
    counts: Counts = "line"  # what the numbers of the source count

    def guess(self, line: int, *, fr: str, en: str) -> None:
        """One decision that was not certain."""
        self.guesses.append(Guess(line=line, reason=Words(fr=fr, en=en)))

    def warn(self, *, fr: str, en: str, line: int = 0) -> None:
        """One thing that the editor will have to mend or know. ``line``: of the source; 0: it concerns no single line."""
        unit = "paragraphe" if self.counts == "paragraph" else "ligne"
        self.warnings.append(Words(fr=f"{unit} {line} : {fr}", en=f"{self.counts} {line}: {en}") if line else Words(fr=fr, en=en))

    def leave(self, line: RawLine) -> None:
        """A line that was not understood and stays as a paragraph."""
        self.unclassified.append((line.number, plain(line.as_paragraph)))
