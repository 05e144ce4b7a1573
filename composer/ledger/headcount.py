"""The counts of a mailing for who looks each second: at most half of its rows are counted, the larger part is reckoned from the sum.

Pending and submitted are nearly all of a mailing. Whichever is smaller just now is counted, and so are the six other states, each in the index
of mailing and state; what is left of the audience is the eighth. A full count, which proves the sum, is ``Mailings.figures``.
"""

from __future__ import annotations

from sqlalchemy import Connection, ScalarSelect, func, select

from composer.ledger.mailings import mailing_of
from composer.ledger.store import Store
from composer.ledger.tables import deliveries, mailings
from composer.model.mailing import DeliveryState, MailingFigures

_LARGE = (DeliveryState.PENDING, DeliveryState.SUBMITTED)


class Headcount:
    """Counts, and remembers which of the two was larger."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._larger: dict[int, DeliveryState] = {}

    def of(self, mailing_id: int) -> MailingFigures | None:
        """A mailing and its counts, read at one moment; every state is present."""
        with self._store.reading() as connection:
            row = connection.execute(select(mailings).where(mailings.c.id == mailing_id)).first()
            if row is None:
                return None
            mailing = mailing_of(row)
            larger = self._larger.get(mailing_id) or _guess(connection, mailing_id, mailing.audience or 0)
            smaller = [state for state in DeliveryState if state is not larger]
            counted = connection.execute(select(*(_count(mailing_id, state).label(state) for state in smaller))).one()
        found = dict(zip(smaller, counted, strict=True))
        found[larger] = max(0, (mailing.audience or 0) - sum(found.values()))
        self._larger[mailing_id] = max(_LARGE, key=found.__getitem__)
        return MailingFigures(mailing=mailing, counts=tuple((state, found[state]) for state in DeliveryState))


def _guess(connection: Connection, mailing_id: int, audience: int) -> DeliveryState:
    """Whether half of the audience was submitted, at the price of counting that half once."""
    submitted = (
        select(deliveries.c.id)
        .where(deliveries.c.mailing_id == mailing_id, deliveries.c.state == DeliveryState.SUBMITTED)
        .limit(audience // 2 + 1)
    )
    found = connection.execute(select(func.count()).select_from(submitted.subquery())).scalar_one()
    return DeliveryState.SUBMITTED if found > audience // 2 else DeliveryState.PENDING


def _count(mailing_id: int, state: DeliveryState) -> ScalarSelect[int]:
    mine = (deliveries.c.mailing_id == mailing_id, deliveries.c.state == state)
    return select(func.count()).select_from(deliveries).where(*mine).scalar_subquery()
