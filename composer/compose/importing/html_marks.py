"""Marks of a pasted page: bold, italic and the rest, as elements or as styles say them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from composer.model.body import Span

_WEIGHT = re.compile(r"(?:^|[;\s])font-weight:\s*(\w+)")
_SLANT = re.compile(r"(?:^|[;\s])font-style:\s*(\w+)")
_THROUGH = re.compile(r"text-decoration[^;]*line-through")
_BOLD = frozenset({"bold", "bolder", "600", "700", "800", "900"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks that hold at one place of the tree."""

    strong: bool = False
    emphasis: bool = False
    strike: bool = False
    code: bool = False
    link: str | None = None


def inner_marks(tag: str, style: str, marks: Marks, *, link: str | None) -> Marks:
    """The marks inside an element; a style (in small letters) outweighs the element, as in a browser."""
    weight, slant = _WEIGHT.search(style), _SLANT.search(style)
    return Marks(
        strong=weight[1] in _BOLD if weight else marks.strong or tag in {"b", "strong"},
        emphasis=slant[1] in {"italic", "oblique"} if slant else marks.emphasis or tag in {"i", "em", "cite", "dfn"},
        strike=marks.strike or tag in {"s", "strike", "del"} or bool(_THROUGH.search(style)),
        code=marks.code or tag in {"code", "kbd", "samp", "tt"},
        link=link,
    )


def span_of(text: str, marks: Marks) -> Span:
    """``text`` under ``marks``."""
    return Span(text=text, strong=marks.strong, emphasis=marks.emphasis, strike=marks.strike, code=marks.code, link=marks.link)
