"""The pictures of a document: opened, found whole, turned into what mail shows, named; the others are told."""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import warnings

from PIL import Image

from composer.compose.importing.word.package import MAX_MEDIA_BYTES, Package
from composer.compose.importing.word.values import Shown, Told, WordPicture, quoted
from composer.text.names import slugify
from composer.words import Words

MAX_PICTURES = 100
MAX_ALL_BYTES = 60_000_000
MAX_UNPACKED_BYTES = 150_000_000  # those that are left out, too
MAX_ALL_PIXELS = 500_000_000  # forty photographs as a telephone takes them; each is decoded
_TURNING = 5  # to write a picture anew takes as much longer as to decode it
_KEPT = {"JPEG": "jpg", "PNG": "png", "GIF": "gif"}
_TURNED = frozenset({"BMP", "TIFF", "WEBP", "DIB", "PPM"})
_DRAWN = frozenset({"emf", "wmf", "svg", "emz", "wmz"})
_NUMBERED = re.compile(r"(?:image|img|picture|photo|imagen|bild)?[ _-]*\d*", re.IGNORECASE)
_MAX_NAME = 40


class Album:
    """Takes the pictures of a package one by one, each once."""

    def __init__(self, package: Package, told: Told) -> None:
        self._package, self._told = package, told
        self._taken: dict[str, WordPicture | None] = {}  # by part
        self._kept = self._kept_bytes = 0
        self._bytes_left, self._pixels_left = MAX_UNPACKED_BYTES, MAX_ALL_PIXELS

    @property
    def pictures(self) -> tuple[WordPicture, ...]:
        """Those that can be written, in the order in which the document shows them."""
        return tuple(dict.fromkeys(picture for picture in self._taken.values() if picture))

    def take(self, shown: Shown) -> str:
        """The file of a picture; "" where it cannot be had: then it was told why."""
        if shown.part not in self._taken:
            self._taken[shown.part] = self._read(shown)
        picture = self._taken[shown.part]
        return picture.file if picture else ""

    def _read(self, shown: Shown) -> WordPicture | None:
        name = posixpath.basename(shown.part)
        content = self._unpacked(shown.part)
        if content is None:
            self._refuse(shown, name, Words(fr="elle manque, ou pèse trop", en="it is missing, or too big"))
            return None
        if name.rpartition(".")[2].lower() in _DRAWN:
            self._refuse(shown, name, Words(fr="ce dessin ne s’affiche pas dans un courriel", en="mail does not show this drawing"))
            return None
        made = self._made(content)
        if made is None:
            self._refuse(shown, name, Words(fr="elle ne se lit pas", en="it cannot be read"))
            return None
        kind, content = made
        self._kept, self._kept_bytes = self._kept + 1, self._kept_bytes + len(content)
        return WordPicture(file=_file_name(shown.alt, name, content, kind), content=content)

    def _unpacked(self, part: str) -> bytes | None:
        """The bytes of a picture; None where it is absent, or where there were enough. What turns out to be none was read as well."""
        if self._kept >= MAX_PICTURES or not self._package.has(part):
            return None
        room = min(MAX_MEDIA_BYTES, self._bytes_left)
        content = self._package.media(part, limit=room)
        self._bytes_left -= room if content is None else len(content)
        return content if content and self._kept_bytes + len(content) <= MAX_ALL_BYTES else None

    def _made(self, content: bytes) -> tuple[str, bytes] | None:
        """Ending and bytes of a picture that was decoded whole; None: it cannot be, or the others were too much already."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                with Image.open(io.BytesIO(content)) as picture:
                    return self._decoded(picture, content)
        except (OSError, ValueError, SyntaxError, EOFError, OverflowError, Image.DecompressionBombError, Image.DecompressionBombWarning):
            return None

    def _decoded(self, picture: Image.Image, content: bytes) -> tuple[str, bytes] | None:
        kind = picture.format or ""
        self._pixels_left -= picture.width * picture.height * (1 if kind in _KEPT else _TURNING)
        if self._pixels_left < 0:
            return None
        picture.load()
        if kind in _KEPT:
            return _KEPT[kind], content
        return ("png", _as_png(picture)) if kind in _TURNED else None

    def _refuse(self, shown: Shown, name: str, why: Words) -> None:
        said = f" ({quoted(shown.alt)})" if shown.alt else ""
        self._told.say(
            fr=f"image {name}{said} laissée de côté : {why.fr} ; fournissez-la en JPEG ou PNG",
            en=f"picture {name}{said} left out: {why.en}; supply it as JPEG or PNG",
        )


def _as_png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    mode = picture.mode if picture.mode in {"1", "L", "LA", "P", "RGB", "RGBA"} else "RGB"
    picture.convert(mode).save(written, "PNG", optimize=True)
    return written.getvalue()


def _file_name(alt: str, name: str, content: bytes, ending: str) -> str:
    """A name that says what is shown, and that no other picture has: two documents may be imported into one issue."""
    stem = name.rpartition(".")[0]
    words = slugify(alt, max_length=_MAX_NAME) or ("" if _NUMBERED.fullmatch(stem) else slugify(stem, max_length=_MAX_NAME)) or "image"
    return f"images/{words}-{hashlib.sha256(content).hexdigest()[:8]}.{ending}"
