"""How the words in an element look: size, ink, ground, and what hides them; reckoned as a client does, from the outside in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from composer.check.seen.colours import BLACK, CANVAS_IN_DARK, LINK, LINK_IN_DARK, WHITE, Colour, contrast, read_colour
from composer.check.seen.hiding import INHERITED, Hiding, garbles, hides, settle_line_height
from composer.check.seen.lengths import Scale, font_size
from composer.check.seen.page import Page
from composer.check.seen.values import FOR_ALL
from composer.check.seen.views import View

_GRADIENT = re.compile(r"gradient\(")
_STOPS = re.compile(r"#[0-9a-f]{3,8}\b|(?:rgb|hsl|hwb)a?\([^()]*\)|\b[a-z]{3,}\b")
_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
_LINKS = frozenset({"a", "area"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How words look that stand in one element, in one view."""

    size_px: float = 16.0
    ink: Colour | None = BLACK  # None: a colour that cannot be reckoned here
    fill: Colour | None = None  # -webkit-text-fill-color, where it is set
    grounds: tuple[Colour, ...] = (WHITE,)  # all that may be behind: one, or every stop of a gradient; (): a picture
    opacity: float = 1.0
    factor: float = 1.0  # of zoom and transform
    hidden: str = ""  # the declaration that hides it and all that stands in it, as written
    garbled: str = ""  # the declaration that makes letters vanish or lie on each other
    inherited: Mapping[str, str] = field(default_factory=dict)  # further properties that go inward, variables included

    @property
    def seen_px(self) -> float:
        """The size at which letters are painted."""
        small_caps = 0.8 if "small-caps" in self.inherited.get("font-variant", "") else 1.0
        return self.size_px * self.factor * small_caps

    @property
    def least_contrast(self) -> float:
        """Ink against the least favourable ground, from 1 to 21; 1 where either is not known."""
        return self._least(lambda colour: colour)

    @property
    def least_grey_contrast(self) -> float:
        """The same for an eye or a printer without colours."""
        return self._least(Colour.grey)

    @property
    def least_inverted_contrast(self) -> float:
        """The same where a client turns all colours over."""
        return self._least(Colour.inverted)

    def _least(self, seen: Callable[[Colour], Colour]) -> float:
        ink = self.fill or self.ink
        if ink is None or not self.grounds:
            return 1.0
        return min(contrast(seen(ink.faded(self.opacity).over(ground)), seen(ground)) for ground in self.grounds)


class Looks:
    """The looks of a page's elements in one view, each reckoned once."""

    def __init__(self, page: Page, view: View, granted: frozenset[str] | None = None) -> None:
        self._page, self.view, self._granted = page, view, granted
        self._known: dict[int, Look] = {}
        self._root_px = 16.0

    def of(self, node: LexborNode) -> Look:
        """The look of words that stand directly in ``node``."""
        chain: list[LexborNode] = []
        here: LexborNode | None = node
        while here is not None and here.is_element_node and here.mem_id not in self._known:
            chain.append(here)
            here = here.parent
        look = self._known[here.mem_id] if here is not None and here.is_element_node else self._canvas()
        for element in reversed(chain):
            look = self._known[element.mem_id] = self._inside(element, look)
        return look

    def _canvas(self) -> Look:
        if not self.view.dark:
            return Look()
        scheme = " ".join(node.attributes.get("content") or "" for node in self._page.tree.css('meta[name="color-scheme"]')).lower()
        root = self._page.tree.css_first("html")
        scheme += self._page.settings(root, self.view, self._granted).get("color-scheme", "") if root else ""
        return Look(ink=WHITE, grounds=(CANVAS_IN_DARK,)) if "dark" in scheme else Look()

    def _inside(self, node: LexborNode, around: Look) -> Look:
        given = self._page.settings(node, self.view, self._granted)
        variables = {**around.inherited, **{name: value for name, value in given.items() if name.startswith("--")}}
        told = {name: _fill_in(value, variables) if "var(" in value else value for name, value in given.items()}
        inherited = {name: value for name, value in told.items() if (name in INHERITED or name[:2] == "--") and value not in FOR_ALL}
        dropped = {name for name in INHERITED if told.get(name) == "initial"}
        passed = {name: value for name, value in {**around.inherited, **inherited}.items() if name not in dropped}
        size = self._size(told, around)
        if node.tag == "html":
            self._root_px = size
        if "line-height" in inherited:
            passed["line-height"] = settle_line_height(inherited["line-height"], self._scale(size))
        ink = self._ink(node, told, around)
        own = Hiding(settings=told, inherited=passed, scale=self._scale(size), word=self.view.word, raised=node.tag in {"sub", "sup"})
        return Look(
            size_px=size,
            ink=ink,
            fill=self._fill(told, around, ink),
            grounds=self._grounds(told, around, ink),
            opacity=around.opacity * _opacity(told.get("opacity", "1")),
            factor=around.factor * own.factor,
            hidden=around.hidden or hides(own),
            garbled=garbles(own),
            inherited=passed,
        )

    def _scale(self, font_px: float, *, full_px: float | None = None) -> Scale:
        return Scale(font_px=font_px, root_px=self._root_px, full_px=full_px, width_px=self.view.width_px)

    def _size(self, told: Mapping[str, str], around: Look) -> float:
        value = told.get("font-size", "inherit")
        if value in FOR_ALL:
            return 16.0 if value == "initial" else around.size_px
        return font_size(value, self._scale(around.size_px, full_px=around.size_px)) or 0.0

    def _ink(self, node: LexborNode, told: Mapping[str, str], around: Look) -> Colour | None:
        value = told.get("color", "")
        if value in {"", "revert", "revert-layer"}:
            if node.tag in _LINKS and "href" in node.attributes:
                return LINK_IN_DARK if self.view.dark and around.grounds == (CANVAS_IN_DARK,) else LINK
            return around.ink
        if value == "initial":
            return BLACK
        return around.ink if value in {"inherit", "unset", "currentcolor"} else read_colour(value, dark=self.view.dark)

    def _fill(self, told: Mapping[str, str], around: Look, ink: Colour | None) -> Colour | None:
        value = told.get("-webkit-text-fill-color", "inherit")
        if value in FOR_ALL:
            return around.fill if value in {"inherit", "unset"} else None
        return ink if value == "currentcolor" else read_colour(value, dark=self.view.dark)

    def _grounds(self, told: Mapping[str, str], around: Look, ink: Colour | None) -> tuple[Colour, ...]:
        value = told.get("background-color", "transparent")
        colour = ink if value == "currentcolor" else around.grounds[0] if value == "inherit" and around.grounds else None
        colour = colour or (read_colour(value, dark=self.view.dark) if value not in FOR_ALL else None)
        grounds = around.grounds
        if colour is not None:
            grounds = (colour.over(BLACK),) if colour.alpha >= 1 else tuple(colour.over(ground) for ground in grounds)
        elif value not in {"transparent", *FOR_ALL}:
            grounds = ()  # a colour that cannot be reckoned here
        image = told.get("background-image", "none")
        if image in {"none", *FOR_ALL} or (self.view.word and _GRADIENT.search(image)):
            return grounds
        return _stops(image, grounds, dark=self.view.dark)


def _stops(image: str, grounds: tuple[Colour, ...], *, dark: bool) -> tuple[Colour, ...]:
    """The grounds that a picture of CSS makes: every stop of its gradients, and what is behind; () for a file."""
    if "url(" in image or not _GRADIENT.search(image):
        return ()
    stops = [colour for found in _STOPS.findall(image) if (colour := read_colour(found, dark=dark))]
    return (*grounds, *(stop.over(ground) for stop in stops for ground in grounds[:1]))


def _opacity(value: str) -> float:
    if value in FOR_ALL:
        return 1.0
    try:
        number = float(value.rstrip("%")) / (100 if value.endswith("%") else 1)
    except ValueError:
        return 0.0  # calc(): whoever reckons here has something to hide
    return min(1.0, max(0.0, number))


def _fill_in(value: str, variables: Mapping[str, str]) -> str:
    for _ in range(8):
        value, found = _VAR.subn(lambda found: variables.get(found[1], (found[2] or "").strip()), value)
        if not found:
            break
    return value.strip()
