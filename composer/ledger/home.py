"""Where a ledger lives: a copy on another machine, or in another folder, must not send what the original sends."""

from __future__ import annotations

import os
import platform
import uuid
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select, update

from composer.errors import LedgerError
from composer.ledger.store import Store
from composer.ledger.tables import home, mailings
from composer.model.mailing import MailingState
from composer.words import Words

MACHINE_ID_FILES = ("/etc/machine-id", "/var/lib/dbus/machine-id")


class Home:
    """The ledger's own place, and whether this is it."""

    def __init__(self, store: Store, *, now: datetime) -> None:
        self._store = store
        self.place = place_of(store.path)
        with store.writing() as connection:
            known = connection.execute(select(home.c.place)).scalar()
            if known is None:
                connection.execute(insert(home).values(id=1, place=self.place, claimed_at=now))
        self.is_here = known is None or known == self.place

    def require(self) -> None:
        """Raises LedgerError on a copy."""
        if not self.is_here:
            raise LedgerError(
                Words(
                    fr="Ce registre est une copie : l’original, ailleurs, peut déjà envoyer. Rien ne part d’ici.",
                    en="This ledger is a copy: the original, elsewhere, may be sending. Nothing leaves from here.",
                ),
                where=str(self._store.path),
                hint=Words(
                    fr="Si l’original est arrêté pour de bon : `hebdo home claim`",
                    en="If the original is stopped for good: `hebdo home claim`",
                ),
            )

    def claim(self, *, now: datetime, reason: str) -> int:
        """Makes this place the ledger's home; what was due or running waits for a person. Gives how many mailings wait."""
        moving = (MailingState.SCHEDULED, MailingState.RUNNING, MailingState.PAUSED)
        with self._store.writing() as connection:
            if connection.execute(select(home.c.place)).scalar() == self.place:
                self.is_here = True
                return 0
            connection.execute(update(home).values(place=self.place, claimed_at=now))
            held = connection.execute(
                update(mailings).where(mailings.c.state.in_(moving)).values(state=MailingState.HELD, reason=reason, reason_code="claimed")
            )
        self.is_here = True
        return held.rowcount


def place_of(path: Path) -> str:
    """The name of this place: ``HEBDO_HOME_ID`` where machines come and go (containers), else machine id and real path."""
    chosen = os.environ.get("HEBDO_HOME_ID", "").strip()
    return f"id:{chosen}" if chosen else f"machine:{_machine_id()}:{os.path.realpath(path)}"


def _machine_id() -> str:
    for file in MACHINE_ID_FILES:
        try:
            known = Path(file).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
        if known:
            return known
    return f"{platform.node()}-{uuid.getnode():012x}"
