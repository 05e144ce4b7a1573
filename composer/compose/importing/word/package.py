"""The package that a .docx is: opened within bounds; other kinds are named, with the way to a .docx."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from composer.compose.importing.word.xml import Load, R, broken, parse, too_much
from composer.errors import UsageError
from composer.words import Words

MAX_BYTES = 60_000_000  # of the file
MAX_PART_BYTES = 12_000_000  # of one XML part; a novel has 8 MB
MAX_TEXT_BYTES = 30_000_000  # of all XML parts that are read
MAX_MEDIA_BYTES = 25_000_000  # of one picture, as everywhere else
MAX_ENTRIES = 10_000

_SIGN = b"PK\x03\x04"
_TYPES = "[Content_Types].xml"
_KINDS: Mapping[str, tuple[str, str]] = {
    "macroEnabled": ("Ce document contient des macros.", "This document holds macros."),
    "spreadsheetml": ("C’est un classeur Excel, pas un texte.", "This is an Excel workbook, no text."),
    "presentationml": ("C’est une présentation PowerPoint, pas un texte.", "This is a PowerPoint presentation, no text."),
}
_MIME: Mapping[str, tuple[str, str]] = {
    "opendocument.text": ("C’est un document LibreOffice (.odt).", "This is a LibreOffice document (.odt)."),
    "opendocument": ("C’est un document LibreOffice, mais pas un texte.", "This is a LibreOffice document, but no text."),
    "epub": ("C’est un livre EPUB.", "This is an EPUB book."),
}
LINK_KIND = f"{R}/hyperlink"  # the type of a relationship that is a link
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What a part refers to."""

    kind: str  # the last word of its type: ``hyperlink``, ``image``, ``header``
    target: str  # a part of the package; the address as written where it is outside
    outside: bool


def is_package(content: bytes) -> bool:
    """Whether this is a ZIP archive, as every .docx is."""
    return content.startswith(_SIGN)


class Package:
    """An open .docx. Raises UsageError for what it is not, and for what is too big inside."""

    def __init__(self, content: bytes) -> None:
        if len(content) > MAX_BYTES:
            raise too_much()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self._entries = {info.filename: info for info in self._zip.infolist()}
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, OverflowError) as error:
            raise broken() from error
        if len(self._entries) > MAX_ENTRIES:
            raise too_much()
        if any(info.flag_bits & 1 for info in self._entries.values()):
            raise locked()
        self._left = MAX_TEXT_BYTES
        self._load = Load()
        self._refuse_kinds()
        self.main = self._find_main()

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name in self._entries

    def xml(self, name: str) -> Element | None:
        """The root of a part; None: there is none."""
        if name not in self._entries:
            return None
        room = min(MAX_PART_BYTES, self._left)
        self._left -= room  # also where it fails: ten thousand page headers that are each too big are read no further than one document
        content = self._read(name, room)
        self._left += room - len(content)
        return parse(content, self._load)

    def media(self, name: str, *, limit: int) -> bytes | None:
        """The bytes of a picture, at most ``limit``; None: it is absent, too big, or damaged."""
        if name not in self._entries:
            return None
        try:
            return self._read(name, limit)
        except UsageError:
            return None

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part refers to, by id."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for one in root.iter(_RELATIONSHIP) if root is not None else ():
            outside = one.get("TargetMode") == "External"
            target = one.get("Target", "")
            path = target if outside else posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
            found[one.get("Id", "")] = Relation(kind=one.get("Type", "").rpartition("/")[2], target=path, outside=outside)
        return found

    def part(self, kind: str) -> str:
        """The part of that kind that the main document refers to; "" when there is none."""
        named = next((one.target for one in self.relations(self.main).values() if one.kind == kind and not one.outside), "")
        return named if named in self._entries else ""

    def _read(self, name: str, limit: int) -> bytes:
        """What a part holds, never more than ``limit`` whatever it says of itself: a bomb lies about its size."""
        try:
            with self._zip.open(self._entries[name]) as stream:
                content = stream.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError, RuntimeError) as error:
            raise broken() from error
        if len(content) > limit:
            raise too_much()
        return content

    def _refuse_kinds(self) -> None:
        if "mimetype" in self._entries:
            mime = self._read("mimetype", 200).decode("ascii", "replace")
            for sign, (fr, en) in _MIME.items():
                if sign in mime:
                    raise other_kind(fr, en)
        if any(name.endswith(".iwa") for name in self._entries):
            raise other_kind("C’est un document Pages.", "This is a Pages document.")
        if _TYPES not in self._entries:
            raise other_kind("C’est une archive, pas un document Word.", "This is an archive, no Word document.")
        types = self._read(_TYPES, MAX_PART_BYTES).decode("utf-8", "replace")
        for sign, (fr, en) in _KINDS.items():
            if sign in types:
                raise other_kind(fr, en)
        if any(name.lower().endswith("vbaproject.bin") for name in self._entries):
            raise other_kind(*_KINDS["macroEnabled"])

    def _find_main(self) -> str:
        named = next((one.target for one in self.relations("").values() if one.kind == "officeDocument"), "")
        for name in (named, "word/document.xml"):
            if name in self._entries:
                return name
        raise broken()


def other_kind(fr: str, en: str) -> UsageError:
    """What to raise for a document that another program must turn into a .docx first."""
    return UsageError(
        Words(fr=fr, en=en),
        hint=Words(
            fr="Ouvrez-le, enregistrez-le en .docx (Fichier > Enregistrer sous, ou Exporter), et importez ce fichier.",
            en="Open it, save it as .docx (File > Save as, or Export), and import that file.",
        ),
    )


def locked() -> UsageError:
    """What to raise for a document behind a password."""
    return UsageError(
        Words(fr="Ce document est protégé par un mot de passe.", en="This document is protected by a password."),
        hint=Words(
            fr="Ouvrez-le, retirez le mot de passe (Fichier > Informations > Protéger le document), enregistrez-le en .docx.",
            en="Open it, take the password off (File > Info > Protect Document), save it as .docx.",
        ),
    )
