"""When a mailing leaves: scheduling, taking back, sending now. The launch itself is in launching."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from composer.deliver.choose import AudienceRule
from composer.deliver.guards import guard_audience
from composer.deliver.schedule import Departure, find_zone, moment_words, next_slot, parse_clock, parse_departure
from composer.errors import ConfirmationNeeded, Conflict, FindingsError, NotFound, UsageError
from composer.ledger import Ledger
from composer.model.edition import Edition
from composer.model.findings import Finding
from composer.model.mailing import Mailing, MailingState
from composer.model.newsletter import Newsletter
from composer.words import Words
from composer.workflow.launching import foreign_receipt, launch_due, receipt_hint, render
from composer.workflow.telling import clock_is_running, open_mailing, said
from composer.workspace import Workspace, find_issue, load_issue, save_pictures

__all__ = ["Scheduled", "launch_due", "next_departure", "next_free_slot", "read_range", "schedule", "send_now", "unschedule"]

WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A mailing that was written, with what the desk confirms."""

    mailing: Mailing
    departure: Departure
    audience: int  # at this moment; frozen when the mailing launches
    number: int | None
    subject: str
    rehearsal: bool
    warnings: tuple[Words, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def words(self) -> Words:
        """The sentence that confirms it."""
        name = self.mailing.issue_id if self.number is None else f"n°\u00a0{self.number}"
        english = self.mailing.issue_id if self.number is None else f"no. {self.number}"
        when = moment_words(self.departure.local, self.departure.zone)
        rehearsal = ("Répétition\u00a0: ", "Rehearsal: ") if self.rehearsal else ("", "")
        return Words(
            fr=f"{rehearsal[0]}{name}, {when.fr}, {self.audience} abonnés.",
            en=f"{rehearsal[1]}{english}, {when.en}, {self.audience} subscribers.",
        )

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {
            "issue": self.mailing.issue_id,
            "mailing": self.mailing.id,
            "state": self.mailing.state.value,
            "due_at": self.mailing.due_at.isoformat(),
            "local": self.departure.local.isoformat(),
            "zone": self.departure.zone,
            "hold_until": self.mailing.hold_until.isoformat() if self.mailing.hold_until else None,
            "audience": self.audience,
            "digest": self.mailing.digest,
            "rehearsal": self.rehearsal,
        }


def schedule(
    workspace: Workspace,
    ledger: Ledger,
    ref: str,
    *,
    at: str | None = None,
    tz: str | None = None,
    fold: int | None = None,
    expect: str | tuple[int, int] | None = None,
    yes: bool = False,
    now: datetime,
) -> Scheduled:
    """Seals the issue's edition and writes its mailing for ``at`` (local in ``tz``), or for the next free weekly slot.

    ``fold`` names the turn of an hour that comes twice: 0 the first, 1 the second. Raises UsageError for an hour that is
    past or does not exist, ConfirmationNeeded where a person must say yes, Conflict when the issue left or is on its way,
    FindingsError when the checks found errors.
    """
    ledger.home.require()
    issue_id = find_issue(workspace, ref)
    _refuse_second(workspace, ledger, issue_id)
    departure, slot = _when(workspace.newsletter, ledger, at=at, tz=tz, fold=fold, now=now)
    _refuse_past(departure, now)
    return _write(workspace, ledger, issue_id, departure, slot=slot, hold_until=None, expect=expect, yes=yes, ask_for_clock=True, now=now)


def send_now(
    workspace: Workspace,
    ledger: Ledger,
    ref: str,
    *,
    hold_s: int | None = None,
    expect: str | tuple[int, int] | None = None,
    yes: bool = False,
    now: datetime,
) -> Scheduled:
    """Seals the issue's edition and writes a mailing that launches at once; its first message leaves after ``hold_s`` seconds.

    Raises as ``schedule`` does, but does not ask for a running clock: a worker may follow.
    """
    ledger.home.require()
    issue_id = find_issue(workspace, ref)
    _refuse_second(workspace, ledger, issue_id)
    zone = find_zone(workspace.newsletter.time_zone)
    window = workspace.newsletter.schedule.hold_s if hold_s is None else hold_s
    if not 0 <= window <= 7 * 86400:
        raise UsageError(
            Words(fr=f"Une fenêtre de {window} s n’est pas possible.", en=f"A hold window of {window} s is not possible."),
            where="--hold",
            hint=Words(fr="Écrivez par exemple `--hold 5m`.", en="Write for example `--hold 5m`."),
        )
    departure = Departure(due_at=now, local=now.astimezone(zone), zone=zone.key)
    until = now + timedelta(seconds=window) if window else None
    return _write(workspace, ledger, issue_id, departure, slot=None, hold_until=until, expect=expect, yes=yes, ask_for_clock=False, now=now)


def unschedule(workspace: Workspace, ledger: Ledger, ref: str, *, now: datetime) -> Mailing:
    """Takes back the issue's scheduled mailing; the seal is broken and the issue can be edited. Raises Conflict once it left."""
    issue_id = find_issue(workspace, ref)
    mailing = open_mailing(ledger, issue_id)
    if mailing is None:
        raise NotFound(
            Words(fr="Aucun envoi n’est programmé pour ce numéro.", en="No mailing is scheduled for this issue."),
            where=issue_id,
            hint=Words(fr=f"hebdo status {issue_id}", en=f"hebdo status {issue_id}"),
        )
    if not ledger.mailings.unschedule(mailing.id, reason=said(workspace, Words(fr="déprogrammé", en="unscheduled")), now=now):
        raise Conflict(
            Words(
                fr="Cet envoi a commencé\u00a0: il ne se déprogramme plus.", en="This mailing has begun: it cannot be unscheduled any more."
            ),
            where=issue_id,
            hint=Words(fr=f"Pour l’arrêter\u00a0: `hebdo stop {issue_id}`", en=f"To stop it: `hebdo stop {issue_id}`"),
        )
    return replace(mailing, state=MailingState.STOPPED, reason_code="unscheduled")


def next_departure(ledger: Ledger) -> Mailing | None:
    """The scheduled mailing that leaves first."""
    waiting = ledger.mailings.in_states(MailingState.SCHEDULED)
    return min(waiting, key=lambda mailing: (mailing.due_at, mailing.id), default=None)


def next_free_slot(newsletter: Newsletter, ledger: Ledger, now: datetime) -> tuple[Departure, date] | None:
    """The next occurrence of the weekly slot that no mailing has taken; None when the newsletter has no slot."""
    if newsletter.schedule.weekday is None:
        return None
    zone, clock = find_zone(newsletter.time_zone), parse_clock(newsletter.schedule.time)
    taken, after = ledger.mailings.taken_slots(WEEKLY), now
    while True:
        after, day = next_slot(after, weekday=newsletter.schedule.weekday, clock=clock, zone=zone)
        if day not in taken:
            return Departure(due_at=after, local=after.astimezone(zone), zone=zone.key), day


def _when(
    newsletter: Newsletter, ledger: Ledger, *, at: str | None, tz: str | None, fold: int | None, now: datetime
) -> tuple[Departure, date | None]:
    if at is not None:
        return parse_departure(at, zone=find_zone(tz or newsletter.time_zone), fold=fold), None
    slot = next_free_slot(newsletter, ledger, now)
    if slot is None:
        raise UsageError(
            Words(fr="Quand\u00a0? Ni `--at`, ni créneau dans newsletter.toml.", en="When? Neither `--at` nor a slot in newsletter.toml."),
            where="--at",
            hint=Words(fr='Écrivez par exemple `--at "2026-11-27 07:00"`.', en='Write for example `--at "2026-11-27 07:00"`.'),
        )
    return slot


def _refuse_past(departure: Departure, now: datetime) -> None:
    if departure.due_at > now:
        return
    when = moment_words(departure.local, departure.zone)
    raise UsageError(
        Words(fr=f"{when.fr}\u00a0: c’est passé.", en=f"{when.en} is past."),
        where="--at",
        hint=Words(fr="Donnez une heure à venir, ou `hebdo send NUMÉRO --now`.", en="Give an hour to come, or `hebdo send ISSUE --now`."),
    )


def _refuse_second(workspace: Workspace, ledger: Ledger, issue_id: str) -> None:
    """One issue, one open mailing; and none after one that went to its end."""
    for mailing in ledger.mailings.of_issue(issue_id):
        if mailing.state is MailingState.FINISHED:
            raise Conflict(
                Words(fr="Ce numéro est déjà parti.", en="This issue has already been sent."),
                where=issue_id,
                hint=Words(fr=f"Voir `hebdo status {issue_id}`", en=f"See `hebdo status {issue_id}`"),
            )
        if mailing.state is not MailingState.STOPPED:
            begun = mailing.launched_at is not None
            way = f"hebdo status {issue_id}" if begun else f"hebdo unschedule {issue_id}"
            raise Conflict(
                Words(
                    fr="Ce numéro a déjà un envoi en cours ou programmé.", en="This issue already has a mailing, under way or scheduled."
                ),
                where=issue_id,
                hint=Words(fr=f"`{way}`", en=f"`{way}`"),
            )
    foreign = foreign_receipt(workspace, ledger, issue_id)
    if foreign is not None:
        raise Conflict(foreign, where=f"issues/{issue_id}/sent.json", hint=receipt_hint(issue_id))


def _write(
    workspace: Workspace,
    ledger: Ledger,
    issue_id: str,
    departure: Departure,
    *,
    slot: date | None,
    hold_until: datetime | None,
    expect: str | tuple[int, int] | None,
    yes: bool,
    ask_for_clock: bool,
    now: datetime,
) -> Scheduled:
    issue = load_issue(workspace, issue_id)
    allowed = read_range(expect)
    edition = render(workspace, issue)
    findings = _check(workspace, issue_id, edition)
    _require_desk(workspace.newsletter, ledger, edition)
    audience = ledger.subscribers.count_due(AudienceRule(issue_id=issue_id))
    _confirm_audience(workspace.newsletter, ledger, audience, allowed=allowed, yes=yes)
    running = clock_is_running(ledger, now)
    if ask_for_clock and not running and not yes:
        raise ConfirmationNeeded(_no_clock(departure), where=issue_id, hint=_yes_hint())
    ledger.editions.seal(edition, now=now)
    save_pictures(workspace, edition)
    mailing = ledger.mailings.add(
        issue_id=issue_id,
        digest=edition.digest,
        due_at=departure.due_at,
        hold_until=hold_until,
        expected=audience,
        expected_range=allowed,
        series=WEEKLY if slot else None,
        local_date=slot,
        now=now,
    )
    if mailing is None:
        raise Conflict(
            Words(fr="Un autre envoi vient d’être programmé ici.", en="Another mailing has just been scheduled here."),
            where=issue_id,
            hint=Words(fr="hebdo status", en="hebdo status"),
        )
    return Scheduled(
        mailing=mailing,
        departure=departure,
        audience=audience,
        number=issue.number,
        subject=issue.subject,
        rehearsal=workspace.newsletter.site.rehearsal,
        warnings=() if running else (_no_clock(departure),),
        findings=tuple(findings),
    )


def read_range(expect: str | tuple[int, int] | None) -> tuple[int, int] | None:
    """«4000..4400» as two numbers; raises UsageError."""
    if expect is None:
        return None
    low, high = expect if isinstance(expect, tuple) else _split_range(expect)
    if 0 <= low <= high:
        return low, high
    raise _bad_range(f"{low}..{high}")


def _split_range(expect: str) -> tuple[int, int]:
    low, dots, high = expect.partition("..")
    try:
        return int(low), int(high if dots else low)
    except ValueError as error:
        raise _bad_range(expect) from error


def _bad_range(expect: str) -> UsageError:
    return UsageError(
        Words(fr=f"«\u00a0{expect}\u00a0» n’est pas une fourchette.", en=f"“{expect}” is not a range."),
        where="--expect",
        hint=Words(fr="Écrivez par exemple `--expect 4000..4400`.", en="Write for example `--expect 4000..4400`."),
    )


def _check(workspace: Workspace, issue_id: str, edition: Edition) -> tuple[Finding, ...]:
    from composer.workflow.checking import check

    findings = tuple(check(workspace, issue_id, offline=True, edition=edition))
    errors = [finding for finding in findings if finding.level == "error"]
    if not errors:
        return findings
    first = errors[0]
    place = f"{first.path}:{first.line}" if first.path and first.line else first.path or issue_id
    many = len(errors)
    refused = FindingsError(
        Words(
            fr=f"Une erreur empêche de programmer. {first.message.fr}"
            if many == 1
            else f"{many} erreurs empêchent de programmer. {first.message.fr}",
            en=f"One error stands in the way of scheduling. {first.message.en}"
            if many == 1
            else f"{many} errors stand in the way of scheduling. {first.message.en}",
        ),
        where=place,
        hint=Words(fr=f"`hebdo check {issue_id}` les montre toutes.", en=f"`hebdo check {issue_id}` shows them all."),
    )
    refused.findings = findings  # type: ignore[attr-defined] # for the JSON envelope
    raise refused


def _require_desk(newsletter: Newsletter, ledger: Ledger, edition: Edition) -> None:
    """The desk's own rules: this very edition was proofed, approved."""
    issue_id = edition.issue_id
    if "proof" in newsletter.desk.require and all(proof.digest != edition.digest for proof in ledger.proofs.of_issue(issue_id)):
        raise Conflict(
            Words(fr="La maquette actuelle n’a pas eu d’épreuve.", en="The present edition has not been proofed."),
            where=issue_id,
            hint=Words(fr=f"hebdo proof {issue_id}", en=f"hebdo proof {issue_id}"),
        )
    if "approval" in newsletter.desk.require and not ledger.proofs.approvers(issue_id, edition.digest):
        raise Conflict(
            Words(fr="La maquette actuelle n’a pas de bon à tirer.", en="The present edition has not been approved."),
            where=issue_id,
            hint=Words(fr=f"hebdo approve {issue_id}", en=f"hebdo approve {issue_id}"),
        )


def _confirm_audience(newsletter: Newsletter, ledger: Ledger, audience: int, *, allowed: tuple[int, int] | None, yes: bool) -> None:
    last, drift = ledger.mailings.last_audience(), newsletter.schedule.audience_drift
    hold = guard_audience(audience, confirmed=None, allowed=allowed, last=last, drift=drift)
    if hold is None:
        return
    if allowed is not None and audience:
        raise Conflict(hold.reason, where="--expect", hint=Words(fr="hebdo subscribers list", en="hebdo subscribers list"))
    if not yes:
        hint = (
            Words(fr="hebdo subscribers import FICHIER --consent …", en="hebdo subscribers import FILE --consent …")
            if not audience
            else _yes_hint()
        )
        raise ConfirmationNeeded(hold.reason, where="audience", hint=hint)


def _no_clock(departure: Departure) -> Words:
    hour = departure.local
    return Words(
        fr=f"Aucun moteur ne tourne\u00a0: rien ne partira à {hour.hour}\u00a0h\u00a0{hour.minute:02d}. Lancez `hebdo serve` sur une machine allumée.",
        en=f"No engine is running: nothing will leave at {hour:%H:%M}. Start `hebdo serve` on a machine that stays on.",
    )


def _yes_hint() -> Words:
    return Words(fr="Si c’est voulu, ajoutez `--yes`.", en="If it is meant so, add `--yes`.")
