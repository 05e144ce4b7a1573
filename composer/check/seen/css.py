"""Style sheets and style attributes as settings of properties, shorthands taken apart (CSS Syntax, by tinycss2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import tinycss2
from tinycss2.color5 import parse_color

from composer.check.seen.selectors import Compound, Selector, read_selector
from composer.check.seen.values import is_valid
from composer.check.seen.views import is_plain

_SIZES = frozenset(
    {"xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large", "smaller", "larger"}
)  # fmt: skip
_SYSTEM_FONTS = frozenset({"caption", "icon", "menu", "message-box", "small-caption", "status-bar"})
_SIDES = ("top", "right", "bottom", "left")
_NOT_COLOURS = re.compile(
    r"none|repeat(?:-[xy])?|no-repeat|space|round|scroll|fixed|local|center|top|right|bottom|left|cover|contain|auto|(?:border|padding|content)-box"
)
_PSEUDO_CLASS = re.compile(r"(?<!:):(?!:)[a-z-]+")
_FUNCTIONS = re.compile(r":(?:not|is|has|where)\(|\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One property and its value, both in lower case."""

    name: str
    value: str
    important: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One selector with what it sets."""

    selector: str
    weight: tuple[int, int, int]  # ids; classes, attributes, pseudo-classes; elements
    media: tuple[str, ...]  # the conditions of every @media around it
    settings: tuple[Setting, ...]  # shorthands taken apart, without what clients do not take
    declared: tuple[Setting, ...] = ()  # as they are written, all of them
    read: Selector = field(default_factory=lambda: Selector(subject=Compound()))
    doubts: tuple[str, ...] = ()  # conditions that hold in one client and not in the next
    strange: str = ""  # what makes its place in the cascade unknown: @layer, nesting, a list with :is()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A ``<style>`` block."""

    rules: tuple[Rule, ...] = ()
    oddities: tuple[str, ...] = ()  # what brings styles that are not read here
    fonts: frozenset[str] = frozenset()  # families that it brings itself, small letters


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What a rule stands in."""

    media: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    strange: str = ""
    selector: str = ""


# Nobody writes styles nested by the hundred; what they would do to an element is not known, so it counts as not seen.
TOO_DEEP = Setting(name="nesting", value="too deep", important=True)
_SILENT = frozenset({"font-face", "keyframes", "-webkit-keyframes", "page", "property", "counter-style", "charset"})
_FACE = frozenset({"font-family", "src", "font-weight", "font-style", "font-display", "font-stretch", "unicode-range", "mso-font-alt"})


@lru_cache(maxsize=512)
def read_style(style: str) -> tuple[Setting, ...]:
    """The settings of a ``style`` attribute."""
    return _read_style(style)[0]


@lru_cache(maxsize=512)
def declared_in(style: str) -> tuple[Setting, ...]:
    """The declarations of a ``style`` attribute as they are written."""
    return _read_style(style)[1]


def _read_style(style: str) -> tuple[tuple[Setting, ...], tuple[Setting, ...]]:
    try:
        nodes = tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
        return tuple(_settings(nodes)), tuple(_declared(nodes))
    except RecursionError:
        return (TOO_DEEP,), (TOO_DEEP,)


@lru_cache(maxsize=32)
def read_sheet(css: str) -> Sheet:
    """The rules of a ``<style>`` block, in their order."""
    try:
        nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
        return Sheet(rules=tuple(_rules(nodes, _Around())), oddities=tuple(_oddities(nodes)), fonts=frozenset(_fonts(nodes)))
    except RecursionError:
        return Sheet(rules=(Rule(selector="*", weight=(0, 0, 0), media=(), settings=(TOO_DEEP,), declared=(TOO_DEEP,)),))


def _oddities(nodes: Iterable[Any]) -> Iterator[str]:
    """What cannot be read, what brings more, and faces that draw letters otherwise than their font does."""
    for node in nodes:
        if node.type == "error" or (node.type == "at-rule" and node.content is None and node.lower_at_keyword != "charset"):
            yield f"@{node.lower_at_keyword}" if node.type == "at-rule" else node.message
        elif node.type == "at-rule" and node.lower_at_keyword == "font-face":
            yield from (f"@font-face {{ {one.name} }}" for one in _face(node) if one.name not in _FACE or "local(" in one.value)


def _fonts(nodes: Iterable[Any]) -> Iterator[str]:
    for node in nodes:
        if node.type == "at-rule" and node.content is not None:
            if node.lower_at_keyword == "font-face":
                yield from (one.value.strip("\"' ") for one in _face(node) if one.name == "font-family")
            else:
                yield from _fonts(tinycss2.parse_blocks_contents(node.content))


def _face(node: Any) -> Iterator[Setting]:
    return _declared(tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True))


def _rules(nodes: Iterable[Any], around: _Around) -> Iterator[Rule]:
    for node in nodes:
        if node.type == "at-rule" and node.content is not None and node.lower_at_keyword not in _SILENT:
            yield from _inside(node, _within(node, around))
        elif node.type == "qualified-rule":
            yield from _qualified(node, around)


def _within(node: Any, around: _Around) -> _Around:
    """What is around the rules of an at-rule: @media and @supports may hold or not, of others nobody knows how they weigh."""
    if node.lower_at_keyword == "media":
        media = _text(node.prelude)
        doubts = () if is_plain(media) else (f"@media {media}",)
        return replace(around, media=(*around.media, media), doubts=(*around.doubts, *doubts))
    shown = f"@{node.lower_at_keyword} {_text(node.prelude)}".strip()
    if node.lower_at_keyword == "supports":
        return replace(around, doubts=(*around.doubts, shown))
    return replace(around, strange=around.strange or shown)


def _inside(node: Any, around: _Around) -> Iterator[Rule]:
    content = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
    if around.selector:
        yield from _made([around.selector], content, around)
    yield from _rules(content, around)


def _qualified(node: Any, around: _Around) -> Iterator[Rule]:
    content = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
    selectors = [_nested(selector, around.selector) for selector in _selectors(node.prelude)]
    inner = [part for part in content if part.type in {"qualified-rule", "at-rule"}]
    if inner or around.selector:
        around = replace(around, strange=around.strange or f"{around.selector or ', '.join(selectors)} {{ … {{ … }} }}")
    yield from _made(selectors, content, around)
    for selector in selectors if inner else ():
        yield from _rules(inner, replace(around, selector=selector))


def _made(selectors: Sequence[str], content: Sequence[Any], around: _Around) -> Iterator[Rule]:
    """A rule for each selector of a list; one that some clients do not know spoils them all."""
    settings, declared = tuple(_settings(content)), tuple(_declared(content))
    if not declared:
        return
    reads = [read_selector(selector) for selector in selectors]
    spoilt = tuple(read.doubt for read in reads if read.spoils)
    strange = around.strange or next((read.strange for read in reads if read.strange), "")
    for selector, read in zip(selectors, reads, strict=True):
        doubts = dict.fromkeys((*around.doubts, *spoilt, *([read.doubt] if read.doubt else [])))
        yield Rule(
            selector=selector,
            weight=weigh(selector),
            media=around.media,
            settings=settings,
            declared=declared,
            read=read,
            doubts=tuple(doubts),
            strange=strange,
        )


def _selectors(prelude: Sequence[Any]) -> list[str]:
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize([token for token in part if token.type != "comment"]).strip() for part in parts]


def _nested(selector: str, around: str) -> str:
    if not around:
        return selector
    return selector.replace("&", around) if "&" in selector else f"{around} {selector}"


def weigh(selector: str) -> tuple[int, int, int]:
    """The specificity of one selector (Selectors 4, §17)."""
    bare = _FUNCTIONS.sub(" ", re.sub(r":where\([^()]*\)", " ", selector))
    attributes = len(re.findall(r"\[[^\]]*\]", bare))
    bare = re.sub(r"\[[^\]]*\]|\([^()]*\)", " ", bare)
    pseudo = len(_PSEUDO_CLASS.findall(bare))
    elements = len(re.findall(r"(?:^|[\s>+~(])[a-z][\w-]*|::[a-z-]+", bare, re.IGNORECASE))
    return len(re.findall(r"#[\w-]+", bare)), len(re.findall(r"\.[\w-]+", bare)) + attributes + pseudo, elements


def _declared(nodes: Iterable[Any]) -> Iterator[Setting]:
    for node in nodes:
        if node.type == "declaration":
            yield Setting(name=node.lower_name, value=_text(node.value), important=node.important)
        elif node.type == "error":
            yield Setting(name="?", value=node.message)


def _settings(nodes: Iterable[Any]) -> Iterator[Setting]:
    for node in nodes:
        if node.type == "declaration":
            name = node.name if node.name.startswith("--") else node.lower_name
            given = Setting(name=name, value=_text(node.value), important=node.important)
            yield from (one for one in _apart(given, node.value) if is_valid(one.name, one.value))


def _text(tokens: Iterable[Any]) -> str:
    return " ".join(tinycss2.serialize([token for token in tokens if token.type != "comment"]).split()).lower()


def _apart(given: Setting, tokens: Sequence[Any]) -> Iterator[Setting]:
    """A shorthand as the properties that matter here; anything else as it is."""

    def part(name: str, value: str) -> Setting:
        return Setting(name=name, value=value, important=given.important)

    match given.name:
        case "font":
            yield from (part(name, value) for name, value in _font(tokens))
        case "background":
            yield part("background-color", _background_colour(tokens))
            yield part("background-image", given.value if re.search(r"url\(|gradient\(|image", given.value) else "none")
        case "margin" | "inset":
            prefix = "margin-" if given.name == "margin" else ""
            yield from (part(prefix + side, value) for side, value in _four(given.value))
        case "overflow-x" | "overflow-y":
            yield part("overflow", given.value)
        case "mask" | "-webkit-mask" | "-webkit-mask-image":
            yield part("mask-image", given.value)
        case "animation" | "-webkit-animation":
            yield part("animation-name", given.value)
        case _ if given.name.startswith("-webkit-") and given.name[8:] in {"transform", "filter", "clip-path", "animation-name", "opacity"}:
            yield part(given.name[8:], given.value)
        case _:
            yield given


def _four(value: str) -> Iterator[tuple[str, str]]:
    given = value.split(" ") if "(" not in value else [value]
    chosen = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}.get(len(given), (0, 0, 0, 0))
    return ((side, given[at]) for side, at in zip(_SIDES, chosen, strict=True))


def _font(tokens: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """Size, height of the line and family; before them stand style and weight (CSS Fonts, §2.7)."""
    told = [token for token in tokens if token.type not in {"whitespace", "comment"}]
    if len(told) == 1 and told[0].type == "ident" and told[0].lower_value in _SYSTEM_FONTS:
        yield from (("font-size", "13.333px"), ("line-height", "normal"))
        return
    if any(token.type == "ident" and token.lower_value == "small-caps" for token in told):
        yield "font-variant", "small-caps"
    for at, token in enumerate(told):
        sized = token.type in {"dimension", "percentage", "function"} or (token.type == "number" and token.value == 0)
        if not sized and not (token.type == "ident" and token.lower_value in _SIZES):
            continue
        yield "font-size", _text([token])
        slash = at + 2 < len(told) and told[at + 1].type == "literal" and told[at + 1].value == "/"
        yield "line-height", _text([told[at + 2]]) if slash else "normal"
        yield "font-family", _text(told[at + (3 if slash else 1) :])
        return


def _background_colour(tokens: Sequence[Any]) -> str:
    for token in tokens:
        if token.type in {"ident", "hash", "function"}:
            text = _text([token])
            if token.type == "ident" and _NOT_COLOURS.fullmatch(text):
                continue
            if text.startswith("var(") or parse_color(text) is not None:
                return text
    return "transparent"
