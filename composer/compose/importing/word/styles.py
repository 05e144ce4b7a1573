"""What the styles of a document mean: headings, quotations, captions, bold, hidden; whatever language Word spoke."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element

from composer.compose.importing.word.xml import child, every, is_on, q, value

Role = Literal["", "quote", "caption"]

# Word writes the names of its own styles in English whatever its language; their ids, and other programs’ names, are translated.
_HEADING = re.compile(r"(?:heading|titre|überschrift|título|titolo|kop|rubrik|overskrift|nagłówek|заголовок)[ _-]*([1-9])", re.IGNORECASE)
_TITLE = frozenset({"title", "titre", "titel", "título", "titolo", "heading"})
_QUOTES = frozenset({"quote", "intense quote", "citation", "citation intense", "block text", "quotations", "zitat"})
_CAPTIONS = frozenset({"caption", "légende", "legende", "beschriftung", "figure", "illustration"})
_BULLETS = frozenset({"list bullet", "liste à puces", "listepuces", "listbullet", "aufzählungszeichen"})
_NUMBERS = frozenset({"list number", "liste à numéros", "liste numérotée", "listenumros", "listnumber"})
_MAX_CHAIN = 20  # styles that each stand on another
_BODY_LEVEL = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A style as the document defines it."""

    name: str  # in small letters
    based_on: str = ""
    element: Element


class Styles:
    """The styles of a document by id."""

    def __init__(self, root: Element | None, *, body: Element) -> None:
        self._styles = {
            one.get(q("w:styleId"), ""): Style(name=value(one, "w:name").strip().lower(), based_on=value(one, "w:basedOn"), element=one)
            for one in (every(root, "w:style") if root is not None else ())
        }
        self._below_title = int(self._opens_with_title(body))  # levels by which a title on top lowers the headings

    def _chain(self, style_id: str) -> Iterator[Style]:
        for _ in range(_MAX_CHAIN):
            style = self._styles.get(style_id)
            if style is None:
                return
            yield style
            style_id = style.based_on

    def _names(self, style_id: str) -> list[str]:
        """The names that say what a style is; an id stands for a style that the document does not define."""
        return [style.name for style in self._chain(style_id)] or ([style_id.lower()] if style_id else [])

    def heading_level(self, properties: Element | None) -> int:
        """1 to 6 for a paragraph that is a heading, else 0; below a document's «Titre», «Titre 1» is of the second level."""
        level = self._own_level(properties)
        return min(level + self._below_title, 6) if level and not self._is_title(properties) else level

    def _opens_with_title(self, body: Element) -> bool:
        """Whether the first heading of the document is its title."""
        each = (child(paragraph, "w:pPr") for paragraph in body.iter(q("w:p")))
        return self._is_title(next((properties for properties in each if self._own_level(properties)), None))

    def _is_title(self, properties: Element | None) -> bool:
        names = self._names(value(properties, "w:pStyle"))
        return any(name in _TITLE for name in names) and not any(_HEADING.fullmatch(name) for name in names)

    def _own_level(self, properties: Element | None) -> int:
        own = value(properties, "w:outlineLvl")
        if own:
            return _level(own)
        style_id = value(properties, "w:pStyle")
        for name in self._names(style_id):
            found = _HEADING.fullmatch(name)
            if found:
                return min(int(found[1]), 6)
            if name in _TITLE:
                return 1
        levels = (value(style.element, "w:pPr", "w:outlineLvl") for style in self._chain(style_id))
        return _level(next((level for level in levels if level), ""))

    def role(self, properties: Element | None) -> Role:
        """Whether a paragraph is a quotation, or the caption of a picture."""
        names = self._names(value(properties, "w:pStyle"))
        if any(name in _QUOTES for name in names):
            return "quote"
        return "caption" if any(name in _CAPTIONS for name in names) else ""

    def numbering(self, properties: Element | None) -> tuple[str, str]:
        """The list and the level of a paragraph, its own or its style's; ("", "") for none."""
        own = child(properties, "w:numPr")
        if own is not None:
            return value(own, "w:numId"), value(own, "w:ilvl") or "0"
        for style in self._chain(value(properties, "w:pStyle")):
            listed = child(style.element, "w:pPr", "w:numPr")
            if listed is not None:
                return value(listed, "w:numId"), value(listed, "w:ilvl") or "0"
        names = self._names(value(properties, "w:pStyle"))
        if any(name in _BULLETS for name in names):
            return "bullet", "0"
        return ("number", "0") if any(name in _NUMBERS for name in names) else ("", "")

    def is_marked(self, run_properties: Element | None, name: str) -> bool:
        """Whether a switch such as ``w:b`` holds for a run: by itself, else by its character style."""
        own = is_on(run_properties, name)
        if own is not None:
            return own
        for style in self._chain(value(run_properties, "w:rStyle")):
            inherited = is_on(child(style.element, "w:rPr"), name)
            if inherited is not None:
                return inherited
        return False


def _level(written: str) -> int:
    return min(int(written) + 1, 6) if written.isascii() and written.isdigit() and int(written) < _BODY_LEVEL else 0
