"""Pictures: the authors' own in an issue's folder, and those that readers load, kept for ever under ``var/i``."""

from __future__ import annotations

import re
from pathlib import Path

from composer.errors import Conflict, FolderError, NotFound
from composer.model.edition import Edition
from composer.model.issue import Issue
from composer.words import Words
from composer.workspace.files import inside, read_bytes, write_atomic
from composer.workspace.folder import Workspace

MAX_PICTURE_BYTES = 25_000_000
MAX_STORED_BYTES = 5_000_000

_STORED = re.compile(r"\A[0-9a-f]{64}\.(?:jpg|png|gif)\Z")
_DRAWING = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:\?xml|!DOCTYPE|svg)", re.IGNORECASE)


def read_picture(workspace: Workspace, issue: Issue | str, file: str) -> bytes:
    """The picture ``file`` of an issue (or of a folder such as ``stories``), at most 25 MB.

    Raises NotFound when it is missing, FolderError when it lies outside the issue's folder, is too big or is an SVG, which mail clients
    do not show and which can hold scripts.
    """
    folder = issue_folder(issue)
    shown = f"{folder}/{file}"
    path = inside(workspace.path_of(folder), file)
    if not path.exists():
        raise NotFound(
            Words(fr="Cette image manque.", en="This picture is missing."),
            where=shown,
            hint=Words(
                fr=f"Copiez-la dans {folder}/images/ ou corrigez son nom.", en=f"Copy it into {folder}/images/ or correct its name."
            ),
        )
    content = read_bytes(path, shown=shown, limit=MAX_PICTURE_BYTES)
    if file.lower().endswith((".svg", ".svgz")) or _DRAWING.match(content[:200]):
        raise FolderError(
            Words(fr="Une image SVG ne s’affiche pas dans un courriel.", en="An SVG picture is not shown in mail."),
            where=shown,
            hint=Words(fr="Exportez-la en PNG ou en JPEG.", en="Export it as PNG or JPEG."),
        )
    return content


def copy_picture(workspace: Workspace, file: str, *, source: str, target: str) -> bool:
    """Copy the picture ``file`` from one folder to another, both relative to the workspace; False: there is none to copy.

    Raises Conflict when another picture of that name stands there.
    """
    original = inside(workspace.path_of(source), file)
    if not original.is_file():
        return False
    content = read_bytes(original, shown=f"{source}/{file}", limit=MAX_PICTURE_BYTES)
    shown = f"{target}/{file}"
    copy = inside(workspace.path_of(target), file)
    if copy.is_file() and read_bytes(copy, shown=shown, limit=MAX_PICTURE_BYTES) != content:
        raise Conflict(
            Words(fr="Une autre image porte déjà ce nom.", en="Another picture has this name already."),
            where=shown,
            hint=Words(fr=f"Renommez {source}/{file} et son nom dans l’article.", en=f"Rename {source}/{file} and its name in the story."),
        )
    write_atomic(copy, content, shown=shown)
    return True


def issue_folder(issue: Issue | str) -> str:
    """The folder of an issue relative to the workspace; text is an issue's id or a folder."""
    if isinstance(issue, Issue):
        return issue.path.rpartition("/")[0] or f"issues/{issue.id}"
    return issue if "/" in issue or issue == "stories" else f"issues/{issue}"


def save_pictures(workspace: Workspace, edition: Edition) -> None:
    """Keep the pictures of an edition for ever under the names that readers load."""
    for picture in edition.pictures:
        path = _stored_path(workspace, picture.name)
        if not path.is_file() or path.stat().st_size != len(picture.content):
            write_atomic(path, picture.content, shown=f"var/i/{picture.name}")


def read_stored_picture(workspace: Workspace, name: str) -> bytes:
    """A picture by the name that readers load; raises NotFound."""
    return read_bytes(_stored_path(workspace, name), shown=f"var/i/{name}", limit=MAX_STORED_BYTES)


def _stored_path(workspace: Workspace, name: str) -> Path:
    if not _STORED.match(name):
        raise NotFound(Words(fr="Cette image n’existe pas.", en="There is no such picture."), where=f"var/i/{name}"[:200])
    return workspace.var_path / "i" / name
