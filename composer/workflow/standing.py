"""Where mailings stand: the board's answer, for people and programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from composer.deliver.choose import AudienceRule
from composer.deliver.judge import server_words
from composer.deliver.schedule import find_zone, french_hour, turn_of
from composer.ledger import Ledger
from composer.model.mailing import Mailing, MailingFigures, MailingState, Stage
from composer.model.notice import Notice
from composer.words import Words
from composer.workflow.correcting import corrections_answer
from composer.workflow.edits import find_edit, may_keep, seal_again, watched, what_follows
from composer.workflow.lost import explain_gone, known_issue
from composer.workflow.rectifying import correction_answer, rule_of
from composer.workflow.replies import replies_answer
from composer.workflow.reviewing import review, review_answer
from composer.workflow.scheduling import next_departure, next_free_slot
from composer.workflow.spreading import plan_answer, what_is_to_come
from composer.workflow.telling import clock_is_running, newest_mailing, said
from composer.workspace import Workspace


def status(workspace: Workspace, ledger: Ledger, ref: str | None = None, *, now: datetime) -> dict[str, Any]:
    """What the ledger knows: of one issue, or, without ``ref``, of what runs and of what leaves next."""
    issue_id = None if ref is None else known_issue(workspace, ledger, ref)
    mailing = newest_mailing(ledger, issue_id) if issue_id else _foremost(ledger)
    seen = ledger.clocks.last_seen()
    answer: dict[str, Any] = {
        "issue": issue_id or (mailing.issue_id if mailing else None),
        "rehearsal": workspace.newsletter.site.rehearsal,
        "mailing": None if mailing is None else mailing_answer(workspace, ledger, mailing, now=now),
        "clock": {"running": clock_is_running(ledger, now), "seen_at": seen.isoformat() if seen else None},
        "home": ledger.home.is_here,
        "notices": [] if mailing is None else [_notice_answer(notice) for notice in ledger.notices.of_mailing(mailing.id)],
    }
    if mailing is not None and any(mailing.id == one.id for one in watched(ledger)):
        answer["edit"] = _edit_answer(workspace, ledger, mailing, now)
    if answer["issue"]:
        # Once it left, a later edit of the files makes nothing stale.
        compare = mailing is None or mailing.state is MailingState.STOPPED
        reviewed = review(workspace, ledger, answer["issue"], compare=compare)
        answer |= review_answer(workspace, reviewed, sealed=mailing.digest if mailing else "")
    return answer | (_issue_part(workspace, ledger, issue_id) if issue_id else _desk_part(workspace, ledger, now))


def mailing_answer(workspace: Workspace, ledger: Ledger, mailing: Mailing, *, now: datetime) -> dict[str, Any]:
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
        "trouble": way_trouble(workspace, ledger, mailing),
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
        "replies": replies_answer(ledger, mailing),
        "plan": _plan(workspace, ledger, mailing, now),
    }


def _plan(workspace: Workspace, ledger: Ledger, mailing: Mailing, now: datetime) -> dict[str, Any] | None:
    """What is still to come of a mailing that does not leave at one instant."""
    moments, words = what_is_to_come(workspace.newsletter, ledger, mailing, rule_of(mailing), now)
    return plan_answer(mailing.plan, moments, words) if moments else None


def way_trouble(workspace: Workspace, ledger: Ledger, mailing: Mailing) -> str | None:
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
        "next": None if upcoming is None else mailing_answer(workspace, ledger, upcoming, now=now),
        "slot": None if slot is None else {"due_at": slot[0].due_at.isoformat(), "local": slot[0].local.isoformat(), "zone": slot[0].zone},
        "mailings": [mailing_answer(workspace, ledger, mailing, now=now) for mailing in moving],
    }


def _edit_answer(workspace: Workspace, ledger: Ledger, mailing: Mailing, now: datetime) -> dict[str, Any] | None:
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
        "again": said(workspace, seal_again(workspace, mailing, now)),
    }


def _notice_answer(notice: Notice) -> dict[str, Any]:
    return {"kind": notice.kind, "words": notice.words, "at": notice.created_at.isoformat()}


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _foremost(ledger: Ledger) -> Mailing | None:
    """What runs, else what is retained or held, else what leaves next, else what ended last."""
    for states in ((MailingState.RUNNING,), (MailingState.PAUSED, MailingState.HELD)):
        if found := ledger.mailings.in_states(*states):
            return found[0]
    return next_departure(ledger) or next(iter(ledger.mailings.in_states()), None)
