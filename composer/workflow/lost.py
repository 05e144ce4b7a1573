"""Issues whose folder is gone: the ledger still knows them, and what was sealed can still leave."""

from __future__ import annotations

import re

from composer.errors import NotFound
from composer.ledger import Ledger
from composer.ledger.mailings import ALIVE
from composer.model.mailing import Mailing, MailingState
from composer.words import Words
from composer.workspace import Workspace, find_issue
from composer.workspace.issues import ISSUE_FILE


def known_issue(workspace: Workspace, ledger: Ledger, ref: str) -> str:
    """The issue that ``ref`` means; one whose folder is gone is still found by its id or its number. Raises NotFound."""
    try:
        return find_issue(workspace, ref)
    except NotFound:
        wanted = ref.strip()
        if ledger.mailings.of_issue(wanted):
            return wanted
        number = re.fullmatch(r"[0-9]{1,9}", wanted)
        gone = [id_ for id_ in ledger.editions.issues_numbered(int(wanted)) if is_gone(workspace, id_)] if number else []
        if len(gone) == 1 and ledger.mailings.of_issue(gone[0]):
            return gone[0]
        raise


def is_gone(workspace: Workspace, issue_id: str) -> bool:
    """Whether the issue's text is no longer where it was."""
    return not (workspace.issues_path / issue_id / ISSUE_FILE).is_file()


def list_gone(workspace: Workspace, ledger: Ledger) -> tuple[Mailing, ...]:
    """Open mailings of issues whose folder is gone, the oldest first."""
    return tuple(mailing for mailing in reversed(ledger.mailings.in_states(*ALIVE)) if is_gone(workspace, mailing.issue_id))


def explain_gone(workspace: Workspace, mailing: Mailing) -> Words | None:
    """What becomes of an open mailing whose folder is gone; None when there is nothing to explain."""
    if mailing.state not in ALIVE or not is_gone(workspace, mailing.issue_id):
        return None
    then = _what_follows(workspace, mailing)
    return Words(
        fr=f"Le dossier issues/{mailing.issue_id} n’est plus là. {then.fr}", en=f"The folder issues/{mailing.issue_id} is gone. {then.en}"
    )


def refuse_gone(mailing: Mailing, said: Words) -> NotFound:
    """The error for a command that needs the text of such an issue."""
    look = f"`hebdo status {mailing.issue_id}`"
    return NotFound(said, where=f"issues/{mailing.issue_id}", hint=Words(fr=look, en=look))


def _what_follows(workspace: Workspace, mailing: Mailing) -> Words:
    issue_id = mailing.issue_id
    if mailing.state in {MailingState.RUNNING, MailingState.PAUSED}:
        return Words(
            fr="La version scellée est dans le registre : c’est elle qui part.",
            en="The sealed version is in the ledger: it is what leaves.",
        )
    if mailing.state is MailingState.HELD:
        return Words(fr="La version scellée est gardée dans le registre.", en="The sealed version is kept in the ledger.")
    if workspace.newsletter.desk.on_change == "send_sealed" or "changed" in mailing.accepted:
        return Words(
            fr=f"À l’heure dite, la version scellée partira ; pour la retenir : `hebdo unschedule {issue_id}`",
            en=f"At the hour, the sealed version will leave; to keep it back: `hebdo unschedule {issue_id}`",
        )
    return Words(
        fr=f"À l’heure dite, rien ne partira sans vous : remettez le dossier, ou déprogrammez par `hebdo unschedule {issue_id}`",
        en=f"At the hour, nothing will leave without you: put the folder back, or unschedule by `hebdo unschedule {issue_id}`",
    )
