"""A mail as a client has it before it paints: its elements, and what the rules of its style sheets say of each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from composer.check.seen.css import Rule, Setting, read_sheet, read_style
from composer.check.seen.views import View, holds, is_plain

_MSO_ONLY = re.compile(r"<!--\[if (?!!)[^\]]*mso[^\]]*\]>(.*?)<!\[endif\]-->", re.DOTALL | re.IGNORECASE)
_NOT_MSO = re.compile(r"<!--\[if !mso[^\]]*\]><!(?:--)?>.*?<!(?:--)?<!\[endif\]-->", re.DOTALL | re.IGNORECASE)
_OGS = re.compile(r"\[\s*data-ogs[cb]\s*\]")
_LEGACY_SIZES = {
    "1": "10px", "2": "13px", "3": "16px", "4": "18px", "5": "24px", "6": "32px", "7": "48px",
    "-1": "13px", "+0": "16px", "+1": "18px", "+2": "24px", "+3": "32px", "+4": "48px",
}  # fmt: skip
_UA: dict[str, tuple[tuple[str, str], ...]] = {
    "h1": (("font-size", "2em"),),
    "h2": (("font-size", "1.5em"),),
    "h3": (("font-size", "1.17em"),),
    "h5": (("font-size", "0.83em"),),
    "h6": (("font-size", "0.67em"),),
    "small": (("font-size", "smaller"),),
    "sub": (("font-size", "smaller"),),
    "sup": (("font-size", "smaller"),),
    "big": (("font-size", "larger"),),
    "mark": (("background-color", "#ffff00"), ("color", "#000000")),
}
_UNSEEN = frozenset(
    {
        "head",
        "style",
        "script",
        "title",
        "template",
        "noscript",
        "noembed",
        "noframes",
        "meta",
        "link",
        "base",
        "audio",
        "video",
        "canvas",
        "object",
        "iframe",
        "svg",
        "math",
        "map",
        "select",
        "textarea",
        "datalist",
        "option",
        "optgroup",
        "dialog",
        "progress",
        "meter",
        "rp",
        "area",
    }
)
_BANG = 1_000_000  # an important setting stands over every other
_INLINE = 100_000


class Page:
    """One mail, parsed for the views that share its elements: those of browsers, of Outlook.com, or of Word."""

    def __init__(self, html: str, *, outlook_web: bool = False, word: bool = False) -> None:
        self.source = _for_word(html) if word else html
        self.tree = LexborHTMLParser(self.source)
        if outlook_web:
            for node in self.tree.css("*"):
                node.attrs["data-ogsc"] = node.attrs["data-ogsb"] = ""
        read = [(read_sheet(style.text()), (style.attributes.get("media") or "").strip().lower()) for style in self.tree.css("style")]
        self.sheets = [sheet for sheet, _ in read]
        self.rules = [rule if not condition else _under(rule, condition) for sheet, condition in read for rule in sheet.rules]
        self.conditions = frozenset(condition for rule in self.rules for condition in rule.media)
        self._hits = self._match()
        self.is_doubtful = any(self.rules[number].doubts for number in self.used)
        self._maybe: dict[int, list[tuple[int, str]]] = defaultdict(list)

    def _match(self) -> dict[int, list[int]]:
        """Element → numbers of the rules whose selector takes it."""
        hits: dict[int, list[int]] = defaultdict(list)
        found_for: dict[str, list[LexborNode]] = {}
        for number, rule in enumerate(self.rules):
            if rule.selector not in found_for:
                found_for[rule.selector] = self.find(rule.selector)
            for node in found_for[rule.selector]:
                hits[node.mem_id].append(number)
        self.used = {number for numbers in hits.values() for number in numbers}
        return hits

    def find(self, selector: str) -> list[LexborNode]:
        """The elements that it takes; none for ``::before`` and what is not known here."""
        try:
            return self.tree.css(selector)
        except (SelectolaxError, ValueError):
            return []

    def rules_of(self, node: LexborNode) -> list[int]:
        """The numbers of the rules that take ``node`` for certain, were their conditions to hold."""
        return self._hits.get(node.mem_id, [])

    def suppose(self, node: LexborNode, number: int, doubt: str) -> None:
        """From now on rule ``number`` takes ``node`` as well where ``doubt`` is granted."""
        self._maybe[node.mem_id].append((number, doubt))

    def settings(self, node: LexborNode, view: View, granted: frozenset[str] | None = None) -> Mapping[str, str]:
        """What ``node`` itself is told to look like in ``view``: the cascade, without what it inherits.

        ``granted`` are the doubtful conditions that hold; None: all those that stand in the way of rules that take it for certain.
        """
        chosen: dict[str, tuple[tuple[int, ...], str]] = {}
        for rank, setting in self._given(node, view, granted):
            weight = (rank[0] + (_BANG if setting.important else 0), *rank[1:])
            if setting.name not in chosen or weight >= chosen[setting.name][0]:
                chosen[setting.name] = (weight, setting.value)
        return {name: value for name, (_, value) in chosen.items()}

    def _given(self, node: LexborNode, view: View, granted: frozenset[str] | None) -> Iterator[tuple[tuple[int, ...], Setting]]:
        for name, value in (*_UA.get(node.tag or "", ()), *_hints(node)):
            yield (0, 0, 0, 0), Setting(name=name, value=value.lower())
        if view.sheets:
            for number in self._numbers(node, granted):
                rule = self.rules[number]
                if all(holds(media, view) for media in rule.media if granted is None or is_plain(media)):
                    for setting in rule.settings:
                        yield (1, *rule.weight, number), setting
        for setting in read_style(node.attributes.get("style") or ""):
            yield (_INLINE, 0, 0, 0), setting

    def _numbers(self, node: LexborNode, granted: frozenset[str] | None) -> list[int]:
        certain = self._hits.get(node.mem_id, [])
        if granted is None:
            return certain
        kept = {number for number in certain if granted.issuperset(self.rules[number].doubts)}
        more = {number for number, doubt in self._maybe.get(node.mem_id, ()) if granted.issuperset({doubt, *self.rules[number].doubts})}
        return sorted(kept | more)


def _under(rule: Rule, condition: str) -> Rule:
    doubts = () if is_plain(condition) else (f"@media {condition}",)
    return replace(rule, media=(*rule.media, condition), doubts=(*rule.doubts, *doubts))


def _for_word(html: str) -> str:
    """What Outlook for Windows reads: its own comments are opened, the others' parts are left out."""
    return _MSO_ONLY.sub(r"\1", _NOT_MSO.sub("", html))


def _hints(node: LexborNode) -> Iterator[tuple[str, str]]:
    """Attributes that say how an element looks (HTML, «presentational hints»)."""
    tag, given = node.tag or "", node.attributes
    if tag in _UNSEEN or "hidden" in given or _is_folded(node):
        yield "display", "none"
    if (ground := given.get("bgcolor")) and tag in {"body", "table", "tr", "td", "th", "tbody", "thead", "tfoot"}:
        yield "background-color", _legacy(ground)
    if given.get("background"):
        yield "background-image", "url(x)"
    if tag == "font":
        if ink := given.get("color"):
            yield "color", _legacy(ink)
        if size := given.get("size"):
            yield "font-size", _LEGACY_SIZES.get(size.strip(), "10px")
    if tag == "body" and (ink := given.get("text")):
        yield "color", _legacy(ink)


def _legacy(colour: str) -> str:
    return f"#{colour}" if re.fullmatch(r"(?:[0-9a-fA-F]{3}){1,2}", colour) else colour


def _is_folded(node: LexborNode) -> bool:
    """Whether it waits behind the summary of closed details."""
    around = node.parent
    return around is not None and around.tag == "details" and "open" not in around.attributes and node.tag != "summary"
