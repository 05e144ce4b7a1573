"""The body of a document in shapes that mammoth knows: paragraphs, runs, links, tables, plain numbering. Nothing readable is dropped unseen.

Every block gives back itself and what hangs on it – notes, text boxes – which then stands right below, under the same story.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from composer.compose.importing.word.fields import Fields
from composer.compose.importing.word.graphics import Graphics
from composer.compose.importing.word.notes import WordNotes
from composer.compose.importing.word.numbering import Item, Numbering
from composer.compose.importing.word.package import Relation
from composer.compose.importing.word.runs import are_alike, glyph_children, is_hidden, kept_properties, raised, sign_font
from composer.compose.importing.word.styles import Styles
from composer.compose.importing.word.texts import last_words, linear_text, text_of
from composer.compose.importing.word.values import CLOSE, OPEN, Told, quoted
from composer.compose.importing.word.xml import child, is_on, local, make, q, text_run, too_much, value

BULLETS, NUMBERS = "1", "2"  # the two lists of the prepared document
_INLINE_HOLDERS = frozenset({"ins", "moveTo", "smartTag", "customXml", "bdo", "dir", "ruby", "rubyBase", "rt", "sdtContent"})
_BLOCK_HOLDERS = frozenset({"ins", "moveTo", "customXml", "sdtContent"})
_GONE = frozenset({"del", "moveFrom"})
_MAX_RUNS = 30_000  # changes of marks: three in each paragraph of a thick book; each costs mammoth and what comes after it some 0.15 ms
_MAX_NESTED = 30  # text boxes, notes and tables inside each other


@dataclass(slots=True)
class Links:
    """The addresses of a document under ids of our own: notes have theirs apart."""

    ids: dict[str, str] = field(default_factory=dict)  # by address

    def id_of(self, address: str) -> str:
        """The id under which the prepared document knows ``address``."""
        return self.ids.setdefault(address, f"rId{len(self.ids) + 1}")


@dataclass(slots=True, kw_only=True)
class _Line:
    """The paragraph that is being put together."""

    runs: list[Element] = field(default_factory=list)
    below: list[Element] = field(default_factory=list)  # blocks that hang on it


class Preparer:
    """Prepares one document."""

    def __init__(self, *, styles: Styles, numbering: Numbering, notes: WordNotes, graphics: Graphics, told: Told) -> None:
        self._styles, self._numbering, self._notes, self._graphics, self._told = styles, numbering, notes, graphics, told
        self.links = Links()
        self._fields = Fields()
        self._relations: Mapping[str, Relation] = {}  # of the part that is being read
        self._nested = self._runs = 0
        self._waiting: list[Element] = []  # what hangs on an item: it stands below the list

    def body(self, body: Element, relations: Mapping[str, Relation]) -> Element:
        """A ``w:body`` of prepared blocks."""
        self._relations = relations
        return make("w:body", *self._blocks(body))

    # Blocks --------------------------------------------------------------------------------------------------------------------------

    def _blocks(self, holder: Element) -> list[Element]:
        """The blocks in ``holder``, in order."""
        self._nested += 1
        if self._nested > _MAX_NESTED:
            raise too_much()
        outer, self._waiting = self._waiting, []
        found = [*self._walk(holder), *self._flushed()]
        self._waiting = outer
        self._nested -= 1
        return found

    def _walk(self, holder: Element) -> Iterator[Element]:
        for one in holder:
            name = local(one)
            if name == "p":
                yield from self._paragraph(one)
            elif name == "tbl":
                yield from self._flushed()
                self._numbering.interrupt()
                yield self._table(one)
            elif name == "sdt" or name in _BLOCK_HOLDERS:
                yield from self._walk(_content(one))
            elif name in _GONE:
                self._told.deleted.append(text_of(one, deleted=True))
            elif name == "AlternateContent":
                yield from self._graphic_paragraph(one)
            elif name in {"oMathPara", "oMath"}:
                yield make("w:p", self._equation(one))
            elif name == "altChunk":
                self._told.say(
                    fr="un document incorporé dans celui-ci n’a pas été lu : ouvrez-le et copiez son texte",
                    en="a document embedded in this one was not read: open it and copy its text",
                )

    def _flushed(self) -> list[Element]:
        below, self._waiting = self._waiting, []
        return below

    def _paragraph(self, paragraph: Element) -> Iterator[Element]:
        properties = child(paragraph, "w:pPr")
        line = _Line()
        for one in paragraph:
            self._inline(one, line)
        level = self._styles.heading_level(properties)
        item = self._item(properties, heading=bool(level), words=bool(line.runs))
        if item is None:
            yield from self._flushed()
        self._waiting += line.below
        if line.runs or is_on(child(properties, "w:rPr"), "w:del") is not None:
            yield make("w:p", self._properties(properties, level, item), *self._opening(item), *line.runs)
        if item is None:
            yield from self._flushed()

    def _item(self, properties: Element | None, *, heading: bool, words: bool) -> Item | None:
        list_id, at = self._styles.numbering(properties)
        if heading:
            if self._numbering.is_printed(list_id, at):
                self._told.say(
                    fr="les numéros que Word met devant les titres ne sont pas repris",
                    en="the numbers that Word puts before headings are not taken over",
                )
            list_id = ""
        item = self._numbering.next_item(list_id, at) if words else None
        if item is None and words:
            self._numbering.interrupt()
        if item and item.is_lettered:
            self._told.say(fr="les listes a), b), c) sont numérotées 1, 2, 3", en="lists a), b), c) are numbered 1, 2, 3")
        return item

    def _opening(self, item: Item | None) -> list[Element]:
        """The number of an item, carried past mammoth, or the emoji that is its bullet."""
        if item is None:
            return []
        if item.number is not None:
            return [text_run(f"{OPEN}{item.number}{CLOSE}")]
        return [text_run(f"{item.emoji} ")] if item.emoji else []

    def _properties(self, properties: Element | None, level: int, item: Item | None) -> Element:
        made = make("w:pPr")
        role = "" if item else self._styles.role(properties)
        style = f"H{level}" if level else role
        if style:
            made.append(make("w:pStyle", val=style))
        if item:
            made.append(
                make("w:numPr", make("w:ilvl", val=str(item.level)), make("w:numId", val=BULLETS if item.number is None else NUMBERS))
            )
        deleted = child(properties, "w:rPr", "w:del")
        if deleted is not None:  # the paragraph goes on in the next one
            made.append(make("w:rPr", make("w:del")))
        return made

    def _table(self, table: Element) -> Element:
        made = make("w:tbl")
        for row in _held(table, "tr"):
            if child(row, "w:trPr", "w:del") is not None:
                self._told.deleted.append(text_of(row, deleted=True))
                continue
            cells = []
            for cell in _held(row, "tc"):
                self._numbering.interrupt()
                cells.append(make("w:tc", _cell_properties(cell), *(self._blocks(cell) or [make("w:p")])))
            head = is_on(child(row, "w:trPr"), "w:tblHeader")
            made.append(make("w:tr", *([make("w:trPr", make("w:tblHeader"))] if head else []), *cells))
        self._numbering.interrupt()
        return made

    # Inside a paragraph --------------------------------------------------------------------------------------------------------------

    def _inline(self, one: Element, line: _Line) -> None:
        name = local(one)
        if name == "r":
            self._run(one, line)
        elif name == "hyperlink":
            self._linked(one, self._address(one), line)
        elif name == "fldSimple":
            self._linked(one, Fields.address_in(one.get(q("w:instr"), "")), line)
        elif name == "sdt" or name in _INLINE_HOLDERS:
            if name in {"ins", "moveTo"}:
                self._told.inserted += len(text_of(one).split())
            for inner in _content(one):
                self._inline(inner, line)
        elif name in _GONE:
            self._told.deleted.append(text_of(one, deleted=True))
        elif name in {"oMath", "oMathPara"}:
            line.runs.append(self._equation(one))
        elif name in {"drawing", "pict", "object", "AlternateContent"}:
            self._graphic(one, line)

    def _linked(self, one: Element, address: str, line: _Line) -> None:
        inner = _Line(below=line.below)
        for part in one:
            self._inline(part, inner)
        line.runs += [self._link(address, inner.runs)] if address and inner.runs else inner.runs

    def _address(self, link: Element) -> str:
        relation = self._relations.get(link.get(q("r:id"), ""))
        anchor = link.get(q("w:anchor"), "")
        if relation is None or not relation.target:
            return ""
        return f"{relation.target.partition('#')[0]}#{anchor}" if anchor else relation.target

    def _link(self, address: str, runs: Sequence[Element]) -> Element:
        link = make("w:hyperlink", *runs)
        link.set(q("r:id"), self.links.id_of(address))
        return link

    def _run(self, run: Element, line: _Line) -> None:
        properties = child(run, "w:rPr")
        if is_hidden(properties, self._styles):
            self._told.hidden.append(text_of(run))
            return
        kept = kept_properties(properties, self._styles)
        plain: list[Element] = []
        place = raised(properties)
        for one in run:
            name = local(one)
            if name in {"drawing", "pict", "object", "AlternateContent"}:
                self._graphic(one, line)
            elif name in {"footnoteReference", "endnoteReference"}:
                self._note(name.removesuffix("Reference"), one.get(q("w:id"), ""), line)
            elif name == "commentReference":
                self._notes.tell_comment(one.get(q("w:id"), ""), near=last_words(line.runs))
            elif name in {"fldChar", "instrText"}:
                plain += self._fields.read(one)
            else:
                glyphs = glyph_children(one, place, font=sign_font(properties))
                if glyphs:
                    self._add(line, make("w:r", kept, *glyphs))
        if plain:
            self._add(line, make("w:r", kept, *plain))

    def _add(self, line: _Line, run: Element) -> None:
        address = self._fields.address
        self._runs += 1
        if self._runs > _MAX_RUNS:
            raise too_much()
        if address:
            line.runs.append(self._link(address, [run]))
        elif line.runs and are_alike(line.runs[-1], run):
            self._runs -= 1
            line.runs[-1].extend(run[1:])  # Word cuts a sentence wherever its author paused
        else:
            line.runs.append(run)

    def _note(self, kind: str, note_id: str, line: _Line) -> None:
        """A note stands below its paragraph: at the end of the document it would stand under another story."""
        note = self._notes.open(kind, note_id)
        if note is None:
            return
        line.runs.append(text_run(f"\u00a0[{note.number}]"))
        outer, self._relations = self._relations, note.relations
        blocks = self._blocks(note.element)
        self._relations = outer
        first = next((block for block in blocks if local(block) == "p"), None)
        if first is not None:
            first.insert(1 if child(first, "w:pPr") is not None else 0, text_run(f"[{note.number}] "))
        line.below += blocks

    def _equation(self, one: Element) -> Element:
        text = linear_text(one)
        self._told.say(
            fr=f"équation reprise en ligne de texte, à relire : {quoted(text)}",
            en=f"equation taken over as a line of text, to be read over: {quoted(text)}",
        )
        return text_run(text)

    # Pictures and text boxes ---------------------------------------------------------------------------------------------------------

    def _graphic_paragraph(self, one: Element) -> Iterator[Element]:
        line = _Line()
        self._graphic(one, line)
        if line.runs:
            yield make("w:p", *line.runs)
        yield from line.below

    def _graphic(self, one: Element, line: _Line) -> None:
        """A picture stays where it stands; the text of a box stands below its paragraph."""
        found = self._graphics.read(one, self._relations)
        line.runs += [text_run(mark) for mark in found.marks]
        for box in found.boxes:
            blocks = self._blocks(box)
            if blocks:
                words = quoted(" ".join(text_of(block) for block in blocks))
                self._told.say(
                    fr=f"zone de texte reprise sous son paragraphe : {words}", en=f"text box taken over below its paragraph: {words}"
                )
                line.below += blocks


def _content(holder: Element) -> Element:
    """What a content control holds; another holder holds it itself."""
    inner = holder.find(q("w:sdtContent"))
    return inner if inner is not None else holder


def _held(holder: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also those in content controls and insertions."""
    for one in holder:
        if local(one) == name:
            yield one
        elif local(one) == "sdt" or local(one) in _BLOCK_HOLDERS:
            yield from _held(_content(one), name)


def _cell_properties(cell: Element) -> Element:
    made = make("w:tcPr")
    span = value(cell, "w:tcPr", "w:gridSpan")
    if span.isascii() and span.isdigit() and 1 < int(span[:4]) <= 100:
        made.append(make("w:gridSpan", val=span[:4]))
    merged = child(cell, "w:tcPr", "w:vMerge")
    if merged is not None:
        made.append(make("w:vMerge", val=merged.get(q("w:val"), "continue")))
    return made
