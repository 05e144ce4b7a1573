"""Blocks: the Markdown of a body as paragraphs, headings, lists, pictures, further reading, calls to action.

In: the text below the front matter. Out: blocks, each with its line in the file. Every word of the text is in one of them, but for
comments (``<!-- … -->`` on lines of their own), which are the writers' own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.tree import SyntaxTreeNode

from composer.compose.emoji import split_emoji
from composer.errors import StoryError
from composer.model.body import (
    Block,
    Blocks,
    Calls,
    CodeBlock,
    FurtherReading,
    Heading,
    LinkLine,
    ListBlock,
    ListItem,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Span,
    Spans,
    Table,
    plain,
)
from composer.model.issue import Kind
from composer.model.newsletter import Labels
from composer.text.inline import merge_spans, parse_inline
from composer.words import Words

MAX_NESTING = 40  # levels of lists and quotes; deeper ones would be dropped by the Markdown reader without a word
WEB_ONLY_MARKS = ("web only", "hors courriel")

CREDIT_LINE = re.compile(r"\A(?:cr[ée]dits?(?:[ \u00a0]photos?)?|photos?)[ \u00a0\u202f]*:[ \u00a0\u202f]*(?P<credit>.+)\Z", re.IGNORECASE)
_DASH = re.compile(r"[ \u00a0\u202f]+(?:[–—]|--?)[ \u00a0\u202f\n]+|[–—][ \u00a0\u202f\n]+")
_HEAD_DASH = re.compile(r"[ \u00a0\u202f]+(?:[–—]|--?)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body as read: the H1 apart, what is mailed, and what is for the web page only."""

    headline: Spans = ()
    headline_line: int = 0
    blocks: Blocks = ()
    web_only: Blocks = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading needs to know beside the text."""

    kind: Kind
    labels: Labels
    first_line: int  # of the body in its file
    path: str


def read_body(source: str, reading: Reading) -> Body:
    """The blocks of ``source`` (LF); the first H1 is the headline.

    Raises StoryError when lists or quotes are nested deeper than ``MAX_NESTING``.
    """
    tokens = _parser().parse(source)
    for token in tokens:
        if token.level >= MAX_NESTING - 1:
            raise _too_deep(reading, (token.map or [0])[0])
    nodes = SyntaxTreeNode(tokens).children
    mark = next((at for at, node in enumerate(nodes) if _is_web_only_mark(node)), len(nodes))
    mailed = nodes[:mark]
    title = next((node for node in mailed if node.type == "heading" and node.tag == "h1"), None)
    return Body(
        headline=_spans(title, reading) if title else (),
        headline_line=_line(title, reading) if title else 0,
        blocks=_blocks([node for node in mailed if node is not title], reading),
        web_only=_blocks(nodes[mark:], reading),
    )


def split_run_in(spans: Spans) -> tuple[Spans, Spans]:
    """The bold head that opens ``spans`` and what follows its spaced dash; ``((), spans)`` when there is none.

    The dash may be an en dash, an em dash or a hyphen, and may stand inside the bold, as word processors leave it.
    """
    bold = 0
    while bold < len(spans) and spans[bold].strong:
        bold += 1
    if not 0 < bold < len(spans):
        return (), spans
    head, rest = spans[:bold], spans[bold:]
    inside = _HEAD_DASH.search(head[-1].text)
    if inside and rest[0].text[:1].isspace():
        head = (*head[:-1], replace(head[-1], text=head[-1].text[: inside.start()]))
        tail = rest[0].text.lstrip()
    else:
        dash = _DASH.match(rest[0].text)
        if not dash or rest[0].link is not None or rest[0].code:
            return (), spans
        tail = rest[0].text[dash.end() :].lstrip()
    following = merge_spans((replace(rest[0], text=tail), *rest[1:]))
    if not plain(following).strip() or not plain(head).strip():
        return (), spans
    return merge_spans(replace(span, strong=False) for span in head), following


def is_label(spans_text: str, label: str) -> bool:
    """Whether a line says ``label``, whatever its capitals, apostrophes, spaces and final punctuation."""
    return bool(label.strip()) and _bare(spans_text) == _bare(label)


def _bare(text: str) -> str:
    flat = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    return " ".join(flat.split()).rstrip(" :.!…")


# The Markdown reader -----------------------------------------------------------------------------------------------------------


@cache
def _parser() -> MarkdownIt:
    """CommonMark's blocks and tables. Text after four spaces is text, ``[x]: y`` is text: neither may vanish or turn into code."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}).enable("table")
    parser.disable(["code", "reference", "html_block", "inline"])
    interrupts = ["paragraph", "blockquote", "list", "table"]
    parser.block.ruler.before("heading", "comment", _comment, {"alt": interrupts})
    return parser


@cache
def _picture_parser() -> MarkdownIt:
    """Reads one line that may be a picture; addresses stay as typed."""
    parser = MarkdownIt("commonmark", {"html": False})
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


def _comment(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A block rule: a comment that has its lines to itself. One that is never closed, or has text after it, is text."""
    first = state.src[state.bMarks[start_line] + state.tShift[start_line] : state.eMarks[start_line]]
    if not first.startswith("<!--"):
        return False
    for line in range(start_line, end_line):
        written = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        end = written.find("-->", 4 if line == start_line else 0)
        if end >= 0:
            return not written[end + 3 :].strip() and _take_comment(state, start_line, line, silent=silent)
    return False


def _take_comment(state: StateBlock, start_line: int, last_line: int, *, silent: bool) -> bool:
    if not silent:
        token = state.push("comment", "", 0)
        token.map = [start_line, last_line + 1]
        token.content = state.getLines(start_line, last_line + 1, state.blkIndent, False).strip()
        state.line = last_line + 1
    return True


def _is_web_only_mark(node: SyntaxTreeNode) -> bool:
    words = node.content.removeprefix("<!--").removesuffix("-->") if node.type == "comment" else ""
    return " ".join(words.casefold().split()) in WEB_ONLY_MARKS


# Nodes to blocks ---------------------------------------------------------------------------------------------------------------


def _blocks(nodes: Sequence[SyntaxTreeNode], reading: Reading) -> Blocks:
    """Top-level blocks: here labels and calls mean something."""
    found: list[Block] = []
    for node in nodes:
        if node.type in {"bullet_list", "ordered_list"}:
            if found and _is_more(found[-1], reading) and (links := _link_lines(node, reading)):
                found[-1] = _further_reading(found[-1], links)
            else:
                _extend(found, _list_or_calls(node, reading))
        else:
            found += _block(node, reading)
    return tuple(found)


def _extend(found: list[Block], more: Iterator[Block]) -> None:
    """Adds blocks; calls to action that follow calls join them."""
    for block in more:
        last = found[-1] if found else None
        if isinstance(block, Calls) and isinstance(last, Calls):
            found[-1] = replace(last, links=last.links + block.links)
        else:
            found.append(block)


def _block(node: SyntaxTreeNode, reading: Reading) -> Iterator[Block]:
    line = _line(node, reading)
    match node.type:
        case "paragraph":
            yield _paragraph(node, reading)
        case "heading":
            yield Heading(spans=_spans(node, reading), level=int(node.tag[1]), line=line)
        case "bullet_list" | "ordered_list":
            yield _list(node, reading)
        case "blockquote":
            yield Quote(blocks=_inner(node, reading), line=line)
        case "table":
            yield _table(node, reading)
        case "fence":
            yield CodeBlock(text=node.content.removesuffix("\n"), line=line)
        case "hr":
            yield Rule(line=line)
        case _:
            return


def _inner(node: SyntaxTreeNode, reading: Reading) -> Blocks:
    return tuple(block for child in node.children for block in _block(child, reading))


def _paragraph(node: SyntaxTreeNode, reading: Reading) -> Block:
    inline = node.children[0]
    picture = _picture(inline.content, _line(inline, reading))
    if picture:
        return picture
    head, rest = split_run_in(parse_inline(inline.content, line=_line(inline, reading)))
    return Paragraph(spans=rest, run_in=head, line=_line(node, reading))


def _list(node: SyntaxTreeNode, reading: Reading, items: Sequence[SyntaxTreeNode] | None = None) -> ListBlock:
    chosen = node.children if items is None else items
    return ListBlock(
        items=tuple(ListItem(blocks=_inner(item, reading), line=_line(item, reading)) for item in chosen),
        ordered=node.type == "ordered_list",
        start=int(node.attrs.get("start", 1)),
        line=_line(chosen[0], reading),
    )


def _table(node: SyntaxTreeNode, reading: Reading) -> Table:
    rows = [row for part in node.children for row in part.children]
    cells = [tuple(_spans(cell, reading) for cell in row.children) for row in rows]
    return Table(
        header=cells[0],
        rows=tuple(cells[1:]),
        alignments=tuple(_alignment(cell) for cell in rows[0].children),
        line=_line(node, reading),
    )


def _alignment(cell: SyntaxTreeNode) -> Literal["left", "center", "right"] | None:
    match str(cell.attrs.get("style", "")).removeprefix("text-align:"):
        case "left":
            return "left"
        case "center":
            return "center"
        case "right":
            return "right"
        case _:
            return None


# Further reading and calls -----------------------------------------------------------------------------------------------------


def _is_more(block: Block, reading: Reading) -> bool:
    if isinstance(block, Heading) or (isinstance(block, Paragraph) and not block.run_in):
        return is_label(plain(block.spans), reading.labels.more)
    return False


def _further_reading(label: Block, links: tuple[LinkLine, ...]) -> FurtherReading:
    spans = label.spans if isinstance(label, Heading | Paragraph) else ()
    return FurtherReading(links=links, label=spans, line=label.line)


def _link_lines(node: SyntaxTreeNode, reading: Reading) -> tuple[LinkLine, ...]:
    """The items of a list as links of further reading; () when one of them is more than one line with one link."""
    lines = []
    for item in node.children:
        spans = _lone_spans(item, reading)
        addresses = {span.link for span in spans if span.link is not None}
        if not spans or len(addresses) > 1:
            return ()
        lines.append(LinkLine(spans=_without_link(spans), url=next(iter(addresses), ""), line=_line(item, reading)))
    return tuple(lines)


def _list_or_calls(node: SyntaxTreeNode, reading: Reading) -> Iterator[Block]:
    """In a sponsor, items that are one link are calls to action; the items between them stay lists."""
    if reading.kind != "sponsor" or node.type != "bullet_list":
        yield _list(node, reading)
        return
    calls: list[LinkLine] = []
    others: list[SyntaxTreeNode] = []
    for item in node.children:
        call = _call(item, reading)
        if call:
            if others:
                yield _list(node, reading, others)
                others = []
            calls.append(call)
        else:
            if calls:
                yield Calls(links=tuple(calls), line=calls[0].line)
                calls = []
            others.append(item)
    if calls:
        yield Calls(links=tuple(calls), line=calls[0].line)
    if others:
        yield _list(node, reading, others)


def _call(item: SyntaxTreeNode, reading: Reading) -> LinkLine | None:
    """An item that is one link, an emoji before it or at its beginning."""
    spans = _lone_spans(item, reading)
    before = "".join(span.text for span in spans if span.link is None)
    linked = tuple(span for span in spans if span.link is not None)
    if not linked or len({span.link for span in linked}) > 1 or spans[-1].link is None:
        return None
    emoji, rest = split_emoji(before)
    if rest.strip() or any(span.link is None for span in spans[1:]):
        return None
    words = _without_link(linked)
    if not before.strip():
        emoji, words = _emoji_of(words)
    return LinkLine(spans=words, url=linked[0].link or "", emoji=emoji, line=_line(item, reading))


def _emoji_of(words: Spans) -> tuple[str, Spans]:
    emoji, rest = split_emoji(words[0].text) if words and not words[0].code else ("", "")
    if not emoji or not (rest or words[1:]):
        return "", words
    return emoji, merge_spans((replace(words[0], text=rest), *words[1:]))


def _lone_spans(item: SyntaxTreeNode, reading: Reading) -> Spans:
    """The spans of an item that is one paragraph, else ()."""
    if len(item.children) != 1 or item.children[0].type != "paragraph":
        return ()
    return _spans(item.children[0], reading)


def _without_link(spans: Spans) -> Spans:
    return merge_spans(replace(span, link=None) for span in spans)


# Pictures ----------------------------------------------------------------------------------------------------------------------


def _picture(content: str, line: int) -> Picture | None:
    """A paragraph that is a picture: ``![alt](file)``, below it its caption and ``Crédit : …``."""
    if not content.startswith(("![", "[![")):
        return None
    first, _, below = content.partition("\n")
    shown = _shown(first)
    if shown is None:
        return None
    file, alt, title, link = shown
    credit, kept = "", []
    for text in below.split("\n") if below else ():
        found = CREDIT_LINE.match(text.strip())
        if found and not credit:
            credit = plain(parse_inline(found["credit"]))
        else:
            kept.append(text)
    caption = parse_inline("\n".join(kept), line=line + 1) if kept else ()
    if title:
        caption = merge_spans((*parse_inline(title, line=line), *((Span(text=" "), *caption) if caption else ())))
    return Picture(file=_local(file), alt=alt, caption=caption, credit=credit, link=link, line=line)


def _shown(source: str) -> tuple[str, str, str, str] | None:
    """File, alt, title and link of a line that is one picture and nothing else."""
    parsed = _picture_parser().parseInline(source.rstrip().removesuffix("\\"))
    tokens = [token for token in (parsed[0].children or []) if token.type != "text" or token.content.strip()]
    link = ""
    if len(tokens) == 3 and tokens[0].type == "link_open":
        link, tokens = str(tokens[0].attrs.get("href", "")), tokens[1:2]
    if len(tokens) != 1 or tokens[0].type != "image":
        return None
    attrs = tokens[0].attrs
    return str(attrs.get("src", "")), plain(parse_inline(tokens[0].content)), str(attrs.get("title", "")), link


def _local(file: str) -> str:
    """A file's name as the disk knows it: other editors write ``%20`` for its spaces."""
    return file if "://" in file else unquote(file).removeprefix("./")


# Places ------------------------------------------------------------------------------------------------------------------------


def _line(node: SyntaxTreeNode, reading: Reading) -> int:
    here: SyntaxTreeNode | None = node
    while here is not None and here.type != "root":
        if here.map:
            return reading.first_line + here.map[0]
        here = here.parent
    return reading.first_line


def _spans(node: SyntaxTreeNode, reading: Reading) -> Spans:
    inline = next((child for child in node.children if child.type == "inline"), None)
    return parse_inline(inline.content, line=_line(inline, reading)) if inline else ()


def _too_deep(reading: Reading, line: int) -> StoryError:
    return StoryError(
        Words(fr="Listes ou citations imbriquées trop profondément.", en="Lists or quotes are nested too deep."),
        where=f"{reading.path}:{reading.first_line + line}",
        hint=Words(fr="Retirez des « > » ou des retraits.", en="Take out some “>” or indents."),
    )
