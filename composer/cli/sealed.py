"""A command that has just edited an issue says so when that issue is sealed: nobody learns it from the desk's notices alone."""

from __future__ import annotations

from composer.cli.language import say, told
from composer.cli.place import here, known_ledger


def sealed_words(issue: str) -> str:
    """What the edit means for the mailing that was sealed; "" when there is none, or when readers would get the same."""
    from composer.errors import HebdoError
    from composer.workflow.edits import find_edit, watched, what_follows
    from composer.workflow.lost import known_issue

    workspace = here(quietly=True)
    with known_ledger(workspace) as ledger:
        if ledger is None:
            return ""
        try:
            issue_id = known_issue(workspace, ledger, issue)
            mailing = next((one for one in watched(ledger) if one.issue_id == issue_id), None)
            edit = find_edit(workspace, ledger, mailing) if mailing else None
        except HebdoError:
            return ""  # the command said what it had to
        if mailing is None or edit is None:
            return ""
        follows = told(what_follows(workspace, mailing))
    return say(
        f"Ce numéro est scellé. {told(edit.words)} {follows} Le voir et décider : `hebdo status {issue_id}`",
        f"This issue is sealed. {told(edit.words)} {follows} See it and decide: `hebdo status {issue_id}`",
    )
