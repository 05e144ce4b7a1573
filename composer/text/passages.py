"""Every readable stretch and every link of an issue, each with its place: what checks and link tables walk over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from composer.model.body import (
    Block,
    Calls,
    FurtherReading,
    Heading,
    LinkLine,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Span,
    Spans,
    Table,
    plain,
)
from composer.model.issue import Issue, Story

PassageKind = Literal["subject", "headline", "paragraph", "run-in", "heading", "cell", "caption", "further-reading", "call"]
LinkKind = Literal["text", "further-reading", "call", "picture"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of text as one reads it, with its marks."""

    kind: PassageKind
    spans: Spans
    path: str  # of the file, relative to the workspace
    line: int
    story: Story | None = None  # None: issue.md
    level: int = 0  # of a heading
    mailed: bool = True  # False: for the web page only
    quoted: bool = False  # inside a block quotation
    picture: Picture | None = None  # whose caption this is
    link: LinkLine | None = None  # of further reading and calls

    @property
    def text(self) -> str:
        """The words."""
        return plain(self.spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLink:
    """A link of an issue's files."""

    kind: LinkKind
    words: str
    url: str  # "": still without address
    path: str
    line: int
    story: Story | None = None
    mailed: bool = True


def passages(issue: Issue, *, web_only: bool = False) -> Iterator[Passage]:
    """All passages in the order of the mail; with ``web_only`` also those kept for the web page."""
    if issue.subject:
        yield Passage(kind="subject", spans=(Span(text=issue.subject, line=issue.subject_line),), path=issue.path, line=issue.subject_line)
    yield from _of_blocks(issue.introduction, Passage(kind="paragraph", spans=(), path=issue.path, line=0))
    for story in issue.stories:
        base = Passage(kind="headline", spans=story.headline, path=story.path, line=story.headline_line, story=story)
        if story.headline:
            yield base
        if story.image:
            yield replace(base, kind="caption", spans=story.image.caption, line=story.image.line, picture=story.image)
        yield from _of_blocks(story.blocks, base)
        if web_only:
            yield from _of_blocks(story.web_only, replace(base, mailed=False))


def _of_blocks(blocks: Iterable[Block], base: Passage) -> Iterator[Passage]:
    for block in blocks:
        match block:
            case ListBlock():
                for item in block.items:
                    yield from _of_blocks(item.blocks, base)
            case Quote():
                yield from _of_blocks(block.blocks, replace(base, quoted=True))
            case FurtherReading() | Calls():
                yield from _of_lines(block, base)
            case _:
                yield from _of_block(block, base)


def _of_block(block: Block, base: Passage) -> Iterator[Passage]:
    match block:
        case Paragraph():
            if block.run_in:
                yield replace(base, kind="run-in", spans=block.run_in, line=block.line)
            yield replace(base, kind="paragraph", spans=block.spans, line=block.line)
        case Heading():
            yield replace(base, kind="heading", spans=block.spans, line=block.line, level=block.level)
        case Table():
            for cell in (cell for row in (block.header, *block.rows) for cell in row):
                yield replace(base, kind="cell", spans=cell, line=_line(cell) or block.line)
        case Picture():
            yield replace(base, kind="caption", spans=block.caption, line=_line(block.caption) or block.line, picture=block)
        case _:
            return


def _of_lines(block: FurtherReading | Calls, base: Passage) -> Iterator[Passage]:
    kind: PassageKind = "call" if isinstance(block, Calls) else "further-reading"
    for link in block.links:
        spans = tuple(replace(span, link=link.url) for span in link.spans)
        yield replace(base, kind=kind, spans=spans, line=link.line, link=link)


def _line(spans: Spans) -> int:
    return spans[0].line if spans else 0


def links_of(issue: Issue, *, web_only: bool = True) -> Iterator[PlacedLink]:
    """All links in the order of the files' reading, those without address included; a story's picture first."""
    for passage in _of_blocks(issue.introduction, Passage(kind="paragraph", spans=(), path=issue.path, line=0)):
        yield from _passage_links(passage)
    for story in issue.stories:
        yield from story_links(story, web_only=web_only)


def story_links(story: Story, *, web_only: bool = True) -> Iterator[PlacedLink]:
    """The links of one story."""
    base = Passage(kind="headline", spans=story.headline, path=story.path, line=story.headline_line, story=story)
    if story.image:
        yield from _passage_links(replace(base, spans=story.image.caption, line=story.image.line, picture=story.image))
    yield from _passage_links(base)
    for passage in _of_blocks(story.blocks, base):
        yield from _passage_links(passage)
    if web_only:
        for passage in _of_blocks(story.web_only, replace(base, mailed=False)):
            yield from _passage_links(passage)


def _passage_links(passage: Passage) -> Iterator[PlacedLink]:
    """Neighbouring spans of the same address are one link."""
    if passage.link:
        kind: LinkKind = "call" if passage.kind == "call" else "further-reading"
        yield _placed(passage, kind, f"{passage.link.emoji} {passage.text}".strip(), passage.link.url, passage.line)
        return
    if passage.picture and passage.picture.link:
        picture = passage.picture
        yield _placed(passage, "picture", picture.alt or picture.file, picture.link, picture.line)
    for url, group in groupby(passage.spans, key=lambda span: span.link):
        if url is not None:
            linked = tuple(group)
            yield _placed(passage, "text", plain(linked), url, linked[0].line or passage.line)


def _placed(passage: Passage, kind: LinkKind, words: str, url: str, line: int) -> PlacedLink:
    return PlacedLink(kind=kind, words=words, url=url, path=passage.path, line=line, story=passage.story, mailed=passage.mailed)
