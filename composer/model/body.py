"""The body of a story as read from its file: blocks of spans, each knowing its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of text whose marks are the same from end to end."""

    text: str  # as typed, Markdown escapes undone, typography not applied; "\n" is a hard line break
    strong: bool = False
    emphasis: bool = False
    strike: bool = False
    code: bool = False
    link: str | None = None  # None: no link; "": a link still without address
    line: int = 0  # 1-based line in the file; 0: unknown


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; with ``run_in`` it opens with a bold head and a spaced en dash, neither of which is in ``spans``."""

    spans: Spans
    run_in: Spans = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A sub-heading inside a story."""

    spans: Spans
    level: int = 2  # 2–6, as in the file
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem:
    """One item of a list; nested lists are blocks of it."""

    blocks: tuple[Block, ...]
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBlock:
    """A bullet list, or an ordered one that counts from ``start``."""

    items: tuple[ListItem, ...]
    ordered: bool = False
    start: int = 1
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A block quotation."""

    blocks: tuple[Block, ...]
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; every row has as many cells as ``header``."""

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]
    alignments: tuple[Literal["left", "center", "right"] | None, ...]
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBlock:
    """Text shown as typed, in a fixed-width face; no typography."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A thematic break (``---``)."""

    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of a story or in its body."""

    file: str  # relative to the folder, "/" separated; "": still to be supplied
    alt: str = ""
    caption: Spans = ()
    credit: str = ""
    link: str = ""  # sponsors only: where a click leads
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """A line that is one link: of further reading, or a call to action of a sponsor."""

    spans: Spans  # the words, without the emoji
    url: str  # "": still without address
    emoji: str = ""  # only for calls
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherReading:
    """The links that close a story, under their label."""

    links: tuple[LinkLine, ...]
    label: Spans = ()  # as typed in the file
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The calls to action of a sponsor, consecutive ones together."""

    links: tuple[LinkLine, ...]
    line: int = 0


Block = Paragraph | Heading | ListBlock | Quote | Table | CodeBlock | Rule | Picture | FurtherReading | Calls
Blocks = tuple[Block, ...]


def plain(spans: Spans) -> str:
    """The words of ``spans`` without marks."""
    return "".join(span.text for span in spans)
