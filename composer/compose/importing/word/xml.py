"""XML of a package, read without trusting it: no document type, no entities, bounded depth and number of elements."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element
from xml.parsers import expat

from composer.errors import UsageError
from composer.words import Words

MAX_DEPTH = 120  # of a document that a person wrote; mammoth recurses, and tables in tables in text boxes need some sixty
MAX_ELEMENTS = 600_000  # of all parts; most of them are properties, which cost little
# A book of 300 pages has some 5,000 paragraphs, a thick one 10,000, and Word cuts each into a handful of runs with their words. Each line
# costs the import some 0.4 ms and each piece some 0.05 ms: what is under both bounds is read in seconds.
MAX_LINES = 12_000
MAX_PIECES = 150_000
_LINES = frozenset({"p", "br", "cr", "oMath"})
_PIECES = frozenset({"r", "t", "tab", "sym", "fldChar", "hyperlink", "ins", "del", "drawing", "pict"})

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
V = "urn:schemas-microsoft-com:vml"
_PREFIXES = {"w": W, "r": R, "a": A, "pic": PIC, "wp": WP, "mc": MC, "m": M, "v": V, "o": "urn:schemas-microsoft-com:office:office"}

# ISO/IEC 29500 Strict writes the same names in other name spaces.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", M.encode()),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W.encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/main", A.encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/picture", PIC.encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing", WP.encode()),
)
_NAME = re.compile(r"([a-z]+):([A-Za-z]\w*)")


@functools.cache
def q(name: str) -> str:
    """``w:p`` as ElementTree writes it."""
    found = _NAME.fullmatch(name)
    assert found  # noqa: S101 - names are ours
    return f"{{{_PREFIXES[found[1]]}}}{found[2]}"


@dataclass(slots=True)
class Load:
    """How much there is in a document, counted over all of its parts that are read."""

    elements: int = 0
    lines: int = 0
    pieces: int = 0

    def add(self, name: str) -> None:
        """Counts one element; raises UsageError for the one that is too much."""
        own = name.rpartition(" ")[2]
        self.elements += 1
        self.lines += own in _LINES
        self.pieces += own in _PIECES
        if self.elements > MAX_ELEMENTS or self.lines > MAX_LINES or self.pieces > MAX_PIECES:
            raise too_much()


def parse(content: bytes, load: Load) -> Element:
    """The root of a part, counted to ``load``; raises UsageError for what no word processor writes."""
    if b"purl.oclc.org/ooxml" in content:
        for strict, transitional in _STRICT:
            content = content.replace(strict, transitional)
    try:
        _refuse_strange(content, load)
        return ET.fromstring(content)  # noqa: S314 - what makes it unsafe was refused a line above
    except (expat.ExpatError, ET.ParseError, ValueError, LookupError) as error:
        raise broken() from error


def _refuse_strange(content: bytes, load: Load) -> None:
    """A first pass that builds nothing."""
    depth = 0

    def start(name: str, _attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        load.add(name)
        if depth > MAX_DEPTH:
            raise too_much()

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise broken()

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(content, True)


def broken() -> UsageError:
    """What to raise for a document that cannot be read."""
    return UsageError(
        Words(fr="Ce document Word est abîmé, ou n’en est pas un.", en="This Word document is damaged, or is none."),
        hint=Words(
            fr="Ouvrez-le dans Word ou LibreOffice et enregistrez-le de nouveau en .docx, ou copiez-collez son texte.",
            en="Open it in Word or LibreOffice and save it as .docx again, or copy and paste its text.",
        ),
    )


def too_much() -> UsageError:
    """What to raise for a document that is bigger inside than any text."""
    return UsageError(
        Words(fr="Ce document Word est trop gros pour un numéro.", en="This Word document is too big for an issue."),
        hint=Words(
            fr="Copiez le texte du numéro dans un nouveau document, et importez celui-ci.",
            en="Copy the issue’s text into a new document, and import that one.",
        ),
    )


def child(element: Element | None, *names: str) -> Element | None:
    """The descendant reached by the first child of each name."""
    for name in names:
        element = element.find(q(name)) if element is not None else None
    return element


def value(element: Element | None, *names: str) -> str:
    """The ``w:val`` of a descendant; "" when it is absent."""
    found = child(element, *names)
    return found.get(q("w:val"), "") if found is not None else ""


def is_on(element: Element | None, name: str) -> bool | None:
    """A switch such as ``w:b``: on, off, or None when it is not set."""
    found = child(element, name)
    return None if found is None else found.get(q("w:val"), "true") not in {"false", "0", "off", "none"}


def make(name: str, *children: Element, **attributes: str) -> Element:
    """An element; attributes are of the name space ``w``."""
    element = Element(q(name), {q(f"w:{key}"): one for key, one in attributes.items()})
    element.extend(children)
    return element


def text_run(text: str, *, properties: Element | None = None) -> Element:
    """A run of plain words."""
    words = Element(q("w:t"))
    words.text = text
    return make("w:r", *([properties] if properties is not None else []), words)


def local(element: Element) -> str:
    """The name without its name space."""
    return element.tag.rpartition("}")[2]


def write(root: Element) -> bytes:
    """The bytes of a part."""
    written = io.BytesIO()
    ET.ElementTree(root).write(written, encoding="utf-8", xml_declaration=True)
    return written.getvalue()


def every(element: Element, name: str) -> Iterator[Element]:
    """All descendants of that name."""
    return element.iter(q(name))
