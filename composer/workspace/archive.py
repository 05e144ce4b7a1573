"""A workspace as one file: a gzipped tar whose last member, the manifest, names every other one with its size and SHA-256."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from composer.workspace.config import SECRETS_NAME
from composer.workspace.packing import steadily_packed

FORMAT, VERSION = "hebdo-backup", 1
MANIFEST = "hebdo-backup.json"
LEDGER = "var/ledger.sqlite"
FOLDERS = ("issues", "stories", "seeds", "templates", "sponsors")  # whole
KEPT_IN_VAR = re.compile(r"\Avar/(?:mail\.key|i/[\w.-]+)\Z")  # without it bounces are nobody's; pictures as readers load them
SECRET_IN_VAR = re.compile(
    rf"\A(?:var/[\w.-]+\.key|var/dkim/\w[\w.-]*\.pem|{re.escape(SECRETS_NAME)})\Z"
)  # only where the backup is encrypted
NAME_MAX = 1000  # signs
RATIO_MAX = 200  # more than this for each byte of the file is a bomb
ROOM_BYTES = 100_000_000  # that need no ratio
CHUNK_BYTES = 1 << 20


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
    """Not a pipe, a socket or a device, and with a name that is believed when it is read."""
    return path.is_dir() or (path.is_file() and fits(relative))


def write_archive(stream: IO[bytes], root: Path, *, ledger: Path | None, secrets: bool, about: Mapping[str, Any]) -> Manifest:
    """Writes the workspace at ``root`` to ``stream``, with the copy ``ledger`` in place of its own; what vanishes meanwhile is not in it.

    Raises OSError; links, pipes and names that do not fit are left out, and named in the manifest.
    """
    names, left = files_of(root, secrets=secrets)
    members: dict[str, tuple[int, str]] = {}
    with (
        steadily_packed(stream, ratio=RATIO_MAX // 2, room_bytes=ROOM_BYTES // 2) as packed,
        tarfile.open(fileobj=packed, mode="w|", bufsize=CHUNK_BYTES // 4, format=tarfile.PAX_FORMAT) as tar,
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
