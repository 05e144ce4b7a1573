"""Files of a folder, read and written so that nothing is lost and nothing outside is touched."""

from __future__ import annotations

import errno
import os
import secrets
import shlex
import stat
from contextlib import suppress
from pathlib import Path, PurePosixPath

from composer.errors import FolderError, HebdoError, NotFound, SystemTrouble
from composer.text.system import words_of
from composer.words import Words

MAX_TEXT_BYTES = 4_000_000  # far over any issue; more is a mistake, and slow for everybody


def inside(root: Path, relative: str) -> Path:
    """The path of ``relative`` under ``root``.

    Raises FolderError for an absolute path, for ``..`` and for a symbolic link that leads out of ``root``.
    """
    pure = PurePosixPath(relative)
    if not relative or pure.is_absolute() or ".." in pure.parts or "\\" in relative or _has_control(relative):
        raise _outside(relative)
    path = root.joinpath(*pure.parts)
    try:
        real = path.resolve()
    except (OSError, RuntimeError) as error:
        raise _outside(relative) from error
    if not real.is_relative_to(root.resolve()):
        raise _outside(relative)
    return path


def _has_control(text: str) -> bool:
    return any(ord(char) < 0x20 for char in text)


def _outside(relative: str) -> FolderError:
    shown = "".join(char if char.isprintable() else "?" for char in relative)
    return FolderError(
        Words(fr="Ce chemin sort du dossier de la lettre.", en="This path leads out of the newsletter’s folder."),
        where=shown or "«»",
        hint=Words(
            fr="Copiez le fichier dans le dossier du numéro et donnez son chemin depuis là : `images/une.jpg`",
            en="Copy the file into the issue’s folder and give its path from there: `images/une.jpg`",
        ),
    )


def read_bytes(path: Path, *, shown: str, limit: int) -> bytes:
    """The content of a file of at most ``limit`` bytes; ``shown`` is how errors name it. Raises NotFound and FolderError."""
    try:
        if not path.is_file():
            raise _missing(path, shown)
        size_bytes = path.stat().st_size
        if size_bytes > limit:
            raise _too_big(shown, size_bytes, limit)
        content = read_regular(path, limit + 1)
    except OSError as error:
        raise system_error(error, shown, writing=False) from error
    if content is None:
        raise _missing(path, shown)
    if len(content) > limit:  # it has just grown
        raise _too_big(shown, len(content), limit)
    return content


def read_regular(path: Path, most: int, *, follow: bool = True) -> bytes | None:
    """The first ``most`` bytes of a regular file; None for anything else: a pipe would never end, a device never stop. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW))
    with os.fdopen(handle, "rb") as stream:
        return stream.read(most) if stat.S_ISREG(os.fstat(handle).st_mode) else None


def read_text(path: Path, *, shown: str, error: type[HebdoError] = FolderError) -> str:
    """The text of a file exactly as it is on disk: line ends and byte order mark are kept.

    Raises NotFound, FolderError, and ``error`` when the file is not UTF-8 text.
    """
    content = read_bytes(path, shown=shown, limit=MAX_TEXT_BYTES)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as failure:
        raise _not_utf8(content, failure.start, shown, error) from failure
    if "\x00" in text:
        raise _binary(shown, error)
    return text


def is_utf8(name: str) -> bool:
    """Whether a name of the system can be written down; Python keeps its other bytes as lone surrogates."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def refuse_name(folder: str, name: str, error: type[HebdoError] = FolderError) -> HebdoError:
    """The error for a name in ``folder`` that is not UTF-8; the place and the command show its bytes as shells read them."""
    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    place = f"{folder}/{shown}" if folder else shown
    quoted = place.replace("'", "\\'")
    command = f"mv $'{quoted}' {shlex.quote(f'{folder}/{_plain(name)}' if folder else _plain(name))}"
    return error(
        Words(fr="Ce nom n’est pas en UTF-8.", en="This name is not in UTF-8."),
        where=place,
        hint=Words(fr=f"Renommez-le : `{command}`", en=f"Rename it: `{command}`"),
    )


def _plain(name: str) -> str:
    """``name`` without the bytes that are no text, so that a command with it works as shown."""
    kept = "".join(char if is_utf8(char) else "_" for char in name)
    return kept if kept.strip("_") else f"nom-{secrets.token_hex(2)}"


def write_atomic(path: Path, content: bytes, *, shown: str) -> None:
    """Replace a file whole or not at all: a copy beside it is synced, then takes its name. Raises FolderError."""
    beside = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else None
        with beside.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            beside.chmod(mode)
        beside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise system_error(error, shown, writing=True) from error


def write_once(path: Path, content: bytes) -> None:
    """A new file, whole under its name or not at all, for its owner alone; raises FileExistsError when there is one, OSError as the system says."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
        path.hardlink_to(beside)
    finally:
        os.close(handle)
        with suppress(OSError):
            beside.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path, *, shown: str) -> None:
    """A folder with its parents; raises FolderError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise system_error(error, shown, writing=True) from error


# Too many files open, no memory, a disk or a network share that stutters.
_PASSING = frozenset(
    {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.EINTR, errno.EAGAIN, errno.EIO, errno.ESTALE, errno.ETIMEDOUT}
)


def system_error(error: OSError, shown: str, *, writing: bool) -> SystemTrouble:
    """What the system refused, in words a writer understands."""
    match error.errno:
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return SystemTrouble(
                Words(
                    fr="Le dossier est protégé en écriture." if writing else "La lecture est refusée.",
                    en="The folder is read-only." if writing else "Reading is refused.",
                ),
                where=shown,
                hint=Words(fr="Donnez-vous les droits : `chmod -R u+rwX .`", en="Give yourself the rights: `chmod -R u+rwX .`"),
            )
        case errno.ENOSPC | errno.EDQUOT:
            return SystemTrouble(
                Words(fr="Le disque est plein ; l’ancien fichier est intact.", en="The disk is full; the old file is untouched."),
                where=shown,
                hint=Words(fr="Libérez de la place, puis recommencez.", en="Make room, then try again."),
            )
        case _:
            said = words_of(error)
            return SystemTrouble(
                Words(fr=f"Le système refuse : {said.fr}.", en=f"The system refuses: {said.en}."),
                is_passing=error.errno in _PASSING,
                where=shown,
                hint=Words(fr="Regardez le fichier : `ls -l`", en="Look at the file: `ls -l`"),
            )


def _missing(path: Path, shown: str) -> HebdoError:
    if path.exists():
        return FolderError(
            Words(fr="Ce n’est pas un fichier.", en="This is not a file."),
            where=shown,
            hint=Words(fr="Regardez ce que c’est : `ls -ld`", en="Look what it is: `ls -ld`"),
        )
    return NotFound(
        Words(fr="Ce fichier n’existe pas.", en="There is no such file."),
        where=shown,
        hint=_look_around(path),
    )


def _look_around(path: Path) -> Words:
    """The command that shows what there is, where ``path`` was looked for."""
    if "issues" in path.parts:
        return Words(fr="Voyez ce qui existe : `hebdo list`", en="See what exists: `hebdo list`")
    folder = shlex.quote(str(path.parent))
    return Words(fr=f"Voyez ce qui existe : `ls -l {folder}`", en=f"See what exists: `ls -l {folder}`")


def _too_big(shown: str, size_bytes: int, limit: int) -> FolderError:
    size, most = f"{size_bytes / 1_000_000:.3g}", f"{limit / 1_000_000:.3g}"
    return FolderError(
        Words(
            fr=f"Ce fichier est trop gros : {size.replace('.', ',')} Mo, {most.replace('.', ',')} Mo au plus.",
            en=f"This file is too big: {size} MB, {most} MB at most.",
        ),
        where=shown,
        hint=Words(fr="Gardez-en une version plus légère.", en="Keep a lighter version of it."),
    )


def _binary(shown: str, error: type[HebdoError]) -> HebdoError:
    return error(
        Words(fr="Ce fichier n’est pas du texte.", en="This file is not text."),
        where=shown,
        hint=Words(fr="Remplacez-le par un fichier texte en UTF-8.", en="Replace it by a text file in UTF-8."),
    )


def _not_utf8(content: bytes, at: int, shown: str, error: type[HebdoError]) -> HebdoError:
    if b"\x00" in content[:8192]:
        return _binary(shown, error)
    line = content.count(b"\n", 0, at) + 1
    name = shlex.quote(shown)
    command = f"iconv -f WINDOWS-1252 -t UTF-8 {name} > {name}.tmp && mv {name}.tmp {name}"
    return error(
        Words(fr="Ce fichier n’est pas en UTF-8.", en="This file is not in UTF-8."),
        where=f"{shown}:{line}",
        hint=Words(
            fr=f"Convertissez-le : `{command}`",
            en=f"Convert it: `{command}`",
        ),
    )
