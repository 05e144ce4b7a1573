"""What servers said of deliveries that did not leave, as it was said and how often."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from composer.ledger.store import Store
from composer.ledger.tables import deliveries
from composer.model.mailing import DeliveryState, Outcome, Stage

MOST_REPLIES = 20_000  # different ones that are looked at: replies may bear an id each


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One reply, word for word."""

    state: DeliveryState  # failed or deferred
    outcome: Outcome
    count: int
    domain: str  # of one of those readers


class Replies:
    """The replies of one mailing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_trouble(self, mailing_id: int) -> tuple[Said, ...]:
        """What was said of the failed and the deferred deliveries, the most frequent first."""
        row = deliveries.c
        ours = row.mailing_id == mailing_id, row.state.in_((DeliveryState.FAILED, DeliveryState.DEFERRED))
        same = (row.state, row.stage, row.code, row.enhanced, row.reply)
        some = func.min(row.email_key)
        query = select(*same, func.count().label("many"), some.label("somebody")).where(*ours).group_by(*same)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(func.count().desc()).limit(MOST_REPLIES)).all()
        return tuple(
            Said(
                state=DeliveryState(one.state),
                outcome=Outcome(stage=Stage(one.stage or Stage.CONNECT), code=one.code, enhanced=one.enhanced, reply=one.reply),
                count=one.many,
                domain=one.somebody.rpartition("@")[2],
            )
            for one in rows
        )
