"""The lists of a document: which paragraph is an item, how deep, and which number Word prints before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from composer.compose.emoji import split_emoji
from composer.compose.importing.word.xml import child, every, q, value

MAX_LEVEL = 4  # from 0; mammoth nests five
_FIRST_PICTOGRAPH = "\U0001f000"  # below it are ● ■ ➢ ✓, which are bullets and no more
_MAX_NUMBER = 999_999
_LETTERS = frozenset({"lowerLetter", "upperLetter", "lowerRoman", "upperRoman"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A paragraph that is an item."""

    level: int  # from 0
    number: int | None  # None: a bullet
    emoji: str = ""  # a bullet that says something: in a sponsor it makes a call to action
    is_lettered: bool = False  # Word prints a), b) or i), ii)


class Numbering:
    """The lists of one document; ``next_item`` counts, so ask once for each paragraph, in order."""

    def __init__(self, root: Element | None) -> None:
        self._abstract = {
            one.get(q("w:abstractNumId"), ""): _levels(one) for one in (every(root, "w:abstractNum") if root is not None else ())
        }
        self._lists = {one.get(q("w:numId"), ""): one for one in (every(root, "w:num") if root is not None else ())}
        self._counts: dict[tuple[str, int], int] = {}
        self._restarted: set[str] = set()
        self._depth = -1  # of the item before, -1: none

    def interrupt(self) -> None:
        """A paragraph that is no item stands here."""
        self._depth = -1

    def is_printed(self, list_id: str, level: str) -> bool:
        """Whether Word prints something before the paragraphs of a list."""
        at = int(level) if level.isascii() and level.isdigit() and len(level) < 3 else 0
        return list_id not in {"", "0"} and value(self._definition(list_id, at), "w:numFmt") not in {"", "none"}

    def next_item(self, list_id: str, level: str) -> Item | None:
        """The item that a paragraph is; None for a list that prints nothing."""
        if not list_id or list_id == "0":
            return None
        at = min(int(level), 8) if level.isascii() and level.isdigit() else 0
        definition = self._definition(list_id, at)
        kind = value(definition, "w:numFmt") or ("decimal" if list_id == "number" else "bullet")
        if kind == "none":
            return None
        # An item may not stand deeper than one level below the one before: there would be nothing to hold it.
        self._depth = min(at, self._depth + 1, MAX_LEVEL)
        if kind == "bullet":
            emoji, rest = split_emoji(value(definition, "w:lvlText"))
            return Item(level=self._depth, number=None, emoji=emoji if emoji >= _FIRST_PICTOGRAPH and not rest.strip() else "")
        return Item(level=self._depth, number=self._count(list_id, at, definition), is_lettered=kind in _LETTERS)

    def _definition(self, list_id: str, at: int) -> Element | None:
        number = self._lists.get(list_id)
        override = (
            next((one for one in number.iter(q("w:lvlOverride")) if one.get(q("w:ilvl")) == str(at)), None) if number is not None else None
        )
        own = child(override, "w:lvl")
        return own if own is not None else self._abstract.get(value(number, "w:abstractNumId"), {}).get(at)

    def _count(self, list_id: str, at: int, definition: Element | None) -> int:
        """Counts as Word does: lists of one definition go on, unless one says where it starts anew."""
        number = self._lists.get(list_id)
        series = value(number, "w:abstractNumId") or list_id
        for one in number.iter(q("w:lvlOverride")) if number is not None and list_id not in self._restarted else ():
            start = value(one, "w:startOverride")
            if start and one.get(q("w:ilvl"), "").isdigit():
                self._counts[series, int(one.get(q("w:ilvl"), "0"))] = _whole(start, 1) - 1
        self._restarted.add(list_id)
        count = self._counts.get((series, at), _whole(value(definition, "w:start"), 1) - 1) + 1
        self._counts[series, at] = min(count, _MAX_NUMBER)
        for deeper in [key for key in self._counts if key[0] == series and key[1] > at]:
            del self._counts[deeper]
        return self._counts[series, at]


def _levels(abstract: Element) -> Mapping[int, Element]:
    return {int(one.get(q("w:ilvl"), "0")): one for one in every(abstract, "w:lvl") if one.get(q("w:ilvl"), "0").isdigit()}


def _whole(written: str, otherwise: int) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else otherwise
