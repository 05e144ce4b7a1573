"""The letters of a run: which marks are kept, what is hidden, and the signs that stand for characters."""

from __future__ import annotations

from typing import Literal
from xml.etree.ElementTree import Element

from composer.compose.importing.word.styles import Styles
from composer.compose.importing.word.values import CLOSE, OPEN
from composer.compose.importing.word.xml import child, local, make, q, value

Place = Literal["", "superscript", "subscript"]

_MARKS = ("w:b", "w:i", "w:strike", "w:dstrike")
_SIGN_FONTS = ("wingdings", "webdings", "symbol", "zapfdingbats", "zapf dingbats")
_PRIVATE = range(0xF020, 0xF100)  # where a font of signs has its letters
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SAID = {"tab": " ", "ptab": " ", "br": " ", "noBreakHyphen": "\u2011"}  # a break of page or column is a blank
_UNSEEN = dict.fromkeys(map(ord, f"\u00ad{OPEN}{CLOSE}"))


def kept_properties(properties: Element | None, styles: Styles) -> Element:
    """Bold, italic and struck, by the run itself or by its style; nothing else means anything in a newsletter."""
    on = {name for name in _MARKS if styles.is_marked(properties, name)}
    named = ("w:b" in on, "w:i" in on, bool(on & {"w:strike", "w:dstrike"}))
    return make("w:rPr", *(make(name) for name, held in zip(_MARKS, named, strict=False) if held))


def are_alike(run: Element, after: Element) -> bool:
    """Whether two runs, each with its kept properties first, are marked alike, and so are one."""
    if local(run) != "r" or not len(run) or local(run[0]) != "rPr":
        return False
    return [mark.tag for mark in run[0]] == [mark.tag for mark in after[0]]


def is_hidden(properties: Element | None, styles: Styles) -> bool:
    """Whether Word does not show a run to its readers."""
    return styles.is_marked(properties, "w:vanish")


def raised(properties: Element | None) -> Place:
    """Whether the letters stand above or below the line."""
    place = value(properties, "w:vertAlign")
    return place if place in {"superscript", "subscript"} else ""  # type: ignore[return-value]


def sign_font(properties: Element | None) -> str:
    """The font of signs that letters are drawn in, «ü» in Wingdings being a tick; "" for a font of letters."""
    fonts = child(properties, "w:rFonts")
    font = (fonts.get(q("w:ascii")) or fonts.get(q("w:hAnsi")) or "") if fonts is not None else ""
    return font if font.lower().startswith(_SIGN_FONTS) else ""


def glyph_children(one: Element, place: Place, *, font: str) -> list[Element]:
    """What a child of a run shows: words, a line break, a sign; [] for what shows nothing."""
    name = local(one)
    if name == "t":
        # As in raw text: who pastes out of a program gets quotes with a stroke before them.
        text = (one.text or "").translate(_UNSEEN).replace('\\"', '"')
        return [_sign(char, font) for char in text] if font or _has_signs(text) else [_words(_placed(text, place))]
    if name == "sym":
        return [make("w:sym", font=one.get(q("w:font"), ""), char=one.get(q("w:char"), ""))]
    if name == "cr" or (name == "br" and one.get(q("w:type"), "textWrapping") == "textWrapping"):
        return [make("w:br")]
    return [_words(_SAID[name])] if name in _SAID else []


def _words(text: str) -> Element:
    made = Element(q("w:t"))
    made.text = text
    return made


def _placed(text: str, place: Place) -> str:
    """m² and CO₂ keep their meaning where the sign exists; the «er» of «1er» stands on the line, as it is typed in mail."""
    moved = text.translate(_RAISED if place == "superscript" else _LOWERED) if place else text
    return moved if place and all(old != new or not old.isalnum() for old, new in zip(text, moved, strict=True)) else text


def _has_signs(text: str) -> bool:
    return any(ord(char) in _PRIVATE for char in text)


def _sign(char: str, font: str) -> Element:
    """A letter of a font of signs; a space stays one, and so do letters beside a sign where no font says otherwise."""
    code = ord(char)
    if char.isspace() or (not font and code not in _PRIVATE) or code > max(_PRIVATE):
        return _words(char)
    return make("w:sym", font=font or "Wingdings", char=f"{code if code in _PRIVATE else 0xF000 + code:04X}")
