"""What may be asked of the elements around a label: the properties and values that are understood, and which leave words in sight however they meet.

Size, colours and ``display: none`` are understood too and judged elsewhere (looks.py). Everything that is not in these tables may hide.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from composer.check.seen.colours import read_colour
from composer.check.seen.css import Setting
from composer.check.seen.lengths import Scale, pixels

Takes = Callable[[str], bool]
_LENGTH = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:px|pt|em|rem|ex|in|cm|mm)|[+-]?0+(?:\.0+)?")
_PERCENT = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))%")
_SCALE = Scale(font_px=16.0)
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_COLOUR = (
    r"(?:#[0-9a-f]{3,4}|#[0-9a-f]{6}|#[0-9a-f]{8}|[a-z]{3,20}"
    rf"|(?:rgb|hsl)a?\(\s*{_NUMBER}(?:%|deg)?(?:\s*[,\s/]\s*{_NUMBER}%?){{2,3}}\s*\))"
)
_WIDTH = r"(?:\d+\.?\d*|\.\d+)(?:px|pt|em)?"
_LINE = r"none|hidden|solid|dashed|dotted|double|groove|ridge|inset|outset"
_SIZE = r"(?:(?:\d+\.?\d*|\.\d+)(?:px|pt|em|rem|%)|0|(?:xx?-)?small|medium|(?:xx?-)?large|smaller|larger)"
_HEIGHT = r"(?:normal|(?:\d+\.?\d*|\.\d+)(?:px|pt|em|rem|%)?)"
_FAMILY = r"(?:-?[a-z][\w-]*(?: [\w-]+)*|\"[^\"\\]+\"|'[^'\\]+')"
_PICTURE = rf"url\([^()]*\)|(?:linear|radial)-gradient\((?:{_COLOUR}|[\s,]|{_NUMBER}(?:%|deg|px)|to|top|left|right|bottom|circle|at)+\)"
_PLACED = rf"(?:no-repeat|repeat(?:-[xy])?|space|round|scroll|top|right|bottom|left|center|cover|contain|auto|{_NUMBER}(?:px|%)?|/)"
FOR_ALL = frozenset({"inherit", "initial", "unset"})


def matches(pattern: str) -> Takes:
    """Values of this form."""
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def lengths(low: float, high: float, *words: str, percent: tuple[float, float] = (0, 0), most: int = 4) -> Takes:
    """One length or several, each between two numbers of pixels, a share within ``percent``, or one of the words."""

    def is_fine(part: str) -> bool:
        if part in words:
            return True
        if share := _PERCENT.fullmatch(part):
            return percent[0] <= float(share[1]) <= percent[1]
        size = pixels(part, _SCALE) if _LENGTH.fullmatch(part) else None
        return size is not None and low <= size <= high

    return lambda value: len(parts := value.split(" ")) <= most and all(map(is_fine, parts))


def _is_known_colour(value: str) -> bool:
    return value in {"currentcolor", "transparent"} or read_colour(value) is not None


def _colour(value: str) -> bool:
    """A colour in a plain notation, whose name we know as browsers do: what we do not know may be white."""
    return _ONE_COLOUR(value) and _is_known_colour(value)


def _ground(value: str) -> bool:
    """A colour, a picture and where it lies; every word of it known."""
    words = re.findall(r"[a-z-]{3,}(?![a-z(-])", re.sub(r"url\([^()]*\)|#[0-9a-f]+", "", value))
    return _GROUND(value) and all(_PLACE_WORD(word) or _is_known_colour(word) for word in words)


_ONE_COLOUR = matches(_COLOUR)
_GROUND = matches(rf"(?:(?:{_COLOUR}|{_PICTURE}|{_PLACED})(?: |$))+")
_PLACE_WORD = matches(rf"none|deg|circle|{_PLACED}")
_ANY: Takes = bool
_NONE = matches("none")
_PADDING, _MARGIN = lengths(0, 120, percent=(0, 20)), lengths(-8, 200, "auto", percent=(0, 20))
_BOX = lengths(100, 800, "auto", percent=(20, 100), most=1)
_BORDER = matches(rf"(?:(?:{_WIDTH}|thin|medium|thick|{_LINE}|{_COLOUR})(?: |$)){{1,3}}")
_SIDES = ("top", "right", "bottom", "left")
_REACH = lengths(-12, 12)
_OTHER_THAN_LENGTHS = re.compile(r"(?:rgb|hsl)a?\([^()]*\)|#[0-9a-f]+|\b(?!inset)[a-z]{3,20}\b")


def shadow(value: str) -> bool:
    """A shadow that does not reach far, or none."""
    bare = _OTHER_THAN_LENGTHS.sub("", value)
    return value == "none" or all(_REACH(" ".join(one.split())) for one in bare.split(","))


PLAIN: dict[str, Takes] = {
    # judged by their effect
    "display": matches(
        "none|block|inline|inline-block|table|inline-table|list-item|table-(?:row|cell|caption|row-group|header-group|footer-group)"
    ),
    "visibility": matches("visible|hidden"),
    "opacity": matches(r"(?:\d+\.?\d*|\.\d+)%?"),
    "color": _colour,
    "background-color": _colour,
    "-webkit-text-fill-color": _colour,
    "background": _ground,
    "background-image": _ground,
    "font-size": matches(_SIZE),
    "font": matches(rf"(?:(?:normal|italic|oblique|bold|bolder|lighter|small-caps|[1-9]00) )*{_SIZE}(?: ?/ ?{_HEIGHT})? {_FAMILY}(?: ?, ?{_FAMILY})*"),
    "font-family": matches(rf"{_FAMILY}(?: ?, ?{_FAMILY})*"),
    "font-variant": matches("normal|small-caps|[a-z]+-nums"),
    "line-height": lambda value: matches(_HEIGHT)(value) and not matches(r"(?:[5-9]|\d{2,})(?:\.\d+)?(?:em|rem)?|\d{4,}%|\d{3,}(?:\.\d+)?(?:px|pt)")(value),
    "mso-hide": matches("all|none|screen"),
    # harmless within these bounds
    "letter-spacing": lengths(-0.8, 6, "normal", most=1),
    "word-spacing": lengths(-1, 12, "normal", most=1),
    "text-indent": lengths(0, 48, most=1),
    "padding": _PADDING,
    **{f"padding-{side}": _PADDING for side in _SIDES},
    "margin": _MARGIN,
    **{f"margin-{side}": _MARGIN for side in _SIDES},
    "border": _BORDER,
    **{f"border-{side}": _BORDER for side in _SIDES},
    "border-color": _ANY,
    "border-style": matches(rf"(?:(?:{_LINE})(?: |$)){{1,4}}"),
    "border-width": lengths(0, 24, "thin", "medium", "thick"),
    **{f"border-{side}-color": _ANY for side in _SIDES},
    **{f"border-{side}-style": matches(_LINE) for side in _SIDES},
    **{f"border-{side}-width": lengths(0, 24, "thin", "medium", "thick", most=1) for side in _SIDES},
    "border-radius": lengths(0, 60, percent=(0, 10)),
    **{f"border-{end}-{side}-radius": lengths(0, 60) for end in ("top", "bottom") for side in ("left", "right")},
    "border-collapse": matches("collapse|separate"),
    "border-spacing": lengths(0, 40),
    "width": _BOX,
    "max-width": lengths(100, 3000, "none", percent=(20, 100), most=1),
    "min-width": lengths(0, 700, "auto", percent=(0, 100), most=1),
    "height": lengths(0, 3000, "auto", percent=(0, 100), most=1),  # of cells, tables and pages: they grow with what they hold
    "max-height": _NONE,
    "min-height": lengths(0, 3000, "auto", percent=(0, 100), most=1),
    "overflow": matches("visible|hidden|auto"),
    "overflow-x": matches("visible|hidden|auto"),
    "overflow-y": matches("visible|hidden|auto"),
    "white-space": matches("normal|nowrap|pre-line"),
    "position": matches("static|relative"),
    **dict.fromkeys(_SIDES, lengths(0, 0, "auto", most=1)),
    "z-index": matches(r"auto|\d+"),
    "float": matches("none|left|right"),
    "box-shadow": shadow,
    "outline": matches(r"none|0(?:px)?|(?:[0-4](?:\.\d+)?px|thin|medium)(?: [a-z]+)*(?: #[0-9a-f]+)?"),
    "vertical-align": lengths(-8, 8, "baseline", "top", "middle", "bottom", "text-top", "text-bottom", "sub", "super", percent=(-50, 50), most=1),
    "unicode-bidi": matches("normal|embed|isolate"),
    "text-decoration": matches(rf"(?:(?:none|underline|overline|solid|dotted|dashed|wavy|double|auto|from-font|[0-4]px|(?!line)(?!blink){_COLOUR})(?: |$))+"),
    "text-decoration-line": matches("(?:(?:none|underline|overline)(?: |$))+"),
    "text-decoration-thickness": lengths(0, 4, "auto", "from-font", most=1),
    "text-underline-offset": lengths(0, 10, "auto", most=1),
    "text-size-adjust": matches("none|auto|100%"),
    "zoom": matches("1|100%|normal"),
    "background-clip": matches("border-box|padding-box|content-box"),
    **dict.fromkeys(("transform", "filter", "animation", "transition", "clip-path", "mask", "text-shadow", "scale", "rotate", "translate"), _NONE),
    "mso-table-lspace": lengths(0, 4, most=1),
    "mso-table-rspace": lengths(0, 4, most=1),
    # harmless whatever they say
    **dict.fromkeys(
        (
            "font-weight", "font-style", "text-align", "text-transform", "text-decoration-color", "text-decoration-style", "direction", "clear",
            "color-scheme", "supported-color-schemes", "word-break", "word-wrap", "overflow-wrap", "hyphens", "text-wrap", "text-wrap-style", "line-break", "text-align-last",
            "orphans", "widows", "page-break-inside", "page-break-before", "page-break-after", "break-inside", "break-before", "break-after",
            "list-style", "list-style-type", "list-style-position", "cursor", "quotes", "table-layout", "box-sizing", "caption-side", "empty-cells",
            "background-repeat", "background-position", "background-size", "background-attachment", "background-origin", "text-rendering",
            "font-smooth", "font-smoothing", "font-kerning", "font-variant-numeric", "font-variant-ligatures", "font-optical-sizing", "font-synthesis", "text-decoration-skip-ink",
            "osx-font-smoothing", "tap-highlight-color", "user-select", "scroll-behavior", "pointer-events", "accent-color", "caret-color", "text-justify", "hanging-punctuation",
            "interpolation-mode", "print-color-adjust", "forced-color-adjust", "color-adjust", "bgcolor", "mso-line-height-rule", "mso-padding-alt", "mso-border-alt",
            "mso-margin-top-alt", "mso-margin-bottom-alt", "mso-font-alt", "mso-generic-font-family", "mso-ansi-font-size", "mso-color-alt",
        ),
        _ANY,
    ),
}  # fmt: skip
# What decides whether words are seen: with these a rule has to be weighed against the others.
JUDGED = frozenset(
    {
        "display", "visibility", "opacity", "color", "background-color", "-webkit-text-fill-color", "background", "background-image", "font-size",
        "font", "font-family", "font-variant", "line-height", "mso-hide",
    }
)  # fmt: skip
_VENDOR = re.compile(r"-(?:webkit|moz|ms|o|premailer)-(?!text-fill-color)")


def bare_name(name: str) -> str:
    """The property without the mark of the client that tried it first."""
    return _VENDOR.sub("", name)


def is_plain_setting(setting: Setting) -> bool:
    """Whether it is understood what ``setting`` does to words; declaring a variable does nothing."""
    if setting.name.startswith("--"):
        return True
    takes = PLAIN.get(bare_name(setting.name))
    return takes is not None and (setting.value in FOR_ALL or takes(setting.value))
