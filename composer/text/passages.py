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
        if story.image and story.image.caption:
            yield replace(base, kind="caption", spans=story.image.caption, line=story.image.line)
        yield from _of_blocks(story.blocks, base)
        if web_only:
            yield from _of_blocks(story.web_only, replace(base, mailed=False))


def _of_blocks(blocks: Iterable[Block], base: Passage) -> Iterator[Passage]:
    for block in blocks:
        match block:
            case Paragraph():
                if block.run_in:
                    yield replace(base, kind="run-in", spans=block.run_in, line=block.line)
                yield replace(base, kind="paragraph", spans=block.spans, line=block.line)
            case Heading():
                yield replace(base, kind="heading", spans=block.spans, line=block.line, level=block.level)
            case ListBlock():
                for item in block.items:
                    yield from _of_blocks(item.blocks, base)
            case Quote():
                yield from _of_blocks(block.blocks, replace(base, quoted=True))
            case Table():
                for row in (block.header, *block.rows):
                    yield from (replace(base, kind="cell", spans=cell, line=_line(cell) or block.line) for cell in row)
            case Picture():
                if block.caption:
                    yield replace(base, kind="caption", spans=block.caption, line=_line(block.caption) or block.line)
            case FurtherReading() | Calls():
                yield from _of_lines(block, base)
            case _:
                continue


def _of_lines(block: FurtherReading | Calls, base: Passage) -> Iterator[Passage]:
    kind: PassageKind = "call" if isinstance(block, Calls) else "further-reading"
    for link in block.links:
        yield replace(base, kind=kind, spans=tuple(replace(span, link=link.url) for span in link.spans), line=link.line)


def _line(spans: Spans) -> int:
    return spans[0].line if spans else 0


def links_of(issue: Issue, *, web_only: bool = True) -> Iterator[PlacedLink]:
    """All links in the order of the files' reading, those without address included; a story's picture first."""
    yield from _body_links(issue.introduction, issue.path, None, mailed=True)
    for story in issue.stories:
        yield from story_links(story, web_only=web_only)


def story_links(story: Story, *, web_only: bool = True) -> Iterator[PlacedLink]:
    """The links of one story."""
    if story.image and story.image.link:
        image = story.image
        yield PlacedLink(kind="picture", words=image.alt or image.file, url=image.link, path=story.path, line=image.line, story=story)
    yield from _span_links(story.headline, story.path, story, mailed=True)
    yield from _body_links(story.blocks, story.path, story, mailed=True)
    if web_only:
        yield from _body_links(story.web_only, story.path, story, mailed=False)


def _body_links(blocks: Iterable[Block], path: str, story: Story | None, *, mailed: bool) -> Iterator[PlacedLink]:
    for block in blocks:
        match block:
            case Paragraph():
                yield from _span_links(block.run_in, path, story, mailed=mailed)
                yield from _span_links(block.spans, path, story, mailed=mailed)
            case Heading():
                yield from _span_links(block.spans, path, story, mailed=mailed)
            case ListBlock():
                for item in block.items:
                    yield from _body_links(item.blocks, path, story, mailed=mailed)
            case Quote():
                yield from _body_links(block.blocks, path, story, mailed=mailed)
            case Table():
                for cell in (cell for row in (block.header, *block.rows) for cell in row):
                    yield from _span_links(cell, path, story, mailed=mailed)
            case Picture():
                if block.link:
                    yield PlacedLink(
                        kind="picture",
                        words=block.alt or block.file,
                        url=block.link,
                        path=path,
                        line=block.line,
                        story=story,
                        mailed=mailed,
                    )
                yield from _span_links(block.caption, path, story, mailed=mailed)
            case FurtherReading() | Calls():
                kind: LinkKind = "call" if isinstance(block, Calls) else "further-reading"
                yield from (_line_link(link, kind, path, story, mailed=mailed) for link in block.links)
            case _:
                continue


def _line_link(link: LinkLine, kind: LinkKind, path: str, story: Story | None, *, mailed: bool) -> PlacedLink:
    words = plain(link.spans)
    return PlacedLink(kind=kind, words=f"{link.emoji} {words}".strip(), url=link.url, path=path, line=link.line, story=story, mailed=mailed)


def _span_links(spans: Spans, path: str, story: Story | None, *, mailed: bool) -> Iterator[PlacedLink]:
    """Neighbouring spans of the same address are one link."""
    for url, group in groupby(spans, key=lambda span: span.link):
        if url is not None:
            linked = tuple(group)
            yield PlacedLink(kind="text", words=plain(linked), url=url, path=path, line=linked[0].line, story=story, mailed=mailed)
