"""Attempts as lines of JSON: who is told by a keyed hash and the domain, never by the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii as quoted

from composer.engine.attempts import Ended
from composer.model.mailing import DeliveryState
from composer.text.masking import mask_addresses
from composer.text.pseudonyms import pseudonym

_REPLY_MAX = 500


def attempt_lines(attempts: Sequence[Ended], *, key: bytes, at: datetime) -> bytes:
    """A line for each attempt that was made; put together by hand, since json.dumps of a dictionary costs twice as much."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds")[:23]
    return "".join([_line(one, key, moment) for one in attempts if _was_made(one)]).encode("ascii")


def _was_made(one: Ended) -> bool:
    """A delivery that was kept back before its turn had no attempt; one whose message could not be made had."""
    return one.took_ms is not None or one.decision.state is not DeliveryState.PENDING


def _line(one: Ended, key: bytes, moment: str) -> str:
    mailing, reader, outcome, decision = one.job.mailing, one.job.recipient, one.outcome, one.decision
    email, again = reader.email, decision.retry_at
    return (
        f'{{"at":"{moment}Z","mailing":{mailing.id},"issue":{quoted(mailing.issue_id)},"delivery":{reader.delivery_id},'
        f'"message_id":{quoted(reader.message_id)},"reader":"{pseudonym(email, key)}",'
        f'"domain":{quoted(email[email.rfind("@") + 1 :].lower())},"attempt":{reader.attempts + 1},"ms":{one.took_ms or 0:.1f},'
        f'"stage":"{outcome.stage}","code":{outcome.code},"enhanced":{quoted(outcome.enhanced[:16])},'
        f'"reply":{quoted(mask_addresses(outcome.reply[:_REPLY_MAX], email))},"state":"{decision.state}"'
        + (f',"again":"{again.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}}\n' if again and decision.state is DeliveryState.DEFERRED else "}\n")
    )
