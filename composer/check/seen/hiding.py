"""What hides words without taking their colour or their size: every way that mails and pages have used for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from composer.check.seen.lengths import Scale, pixels

# Beside colour and size these go inward to what stands in an element.
INHERITED = frozenset(
    {
        "visibility", "text-indent", "letter-spacing", "word-spacing", "line-height", "font-family", "font-variant", "font-variant-caps",
        "font-size-adjust",
    }
)  # fmt: skip
SLIT_PX = 14.0  # a clipped box that is lower shows no whole line of 12 px
NARROW_PX = 40.0
FAR_PX = 200.0  # moved so far, words have left their place
NEAR_PX = 24.0  # moved so far up or left, they lie under what stands before them
_NO_LETTERS = re.compile(r"wingdings|webdings|\bsymbol\b|dingbats|marlett|adobe blank|blank")
_SCALE = re.compile(r"scale(?:3d|[xyz])?\(([^)]*)\)")
_MOVE = re.compile(r"translate(?:3d|[xyz])?\(([^)]*)\)")
_TURN = re.compile(r"rotate|skew|matrix|perspective")
_SCALING = frozenset({"zoom", "transform", "scale"})
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)%?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hiding:
    """What is asked of one element."""

    settings: Mapping[str, str]  # its own
    inherited: Mapping[str, str]  # its own or from around it
    scale: Scale
    word: bool  # Outlook for Windows
    raised: bool = False  # sub and sup: their lines have no height of their own

    @property
    def factor(self) -> float:
        """How much zoom and transform make of the letters."""
        if self.word or not _SCALING.intersection(self.settings):
            return 1.0
        zoom = _share(self.settings.get("zoom", "1"))
        found = [*_SCALE.findall(self.settings.get("transform", "")), self.settings.get("scale", "1")]
        parts = [_share(part) for one in found for part in re.split(r"[ ,]+", one.strip()) if _NUMBER.fullmatch(part)]
        return zoom * min((abs(part) for part in parts), default=1.0)

    def px(self, name: str) -> float | None:
        """One of its lengths in pixels; None where it has none."""
        value = self.settings.get(name)
        return None if value is None else pixels(value, self.scale)

    def says(self, name: str) -> str:
        """The declaration as a person would write it."""
        return f"{name}: {self.settings.get(name) or self.inherited.get(name, '')}"


def hides(own: Hiding) -> str:
    """The declaration that takes an element and all that stands in it out of sight; "" where they stay."""
    return next((own.says(name) for name in (*_boxes(own), *_clipped(own), *_moved(own))), "")


def garbles(own: Hiding) -> str:
    """The declaration that makes the words directly in an element vanish or lie on each other; what stands deeper may look otherwise."""
    return next((own.says(name) for name in _letters(own)), "")


def _boxes(own: Hiding) -> list[str]:
    told = own.settings
    if own.word:
        return ["display"] * (told.get("display") == "none") + ["mso-hide"] * (told.get("mso-hide") == "all")
    found = [name for name, values in _HIDING_WORDS.items() if told.get(name) in values]
    return found + [name for name in _NONE_ONLY if told.get(name, "none") not in {"none", "auto", "normal", "inherit", "initial", "unset"}]


_HIDING_WORDS = {
    "display": {"none"},
    "content-visibility": {"hidden"},
    "unicode-bidi": {"bidi-override", "isolate-override"},
}
# Any value of these is one that somebody chose in order to change what is painted, and none is needed in a mail.
_NONE_ONLY = (
    "clip",
    "clip-path",
    "mask-image",
    "filter",
    "animation-name",
    "mix-blend-mode",
    "-webkit-text-security",
    "text-security",
    "nesting",
)


def _clipped(own: Hiding) -> list[str]:
    """A box that shows but a slit of what it holds."""
    if own.word or own.settings.get("overflow", "visible") in {"visible", "inherit", "initial", "unset"}:
        return []
    for name, least in (("max-height", SLIT_PX), ("height", SLIT_PX), ("max-width", NARROW_PX), ("width", NARROW_PX)):
        size = own.px(name)
        if size is not None and size < least:
            return [name]
    return []


def _moved(own: Hiding) -> list[str]:
    """Out of the window, or under something else."""
    if own.word:
        return []
    found = []
    placed = own.settings.get("position", "static")
    if placed in {"absolute", "fixed", "relative", "sticky", "-webkit-sticky"}:
        found += [side for side in ("top", "right", "bottom", "left") if _is_far(own.px(side), up=placed in {"absolute", "fixed"})]
        if (order := own.settings.get("z-index", "0")).startswith("-") and order != "-0":
            found.append("z-index")
    found += [name for name in ("margin-top", "margin-left", "margin-right", "margin-bottom") if (own.px(name) or 0) <= -NEAR_PX]
    found += ["margin-left"] if (own.px("margin-left") or 0) >= FAR_PX * 2 else []
    change = " ".join(own.settings.get(name, "") for name in ("transform", "translate", "rotate")).replace("none", "").strip()
    if change and (_TURN.search(change) or own.settings.get("rotate", "none") != "none" or _moves_far(change, own)):
        found.append("transform" if own.settings.get("transform") else "translate" if own.settings.get("translate") else "rotate")
    return found


def _is_far(offset: float | None, *, up: bool) -> bool:
    return (offset is not None and (offset <= -NEAR_PX if up else abs(offset) >= NEAR_PX)) or (offset or 0) >= FAR_PX


def _moves_far(change: str, own: Hiding) -> bool:
    parts = [part for found in _MOVE.findall(change) for part in re.split(r"[ ,]+", found)] or change.split()
    return any(
        abs(moved) >= NEAR_PX
        for part in parts
        if (moved := pixels(part, Scale(font_px=own.scale.font_px, full_px=own.scale.width_px))) is not None
    )


def _letters(own: Hiding) -> list[str]:
    """Letters that lie on each other, on other lines, or are none."""
    told, size = own.inherited, own.scale.font_px
    em = Scale(font_px=size, root_px=own.scale.root_px, full_px=size, width_px=own.scale.width_px)

    def px(name: str) -> float:
        return pixels(told[name], em) or 0.0 if name in told else 0.0

    wrong = {
        "visibility": told.get("visibility") in {"hidden", "collapse"},
        "text-indent": abs(px("text-indent")) >= FAR_PX / 2 or "%" in told.get("text-indent", ""),
        "letter-spacing": px("letter-spacing") <= -0.15 * max(size, 1),
        "word-spacing": px("word-spacing") <= -0.5 * max(size, 1),
        "line-height": not own.raised and _is_flat(told.get("line-height", "normal"), em),
        "font-family": bool(_NO_LETTERS.search(told.get("font-family", "").partition(",")[0])),
        "font-size-adjust": bool(re.fullmatch(r"0?\.[0-3]\d*|0+", told.get("font-size-adjust", "none"))),
    }
    return [name for name, is_so in wrong.items() if is_so and not (own.word and name not in {"visibility", "font-family"})]


def settle_line_height(value: str, scale: Scale) -> str:
    """What of a ``line-height`` goes inward: a number as it is, a length in pixels (CSS Inline, §5.1)."""
    if value == "normal" or re.fullmatch(r"\+?(?:\d+\.?\d*|\.\d+)", value):
        return value
    made = pixels(value, Scale(font_px=scale.font_px, root_px=scale.root_px, full_px=scale.font_px, width_px=scale.width_px))
    return "normal" if made is None else f"{made:g}px"


def _is_flat(value: str, em: Scale) -> bool:
    """Whether lines of this height lie on each other."""
    if value in {"normal", "inherit", "initial", "unset", "revert"} or em.font_px == 0:
        return False
    height = float(value) * em.font_px if re.fullmatch(r"\+?(?:\d+\.?\d*|\.\d+)", value) else pixels(value, em)
    return height is not None and height < 0.7 * em.font_px


def _share(value: str) -> float:
    found = _NUMBER.fullmatch(value.strip())
    if not found:
        return 1.0
    return float(value.strip().rstrip("%")) / (100 if value.strip().endswith("%") else 1)
