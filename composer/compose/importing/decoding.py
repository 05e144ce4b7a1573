"""Bytes of unknown kind → text and what kind it is; what cannot be text is refused with a way out."""

from __future__ import annotations

import re
import unicodedata

from composer.compose.importing.values import Source
from composer.compose.importing.word.package import locked, other_kind
from composer.errors import UsageError
from composer.words import Words

MAX_BYTES = 4 * 1024 * 1024
_KINDS = {
    b"PK\x03\x04": ("un document Word, LibreOffice ou une archive", "a Word or LibreOffice document, or an archive"),
    b"%PDF": ("un PDF", "a PDF"),
    b"\x89PNG": ("une image", "a picture"),
    b"\xff\xd8\xff": ("une image", "a picture"),
    b"GIF8": ("une image", "a picture"),
    b"\x1f\x8b": ("une archive", "an archive"),
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # also what a .docx behind a password is wrapped in
_FLAT = (b"urn:oasis:names:tc:opendocument", b"schemas.microsoft.com/office/word/2003", b"schemas.microsoft.com/office/2006/xmlPackage")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TAGS = re.compile(
    r"<(?:!doctype html|html|head|meta|body|p|div|span|h[1-6]|ul|ol|li|table|br|a|b|strong|article|section)\b[^<>]*>", re.IGNORECASE
)
_ATX = re.compile(r"^#{1,6} +\S", re.MULTILINE)
_LINK = re.compile(r"\]\((?:https?|mailto):")
_STRONG = re.compile(r"(?<![\w*])\*\*[^\s*][^*\n]{0,200}\*\*(?![\w*])")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def sniff(content: bytes, name: str = "") -> Source:
    """Text, Markdown or HTML: by the name's ending, else by what is in it."""
    ending = name.lower().rpartition(".")[2] if "." in name else ""
    if ending in {"html", "htm", "xhtml"}:
        return "html"
    if ending in {"md", "markdown", "mkd"}:
        return "markdown"
    if ending in {"txt", "text"}:
        return "text"
    return _sniff_text(decode(content[:65536], partial=True))


def _sniff_text(text: str) -> Source:
    head = text.lstrip("\ufeff \t\r\n")
    if head.startswith("<") and len(_TAGS.findall(head, 0, 20000)) >= 1 and re.match(r"<(?:!|\?|[A-Za-z])", head):
        return "html"
    if len(_ATX.findall(text)) >= 1 and (head.startswith("#") or len(_ATX.findall(text)) > 1):
        return "markdown"
    return "markdown" if _LINK.search(text) or len(_STRONG.findall(text)) >= 2 else "text"


def decode(content: bytes, *, name: str = "", partial: bool = False) -> str:
    """The text of ``content``: UTF-8, UTF-16 or Windows-1252. Raises UsageError for what is no text, empty, or over 4 MiB."""
    where = name or None
    if len(content) > MAX_BYTES:
        size = len(content) // (1024 * 1024)
        raise UsageError(
            Words(
                fr=f"Ce document pèse {size} Mo ; l’import s’arrête à 4 Mo.", en=f"This document has {size} MB; the import stops at 4 MB."
            ),
            where=where,
            hint=Words(
                fr="Importez le texte seul, sans les images, ou en plusieurs fois.",
                en="Import the text alone, without the pictures, or in parts.",
            ),
        )
    _refuse_kinds(content, where)
    text = _decoded(content, partial=partial)
    if text is None or _looks_binary(text):
        raise _not_text(where, Words(fr="Ce n’est pas du texte.", en="This is no text."))
    if not text.strip("\ufeff \t\r\n\u00a0") and not partial:
        raise UsageError(
            Words(fr="Ce document est vide.", en="This document is empty."),
            where=where,
            hint=Words(fr="Copiez d’abord le texte dans le fichier.", en="Put the text into the file first."),
        )
    return text.removeprefix("\ufeff")


def _refuse_kinds(content: bytes, where: str | None) -> None:
    if content.startswith(_OLD_OFFICE):
        raise _placed(
            locked()
            if _ENCRYPTED in content
            else other_kind("C’est un ancien document Word (.doc).", "This is an old Word document (.doc)."),
            where,
        )
    if content.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?xml") and any(sign in content[:4096] for sign in _FLAT):
        raise _placed(
            other_kind("C’est un document écrit en XML (.fodt, .xml).", "This is a document written as XML (.fodt, .xml)."), where
        )
    if content.startswith(b"{\\rtf"):
        raise _placed(other_kind("C’est un document RTF.", "This is an RTF document."), where)
    for start, (fr, en) in _KINDS.items():
        if content.startswith(start):
            raise _not_text(where, Words(fr=f"C’est {fr}, pas du texte.", en=f"This is {en}, no text."))


def _placed(error: UsageError, where: str | None) -> UsageError:
    error.where = where
    return error


def _not_text(where: str | None, message: Words) -> UsageError:
    hint = Words(
        fr="Enregistrez-le en HTML ou en texte (UTF-8), ou copiez-collez son contenu dans un fichier .txt.",
        en="Save it as HTML or as text (UTF-8), or paste its content into a .txt file.",
    )
    return UsageError(message, where=where, hint=hint)


def _decoded(content: bytes, *, partial: bool) -> str | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _try(content, "utf-16", partial=partial)
    if b"\x00" in content[:4096]:
        return _utf16_without_mark(content, partial=partial)
    for encoding in ("utf-8", "cp1252"):
        text = _try(content, encoding, partial=partial)
        if text is not None:
            return text
    return content.decode("latin-1")


def _utf16_without_mark(content: bytes, *, partial: bool) -> str | None:
    head = content[:4096]
    if head[1::2].count(0) > 0.6 * len(head) / 2 and not head[0::2].count(0):
        return _try(content, "utf-16-le", partial=partial)
    if head[0::2].count(0) > 0.6 * len(head) / 2 and not head[1::2].count(0):
        return _try(content, "utf-16-be", partial=partial)
    return None


def _try(content: bytes, encoding: str, *, partial: bool) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        # The sample of a longer file may end in the middle of a character.
        return content[: error.start].decode(encoding) if partial and error.start >= len(content) - 4 else None


def _looks_binary(text: str) -> bool:
    sample = text[:8192]
    controls = len(_CONTROLS.findall(sample))
    unassigned = sum(unicodedata.category(char) in {"Cn", "Co"} for char in sample)
    return "\x00" in text or controls + unassigned > max(4, 0.02 * len(sample))
