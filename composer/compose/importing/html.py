"""HTML (a page, or what Google Docs and Word put on the clipboard) → lines.

Nothing of the HTML itself survives: only words, marks and addresses that may be followed. Scripts, styles, forms and foreign
markup are passed over; that is why hostile HTML is harmless here without any list of what is bad.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from composer.compose.importing.html_lines import blocks_of, join_breaks, one_line, tidy, unpacked
from composer.compose.importing.html_lists import gather, list_of, nest, word_level, word_marker
from composer.compose.importing.html_marks import Marks, inner_marks, span_of
from composer.compose.importing.html_nodes import (
    children,
    is_hidden,
    is_pixel,
    item_number,
    plain_conditionals,
    refuse_depth,
    start_of,
    style_of,
    unwrapped,
)
from composer.compose.importing.html_tags import BLOCKS, HEADINGS, SKIPPED
from composer.compose.importing.plain import clean
from composer.compose.importing.values import Notes, RawLine
from composer.model.body import CodeBlock, Picture, Quote, Rule, Span, Table, plain
from composer.model.newsletter import Labels
from composer.text.escape import safe_url
from composer.text.inline import merge_spans

MAX_DEPTH = 200  # elements inside each other; deeper ones are read as words only
_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000\u1680]+")


@dataclass(slots=True)
class _Group:
    """The lines of an element that may become one block when it closes."""

    lines: list[RawLine] = field(default_factory=list)
    rows: list[list[list[RawLine]]] = field(default_factory=list)  # of a table: rows of cells
    has_head: bool = False
    is_list: bool = False


def read_html(html: str, labels: Labels, notes: Notes, *, pictures: Collection[str] = ()) -> list[RawLine]:
    """The lines of ``html``, numbered as they follow each other; ``pictures`` are the sources that come with it as files."""
    refuse_depth(html)
    tree = LexborHTMLParser(plain_conditionals(html))
    walker = _Walker(notes, pictures)
    if tree.body is not None:
        walker.walk(tree.body)
    lines = join_breaks(walker.finish(), labels)
    return [replace(line, number=number) for number, line in enumerate(lines, start=1)]


class _Walker:
    """Walks the tree without recursion: a hostile page may be nested as deep as it likes."""

    def __init__(self, notes: Notes, files: Collection[str]) -> None:
        self._notes = notes
        self._files = files  # pictures that need not be supplied
        self._spans: list[Span] = []
        self._groups: list[_Group] = [_Group()]
        self._lists: list[tuple[str, int]] = []  # tag and next number
        self._item: list[str] = []  # markers waiting for their first line
        self._heading = 0
        self._pre = 0
        self._word_level, self._word_marker = 0, "-"  # of a paragraph that Word means as an item

    def walk(self, root: LexborNode) -> None:
        """Visits every node below ``root``, in order."""
        stack: list[tuple[LexborNode, Marks, int, bool]] = [(root, Marks(), 0, False)]
        while stack:
            node, marks, depth, leaving = stack.pop()
            tag = node.tag or ""
            if leaving:
                self._leave(tag)
                continue
            inner = self._enter(node, tag, marks, depth)
            if inner is None:
                continue
            if depth < MAX_DEPTH and tag in BLOCKS:
                stack.append((node, marks, depth, True))
            stack.extend((child, inner, depth + 1, False) for child in reversed(children(node)))

    def finish(self) -> list[RawLine]:
        """What was read."""
        self._flush()
        return list(gather(self._groups[0].lines))

    # Elements ------------------------------------------------------------------------------------------------------------------

    def _enter(self, node: LexborNode, tag: str, marks: Marks, depth: int) -> Marks | None:
        """Opens an element; the marks inside it, or None when nothing inside is read."""
        if tag == "-text":
            self._text(node.text_content or "", marks)
            return None
        if tag.startswith("-") or tag in SKIPPED:
            return None
        style = style_of(node)
        if "mso-list:ignore" in style:
            self._word_marker = word_marker(node.text() or "")
            return None
        if is_hidden(style):
            return None
        if tag == "br":
            self._spans.append(span_of("\n", marks))
        elif tag == "img":
            self._picture(node, link=marks.link)
        elif tag in BLOCKS and depth < MAX_DEPTH:
            self._open(node, tag, style)
        elif tag in BLOCKS:
            self._flush()
        return inner_marks(tag, style, marks, link=self._address(node) if tag == "a" else marks.link)

    def _open(self, node: LexborNode, tag: str, style: str) -> None:
        self._flush()
        if tag in HEADINGS:
            self._heading = HEADINGS[tag]
        elif tag in {"ul", "ol", "menu"}:
            self._lists.append((tag, start_of(node)))
            self._groups.append(_Group(is_list=True))
        elif tag == "li":
            self._open_item(item_number(node))
        elif tag in {"blockquote", "table"}:
            self._groups.append(_Group())
        elif tag == "tr" and len(self._groups) > 1:
            self._groups[-1].rows.append([])
        elif tag in {"td", "th"}:
            self._groups[-1].has_head |= tag == "th"
            self._groups.append(_Group())
        elif tag == "pre":
            self._pre += 1
        elif tag == "hr":
            self._emit(RawLine(number=0, form="block", block=Rule(), gap=True))
        self._word_level, self._word_marker = word_level(style) if tag == "p" else 0, "-"

    def _open_item(self, own_number: int | None) -> None:
        tag, number = self._lists[-1] if self._lists else ("ul", 1)
        number = number if own_number is None else own_number
        self._item.append(f"{number}." if tag == "ol" else "-")
        if self._lists:
            self._lists[-1] = (tag, number + 1)
        self._groups.append(_Group())

    def _leave(self, tag: str) -> None:
        self._flush()
        if tag in HEADINGS:
            self._heading = 0
        elif tag in {"ul", "ol", "menu"}:
            self._close_list()
        elif tag == "li":
            self._close_item()
        elif tag == "blockquote":
            self._close_quote()
        elif tag in {"td", "th"}:
            self._close_cell()
        elif tag == "table":
            self._close_table()
        elif tag == "pre":
            self._pre -= 1
        elif tag == "figcaption":
            self._caption()
        self._word_level = 0

    # Groups --------------------------------------------------------------------------------------------------------------------

    def _emit(self, *lines: RawLine) -> None:
        self._groups[-1].lines.extend(lines)

    def _close_item(self) -> None:
        """An item of one paragraph is a line; one with more keeps its blocks."""
        group, marker = self._groups.pop(), self._item.pop()
        words = [line for line in group.lines if line.form in {"text", "heading"}]
        if not group.lines:
            return
        if len(group.lines) == 1 and words:
            self._emit(replace(words[0], form="item", marker=marker, level=0))
            return
        inner = [line if line.form != "heading" else replace(line, form="text", level=0) for line in group.lines]
        self._emit(RawLine(number=0, form="item", marker=marker, block=Quote(blocks=tuple(blocks_of(inner)))))

    def _close_list(self) -> None:
        group, _ = self._groups.pop(), self._lists.pop()
        if not group.lines:
            return
        around, only_items = self._groups[-1], all(line.form == "item" for line in group.lines)
        if only_items and around.is_list and around.lines and around.lines[-1].form == "item":
            for line in group.lines:  # Google Docs: a list straight in a list belongs to the item before it
                around.lines[-1] = nest(around.lines[-1], line, depth=1)
        elif only_items and not self._item and all(line.block is None for line in group.lines):
            self._emit(*group.lines)
        elif only_items:
            self._emit(RawLine(number=0, form="block", block=list_of(group.lines), gap=True))
        else:
            self._emit(*(unpacked(line) for line in group.lines))

    def _close_quote(self) -> None:
        group = self._groups.pop()
        blocks = tuple(blocks_of(group.lines))
        if blocks:
            self._emit(RawLine(number=0, form="block", block=Quote(blocks=blocks), gap=True))

    def _close_cell(self) -> None:
        if len(self._groups) < 2:
            return
        cell = self._groups.pop()
        if not self._groups[-1].rows:
            self._groups[-1].rows.append([])
        self._groups[-1].rows[-1].append(cell.lines)

    def _close_table(self) -> None:
        """Data stays a table; a table that only lays out a page is taken apart in its order."""
        group = self._groups.pop()
        self._emit(*group.lines)
        rows = [row for row in group.rows if row]
        widths = {len(row) for row in rows}
        plain_cells = all(len(cell) <= 1 and all(line.form == "text" for line in cell) for row in rows for cell in row)
        if plain_cells and len(widths) == 1 and max(widths) >= 2 and (len(rows) >= 2 or group.has_head):
            cells = [tuple(one_line(cell[0].spans) if cell else () for cell in row) for row in rows]
            table = Table(header=cells[0], rows=tuple(cells[1:]), alignments=(None,) * len(cells[0]))
            self._emit(RawLine(number=0, form="block", block=table, gap=True))
            return
        for row in rows:
            for cell in row:
                self._emit(*cell)

    # Words ---------------------------------------------------------------------------------------------------------------------

    def _address(self, node: LexborNode) -> str | None:
        href = (node.attributes.get("href") or "").strip()
        if not href or href.startswith("#"):
            return None
        url = unwrapped(href)
        if safe_url(url) is None:
            shown = clean(href)[:60]
            self._notes.warn(fr=f"adresse refusée, les mots restent : {shown}", en=f"address refused, the words stay: {shown}")
            return None
        return url

    def _text(self, text: str, marks: Marks) -> None:
        if self._pre:
            self._spans.append(span_of(text.replace("\r", ""), marks))
            return
        self._spans.append(span_of(_BLANKS.sub(" ", text), marks))

    def _flush(self) -> None:
        """What was collected becomes a line."""
        spans, self._spans = self._spans, []
        if not any(span.text.strip() for span in spans):
            return
        if self._pre:
            text = "".join(span.text for span in spans).strip("\n")
            self._emit(RawLine(number=0, form="block", block=CodeBlock(text=text), gap=True))
            return
        words = tidy(spans)
        if not plain(words).strip():
            return
        if self._heading:
            flat = tuple(replace(span, strong=False, text=span.text.replace("\n", " ")) for span in words)
            self._emit(RawLine(number=0, spans=merge_spans(flat), form="heading", level=self._heading, gap=True))
        elif self._word_level:
            self._word_item(RawLine(number=0, spans=words, form="item", marker=self._word_marker))
        else:
            self._emit(RawLine(number=0, spans=words, gap=True))

    def _word_item(self, item: RawLine) -> None:
        lines, depth = self._groups[-1].lines, self._word_level - 1
        if depth and lines and lines[-1].form == "item":
            lines[-1] = nest(lines[-1], item, depth=depth)
        else:
            self._emit(item)
        self._word_level = 0

    # Pictures ------------------------------------------------------------------------------------------------------------------

    def _picture(self, node: LexborNode, *, link: str | None) -> None:
        if is_pixel(node):
            return
        self._flush()
        alt = clean(node.attributes.get("alt") or "")
        source = clean(node.attributes.get("src") or "")
        if source in self._files:
            self._emit(RawLine(number=0, form="block", block=Picture(file=source, alt=alt, link=link or ""), gap=True))
            return
        shown = f" ({source[:80]})" if source and not source.startswith("data:") else ""
        self._notes.warn(
            fr=f"image à fournir : {alt or 'sans description'}{shown}", en=f"picture to be supplied: {alt or 'no description'}{shown}"
        )
        self._emit(RawLine(number=0, form="block", block=Picture(file="", alt=alt), gap=True))

    def _caption(self) -> None:
        """The last line was a caption: it belongs to the picture above it."""
        lines = self._groups[-1].lines
        if len(lines) < 2 or lines[-1].form != "text" or not isinstance(lines[-2].block, Picture) or lines[-2].block.caption:
            return
        caption = lines.pop()
        lines[-1] = replace(lines[-1], block=replace(lines[-1].block, caption=caption.spans))  # type: ignore[type-var]
