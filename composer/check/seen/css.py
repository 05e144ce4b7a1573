"""Style sheets and style attributes as settings of properties, shorthands taken apart (CSS Syntax, by tinycss2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tinycss2
from tinycss2.color5 import parse_color

from composer.check.seen.values import is_valid

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
    settings: tuple[Setting, ...]


# Nobody writes styles nested by the hundred; what they would do to an element is not known, so it counts as not seen.
TOO_DEEP = Setting(name="nesting", value="too deep", important=True)


@lru_cache(maxsize=512)
def read_style(style: str) -> tuple[Setting, ...]:
    """The settings of a ``style`` attribute."""
    try:
        return tuple(_settings(tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)))
    except RecursionError:
        return (TOO_DEEP,)


@lru_cache(maxsize=32)
def read_sheet(css: str) -> tuple[Rule, ...]:
    """The rules of a ``<style>`` block, in their order."""
    bare = css.replace("<!--", "").replace("-->", "")
    try:
        return tuple(_rules(tinycss2.parse_stylesheet(bare, skip_comments=True, skip_whitespace=True), media=(), around=""))
    except RecursionError:
        return (Rule(selector="*", weight=(0, 0, 0), media=(), settings=(TOO_DEEP,)),)


def _rules(nodes: Iterable[Any], *, media: tuple[str, ...], around: str) -> Iterator[Rule]:
    for node in nodes:
        if node.type == "at-rule" and node.content is not None:
            yield from _inside(node, media, around)
        elif node.type == "qualified-rule":
            content = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            settings = tuple(_settings(content))
            selectors = [_nested(selector, around) for selector in _selectors(node.prelude)]
            if settings:
                yield from (Rule(selector=one, weight=weigh(one), media=media, settings=settings) for one in selectors)
            inner = [part for part in content if part.type in {"qualified-rule", "at-rule"}]
            for selector in selectors if inner else ():
                yield from _rules(inner, media=media, around=selector)


def _inside(node: Any, media: tuple[str, ...], around: str) -> Iterator[Rule]:
    """Rules within @media; within @supports, @layer and their like, taken as if these held."""
    if node.lower_at_keyword in {"font-face", "keyframes", "-webkit-keyframes", "page", "property", "counter-style"}:
        return
    wanted = (*media, _text(node.prelude)) if node.lower_at_keyword == "media" else media
    content = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
    if around and (settings := tuple(_settings(content))):
        yield Rule(selector=around, weight=weigh(around), media=wanted, settings=settings)
    yield from _rules(content, media=wanted, around=around)


def _selectors(prelude: Sequence[Any]) -> list[str]:
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [written for part in parts if (written := tinycss2.serialize(part).strip())]


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
