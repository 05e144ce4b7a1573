"""What an edition is made from, as one name: so that a Hebdo that renders otherwise is not taken for somebody's edit."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from composer.model.newsletter import Newsletter
from composer.workspace.files import read_regular
from composer.workspace.folder import Workspace
from composer.workspace.pictures import MAX_PICTURE_BYTES
from composer.workspace.receipts import OURS

_LINE_END = re.compile(rb"[ \t]*\r?\n")
_MOST_FILES = 5_000
_PRINTED = frozenset({".md", ".toml", ".html", ".txt", ".css", ".png", ".jpg", ".jpeg", ".gif", ".webp"})
_HEAD_BYTES = 1_000_000

Stamp = tuple[tuple[str, int, int, int], ...]


def name_matter(workspace: Workspace, issue_id: str) -> str:
    """SHA-256 over the issue's files, the workspace's own themes and the settings that are printed; 64 hex digits.

    Line ends, blanks before them and a byte order mark do not count. What is no file, or leads out of the workspace, counts by its kind;
    of a file that is too big to be printed, its size and its beginning count. Raises OSError.
    """
    whole = hashlib.sha256()
    for path in _files(workspace, issue_id):
        whole.update(f"\x00{workspace.shown(path)}\x00".encode("utf-8", "surrogateescape") + _content(workspace.root, path))
    whole.update(json.dumps(_settings(workspace.newsletter), ensure_ascii=True, sort_keys=True).encode())
    return whole.hexdigest()


def stamp_files(workspace: Workspace, issue_id: str) -> Stamp:
    """Name, time, size and inode of each of these files: as long as they are the same, nothing can have changed."""
    return tuple(_stamps(workspace, issue_id))


def _stamps(workspace: Workspace, issue_id: str) -> Iterator[tuple[str, int, int, int]]:
    for path in _files(workspace, issue_id):
        try:
            seen = path.stat()
        except OSError:
            continue  # just gone: the next look knows
        yield str(path), seen.st_mtime_ns, seen.st_size, seen.st_ino


def _files(workspace: Workspace, issue_id: str) -> list[Path]:
    templates = workspace.root / "templates"
    folders = (workspace.issues_path / issue_id, templates / "shared", templates / workspace.newsletter.theme)
    found = sorted(path for folder in folders for path in _walk(folder))
    # Beyond that, what is printed comes first: ten thousand files beside it hide no edit.
    return found if len(found) <= _MOST_FILES else sorted(sorted(found, key=lambda path: path.suffix.lower() not in _PRINTED)[:_MOST_FILES])


def _walk(folder: Path) -> Iterator[Path]:
    for here, below, names in os.walk(folder):
        below[:] = [name for name in below if not name.startswith(".")]
        yield from (Path(here) / name for name in names if not name.startswith(".") and not (name in OURS and Path(here) == folder))


def _content(root: Path, path: Path) -> bytes:
    seen = path.lstat()
    if stat.S_ISLNK(seen.st_mode):
        target = Path(os.path.realpath(path))
        if not target.is_relative_to(root.resolve()) or not os.path.lexists(target):
            return b"\x00link\x00" + os.fsencode(path.readlink())
        path, seen = target, target.lstat()
    # Looked at before it is opened: to open some devices is to act on them.
    content = read_regular(path, MAX_PICTURE_BYTES, follow=False) if stat.S_ISREG(seen.st_mode) else None
    if content is None:
        return b"\x00%o" % stat.S_IFMT(seen.st_mode)
    if seen.st_size > MAX_PICTURE_BYTES:
        return b"\x00%d\x00" % seen.st_size + content[:_HEAD_BYTES]
    if b"\x00" in content[:4096]:
        return content
    return _LINE_END.sub(b"\n", content.removeprefix(b"\xef\xbb\xbf") + b"\n").rstrip(b"\n")


def _settings(newsletter: Newsletter) -> dict[str, Any]:
    printed = ("name", "tagline", "locale", "theme", "typography", "labels", "publisher")
    return {name: _without_defaults(getattr(newsletter, name)) for name in printed} | {"public_url": newsletter.site.public_url}


def _without_defaults(value: Any) -> Any:
    """Only what was set: a setting that a later Hebdo adds changes nothing for who does not use it."""
    if not is_dataclass(value):
        return value
    return {field.name: given for field in fields(value) if (given := getattr(value, field.name)) != field.default}
