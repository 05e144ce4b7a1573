"""Lists of a pasted page: items with more than a line in them, and the levels that Docs and Word write in ways of their own.

Google Docs puts a list straight into a list, beside the item that it belongs to. Word knows no lists at all: its items are paragraphs
whose style names a level, with the bullet or number as words that are to be ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from composer.compose.importing.html_lines import item_blocks
from composer.compose.importing.values import RawLine
from composer.model.body import Blocks, ListBlock, ListItem, Quote

_LEVEL = re.compile(r"mso-list:[^;]*\blevel(\d)")
_NUMBER = re.compile(r"\(?(\d{1,6})[.)\u00a0 ]")
_LETTER = re.compile(r"\(?[a-zA-Z][.)]|\(?[ivxIVX]{1,5}[.)]")


def word_level(style: str) -> int:
    """The level of a Word paragraph that is an item, from 1; 0 for any other."""
    if "mso-list:" not in style or "mso-list:none" in style:
        return 0
    level = _LEVEL.search(style)
    return int(level[1]) if level else 1


def word_marker(ignored: str) -> str:
    """The marker of an item from what Word draws before it: a number as it stands, a first letter as 1, else a dash."""
    drawn = ignored.strip() + " "
    number = _NUMBER.match(drawn)
    if number:
        return f"{number[1]}."
    return "1." if _LETTER.match(drawn) else "-"


def nest(outer: RawLine, inner: RawLine, *, depth: int) -> RawLine:
    """``outer``, an item, with the item ``inner`` in the list at its end, ``depth`` levels down (from 1)."""
    return replace(outer, spans=(), block=Quote(blocks=_with_item(item_blocks(outer), inner, depth)))


def _with_item(blocks: Blocks, inner: RawLine, depth: int) -> Blocks:
    last = blocks[-1] if blocks else None
    if not isinstance(last, ListBlock):
        return (*blocks, list_of([inner]))
    if depth > 1:
        deepest = last.items[-1]
        grown = replace(deepest, blocks=_with_item(deepest.blocks, inner, depth - 1))
        return (*blocks[:-1], replace(last, items=(*last.items[:-1], grown)))
    if last.ordered != is_numbered(inner):
        return (*blocks, list_of([inner]))
    return (*blocks[:-1], replace(last, items=(*last.items, ListItem(blocks=item_blocks(inner)))))


def list_of(lines: list[RawLine]) -> ListBlock:
    """The items of ``lines`` as one list."""
    ordered = is_numbered(lines[0])
    items = tuple(ListItem(blocks=item_blocks(line)) for line in lines)
    return ListBlock(items=items, ordered=ordered, start=int(lines[0].marker.rstrip(".")) if ordered else 1)


def is_numbered(item: RawLine) -> bool:
    """Whether an item belongs to an ordered list."""
    return item.marker[:1].isdigit()


def gather(lines: Iterable[RawLine]) -> Iterator[RawLine]:
    """``lines``, with a run of items of which one holds more than a line made one block."""
    for (form, _), run in groupby(lines, key=lambda line: (line.form, line.form == "item" and is_numbered(line))):
        found = list(run)
        if form == "item" and any(line.block is not None for line in found):
            yield RawLine(number=0, form="block", block=list_of(found), gap=True)
        else:
            yield from found
