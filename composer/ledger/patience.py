"""Waiting for the pen: another program may hold the ledger for a moment, or for good. Who waits says so, and ends."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

NOTICE_S = 1.0  # a wait shorter than this is nobody's business
BREATH_S = 0.02  # between two attempts: SQLite answers some locks at once, without the wait it was asked for

_log = logging.getLogger(__name__)


def _note() -> None:
    _log.warning("another program keeps the ledger busy; waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for the ledger, and whom to tell once the wait is felt."""

    limit_s: float = 20.0
    waiting: Callable[[], None] = _note  # called once per wait, after a second

    def execute(self, connection: sqlite3.Connection, *statements: str) -> None:
        """``statements``, tried again while the ledger is locked; raises sqlite3.OperationalError after ``limit_s``.

        The connection's own timeout must be ``NOTICE_S``: SQLite waits that long by itself each time.
        """
        began = time.monotonic()
        ends_at = began + self.limit_s
        told = False
        while True:
            try:
                for statement in statements:
                    connection.execute(statement).close()
            except sqlite3.OperationalError as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK").close()
                if not is_locked(error) or time.monotonic() >= ends_at:
                    raise
            else:
                return
            if not told and time.monotonic() - began >= NOTICE_S:
                self.waiting()
                told = True
            time.sleep(BREATH_S)


def is_locked(error: BaseException) -> bool:
    """Whether another program holds what this one wanted."""
    words = str(error)
    return "locked" in words or "busy" in words
