"""A Word document as one function: opened, prepared, converted by mammoth, held against its own words."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from composer.compose.importing.html import read_html
from composer.compose.importing.values import Notes, RawLine
from composer.compose.importing.word.graphics import Graphics
from composer.compose.importing.word.notes import WordNotes
from composer.compose.importing.word.numbering import MAX_LEVEL, Numbering
from composer.compose.importing.word.package import LINK_KIND, Package
from composer.compose.importing.word.pictures import Album
from composer.compose.importing.word.preparing import BULLETS, NUMBERS, Links, Preparer
from composer.compose.importing.word.runs import is_hidden, sign_font
from composer.compose.importing.word.styles import Styles
from composer.compose.importing.word.texts import count_words, missing_words, text_of, visible_text
from composer.compose.importing.word.values import CLOSE, OPEN, Shown, Told, WordPicture, quoted
from composer.compose.importing.word.xml import broken, child, make, q, too_much, write
from composer.errors import UsageError
from composer.model.newsletter import Labels
from composer.text.counting import texts_of
from composer.words import Words, counted

_MAX_MISSING = 20
_STYLE_MAP = "\n".join(
    [*(f"p.H{level} => h{level}:fresh" for level in range(1, 7)), "p.quote => blockquote > p:fresh", "p.caption => figcaption:fresh"]
)
_NUMBER = re.compile(rf"<li>{OPEN}(\d+){CLOSE}")
_MARK = re.compile(rf"{OPEN}(i?)(\d+){CLOSE}")
_SIGN = re.compile(r"unsupported character was ignored: char (\S+) in font (.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordDocument:
    """A Word document as the import reads it."""

    html: str
    pictures: tuple[WordPicture, ...]  # those that ``html`` shows, by their file
    told: tuple[Words, ...]  # what was left out or put elsewhere
    text: str  # its paragraphs, one a line, as they are numbered


def read_word(content: bytes, *, labels: Labels) -> WordDocument:
    """The document in ``content``. Raises UsageError for another kind, a locked or damaged one, or one too big inside."""
    told = Told()
    package = Package(content)
    try:
        made, pictures, wanted = _convert(package, told)
        lines = read_html(made, labels, Notes(), pictures=frozenset(picture.file for picture in pictures))
    except RecursionError as error:
        raise too_much() from error
    shown = [" ".join(" ".join(_texts(line)).split()) for line in lines]
    _tell_changes(told)
    _tell_margins(package, told)
    _tell_missing(told, missing_words(count_words([wanted]), count_words(shown)))
    return WordDocument(html=made, pictures=pictures, told=told.words, text="\n".join(shown))


def _convert(package: Package, told: Told) -> tuple[str, tuple[WordPicture, ...], str]:
    """HTML, pictures, and all words that Word shows."""
    notes, graphics, album = WordNotes(package, told), Graphics(told), Album(package, told)
    body = child(package.xml(package.main), "w:body")
    if body is None:
        raise broken()
    styles = Styles(_root(package, "styles"), body=body)
    wanted = visible_text(body, is_hidden=_hider(styles))
    preparer = Preparer(styles=styles, numbering=Numbering(_root(package, "numbering")), notes=notes, graphics=graphics, told=told)
    prepared = preparer.body(body, package.relations(package.main))
    made, messages = _mammoth(_rebuilt(prepared, preparer.links))
    _tell_signs(messages, told)
    made = _with_marks(made, graphics.shown, album)
    return made, album.pictures, f"{wanted} {notes.opened_text}"


def _root(package: Package, kind: str) -> Element | None:
    part = package.part(kind)
    return package.xml(part) if part else None


def _hider(styles: Styles) -> Callable[[Element], bool]:
    def is_out_of_count(run: Element) -> bool:
        properties = child(run, "w:rPr")
        return is_hidden(properties, styles) or bool(sign_font(properties))

    return is_out_of_count


# mammoth -----------------------------------------------------------------------------------------------------------------------------


def _rebuilt(body: Element, links: Links) -> bytes:
    """A .docx with nothing in it but the prepared body and what it refers to."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("word/document.xml", write(make("w:document", body)))
        archive.writestr("word/styles.xml", write(make("w:styles", *map(_style, [*(f"H{n}" for n in range(1, 7)), "quote", "caption"]))))
        archive.writestr("word/numbering.xml", write(_lists()))
        archive.writestr("word/_rels/document.xml.rels", _relations(links))
    return written.getvalue()


def _style(name: str) -> Element:
    style = make("w:style", make("w:name", val=name), styleId=name)
    style.set(q("w:type"), "paragraph")
    return style


def _lists() -> Element:
    """One bullet list, one numbered list: which number stands where is known already."""
    root = make("w:numbering")
    for list_id, kind in ((BULLETS, "bullet"), (NUMBERS, "decimal")):
        levels = [make("w:lvl", make("w:numFmt", val=kind), ilvl=str(level)) for level in range(MAX_LEVEL + 1)]
        root.append(make("w:abstractNum", *levels, abstractNumId=list_id))
    for list_id in (BULLETS, NUMBERS):
        root.append(make("w:num", make("w:abstractNumId", val=list_id), numId=list_id))
    return root


def _relations(links: Links) -> str:
    """The addresses; anything that is not one is for the HTML reader to refuse, in words."""
    each = "".join(
        f'<Relationship Id="{link_id}" Type="{LINK_KIND}" Target="{html.escape(address)}" TargetMode="External"/>'
        for address, link_id in links.ids.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>'


def _mammoth(content: bytes) -> tuple[str, Sequence[str]]:
    import mammoth

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(content), style_map=_STYLE_MAP, include_embedded_style_map=False, external_file_access=False
        )
    except RecursionError:
        raise
    except Exception as error:  # mammoth names no errors of its own; whatever goes wrong in it, the document is to blame
        raise broken() from error
    return result.value, [message.message for message in result.messages]


def _with_marks(made: str, shown: Sequence[Shown], album: Album) -> str:
    """What was carried past mammoth in its place: numbers of items, pictures."""
    made = _NUMBER.sub(r'<li value="\1">', made)

    def put(mark: re.Match[str]) -> str:
        if not mark[1] or int(mark[2]) >= len(shown):
            return ""
        one = shown[int(mark[2])]
        image = f'<img src="{html.escape(album.take(one) if one.part else "")}" alt="{html.escape(one.alt)}">'
        return f'<a href="{html.escape(one.link)}">{image}</a>' if one.link else image

    return _MARK.sub(put, made)


# Telling -----------------------------------------------------------------------------------------------------------------------------


def _texts(line: RawLine) -> Iterable[str]:
    if line.block is not None:
        return texts_of([line.block])
    return [f"{line.marker} {line.text}" if line.typed else line.text]


def _tell_changes(told: Told) -> None:
    deleted = [text for text in told.deleted if text.strip()]
    if told.inserted or deleted:
        kept = counted(told.inserted, ("mot inséré repris", "mots insérés repris"), ("inserted word kept", "inserted words kept"))
        gone = counted(len(deleted), ("suppression respectée", "suppressions respectées"), ("deletion obeyed", "deletions obeyed"))
        first = quoted(" / ".join(deleted), 120)
        told.say(
            fr=f"suivi des modifications : {kept.fr}, {gone.fr}" + (f" : {first}" if first else ""),
            en=f"tracked changes: {kept.en}, {gone.en}" + (f": {first}" if first else ""),
        )
    hidden = " / ".join(text for text in told.hidden if text.strip())
    if hidden:
        told.say(fr=f"texte masqué laissé de côté : {quoted(hidden, 120)}", en=f"hidden text left out: {quoted(hidden, 120)}")


def _tell_margins(package: Package, told: Told) -> None:
    """Headers and footers are a page’s, not the text’s."""
    said: dict[str, None] = {}
    for relation in package.relations(package.main).values():
        if relation.kind in {"header", "footer"} and not relation.outside:
            try:
                root = package.xml(relation.target)
            except UsageError:
                continue  # what cannot be read there is not part of the text
            words = quoted(text_of(root), 80) if root is not None else ""
            if any(char.isalpha() for char in words):
                said[words] = None
    if said:
        words = " / ".join(said)
        told.say(fr=f"en-têtes et pieds de page laissés de côté : {words}", en=f"headers and footers left out: {words}")


def _tell_signs(messages: Sequence[str], told: Told) -> None:
    signs = dict.fromkeys(f"{found[1]} ({found[2]})" for message in messages if (found := _SIGN.search(message)))
    if signs:
        shown = ", ".join(list(signs)[:_MAX_MISSING])
        told.say(fr=f"signes sans équivalent, laissés de côté : {shown}", en=f"signs without an equivalent, left out: {shown}")


def _tell_missing(told: Told, words: Sequence[str]) -> None:
    """What should never be said; where it is, the editor knows where to look."""
    if words:
        shown = ", ".join(words[:_MAX_MISSING]) + (", …" if len(words) > _MAX_MISSING else "")
        many = counted(len(words), ("mot", "mots"), ("word", "words"))
        told.say(
            fr=f"{many.fr} du document ne se retrouve{'nt' if len(words) > 1 else ''} pas dans l’import, à recopier : {shown}",
            en=f"{many.en} of the document not found in the import, to be copied: {shown}",
        )
