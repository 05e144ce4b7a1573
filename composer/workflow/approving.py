"""«Bon à tirer»: the approval of exactly what was seen, by somebody else than the last editor where the desk wants four eyes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from composer.errors import Conflict, UsageError
from composer.ledger import Ledger
from composer.text.shown import one_line
from composer.words import Words
from composer.workflow.four_eyes import KnownBy, default_approver, doubt, require_other, see_hands
from composer.workflow.previewing import render_issue
from composer.workflow.reviewing import Review, review
from composer.workspace import Workspace, find_issue

LONGEST_NAME = 80  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """«Bon à tirer» for exactly one edition."""

    issue_id: str
    digest: str
    approver: str
    editor: str  # who edited last, as far as is known; "": nobody knows
    known_by: KnownBy  # how that is known
    doubt: Words | None = None  # what is only believed

    @property
    def words(self) -> Words:
        """The sentence that confirms it."""
        return Words(
            fr=f"Bon à tirer de {self.approver} pour {self.issue_id}. Scellé {self.digest[:12]}.",
            en=f"{self.issue_id} approved by {self.approver}. Seal {self.digest[:12]}.",
        )

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {
            "issue": self.issue_id,
            "digest": self.digest,
            "approver": self.approver,
            "last_editor": self.editor or None,
            "known_by": self.known_by,
            "believed": self.doubt is not None,
        }


def approve(workspace: Workspace, ledger: Ledger, ref: str, *, by: str | None = None, now: datetime) -> Approval:
    """Approve the issue's present edition, ``by`` somebody (else whoever types, by git or the account).

    Raises Conflict when the edition is not the one last proofed, was never proofed though ``[desk] require`` wants it,
    or when its last editor would approve themself though approval is required; UsageError for no name.
    """
    issue_id = find_issue(workspace, ref)
    hands = see_hands(workspace.issues_path / issue_id)
    approver = _read_name(by, issue_id) if by is not None else default_approver(hands)
    edition = render_issue(workspace, issue_id)
    _require_proofed(workspace, review(workspace, ledger, issue_id, edition=edition))
    four_eyes = "approval" in workspace.newsletter.desk.require
    if four_eyes:
        require_other(hands, approver, issue_id)
    ledger.proofs.approve(issue_id=issue_id, digest=edition.digest, approver=approver, now=now)
    return Approval(
        issue_id=issue_id,
        digest=edition.digest,
        approver=approver,
        editor=hands.editors[0] if hands.editors else "",
        known_by=hands.known_by,
        doubt=doubt(hands, approver) if four_eyes else None,
    )


def _read_name(by: str, issue_id: str) -> str:
    name = one_line(by)
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(
            Words(fr="Qui approuve ? Il faut un nom.", en="Who approves? A name is needed."),
            where="--by",
            hint=Words(fr=f"`hebdo approve {issue_id} --by Anne`", en=f"`hebdo approve {issue_id} --by Anne`"),
        )
    return name


def _require_proofed(workspace: Workspace, seen: Review) -> None:
    """What is approved is what was seen as a proof."""
    way = Words(fr=f"`hebdo proof {seen.issue_id}`", en=f"`hebdo proof {seen.issue_id}`")
    if not seen.proofs and "proof" in workspace.newsletter.desk.require:
        never = Words(fr="Aucune épreuve de ce numéro n’est partie.", en="No proof of this issue has been sent.")
        raise Conflict(never, where=seen.issue_id, hint=way)
    if seen.stale and seen.last is not None:
        raise Conflict(
            Words(
                fr=f"Le numéro a changé depuis l’épreuve {seen.last.number} : le bon à tirer vaudrait pour autre chose.",
                en=f"The issue has changed since proof {seen.last.number}: the approval would stand for something else.",
            ),
            where=seen.issue_id,
            hint=way,
        )
