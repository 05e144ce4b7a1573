"""Whether it is sure that words are seen: all that is asked of the elements around them is understood, and nothing beside them leaves its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborNode

from composer.check.seen.css import Rule, Setting, declared_in
from composer.check.seen.elsewhere import is_flat, stays_in_place
from composer.check.seen.markup import AROUND, find_odd_attribute, find_odd_markup
from composer.check.seen.page import Page
from composer.check.seen.plain import FOR_ALL, JUDGED, is_plain_setting

MOST_DOUBTS = 3  # each may hold or not: eight ways of looking at a mail
_MOST_ASIDE_PX = 140.0
_MOST_RAISED = 2
_CELLS = frozenset(["table", "tbody", "thead", "tfoot", "tr", "td", "th"])
_BLOCKS = _CELLS | frozenset(
    ["div", "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "body", "center", "section", "header", "blockquote", "dd", "dt"]
)
_GROWING = _CELLS | {"img", "hr", "col"}
_KEPT_SIGNS = frozenset("\u00ad\u2060\u200e\u200f\ufeff")
_MANY_LETTERS = 80
_NO_LETTERS = re.compile(r".*(?:wingdings|webdings|dingbats|marlett|barcode|blank).*|symbol")
_WRAPPERS = frozenset({"", "html", "body", "div", "u", "span", "center", "main", "section", "article"})
_RESTING = ("::selection", "::marker", "::placeholder")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is asked of one element around the words, by all rules that may concern it."""

    odd: str = ""  # the first thing that is not understood, as written
    doubts: tuple[str, ...] = ()  # conditions on which its looks depend
    aside_px: float = 0.0  # how far it pushes its words from the edge at most
    raised: int = 0  # negative margins
    clips: bool = False
    unbroken: bool = False


class Surety:
    """One page; each element around the words is asked once."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._known: dict[int, Ground] = {}
        self._fonts = frozenset[str]().union(*(sheet.fonts for sheet in page.sheets))
        self._loose = [number for number, rule in enumerate(page.rules) if _is_loose(rule) or self._is_idle(number)]

    def grounds(self, nodes: Iterable[LexborNode]) -> list[Ground]:
        """Of every element that one of ``nodes`` stands in, itself included."""
        found: dict[int, Ground] = {}
        for start in nodes:
            node: LexborNode | None = start
            while node is not None and node.is_element_node and node.mem_id not in found:
                if node.mem_id not in self._known:
                    self._known[node.mem_id] = self._ground(node)
                found[node.mem_id] = self._known[node.mem_id]
                node = node.parent
        return list(found.values())

    def find_odd_around(self, nodes: Sequence[LexborNode]) -> str:
        """The first thing around the words that is not understood; "" where all is."""
        grounds = self.grounds(nodes)
        if odd := next((ground.odd for ground in grounds if ground.odd), ""):
            return odd
        if any(ground.clips for ground in grounds) and any(ground.unbroken for ground in grounds):
            return "white-space: nowrap; overflow: hidden"
        if sum(ground.raised for ground in grounds) > _MOST_RAISED:
            return "margin: -…"
        if sum(ground.aside_px for ground in grounds) > _MOST_ASIDE_PX:
            return f"padding, margin: {sum(ground.aside_px for ground in grounds):g}px"
        return next((sign for node in nodes if (sign := _odd_sign(node))), "")

    def find_odd_font(self, families: str) -> str:
        """The first family that the mail brings itself, nobody here knows what its letters look like, or that has none."""
        names = [name.strip(" \"'") for name in families.split(",")]
        if empty := next((name for name in names if _NO_LETTERS.fullmatch(name)), ""):
            return f"font-family: {empty}"
        return next((f"@font-face {{ font-family: {name} }}" for name in names if name in self._fonts), "")

    def find_odd_beside(self) -> str:
        """The first thing anywhere in the page that may come to lie over the words asked for; "" where there is none."""
        if odd := find_odd_markup(self._page) or next((one for sheet in self._page.sheets for one in sheet.oddities), ""):
            return odd
        return next((shown for shown in (*self._rules_beside(), *self._styles_beside()) if shown), "")

    # Around the words ---------------------------------------------------------------------------------------------------------

    def _ground(self, node: LexborNode) -> Ground:
        tag, style = node.tag or "", declared_in(node.attributes.get("style") or "")
        rules = list(self._rules_of(node))
        told = [setting for _, rule in rules for setting in rule.declared if not rule.read.part] + list(style)
        odd = f"<{tag}>" if tag not in AROUND else find_odd_attribute(node) or _odd_together(tag, told)
        return Ground(
            odd=odd or next((shown for _, rule in rules if (shown := _odd_rule(rule))), "") or _odd_style(style),
            doubts=tuple(dict.fromkeys(doubt for own, rule in rules if _is_judged(rule) for doubt in (*own, *rule.doubts))),
            aside_px=_aside(told),
            raised=sum(setting.name.startswith("margin") and "-" in setting.value for setting in told),
            clips=any(setting.name.startswith("overflow") and setting.value not in {"visible", *FOR_ALL} for setting in told),
            unbroken=any(setting.name == "white-space" and setting.value == "nowrap" for setting in told),
        )

    def _rules_of(self, node: LexborNode) -> Iterator[tuple[tuple[str, ...], Rule]]:
        """The rules that take the element, or may: these with the doubt on which it depends."""
        certain = self._page.rules_of(node)
        for number in certain:
            if "print" not in self._page.rules[number].media:
                yield (), self._page.rules[number]
        tag, marks = node.tag or "", _marks(node)
        for number in self._loose:
            rule = self._page.rules[number]
            if number not in certain and "print" not in rule.media and rule.read.subject.may_be(tag, marks):
                doubt = rule.read.doubt or rule.strange or self._hook(rule) if not rule.read.part else rule.read.part
                if doubt:
                    self._page.suppose(node, number, doubt)
                    yield (doubt,), rule

    def _is_idle(self, number: int) -> bool:
        """Whether a rule takes nothing here, and would in a client that puts something of its own around the mail."""
        read = self._page.rules[number].read
        return number not in self._page.used and bool(read.around) and not read.around[0].css.startswith("[data-ogs")

    def _hook(self, rule: Rule) -> str:
        """The selector of a rule that lacks but what a client may put around a mail."""
        missing = [one for one in rule.read.around if not self._page.find(one.css)]
        return rule.selector if missing and all(one.tag in _WRAPPERS for one in missing) else ""

    # Beside them --------------------------------------------------------------------------------------------------------------

    def _rules_beside(self) -> Iterator[str]:
        for number, rule in enumerate(self._page.rules):
            if "print" in rule.media or not (odd := _first_beside(rule.declared)):
                continue
            if isinstance(odd, str) and (number in self._page.used or (number in self._loose and self._page.find(rule.read.subject.css))):
                yield f"{rule.selector} {{ {odd} }}"
            elif odd is True:
                yield from (
                    f"{rule.selector} {{ {said} }}" for node in self._page.find(rule.selector) if (said := self._flat(node, rule.declared))
                )

    def _styles_beside(self) -> Iterator[str]:
        for node in self._page.find("[style]"):
            declared = declared_in(node.attributes.get("style") or "")
            odd = _first_beside(declared)
            if odd is True:
                odd = self._flat(node, declared)
            if odd:
                yield f'style="{odd}"'

    def _flat(self, node: LexborNode, declared: Sequence[Setting]) -> str:
        """The declaration that lets what stands in an element hang out of it; "" where it does not."""
        if node.mem_id in self._known or any(
            setting.name in {"overflow", "display"} and setting.value in {"hidden", "none"} for setting in declared
        ):
            return ""
        for setting in declared:
            if is_flat(setting) and (_hangs_out(node, setting) if setting.name != "line-height" else _lies_on_itself(node)):
                return _shown(setting)
        return ""


def _is_loose(rule: Rule) -> bool:
    return bool(rule.read.part or rule.read.doubt or rule.strange)


def _is_judged(rule: Rule) -> bool:
    return not rule.read.part and any(setting.name in JUDGED for setting in rule.declared)


def _marks(node: LexborNode) -> frozenset[str]:
    given = node.attributes
    return frozenset([f".{name.lower()}" for name in (given.get("class") or "").split()] + [f"#{(given.get('id') or '').lower()}"])


def _shown(setting: Setting) -> str:
    return f"{setting.name}: {setting.value}"[:90]


@lru_cache(maxsize=1024)
def _odd_rule(rule: Rule) -> str:
    """What of a rule on one of the words' elements is not understood."""
    if rule.read.part.lower() in _RESTING:
        return ""
    if rule.read.part:
        odd = next((_shown(one) for one in rule.declared if (one.name, one.value) not in _NOTHING), "")
        return f"{rule.selector} {{ {odd} }}" if odd else ""
    if odd := _odd_setting(rule.declared):
        return f"{rule.selector} {{ {odd} }}"
    if rule.strange and _is_judged(rule):
        return rule.strange if rule.strange == rule.selector or rule.selector in rule.strange else f"{rule.strange} … {rule.selector}"
    return ""


_NOTHING = {("display", "none"), ("content", "none"), ("content", "normal")}


def _odd_style(style: tuple[Setting, ...]) -> str:
    odd = _odd_setting(style)
    return f'style="{odd}"' if odd else ""


@lru_cache(maxsize=1024)
def _odd_setting(declared: tuple[Setting, ...]) -> str:
    return next((_shown(one) for one in declared if not is_plain_setting(one)), "")


@lru_cache(maxsize=2048)
def _first_beside(declared: tuple[Setting, ...]) -> str | bool:
    """The first declaration that leaves its place; True where it depends on what stands in the element; "" where all stay."""
    odd = next((_shown(one) for one in declared if not stays_in_place(one)), "")
    return odd or any(map(is_flat, declared))


def _odd_together(tag: str, told: Sequence[Setting]) -> str:
    """What is harmless alone, and not beside the rest."""
    names = {setting.name for setting in told}
    clips = next((setting for setting in told if setting.name.startswith("overflow") and setting.value not in {"visible", *FOR_ALL}), None)
    if clips and tag in {"html", "body"}:
        return _shown(clips)
    high = next((one for one in told if one.name == "height" and one.value not in {"auto", "100%", *FOR_ALL}), None)
    return _shown(high) if high and (tag not in _CELLS or clips or "display" in names) else ""


def _aside(told: Sequence[Setting]) -> float:
    """The widest of its paddings, and of its margins, in pixels."""
    widest = {"padding": 0.0, "margin": 0.0}
    for setting in told:
        kind, _, side = setting.name.partition("-")
        if kind in widest and side in {"", "left", "right"}:
            widest[kind] = max(widest[kind], *_sideways(setting.value.split(" "), shorthand=not side))
    return sum(widest.values())


def _sideways(parts: Sequence[str], *, shorthand: bool) -> list[float]:
    wanted = parts if not shorthand or len(parts) == 1 else [parts[1], parts[-1] if len(parts) == 4 else parts[1]]
    found = [re.fullmatch(r"(\d+\.?\d*|\.\d+)(px|pt|%|r?em)?", part) for part in wanted]
    return [float(one[1]) * {"%": 6.0, "em": 16.0, "rem": 16.0, "pt": 4 / 3}.get(one[2] or "", 1.0) for one in found if one] or [0.0]


def _odd_sign(node: LexborNode) -> str:
    """A sign without shape that may turn letters around or take them apart."""
    block: LexborNode | None = node
    while block is not None and block.tag not in _BLOCKS:
        block = block.parent
    text = (block or node).text(deep=(block or node).mem_id == node.mem_id or (block is not None and block.tag not in _CELLS))
    sign = next((char for char in text if unicodedata.category(char) == "Cf" and char not in _KEPT_SIGNS), "")
    return f"U+{ord(sign):04X}" if sign else ""


def _hangs_out(node: LexborNode, setting: Setting) -> bool:
    if node.tag in _GROWING:
        return False
    letters = len("".join(node.text().split()))
    low = not (found := re.match(r"[\d.]+", setting.value)) or float(found[0]) < 16
    return letters > _MANY_LETTERS or (letters > 0 and low) or node.css_first("img,table,hr") is not None


def _lies_on_itself(node: LexborNode) -> bool:
    if node.tag in {"sub", "sup"}:
        return False
    for part in node.traverse(include_text=True):
        if part.is_text_node and (part.text_content or "").strip() and not _has_own_lines(part, node):
            return True
    return False


def _has_own_lines(text: LexborNode, top: LexborNode) -> bool:
    node = text.parent
    while node is not None and node.mem_id != top.mem_id:
        if "line-height" in (node.attributes.get("style") or "") or "font:" in (node.attributes.get("style") or ""):
            return True
        node = node.parent
    return False
