"""The database behind the ledger: opening it, bringing it to the present shape, and its two kinds of transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, exc, inspect, text

from composer.errors import FolderError, LedgerError
from composer.ledger.patience import NOTICE_S, Patience, is_locked
from composer.words import Words

HEAD = "0002"


class Store:
    """An engine with the two ways of using it; every other part of the ledger is built on these."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self.engine = engine
        self.path = path

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look at the ledger; waits for nobody and stops nobody."""
        with told(self.path), self.engine.connect().execution_options(hebdo_reads=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that has the pen from its first statement on; all of it is on the disk when the block ends, or none."""
        with told(self.path), self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Gives all connections back."""
        self.engine.dispose()


def open_store(path: Path, patience: Patience = Patience()) -> Store:  # noqa: B008 - a frozen value
    """The database at ``path``, made when absent and brought to the present shape."""
    path = Path(os.path.realpath(path))
    with told(path):
        _make_private(path)
        store = Store(_engine(path, patience), path)
        try:
            _bring_to_head(store)
        except BaseException:
            store.close()
            raise
    return store


def _make_private(path: Path) -> None:
    """Subscribers are nobody else's business: the file is readable by its owner alone from its first byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _engine(path: Path, patience: Patience) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": NOTICE_S, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def settle(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself: we say how
        # WAL: readers and the writer do not stop each other. FULL: a committed row survives a power cut.
        patience.execute(connection, "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once when another one wrote in between,
        # in spite of the busy timeout: writers take the pen at the start.
        reads = connection.get_execution_options().get("hebdo_reads", False)
        # The first look takes the reader's lock: after it, nothing in the transaction has to wait.
        statements = ("BEGIN", "SELECT 1 FROM sqlite_schema LIMIT 1") if reads else ("BEGIN IMMEDIATE",)
        patience.execute(_driver_of(connection), *statements)

    return engine


def _driver_of(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the engine is SQLite's
    return driver


def _bring_to_head(store: Store) -> None:
    with store.reading() as connection:
        if _version(connection) == HEAD:
            return
    with store.engine.begin() as connection:
        version = _version(connection)
        if version is not None and version > HEAD:
            raise LedgerError(
                Words(fr="Ce registre vient d’une version plus récente de Hebdo.", en="This ledger comes from a newer Hebdo."),
                where=str(store.path),
                hint=Words(fr="`pip install --upgrade hebdo`", en="`pip install --upgrade hebdo`"),
            )
        if version is None and inspect(connection).get_table_names():
            raise LedgerError(
                Words(
                    fr="Ce fichier est une base de données, mais pas un registre de Hebdo.",
                    en="This is a database, but not Hebdo’s ledger.",
                ),
                where=str(store.path),
                hint=Words(fr="Déplacez ce fichier, puis relancez la commande.", en="Move this file away, then run the command again."),
            )
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if version is None else str(version)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Database and disk errors become ours, with the place and what to do."""
    try:
        yield
    except (exc.DBAPIError, sqlite3.Error) as error:
        raise _explain(error, path) from error
    except OSError as error:
        said = error.strerror or str(error)
        refused = Words(
            fr=f"Le registre ne peut pas être ouvert ici : {said}.",
            en=f"The ledger cannot be opened here: {said}.",
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
