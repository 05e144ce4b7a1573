"""What the desk has seen of an issue: its last proof, its approvals, and whether they stand for the issue as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from composer.check.rules import finding
from composer.deliver.schedule import find_zone
from composer.errors import Conflict, HebdoError
from composer.ledger import Ledger
from composer.ledger.desk import Approved, Proof
from composer.model.edition import Edition
from composer.model.findings import Finding, Level
from composer.model.mailing import MailingState
from composer.model.newsletter import Newsletter
from composer.render.difference import compare_editions, told_changes
from composer.words import Words, counted
from composer.workflow.previewing import present_edition
from composer.workflow.telling import said
from composer.workspace import Workspace, find_issue
from composer.workspace.proofs import load_proofed

MOST_SHOWN = 3  # passages of the difference; the preview shows them all


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """How far an issue has been read over."""

    issue_id: str
    digest: str  # of the issue as its files are; "": they cannot be rendered
    proofs: tuple[Proof, ...] = ()  # the newest first
    approvals: tuple[Approved, ...] = ()  # the newest first
    difference: tuple[Words, ...] = ()  # between the last proof and the issue as it is, where the proof is still kept

    @property
    def last(self) -> Proof | None:
        """The last proof."""
        return self.proofs[0] if self.proofs else None

    @property
    def standing(self) -> Proof | None:
        """The last proof of the issue as it is: an edit that was undone makes an older one stand again."""
        return next((proof for proof in self.proofs if proof.digest == self.digest), None)

    @property
    def stale(self) -> bool:
        """Whether there were proofs, and none of the issue as it is."""
        return bool(self.proofs) and bool(self.digest) and self.standing is None

    @property
    def approvers(self) -> tuple[str, ...]:
        """Who approved the issue as it is, the first to do so first."""
        return tuple(one.approver for one in reversed(self.approvals) if one.digest == self.digest)

    @property
    def words(self) -> Words | None:
        """«L’épreuve 2 date d’avant la dernière modification.»; None while nothing is stale."""
        if not self.stale or self.last is None:
            return None
        number = self.last.number
        return Words(fr=f"L’épreuve {number} date d’avant la dernière modification.", en=f"Proof {number} is older than the last edit.")

    @property
    def shown_difference(self) -> tuple[Words, ...]:
        """The first passages of the difference, and how many more there are."""
        left = len(self.difference) - MOST_SHOWN
        if left <= 0:
            return self.difference
        more = counted(left, ("autre changement", "autres changements"), ("more change", "more changes"))
        return (*self.difference[:MOST_SHOWN], Words(fr=f"… et {more.fr}", en=f"… and {more.en}"))


def review(workspace: Workspace, ledger: Ledger, issue_id: str, *, edition: Edition | None = None, compare: bool = True) -> Review:
    """What the desk has seen of an issue; ``edition`` is that of its files where it is at hand. Without ``compare`` no difference is told."""
    proofs, approvals = ledger.proofs.of_issue(issue_id), ledger.proofs.approvals_of(issue_id)
    if not proofs and not approvals:
        return Review(issue_id=issue_id, digest=edition.digest if edition else "")
    present = edition or _present(workspace, issue_id)
    seen = Review(issue_id=issue_id, digest=present.digest if present else "", proofs=proofs, approvals=approvals)
    if not compare or not seen.stale or seen.last is None or present is None:
        return seen
    proofed = load_proofed(workspace, issue_id, seen.last.digest)
    difference = told_changes(compare_editions(proofed, present)) if proofed else ()
    return Review(issue_id=issue_id, digest=seen.digest, proofs=proofs, approvals=approvals, difference=difference)


def require_desk(newsletter: Newsletter, seen: Review) -> None:
    """The desk's own rules: this very edition was proofed, approved. Raises Conflict."""
    issue_id, require = seen.issue_id, newsletter.desk.require
    if "proof" in require and seen.standing is None:
        never = Words(fr="La maquette actuelle n’a pas eu d’épreuve.", en="The present edition has not been proofed.")
        raise Conflict(_with_difference(seen) or never, where=issue_id, hint=_way(f"hebdo proof {issue_id}"))
    if "approval" in require and not seen.approvers:
        never = Words(fr="La maquette actuelle n’a pas de bon à tirer.", en="The present edition has not been approved.")
        raise Conflict(_lapsed(seen) or never, where=issue_id, hint=_way(f"hebdo approve {issue_id}"))


def review_answer(workspace: Workspace, seen: Review, *, sealed: str = "") -> dict[str, Any]:
    """Proofs and approvals as ``--json`` gives them, the newest first: whether each stands for the issue as it is, and for what was ``sealed``."""
    zone = find_zone(workspace.newsletter.time_zone)

    def stamp(at: datetime, digest: str) -> dict[str, Any]:
        stands = {"stands": bool(seen.digest) and digest == seen.digest, "sealed": bool(sealed) and digest == sealed}
        return {"digest": digest, "local": at.astimezone(zone).isoformat(), "zone": zone.key, **stands}

    return {
        "proofs": [
            {"number": one.number, "sent_at": one.sent_at.isoformat(), "sent_to": list(one.sent_to), **stamp(one.sent_at, one.digest)}
            for one in seen.proofs
        ],
        "approvals": [
            {"approver": one.approver, "approved_at": one.approved_at.isoformat(), **stamp(one.approved_at, one.digest)}
            for one in seen.approvals
        ],
        "proof_difference": [said(workspace, one) for one in seen.shown_difference],
    }


def stale_warning(seen: Review) -> Words | None:
    """What is said where no rule asks for a proof, and the last one no longer shows the issue."""
    words = seen.words
    if words is None:
        return None
    way = f"`hebdo proof {seen.issue_id}`"
    return Words(fr=f"{words.fr} Pour une nouvelle épreuve : {way}", en=f"{words.en} For a new proof: {way}")


def review_findings(workspace: Workspace, ledger: Ledger, ref: str) -> list[Finding]:
    """The last proof is stale: an error where the desk requires one, else a warning; nothing once a mailing was sealed. Raises NotFound."""
    issue_id, newsletter = find_issue(workspace, ref), workspace.newsletter
    words = None if is_sealed(ledger, issue_id) else _with_difference(review(workspace, ledger, issue_id))
    if words is None:
        return []
    level: Level = "error" if "proof" in newsletter.desk.require else "warning"
    way = f"`hebdo proof {issue_id}`"
    return [finding("proof-stale", level=level, message=words, hint=Words(fr=way, en=way))]


def is_sealed(ledger: Ledger, issue_id: str) -> bool:
    """Whether it left or is on its way: an edit then changes nothing of what was proofed."""
    mailings = ledger.mailings.of_issue(issue_id)
    return any(mailing.launched_at is not None or mailing.state is not MailingState.STOPPED for mailing in mailings)


def _with_difference(seen: Review) -> Words | None:
    words, told = seen.words, seen.shown_difference
    if words is None:
        return None
    french, english = " ; ".join(_flat(one.fr) for one in told), "; ".join(_flat(one.en) for one in told)
    return Words(fr=f"{words.fr} {french}".rstrip(), en=f"{words.en} {english}".rstrip())


def _flat(told: str) -> str:
    """A change in one line: «Texte : − avant + après»."""
    return " ".join(told.split("\n  "))


def _lapsed(seen: Review) -> Words | None:
    if not seen.approvals:
        return None
    name = seen.approvals[0].approver
    return Words(
        fr=f"Le bon à tirer de {name} ne vaut plus : le numéro a changé depuis.",
        en=f"The approval of {name} stands no more: the issue has changed since.",
    )


def _way(command: str) -> Words:
    return Words(fr=f"`{command}`", en=f"`{command}`")


def _present(workspace: Workspace, issue_id: str) -> Edition | None:
    try:
        return present_edition(workspace, issue_id)
    except HebdoError:
        return None
