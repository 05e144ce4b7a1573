"""Colours as clients paint them: read from CSS, laid over each other, compared (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tinycss2.color5 import parse_color

from composer.check.contrast import contrast_ratio


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green, blue and how much it covers, each from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def over(self, ground: Colour) -> Colour:
        """What is seen of this colour on an opaque ``ground``."""
        part = self.alpha
        red, green, blue = (own * part + under * (1 - part) for own, under in zip(self.channels, ground.channels, strict=True))
        return Colour(red, green, blue)

    def faded(self, opacity: float) -> Colour:
        """The colour, covering less."""
        return Colour(*self.channels, self.alpha * opacity)

    def inverted(self) -> Colour:
        """As clients show it that turn light into dark by themselves."""
        return Colour(1 - self.red, 1 - self.green, 1 - self.blue, self.alpha)

    def grey(self) -> Colour:
        """As an eye or a printer shows it that knows no colours."""
        shade = 0.2126 * self.red + 0.7152 * self.green + 0.0722 * self.blue
        return Colour(shade, shade, shade, self.alpha)

    @property
    def channels(self) -> tuple[float, float, float]:
        """Red, green, blue."""
        return self.red, self.green, self.blue

    @property
    def code(self) -> str:
        """``#rrggbb``."""
        return "#" + "".join(f"{round(min(1, max(0, channel)) * 255):02x}" for channel in self.channels)


BLACK, WHITE = Colour(0, 0, 0), Colour(1, 1, 1)
LINK, LINK_IN_DARK = Colour(0, 0, 238 / 255), Colour(158 / 255, 158 / 255, 1)  # a browser's own
CANVAS_IN_DARK = Colour(18 / 255, 18 / 255, 18 / 255)
_OTHER_SPACES = re.compile(r"(?:ok)?l(?:ab|ch)\(|color(?:-mix)?\(|device-cmyk\(|light-dark\(")
_SYSTEM = {"canvas": (WHITE, CANVAS_IN_DARK), "canvastext": (BLACK, WHITE), "linktext": (LINK, LINK_IN_DARK)}


@lru_cache(maxsize=512)
def read_colour(text: str, *, dark: bool = False) -> Colour | None:
    """The colour that CSS names by ``text``; None for what is none. ``currentcolor`` is for the caller."""
    if text in _SYSTEM:
        return _SYSTEM[text][dark]
    try:
        found = parse_color(text, color_schemes=("dark" if dark else "light",))
        if found is None or isinstance(found, str):
            return None
        made = found.to("srgb")
        red, green, blue = (min(1.0, max(0.0, float(channel or 0))) for channel in made.coordinates)
    except (ValueError, TypeError, NotImplementedError, AttributeError):
        return None
    return Colour(red, green, blue, float(made.alpha))


def is_colour(text: str) -> bool:
    """Whether clients take ``text`` for a colour, be it one that cannot be reckoned here."""
    return text == "currentcolor" or bool(_OTHER_SPACES.match(text)) or read_colour(text) is not None


def contrast(first: Colour, second: Colour) -> float:
    """From 1 to 21."""
    return contrast_ratio(first.code, second.code)
