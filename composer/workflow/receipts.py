"""sent.json: what it says of a mailing, and what it forbids to a ledger that does not know what it tells."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from composer.errors import FolderError, SystemTrouble
from composer.ledger import Ledger
from composer.model.mailing import Mailing, MailingState
from composer.words import Words
from composer.workspace import Workspace, one_at_a_time, read_receipt, write_receipt


def receipt_of(mailing: Mailing, *, counts: dict[str, int] | None = None) -> dict[str, Any]:
    """What sent.json says: nothing personal."""
    receipt: dict[str, Any] = {
        "version": 1,
        "state": "launched" if counts is None else mailing.state.value,
        "issue": mailing.issue_id,
        "mailing": mailing.id,
        "digest": mailing.digest,
        "audience": mailing.audience,
        "due_at": mailing.due_at.isoformat(),
        "launched_at": mailing.launched_at.isoformat() if mailing.launched_at else None,
    }
    if counts is not None:
        receipt |= {"finished_at": mailing.finished_at.isoformat() if mailing.finished_at else None, "counts": counts}
    return receipt


def receipts_turn(workspace: Workspace) -> AbstractContextManager[None]:
    """The turn of who changes both a receipt and its mailing's row, or compares them; raises SystemTrouble.

    A mailing that one process opens again while another completes its receipt would look like a restored backup's.
    """
    return one_at_a_time(workspace, "receipts")


def reopened(workspace: Workspace, mailing: Mailing, again: Callable[[], int]) -> int:
    """Lets ``again`` open an ended mailing's deliveries, and gives how many: the receipt says «launched» before the row does.

    Raises FolderError.
    """
    with receipts_turn(workspace):
        before = read_receipt(workspace, mailing.issue_id)
        write_receipt(workspace, mailing.issue_id, receipt_of(mailing))
        count = again()
        if not count and before is not None:
            write_receipt(workspace, mailing.issue_id, before)
        return count


def settled(workspace: Workspace, ledger: Ledger, mailing: Mailing, settle: Callable[[], int]) -> int:
    """Lets ``settle`` change deliveries of a mailing without opening it, and gives how many: where it has ended, the receipt gets the new counts.

    A receipt that tells of another mailing stays. Raises FolderError.
    """
    count = settle()  # may take long: a log is read
    with receipts_turn(workspace):
        figures = ledger.mailings.figures(mailing.id)
        has_ended = figures is not None and figures.mailing.state in {MailingState.FINISHED, MailingState.STOPPED}
        if count and figures is not None and has_ended and foreign_receipt(workspace, ledger, mailing.issue_id) is None:
            write_receipt(workspace, mailing.issue_id, receipt_of(figures.mailing, counts=figures.by_name))
    return count


def receipt_hint(issue_id: str) -> Words:
    """What to do when a receipt stands in the way."""
    return Words(
        fr=f"`hebdo status {issue_id}`. Pour envoyer quand même, retirez issues/{issue_id}/sent.json, puis `hebdo unschedule {issue_id}` et reprogrammez.",
        en=f"`hebdo status {issue_id}`. To send all the same, take issues/{issue_id}/sent.json away, then `hebdo unschedule {issue_id}` and schedule again.",
    )


def foreign_receipt(workspace: Workspace, ledger: Ledger, issue_id: str) -> Words | None:
    """Why the issue's sent.json forbids a launch: it tells of one that this ledger does not know, so this ledger is an old one.

    Raises SystemTrouble when the machine does not let it be read: nothing is known then, neither way.
    """
    try:
        receipt = read_receipt(workspace, issue_id)
    except SystemTrouble:
        raise
    except FolderError as error:
        return error.message
    if receipt is None or _is_ours(ledger, issue_id, receipt):
        return None
    return Words(
        fr="Ce numéro est déjà parti d’après sent.json, et ce registre ne le sait pas\u00a0: sauvegarde restaurée\u00a0?",
        en="By sent.json this issue was already sent, and this ledger does not know: a restored backup?",
    )


def _is_ours(ledger: Ledger, issue_id: str, receipt: dict[str, Any]) -> bool:
    number = receipt.get("mailing")
    known = ledger.mailings.get(number) if isinstance(number, int) else None
    if known is None or known.launched_at is None or known.issue_id != issue_id or known.digest != receipt.get("digest"):
        return False
    ended = receipt.get("state") in {MailingState.FINISHED.value, MailingState.STOPPED.value}
    went_on = ended and known.state not in {MailingState.FINISHED, MailingState.STOPPED}
    return known.launched_at.isoformat() == receipt.get("launched_at") and not went_on
