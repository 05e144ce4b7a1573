"""Subscribers and suppressions: who asked for the newsletter, who left, and who is not written to."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, and_, func, insert, or_, select, update

from composer.deliver.choose import AudienceRule
from composer.ledger.left_log import NAME as LEFT_LOG
from composer.ledger.left_log import LeftLog, hash_token
from composer.ledger.store import Store
from composer.ledger.tables import deliveries, mailings, subscribers, suppressions
from composer.model.mailing import DeliveryState, Stage, Subscriber

HAD_IT = (DeliveryState.SUBMITTED, DeliveryState.SUBMITTING, DeliveryState.UNCERTAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubscriber:
    """A person to write down."""

    email: str
    email_key: str  # normalised
    name: str = ""
    consent: str = ""
    consented_on: date | None = None
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """An address that is not written to."""

    email_key: str
    reason: str  # hard-bounce, complaint, import, desk
    source: str
    created_at: datetime


class Subscribers:
    """The rows of all who ever asked for the newsletter."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.left_log = LeftLog(store.path.with_name(LEFT_LOG))

    def add_all(self, people: Iterable[NewSubscriber], *, now: datetime) -> int:
        """Writes people whose address is not known, in one transaction; gives how many. The known ones stay as they are."""
        with self._store.writing() as connection:
            known = set(connection.execute(select(subscribers.c.email_key)).scalars())
            rows = [_row(person, now) for person in {one.email_key: one for one in people}.values() if person.email_key not in known]
            if rows:
                connection.execute(insert(subscribers), rows)
        return len(rows)

    def by_key(self, email_key: str) -> Subscriber | None:
        """The person with this normalised address."""
        return self._one(select(subscribers).where(subscribers.c.email_key == email_key))

    def by_token(self, token: str) -> Subscriber | None:
        """The person whose mails carry this token."""
        return self._one(select(subscribers).where(subscribers.c.token == token))

    def all(self, *, status: str | None = None) -> Iterator[Subscriber]:
        """Everybody, in the order of arrival."""
        query = select(subscribers).order_by(subscribers.c.id)
        with self._store.reading() as connection:
            for row in connection.execute(query if status is None else query.where(subscribers.c.status == status)):
                yield _subscriber(row)

    def statuses(self) -> Mapping[str, str]:
        """Normalised address → status, of everybody."""
        with self._store.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(select(subscribers.c.email_key, subscribers.c.status))}

    def leave(self, subscriber_id: int, *, by: str, now: datetime) -> bool:
        """Marks a person as gone, here and in ``left.log``; False when that was so before."""
        here = and_(subscribers.c.id == subscriber_id, subscribers.c.status == "active")
        with self._store.writing() as connection:
            gone = update(subscribers).where(here).values(status="unsubscribed", left_at=now, left_by=by)
            token = connection.execute(gone.returning(subscribers.c.token)).scalar()
            if token is not None:
                self.left_log.add(token, now=now)
        return token is not None

    def mostly_dated(self) -> bool:
        """Whether of at least half of those who are written to it is known since when; True where there is nobody."""
        query = select(func.count(), func.count(subscribers.c.consented_on)).where(subscribers.c.status == "active")
        with self._store.reading() as connection:
            people, dated = connection.execute(query).one()
        return 2 * dated >= people

    def ids(self) -> Mapping[str, int]:
        """Normalised address → id, of everybody."""
        with self._store.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(select(subscribers.c.email_key, subscribers.c.id))}

    def token_hashes(self) -> Mapping[str, int]:
        """Hash of the token, as ``left.log`` has it → id, of everybody."""
        with self._store.reading() as connection:
            return {hash_token(row[1]): row[0] for row in connection.execute(select(subscribers.c.id, subscribers.c.token))}

    def count_due(self, rule: AudienceRule) -> int:
        """How many the rule takes at this moment."""
        with self._store.reading() as connection:
            return connection.execute(select(func.count()).select_from(due_subscribers(rule).subquery())).scalar_one()

    def served(self, rule: AudienceRule) -> frozenset[int]:
        """Ids of those who had a message of this issue, or may have had it."""
        had = or_(deliveries.c.state.in_(HAD_IT), deliveries.c.stage == Stage.AFTER_DOT)
        query = select(deliveries.c.subscriber_id).join(mailings, mailings.c.id == deliveries.c.mailing_id)
        with self._store.reading() as connection:
            return frozenset(connection.execute(query.where(mailings.c.issue_id == rule.issue_id, had)).scalars())

    def received(self, issue_id: str) -> frozenset[int]:
        """Ids of those to whom a message of this issue was submitted."""
        return self._ended(issue_id, DeliveryState.SUBMITTED)

    def unsure(self, issue_id: str) -> frozenset[int]:
        """Ids of those who may have had a message of this issue, and of whom nobody knows."""
        return self._ended(issue_id, DeliveryState.UNCERTAIN) - self.received(issue_id)

    def _ended(self, issue_id: str, state: DeliveryState) -> frozenset[int]:
        with self._store.reading() as connection:
            return frozenset(connection.execute(_of_issue(issue_id, state)).scalars())

    def counts(self) -> Mapping[str, int]:
        """Status → number of people."""
        query = select(subscribers.c.status, func.count()).group_by(subscribers.c.status)
        with self._store.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def _one(self, query: Select[tuple[object, ...]]) -> Subscriber | None:
        with self._store.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _subscriber(row)


class Suppressions:
    """The addresses that are not written to."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add_all(self, email_keys: Sequence[str], *, reason: str, source: str, now: datetime) -> int:
        """Writes addresses that are not in the list yet; gives how many."""
        with self._store.writing() as connection:
            known = set(connection.execute(select(suppressions.c.email_key)).scalars())
            new = [key for key in dict.fromkeys(email_keys) if key not in known]
            rows = [{"email_key": key, "reason": reason, "source": source, "created_at": now} for key in new]
            if rows:
                connection.execute(insert(suppressions), rows)
        return len(rows)

    def keys(self) -> frozenset[str]:
        """All suppressed addresses, normalised."""
        with self._store.reading() as connection:
            return frozenset(connection.execute(select(suppressions.c.email_key)).scalars())

    def all(self) -> tuple[Suppression, ...]:
        """The whole list, in the order of arrival."""
        with self._store.reading() as connection:
            rows = connection.execute(select(suppressions).order_by(suppressions.c.id)).all()
        return tuple(Suppression(email_key=row.email_key, reason=row.reason, source=row.source, created_at=row.created_at) for row in rows)


def due_subscribers(rule: AudienceRule) -> Select[tuple[int, str, str]]:
    """``rule`` in SQL: id, address and normalised address of everybody it takes."""
    suppressed = select(suppressions.c.id).where(suppressions.c.email_key == subscribers.c.email_key).exists()
    served = (
        select(deliveries.c.id)
        .join(mailings, mailings.c.id == deliveries.c.mailing_id)
        .where(deliveries.c.subscriber_id == subscribers.c.id, mailings.c.issue_id == rule.issue_id)
        .where(or_(deliveries.c.state.in_(HAD_IT), deliveries.c.stage == Stage.AFTER_DOT))
        .exists()
    )
    chosen = select(subscribers.c.id, subscribers.c.email, subscribers.c.email_key)
    due = chosen.where(subscribers.c.status == "active", ~suppressed, ~served).order_by(subscribers.c.id)
    if rule.received:
        due = due.where(subscribers.c.id.in_(_of_issue(rule.received, DeliveryState.SUBMITTED)))
    return due


def _of_issue(issue_id: str, state: DeliveryState) -> Select[int]:
    """Subscribers with a delivery in ``state``, by any mailing of an issue."""
    joined = select(deliveries.c.subscriber_id).join(mailings, mailings.c.id == deliveries.c.mailing_id)
    return joined.where(mailings.c.issue_id == issue_id, deliveries.c.state == state).distinct()


def _row(person: NewSubscriber, now: datetime) -> dict[str, object]:
    return {
        "email": person.email,
        "email_key": person.email_key,
        "name": person.name,
        "token": secrets.token_urlsafe(16),  # 128 bits; 22 characters
        "consent": person.consent,
        "consented_on": person.consented_on,
        "fields": [list(pair) for pair in person.fields],
        "created_at": now,
    }


def _subscriber(row: Row[tuple[object, ...]]) -> Subscriber:
    return Subscriber(
        id=row.id,
        email=row.email,
        name=row.name,
        status=row.status,
        token=row.token,
        consent=row.consent,
        consented_on=row.consented_on,
        fields=tuple((column, value) for column, value in row.fields),
    )
