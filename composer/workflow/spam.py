"""What spam filters of this machine say of the message that readers will get. Advice: it delays no proof and stops no sending."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from composer.check.spam import UNTRIED, level_of, mend_words, rule_words, score_words, spam_findings, weighty_rules
from composer.message import build_message
from composer.model.edition import Edition
from composer.model.findings import Finding
from composer.model.mailing import Message
from composer.model.spam import SpamScore
from composer.outside.spam import as_received, ask_rspamd, ask_spamassassin
from composer.text.hosts import mail_domain
from composer.words import Words
from composer.workflow.previewing import render_issue
from composer.workflow.readers import sample_reader
from composer.workspace import Workspace, find_issue


def score_edition(workspace: Workspace, edition: Edition, *, now: datetime) -> tuple[SpamScore, ...]:
    """Each filter's score of ``edition`` as readers will get it: without the «[Épreuve 2]» of a proof, which is no reader's subject."""
    date = now.astimezone(ZoneInfo(workspace.newsletter.time_zone))
    message = _message(workspace, edition, date)
    content = as_received(message.content, sender=message.envelope_from, recipient=message.envelope_to, date=format_datetime(date))
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="spam") as pool:
        asked = [pool.submit(ask, content) for ask in (ask_spamassassin, ask_rspamd)]
        return tuple(one.result() for one in asked)


def check_spam(workspace: Workspace, ref: str, *, now: datetime) -> tuple[SpamScore, ...]:
    """The scores of an issue as its files are now; raises what rendering raises."""
    return score_edition(workspace, render_issue(workspace, find_issue(workspace, ref)), now=now)


def findings_of(scores: Sequence[SpamScore]) -> tuple[Finding, ...]:
    """The scores as findings of the checks."""
    return tuple(spam_findings(scores))


def tell_scores(scores: Sequence[SpamScore]) -> tuple[Words, ...]:
    """What is said after a proof, a line each: the score, the rules that count with what to change; nothing where no filter answers."""
    lines: list[Words] = []
    for score in scores:
        if score.missing:
            continue
        lines.append(score_words(score))
        for rule in weighty_rules(score):
            said, mend = rule_words(rule), mend_words(rule)
            lines.append(Words(fr=f"  {said.fr}", en=f"  {said.en}"))
            if mend is not None:
                lines.append(Words(fr=f"    → {mend.fr}", en=f"    → {mend.en}"))
    return (*lines, UNTRIED) if lines else ()


def tell_totals(scores: Sequence[SpamScore]) -> tuple[Words, ...]:
    """The totals alone, where the findings tell the rules."""
    totals = [score_words(score) for score in scores if not score.missing and score.trouble is None]
    return (*totals, UNTRIED) if totals else ()


def score_answer(score: SpamScore) -> dict[str, object]:
    """A score as ``--json`` gives it."""
    trouble = score.missing or score.trouble is not None
    return {
        "filter": score.filter,
        "version": score.version,
        "state": "missing" if score.missing else "failed" if trouble else "scored",
        "points": None if trouble else score.points,
        "limit": None if trouble else score.limit,
        "level": None if trouble else level_of(score),
        "rules": [{"name": rule.name, "points": rule.points, "description": rule.said} for rule in score.rules],
    }


def _message(workspace: Workspace, edition: Edition, date: datetime) -> Message:
    domain = mail_domain(workspace.newsletter.sender.address) or "localhost"
    reader = replace(sample_reader(consented_on=date.date()), message_id=f"{edition.digest[:32]}@{domain}")
    return build_message(edition, reader, workspace.newsletter, date=date)
