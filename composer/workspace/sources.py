"""The text of files as an editor sees and saves it: byte for byte, never over somebody else's words, never without a way back."""

from __future__ import annotations

import hashlib
import time
from contextlib import suppress

from composer.errors import Conflict, FolderError, UsageError
from composer.words import Words
from composer.workspace.files import MAX_TEXT_BYTES, read_bytes, read_text, sync_folder, system_error, write_atomic
from composer.workspace.folder import Workspace
from composer.workspace.turns import one_at_a_time

NEW_FILE = ""  # the digest of a file that must not exist yet
SNAPSHOTS_KEPT = 40  # of each file

_WRITABLE = ("issues/", "stories/", "templates/")
_ENDINGS = (".md", ".txt", ".mjml", ".html", ".j2", ".toml")


def digest_of(text: str) -> str:
    """SHA-256 of a file's text, 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_source(workspace: Workspace, path: str) -> str:
    """The text of a file exactly as it is on disk, line ends and byte order mark included.

    Raises NotFound, and FolderError for a path out of the folder, a file that is not UTF-8 text or is too big.
    """
    return read_text(workspace.path_of(path), shown=path)


def write_source(workspace: Workspace, path: str, text: str, *, if_digest: str | None = None) -> str:
    """Save ``text`` whole or not at all; the digest of what is now on disk.

    The version before is kept under ``var/snapshots``. With ``if_digest`` the file must still have that digest (``NEW_FILE``: must not
    exist), else Conflict: somebody saved in between. Raises FolderError where nothing may be written.
    """
    target = workspace.path_of(path)
    content = _encode(path, text)
    _refuse_place(path)
    with one_at_a_time(workspace, "write"):
        before = target.read_bytes() if target.is_file() else None
        _compare(path, before, if_digest)
        if before != content:
            if before is not None:
                _keep_snapshot(workspace, path, before)
            write_atomic(target, content, shown=path)
    return hashlib.sha256(content).hexdigest()


def remove_source(workspace: Workspace, path: str) -> None:
    """Take a file out of the folder; its last version stays under ``var/snapshots``. Raises FolderError."""
    target = workspace.path_of(path)
    _refuse_place(path)
    with one_at_a_time(workspace, "write"):
        content = read_bytes(target, shown=path, limit=MAX_TEXT_BYTES)
        _keep_snapshot(workspace, path, content)
        try:
            target.unlink()
            sync_folder(target.parent)
        except OSError as error:
            raise system_error(error, path, writing=True) from error


def list_snapshots(workspace: Workspace, path: str) -> tuple[str, ...]:
    """Paths of the earlier versions of a file, newest first, relative to the workspace."""
    folder = workspace.var_path / "snapshots" / _flat(path)
    return tuple(workspace.shown(kept) for kept in sorted(folder.glob("*"), reverse=True)) if folder.is_dir() else ()


_AGAIN = Words(fr="Recopiez le texte depuis sa source, puis enregistrez.", en="Copy the text from its source again, then save.")


def _encode(path: str, text: str) -> bytes:
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError(
            Words(fr="Ce texte contient des caractères brisés.", en="This text holds broken characters."), where=path, hint=_AGAIN
        ) from error
    if b"\x00" in content:
        raise UsageError(Words(fr="Ce n’est pas du texte.", en="This is not text."), where=path, hint=_AGAIN)
    if len(content) > MAX_TEXT_BYTES:
        raise FolderError(
            Words(fr="Ce texte dépasse 4 Mo.", en="This text is over 4 MB."),
            where=path,
            hint=Words(fr="Les images vont dans le dossier images/.", en="Pictures go into the folder images/."),
        )
    return content


def _refuse_place(path: str) -> None:
    hidden = any(part.startswith(".") for part in path.split("/"))
    if path == "newsletter.toml" or (path.startswith(_WRITABLE) and path.endswith(_ENDINGS) and not hidden):
        return
    raise FolderError(
        Words(fr="Rien ne s’enregistre ici.", en="Nothing is saved here."),
        where=path,
        hint=Words(fr="Les textes vivent dans issues/ et stories/.", en="Texts live in issues/ and stories/."),
    )


def _compare(path: str, before: bytes | None, if_digest: str | None) -> None:
    if if_digest is None:
        return
    now = hashlib.sha256(before).hexdigest() if before is not None else NEW_FILE
    if now == if_digest:
        return
    if if_digest == NEW_FILE:
        raise Conflict(
            Words(fr="Ce fichier existe déjà.", en="This file exists already."),
            where=path,
            hint=Words(fr="Choisissez un autre nom.", en="Choose another name."),
        )
    raise Conflict(
        Words(fr="Ce fichier a changé depuis que vous l’avez ouvert.", en="This file has changed since you opened it."),
        where=path,
        hint=Words(
            fr="Rechargez-le : votre texte n’est pas enregistré, gardez-en une copie.", en="Reload it: your text is not saved, keep a copy."
        ),
    )


def _keep_snapshot(workspace: Workspace, path: str, content: bytes) -> None:
    folder = workspace.var_path / "snapshots" / _flat(path)
    ending = path.rpartition(".")[2]
    name = f"{time.time_ns():020}-{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    write_atomic(folder / name, content, shown=f"var/snapshots/{_flat(path)}/{name}")
    for old in sorted(folder.glob("*"))[:-SNAPSHOTS_KEPT]:
        with suppress(OSError):
            old.unlink()


def _flat(path: str) -> str:
    return path.replace("/", "__")
