"""After an issue left: its web view is corrected, with the date and what was wrong; what readers got stays sealed."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from composer.errors import ConfirmationNeeded, Conflict
from composer.ledger import Ledger
from composer.model.edition import Correction, Edition
from composer.model.findings import Finding
from composer.model.mailing import Mailing
from composer.render.difference import Change, compare_editions, told_changes
from composer.text.addresses import web_url
from composer.text.shown import one_line
from composer.words import Words
from composer.workflow.checking import check
from composer.workflow.conditions import refuse_errors
from composer.workflow.edits import mark_sealed
from composer.workflow.lost import known_issue
from composer.workflow.previewing import render_issue
from composer.workspace import Workspace, find_issue, save_pictures
from composer.workspace.receipts import save_corrected

LONGEST_NOTE = 500  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What became of a web view."""

    issue_id: str
    url: str
    changed: bool  # False: the page showed this already
    undone: bool = False
    digest: str  # of the edition that the page shows
    changes: tuple[Change, ...] = ()
    corrections: tuple[dict[str, Any], ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def words(self) -> Words:
        """The sentence that confirms it."""
        if self.undone:
            return Words(fr=f"Correction reprise : {self.url}", en=f"Correction taken back: {self.url}")
        if not self.changed:
            return Words(
                fr=f"Rien à corriger : la version en ligne est celle des fichiers. {self.url}",
                en=f"Nothing to correct: the web view is what the files say. {self.url}",
            )
        return Words(
            fr=f"Version en ligne corrigée : {self.url}. Ce que les lecteurs ont reçu reste scellé.",
            en=f"Web view corrected: {self.url}. What readers got stays sealed.",
        )

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {
            "issue": self.issue_id,
            "url": self.url,
            "changed": self.changed,
            "undone": self.undone,
            "digest": self.digest,
            "changes": [{"what": one.what.en, "before": one.before, "after": one.after} for one in self.changes],
            "corrections": list(self.corrections),
        }


def corrections_answer(workspace: Workspace, ledger: Ledger, issue_id: str) -> list[dict[str, Any]]:
    """The corrections of an issue's web view, the oldest first, for programs and boards."""
    return [_correction_answer(one, workspace.newsletter.time_zone) for one in ledger.corrections.of_issue(issue_id)]


def _correction_answer(correction: Correction, zone: str) -> dict[str, Any]:
    at = correction.corrected_at.isoformat()
    return {"digest": correction.digest, "note": correction.note, "corrected_at": at, "zone": zone}


def correct(workspace: Workspace, ledger: Ledger, ref: str, *, note: str | None = None, yes: bool = False, now: datetime) -> Corrected:
    """Publishes the issue as its files stand as its web view, with the date and ``note``.

    Nothing changes where the page shows it already, but a new ``note`` is taken. Raises Conflict when the issue never left, FindingsError
    when the checks found errors, ConfirmationNeeded with the difference unless ``yes``: the page is public.
    """
    ledger.home.require()
    issue_id = find_issue(workspace, ref)
    sealed = _sealed(ledger, issue_id)
    done = ledger.corrections.of_issue(issue_id)
    shown = (ledger.editions.get(issue_id, done[-1].digest) if done else None) or sealed
    edition = render_issue(workspace, issue_id)
    told = _note(note)
    if edition.digest == shown.digest:
        renamed = bool(done) and note is not None and told != done[-1].note
        if renamed and not yes:
            raise _ask(issue_id, [_other_note(done[-1].note, told)], note=told)
        if renamed:
            ledger.corrections.annotate(done[-1].id, note=told)
        return _answer(workspace, ledger, issue_id, changed=renamed, digest=shown.digest)
    findings = check(workspace, issue_id, offline=True, edition=edition)
    refuse_errors(findings, issue_id, what=Words(fr="Rien n’est publié.", en="Nothing is published."))
    changes = compare_editions(shown, edition)
    if not yes:
        raise _ask(issue_id, told_changes(changes), note=told)
    ledger.editions.seal(mark_sealed(workspace, edition), now=now)
    save_pictures(workspace, edition)
    save_corrected(workspace, issue_id, edition)
    ledger.corrections.add(issue_id=issue_id, digest=edition.digest, note=told, now=now)
    return _answer(workspace, ledger, issue_id, changed=True, digest=edition.digest, changes=changes, findings=findings)


def undo_correction(workspace: Workspace, ledger: Ledger, ref: str, *, yes: bool = False) -> Corrected:
    """Takes the last correction back: the page shows what it showed before. Raises Conflict when there is none."""
    ledger.home.require()
    issue_id = known_issue(workspace, ledger, ref)
    done = ledger.corrections.of_issue(issue_id)
    sealed = _sealed(ledger, issue_id)
    if not done:
        raise Conflict(
            Words(fr="La version en ligne de ce numéro n’a pas été corrigée.", en="The web view of this issue was not corrected."),
            where=issue_id,
            hint=Words(fr=f"`hebdo status {issue_id}`", en=f"`hebdo status {issue_id}`"),
        )
    before = (ledger.editions.get(issue_id, done[-2].digest) if len(done) > 1 else None) or sealed
    shown = ledger.editions.get(issue_id, done[-1].digest)
    changes = compare_editions(shown, before) if shown else ()
    if not yes:
        raise _ask(issue_id, told_changes(changes) or [_BACK], undo=True)
    ledger.corrections.take_back(done[-1].id)
    save_corrected(workspace, issue_id, before if len(done) > 1 else None)
    return _answer(workspace, ledger, issue_id, changed=True, undone=True, digest=before.digest, changes=changes)


def _answer(
    workspace: Workspace,
    ledger: Ledger,
    issue_id: str,
    *,
    changed: bool,
    digest: str,
    undone: bool = False,
    changes: tuple[Change, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> Corrected:
    return Corrected(
        issue_id=issue_id,
        url=web_url(workspace.newsletter.site.public_url, issue_id),
        changed=changed,
        undone=undone,
        digest=digest,
        changes=changes,
        corrections=tuple(corrections_answer(workspace, ledger, issue_id)),
        findings=findings,
    )


def _sealed(ledger: Ledger, issue_id: str) -> Edition:
    """What readers got."""
    for mailing in _launched(ledger, issue_id):
        if edition := ledger.editions.get(issue_id, mailing.digest):
            return edition
    raise Conflict(
        Words(
            fr="Ce numéro n’est pas parti : il n’a pas de version en ligne à corriger.",
            en="This issue has not left: it has no web view to correct.",
        ),
        where=issue_id,
        hint=Words(fr=f"Corrigez ses fichiers, puis `hebdo check {issue_id}`", en=f"Mend its files, then `hebdo check {issue_id}`"),
    )


def _launched(ledger: Ledger, issue_id: str) -> list[Mailing]:
    return [mailing for mailing in ledger.mailings.of_issue(issue_id) if mailing.launched_at]


def _note(note: str | None) -> str:
    """What was corrected, on one line, as readers will see it."""
    words = one_line(note or "")
    if len(words) > LONGEST_NOTE:
        raise Conflict(
            Words(fr=f"La note dépasse {LONGEST_NOTE} signes.", en=f"The note is over {LONGEST_NOTE} characters."),
            where="--note",
            hint=Words(
                fr="Dites en une phrase ce qui était faux et ce qui est juste.", en="Say in one sentence what was wrong and what is right."
            ),
        )
    return words


_BACK = Words(fr="Retour à ce qu’elle montrait avant.", en="Back to what it showed before.")


def _other_note(before: str, after: str) -> Words:
    return Words(fr=f"Note : « {before} » devient « {after} »", en=f"Note: “{before}” becomes “{after}”")


def _ask(issue_id: str, told: Sequence[Words], *, note: str = "", undo: bool = False) -> ConfirmationNeeded:
    """What will change, and how to say yes."""
    option = " --undo" if undo else f" --note {shlex.quote(note)}" if note else ""
    offer = f'hebdo correct {issue_id} --note "…" --yes'
    more = Words(
        fr="" if option else f" ; en disant aux lecteurs ce qui était faux : `{offer}`",
        en="" if option else f"; telling readers what was wrong: `{offer}`",
    )
    typed = f"hebdo correct {issue_id}{option} --yes"
    return ConfirmationNeeded(
        Words(
            fr="La version en ligne changera pour tous :\n" + "\n".join(one.fr for one in told),
            en="The web view will change for everybody:\n" + "\n".join(one.en for one in told),
        ),
        where=issue_id,
        hint=Words(fr=f"Pour publier : `{typed}`{more.fr}", en=f"To publish: `{typed}`{more.en}"),
    )
