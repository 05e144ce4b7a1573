"""``hebdo backup``: the whole newsletter as one file, taken while everything runs, believed only after it was read again."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from composer.engine.lock import FileLock
from composer.errors import Conflict, FolderError, LedgerError, NotFound
from composer.ledger.copies import LedgerFacts, check_copy, copy_ledger, mark_as_backup
from composer.ledger.home import place_of
from composer.words import Words
from composer.workflow.backup_places import DEFAULT_KEEP, choose_place, partial_of, sweep_partials, thin_out
from composer.workspace import Workspace
from composer.workspace.archive import LEDGER, Manifest, write_archive
from composer.workspace.archive_reading import extract_archive, read_archive
from composer.workspace.files import sync_folder, system_error
from composer.workspace.shipped import own_version
from composer.workspace.strongbox import Keys, close_box, is_closed, open_box

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that was read again from end to end and is good."""

    path: Path | None  # None: it went to the output
    size_bytes: int
    closed: bool  # encrypted
    about: dict[str, Any]  # what its manifest says
    members: int
    left_out: tuple[str, ...]  # what else stands in the folder
    ledger: LedgerFacts | None
    removed: tuple[Path, ...] = ()  # older ones, by ``keep``

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {
            "file": str(self.path) if self.path else None,
            "size_bytes": self.size_bytes,
            "encrypted": self.closed,
            "files": self.members,
            "left_out": list(self.left_out),
            "about": self.about,
            "rows": dict(self.ledger.rows) if self.ledger else None,
            "open": [
                {"issue": one.issue_id, "state": one.state, "waiting": one.waiting, "on_the_wire": one.on_the_wire}
                for one in self.ledger.moving
            ]
            if self.ledger
            else [],
            "removed": [str(path) for path in self.removed],
        }


def back_up(workspace: Workspace, target: str | None, *, keys: Keys, keep: int | None, now: datetime) -> Backup:
    """Writes a backup to ``target``: a folder, a file that does not exist yet, ``-`` for the output, or nothing for ``var/backups``.

    Only a whole file that was read again gets its name. Raises FolderError (a full disk: the half file is gone), Conflict, UsageError, LedgerError.
    """
    keep = DEFAULT_KEEP if target is None and keep is None else keep
    place = choose_place(workspace, target, closed=keys.can_close, keep=keep, now=now)
    with _alone(workspace), _staging(workspace) as staging, _told(workspace, place):
        owner = place_of(workspace.ledger_path)
        if place is not None:
            sweep_partials(place.parent, owner)
        plain = _pack(workspace, staging, secrets_too=keys.can_close, now=now)
        shown = "-" if place is None else place.name
        partial = staging / "out" if place is None else partial_of(place, owner)
        try:
            opens = _write(plain, partial, keys)
            plain.unlink()
            backup = _look(partial, staging, opens, shown=shown)
            if place is None:
                _pour(partial, sys.stdout.buffer)
            else:
                _name(partial, place)
        finally:
            partial.unlink(missing_ok=True)
        removed = () if place is None or keep is None else thin_out(place, keep)
    return replace(backup, path=place, removed=removed)


def verify(file: Path, *, keys: Keys) -> Backup:
    """Reads a backup from end to end: every member against its hash, the ledger against itself and its manifest. Raises FolderError, LedgerError."""
    require_file(file)
    with tempfile.TemporaryDirectory(prefix="hebdo-") as folder:
        return _look(file, Path(folder), keys, shown=str(file))


def require_file(file: Path) -> None:
    """Raises NotFound or FolderError unless ``file`` is one."""
    if not file.is_file():
        raise NotFound(
            Words(fr="Cette sauvegarde n’existe pas.", en="There is no such backup."),
            where=str(file),
            hint=Words(fr=f"Voyez ce qui s’y trouve : `ls -l {file.parent}`", en=f"Look what is there: `ls -l {file.parent}`"),
        )


def read_backup(file: Path, staging: Path, keys: Keys, *, shown: str) -> tuple[Path, Manifest]:
    """The backup as an open archive (in ``staging`` when it was closed), every member held against the manifest; nothing else is written."""
    try:
        plain = file
        if is_closed(file):
            plain = staging / "open.tar.gz"
            with _private(plain) as stream:
                open_box(file, stream, keys, shown=shown)
        return plain, read_archive(plain, shown=shown)
    except OSError as error:
        raise system_error(error, shown, writing=False) from error


def require_sound_ledger(path: Path, manifest: Manifest) -> LedgerFacts:
    """What the ledger of a backup holds; raises LedgerError unless it is sound, FolderError unless it is the one its manifest tells of."""
    try:
        facts = check_copy(path)
    except LedgerError as error:  # it names a place that is gone when this is read
        raise LedgerError(error.message, where=LEDGER, hint=_ANOTHER) from error
    told = manifest.about.get("rows")
    if told != dict(facts.rows) or manifest.about.get("schema") != facts.revision:
        raise FolderError(
            Words(
                fr="Le registre de cette sauvegarde n’est pas celui de son manifeste.",
                en="The ledger of this backup is not that of its manifest.",
            ),
            where=LEDGER,
            hint=_ANOTHER,
        )
    return facts


_ANOTHER = Words(fr="Prenez une autre sauvegarde.", en="Take another backup.")


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """One backup of a workspace at a time: what lies about from earlier ones is then nobody's."""
    lock = FileLock(workspace.var_path / "backup.lock")
    try:
        taken = lock.acquire()
    except OSError as error:
        raise system_error(error, workspace.shown(lock.path), writing=True) from error
    if not taken:
        raise Conflict(
            Words(fr="Une autre sauvegarde de cette lettre est en cours.", en="Another backup of this newsletter is under way."),
            where=str(workspace.root),
            hint=Words(fr="Attendez qu’elle finisse, puis relancez.", en="Wait for its end, then run again."),
        )
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _staging(workspace: Workspace) -> Iterator[Path]:
    for left in workspace.var_path.glob(".backup-*"):  # of one that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=workspace.var_path) as folder:  # 0700
        yield Path(folder)


@contextmanager
def _told(workspace: Workspace, place: Path | None) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        where = str(place) if place else workspace.shown(workspace.var_path)
        told = system_error(error, where, writing=True)
        raise FolderError(
            Words(
                fr=f"La sauvegarde n’est pas faite, et ce qui en était écrit est retiré. {told.message.fr}",
                en=f"The backup was not made, and what was written of it is removed. {told.message.en}",
            ),
            where=where,
            hint=told.hint,
        ) from error


def _pack(workspace: Workspace, staging: Path, *, secrets_too: bool, now: datetime) -> Path:
    """The archive, still open, in ``staging``. The ledger first: files may be newer than it, and then it refuses to send; never the reverse."""
    ledger: Path | None = None
    about: dict[str, Any] = {
        "newsletter": workspace.newsletter.name,
        "taken_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "time_zone": workspace.newsletter.time_zone,
        "hebdo": own_version(),
        "schema": None,
        "rows": None,
    }
    if workspace.ledger_path.exists():
        ledger = staging / "ledger.sqlite"
        copy_ledger(workspace.ledger_path, ledger)
        mark_as_backup(ledger, taken_at=now)
        facts = check_copy(ledger, whole=False)  # that is looked at in the finished file
        about |= {"schema": facts.revision, "rows": dict(facts.rows)}
    plain = staging / "plain.tar.gz"
    with _private(plain) as stream:
        write_archive(stream, workspace.root, ledger=ledger, secrets=secrets_too, about=about)
    if ledger is not None:
        ledger.unlink()
    return plain


def _write(plain: Path, partial: Path, keys: Keys) -> Keys:
    """Puts the archive where it is to be, closed when that was asked; gives the keys to look at it with."""
    with _private(partial) as stream:
        if keys.can_close:
            opens = close_box(plain, stream, keys)
        else:
            opens = keys
            _pour(plain, stream)
        stream.flush()
        os.fsync(stream.fileno())
    return opens


def _look(file: Path, staging: Path, keys: Keys, *, shown: str) -> Backup:
    """What a finished file holds, read from itself."""
    plain, manifest = read_backup(file, staging, keys, shown=shown)
    facts = None
    if LEDGER in manifest.members:
        extract_archive(plain, staging, only=(LEDGER,), shown=shown)
        facts = require_sound_ledger(staging / LEDGER, manifest)
    return Backup(
        path=file,
        size_bytes=file.stat().st_size,
        closed=is_closed(file),
        about={name: value for name, value in manifest.about.items() if name != "rows"},
        members=len(manifest.members),
        left_out=manifest.left_out,
        ledger=facts,
    )


def _name(partial: Path, place: Path) -> None:
    """The finished file gets its name, never that of another; and keeps it over a power cut."""
    try:
        place.hardlink_to(partial)
    except FileExistsError:
        raise
    except OSError:  # a file system without links (FAT, some network drives)
        partial.rename(place)
    with suppress(OSError):
        sync_folder(place.parent)


def _pour(source: Path, stream: IO[bytes]) -> None:
    with source.open("rb") as opened:
        shutil.copyfileobj(opened, stream, _CHUNK_BYTES)
    stream.flush()


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        yield stream
