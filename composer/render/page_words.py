"""What a reader meets in a page beyond its plain text: its words, what stands for its pictures, where its links lead."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

_UNSEEN = frozenset({"head", "script", "style", "title", "template"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """Each in the order of the page."""

    alternatives: tuple[str, ...]  # of its pictures
    words: tuple[str, ...]  # one stretch of text each
    addresses: tuple[str, ...]  # of its links


def read_page(html: str) -> PageWords:
    """The words and addresses of a page; of broken HTML what a browser would make of it."""
    tree = LexborHTMLParser(html)
    nodes = tree.root.traverse(include_text=True) if tree.root is not None else ()
    stretches = [node for node in nodes if node.tag == "-text" and (node.parent is None or node.parent.tag not in _UNSEEN)]
    return PageWords(
        alternatives=tuple(node.attributes.get("alt") or "" for node in tree.css("img")),
        words=tuple(filter(None, (" ".join((node.text_content or "").split()) for node in stretches))),
        addresses=tuple(node.attributes.get("href") or "" for node in tree.css("a")),
    )
