"""A finished mail taken apart into what features are told by: elements, attributes, declarations, selectors, rules with @."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import tinycss2
from selectolax.lexbor import LexborHTMLParser

_VENDOR = re.compile(r"^-(?:webkit|moz|ms|o)-")
_COMMENT = re.compile(r"<!--(?!\[if|<!\[endif)", re.IGNORECASE)
_HOLDS_RULES = frozenset({"media", "supports", "layer", "container"})


@dataclass(slots=True)
class Sheet:
    """What stands in a style sheet or a style attribute."""

    declarations: set[tuple[str, str]] = field(default_factory=set)  # property and value
    selectors: set[str] = field(default_factory=set)
    rules: set[tuple[str, str]] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What stands in a mail, all in small letters but for values of attributes."""

    elements: frozenset[str] = frozenset()
    attributes: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)  # by name: element and value
    declarations: Mapping[str, str] = field(default_factory=dict)  # by property, without the prefixes of makers: its values, one a line
    values: str = ""  # of all properties, one a line
    selectors: frozenset[str] = frozenset()
    rules: frozenset[tuple[str, str]] = frozenset()  # keyword and condition of rules with @
    marks: frozenset[str] = frozenset()  # doctype, comment, css-comment, important, nesting


@lru_cache(maxsize=16)
def read_facts(html: str) -> Facts:
    """The facts of ``html``; what stands in comments for Outlook alone is not among them."""
    elements: set[str] = set()
    attributes: dict[str, set[tuple[str, str]]] = {}
    sheets: list[Sheet] = []
    tree = LexborHTMLParser(html)
    for node in tree.root.traverse() if tree.root is not None else ():
        tag = node.tag or ""
        elements.add(tag)
        for name, value in node.attributes.items():
            attributes.setdefault(name, set()).add((tag, value or ""))
        if tag == "style":
            sheets.append(_read_sheet(node.text() or ""))
    sheets += [_read_style(style) for _, style in attributes.get("style", ())]
    declared: dict[str, set[str]] = {}
    for name, value in (one for sheet in sheets for one in sheet.declarations):
        declared.setdefault(name, set()).add(value)
    by_property = {name: "\n".join(values) for name, values in declared.items()}
    return Facts(
        elements=frozenset(elements),
        attributes={name: frozenset(found) for name, found in attributes.items()},
        declarations=by_property,
        values="\n".join(by_property.values()),
        selectors=frozenset().union(*(sheet.selectors for sheet in sheets)),
        rules=frozenset().union(*(sheet.rules for sheet in sheets)),
        marks=frozenset(_marks(html)).union(*(sheet.marks for sheet in sheets)),
    )


def _marks(html: str) -> Iterator[str]:
    if re.match(r"\s*<!doctype html", html, re.IGNORECASE):
        yield "doctype"
    if _COMMENT.search(html):
        yield "comment"


# Kept: a theme gives the same styles to every mail.
@lru_cache(maxsize=2048)
def _read_style(style: str) -> Sheet:
    sheet = Sheet()
    with _readable(sheet):
        _settle(tinycss2.parse_blocks_contents(style, skip_whitespace=True), sheet)
    return sheet


@lru_cache(maxsize=32)
def _read_sheet(css: str) -> Sheet:
    sheet = Sheet()
    with _readable(sheet):
        _walk(tinycss2.parse_stylesheet(css.replace("<!--", "").replace("-->", ""), skip_whitespace=True), sheet)
    return sheet


@contextmanager
def _readable(sheet: Sheet) -> Iterator[None]:
    """Styles nested by the hundred: what was read so far counts, and that they nest; ``check.seen`` calls them an error."""
    try:
        yield
    except RecursionError:
        sheet.marks.add("nesting")


def _walk(nodes: Iterable[Any], sheet: Sheet) -> None:
    for node in nodes:
        if node.type == "comment":
            sheet.marks.add("css-comment")
        elif node.type == "qualified-rule":
            sheet.selectors |= set(_split(node.prelude))
            _settle(tinycss2.parse_blocks_contents(node.content, skip_whitespace=True), sheet)
        elif node.type == "at-rule":
            _at_rule(node, sheet)


def _at_rule(node: Any, sheet: Sheet) -> None:
    keyword = _VENDOR.sub("", node.lower_at_keyword)
    sheet.rules.add((keyword, _text(node.prelude)))
    if node.content is None:
        return
    if keyword in _HOLDS_RULES:
        _walk(tinycss2.parse_rule_list(node.content, skip_whitespace=True), sheet)
    elif keyword == "keyframes":
        for step in tinycss2.parse_rule_list(node.content, skip_whitespace=True):
            if step.type == "qualified-rule":
                _settle(tinycss2.parse_blocks_contents(step.content, skip_whitespace=True), sheet)
    else:
        _settle(tinycss2.parse_blocks_contents(node.content, skip_whitespace=True), sheet)


def _settle(nodes: Iterable[Any], sheet: Sheet) -> None:
    for node in nodes:
        if node.type == "declaration":
            name = node.lower_name if node.name.startswith("--") else _VENDOR.sub("", node.lower_name)
            sheet.declarations.add((name, _text(node.value)))
            if node.important:
                sheet.marks.add("important")
        elif node.type == "comment":
            sheet.marks.add("css-comment")
        elif node.type in {"qualified-rule", "at-rule"}:
            sheet.marks.add("nesting")
            _walk([node], sheet)


def _text(tokens: Iterable[Any]) -> str:
    return " ".join(str(tinycss2.serialize(tokens)).split()).lower()


def _split(tokens: Iterable[Any]) -> Iterator[str]:
    """The selectors of a rule, one by one; a comma for there being several."""
    parts: list[list[Any]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    yield from (_text(part) for part in parts)
    if len(parts) > 1:
        yield ","
