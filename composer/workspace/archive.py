"""A workspace as one file: a gzipped tar whose last member, the manifest, names every other one with its size and SHA-256.

What is read here may have been written by anybody: nothing but plain files with the names that a workspace has is believed.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from composer.check.doctor.shown import shown as shown_text
from composer.errors import FolderError
from composer.words import Words
from composer.workspace.config import SECRETS_NAME
from composer.workspace.packing import steadily_packed

FORMAT, VERSION = "hebdo-backup", 1
MANIFEST = "hebdo-backup.json"
LEDGER = "var/ledger.sqlite"
FOLDERS = ("issues", "stories", "seeds", "templates", "sponsors")  # whole
KEPT_IN_VAR = re.compile(r"\Avar/(?:mail\.key|i/[\w.-]+)\Z")  # without it bounces are nobody's; pictures as readers load them
SECRET_IN_VAR = re.compile(rf"\A(?:var/[\w.-]+\.key|{re.escape(SECRETS_NAME)})\Z")  # only where the backup is encrypted
MEMBERS_MAX = 300_000
MANIFEST_MAX_BYTES = 64_000_000
NAME_MAX = 1000  # signs
HEADER_MAX_BYTES = 16_384  # of a long name or a time: the tar library reads such a header whole
RATIO_MAX = 200  # more than this for each byte of the file is a bomb
ROOM_BYTES = 100_000_000  # that need no ratio
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself."""

    members: Mapping[str, tuple[int, str]]  # path → size in bytes, SHA-256
    about: Mapping[str, Any]  # newsletter, versions, moment, what the ledger holds
    left_out: tuple[str, ...] = ()  # entries of the folder that are not in it


def belongs(path: str, *, secrets: bool) -> bool:
    """Whether a file of the workspace goes into a backup, and may come out of one."""
    parts = PurePosixPath(path).parts
    if not parts or any(part.startswith(".") for part in parts):
        return path == ".gitignore"
    if parts[0] == "var":
        return path == LEDGER or bool(KEPT_IN_VAR.match(path)) or (secrets and bool(SECRET_IN_VAR.match(path)))
    # A backup that was written beside the files would be in every later one.
    return parts[0] in FOLDERS or (len(parts) == 1 and not path.endswith((".tar.gz", ".tgz", ".age")))


def fits(path: str) -> bool:
    """Whether a backup can hold a file of this name and still be read: no control characters (macOS names one ``Icon`` and a carriage return), not too long."""
    return len(path) <= NAME_MAX and not any(ord(char) < 0x20 or char == "\x7f" for char in path)


def files_of(root: Path, *, secrets: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The files of a workspace that belong into a backup, ledger aside, and what else stands there; both relative, "/" separated."""
    found: list[str] = []
    left: list[str] = []
    for entry in sorted(root.iterdir()):
        name = entry.name
        if entry.is_symlink():
            left.append(name)
        elif entry.is_dir() and name in (*FOLDERS, "var"):
            for path in sorted(entry.rglob("*")):
                relative = path.relative_to(root).as_posix()
                if path.is_symlink() or (belongs(relative, secrets=secrets) and not _can_be_kept(path, relative)):
                    left.append(relative)
                elif path.is_file() and relative != LEDGER and belongs(relative, secrets=secrets):
                    found.append(relative)
        elif entry.is_file() and belongs(name, secrets=secrets) and fits(name):
            found.append(name)
        else:
            left.append(name)
    return tuple(found), tuple(left)


def _can_be_kept(path: Path, relative: str) -> bool:
    """Not a pipe, a socket or a device, and with a name that ``_is_plain`` believes."""
    return path.is_dir() or (path.is_file() and fits(relative))


def write_archive(stream: IO[bytes], root: Path, *, ledger: Path | None, secrets: bool, about: Mapping[str, Any]) -> Manifest:
    """Writes the workspace at ``root`` to ``stream``, with the copy ``ledger`` in place of its own; what vanishes meanwhile is not in it.

    Raises OSError; links, pipes and names that do not fit are left out, and named in the manifest.
    """
    names, left = files_of(root, secrets=secrets)
    members: dict[str, tuple[int, str]] = {}
    with (
        steadily_packed(stream, ratio=RATIO_MAX // 2, room_bytes=ROOM_BYTES // 2) as packed,
        tarfile.open(fileobj=packed, mode="w|", bufsize=_CHUNK_BYTES // 4, format=tarfile.PAX_FORMAT) as tar,
    ):
        if ledger is not None:
            members[LEDGER] = _add(tar, LEDGER, ledger)
        for name in names:
            try:
                members[name] = _add(tar, name, root / name)
            except FileNotFoundError:
                continue
        manifest = Manifest(members=members, about=about, left_out=left)
        written = json.dumps(_to_json(manifest), indent=1, sort_keys=True).encode("ascii")
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(written), 0o600
        tar.addfile(info, io.BytesIO(written))
    return manifest


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
        with gzip.open(path, "rb") as inner, io.BufferedReader(_Counted(inner, limit), _CHUNK_BYTES) as counted:
            # «r|»: forwards only, so that nothing is decompressed twice.
            with tarfile.open(fileobj=counted, mode="r|", errorlevel=2, tarinfo=_Member) as tar:
                is_tar = True
                yield tar
            while counted.read(_CHUNK_BYTES):  # to the last byte: a cut or spoilt end is found here
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


def _to_json(manifest: Manifest) -> dict[str, Any]:
    members = {name: {"size": size, "sha256": digest} for name, (size, digest) in manifest.members.items()}
    return {"format": FORMAT, "version": VERSION, "about": dict(manifest.about), "members": members, "left_out": list(manifest.left_out)}


def _add(tar: tarfile.TarFile, name: str, path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        info, status = tarfile.TarInfo(name), os.fstat(file.fileno())
        info.size, info.mtime, info.mode = status.st_size, int(status.st_mtime), 0o600
        reader = _Hashing(file)
        tar.addfile(info, reader)
        return info.size, reader.digest


class _Hashing:
    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self._hash.update(content)
        return content

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


def _weigh(content: IO[bytes]) -> tuple[int, str]:
    counted = hashlib.sha256()
    return _copy(content, counted.update), counted.hexdigest()


def _copy(content: IO[bytes], take: Callable[[bytes], object]) -> int:
    size = 0
    while chunk := content.read(_CHUNK_BYTES):
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
