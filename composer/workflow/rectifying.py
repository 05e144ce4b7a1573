"""A rectificatif: a short issue that goes to exactly those who got the issue that it corrects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from composer.check.lengths import LONGEST_SUBJECT
from composer.compose.writing import write_issue_file
from composer.deliver.choose import AudienceRule
from composer.deliver.schedule import english_date, french_date
from composer.errors import Conflict, HebdoError, NotFound
from composer.ledger import Ledger
from composer.model.issue import Issue
from composer.model.mailing import Mailing
from composer.text.addresses import web_url
from composer.text.names import slugify
from composer.text.shown import one_line
from composer.words import Language, Words, counted
from composer.workflow.composing import free_name, list_folders
from composer.workflow.lost import known_issue
from composer.workflow.telling import language_of, open_mailing, said
from composer.workspace import Workspace, load_issue
from composer.workspace.issues import ISSUE_FILE, numbers_of
from composer.workspace.sources import NEW_FILE, write_source

_TITLE = {"fr": "Rectificatif : {}", "en": "Correction: {}"}  # in the file: typography is applied when rendering

_PLAIN_SPACES = {0xA0: " ", 0x202F: " "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivers:
    """Those who got the issue that is corrected, at this moment."""

    issue: Words  # «le n° 42»
    received: int
    due: int  # of these, who will get the correction
    unsure: int  # may have got it: left out, since a correction of what they never read would only puzzle them

    @property
    def gone(self) -> int:
        """Who got it and is not written to any more."""
        return self.received - self.due

    @property
    def words(self) -> Words:
        """«3 120 abonnés qui ont reçu le n° 42 ; 12 partis depuis ; 4 incertains ne l’auront pas»."""
        people = counted(self.due, ("abonné qui a reçu", "abonnés qui ont reçu"), ("subscriber who got", "subscribers who got"))
        gone = counted(self.gone, ("n’est plus inscrit", "ne sont plus inscrits"), ("has left since", "have left since"))
        unsure = counted(
            self.unsure, ("incertain ne l’aura pas", "incertains ne l’auront pas"), ("uncertain one left out", "uncertain ones left out")
        )
        more = [part for part, count in ((gone, self.gone), (unsure, self.unsure)) if count]
        return Words(
            fr="".join((f"{people.fr} {self.issue.fr}", *(f" ; {part.fr}" for part in more))),
            en="".join((f"{people.en} {self.issue.en}", *(f"; {part.en}" for part in more))),
        )

    def to_json(self) -> dict[str, int]:
        """The figures for programs."""
        return {"received": self.received, "due": self.due, "gone": self.gone, "uncertain": self.unsure}


def rule_of(mailing: Mailing) -> AudienceRule:
    """Whom a mailing goes to, as it was scheduled: a later edit of the files changes nothing."""
    return AudienceRule(issue_id=mailing.issue_id, received=mailing.correction_of)


def intended_rule(workspace: Workspace, ledger: Ledger, issue: Issue) -> AudienceRule:
    """Whom ``issue`` would go to as its files stand; raises NotFound and Conflict for a correction of what cannot be corrected."""
    if not issue.correction_of:
        return AudienceRule(issue_id=issue.id)
    target = _target(workspace, ledger, issue)
    running = open_mailing(ledger, target)
    if running is not None:
        raise Conflict(
            Words(
                fr=f"{target} est encore en chemin ou programmé : on ne sait pas encore qui l’aura reçu.",
                en=f"{target} is still on its way or scheduled: nobody knows yet who will have got it.",
            ),
            where=issue.path,
            hint=Words(
                fr=f"Attendez la fin, ou arrêtez l’envoi : `hebdo status {target}`, `hebdo stop {target}`",
                en=f"Wait until it ends, or stop it: `hebdo status {target}`, `hebdo stop {target}`",
            ),
        )
    return AudienceRule(issue_id=issue.id, received=target)


def count_receivers(workspace: Workspace, ledger: Ledger, rule: AudienceRule) -> Receivers | None:
    """Who got the issue that is corrected, and who of them will get the correction; None for an ordinary issue."""
    if not rule.received:
        return None
    return Receivers(
        issue=name_issue(workspace, rule.received),
        received=len(ledger.subscribers.received(rule.received)),
        due=ledger.subscribers.count_due(rule),
        unsure=len(ledger.subscribers.unsure(rule.received)),
    )


def refuse_nobody(rule: AudienceRule, receivers: Receivers | None) -> None:
    """Raises Conflict for a correction that nobody would get."""
    if receivers is not None and not receivers.due:
        raise Conflict(
            Words(
                fr=f"Personne à qui écrire : {receivers.words.fr}.",
                en=f"Nobody to write to: {receivers.words.en}.",
            ),
            where=rule.issue_id,
            hint=Words(fr=f"`hebdo status {rule.received}`", en=f"`hebdo status {rule.received}`"),
        )


def name_issue(workspace: Workspace, issue_id: str) -> Words:
    """«le n° 42», or its id where it has no number."""
    number = numbers_of(workspace).get(issue_id)
    return Words(fr=issue_id, en=issue_id) if number is None else Words(fr=f"le n°\u00a0{number}", en=f"no. {number}")


def correction_answer(workspace: Workspace, ledger: Ledger, issue_id: str) -> dict[str, Any] | None:
    """What ``status`` says of an issue that is a rectificatif; None for any other."""
    mailings = [mailing for mailing in ledger.mailings.of_issue(issue_id) if mailing.correction_of]
    try:
        target = mailings[0].correction_of if mailings else _target(workspace, ledger, load_issue(workspace, issue_id))
    except HebdoError:
        return None
    if not target:
        return None
    rule = AudienceRule(issue_id=issue_id, received=target)
    receivers = count_receivers(workspace, ledger, rule)
    return {"of": target, **(receivers.to_json() if receivers else {}), "words": said(workspace, receivers.words) if receivers else ""}


def new_correction(workspace: Workspace, ledger: Ledger, ref: str, *, subject: str = "", now: datetime) -> Issue:
    """A new issue that corrects ``ref``, its subject and its one story begun. Raises Conflict when ``ref`` never left."""
    target = known_issue(workspace, ledger, ref)
    _refuse_unsent(ledger, target, where=ref)
    day = now.astimezone(ZoneInfo(workspace.newsletter.time_zone)).date()
    original = _subject_of(workspace, ledger, target)
    title = one_line(subject) or _title(original, language_of(workspace.newsletter))
    stem = said(workspace, Words(fr="rectificatif", en="correction"))
    slug = slugify(target[11:] if target[:4].isdigit() else target, max_length=40)
    name = free_name(f"{day.isoformat()}-{stem}-{slug}".rstrip("-"), list_folders(workspace))
    issue = Issue(id=name, date=day, subject=title, correction_of=target, path=f"issues/{name}/{ISSUE_FILE}")
    write_source(workspace, issue.path, write_issue_file(issue), if_digest=NEW_FILE)
    write_source(workspace, f"issues/{name}/{stem}.md", _first_words(workspace, ledger, target, original), if_digest=NEW_FILE)
    return load_issue(workspace, name)


def _target(workspace: Workspace, ledger: Ledger, issue: Issue) -> str:
    """The id of the issue that ``issue`` corrects."""
    if not issue.correction_of:
        return ""
    try:
        target = known_issue(workspace, ledger, issue.correction_of)
    except HebdoError as error:
        raise NotFound(error.message, where=issue.path, hint=error.hint) from error
    if target == issue.id:
        raise Conflict(
            Words(fr="Un numéro ne se rectifie pas lui-même.", en="An issue cannot correct itself."),
            where=issue.path,
            hint=Words(fr="Écrivez dans « correction_of: » le numéro à rectifier.", en="Write the issue to correct in “correction_of:”."),
        )
    _refuse_unsent(ledger, target, where=issue.path)
    return target


def _refuse_unsent(ledger: Ledger, target: str, *, where: str) -> None:
    if any(mailing.launched_at for mailing in ledger.mailings.of_issue(target)):
        return
    raise Conflict(
        Words(fr=f"{target} n’est pas parti : corrigez-le, personne ne l’a lu.", en=f"{target} has not left: mend it, nobody has read it."),
        where=where,
        hint=Words(fr=f"`hebdo check {target}`", en=f"`hebdo check {target}`"),
    )


def _subject_of(workspace: Workspace, ledger: Ledger, target: str) -> str:
    try:
        return load_issue(workspace, target).subject
    except HebdoError:
        mailing = next(one for one in ledger.mailings.of_issue(target) if one.launched_at)
        edition = ledger.editions.get(target, mailing.digest)
        return edition.subject if edition else target


def _title(original: str, language: Language) -> str:
    """The subject that it begins with, no longer than inboxes show."""
    title = _TITLE[language].format(original)
    return title if len(title) <= LONGEST_SUBJECT else title[: LONGEST_SUBJECT - 1].rpartition(" ")[0] + "…"


def _first_words(workspace: Workspace, ledger: Ledger, target: str, original: str) -> str:
    """A headline and a paragraph with gaps; the checks refuse to let a gap go out."""
    left = max(mailing.launched_at for mailing in ledger.mailings.of_issue(target) if mailing.launched_at)
    day = left.astimezone(ZoneInfo(workspace.newsletter.time_zone))
    name = name_issue(workspace, target)
    number = ("", "") if name.fr == target else (f" ({name.fr.removeprefix('le ')})", f" ({name.en})")
    page = web_url(workspace.newsletter.site.public_url, target)
    # In the file ordinary spaces: typography is applied when rendering.
    if language_of(workspace.newsletter) == "fr":
        again = f"\n[Relire la lettre corrigée]({page})\n" if page else ""
        return (
            "---\nkind: lead\nstatus: todo\n---\n# Rectificatif\n\n"
            f"Dans notre lettre du {french_date(day)}{number[0]}, « {original} », nous avons écrit : « à compléter ».\n\n"
            f"Il fallait lire : « à compléter ».\n{again}"
        ).translate(_PLAIN_SPACES)
    again = f"\n[Read the corrected letter]({page})\n" if page else ""
    return (
        "---\nkind: lead\nstatus: todo\n---\n# Correction\n\n"
        f"In our letter of {english_date(day)}{number[1]}, “{original}”, we wrote: “to be completed”.\n\nIt should have read: “to be completed”.\n{again}"
    ).translate(_PLAIN_SPACES)
