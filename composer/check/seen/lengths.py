"""Lengths of CSS in pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_UNITS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}
_FONT_RATIOS = {"em": 1.0, "ex": 0.5, "ch": 0.5, "cap": 0.7, "ic": 1.0, "lh": 1.2}
_ROOT_RATIOS = {"rem": 1.0, "rlh": 1.2, "rex": 0.5, "rch": 0.5}
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(%|[a-z]*)")
_KEYWORDS = {
    "xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0, "xx-large": 32.0, "xxx-large": 48.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What relative lengths are measured by."""

    font_px: float  # of the element, or of its parent where its own size is asked
    root_px: float = 16.0
    full_px: float | None = None  # what ``%`` is taken of; None: not known
    width_px: float = 700.0  # of the window


@lru_cache(maxsize=2048)
def pixels(value: str, scale: Scale) -> float | None:
    """``value`` in pixels; None for what is no length.

    Of a function (calc, min, clamp…) the smallest length in it: whoever reckons there has something to hide, or a reader to lose.
    """
    if "(" in value:
        found = [_pixels(number, unit, scale) for number, unit in _NUMBER.findall(value.partition("(")[2]) if unit]
        return min((length for length in found if length is not None), default=None)
    match = _NUMBER.fullmatch(value)
    return _pixels(match[1], match[2], scale) if match else None


def font_size(value: str, scale: Scale) -> float | None:
    """A ``font-size`` in pixels; None for what is none. ``scale`` is the parent's, 100 % of its size."""
    if value in _KEYWORDS:
        return _KEYWORDS[value]
    if value in {"smaller", "larger"}:
        return scale.font_px * (5 / 6 if value == "smaller" else 1.2)
    size = pixels(value, scale)
    return None if size is None or size < 0 else size


def _pixels(number: str, unit: str, scale: Scale) -> float | None:
    amount = float(number)
    if unit == "":
        return 0.0 if amount == 0 else None
    if unit == "%":
        return None if scale.full_px is None else amount / 100 * scale.full_px
    if unit in _UNITS:
        return amount * _UNITS[unit]
    if unit in _FONT_RATIOS:
        return amount * _FONT_RATIOS[unit] * scale.font_px
    if unit in _ROOT_RATIOS:
        return amount * _ROOT_RATIOS[unit] * scale.root_px
    return (
        amount / 100 * scale.width_px
        if unit in {"vw", "vh", "vi", "vb", "vmin", "vmax", "svw", "lvw", "dvw", "svh", "lvh", "dvh"}
        else None
    )
