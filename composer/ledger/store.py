"""The database behind the ledger: opening it, bringing it to the present shape, and its two kinds of transaction."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event

from composer.ledger.patience import NOTICE_S, Patience
from composer.ledger.trouble import told
from composer.ledger.upgrade import Told, bring_to_head, log_told


class Store:
    """An engine with the two ways of using it; every other part of the ledger is built on these."""

    def __init__(self, engine: Engine, path: Path, patience: Patience) -> None:
        self.engine = engine
        self.path = path
        self._patience = patience
        self._pen: PoolProxiedConnection | None = None
        self._pen_lock = threading.Lock()

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

    @contextmanager
    def pen(self) -> Iterator[sqlite3.Connection]:
        """``writing`` for what runs for every message: the driver's own connection, kept for it, without what SQLAlchemy does around one."""
        with told(self.path), self._pen_lock:
            if self._pen is None:
                self._pen = self.engine.raw_connection()
            driver = self._pen.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the engine is SQLite's
            self._patience.execute(driver, "BEGIN IMMEDIATE")
            try:
                yield driver
                driver.execute("COMMIT").close()
            except BaseException:
                if driver.in_transaction:
                    driver.execute("ROLLBACK").close()
                raise

    def close(self) -> None:
        """Gives all connections back."""
        if self._pen is not None:
            self._pen.close()
        self.engine.dispose()


def open_store(path: Path, patience: Patience = Patience(), *, say: Told = log_told) -> Store:  # noqa: B008 - a frozen value
    """The database at ``path``, made when absent and brought to the present shape; ``say`` hears when an older one was changed."""
    path = Path(os.path.realpath(path))
    with told(path):
        _make_private(path)
        store = Store(_engine(path, patience), path, patience)
        try:
            bring_to_head(store.engine, path, say=say)
        except BaseException:
            store.close()
            raise
    return store


def _make_private(path: Path) -> None:
    """Subscribers are nobody else's business: the file is readable by its owner alone from its first byte.

    One that is there is not opened: closing any handle of it takes all locks of this process away (sqlite.org/howtocorrupt.html §2.2), and
    the next process that closes its own connection removes the WAL under those that still write.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


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
        patience.execute(driver_of(connection), *statements)

    return engine


def driver_of(connection: Connection) -> sqlite3.Connection:
    """The driver's connection behind SQLAlchemy's, in the same transaction."""
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the engine is SQLite's
    return driver
