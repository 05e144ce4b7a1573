"""Footnotes, endnotes and comments of a document, by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from composer.compose.importing.word.package import Package, Relation
from composer.compose.importing.word.texts import text_of
from composer.compose.importing.word.values import Told, quoted
from composer.compose.importing.word.xml import q

_KINDS = ("footnote", "endnote")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note that is referred to."""

    number: int  # in the order of the document
    element: Element
    relations: Mapping[str, Relation]


class WordNotes:
    """The notes of one package."""

    def __init__(self, package: Package, told: Told) -> None:
        self._told = told
        self._notes: dict[tuple[str, str], tuple[Element, Mapping[str, Relation]]] = {}
        for kind in _KINDS:
            part = package.part(f"{kind}s")
            root = package.xml(part) if part else None
            relations = package.relations(part) if part else {}
            for one in root.iter(q(f"w:{kind}")) if root is not None else ():
                if one.get(q("w:type"), "normal") == "normal":  # the others draw the line above the notes
                    self._notes[kind, one.get(q("w:id"), "")] = (one, relations)
        part = package.part("comments")
        root = package.xml(part) if part else None
        self._comments = {one.get(q("w:id"), ""): one for one in (root.iter(q("w:comment")) if root is not None else ())}
        self._number = 0
        self.opened_text = ""  # of all notes that were referred to

    def open(self, kind: str, note_id: str) -> Note | None:
        """The note that a reference names; each is opened once."""
        element, relations = self._notes.pop((kind, note_id), (None, {}))
        if element is None:
            return None
        self._number += 1
        self.opened_text += f" {text_of(element)}"
        self._told.say(
            fr=f"note {self._number} reprise sous son paragraphe : {quoted(text_of(element))}",
            en=f"note {self._number} taken over below its paragraph: {quoted(text_of(element))}",
        )
        return Note(number=self._number, element=element, relations=relations)

    def tell_comment(self, comment_id: str, *, near: str) -> None:
        """Says what a comment says, and after which words it stands; it is between writers and not imported."""
        comment = self._comments.pop(comment_id, None)
        if comment is None:
            return
        author = comment.get(q("w:author"), "").strip() or "?"
        self._told.say(
            fr=f"commentaire de {author} laissé de côté, après « {_end(near)} » : {quoted(text_of(comment), 200)}",
            en=f"comment by {author} left out, after “{_end(near)}”: {quoted(text_of(comment), 200)}",
        )


def _end(text: str) -> str:
    """The last words of a text."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else "…" + line[-39:].lstrip()
