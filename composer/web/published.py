"""What readers may see of the issues: those that left, as they left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from composer.errors import HebdoError
from composer.ledger import Ledger
from composer.model.edition import Edition
from composer.model.mailing import Mailing
from composer.render.views import web_view
from composer.text.merge import MergeField, split_tokens
from composer.workspace import Workspace, read_stored_picture
from composer.workspace.proofs import load_proof_page

PICTURE_TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A line of the archive."""

    id: str
    number: int | None
    subject: str
    day: date  # in the newsletter's zone


class Shelf:
    """Sealed editions of launched mailings: the ledger keeps them, so that a later edit of the files changes no page of readers."""

    def __init__(self, workspace: Workspace, ledger: Ledger) -> None:
        self.workspace = workspace
        self.ledger = ledger

    def published(self) -> tuple[Published, ...]:
        """The issues that left, newest first, each once."""
        zone = ZoneInfo(self.workspace.newsletter.time_zone)
        lines: dict[str, Published] = {}
        for mailing in self._launched():
            edition = self.ledger.editions.get(mailing.issue_id, mailing.digest)
            if edition and mailing.launched_at and edition.issue_id not in lines:
                day = mailing.launched_at.astimezone(zone).date()
                lines[edition.issue_id] = Published(id=edition.issue_id, number=edition.number, subject=bare_subject(edition), day=day)
        return tuple(lines.values())

    def web_view(self, issue_id: str) -> str | None:
        """The page of an issue that left; None for any other."""
        for mailing in self._launched():
            if mailing.issue_id == issue_id and (edition := self.ledger.editions.get(issue_id, mailing.digest)):
                return web_view(edition)
        return None

    def proof_view(self, issue_id: str, proof: str) -> str | None:
        """The page of an edition as it was proofed; None unless ``proof`` is what opens it."""
        edition = load_proof_page(self.workspace, issue_id, proof)
        return web_view(edition) if edition else None

    def picture(self, name: str) -> bytes | None:
        """A picture that any edition or proof ever showed."""
        try:
            kept = read_stored_picture(self.workspace, name)
        except HebdoError:
            kept = None
        return kept or self.ledger.editions.picture(name)

    def _launched(self) -> list[Mailing]:
        gone = [mailing for mailing in self.ledger.mailings.in_states() if mailing.launched_at]
        return sorted(gone, key=lambda mailing: (mailing.launched_at, mailing.id), reverse=True)


def bare_subject(edition: Edition) -> str:
    """The subject for nobody in particular: fallbacks stand for merge fields."""
    parts = split_tokens(edition.subject, edition.field_prefix)
    words = "".join((part.fallback or "") if isinstance(part, MergeField) else part for part in parts)
    return " ".join(words.split()) if any(isinstance(part, MergeField) for part in parts) else words
