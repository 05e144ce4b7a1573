"""The wall clock was put back while something was being sent: it goes on, and the desk is told."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from composer.deliver.schedule import span_words
from composer.ledger import Ledger
from composer.words import Words
from composer.workflow.telling import tell
from composer.workspace import Workspace

_log = logging.getLogger(__name__)


def rewind(workspace: Workspace, ledger: Ledger, lost: timedelta, now: datetime) -> int:
    """Reckons anew what waits for an hour that the clock showed before it was put back by ``lost``; gives how many deliveries.

    Without this they would wait that much longer. Departures keep their hour: they were promised by the clock on the wall.
    """
    changed = ledger.deliveries.rewind(now=now)
    for mailing in ledger.mailings.rewind(lost=lost, now=now):
        tell(workspace, ledger, mailing, _words(mailing.issue_id, lost), kind="clock", now=now)
    _log.warning("the clock was put back by %s; %s deliveries reckoned anew", lost, changed)
    return changed


def _words(issue_id: str, lost: timedelta) -> Words:
    span = span_words(lost)
    return Words(
        fr=f"{issue_id} : l’horloge de cette machine a reculé de {span.fr}. L’envoi continue.",
        en=f"{issue_id}: this machine’s clock was put back by {span.en}. The mailing goes on.",
    )
