"""Which values clients take for a property; what they do not take must not stand before what they do."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from composer.check.seen.colours import is_colour
from composer.check.seen.lengths import Scale, font_size, pixels

FOR_ALL = frozenset({"inherit", "initial", "unset", "revert", "revert-layer"})
_DISPLAY = re.compile(
    r"none|contents|(?:block|inline|run-in|list-item|flow-root)(?: (?:flow|flow-root|table|flex|grid|list-item))?"
    r"|(?:inline-)?(?:table|flex|grid|block)|table-(?:row|cell|caption|column|header-group|footer-group|row-group|column-group)"
    r"|(?:-webkit-)?(?:inline-)?(?:box|flex)|-webkit-box"
)
_WORDS = {
    "display": _DISPLAY,
    "visibility": re.compile(r"visible|hidden|collapse"),
    "content-visibility": re.compile(r"visible|auto|hidden"),
    "overflow": re.compile(r"(?:visible|hidden|clip|scroll|auto|overlay)(?: (?:visible|hidden|clip|scroll|auto|overlay))?"),
    "position": re.compile(r"static|relative|absolute|fixed|(?:-webkit-)?sticky"),
    "opacity": re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?%?|calc\(.*\)"),
    "mso-hide": re.compile(r"all|none|screen"),
    "unicode-bidi": re.compile(r"normal|embed|isolate|bidi-override|isolate-override|plaintext"),
}
_COLOURS = frozenset({"color", "background-color", "-webkit-text-fill-color"})
_LENGTHS = frozenset(
    {"text-indent", "letter-spacing", "word-spacing", "height", "max-height", "width", "max-width", "top", "right", "bottom", "left"}
    | {f"margin-{side}" for side in ("top", "right", "bottom", "left")}
)  # fmt: skip
_ANY = Scale(font_px=16.0, full_px=100.0)


@lru_cache(maxsize=4096)
def is_valid(name: str, value: str) -> bool:
    """Whether clients take ``value`` for ``name``; of properties that do not matter here anything is taken."""
    if value in FOR_ALL or "var(" in value:
        return True
    if name in _WORDS:
        return bool(_WORDS[name].fullmatch(value))
    return _JUDGES.get(name, bool)(value)


def _is_length(value: str) -> bool:
    first = value.partition(" ")[0] if "(" not in value else value
    return re.fullmatch(r"[a-z-]+", value) is not None or pixels(first, _ANY) is not None


def _is_line_height(value: str) -> bool:
    return value == "normal" or re.fullmatch(r"\+?(?:\d+\.?\d*|\.\d+)", value) is not None or (pixels(value, _ANY) or -1) >= 0


_JUDGES: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(_COLOURS, is_colour),
    **dict.fromkeys(_LENGTHS, _is_length),
    "font-size": lambda value: font_size(value, _ANY) is not None,
    "line-height": _is_line_height,
}
