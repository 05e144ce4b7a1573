"""Stories and issues as the text of their files, such that reading it gives the same story or issue back.

For new files (import, ``new``). A file that exists is edited by line instead: ``set_front`` and ``set_order``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from composer.compose.editing import FrontValue, encode, set_front, set_order
from composer.compose.pictures import CREDIT_LINE
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
from composer.model.issue import Issue, Story
from composer.model.newsletter import Labels
from composer.text.inline import escape_markdown, write_inline

__all__ = ["set_front", "set_order", "write_blocks", "write_issue_file", "write_story"]

WEB_ONLY = "<!-- web only -->"
_WORD_JOINER = "\u2060"


def write_story(story: Story, *, labels: Labels = Labels()) -> str:  # noqa: B008 - a frozen value
    """The text of a story's file; keys that say nothing are left out."""
    keys: dict[str, FrontValue] = {}
    if story.kind != "story":
        keys["kind"] = story.kind
    for key in ("author", "advertiser", "teaser", "booking"):
        if getattr(story, key):
            keys[key] = getattr(story, key)
    if story.border != "sure":
        keys["border"] = story.border
    if story.status != "draft":
        keys["status"] = story.status
    if story.image:
        keys["image"] = image_keys(story.image)
    parts = [_headline(story.headline), *_chunks(story.blocks, labels)]
    if story.web_only:
        parts += [WEB_ONLY, *_chunks(story.web_only, labels)]
    return _file(keys, parts)


def write_issue_file(issue: Issue, *, labels: Labels = Labels()) -> str:  # noqa: B008 - a frozen value
    """The text of ``issue.md``: number, date, what it corrects, order of the stories, subject, introduction."""
    keys: dict[str, FrontValue] = {}
    if issue.number is not None:
        keys["number"] = issue.number
    if issue.date:
        keys["date"] = issue.date
    if issue.correction_of:
        keys["correction_of"] = issue.correction_of
    if issue.preheader:
        keys["preheader"] = issue.preheader
    if issue.stories:
        keys["order"] = tuple(story.id for story in issue.stories)
    if issue.credits:
        keys["credits"] = issue.credits
    subject = (Span(text=issue.subject),) if issue.subject else ()
    return _file(keys, [_headline(subject), *_chunks(issue.introduction, labels)])


def image_keys(image: Picture) -> dict[str, str]:
    """A story's picture as the keys of ``image: {…}``."""
    keys = {"file": image.file, "alt": image.alt}
    if image.caption:
        keys["caption"] = write_inline(image.caption)
    if image.credit:
        keys["credit"] = image.credit
    if image.link:
        keys["link"] = image.link
    return keys


def write_blocks(blocks: Blocks, *, labels: Labels = Labels()) -> str:  # noqa: B008 - a frozen value
    """Blocks as Markdown, a blank line between them; no newline at the end."""
    return "\n\n".join(_chunks(blocks, labels))


def _file(keys: dict[str, FrontValue], parts: Sequence[str]) -> str:
    body = "\n\n".join(part for part in parts if part)
    # An empty one where the body opens with a rule, which would be read as its fence.
    wanted = keys or body.startswith("---")
    front = "---\n" + "".join(f"{key}: {encode(key, value)}\n" for key, value in keys.items()) + "---\n" if wanted else ""
    return f"{front}{body}\n" if body else front


def _headline(spans: Spans) -> str:
    return f"# {_one_line(spans)}" if spans else ""


# Blocks ------------------------------------------------------------------------------------------------------------------------


def _chunks(blocks: Blocks, labels: Labels) -> list[str]:
    """Each block's Markdown; a list that follows a list takes another marker, or the two would be read as one."""
    written: list[str] = []
    before = ""
    for block in blocks:
        marker = _marker(block, before)
        chunk = "\n".join(_lines(block, marker, labels))
        if chunk:
            written.append(chunk)
            before = marker
    return written


def _marker(block: Block, before: str) -> str:
    if isinstance(block, ListBlock) and block.ordered:
        return ")" if before == "." else "."
    if isinstance(block, ListBlock | Calls):
        return "*" if before == "-" else "-"
    return "-" if isinstance(block, FurtherReading) else ""


def _lines(block: Block, marker: str, labels: Labels) -> Iterator[str]:
    match block:
        case ListBlock():
            yield from _list_lines(block, marker, labels)
        case Quote():
            text = "\n\n".join(_chunks(block.blocks, labels))
            yield from (f"> {line}".rstrip(" ") for line in text.split("\n"))
        case Table():
            yield from _table_lines(block)
        case Picture():
            yield from _picture_lines(block)
        case FurtherReading():
            yield f"## {_one_line(block.label or (Span(text=labels.more),))}"
            yield ""
            yield from (f"{marker} {_link(link)}" for link in block.links)
        case Calls():
            yield from (f"{marker} {f'{link.emoji} ' if link.emoji else ''}{_link(link)}" for link in block.links)
        case Paragraph() | Heading() | CodeBlock() | Rule():
            yield _plain_block(block)


def _plain_block(block: Paragraph | Heading | CodeBlock | Rule) -> str:
    match block:
        case Paragraph():
            return _paragraph(block)
        case Heading():
            return f"{'#' * block.level} {_one_line(block.spans)}".rstrip(" ")
        case CodeBlock():
            return _fenced(block.text)
        case Rule():
            return "---"


def _paragraph(block: Paragraph) -> str:
    if not block.run_in:
        return _not_a_picture(block.spans)
    head = tuple(replace(span, strong=True) for span in block.run_in)
    return _not_a_picture((*head, Span(text=" – "), *block.spans))


def _not_a_picture(spans: Spans) -> str:
    """Spans of a paragraph, where «!» before a link would make a picture of it: a joiner of no width stands between them."""
    if not spans:
        return ""
    parted = [
        replace(span, text=f"{span.text}{_WORD_JOINER}") if _calls_out(span, after) else span
        for span, after in zip(spans, (*spans[1:], Span(text="")), strict=True)
    ]
    # At the end of a mark the writer gives the joiner as a reference; the sign then takes its place as one.
    return write_inline(tuple(parted)).replace(f"!{_WORD_JOINER}", "\\!").replace(f"!&#{ord(_WORD_JOINER)};", "&#33;")


def _calls_out(span: Span, after: Span) -> bool:
    return span.text.endswith("!") and not span.code and span.link is None and after.link is not None


def _one_line(spans: Spans) -> str:
    """Spans for a line that begins with ``#``: what would need escaping at a line's start does not need it here."""
    flat = tuple(span if span.code else replace(span, text=span.text.replace("\n", " ")) for span in spans)
    first = flat[0] if flat else Span(text="")
    if first.text[:1].isalnum() and replace(first, text="", line=0) == Span(text=""):
        return write_inline((replace(first, text=f"x{first.text}"), *flat[1:]))[1:]
    return write_inline(flat)


def _link(link: LinkLine) -> str:
    words = link.spans or (Span(text=""),)
    return write_inline(tuple(replace(span, link=link.url, text=span.text.replace("\n", " ")) for span in words))


def _list_lines(block: ListBlock, marker: str, labels: Labels) -> Iterator[str]:
    loose = not all(_is_tight(item) for item in block.items)
    for number, item in enumerate(block.items, start=block.start):
        sign = f"{min(number, 999_999_999)}{marker}" if block.ordered else marker
        if loose and number > block.start:
            yield ""
        yield from _item_lines(item, sign, labels)


def _is_tight(item: ListItem) -> bool:
    """Whether an item needs no blank lines: one block, or a paragraph and a bullet list under it."""
    if len(item.blocks) == 2 and isinstance(item.blocks[0], Paragraph):
        nested = item.blocks[1]
        return isinstance(nested, ListBlock) and not nested.ordered and bool(nested.items and nested.items[0].blocks)
    return len(item.blocks) < 2


def _item_lines(item: ListItem, sign: str, labels: Labels) -> Iterator[str]:
    chunks = _item_chunks(item, labels)
    text = ("\n" if _is_tight(item) else "\n\n").join(chunks)
    indent = " " * (len(sign) + 1)
    for here, line in enumerate(text.split("\n")):
        yield f"{indent if here else f'{sign} '}{line}".rstrip(" ")


def _item_chunks(item: ListItem, labels: Labels) -> list[str]:
    # «- ---» would be a rule and no item.
    rules = {here for here, block in enumerate(item.blocks) if isinstance(block, Rule)}
    if not rules:
        return _chunks(item.blocks, labels)
    return ["___" if here in rules else "\n\n".join(_chunks((block,), labels)) for here, block in enumerate(item.blocks)]


def _table_lines(block: Table) -> Iterator[str]:
    dashes = {"left": ":---", "center": ":---:", "right": "---:", None: "---"}
    yield _row(block.header)
    yield "| " + " | ".join(dashes[alignment] for alignment in block.alignments) + " |"
    yield from (_row(row) for row in block.rows)


def _row(cells: Sequence[Spans]) -> str:
    return "| " + " | ".join(_one_line(cell).replace("|", "\\|") for cell in cells) + " |"


def _fenced(text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}" if text else f"{fence}\n{fence}"


# Pictures ----------------------------------------------------------------------------------------------------------------------


def _picture_lines(picture: Picture) -> Iterator[str]:
    file = picture.file if "://" in picture.file else picture.file.replace("%", "%25")
    shown = "!" + write_inline((Span(text=picture.alt.replace("\n", " "), link=file),))
    if picture.link:
        shown = f"[{shown}{write_inline((Span(text='x', link=picture.link),))[2:]}"
    yield shown
    if plain(picture.caption):
        yield from (_not_a_credit(line) for line in _not_a_picture(picture.caption).split("\n"))
    if picture.credit:
        yield f"Crédit : {_visible_edges(escape_markdown(picture.credit.replace(chr(10), ' '), at_line_start=False))}"


def _visible_edges(written: str) -> str:
    """Blanks at both ends as references: the reader of the line takes bare ones, no-break spaces too, for its own."""
    if not written[:1].isspace() and not written[-1:].isspace():
        return written
    body = written.strip()
    start = len(written) - len(written.lstrip())
    edges = [written] if not body else [written[:start], written[start + len(body) :]]
    before, after = ("".join(f"&#{ord(char)};" for char in edge) for edge in [*edges, ""][:2])
    return before + body + after


def _not_a_credit(line: str) -> str:
    """A caption's line that says «Photo : …» must not become the credit."""
    return line.replace(":", "\\:", 1) if CREDIT_LINE.match(line.strip()) else line
