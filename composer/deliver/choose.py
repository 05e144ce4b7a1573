"""Who is due for one mailing, as a rule without a database; the ledger translates it, and a test holds the two equal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from composer.model.mailing import Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceRule:
    """All who asked for the newsletter and have not left, without those who are suppressed or have had this issue.

    A correction goes to none of them but those who got the issue that it corrects.
    """

    issue_id: str  # whoever had a message of an earlier mailing of this issue, or may have had it, is not written to twice
    received: str = ""  # the issue that is corrected: only whoever had it submitted, by any of its mailings; "": everybody


def is_due(
    subscriber: Subscriber, *, suppressed: Collection[str], served: Collection[int], key: str, received: Collection[int] | None = None
) -> bool:
    """Whether the rule takes ``subscriber``; ``key`` is the normalised address, ``served`` the ids that had the issue or may have.

    ``received`` holds those who surely had the issue that is corrected; None: nothing is corrected.
    """
    if received is not None and subscriber.id not in received:
        return False
    return subscriber.status == "active" and key not in suppressed and subscriber.id not in served
