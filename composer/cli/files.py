"""Files that a command is given or asked to write, outside the workspace as well as in it."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from composer.errors import FolderError, NotFound, UsageError
from composer.words import Words

LARGEST_BYTES = 64 * 1024 * 1024  # what is read at all; what a document may be is for the import to say
PRIVATE = 0o600


def read_input(file: str) -> tuple[bytes, str]:
    """The bytes of ``file``, or of the input for ``-``, and a name for them; raises NotFound, FolderError, UsageError."""
    if file == "-":
        # Python has no stdin at all when the shell closed it (`<&-`).
        return _bounded(sys.stdin.buffer.read(LARGEST_BYTES + 1) if sys.stdin else b"", "-"), "-"
    path = Path(file).expanduser()
    if path.is_dir():
        raise FolderError(
            Words(fr="Ceci est un dossier, pas un fichier.", en="This is a folder, not a file."),
            where=file,
            hint=Words(fr=f"Voyez ce qui s’y trouve : `ls {file}`", en=f"Look what is there: `ls {file}`"),
        )
    try:
        with path.open("rb") as opened:
            return _bounded(opened.read(LARGEST_BYTES + 1), file), path.name
    except FileNotFoundError:
        raise _absent(file, path) from None
    except ValueError as error:  # a null byte in a name
        raise NotFound(
            Words(fr="Ce nom de fichier n’est pas possible.", en="This name of a file is not possible."),
            where=file.replace("\0", "␀"),
            hint=Words(fr="Voyez ce qui s’y trouve : `ls`", en="Look what is there: `ls`"),
        ) from error


@contextmanager
def read_lines(file: str) -> Iterator[tuple[Iterable[bytes], str]]:
    """The lines of ``file`` of any size, or of the input for ``-``, and a name for them; raises NotFound, FolderError."""
    if file == "-":
        yield (sys.stdin.buffer if sys.stdin else ()), "-"
        return
    path = Path(file).expanduser()
    try:
        with path.open("rb") as opened:
            if _is_device(opened):
                raise UsageError(
                    Words(fr="Ceci est un appareil, pas un fichier.", en="This is a device, not a file."),
                    where=file,
                    hint=Words(fr=f"Regardez ce que c’est : `ls -l {file}`", en=f"Look what it is: `ls -l {file}`"),
                )
            yield opened, path.name
    except OSError as error:
        from composer.workspace.files import system_error

        if isinstance(error, FileNotFoundError):
            raise _absent(file, path) from None
        raise system_error(error, file, writing=False) from error


def _absent(file: str, path: Path) -> NotFound:
    return NotFound(
        Words(fr="Ce fichier n’existe pas.", en="This file does not exist."),
        where=file,
        hint=Words(fr=f"Voyez ce qui s’y trouve : `ls {path.parent}`", en=f"Look what is there: `ls {path.parent}`"),
    )


@contextmanager
def told_of(name: str) -> Iterator[None]:
    """Names the file in a refusal of what it holds; a place that begins with «:» is a line of it."""
    try:
        yield
    except UsageError as error:
        if not error.where or error.where.startswith(":"):
            error.where = f"{name}{error.where or ''}"
        raise


def write_output(path: Path, content: bytes) -> None:
    """``content`` where ``-o`` says; raises FolderError."""
    _refuse_folder(path, Words(fr="numero.html", en="issue.html"))
    _replace(path, content, mode=None)


def write_private(path: Path, content: bytes) -> None:
    """``content`` for its owner's eyes only, since it names people; raises FolderError."""
    _refuse_folder(path, Words(fr="abonnes.csv", en="people.csv"))
    _replace(path, content, mode=PRIVATE)


def _refuse_folder(path: Path, file: Words) -> None:
    if path.is_dir():
        raise FolderError(
            Words(fr="Ceci est un dossier.", en="This is a folder."),
            where=str(path),
            hint=Words(fr=f"Nommez un fichier : `-o {path}/{file.fr}`", en=f"Name a file: `-o {path}/{file.en}`"),
        )


def _replace(path: Path, content: bytes, *, mode: int | None) -> None:
    """Whole or not at all: on a full disk the file that was there stays. Links, devices and pipes are written through."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        _write_through(path, content, mode=mode)
        return
    usual = path.stat().st_mode & 0o777 if path.exists() else 0o666
    beside = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.tmp")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode or usual), "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        if isinstance(error, FileNotFoundError):  # its folder is not there
            raise FileNotFoundError(error.errno, error.strerror, str(path)) from error
        from composer.workspace.files import system_error

        raise system_error(error, str(path), writing=True) from error


def _write_through(path: Path, content: bytes, *, mode: int | None) -> None:
    with path.open("wb") as opened:
        if mode is not None and stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            os.fchmod(opened.fileno(), mode)  # before the first name is in it
        opened.write(content)


def _is_device(opened: IO[bytes]) -> bool:
    """What has no end, as /dev/zero; a terminal ends when its writer says so."""
    kind = os.fstat(opened.fileno()).st_mode
    return stat.S_ISBLK(kind) or (stat.S_ISCHR(kind) and not opened.isatty())


def _bounded(content: bytes, name: str) -> bytes:
    if len(content) <= LARGEST_BYTES:
        return content
    raise UsageError(
        Words(fr="Ce fichier dépasse 64 Mo.", en="This file is over 64 MB."),
        where=name,
        hint=Words(fr="Coupez-le en plusieurs.", en="Split it."),
    )
