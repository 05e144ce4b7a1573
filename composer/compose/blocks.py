"""Blocks: the Markdown of a body as paragraphs, headings, lists, pictures, further reading, calls to action.

In: the text below the front matter. Out: blocks, each with its line in the file. Every word of the text is in one of them, but for
comments (``<!-- … -->`` on lines of their own), which are the writers' own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it.tree import SyntaxTreeNode

from composer.compose.emoji import split_emoji
from composer.compose.markdown import MAX_NESTING, block_parser, is_web_only_mark
from composer.compose.pictures import split_pictures
from composer.compose.reading import Reading, is_label, line_of, spans_of, too_deep
from composer.compose.run_ins import split_run_in
from composer.compose.tables import read_table
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
    Spans,
    plain,
)
from composer.text.inline import merge_spans, parse_inline


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body as read: the H1 apart, what is mailed, and what is for the web page only."""

    headline: Spans = ()
    headline_line: int = 0
    blocks: Blocks = ()
    web_only: Blocks = ()


def read_body(source: str, reading: Reading) -> Body:
    """The blocks of ``source`` (LF); the first H1 is the headline.

    Raises StoryError when lists or quotes are nested deeper than ``MAX_NESTING``.
    """
    reading = replace(reading, lines=tuple(source.split("\n")))
    tokens = block_parser().parse(source)
    for token in tokens:
        if token.level >= MAX_NESTING - 1:
            raise too_deep(reading, (token.map or [0])[0])
    nodes = SyntaxTreeNode(tokens).children
    mark = next((at for at, node in enumerate(nodes) if is_web_only_mark(node)), len(nodes))
    mailed = nodes[:mark]
    title = next((node for node in mailed if node.type == "heading" and node.tag == "h1"), None)
    return Body(
        headline=spans_of(title, reading) if title else (),
        headline_line=line_of(title, reading) if title else 0,
        blocks=_blocks([node for node in mailed if node is not title], reading),
        web_only=_blocks(nodes[mark:], reading),
    )


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
    line = line_of(node, reading)
    match node.type:
        case "paragraph":
            yield from _paragraphs(node, reading)
        case "heading":
            yield from _headings(node, reading)
        case "bullet_list" | "ordered_list":
            yield _list(node, reading)
        case "blockquote":
            yield Quote(blocks=_inner(node, reading), line=line)
        case "table":
            yield read_table(node, reading)
        case "fence":
            yield CodeBlock(text=node.content.removesuffix("\n"), line=line)
        case "hr":
            yield Rule(line=line)
        case _:
            return


def _inner(node: SyntaxTreeNode, reading: Reading) -> Blocks:
    return tuple(block for child in node.children for block in _block(child, reading))


def _paragraphs(node: SyntaxTreeNode, reading: Reading) -> Iterator[Block]:
    """A paragraph, or the pictures that stand in it with the text around them; of no-break spaces alone there is none."""
    inline = node.children[0]
    for part in split_pictures(inline.content, line_of(inline, reading)):
        if isinstance(part, Picture):
            yield part
        else:
            source, line = part
            spans = parse_inline(source, line=line)
            if plain(spans).strip():
                head, rest = split_run_in(spans)
                yield Paragraph(spans=rest, run_in=head, line=line)


def _headings(node: SyntaxTreeNode, reading: Reading) -> Iterator[Block]:
    """A sub-heading; a picture in it (a line of dashes below makes a heading of any paragraph) stands beside it, no word lost."""
    inline = next((child for child in node.children if child.type == "inline"), None)
    parts = split_pictures(inline.content, line_of(inline, reading)) if inline else iter([("", line_of(node, reading))])
    for part in parts:
        if isinstance(part, Picture):
            yield part
        else:
            yield Heading(spans=parse_inline(part[0], line=part[1]), level=int(node.tag[1]), line=part[1])


def _list(node: SyntaxTreeNode, reading: Reading, items: Sequence[SyntaxTreeNode] | None = None) -> ListBlock:
    chosen = node.children if items is None else items
    return ListBlock(
        items=tuple(ListItem(blocks=_inner(item, reading), line=line_of(item, reading)) for item in chosen),
        ordered=node.type == "ordered_list",
        start=int(node.attrs.get("start", 1)),
        line=line_of(chosen[0], reading),
    )


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
        lines.append(LinkLine(spans=_without_link(spans), url=next(iter(addresses), ""), line=line_of(item, reading)))
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
    return LinkLine(spans=words, url=linked[0].link or "", emoji=emoji, line=line_of(item, reading))


def _emoji_of(words: Spans) -> tuple[str, Spans]:
    emoji, rest = split_emoji(words[0].text) if words and not words[0].code else ("", "")
    if not emoji or not (rest or words[1:]):
        return "", words
    return emoji, merge_spans((replace(words[0], text=rest), *words[1:]))


def _lone_spans(item: SyntaxTreeNode, reading: Reading) -> Spans:
    """The spans of an item that is one paragraph, else ()."""
    if len(item.children) != 1 or item.children[0].type != "paragraph":
        return ()
    return spans_of(item.children[0], reading)


def _without_link(spans: Spans) -> Spans:
    return merge_spans(replace(span, link=None) for span in spans)
