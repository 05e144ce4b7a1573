"""Who is due for one mailing, as a rule without a database; the ledger translates it, and a test holds the two equal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from composer.model.mailing import Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceRule:
    """All who asked for the newsletter and have not left, without those who are suppressed or have had this issue."""

    issue_id: str  # whoever had a message of an earlier mailing of this issue, or may have had it, is not written to twice


def is_due(subscriber: Subscriber, *, suppressed: Collection[str], served: Collection[int], key: str) -> bool:
    """Whether the rule takes ``subscriber``; ``key`` is the normalised address, ``served`` the ids that had the issue or may have."""
    return subscriber.status == "active" and key not in suppressed and subscriber.id not in served
