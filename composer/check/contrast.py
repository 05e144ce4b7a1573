"""Contrast of every text of an HTML mail against its ground, from inline styles (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser

_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\b")
_GROUND = re.compile(r"(?:^|;)\s*background(?:-color)?\s*:\s*(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\b")
_SIZE = re.compile(r"(?:^|;)\s*font-size\s*:\s*([0-9.]+)px")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01]px|opacity\s*:\s*0\b")
_VOID = frozenset({"br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr", "source"})
_SILENT = frozenset({"style", "script", "title", "head"})
LARGE_PX = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FaintText:
    """A text whose contrast is too low."""

    text: str  # its first words
    colour: str
    ground: str
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    tag: str = ""
    colour: str = "#000000"
    ground: str = "#ffffff"
    size_px: float = 16.0
    hidden: bool = False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.looks = [_Look()]
        self.faint: dict[tuple[str, str], FaintText] = {}

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        given = {name: value or "" for name, value in attrs}
        style, last = given.get("style", ""), self.looks[-1]
        colour, ground, size = _COLOUR.search(style), _GROUND.search(style), _SIZE.search(style)
        bgcolor = given.get("bgcolor", "")
        self.looks.append(
            replace(
                last,
                tag=tag,
                colour=colour[1] if colour else last.colour,
                ground=ground[1] if ground else bgcolor if re.fullmatch(r"#[0-9a-fA-F]{6}", bgcolor) else last.ground,
                size_px=float(size[1]) if size else last.size_px,
                hidden=last.hidden or tag in _SILENT or bool(_HIDDEN.search(style)),
            )
        )

    def handle_endtag(self, tag: str) -> None:
        while len(self.looks) > 1:
            if self.looks.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        look = self.looks[-1]
        words = " ".join(data.split())
        if not any(char.isalnum() for char in words) or look.hidden:
            return
        ratio = contrast_ratio(look.colour, look.ground)
        if ratio < (3.0 if look.size_px >= LARGE_PX else 4.5):
            self.faint.setdefault(
                (look.colour, look.ground), FaintText(text=words[:40], colour=look.colour, ground=look.ground, ratio=ratio)
            )


def faint_texts(html: str) -> tuple[FaintText, ...]:
    """Each pair of colours whose text is hard to read, with its first words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.faint.values())


def contrast_ratio(first: str, second: str) -> float:
    """From 1 to 21, as WCAG 2 defines it; colours as ``#rgb`` or ``#rrggbb``."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    wide = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    red, green, blue = (_linear(int(wide[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
