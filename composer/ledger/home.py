"""Where a ledger lives: a copy on another machine, or in another folder, must not send what the original sends."""

from __future__ import annotations

import os
import platform
import uuid
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_ignore

from composer.deliver.schedule import moment_words
from composer.errors import LedgerError
from composer.ledger.copies import taken_at_of
from composer.ledger.deliveries import lapse
from composer.ledger.mailings import ALIVE
from composer.ledger.store import Store
from composer.ledger.tables import heartbeats, home, mailings
from composer.ledger.trouble import told
from composer.model.mailing import MailingState
from composer.words import Words

MACHINE_ID_FILES = ("/etc/machine-id", "/var/lib/dbus/machine-id")


class Home:
    """The ledger's own place, and whether this is it.

    A backup that `hebdo backup` took says so in itself. For any other, beside the ledger stands its mark, a counter that the ledger always
    counts first: a ledger that is behind its mark was put back, and does not know what left since.
    """

    def __init__(self, store: Store, *, now: datetime, zone: tzinfo) -> None:
        self._store = store
        self._zone = zone  # that hours are said in
        self._mark = store.path.with_name(store.path.name + ".mark")
        self.place = place_of(store.path)
        counted = _read_mark(self._mark)
        with store.reading() as connection:  # who only looks waits for nobody
            known = connection.execute(select(home.c.place, home.c.turns, home.c.claimed_at)).first()
        if known is None:
            with store.writing() as connection:
                first = insert_or_ignore(home).values(id=1, place=self.place, claimed_at=now, turns=counted)
                connection.execute(first.on_conflict_do_nothing())
        self.known_place: str = self.place if known is None else known.place
        self.claimed_at: datetime = now if known is None else known.claimed_at
        self.taken_at = taken_at_of(self.known_place)  # when the backup was taken that this ledger is; None: it is none
        self.is_restored = self.taken_at is not None or (known is not None and known.turns < counted)
        self.is_copy = not self.is_restored and self.known_place != self.place

    @property
    def is_here(self) -> bool:
        """Whether this ledger may send from here."""
        return not self.is_copy and not self.is_restored

    def require(self) -> None:
        """Raises LedgerError on a copy, and on a backup that was put back."""
        if self.is_copy:
            raise self._refusal(
                "Ce registre est une copie\u00a0: l’original, ailleurs, peut déjà envoyer. Rien ne part d’ici.",
                "This ledger is a copy: the original, elsewhere, may be sending. Nothing leaves from here.",
                "Si l’original est arrêté pour de bon\u00a0: `hebdo home claim`",
                "If the original is stopped for good: `hebdo home claim`",
            )
        if self.is_restored:
            raise self._refusal(
                f"Ce registre est une sauvegarde{self.since.fr}, remise en place\u00a0: il ignore ce qui est parti depuis. Rien ne part.",
                f"This ledger is a backup{self.since.en}, put back: it does not know what has left since. Nothing leaves.",
                "Pour repartir d’ici, tout envoi ouvert restant en attente\u00a0: `hebdo home claim`",
                "To go on from here, with every open mailing on hold: `hebdo home claim`",
            )

    @property
    def since(self) -> Words:
        """« du dimanche 22 novembre 2026 à 10 h 05 (Europe/Paris)»: of when the backup is; nothing where that is unknown."""
        taken = self.moment
        return Words(fr=f" du {taken.fr}", en=f" of {taken.en}") if taken.fr else taken

    @property
    def moment(self) -> Words:
        """«dimanche 22 novembre 2026 à 10 h 05 (Europe/Paris)»: when the backup was taken; nothing where that is unknown."""
        return Words(fr="", en="") if self.taken_at is None else moment_words(self.taken_at.astimezone(self._zone), str(self._zone))

    def turn(self) -> None:
        """Counts one turn, in the ledger and then on the mark; twice a minute, and at every launch, is enough."""
        with self._store.writing() as connection:
            turns = connection.execute(update(home).values(turns=home.c.turns + 1).returning(home.c.turns)).scalar_one()
        _write_mark(self._mark, turns)

    def claim(self, *, now: datetime, reason: Callable[[str], str]) -> tuple[str, ...]:
        """Makes this place the ledger's home; every open mailing waits for a person, with ``reason`` of its issue.

        What was being handed over when the copy was taken is uncertain. Gives the issues that wait.
        """
        if self.is_here:
            return ()
        code = "restored" if self.is_restored else "claimed"
        with self._store.writing() as connection:
            turns = max(connection.execute(select(home.c.turns)).scalar_one(), _read_mark(self._mark))
            connection.execute(update(home).values(place=self.place, claimed_at=now, turns=turns))
            connection.execute(heartbeats.delete())  # of the original's clocks
            lapse(connection, now=None, written_at=now)
            open_ = connection.execute(
                select(mailings.c.id, mailings.c.issue_id).where(mailings.c.state.in_(ALIVE)).order_by(mailings.c.id)
            ).all()
            for id_, issue_id in open_:
                waiting = {"state": MailingState.HELD, "reason": reason(issue_id), "reason_code": code}
                connection.execute(update(mailings).where(mailings.c.id == id_).values(waiting))
        self.is_copy = self.is_restored = False
        self.known_place, self.claimed_at, self.taken_at = self.place, now, None
        return tuple(issue_id for _, issue_id in open_)

    def _refusal(self, french: str, english: str, french_hint: str, english_hint: str) -> LedgerError:
        return LedgerError(Words(fr=french, en=english), where=str(self._store.path), hint=Words(fr=french_hint, en=english_hint))


def _read_mark(path: Path) -> int:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def _write_mark(path: Path, turns: int) -> None:
    """Whole or not at all; a mark that is behind its ledger harms nobody, so no fsync."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with told(path):
        draft.write_text(str(turns), encoding="ascii")
        draft.replace(path)


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
