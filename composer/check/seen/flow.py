"""The words of a mail in their order, each with the element it stands in, so that a phrase can be found however it is marked up."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from composer.text.merge import split_tokens

_TOKEN = re.compile(r"[^\W_]+")
_SILENT = frozenset({"style", "script", "title", "head", "template", "textarea", "noscript", "select", "option"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A phrase found in a flow: from letter to letter."""

    start: int
    end: int


class Flow:
    """Letters and digits in order, case and signs left out; a phrase begins and ends where a word does, or a piece of the mail."""

    def __init__(self, pieces: Iterable[tuple[str, LexborNode | None]]) -> None:
        letters: list[str] = []
        self._edges: set[int] = {0}
        self._starts: list[int] = []
        self._nodes: list[LexborNode | None] = []
        length = 0
        for text, node in pieces:
            self._starts.append(length)
            self._nodes.append(node)
            for token in _tokens(text):
                letters.append(token)
                self._edges.add(length)
                length += len(token)
                self._edges.add(length)
        self.letters = "".join(letters)

    def find(self, words: str, start: int = 0, end: int | None = None) -> Iterator[Stretch]:
        """Every place of ``words`` between two letters, first to last; none for words without letters."""
        wanted, limit = bare(words), len(self.letters) if end is None else end
        at = self.letters.find(wanted, start, limit) if wanted else -1
        while at >= 0:
            if at in self._edges and at + len(wanted) in self._edges:
                yield Stretch(start=at, end=at + len(wanted))
            at = self.letters.find(wanted, at + 1, limit)

    def nodes(self, stretch: Stretch) -> list[LexborNode]:
        """The elements that the letters of a stretch stand in."""
        first = bisect_right(self._starts, stretch.start) - 1
        last = bisect_right(self._starts, stretch.end - 1) - 1
        found = [self._nodes[at] for at in range(first, last + 1) if self._has_letters(at)]
        return [node for node in found if node is not None]

    def _has_letters(self, at: int) -> bool:
        end = self._starts[at + 1] if at + 1 < len(self._starts) else len(self.letters)
        return end > self._starts[at]


def flow_of_html(tree: LexborHTMLParser, field_prefix: str) -> Flow:
    """The words of a page, seen or not; comments, alternative texts and merge fields are none."""
    return Flow(_pieces(tree, field_prefix))


def flow_of_text(text: str, field_prefix: str) -> Flow:
    """The words of a text edition."""
    return Flow((_without_fields(line, field_prefix), None) for line in text.split("\n"))


def _pieces(tree: LexborHTMLParser, field_prefix: str) -> Iterator[tuple[str, LexborNode]]:
    if tree.root is None:
        return
    for node in tree.root.traverse(include_text=True):
        parent = node.parent
        if node.is_text_node and parent is not None and parent.tag not in _SILENT:
            yield _without_fields(node.text_content or "", field_prefix), parent


def _without_fields(text: str, field_prefix: str) -> str:
    if not field_prefix or field_prefix not in text:
        return text
    return "\n".join(part for part in split_tokens(text, field_prefix) if isinstance(part, str))


def fold(text: str) -> str:
    """``text`` as words are compared: wide and composed letters as plain ones, capitals as small."""
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[str, ...]:
    """Its words; the same ones stand in every view of a mail."""
    return tuple(_TOKEN.findall(fold(text)))


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """Its letters and digits."""
    return "".join(_tokens(text))
