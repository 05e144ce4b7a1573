"""The brakes and the board: pause, resume, stop, retry, decide; and what the ledger knows of every mailing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from composer.deliver.choose import AudienceRule
from composer.deliver.judge import server_words
from composer.deliver.schedule import find_zone, french_hour, turn_of
from composer.errors import ConfirmationNeeded, Conflict, NotFound, UsageError
from composer.ledger import Ledger
from composer.model.mailing import DeliveryState, Mailing, MailingFigures, MailingState, Stage
from composer.model.notice import Notice
from composer.words import Words, counted
from composer.workflow.correcting import corrections_answer
from composer.workflow.counts import count_table
from composer.workflow.edits import find_edit, may_keep, seal_again, watched, what_follows
from composer.workflow.launching import NEVER_ACCEPTED, receipt_of
from composer.workflow.lost import explain_gone, known_issue
from composer.workflow.rectifying import correction_answer
from composer.workflow.reviewing import review, review_answer
from composer.workflow.scheduling import next_departure, next_free_slot
from composer.workflow.sealed_site import sealed_elsewhere
from composer.workflow.telling import clock_is_running, open_mailing, said, tell
from composer.workspace import Workspace, write_receipt

MESSAGE_KEY = re.compile(rb"(?<![0-9a-f])([0-9a-f]{32})@")  # Message-ID before the @, as the ledger makes them
KEYS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What a stop found at that very moment."""

    mailing: Mailing
    gone: int  # handed to the next server
    on_the_wire: int  # being handed over: some of these may still go
    uncertain: int  # may have gone before
    cancelled: int

    @property
    def words(self) -> Words:
        """The sentence that says how many had left."""
        wire = self.on_the_wire + self.uncertain
        unsure = counted(self.uncertain, ("incertaine", "incertaines"), ("uncertain", "uncertain"))
        french = f"\u00a0; {wire} peut-être\u00a0: {self.on_the_wire} en cours, {unsure.fr}" if wire else ""
        english = f"; {wire} perhaps: {self.on_the_wire} under way, {self.uncertain} uncertain" if wire else ""
        gone = counted(self.gone, ("message était parti", "messages étaient partis"), ("message had left", "messages had left"))
        cancelled = counted(self.cancelled, ("annulé", "annulés"), ("cancelled", "cancelled"))
        return Words(fr=f"Arrêté. {gone.fr}{french}. {cancelled.fr}.", en=f"Stopped. {gone.en}{english}. {cancelled.en}.")

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {
            "issue": self.mailing.issue_id,
            "mailing": self.mailing.id,
            "state": self.mailing.state.value,
            "gone": self.gone,
            "on_the_wire": self.on_the_wire,
            "uncertain": self.uncertain,
            "cancelled": self.cancelled,
            "audience": self.mailing.audience,
        }


def pause(workspace: Workspace, ledger: Ledger, ref: str, *, now: datetime) -> Mailing:
    """No further message leaves until ``resume``, but for those on the wire. Raises Conflict when nothing runs."""
    mailing = _moving(workspace, ledger, ref)
    if mailing.state is MailingState.PAUSED:
        return mailing
    if not ledger.mailings.pause(mailing.id, reason=said(workspace, Words(fr="suspendu", en="paused"))):
        way = "unschedule" if mailing.state is MailingState.SCHEDULED else "status"
        raise _conflict(mailing, Words(fr="Cet envoi ne court pas.", en="This mailing is not running."), way=way)
    tell(workspace, ledger, mailing, Words(fr="Envoi suspendu.", en="Mailing paused."), kind="paused", now=now)
    return _again(ledger, mailing)


def resume(workspace: Workspace, ledger: Ledger, ref: str, *, yes: bool = False, now: datetime) -> Mailing:
    """Lets a paused or held mailing go on; what held it before its launch is thereby overruled.

    Raises ConfirmationNeeded without ``yes`` for one of a backup that was put back: some readers may have it already.
    """
    ledger.home.require()
    mailing = _moving(workspace, ledger, ref)
    if mailing.state is MailingState.HELD and mailing.reason_code in NEVER_ACCEPTED:
        raise Conflict(
            Words(fr=mailing.reason, en=mailing.reason),
            where=mailing.issue_id,
            hint=Words(fr=f"`hebdo unschedule {mailing.issue_id}`", en=f"`hebdo unschedule {mailing.issue_id}`"),
        )
    if mailing.state is MailingState.HELD and mailing.reason_code == "restored" and not yes:
        raise _may_double(ledger, mailing)
    if mailing.state is MailingState.SCHEDULED:
        return _keep_sealed(workspace, ledger, mailing, now)
    resumed = ledger.mailings.resume(mailing.id)
    if resumed is None:
        raise _conflict(mailing, Words(fr="Cet envoi n’attend personne.", en="This mailing waits for nobody."), way="status")
    tell(workspace, ledger, resumed, Words(fr="Envoi repris.", en="Mailing resumed."), kind="resumed", now=now)
    return resumed


def _keep_sealed(workspace: Workspace, ledger: Ledger, mailing: Mailing, now: datetime) -> Mailing:
    """The choice made before the hour: edited after sealing or not, the sealed version leaves."""
    sealed = ledger.editions.get(mailing.issue_id, mailing.digest)
    if sealed is not None and (elsewhere := sealed_elsewhere(workspace.newsletter, sealed)) is not None:
        raise _conflict(mailing, elsewhere, way="unschedule")
    if find_edit(workspace, ledger, mailing) is None or not ledger.mailings.accept(mailing.id, code="changed"):
        raise _conflict(mailing, Words(fr="Cet envoi n’attend personne.", en="This mailing waits for nobody."), way="status")
    kept = _again(ledger, mailing)
    tell(workspace, ledger, kept, what_follows(workspace, kept), kind="resumed", now=now)
    return kept


def stop(workspace: Workspace, ledger: Ledger, ref: str, *, now: datetime) -> Stopped:
    """Ends a mailing for good: what is not on the wire is cancelled. Says how many had left. Raises Conflict when it never launched."""
    mailing = _moving(workspace, ledger, ref)
    figures = ledger.mailings.stop(mailing.id, reason=said(workspace, Words(fr="arrêté", en="stopped")), now=now)
    if figures is None:
        raise _conflict(mailing, Words(fr="Cet envoi n’a pas commencé.", en="This mailing has not begun."), way="unschedule")
    counts = dict(figures.counts)
    stopped = Stopped(
        mailing=figures.mailing,
        gone=counts[DeliveryState.SUBMITTED],
        on_the_wire=counts[DeliveryState.SUBMITTING],
        uncertain=counts[DeliveryState.UNCERTAIN],
        cancelled=counts[DeliveryState.CANCELLED],
    )
    tell(workspace, ledger, figures.mailing, stopped.words, kind="stopped", detail=count_table(figures), now=now)
    return stopped


def retry_failed(workspace: Workspace, ledger: Ledger, ref: str, *, now: datetime) -> int:
    """Makes the failed deliveries of a mailing pending again; gives how many. Suppressed addresses are closed when their turn comes."""
    return _reopen(workspace, ledger, ref, DeliveryState.FAILED, now)


def decide_uncertain(workspace: Workspace, ledger: Ledger, ref: str, *, choice: Literal["retry", "drop"], now: datetime) -> int:
    """Settles what may have gone: ``retry`` sends it again with the same Message-ID (a duplicate is possible), ``drop`` leaves it. Gives how many."""
    if choice == "retry":
        return _reopen(workspace, ledger, ref, DeliveryState.UNCERTAIN, now)
    if choice == "drop":
        return ledger.mailings.drop(_launched(workspace, ledger, ref).id, state=DeliveryState.UNCERTAIN, now=now)
    raise UsageError(
        Words(fr=f"«\u00a0{choice}\u00a0» n’est pas une décision.", en=f"“{choice}” is not a decision."),
        where="--uncertain",
        hint=Words(fr="`--uncertain retry` ou `--uncertain drop`", en="`--uncertain retry` or `--uncertain drop`"),
    )


def settle_gone(workspace: Workspace, ledger: Ledger, ref: str, log: Iterable[bytes], *, source: str, now: datetime) -> int:
    """Counts as submitted what the mail server's own log says it took: whose Message-ID stands in ``log``. Gives how many.

    For a ledger that does not know what left: one put back from a backup. Raises NotFound when the issue was never launched.
    """
    mailing = _launched(workspace, ledger, ref)
    settled = 0
    keys: set[str] = set()
    for line in log:
        keys.update(key.decode("ascii") for key in MESSAGE_KEY.findall(line))
        if len(keys) >= KEYS_AT_ONCE:
            settled += ledger.deliveries.settle_gone(mailing.id, keys, source=source, now=now)
            keys.clear()
    return settled + ledger.deliveries.settle_gone(mailing.id, keys, source=source, now=now)


def status(workspace: Workspace, ledger: Ledger, ref: str | None = None, *, now: datetime) -> dict[str, Any]:
    """What the ledger knows: of one issue, or, without ``ref``, of what runs and of what leaves next."""
    issue_id = None if ref is None else known_issue(workspace, ledger, ref)
    mailing = _newest(ledger, issue_id) if issue_id else _foremost(ledger)
    seen = ledger.clocks.last_seen()
    answer: dict[str, Any] = {
        "issue": issue_id or (mailing.issue_id if mailing else None),
        "rehearsal": workspace.newsletter.site.rehearsal,
        "mailing": None if mailing is None else mailing_answer(workspace, ledger, mailing),
        "clock": {"running": clock_is_running(ledger, now), "seen_at": seen.isoformat() if seen else None},
        "home": ledger.home.is_here,
        "notices": [] if mailing is None else [_notice_answer(notice) for notice in ledger.notices.of_mailing(mailing.id)],
    }
    if mailing is not None and any(mailing.id == one.id for one in watched(ledger)):
        answer["edit"] = _edit_answer(workspace, ledger, mailing)
    if answer["issue"]:
        # Once it left, a later edit of the files makes nothing stale.
        compare = mailing is None or mailing.state is MailingState.STOPPED
        reviewed = review(workspace, ledger, answer["issue"], compare=compare)
        answer |= review_answer(workspace, reviewed, sealed=mailing.digest if mailing else "")
    return answer | (_issue_part(workspace, ledger, issue_id) if issue_id else _desk_part(workspace, ledger, now))


def mailing_answer(workspace: Workspace, ledger: Ledger, mailing: Mailing) -> dict[str, Any]:
    """A mailing with its counts, as ``status --json`` gives it."""
    figures = ledger.mailings.figures(mailing.id) or MailingFigures(mailing=mailing, counts=())
    mailing, zone = figures.mailing, find_zone(workspace.newsletter.time_zone)
    gone = explain_gone(workspace, mailing)
    return {
        "id": mailing.id,
        "issue": mailing.issue_id,
        "state": mailing.state.value,
        "reason": mailing.reason,
        "reason_code": mailing.reason_code,
        "remark": None if gone is None else said(workspace, gone),
        "trouble": _trouble(workspace, ledger, mailing),
        "counts": {state.value: count for state, count in figures.counts},
        "audience": mailing.audience,
        "adds_up": figures.adds_up,
        "expected": mailing.expected,
        "digest": mailing.digest,
        "correction_of": mailing.correction_of or None,
        "due_at": mailing.due_at.isoformat(),
        "local": mailing.due_at.astimezone(zone).isoformat(),
        "zone": zone.key,
        "fold": turn_of(mailing.due_at.astimezone(zone)),
        "hold_until": _iso(mailing.hold_until),
        "launched_at": _iso(mailing.launched_at),
        "finished_at": _iso(mailing.finished_at),
    }


def _trouble(workspace: Workspace, ledger: Ledger, mailing: Mailing) -> str | None:
    """The last words of a way out that takes nothing, from its first refusal on; None while it works."""
    last = ledger.deliveries.last_outcome(mailing.id) if mailing.state is MailingState.RUNNING else None
    if last is None or last[0].stage not in {Stage.CONNECT, Stage.MAIL}:
        return None
    outcome, at = last
    reply = (server_words(outcome) if outcome.code else outcome.reply).rstrip(".")
    local = at.astimezone(find_zone(workspace.newsletter.time_zone))
    return said(
        workspace,
        Words(
            fr=f"Le serveur d’envoi ne prend rien : {reply}. Dernier essai à {french_hour(local)} ; Hebdo réessaie de lui-même.",
            en=f"The mail server takes nothing: {reply}. Last tried at {local:%H:%M}; Hebdo tries again by itself.",
        ),
    )


def _issue_part(workspace: Workspace, ledger: Ledger, issue_id: str) -> dict[str, Any]:
    correction = correction_answer(workspace, ledger, issue_id)
    return {
        "mailings": [mailing.id for mailing in ledger.mailings.of_issue(issue_id)],
        "audience_now": ledger.subscribers.count_due(AudienceRule(issue_id=issue_id, received=correction["of"] if correction else "")),
        "correction": correction,
        "corrections": corrections_answer(workspace, ledger, issue_id),
    }


def _desk_part(workspace: Workspace, ledger: Ledger, now: datetime) -> dict[str, Any]:
    upcoming, slot = next_departure(ledger), next_free_slot(workspace.newsletter, ledger, now)
    moving = ledger.mailings.in_states(MailingState.RUNNING, MailingState.PAUSED, MailingState.HELD, MailingState.SCHEDULED)
    return {
        "next": None if upcoming is None else mailing_answer(workspace, ledger, upcoming),
        "slot": None if slot is None else {"due_at": slot[0].due_at.isoformat(), "local": slot[0].local.isoformat(), "zone": slot[0].zone},
        "mailings": [mailing_answer(workspace, ledger, mailing) for mailing in moving],
    }


def _edit_answer(workspace: Workspace, ledger: Ledger, mailing: Mailing) -> dict[str, Any] | None:
    """What differs from what was sealed, and how to decide; None when nothing does."""
    edit = find_edit(workspace, ledger, mailing, at_a_glance=True)
    if edit is None:
        return None
    keep = may_keep(workspace, ledger, mailing)
    return {
        "words": said(workspace, edit.words),
        "follows": said(workspace, what_follows(workspace, mailing)),
        "difference": said(workspace, edit.detail),
        "keep": f"hebdo resume {mailing.issue_id}" if keep else None,
        "again": said(workspace, seal_again(workspace, mailing)),
    }


def _notice_answer(notice: Notice) -> dict[str, Any]:
    return {"kind": notice.kind, "words": notice.words, "at": notice.created_at.isoformat()}


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _newest(ledger: Ledger, issue_id: str) -> Mailing | None:
    return open_mailing(ledger, issue_id) or next(iter(ledger.mailings.of_issue(issue_id)), None)


def _foremost(ledger: Ledger) -> Mailing | None:
    """What runs, else what is retained or held, else what leaves next, else what ended last."""
    for states in ((MailingState.RUNNING,), (MailingState.PAUSED, MailingState.HELD)):
        if found := ledger.mailings.in_states(*states):
            return found[0]
    return next_departure(ledger) or next(iter(ledger.mailings.in_states()), None)


def _moving(workspace: Workspace, ledger: Ledger, ref: str) -> Mailing:
    issue_id = known_issue(workspace, ledger, ref)
    mailing = open_mailing(ledger, issue_id)
    if mailing is not None:
        return mailing
    ended = _newest(ledger, issue_id)
    if ended is None:
        raise NotFound(
            Words(fr="Ce numéro n’a pas d’envoi.", en="This issue has no mailing."),
            where=issue_id,
            hint=Words(fr="Pour en programmer un : `hebdo schedule --help`", en="To schedule one: `hebdo schedule --help`"),
        )
    over = ended.state is MailingState.FINISHED
    raise _conflict(
        ended,
        Words(
            fr="Cet envoi est terminé." if over else "Cet envoi est arrêté.",
            en="This mailing is finished." if over else "This mailing is stopped.",
        ),
        way="status",
    )


def _launched(workspace: Workspace, ledger: Ledger, ref: str) -> Mailing:
    mailing = _newest(ledger, known_issue(workspace, ledger, ref))
    if mailing is None or mailing.launched_at is None:
        raise NotFound(
            Words(fr="Ce numéro n’est pas encore parti.", en="This issue has not left yet."),
            where=ref,
            hint=Words(fr=f"`hebdo status {ref}`", en=f"`hebdo status {ref}`"),
        )
    return mailing


def _may_double(ledger: Ledger, mailing: Mailing) -> ConfirmationNeeded:
    """What going on from a backup risks, and the ways out of it."""
    issue_id, figures = mailing.issue_id, ledger.mailings.figures(mailing.id)
    counts = dict(figures.counts) if figures else {}
    left = counts.get(DeliveryState.PENDING, 0) + counts.get(DeliveryState.DEFERRED, 0)
    again = f"`hebdo resume {issue_id} --yes`"
    if mailing.launched_at is None:
        return ConfirmationNeeded(
            Words(
                fr="Au moment de la sauvegarde, cet envoi était programmé. Si l’original l’a lancé depuis, tous le recevraient deux fois.",
                en="When the backup was taken this mailing was scheduled. If the original launched it since, everybody would get it twice.",
            ),
            where=issue_id,
            hint=Words(
                fr=f"S’il n’est pas parti : {again} ; sinon : `hebdo unschedule {issue_id}`",
                en=f"If it has not left: {again}; else: `hebdo unschedule {issue_id}`",
            ),
        )
    people = counted(left, ("abonné ne l’avait pas", "abonnés ne l’avaient pas"), ("subscriber had it not", "subscribers did not have it"))
    return ConfirmationNeeded(
        Words(
            fr=f"Au moment de la sauvegarde, {people.fr}. Ceux à qui l’original l’a envoyé depuis, jusqu’à {left}, le recevraient deux fois.",
            en=f"When the backup was taken, {people.en}. Those whom the original has sent it to since, up to {left}, would get it twice.",
        ),
        where=issue_id,
        hint=Words(
            fr=f"D’abord ceux que le journal du serveur d’envoi connaît : `hebdo decide {issue_id} --gone mail.log` ; puis reprendre : {again} ; "
            f"ou ne plus rien envoyer : `hebdo stop {issue_id}`",
            en=f"First those whom the mail server’s log knows: `hebdo decide {issue_id} --gone mail.log`; then go on: {again}; "
            f"or send nothing more: `hebdo stop {issue_id}`",
        ),
    )


def _reopen(workspace: Workspace, ledger: Ledger, ref: str, state: DeliveryState, now: datetime) -> int:
    ledger.home.require()
    mailing = _launched(workspace, ledger, ref)
    if mailing.state is MailingState.STOPPED:
        raise _conflict(
            mailing,
            Words(fr="Cet envoi est arrêté\u00a0: rien ne repart.", en="This mailing is stopped: nothing leaves again."),
            way="schedule",
        )
    figures = ledger.mailings.figures(mailing.id)
    if figures is None or not dict(figures.counts)[state]:
        return 0  # a receipt that says «finished» stays
    # First the receipt, then the row: a running mailing whose receipt says «finished» would be taken for a restored backup's.
    write_receipt(workspace, mailing.issue_id, receipt_of(mailing))
    return ledger.mailings.reopen(mailing.id, state=state, now=now)


def _conflict(mailing: Mailing, words: Words, *, way: str) -> Conflict:
    command = f"hebdo {way} {mailing.issue_id}"
    return Conflict(words, where=mailing.issue_id, hint=Words(fr=f"`{command}`", en=f"`{command}`"))


def _again(ledger: Ledger, mailing: Mailing) -> Mailing:
    return ledger.mailings.get(mailing.id) or mailing
