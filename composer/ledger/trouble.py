"""What the database or the disk refused, in our words: the place, and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import exc

from composer.errors import FolderError, LedgerError
from composer.ledger.patience import is_locked
from composer.text.system import words_of
from composer.words import Words


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Database and disk errors become ours, with the place and what to do."""
    try:
        yield
    except (exc.DBAPIError, sqlite3.Error) as error:
        raise _explain(error, path) from error
    except OSError as error:
        said = words_of(error)
        refused = Words(
            fr=f"Le registre ne peut pas être ouvert ici : {said.fr}.",
            en=f"The ledger cannot be opened here: {said.en}.",
        )
        words = _disk_words("readonly") if isinstance(error, PermissionError) else refused
        raise FolderError(words, where=str(path), hint=_DISK_HINT) from error


_DISK_HINT = Words(
    fr="Vérifiez la place libre et les droits : `df -h .`, `ls -ld var`", en="Check the free space and the rights: `df -h .`, `ls -ld var`"
)


def _disk_words(said: str) -> Words:
    if "full" in said:
        return Words(
            fr="Le disque est plein ; ce que le registre sait est intact.", en="The disk is full; what the ledger knows is untouched."
        )
    if "I/O" in said:
        return Words(
            fr="Le disque refuse d’écrire le registre : plein, ou en panne.", en="The disk refuses to write the ledger: full, or failing."
        )
    return Words(fr="Le registre ne peut pas être écrit ici.", en="The ledger cannot be written here.")


def _explain(error: Exception, path: Path) -> LedgerError | FolderError:
    words = str(getattr(error, "orig", error))
    if is_locked(getattr(error, "orig", None) or error):
        return LedgerError(
            Words(fr="Le registre est occupé par un autre programme.", en="Another program keeps the ledger busy."),
            where=str(path),
            hint=Words(
                fr="Fermez ce qui le tient (sauvegarde, explorateur de bases), puis relancez la commande.",
                en="Close what holds it (a backup, a database browser), then run the command again.",
            ),
        )
    if "not a database" in words or "malformed" in words:
        return LedgerError(
            Words(fr="Ce fichier n’est pas un registre lisible.", en="This file is not a readable ledger."),
            where=str(path),
            hint=Words(fr="Remettez une sauvegarde à sa place, puis relancez.", en="Put a backup in its place, then run again."),
        )
    if "readonly" in words or "full" in words or "unable to open" in words or "disk I/O" in words:
        return FolderError(_disk_words(words), where=str(path), hint=_DISK_HINT)
    return LedgerError(
        Words(fr=f"Le registre a refusé : {words}.", en=f"The ledger refused: {words}."),
        where=str(path),
        hint=Words(fr="Relancez ; `HEBDO_DEBUG=1` montre d’où cela vient.", en="Run again; `HEBDO_DEBUG=1` shows where it comes from."),
    )
