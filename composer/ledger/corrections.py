"""Corrections of web views: which edition the page of an issue shows since when. What readers got stays sealed beside it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Row, delete, insert, select, update

from composer.ledger.store import Store
from composer.ledger.tables import corrections
from composer.model.edition import Correction


class Corrections:
    """The corrections of all issues."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, *, issue_id: str, digest: str, note: str, now: datetime) -> Correction:
        """From now on the page of the issue shows the edition with this digest, which is sealed already."""
        values = {"issue_id": issue_id, "digest": digest, "note": note, "corrected_at": now}
        with self._store.writing() as connection:
            return _correction(connection.execute(insert(corrections).values(values).returning(corrections)).one())

    def of_issue(self, issue_id: str) -> tuple[Correction, ...]:
        """All corrections of an issue, the oldest first; the last one is what its page shows."""
        query = select(corrections).where(corrections.c.issue_id == issue_id).order_by(corrections.c.id)
        with self._store.reading() as connection:
            return tuple(_correction(row) for row in connection.execute(query))

    def annotate(self, correction_id: int, *, note: str) -> None:
        """Says otherwise what was corrected."""
        with self._store.writing() as connection:
            connection.execute(update(corrections).where(corrections.c.id == correction_id).values(note=note))

    def take_back(self, correction_id: int) -> bool:
        """Forgets a correction: the page shows again what it showed before. False when it was gone."""
        with self._store.writing() as connection:
            return connection.execute(delete(corrections).where(corrections.c.id == correction_id)).rowcount == 1


def _correction(row: Row[tuple[object, ...]]) -> Correction:
    return Correction(id=row.id, issue_id=row.issue_id, digest=row.digest, note=row.note, corrected_at=row.corrected_at)
