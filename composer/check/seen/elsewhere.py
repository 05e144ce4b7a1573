"""What may be asked of elements that stand beside a label: whatever cannot come to lie over it.

In the flow, boxes follow each other. What leaves the flow, paints beyond its box or shrinks its box below its content may cover what is near.
"""

from __future__ import annotations

import re

from composer.check.seen.css import Setting
from composer.check.seen.plain import FOR_ALL, PLAIN, Takes, bare_name, lengths, matches, shadow

_TUNED = r"(?:(?:grayscale|brightness|invert|contrast|saturate|sepia|opacity|hue-rotate)\([^()]*\)(?: |$))+"
_NO_COVER: dict[str, Takes] = {
    "margin": lengths(-12, 9999, "auto", percent=(0, 100)),
    **{f"margin-{side}": lengths(-12, 9999, "auto", percent=(0, 100)) for side in ("top", "right", "bottom", "left")},
    "letter-spacing": lengths(-4, 99, "normal"),
    "word-spacing": lengths(-4, 99, "normal"),
    "text-indent": lengths(-99, 999, percent=(0, 100)),
    "font-size": lengths(0, 64, *["xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "smaller", "larger"], percent=(0, 400)),
    "visibility": matches("visible|hidden"),
    "vertical-align": lengths(-16, 16, *["baseline", "top", "middle", "bottom", "text-top", "text-bottom", "sub", "super"], percent=(-100, 100)),
    "box-shadow": shadow,
    "text-shadow": shadow,
    "filter": lambda value: value == "none" or matches(_TUNED)(value),
    "outline-offset": lengths(-8, 8),
    "outline-width": lengths(0, 8, "thin", "medium", "thick"),
    "content": lambda value: "(" not in value,
    **{name: PLAIN[name] for name in ("position", "top", "right", "bottom", "left", "zoom", "outline")},
    **dict.fromkeys(("transform", "scale", "rotate", "translate", "animation"), matches("none")),
}  # fmt: skip
# These stay in their box, whatever they say.
_HARMLESS = frozenset(
    {
        "max-height", "overflow", "display", "opacity", "transition", "transition-duration", "transition-property", "transition-timing-function", "outline-color", "outline-style", "clip-path", "mask",
        "mask-image", "object-fit", "object-position", "flex", "flex-direction", "flex-wrap", "flex-flow", "flex-grow", "flex-shrink", "flex-basis", "align-items", "align-content",
        "align-self", "justify-content", "justify-items", "justify-self", "gap", "row-gap", "column-gap", "grid-template-columns", "font-feature-settings",
        "font-variation-settings", "font-size-adjust", "font-stretch", "font-variant-caps", "text-overflow", "counter-reset", "counter-increment", "list-style-image", "appearance", "aspect-ratio",
        "z-index", "tab-size", "speak", "will-change", "fill", "stroke", "text-emphasis", "clip", "resize", "columns", "column-count", "mix-blend-mode", "isolation", "order",
    }
)  # fmt: skip
_MSO_PLACED = re.compile(r"mso-(?:element|position|text-raise)")


def stays_in_place(setting: Setting) -> bool:
    """Whether an element with this declaration keeps to its own place."""
    name, value = bare_name(setting.name), setting.value
    if name.startswith("mso-"):
        return not _MSO_PLACED.match(name)
    if name in _NO_COVER:
        return value in FOR_ALL or _NO_COVER[name](value)
    return name in PLAIN or name in _HARMLESS or name[:1] in {"?", "-"}


def is_flat(setting: Setting) -> bool:
    """Whether it may make a box lower than what it holds."""
    height = re.fullmatch(r"(\d+\.?\d*|\.\d+)(?:px|pt)?", setting.value)
    if setting.name in {"height", "max-height"}:
        return setting.value not in {"auto", "none", *FOR_ALL} and "%" not in setting.value
    if setting.name == "line-height":
        return height is not None and (float(height[1]) < 8 if setting.value[-1] in "xt" else float(height[1]) < 0.6)
    return False
