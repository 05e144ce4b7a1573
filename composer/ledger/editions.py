"""Sealed editions: their bytes live here, so that what leaves is what was sealed, whatever happens to the files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_ignore

from composer.ledger.store import Store
from composer.ledger.tables import edition_pictures, editions, pictures
from composer.model.edition import Edition, EditionPicture


class Editions:
    """The sealed editions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def seal(self, edition: Edition, *, now: datetime) -> None:
        """Keeps ``edition``; sealing the same one again changes only what is said of its making."""
        same = and_(editions.c.issue_id == edition.issue_id, editions.c.digest == edition.digest)
        with self._store.writing() as connection:
            made_with = [list(pair) for pair in edition.made_with]
            if not connection.execute(update(editions).where(same).values(made_with=made_with)).rowcount:
                _insert(connection, edition, now)

    def get(self, issue_id: str, digest: str) -> Edition | None:
        """The edition as it was sealed, pictures included."""
        with self._store.reading() as connection:
            wanted = select(editions).where(editions.c.issue_id == issue_id, editions.c.digest == digest)
            row = connection.execute(wanted).first()
            if row is None:
                return None
            shown = _pictures(connection, row.id)
        return Edition(
            issue_id=row.issue_id,
            number=row.number,
            subject=row.subject,
            preheader=row.preheader,
            html=row.html,
            text=row.text,
            pictures=shown,
            field_prefix=row.field_prefix,
            digest=row.digest,
            theme=row.theme,
            lang=row.lang,
            made_with=tuple((name, version) for name, version in row.made_with),
        )

    def issues_numbered(self, number: int) -> tuple[str, ...]:
        """Ids of the issues that were sealed with this number."""
        with self._store.reading() as connection:
            return tuple(connection.execute(select(editions.c.issue_id).where(editions.c.number == number).distinct()).scalars())

    def picture(self, name: str) -> bytes | None:
        """A picture of any sealed edition, by its content's name."""
        with self._store.reading() as connection:
            return connection.execute(select(pictures.c.content).where(pictures.c.name == name)).scalar()


def _insert(connection: Connection, edition: Edition, now: datetime) -> None:
    names = ("issue_id", "digest", "number", "subject", "preheader", "html", "text", "field_prefix", "theme", "lang")
    values = {name: getattr(edition, name) for name in names}
    values |= {"made_with": [list(pair) for pair in edition.made_with], "sealed_at": now}
    edition_id = connection.execute(insert(editions).values(values).returning(editions.c.id)).scalar_one()
    for position, picture in enumerate(edition.pictures):
        content = {"name": picture.name, "content": picture.content, "width": picture.width, "height": picture.height}
        connection.execute(insert_or_ignore(pictures).values(content).on_conflict_do_nothing())
        place = {"edition_id": edition_id, "position": position, "name": picture.name, "source": picture.source}
        connection.execute(insert(edition_pictures).values(place))


def _pictures(connection: Connection, edition_id: int) -> tuple[EditionPicture, ...]:
    shown = (
        select(pictures, edition_pictures.c.source)
        .join(edition_pictures, edition_pictures.c.name == pictures.c.name)
        .where(edition_pictures.c.edition_id == edition_id)
        .order_by(edition_pictures.c.position)
    )
    return tuple(
        EditionPicture(name=row.name, source=row.source, content=row.content, width=row.width, height=row.height)
        for row in connection.execute(shown)
    )
