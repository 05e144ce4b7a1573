"""The statements that run for every message: one for all that was taken, one for all that is about to leave, one for a batch claimed.

Said in SQL and given whole lists as JSON, so that a transaction costs the same few statements for one delivery as for a hundred; through
SQLAlchemy Core the same work cost six times as much (docs/decisions.md). What they write is what ``composer.ledger.deliveries`` describes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from composer.model.mailing import Recipient, Result

REPLY_MAX = 500  # characters kept of what a server said

# NOT INDEXED: by the rows' own ids and nothing else; the planner would take the partial index of what is due.
_TAKEN = """
UPDATE deliveries NOT INDEXED
SET state = 'submitted', worker = '', updated_at = ?2, stage = json_extract(one.value, '$[1]'), code = json_extract(one.value, '$[2]'),
    enhanced = json_extract(one.value, '$[3]'), reply = json_extract(one.value, '$[4]')
FROM json_each(?1) AS one
WHERE deliveries.id = json_extract(one.value, '$[0]') AND deliveries.state IN ('submitting', 'uncertain', 'pending', 'deferred')
"""
_MAY_LEAVE = """
SELECT json_group_array(d.id) FROM json_each(?1) AS one CROSS JOIN deliveries AS d ON d.id = one.value
JOIN mailings AS m ON m.id = d.mailing_id JOIN subscribers AS s ON s.id = d.subscriber_id
WHERE d.worker = ?2 AND d.state IN ('pending', 'deferred') AND d.due_at > ?3
  AND m.state = 'running' AND m.receipted_at IS NOT NULL AND s.status = 'active'
  AND NOT EXISTS (SELECT 1 FROM suppressions WHERE suppressions.email_key = d.email_key)
"""
_MARK = """
UPDATE deliveries NOT INDEXED SET state = 'submitting', attempts = attempts + 1, updated_at = ?2
WHERE id IN (SELECT value FROM json_each(?1))
"""
# The partial indexes are taken only where a statement says their condition in so many words (composer.ledger.tables).
_LAPSED = """
UPDATE deliveries SET state = 'uncertain', stage = 'after-dot', worker = '', updated_at = ?1
WHERE deliveries.state = 'submitting' AND deliveries.due_at <= ?1
"""
_IS_RUNNING = """
SELECT 1 FROM mailings
WHERE id = ?1 AND state = 'running' AND receipted_at IS NOT NULL AND (hold_until IS NULL OR hold_until <= ?2)
"""
# The keyset of ix_deliveries_due: a lease moves due_at forward, so what is leased stands behind what is due,
# and a lease that ran out is due again without anybody's doing.
_DUE = """
SELECT json_group_array(id) FROM (
  SELECT id FROM deliveries WHERE mailing_id = ?1 AND due_at <= ?2 AND deliveries.state IN ('pending', 'deferred')
  ORDER BY due_at, id LIMIT ?3
)
"""
_CLOSE = """
UPDATE deliveries NOT INDEXED SET state = 'suppressed', worker = '', updated_at = ?2
WHERE id IN (SELECT value FROM json_each(?1)) AND state IN ('pending', 'deferred') AND (
  EXISTS (SELECT 1 FROM subscribers WHERE subscribers.id = deliveries.subscriber_id AND subscribers.status <> 'active')
  OR EXISTS (SELECT 1 FROM suppressions WHERE suppressions.email_key = deliveries.email_key)
)
"""
_LEASE = "UPDATE deliveries NOT INDEXED SET worker = ?2, due_at = ?3 WHERE id IN (SELECT value FROM json_each(?1))"
_LEASED = """
SELECT d.id, d.email, s.name, s.token, d.message_key || '@' || m.message_domain, s.consented_on, s.fields, d.attempts
FROM json_each(?1) AS one CROSS JOIN deliveries AS d ON d.id = one.value
JOIN subscribers AS s ON s.id = d.subscriber_id JOIN mailings AS m ON m.id = d.mailing_id ORDER BY d.id
"""


def claim(driver: sqlite3.Connection, mailing_id: int, *, worker: str, limit: int, until: datetime, now: datetime) -> list[Recipient]:
    """Leases up to ``limit`` due deliveries of a mailing that runs; who left since the launch is closed as suppressed on the way."""
    moment = _instant(now)
    driver.execute(_LAPSED, (moment,))
    if driver.execute(_IS_RUNNING, (mailing_id, moment)).fetchone() is None:
        return []
    while (ids := driver.execute(_DUE, (mailing_id, moment, limit)).fetchone()[0]) != "[]":
        if not driver.execute(_CLOSE, (ids, moment)).rowcount:
            driver.execute(_LEASE, (ids, worker, _instant(until)))
            return list(_read_leased(driver, ids))
    return []


def close_those_who_left(driver: sqlite3.Connection, ids: Sequence[int], *, now: datetime) -> None:
    """Deliveries to readers who left since the launch become suppressed."""
    driver.execute(_CLOSE, (json.dumps(ids), _instant(now)))


def write_taken(driver: sqlite3.Connection, results: Sequence[Result], *, now: datetime) -> None:
    """What the next server took, as ``submitted``."""
    values = [
        (result.delivery_id, result.outcome.stage, result.outcome.code, result.outcome.enhanced[:16], result.outcome.reply[:REPLY_MAX])
        for result in results
    ]
    driver.execute(_TAKEN, (json.dumps(values), _instant(now)))


def write_marks(driver: sqlite3.Connection, marks: Sequence[int], *, worker: str, now: datetime) -> frozenset[int]:
    """``submitting`` for those of ``marks`` that are leased, of a mailing that runs, to readers who are still there; gives these."""
    moment = _instant(now)
    # One row, not one for each: every row that is fetched lets go of Python's lock, and waits to have it back.
    [(allowed,)] = driver.execute(_MAY_LEAVE, (json.dumps(marks), worker, moment)).fetchall()
    driver.execute(_MARK, (allowed, moment))
    return frozenset(json.loads(allowed))


def _read_leased(driver: sqlite3.Connection, ids: str) -> Iterator[Recipient]:
    """Who the deliveries of a JSON list of ids go to, by their ids."""
    for row in driver.execute(_LEASED, (ids,)).fetchall():
        delivery_id, email, name, token, message_id, consented_on, fields, attempts = row
        yield Recipient(
            delivery_id=delivery_id,
            email=email,
            name=name,
            token=token,
            message_id=message_id,
            consented_on=date.fromisoformat(consented_on) if consented_on else None,
            fields=() if fields == "[]" else tuple((column, value) for column, value in json.loads(fields)),
            attempts=attempts,
        )


def _instant(moment: datetime) -> str:
    """As ``tables.Instant`` stores it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
