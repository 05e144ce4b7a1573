"""Where a backup goes: a name with its hour in it, never that of another; and which old ones go."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from composer.errors import Conflict, NotFound, UsageError
from composer.text.names import slugify
from composer.words import Words
from composer.workspace import Workspace
from composer.workspace.files import make_folder

ENDING, CLOSED_ENDING = ".tar.gz", ".tar.gz.age"
DEFAULT_FOLDER = "backups"  # in var
DEFAULT_KEEP = 14  # there; elsewhere nobody else's disk is thinned out unasked
_STAMP = r"\d{8}T\d{6}Z(?:-\d+)?"


def choose_place(workspace: Workspace, target: str | None, *, closed: bool, keep: int | None, now: datetime) -> Path | None:
    """The file to be written; None for the output. Raises NotFound for a folder that is not there, Conflict for a file that is."""
    if target == "-":
        return None
    path = workspace.var_path / DEFAULT_FOLDER if target is None else Path(target).expanduser().absolute()
    if target is None:
        make_folder(path, shown=workspace.shown(path))
    if path.is_dir():
        return _free(path, _stem(workspace), CLOSED_ENDING if closed else ENDING, now)
    if keep is not None or str(target).endswith("/") or not path.name.endswith((ENDING, ".tgz", ".age")):
        raise NotFound(
            Words(fr="Ce dossier n’existe pas.", en="There is no such folder."),
            where=str(target),
            hint=Words(
                fr=f"Faites-le, ou branchez le disque : `mkdir -p {target}` ; un fichier finit par {ENDING}",
                en=f"Make it, or plug the disk in: `mkdir -p {target}`; a file ends with {ENDING}",
            ),
        )
    if path.exists():
        raise Conflict(
            Words(
                fr="Ce fichier existe déjà : une sauvegarde n’en remplace aucune.", en="This file exists already: a backup replaces none."
            ),
            where=str(target),
            hint=Words(
                fr=f"Nommez le dossier, l’heure fera le nom : `hebdo backup {path.parent}`",
                en=f"Name the folder, the hour makes the name: `hebdo backup {path.parent}`",
            ),
        )
    if not path.parent.is_dir():
        raise NotFound(
            Words(fr="Ce dossier n’existe pas.", en="There is no such folder."),
            where=str(path.parent),
            hint=Words(fr=f"Faites-le : `mkdir -p {path.parent}`", en=f"Make it: `mkdir -p {path.parent}`"),
        )
    return path


def _stem(workspace: Workspace) -> str:
    return f"hebdo-{slugify(workspace.newsletter.name, max_length=40) or 'lettre'}"


def _free(folder: Path, stem: str, ending: str, now: datetime) -> Path:
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    # Behind the last one, not in the first gap: what is thinned out leaves gaps, and the newest must look the newest.
    turn = 1 + max((_age(path)[1] for path in folder.glob(f"{stem}-{stamp}*")), default=0)
    if turn < 1000:
        return folder / f"{stem}-{stamp}{f'-{turn}' if turn > 1 else ''}{ending}"
    raise UsageError(
        Words(fr="Trop de sauvegardes dans la même seconde.", en="Too many backups within one second."),
        where=str(folder),
        hint=Words(fr="Relancez.", en="Run again."),
    )


def thin_out(newest: Path, keep: int) -> tuple[Path, ...]:
    """Removes the oldest of this newsletter's backups beside ``newest``, but for ``keep``; by their names, never anything else."""
    found = re.fullmatch(rf"(.+-)({_STAMP})({re.escape(ENDING)}(?:\.age)?)", newest.name)
    if found is None:
        return ()
    mine = re.compile(rf"{re.escape(found[1])}({_STAMP}){re.escape(ENDING)}(?:\.age)?")
    aged = sorted((path for path in newest.parent.iterdir() if mine.fullmatch(path.name) and path.is_file()), key=_age, reverse=True)
    old = tuple(path for path in aged[keep:] if path != newest)
    for path in old:
        path.unlink(missing_ok=True)
    return old


def partial_of(place: Path, owner: str) -> Path:
    """The name of a backup to ``place`` while it is being written by the workspace that ``owner`` names."""
    return place.with_name(f".{place.name}.{_mark(owner)}.partial")


def sweep_partials(folder: Path, owner: str) -> None:
    """Removes what a killed backup of ``owner`` left in ``folder``; to be called by who alone backs that workspace up now."""
    mine = re.compile(rf"\..+(?:{re.escape(ENDING)}|\.tgz|\.age)\.{_mark(owner)}\.partial")
    with suppress(OSError):  # a folder that may be written and not listed
        for path in folder.iterdir():
            if mine.fullmatch(path.name):
                path.unlink(missing_ok=True)


def _mark(owner: str) -> str:
    return hashlib.sha256(owner.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _age(path: Path) -> tuple[str, int]:
    stamp = re.search(r"(\d{8}T\d{6}Z)(?:-(\d+))?\.tar", path.name)
    return (stamp[1], int(stamp[2] or 1)) if stamp else ("", 0)
