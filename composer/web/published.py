"""What readers may see of the issues: those that left, as they left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from composer.errors import HebdoError
from composer.ledger import Ledger
from composer.model.edition import Correction, Edition
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
    corrected: date | None = None  # its web view, for the last time


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The page of an issue."""

    html: str
    corrections: tuple[Correction, ...] = ()  # the newest first; (): it is what readers got
    followed_by: tuple[Published, ...] = ()  # rectificatifs that left since, the newest first


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
            edition = None if mailing.issue_id in lines else self.ledger.editions.get(mailing.issue_id, mailing.digest)
            if edition and mailing.launched_at:
                shown, done = self._corrected(edition)
                lines[edition.issue_id] = Published(
                    id=edition.issue_id,
                    number=shown.number,
                    subject=bare_subject(shown),
                    day=mailing.launched_at.astimezone(zone).date(),
                    corrected=done[0].corrected_at.astimezone(zone).date() if done else None,
                )
        return tuple(lines.values())

    def web_view(self, issue_id: str) -> Shown | None:
        """The page of an issue that left, as it was corrected last; None for any other."""
        sent = self._sent(issue_id)
        if sent is None:
            return None
        edition, done = self._corrected(sent)
        return Shown(html=web_view(edition), corrections=done, followed_by=self._followed_by(issue_id))

    def sent_view(self, issue_id: str) -> str | None:
        """The page of an issue as readers got it, where it was corrected since; None for any other."""
        sent = self._sent(issue_id)
        return web_view(sent) if sent is not None and self._corrected(sent)[1] else None

    def _followed_by(self, issue_id: str) -> tuple[Published, ...]:
        followers = {mailing.issue_id for mailing in self._launched() if mailing.correction_of == issue_id}
        return tuple(line for line in self.published() if line.id in followers) if followers else ()

    def _sent(self, issue_id: str) -> Edition | None:
        found = (self.ledger.editions.get(issue_id, mailing.digest) for mailing in self._launched() if mailing.issue_id == issue_id)
        return next((edition for edition in found if edition), None)

    def _corrected(self, sent: Edition) -> tuple[Edition, tuple[Correction, ...]]:
        """The edition that the page shows, and all corrections up to it, the newest first."""
        done = self.ledger.corrections.of_issue(sent.issue_id)
        shown = self.ledger.editions.get(sent.issue_id, done[-1].digest) if done else None
        return (shown, tuple(reversed(done))) if shown else (sent, ())

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
