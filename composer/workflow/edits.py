"""Edits after sealing: what readers would get otherwise, told to the desk when the edit is made, and the ways to decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from composer.deliver.schedule import find_zone, moment_words, turn_of
from composer.errors import HebdoError
from composer.ledger import Ledger
from composer.model.edition import Edition
from composer.model.mailing import Mailing, MailingState
from composer.model.newsletter import Newsletter
from composer.render.difference import Change, compare_editions, told_changes
from composer.words import Words
from composer.workflow.lost import is_gone
from composer.workflow.previewing import present_edition, render_issue
from composer.workflow.sealed_site import sealed_elsewhere
from composer.workflow.telling import said
from composer.workspace import Workspace
from composer.workspace.matter import name_matter
from composer.workspace.shipped import own_version

KINDS = ("changed", "undone")
MAX_DETAIL = 6_000  # characters
_LETTERHEAD = {
    "from": Words(fr="Nom de l’expéditeur", en="Sender’s name"),
    "address": Words(fr="Adresse de l’expéditeur", en="Sender’s address"),
    "reply_to": Words(fr="Adresse de réponse", en="Reply address"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Why the files are no longer what was sealed."""

    words: Words  # one sentence
    changes: tuple[Change, ...] = ()  # what readers would get otherwise; () when the files cannot be read

    @property
    def detail(self) -> Words:
        """The difference, a few lines."""
        told = told_changes(self.changes)
        french, english = "\n".join(one.fr for one in told), "\n".join(one.en for one in told)
        return Words(fr=french[:MAX_DETAIL], en=english[:MAX_DETAIL])


def mark_sealed(workspace: Workspace, edition: Edition) -> Edition:
    """``edition`` with what it was made from and who sends it, as its seal remembers them; neither is in the digest."""
    marks = (("hebdo", own_version()), ("matter", _matter(workspace, edition.issue_id)), *_letterhead(workspace.newsletter).items())
    return replace(edition, made_with=(*edition.made_with, *marks))


def find_edit(workspace: Workspace, ledger: Ledger, mailing: Mailing, *, at_a_glance: bool = False) -> Edit | None:
    """What makes the files differ from what was sealed; None when readers would get the same, or when nobody can know.

    A newer Hebdo that draws untouched files otherwise is no edit: the sealed version leaves. ``at_a_glance`` renders only what changed
    by name, time or size since the last look: for what is shown again and again, never for what decides a launch. Where settings are spoilt nobody
    knows what readers would get: None.
    """
    if workspace.trouble is not None:
        return None
    if is_gone(workspace, mailing.issue_id):
        return Edit(
            words=Words(fr=f"Le dossier issues/{mailing.issue_id} n’est plus là.", en=f"The folder issues/{mailing.issue_id} is gone.")
        )
    sealed = ledger.editions.get(mailing.issue_id, mailing.digest)
    try:
        present = (present_edition if at_a_glance else render_issue)(workspace, mailing.issue_id)
    except HebdoError as error:
        return _unreadable(error)
    changes = [*_new_letterhead(workspace.newsletter, sealed)] if sealed else []
    if present.digest != mailing.digest and not (sealed and _same_matter(workspace, sealed)):
        changes += compare_editions(sealed, present) if sealed else ()
        return Edit(words=_EDITED, changes=tuple(changes))
    return Edit(words=_EDITED, changes=tuple(changes)) if changes else None


_EDITED = Words(fr="Modifié après le scellé.", en="Edited after sealing.")


def tell_edits(workspace: Workspace, ledger: Ledger, mailings: Iterable[Mailing], now: datetime) -> bool:
    """Tells the desk of each edit of a sealed issue, once per different edit, and once when it was undone; whether anything was told."""
    told = [_tell_edit(workspace, ledger, mailing, now) for mailing in mailings]
    return any(told)


def _tell_edit(workspace: Workspace, ledger: Ledger, mailing: Mailing, now: datetime) -> bool:
    edit = find_edit(workspace, ledger, mailing)
    if edit is not None:
        words = said(workspace, _told(workspace, ledger, mailing, edit, now))
        detail = said(workspace, edit.detail) or said(workspace, edit.words)
        return ledger.notices.add_unless_last(KINDS, mailing_id=mailing.id, kind="changed", words=words, detail=detail, now=now)
    last = ledger.notices.last(KINDS, mailing_id=mailing.id)
    if last is None or last.kind != "changed":
        return False
    return ledger.notices.add_unless_last(KINDS, mailing_id=mailing.id, kind="undone", words=said(workspace, _undone(mailing)), now=now)


def watched(ledger: Ledger) -> tuple[Mailing, ...]:
    """The mailings whose files must stay as they were sealed: not launched, not taken back."""
    waiting = ledger.mailings.in_states(MailingState.SCHEDULED, MailingState.HELD)
    return tuple(mailing for mailing in waiting if mailing.launched_at is None)


def may_keep(workspace: Workspace, ledger: Ledger, mailing: Mailing) -> bool:
    """Whether «keep the sealed version» is a choice: not taken yet, and not sealed for another public address."""
    sealed = ledger.editions.get(mailing.issue_id, mailing.digest)
    return "changed" not in mailing.accepted and sealed is not None and sealed_elsewhere(workspace.newsletter, sealed) is None


def seal_again(workspace: Workspace, mailing: Mailing, now: datetime) -> Words:
    """The commands that seal the issue anew, for the same hour or, once that is past, for now; nothing where its folder is gone."""
    if is_gone(workspace, mailing.issue_id):
        return Words(fr="", en="")
    issue_id, local = mailing.issue_id, mailing.due_at.astimezone(find_zone(workspace.newsletter.time_zone))
    fold = f" --fold {turn_of(local)}" if turn_of(local) is not None else ""
    first, then = f"`hebdo unschedule {issue_id}`", f'`hebdo schedule {issue_id} --at "{local:%Y-%m-%d %H:%M}"{fold}`'
    if mailing.due_at <= now:
        then = f"`hebdo send {issue_id} --now`"
    return Words(fr=f"Envoyer le numéro tel qu’il est : {first}, puis {then}", en=f"Send the issue as it is: {first}, then {then}")


def what_follows(workspace: Workspace, mailing: Mailing) -> Words:
    """What happens at the hour if nobody decides."""
    zone = find_zone(workspace.newsletter.time_zone)
    when = moment_words(mailing.due_at.astimezone(zone), zone.key)
    if "changed" in mailing.accepted:
        return Words(
            fr=f"Comme décidé, la version scellée partira à l’heure prévue, {when.fr}.",
            en=f"As decided, the sealed version leaves at the planned hour, {when.en}.",
        )
    if mailing.state is MailingState.HELD:
        return Words(fr="L’envoi attend ; sans décision, rien ne part.", en="The mailing waits; undecided, nothing leaves.")
    if workspace.newsletter.desk.on_change == "send_sealed":
        return Words(
            fr=f"Sans décision, la version scellée partira à l’heure prévue, {when.fr}.",
            en=f"Undecided, the sealed version leaves at the planned hour, {when.en}.",
        )
    return Words(
        fr=f"Sans décision, rien ne partira à l’heure prévue, {when.fr}.", en=f"Undecided, nothing leaves at the planned hour, {when.en}."
    )


def _told(workspace: Workspace, ledger: Ledger, mailing: Mailing, edit: Edit, now: datetime) -> Words:
    """The whole notice but for the difference: what, what follows, and the choices as commands."""
    follows, again = what_follows(workspace, mailing), seal_again(workspace, mailing, now)
    ways = [Words(fr=f"{mailing.issue_id} : {edit.words.fr} {follows.fr}", en=f"{mailing.issue_id}: {edit.words.en} {follows.en}")]
    if may_keep(workspace, ledger, mailing):
        keep = f"`hebdo resume {mailing.issue_id}`"
        ways.append(Words(fr=f"Garder la version scellée : {keep}", en=f"Keep the sealed version: {keep}"))
    if again.en:
        ways.append(again)
    return Words(fr="\n".join(way.fr for way in ways), en="\n".join(way.en for way in ways))


def _undone(mailing: Mailing) -> Words:
    if mailing.state is MailingState.HELD:
        way = f"`hebdo resume {mailing.issue_id}`"
        return Words(
            fr=f"{mailing.issue_id} : les fichiers sont de nouveau ceux du scellé. L’envoi attend encore : {way}",
            en=f"{mailing.issue_id}: the files are again what was sealed. The mailing still waits: {way}",
        )
    return Words(
        fr=f"{mailing.issue_id} : les fichiers sont de nouveau ceux du scellé, rien à décider.",
        en=f"{mailing.issue_id}: the files are again what was sealed, nothing to decide.",
    )


def _unreadable(error: HebdoError) -> Edit:
    where = f" ({error.where})" if error.where else ""
    return Edit(
        words=Words(
            fr=f"Modifié après le scellé, et illisible : {error.message.fr.rstrip('.')}{where}.",
            en=f"Edited after sealing, and unreadable: {error.message.en.rstrip('.')}{where}.",
        )
    )


def _same_matter(workspace: Workspace, sealed: Edition) -> bool:
    known = dict(sealed.made_with).get("matter", "")
    return bool(known) and known == _matter(workspace, sealed.issue_id)


def _matter(workspace: Workspace, issue_id: str) -> str:
    try:
        return name_matter(workspace, issue_id)
    except OSError:
        return ""


def _letterhead(newsletter: Newsletter) -> dict[str, str]:
    sender = newsletter.sender
    return {"from": sender.name, "address": sender.address, "reply_to": sender.reply_to}


def _new_letterhead(newsletter: Newsletter, sealed: Edition) -> Iterable[Change]:
    """Who the mail comes from is read when it leaves; the digest does not hold it, the reader sees it first."""
    known, present = dict(sealed.made_with), _letterhead(newsletter)
    for name, what in _LETTERHEAD.items():
        if name in known and known[name] != present[name]:
            live = Words(fr=f"{what.fr} (vaut dans tous les cas)", en=f"{what.en} (holds in any case)")
            yield Change(what=live, before=known[name], after=present[name])
