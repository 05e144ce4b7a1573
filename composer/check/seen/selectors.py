"""Selectors as far as every client reads them alike; what goes beyond is named, and who asks must reckon with both answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_NAME = r"-?[_a-z\u0080-\uffff][\w\u0080-\uffff-]*"
_ARGUMENT = r"\((?:[^()]|\([^()]*\))*\)"
_SIMPLE = re.compile(
    rf"(?P<tag>{_NAME}|\*)|\.(?P<cls>{_NAME})|\#(?P<id>{_NAME})"
    rf"|(?P<attr>\[\s*{_NAME}\s*(?:[~|^$*]?=\s*(?:\"[^\"\\]*\"|'[^'\\]*'|{_NAME})\s*)?\])"
    rf"|(?P<colons>::?)(?P<pseudo>{_NAME})(?P<argument>{_ARGUMENT})?",
    re.IGNORECASE,
)
_COMBINATOR = re.compile(r"\s*([>+~])\s*|\s+")
_PLACES = frozenset({"root", "first-child", "last-child", "only-child", "first-of-type", "last-of-type", "only-of-type"})
_NTH = frozenset({"nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type"})
_AN_PLUS_B = re.compile(r"\(\s*(?:odd|even|[+-]?\d*n?(?:\s*[+-]\s*\d+)?)\s*\)")
_ONE_SIMPLE = re.compile(rf"\(\s*(?:{_NAME}|[.#]{_NAME})\s*\)")
# Every client takes a rule with these, and each of them holds at times.
_STATES = frozenset({"hover", "focus", "active", "visited", "link", "target", "checked", "disabled", "enabled", "lang"})
_PARTS = frozenset({"before", "after", "first-line", "first-letter"})  # with one colon or two
_NEWER_PARTS = frozenset({"selection", "marker", "placeholder"})  # these paint no words at rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Compound:
    """What of a selector between two combinators is certain: elements without it are not meant."""

    tag: str = ""  # "": any
    marks: frozenset[str] = frozenset()  # ``.class`` and ``#id``, small letters
    css: str = "*"  # as a query that finds those elements at least

    def may_be(self, tag: str, marks: frozenset[str]) -> bool:
        """Whether an element of this kind can be meant."""
        return (not self.tag or self.tag == tag) and self.marks <= marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """One selector of a list."""

    subject: Compound
    around: tuple[Compound, ...] = ()  # outside it or before it, from the left
    part: str = ""  # a pseudo-element
    doubt: str = ""  # what in it holds here and not there
    spoils: bool = False  # not every client knows it: then the whole list falls
    strange: str = ""  # what in it cannot be weighed or read


class _UnreadableError(Exception):
    """Not of the grammar that is read here."""


@lru_cache(maxsize=2048)
def read_selector(text: str) -> Selector:
    """What is certain of ``text``, and what is not."""
    try:
        pieces = list(_pieces(text.strip()))
    except _UnreadableError:
        return Selector(subject=Compound(), strange=text)
    compounds = tuple(_compound(piece) for piece in pieces)
    found = [match for piece in pieces for match in piece if match["pseudo"]]
    told = [(match[0], _judge(match)) for match in found]
    return Selector(
        subject=compounds[-1],
        around=compounds[:-1],
        part=next((shown for shown, kind in told if kind in {"part", "unknown part"}), ""),
        doubt=next((shown for shown, kind in told if kind in {"state", "unknown", "unknown part"}), ""),
        spoils=any(kind in {"unknown", "unknown part"} for _, kind in told),
        strange=next((shown for shown, kind in told if kind == "strange"), ""),
    )


def _pieces(text: str) -> Iterator[list[re.Match[str]]]:
    """The simple selectors of each compound."""
    at = 0
    while True:
        piece: list[re.Match[str]] = []
        while match := _SIMPLE.match(text, at):
            if match["tag"] and piece:
                raise _UnreadableError
            piece.append(match)
            at = match.end()
        if not piece:
            raise _UnreadableError
        yield piece
        if at == len(text):
            return
        between = _COMBINATOR.match(text, at)
        if between is None:
            raise _UnreadableError
        at = between.end()


def _compound(piece: Iterable[re.Match[str]]) -> Compound:
    tag, marks, css = "", set(), ""
    for match in piece:
        if match["tag"] and match["tag"] != "*":
            tag = match["tag"].lower()
        if match["cls"] or match["id"]:
            marks.add(match[0].lower())
        if match["pseudo"] is None and match["tag"] != "*":
            css += match[0]
    return Compound(tag=tag, marks=frozenset(marks), css=css or "*")


def _judge(match: re.Match[str]) -> str:
    """What kind of pseudo-class or pseudo-element it is."""
    name, argument, doubled = match["pseudo"].lower(), match["argument"] or "", match["colons"] == "::"
    if name in _PARTS or (doubled and name in _NEWER_PARTS):
        return "part"
    if doubled:
        return "unknown part"
    if (name in _PLACES and not argument) or (name in _NTH and _AN_PLUS_B.fullmatch(argument)):
        return "plain"
    if name == "not" and _ONE_SIMPLE.fullmatch(argument):
        return "plain"
    if name in _STATES or (name == "not" and argument[1:-1].strip().lstrip(":") in _STATES):
        return "state"
    return "strange" if argument and name != "dir" else "unknown"
