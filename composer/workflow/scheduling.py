"""When a mailing leaves: scheduling, taking back, sending now. The launch itself is in launching."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from composer.deliver.schedule import (
    Departure,
    MissingHour,
    find_zone,
    next_slot,
    parse_clock,
    parse_departure,
)
from composer.errors import ConfirmationNeeded, Conflict, NotFound, UsageError
from composer.ledger import Ledger
from composer.model.mailing import Mailing, MailingState
from composer.model.newsletter import Newsletter
from composer.words import Words
from composer.workflow.addresses import ask_addresses
from composer.workflow.catching_up import go_on_without, what_is_missing
from composer.workflow.conditions import (
    doubtful_audience,
    no_clock,
    other_date,
    read_range,
    refuse_past,
    refuse_second,
    require_no_errors,
    require_yes,
    unasked,
    untried,
)
from composer.workflow.edits import mark_sealed
from composer.workflow.launching import launch_due
from composer.workflow.lost import known_issue
from composer.workflow.previewing import render_issue
from composer.workflow.rectifying import count_receivers, intended_rule, refuse_nobody
from composer.workflow.reviewing import require_desk, review, stale_warning
from composer.workflow.scheduled import Scheduled
from composer.workflow.signing import signer_of
from composer.workflow.spreading import Moment, Wish, plan_spread, read_wish
from composer.workflow.telling import clock_is_running, open_mailing, said
from composer.workflow.tried_pages import UNTRIED
from composer.workspace import Workspace, find_issue, load_issue, save_pictures

__all__ = ["Scheduled", "launch_due", "next_departure", "next_free_slot", "read_range", "schedule", "send_now", "unschedule"]

WEEKLY = "weekly"


def schedule(
    workspace: Workspace,
    ledger: Ledger,
    ref: str,
    *,
    at: str | None = None,
    tz: str | None = None,
    fold: int | None = None,
    expect: str | tuple[int, int] | None = None,
    first: str | None = None,
    yes: bool = False,
    now: datetime,
) -> Scheduled:
    """Seals the issue's edition and writes its mailing for ``at`` (local in ``tz``), or for the next free weekly slot.

    ``first`` overrides ``[schedule] first_slice``: «1%», «200», addresses, or «0» for none.
    ``fold`` names the turn of an hour that comes twice: 0 the first, 1 the second. Raises UsageError for an hour that is
    past or does not exist, ConfirmationNeeded where a person must say yes, Conflict when the issue left or is on its way,
    FindingsError when the checks found errors.
    """
    ledger.home.require()
    issue_id = find_issue(workspace, ref)
    refuse_second(workspace, ledger, issue_id)
    if at is None:
        _refuse_slot(workspace, issue_id, now)
    wish = read_wish(workspace.newsletter, first)
    typed = _command(issue_id, at=at, tz=tz, fold=fold, expect=expect, first=first)
    try:
        departure, slot = _when(workspace.newsletter, ledger, at=at, tz=tz, fold=fold, now=now)
    except MissingHour as missing:
        other = _command(issue_id, at=f"{missing.after:%Y-%m-%d %H:%M}", tz=tz, fold=None, expect=expect, first=first)
        raise UsageError(missing.message, where="--at", hint=Words(fr=f"`{other}`", en=f"`{other}`")) from None
    except ConfirmationNeeded as asked:
        refuse_past(_when(workspace.newsletter, ledger, at=at, tz=tz, fold=1, now=now)[0], issue_id, now)
        turns = (f"`{typed} --fold 0`", f"`{typed} --fold 1`")
        hint = Words(
            fr=f"La première\u00a0: {turns[0]}\u00a0; la seconde\u00a0: {turns[1]}", en=f"The first: {turns[0]}; the second: {turns[1]}"
        )
        raise ConfirmationNeeded(asked.message, where="--at", hint=hint) from None
    refuse_past(departure, issue_id, now)
    when = _When(departure=departure, slot=slot, typed=typed, needs_clock=True, wish=wish)
    return _write(workspace, ledger, issue_id, when, expect=expect, yes=yes, now=now)


def send_now(
    workspace: Workspace,
    ledger: Ledger,
    ref: str,
    *,
    hold_s: int | None = None,
    expect: str | tuple[int, int] | None = None,
    first: str | None = None,
    yes: bool = False,
    now: datetime,
) -> Scheduled:
    """Seals the issue's edition and writes a mailing that launches at once; its first message leaves after ``hold_s`` seconds.

    Raises as ``schedule`` does, but does not ask for a running clock: a worker may follow.
    """
    ledger.home.require()
    issue_id = find_issue(workspace, ref)
    refuse_second(workspace, ledger, issue_id)
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
    wish = replace(read_wish(workspace.newsletter, first), local_time=False)  # «now» is now everywhere
    typed = _now_command(issue_id, hold_s=hold_s, expect=expect, first=first)
    when = _When(departure=departure, hold_until=until, typed=typed, needs_clock=False, wish=wish)
    return _write(workspace, ledger, issue_id, when, expect=expect, yes=yes, now=now)


def unschedule(workspace: Workspace, ledger: Ledger, ref: str, *, now: datetime) -> Mailing:
    """Takes back the issue's scheduled mailing; the seal is broken and the issue can be edited. Raises Conflict once it left."""
    issue_id = known_issue(workspace, ledger, ref)
    mailing = open_mailing(ledger, issue_id)
    if mailing is None:
        raise NotFound(
            Words(fr="Aucun envoi n’est programmé pour ce numéro.", en="No mailing is scheduled for this issue."),
            where=issue_id,
            hint=Words(fr=f"`hebdo status {issue_id}`", en=f"`hebdo status {issue_id}`"),
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


def _refuse_slot(workspace: Workspace, issue_id: str, now: datetime) -> None:
    """A rectificatif leaves between two issues: the weekly slot stays with the next one."""
    if not load_issue(workspace, issue_id).correction_of:
        return
    later = (now.astimezone(find_zone(workspace.newsletter.time_zone)) + timedelta(days=1)).date().isoformat()
    raise UsageError(
        Words(fr="Un rectificatif ne prend pas le créneau de la semaine.", en="A correction does not take the slot of the week."),
        where="--at",
        hint=Words(
            fr=f'Tout de suite : `hebdo send {issue_id} --now` ; ou à l’heure voulue : `hebdo schedule {issue_id} --at "{later} 12:00"`',
            en=f'At once: `hebdo send {issue_id} --now`; or at the hour wanted: `hebdo schedule {issue_id} --at "{later} 12:00"`',
        ),
    )


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


def _command(
    issue_id: str, *, at: str | None, tz: str | None, fold: int | None, expect: str | tuple[int, int] | None, first: str | None
) -> str:
    """What was typed, so that a hint can repeat it with what was missing."""
    allowed = f"{expect[0]}..{expect[1]}" if isinstance(expect, tuple) else expect
    options = (
        ("--at", at and f'"{at}"'),
        ("--tz", tz),
        ("--fold", None if fold is None else str(fold)),
        ("--expect", allowed),
        ("--first", first and f'"{first}"'),
    )
    return " ".join(["hebdo", "schedule", issue_id, *(f"{name} {value}" for name, value in options if value)])


def _now_command(issue_id: str, *, hold_s: int | None, expect: str | tuple[int, int] | None, first: str | None) -> str:
    """What was typed, as ``_command``."""
    allowed = f"{expect[0]}..{expect[1]}" if isinstance(expect, tuple) else expect
    hold = None if hold_s is None else f"{hold_s // 60}m" if hold_s and hold_s % 60 == 0 else f"{hold_s}s"
    options = (("--hold", hold), ("--expect", allowed), ("--first", first and f'"{first}"'))
    return " ".join(["hebdo", "send", issue_id, "--now", *(f"{name} {value}" for name, value in options if value)])


@dataclass(frozen=True, slots=True, kw_only=True)
class _When:
    """When it leaves, and how that was asked for."""

    departure: Departure
    slot: date | None = None  # the local date of the weekly series
    hold_until: datetime | None = None
    typed: str  # the command, for hints
    needs_clock: bool  # ask when no clock runs
    wish: Wish  # how it is to be spread over time


def _another(issue_id: str) -> Conflict:
    return Conflict(
        Words(fr="Un autre envoi vient d’être programmé ici.", en="Another mailing has just been scheduled here."),
        where=issue_id,
        hint=Words(fr="`hebdo status`", en="`hebdo status`"),
    )


def _write(
    workspace: Workspace, ledger: Ledger, issue_id: str, when: _When, *, expect: str | tuple[int, int] | None, yes: bool, now: datetime
) -> Scheduled:
    signer_of(workspace)  # a key that is missing is told now, not at the hour
    issue = load_issue(workspace, issue_id)
    allowed = read_range(expect)
    edition = render_issue(workspace, issue)
    save_pictures(workspace, edition)  # stored, so that the check can ask for one of them as readers will
    addresses = ask_addresses(workspace, edition)
    findings = require_no_errors(workspace, issue_id, edition, addresses)
    unseen = untried(workspace.newsletter, addresses)
    seen = review(workspace, ledger, issue_id, edition=edition)
    require_desk(workspace.newsletter, seen)
    rule = intended_rule(workspace, ledger, issue)
    receivers = count_receivers(workspace, ledger, rule)
    refuse_nobody(rule, receivers)
    audience = ledger.subscribers.count_due(rule)
    doubtful = doubtful_audience(workspace.newsletter, ledger, audience, allowed=allowed, yes=yes, some=bool(rule.received))
    moment = Moment(departure=when.departure, now=now, hold_until=when.hold_until, digest=edition.digest)
    spread = plan_spread(workspace.newsletter, ledger, rule, when.wish, moment)
    running = clock_is_running(ledger, now)
    silent = None if running else no_clock(max(spread.due_at, spread.hold_until or spread.due_at), when.departure)
    require_yes(
        (what_is_missing(ledger), unseen, doubtful, silent if when.needs_clock else None), where=issue_id, typed=when.typed, yes=yes
    )
    ledger.editions.seal(mark_sealed(workspace, edition), now=now)
    mailing = ledger.mailings.add(
        issue_id=issue_id,
        digest=edition.digest,
        due_at=spread.due_at,
        hold_until=spread.hold_until,
        expected=audience,
        expected_range=allowed,
        series=WEEKLY if when.slot else None,
        local_date=when.slot,
        correction_of=rule.received,
        # It answered, or a person has read that nobody could try it and said yes.
        accepted=(UNTRIED,) if unseen or (addresses.site is not None and addresses.site.seen == "alive") else (),
        plan=spread.plan,
        now=now,
    )
    if mailing is None:
        raise _another(issue_id)
    go_on_without(workspace, ledger, now=now)
    return Scheduled(
        mailing=mailing,
        departure=when.departure,
        audience=audience,
        number=issue.number,
        subject=issue.subject,
        rehearsal=workspace.newsletter.site.rehearsal,
        warnings=tuple(filter(None, (silent, other_date(issue, when.departure), stale_warning(seen)))) + unasked(findings),
        findings=tuple(findings),
        receivers=receivers,
        spread=spread if spread.is_spread else None,
    )
