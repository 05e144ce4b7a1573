"""A backup read: what stands in it may have been written by anybody, and nothing but plain files with the names of a workspace is believed."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from composer.errors import FolderError
from composer.text.shown import shown as shown_text
from composer.words import Words
from composer.workspace.archive import CHUNK_BYTES, FORMAT, MANIFEST, NAME_MAX, RATIO_MAX, ROOM_BYTES, VERSION, Manifest, belongs, fits

MEMBERS_MAX = 300_000
MANIFEST_MAX_BYTES = 64_000_000
HEADER_MAX_BYTES = 16_384  # of a long name or a time: the tar library reads such a header whole


def read_archive(path: Path, *, shown: str) -> Manifest:
    """Reads a whole backup and holds every member against its manifest; writes nothing. Raises FolderError."""
    found: dict[str, tuple[int, str]] = {}

    def weigh(name: str, content: IO[bytes]) -> None:
        found[name] = _weigh(content)

    manifest = _walk(path, weigh, shown=shown)
    if set(found) != set(manifest.members):
        odd = min(set(found) ^ set(manifest.members))
        raise _broken(shown, _not_told(odd))
    for name, (size, digest) in found.items():
        if (size, digest) != tuple(manifest.members[name]):
            raise _broken(shown, _altered(name))
    return manifest


def extract_archive(path: Path, target: Path, *, only: tuple[str, ...] = (), shown: str) -> None:
    """Writes the members of a backup that ``read_archive`` has read into the folder ``target``, or ``only`` some of them."""

    def put(name: str, content: IO[bytes]) -> None:
        if only and name not in only:
            return
        place = target.joinpath(*PurePosixPath(name).parts)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if name.startswith("var/") else 0o777)
        private = name.startswith("var/") and not name.startswith("var/i/")
        with place.open("xb") as file:
            place.chmod(0o600 if private else 0o644)
            _copy(content, file.write)

    _walk(path, put, shown=shown)


def _walk(path: Path, take: Callable[[str, IO[bytes]], None], *, shown: str) -> Manifest:
    """Every member once, in order, then the manifest; refuses whatever a backup of ours never holds."""
    seen: set[str] = set()
    manifest: Manifest | None = None
    limit = _Limit(ROOM_BYTES + RATIO_MAX * path.stat().st_size, shown)
    with _opened(path, limit, shown) as tar:
        for info in tar:
            name = info.name
            plain = info.isreg() and not info.issparse()  # the holes of a sparse file are in no byte that is counted
            if manifest is not None or name in seen or not plain or len(name) > NAME_MAX or len(seen) > MEMBERS_MAX:
                raise _broken(shown, _strange(name))
            seen.add(name)
            content = tar.extractfile(info)
            if content is None:
                raise _broken(shown, _strange(name))
            if name == MANIFEST:
                manifest = _read_manifest(content.read(MANIFEST_MAX_BYTES), shown)
                continue
            if not _is_plain(name):
                raise _broken(shown, _strange(name))
            take(name, content)
    if manifest is None:
        raise _foreign(shown)
    return manifest


def _is_plain(name: str) -> bool:
    """A relative path of ours, written in the one way that names a file only once."""
    pure = PurePosixPath(name)
    return fits(name) and str(pure) == name and ".." not in pure.parts and not pure.is_absolute() and belongs(name, secrets=True)


class _Member(tarfile.TarInfo):
    """The header of a member: of the kinds that a backup of ours has, and no larger than it needs."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Member:
        header = super().frombuf(buf, encoding, errors)
        if header.type not in {tarfile.REGTYPE, tarfile.XHDTYPE} or (header.type == tarfile.XHDTYPE and header.size > HEADER_MAX_BYTES):
            raise ValueError("header")
        return header


@dataclass(slots=True)
class _Limit:
    """Counts what comes out of a compressed file, and refuses more than a backup would hold."""

    left: int
    shown: str
    seen: int = field(default=0)

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise FolderError(
                Words(
                    fr="Cette sauvegarde se gonfle hors de toute mesure : elle n’est pas de Hebdo.",
                    en="This backup swells out of all measure: it is not Hebdo’s.",
                ),
                where=self.shown,
                hint=Words(fr="Prenez-en une autre.", en="Take another one."),
            )


class _Counted(io.RawIOBase):
    """A stream that is read once, forwards, and counted."""

    def __init__(self, inner: gzip.GzipFile, limit: _Limit) -> None:
        self._inner, self._limit = inner, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._inner.read(len(buffer))
        self._limit.take(len(content))
        buffer[: len(content)] = content
        return len(content)


@contextmanager
def _opened(path: Path, limit: _Limit, shown: str) -> Iterator[tarfile.TarFile]:
    if not _is_gzip(path):
        raise _foreign(shown)
    is_tar = False
    try:
        with gzip.open(path, "rb") as inner, io.BufferedReader(_Counted(inner, limit), CHUNK_BYTES) as counted:
            # «r|»: forwards only, so that nothing is decompressed twice.
            with tarfile.open(fileobj=counted, mode="r|", errorlevel=2, tarinfo=_Member) as tar:
                is_tar = True
                yield tar
            while counted.read(CHUNK_BYTES):  # to the last byte: a cut or spoilt end is found here
                continue
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeError, ValueError, OverflowError, RecursionError) as error:
        if not is_tar and isinstance(error, tarfile.ReadError) and not isinstance(error.__context__, zlib.error):
            raise _foreign(shown) from error
        raise _broken(shown, _CUT if isinstance(error, EOFError) else _SPOILT) from error


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _read_manifest(written: bytes, shown: str) -> Manifest:
    try:
        read = json.loads(written)
        if read["format"] != FORMAT:
            raise _foreign(shown)
        if read["version"] > VERSION:
            raise FolderError(
                Words(fr="Cette sauvegarde vient d’un Hebdo plus récent.", en="This backup comes from a newer Hebdo."),
                where=shown,
                hint=Words(fr="`pip install --upgrade hebdo`", en="`pip install --upgrade hebdo`"),
            )
        members = {str(name): (int(one["size"]), str(one["sha256"])) for name, one in read["members"].items()}
        return Manifest(members=members, about=dict(read["about"]), left_out=tuple(str(one) for one in read["left_out"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _broken(shown, _NO_MANIFEST) from error


def _weigh(content: IO[bytes]) -> tuple[int, str]:
    counted = hashlib.sha256()
    return _copy(content, counted.update), counted.hexdigest()


def _copy(content: IO[bytes], take: Callable[[bytes], object]) -> int:
    size = 0
    while chunk := content.read(CHUNK_BYTES):
        size += len(chunk)
        take(chunk)
    return size


_CUT = Words(fr="sa fin manque", en="its end is missing")
_SPOILT = Words(fr="des octets y ont changé", en="bytes of it have changed")
_NO_MANIFEST = Words(fr="sa liste de fichiers ne se lit pas", en="its list of files cannot be read")


def _altered(name: str) -> Words:
    return Words(fr=f"{shown_text(name)} n’est plus le fichier sauvegardé", en=f"{shown_text(name)} is not the file that was backed up")


def _not_told(name: str) -> Words:
    return Words(
        fr=f"{shown_text(name)} et la liste de fichiers ne s’accordent pas", en=f"{shown_text(name)} and the list of files disagree"
    )


def _strange(name: str) -> Words:
    return Words(fr=f"{shown_text(name)} n’a rien à y faire", en=f"{shown_text(name)} does not belong there")


def _foreign(shown: str) -> FolderError:
    return FolderError(
        Words(fr="Ce fichier n’est pas une sauvegarde de Hebdo.", en="This file is no backup of Hebdo."),
        where=shown,
        hint=Words(
            fr="Donnez le fichier qu’a écrit `hebdo backup` ; sans autre choix, il est dans var/backups.",
            en="Give the file that `hebdo backup` wrote; without another choice it is in var/backups.",
        ),
    )


def _broken(shown: str, said: Words) -> FolderError:
    return FolderError(
        Words(
            fr=f"Cette sauvegarde n’est pas intacte : {said.fr}. Rien n’a été écrit.",
            en=f"This backup is not whole: {said.en}. Nothing was written.",
        ),
        where=shown,
        hint=Words(
            fr="Prenez une autre copie, ou une sauvegarde plus ancienne : `hebdo backup --verify FICHIER` dit si elle est bonne.",
            en="Take another copy, or an older backup: `hebdo backup --verify FILE` says whether it is good.",
        ),
    )
