"""From one shape of the ledger to the next, and back for an older Hebdo. The ledger as it was is kept beside it first."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from composer.errors import Conflict, FolderError, LedgerError, UsageError
from composer.ledger.copies import check_copy, copy_ledger, mark_as_backup
from composer.words import Words

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0003"
SENDER_LOCK = "sender.lock"  # beside the ledger; whoever sends holds it
KEPT = 3  # ledgers of before, the newest
_ONE_AT_A_TIME = threading.Lock()  # Alembic keeps the migration under way in globals of the process

Told = Callable[[Words], None]

_log = logging.getLogger(__name__)


def log_told(words: Words) -> None:
    """For whoever has no person to tell."""
    _log.warning("%s", words.en)


def bring_to_head(engine: Engine, path: Path, *, say: Told = log_told) -> None:
    """Makes a new ledger, or brings an older one to the present shape: whole or not at all.

    Raises LedgerError for a foreign or newer database, and while an engine of an older version sends from this one.
    """
    with engine.connect().execution_options(hebdo_reads=True) as connection, connection.begin():
        if revision_of(connection) == HEAD:
            return
    from alembic import command  # here: 10 MB that a ledger of the present shape never needs

    with engine.begin() as connection:  # has the pen: what another process is changing has been changed when this begins
        version = revision_of(connection)
        if version == HEAD:
            return
        if version is None and inspect(connection).get_table_names():
            raise _foreign(path)
        if version is not None and version > HEAD:
            raise _newer(path, version)
        kept = None
        if version is not None:
            _refuse_engine(path)
            kept = _keep(path, version)
        with _ONE_AT_A_TIME:
            command.upgrade(_alembic(connection), "head")
    if kept is not None:
        say(
            Words(
                fr=f"Registre mis à jour de {version} à {HEAD}. Celui d’avant est gardé : {kept}",
                en=f"Ledger brought from {version} to {HEAD}. The one of before is kept: {kept}",
            )
        )


def bring_back(engine: Engine, path: Path, to: str) -> Path | None:
    """Gives the ledger the shape ``to`` for an older Hebdo, and gives where the present one is kept; None when it has that shape.

    Raises UsageError for a shape that is none, LedgerError while an engine runs, Conflict when the older one would misread an open mailing.
    """
    from alembic import command

    with engine.begin() as connection:
        version = revision_of(connection) or HEAD
        known = revisions()
        if to not in known or to > version:
            raise UsageError(
                Words(fr=f"« {to} » n’est pas une forme plus ancienne du registre.", en=f"“{to}” is no older shape of the ledger."),
                where="--to",
                hint=Words(fr=f"Il y a : {', '.join(known)}", en=f"There are: {', '.join(known)}"),
            )
        if to == version:
            return None
        _refuse_engine(path)
        _refuse_corrections(connection, to)
        _refuse_plans(connection, to)
        kept = _keep(path, version)
        with _ONE_AT_A_TIME:
            command.downgrade(_alembic(connection), to)
    return kept


def revisions() -> tuple[str, ...]:
    """Every shape that this Hebdo knows, the oldest first."""
    from alembic.script import ScriptDirectory

    return tuple(sorted(script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()))


def revision_of(connection: Connection) -> str | None:
    """The shape of a ledger, None for a database that is none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if version is None else str(version)


def engine_runs(path: Path) -> bool:
    """Whether somebody sends from the ledger at ``path`` just now."""
    with suppress(FileNotFoundError), _opened(path.with_name(SENDER_LOCK)) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield handle
    finally:
        os.close(handle)


def _alembic(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _keep(path: Path, version: str) -> Path:
    """The ledger as it is, sound and marked as a backup; read beside the transaction that has the pen, so nothing is missing in it."""
    folder, moment = path.parent / "backups", datetime.now(UTC)
    stem = f"ledger-{version}-{moment:%Y%m%dT%H%M%SZ}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        kept = next(name for n in range(100) if not (name := folder / f"{stem}{f'-{n}' if n else ''}.sqlite").exists())
        partial = kept.with_name(f".{kept.name}.partial")
        partial.unlink(missing_ok=True)
        copy_ledger(path, partial)
        mark_as_backup(partial, taken_at=moment)
        check_copy(partial)
        with _opened(partial) as handle:
            os.fsync(handle)
        partial.replace(kept)
    except FolderError as error:
        raise _no_copy(error.where or str(folder), error.message) from error
    for old in sorted(folder.glob("ledger-[0-9]*Z*.sqlite"), key=lambda one: one.name.split("-")[2:], reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)
    return kept


def _refuse_engine(path: Path) -> None:
    if engine_runs(path):
        raise LedgerError(
            Words(
                fr="Un moteur de Hebdo tourne sur ce registre : sa forme ne change pas sous ses pieds.",
                en="An engine of Hebdo runs on this ledger: its shape is not changed meanwhile.",
            ),
            where=str(path),
            hint=Words(
                fr="Arrêtez `hebdo serve` (Ctrl+C, ou `systemctl stop hebdo`), relancez cette commande, puis `hebdo serve`.",
                en="End `hebdo serve` (Ctrl+C, or `systemctl stop hebdo`), run this command again, then `hebdo serve`.",
            ),
        )


def _refuse_corrections(connection: Connection, to: str) -> None:
    """Before 0002 nobody knows that a mailing goes to some readers only: an older Hebdo would write to everybody."""
    if to >= "0002" or "correction_of" not in {column["name"] for column in inspect(connection).get_columns("mailings")}:
        return
    waiting = (
        "SELECT issue_id FROM mailings WHERE correction_of IS NOT NULL AND launched_at IS NULL AND state IN ('scheduled', 'held') LIMIT 1"
    )
    issue = connection.execute(text(waiting)).scalar()
    if issue is not None:
        raise Conflict(
            Words(
                fr="Un rectificatif attend son heure ; un Hebdo plus ancien l’enverrait à tous les abonnés.",
                en="A correction waits for its hour; an older Hebdo would send it to every subscriber.",
            ),
            where=str(issue),
            hint=Words(fr=f"D’abord : `hebdo unschedule {issue}`", en=f"First: `hebdo unschedule {issue}`"),
        )


def _refuse_plans(connection: Connection, to: str) -> None:
    """Before 0003 nobody knows of first slices and local hours: an older Hebdo would write to everybody at once."""
    if to >= "0003" or "plan" not in {column["name"] for column in inspect(connection).get_columns("mailings")}:
        return
    waiting = "SELECT issue_id FROM mailings WHERE plan != '{}' AND launched_at IS NULL AND state IN ('scheduled', 'held') LIMIT 1"
    issue = connection.execute(text(waiting)).scalar()
    if issue is not None:
        raise Conflict(
            Words(
                fr="Un envoi attend avec un premier lot ou des heures locales ; un Hebdo plus ancien l’enverrait à tous d’un coup.",
                en="A mailing waits with a first slice or local hours; an older Hebdo would send it to everybody at once.",
            ),
            where=str(issue),
            hint=Words(fr=f"D’abord : `hebdo unschedule {issue}`", en=f"First: `hebdo unschedule {issue}`"),
        )


def _no_copy(where: str, said: Words) -> FolderError:
    return FolderError(
        Words(
            fr=f"Le registre d’avant ne peut pas être gardé, donc rien n’y est changé : {said.fr}",
            en=f"The ledger of before cannot be kept, so nothing is changed in it: {said.en}",
        ),
        where=where,
        hint=Words(fr="Faites de la place (`df -h .`), puis relancez.", en="Make room (`df -h .`), then run again."),
    )


def _foreign(path: Path) -> LedgerError:
    return LedgerError(
        Words(fr="Ce fichier est une base de données, mais pas un registre de Hebdo.", en="This is a database, but not Hebdo’s ledger."),
        where=str(path),
        hint=Words(fr="Déplacez ce fichier, puis relancez la commande.", en="Move this file away, then run the command again."),
    )


def _newer(path: Path, version: str) -> LedgerError:
    return LedgerError(
        Words(
            fr=f"Ce registre vient d’une version plus récente de Hebdo (forme {version} ; celle-ci lit {HEAD}).",
            en=f"This ledger comes from a newer Hebdo (shape {version}; this one reads {HEAD}).",
        ),
        where=str(path),
        hint=Words(
            fr=f"Reprenez la version récente, `pip install --upgrade hebdo` ; ou, avec elle, rendez-le à celle-ci : `hebdo home downgrade --to {HEAD}`",
            en=f"Take the newer one, `pip install --upgrade hebdo`; or, with it, give the ledger back to this one: `hebdo home downgrade --to {HEAD}`",
        ),
    )
