"""``hebdo restore``: a backup becomes a workspace in a folder of its own, which sends nothing until ``hebdo home claim``."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from composer.engine.lock import FileLock
from composer.errors import Conflict, FolderError
from composer.ledger.copies import LedgerFacts, mark_as_backup, moment_of
from composer.words import Words
from composer.workflow.backing_up import read_backup, require_file, require_sound_ledger
from composer.workspace.archive import LEDGER
from composer.workspace.archive_reading import extract_archive
from composer.workspace.config import CONFIG_NAME, SECRETS_NAME
from composer.workspace.files import sync_folder, system_error
from composer.workspace.strongbox import Keys

BUILDING = ".hebdo-restore-"  # a folder of this name is being put back, or its restore was killed
OWNER = ".hebdo-restore.lock"  # held within it by who puts it back
NOBODYS = frozenset({"lost+found"})  # what a fresh volume holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A workspace that was put back."""

    folder: Path
    files: int
    about: dict[str, Any]  # newsletter, versions, the moment it was taken
    ledger: LedgerFacts | None
    secrets: bool  # whether the mail server's password came with it

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {
            "folder": str(self.folder),
            "files": self.files,
            "about": self.about,
            "rows": dict(self.ledger.rows) if self.ledger else None,
            "secrets": self.secrets,
        }


def restore(file: Path, target: Path, *, keys: Keys) -> Restored:
    """Puts a backup back into ``target``, an absent or empty folder: everything or nothing, after every member was held against the manifest.

    Raises Conflict for a folder with something in it, FolderError and LedgerError for a backup that is not whole.
    """
    require_file(file)
    target = target.expanduser().absolute()
    _sweep(target if target.is_dir() else target.parent)
    _refuse_full(target, file)
    try:
        with _building(target) as building:
            plain, manifest = read_backup(file, building, keys, shown=str(file))
            made = building / "workspace"
            made.mkdir()
            extract_archive(plain, made, shown=str(file))
            facts = None
            if LEDGER in manifest.members:
                facts = require_sound_ledger(made / LEDGER, manifest)
                mark_as_backup(made / LEDGER, taken_at=_taken_at(dict(manifest.about)))
            _move(made, target)
    except OSError as error:
        told = system_error(error, str(target), writing=True)
        raise FolderError(
            Words(fr=f"Rien n’est remis en place. {told.message.fr}", en=f"Nothing is put back. {told.message.en}"),
            where=told.where,
            hint=told.hint,
        ) from error
    return Restored(
        folder=target,
        files=len(manifest.members),
        about={name: value for name, value in manifest.about.items() if name != "rows"},
        ledger=facts,
        secrets=SECRETS_NAME in manifest.members,
    )


def _refuse_full(target: Path, file: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        found = target.name
    elif target.is_dir():
        found = next((entry.name for entry in target.iterdir() if entry.name not in NOBODYS), "")
    else:
        return
    if found:
        raise Conflict(
            Words(
                fr=f"Une sauvegarde n’est jamais remise par-dessus quelque chose ; il y a là : {found}",
                en=f"A backup is never put back over anything; there is: {found}",
            ),
            where=str(target),
            hint=_elsewhere(target, file),
        )


def _elsewhere(target: Path, file: Path) -> Words:
    if target.is_mount():  # a volume cannot be renamed
        return Words(
            fr=f"Nommez un dossier neuf de ce volume : `hebdo restore {file} {target / 'lettre'}`",
            en=f"Name a new folder of this volume: `hebdo restore {file} {target / 'letter'}`",
        )
    return Words(
        fr=f"Nommez un dossier qui n’existe pas encore, ou écartez celui-ci : `mv {target} {target}.avant`",
        en=f"Name a folder that does not exist yet, or put this one aside: `mv {target} {target}.before`",
    )


@contextmanager
def _building(target: Path) -> Iterator[Path]:
    """A folder on the same disk; within ``target`` where that exists already (a volume's own root cannot be renamed)."""
    inside = target.is_dir()
    place = target if inside else target.parent
    if not inside:
        place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=BUILDING, dir=place) as folder:
        lock = FileLock(Path(folder, OWNER))
        lock.acquire()
        try:
            yield Path(folder)
        finally:
            lock.release()


def _sweep(place: Path) -> None:
    """Removes what killed restores left in ``place``: folders of our name with our lock in them, that nobody holds any more."""
    with suppress(OSError):
        for folder in [path for path in place.glob(f"{BUILDING}*") if path.is_dir() and not path.is_symlink()]:
            lock = FileLock(folder / OWNER)
            if lock.path.is_file() and lock.acquire():
                try:
                    shutil.rmtree(folder, ignore_errors=True)
                finally:
                    lock.release()


def _move(made: Path, target: Path) -> None:
    """In one rename where the folder is new; else part by part, and last the file that makes a folder a workspace."""
    for folder in (path for path in made.rglob("*") if path.is_dir()):
        sync_folder(folder)
    made.chmod(0o755)
    if not target.exists():
        made.rename(target)
    else:
        for entry in sorted(made.iterdir(), key=lambda one: one.name == CONFIG_NAME):
            shutil.move(entry, target / entry.name)
    sync_folder(target.parent)
    sync_folder(target)


def _taken_at(about: dict[str, Any]) -> datetime:
    return moment_of(str(about.get("taken_at", ""))) or datetime.now(UTC)
