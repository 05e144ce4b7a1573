"""What every reader of a body's nodes shares: what is known beside the text, places, words, labels."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from composer.compose.pictures import pictures_as_words
from composer.errors import StoryError
from composer.model.body import Spans
from composer.model.issue import Kind
from composer.model.newsletter import Labels
from composer.text.inline import parse_inline
from composer.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading needs to know beside the text."""

    kind: Kind
    labels: Labels
    first_line: int  # of the body in its file
    path: str
    lines: tuple[str, ...] = ()  # of the body; filled by ``read_body``


def is_label(spans_text: str, label: str) -> bool:
    """Whether a line says ``label``, whatever its capitals, apostrophes, spaces and final punctuation."""
    return bool(label.strip()) and _bare(spans_text) == _bare(label)


def _bare(text: str) -> str:
    flat = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    return " ".join(flat.split()).rstrip(" :.!…")


def line_of(node: SyntaxTreeNode, reading: Reading) -> int:
    """The line of the file where ``node`` stands, or what is around it."""
    here: SyntaxTreeNode | None = node
    while here is not None and here.type != "root":
        if here.map:
            return reading.first_line + here.map[0]
        here = here.parent
    return reading.first_line


def spans_of(node: SyntaxTreeNode, reading: Reading) -> Spans:
    """The marked words directly in ``node``; () when it has none."""
    inline = next((child for child in node.children if child.type == "inline"), None)
    return parse_inline(pictures_as_words(inline.content), line=line_of(inline, reading)) if inline else ()


def too_deep(reading: Reading, line: int) -> StoryError:
    """What to raise for lists or quotes nested too deep at ``line`` of the body, counted from 0."""
    return StoryError(
        Words(fr="Listes ou citations imbriquées trop profondément.", en="Lists or quotes are nested too deep."),
        where=f"{reading.path}:{reading.first_line + line}",
        hint=Words(fr="Retirez des « > » ou des retraits.", en="Take out some “>” or indents."),
    )
