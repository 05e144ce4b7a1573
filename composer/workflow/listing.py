"""Which issues there are, how far each one is, and what one holds."""

from __future__ import annotations

from typing import Any

from composer.errors import HebdoError, NotFound
from composer.ledger import Ledger
from composer.model.mailing import Mailing
from composer.workflow.answers import issue_answer
from composer.workflow.correcting import corrections_answer
from composer.workflow.lost import explain_gone, known_issue, list_gone, refuse_gone
from composer.workflow.reviewing import review, review_answer
from composer.workflow.telling import language_of, open_mailing, said
from composer.workspace import Workspace, load_issue, read_receipt
from composer.workspace.issues import list_misnamed, numbers_of

Row = dict[str, Any]


def list_issues(workspace: Workspace, ledger: Ledger | None = None) -> list[Row]:
    """All issues, oldest first; one that cannot be read is listed with what is wrong.

    With ``ledger`` each says how far its mailing is, and those whose folder is gone are listed too.
    """
    rows = [_listed(workspace, ledger, issue_id, number) for issue_id, number in numbers_of(workspace).items()]
    rows += [_row((error.where or "").removeprefix("issues/")) | {"error": _said(workspace, error)} for error in list_misnamed(workspace)]
    return rows + [_gone(workspace, mailing) for mailing in (list_gone(workspace, ledger) if ledger else ())]


def show_issue(workspace: Workspace, ref: str, ledger: Ledger | None = None) -> dict[str, Any]:
    """What an issue holds, as ``show --json`` answers it, and with ``ledger`` how far it was read over.

    Of one whose folder is gone the ledger tells what becomes of its mailing.
    """
    try:
        issue = load_issue(workspace, ref)
        return issue_answer(issue, labels=workspace.newsletter.labels) | (_told(workspace, ledger, issue.id) if ledger else {})
    except NotFound:
        gone = _open_mailing(workspace, ledger, ref) if ledger else None
        words = explain_gone(workspace, gone) if gone else None
        if gone is None or words is None:
            raise
        raise refuse_gone(gone, words) from None


def _reviewed(workspace: Workspace, ledger: Ledger, issue_id: str) -> Row:
    mailing = mailing_of(ledger, issue_id)
    seen = review(workspace, ledger, issue_id, compare=mailing is None)
    return review_answer(workspace, seen, sealed=mailing.digest if mailing else "")


def _told(workspace: Workspace, ledger: Ledger, issue_id: str) -> dict[str, Any]:
    """What the ledger says of an issue: how far it was read over, and how its web view was corrected."""
    return _reviewed(workspace, ledger, issue_id) | {"corrections": corrections_answer(workspace, ledger, issue_id)}


def mailing_of(ledger: Ledger, issue_id: str) -> Mailing | None:
    """The mailing that tells how far an issue is: the open one, else the last that left; None when there is neither."""
    left = (mailing for mailing in ledger.mailings.of_issue(issue_id) if mailing.launched_at)
    return open_mailing(ledger, issue_id) or next(left, None)


def _open_mailing(workspace: Workspace, ledger: Ledger, ref: str) -> Mailing | None:
    return open_mailing(ledger, known_issue(workspace, ledger, ref))


def _row(issue_id: str, number: int | None = None) -> Row:
    return {
        "id": issue_id,
        "number": number,
        "date": None,
        "subject": "",
        "stories": 0,
        "sent": False,
        "mailing": None,  # the state of the open mailing
        "error": None,
    }


def _listed(workspace: Workspace, ledger: Ledger | None, issue_id: str, number: int | None) -> Row:
    row = _row(issue_id, number)
    try:
        issue = load_issue(workspace, issue_id)
        row |= {
            "number": issue.number,
            "date": issue.date.isoformat() if issue.date else None,
            "subject": issue.subject,
            "stories": len(issue.stories),
        }
        row["sent"] = read_receipt(workspace, issue_id) is not None
    except HebdoError as error:
        row["error"] = _said(workspace, error)
    mailing = open_mailing(ledger, issue_id) if ledger else None
    return row | {"mailing": mailing.state.value if mailing else None}


def _gone(workspace: Workspace, mailing: Mailing) -> Row:
    words = explain_gone(workspace, mailing)
    return _row(mailing.issue_id) | {"mailing": mailing.state.value, "error": said(workspace, words) if words else None}


def _said(workspace: Workspace, error: HebdoError) -> str:
    return error.sentence(language_of(workspace.newsletter)).split("\n")[0]
