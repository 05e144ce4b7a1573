"""What the desk is told and asked: notices in its language, the sign of life of the clock, the one open mailing of an issue."""

from __future__ import annotations

from datetime import datetime, timedelta

from composer.ledger import Ledger
from composer.model.mailing import Mailing, MailingState
from composer.model.newsletter import Newsletter
from composer.words import NOTHING, Language, Words
from composer.workspace import Workspace

CLOCK_ALIVE = timedelta(minutes=5)  # a clock that was seen later than this ago is taken for stopped


def clock_is_running(ledger: Ledger, now: datetime) -> bool:
    """Whether a clock gave a sign of life in the last five minutes."""
    seen = ledger.clocks.last_seen()
    return seen is not None and abs(now - seen) < CLOCK_ALIVE  # a sign from far in the future says nothing about now


def open_mailing(ledger: Ledger, issue_id: str) -> Mailing | None:
    """The issue's mailing that is scheduled, held, running or paused; there is one at most."""
    closed = {MailingState.STOPPED, MailingState.FINISHED}
    return next((mailing for mailing in ledger.mailings.of_issue(issue_id) if mailing.state not in closed), None)


def newest_mailing(ledger: Ledger, issue_id: str) -> Mailing | None:
    """The issue's open mailing, else the one that ended last."""
    return open_mailing(ledger, issue_id) or next(iter(ledger.mailings.of_issue(issue_id)), None)


def language_of(newsletter: Newsletter) -> Language:
    """The desk's language: the newsletter's."""
    return "fr" if newsletter.locale.lower().startswith("fr") else "en"


def said(workspace: Workspace, words: Words) -> str:
    """``words`` in the desk's language, as the ledger keeps reasons."""
    return words.in_language(language_of(workspace.newsletter))


def tell(
    workspace: Workspace, ledger: Ledger, mailing: Mailing, words: Words, *, kind: str, detail: Words = NOTHING, now: datetime
) -> None:
    """Leaves a notice about ``mailing`` for the desk; its words begin with the issue's name."""
    told, below = said(workspace, words), said(workspace, detail)
    if not told.startswith(mailing.issue_id):
        told = said(workspace, Words(fr=f"{mailing.issue_id} : {told}", en=f"{mailing.issue_id}: {told}"))
    ledger.notices.add(mailing_id=mailing.id, kind=kind, words=told, detail=below, now=now)
