"""What must be so before a mailing is written: an hour to come, no second one, no errors, the desk's rules, a known audience."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from composer.deliver.guards import guard_audience
from composer.deliver.schedule import Departure, english_date, french_date, french_hour, moment_words, other_day
from composer.errors import ConfirmationNeeded, Conflict, FindingsError, UsageError
from composer.ledger import Ledger
from composer.model.edition import Edition
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.model.mailing import MailingState
from composer.model.newsletter import Newsletter
from composer.words import Words
from composer.workflow.addresses import AddressMeasures
from composer.workflow.receipts import foreign_receipt
from composer.workflow.tried_pages import untried_words
from composer.workspace import Workspace


def refuse_past(departure: Departure, issue_id: str, now: datetime) -> None:
    """Raises UsageError for an hour that has gone by."""
    if departure.due_at > now:
        return
    when = moment_words(departure.local, departure.zone)
    again = f'`hebdo schedule {issue_id} --at "{_to_come(departure, now):%Y-%m-%d %H:%M}" --tz {departure.zone}`'
    raise UsageError(
        Words(fr=f"{when.fr}\u00a0: c’est passé.", en=f"{when.en} is past."),
        where="--at",
        hint=Words(
            fr=f"Le même jour de la semaine, à venir : {again} ; ou tout de suite : `hebdo send {issue_id} --now`",
            en=f"The same day of the week, to come: {again}; or at once: `hebdo send {issue_id} --now`",
        ),
    )


def _to_come(departure: Departure, now: datetime) -> datetime:
    """The same weekday and hour, the next time they come."""
    local, here = departure.local.replace(tzinfo=None), now.astimezone(departure.local.tzinfo).replace(tzinfo=None)
    return local + timedelta(weeks=max(0, (here - local) // timedelta(weeks=1) + 1))


def refuse_second(workspace: Workspace, ledger: Ledger, issue_id: str) -> None:
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
        again = Words(
            fr=f"Si ce n’est pas vrai, ou pour envoyer quand même : `rm issues/{issue_id}/sent.json`, puis relancez.",
            en=f"If that is not so, or to send all the same: `rm issues/{issue_id}/sent.json`, then run again.",
        )
        raise Conflict(foreign, where=f"issues/{issue_id}/sent.json", hint=again)


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


def require_no_errors(workspace: Workspace, issue_id: str, edition: Edition, addresses: AddressMeasures) -> tuple[Finding, ...]:
    """The findings of the checks, ``addresses`` as they answered; raises FindingsError, which carries them as ``findings``, when one is an error."""
    from composer.workflow.checking import check

    findings = tuple(check(workspace, issue_id, edition=edition, addresses=addresses))
    many = sum(finding.level == "error" for finding in findings)
    one = Words(fr="Une erreur empêche de programmer.", en="One error stands in the way of scheduling.")
    several = Words(fr=f"{many} erreurs empêchent de programmer.", en=f"{many} errors stand in the way of scheduling.")
    refuse_errors(findings, issue_id, what=one if many == 1 else several)
    return findings


def refuse_errors(findings: tuple[Finding, ...], issue_id: str, *, what: Words) -> None:
    """Raises FindingsError, which carries ``findings``, when one of them is an error; it says ``what`` and the first."""
    first = next((finding for finding in findings if finding.level == "error"), None)
    if first is None:
        return
    raise FindingsError(
        Words(fr=f"{what.fr} {first.message.fr}", en=f"{what.en} {first.message.en}"),
        findings=findings,
        where=f"{first.path}:{first.line}" if first.path and first.line else first.path or issue_id,
        hint=Words(fr=f"`hebdo check {issue_id}` les montre toutes.", en=f"`hebdo check {issue_id}` shows them all."),
    )


def doubtful_audience(
    newsletter: Newsletter, ledger: Ledger, audience: int, *, allowed: tuple[int, int] | None, yes: bool, some: bool = False
) -> Words | None:
    """What to ask about an audience far off the last mailing's; raises Conflict outside ``allowed``, ConfirmationNeeded for an empty one.

    ``some``: a rectificatif, whose audience says nothing about the last mailing's.
    """
    last, drift = None if some else ledger.mailings.last_audience(), newsletter.schedule.audience_drift
    hold = guard_audience(audience, confirmed=None, allowed=allowed, last=last, drift=drift)
    if hold is None:
        return None
    if allowed is not None and audience:
        raise Conflict(hold.reason, where="--expect", hint=Words(fr="`hebdo subscribers list`", en="`hebdo subscribers list`"))
    if not audience and not yes:
        hint = Words(
            fr='`hebdo subscribers import abonnes.csv --consent "formulaire du site, 2026"`',
            en='`hebdo subscribers import people.csv --consent "form of the site, 2026"`',
        )
        raise ConfirmationNeeded(hold.reason, where="audience", hint=hint)
    return hold.reason


def require_yes(asks: Iterable[Words | None], *, where: str, typed: str, yes: bool) -> None:
    """Raises ConfirmationNeeded for all that a person must agree to, at once: who says yes has read every reason."""
    asked = [words for words in asks if words is not None]
    if asked and not yes:
        raise ConfirmationNeeded(
            Words(fr=" ".join(one.fr for one in asked), en=" ".join(one.en for one in asked)), where=where, hint=yes_hint(typed)
        )


def no_clock(first: datetime, departure: Departure) -> Words:
    """The warning that nothing will leave at the hour of the ``first`` message."""
    local = first.astimezone(departure.local.tzinfo)
    day = other_day(local, departure.local.date())
    return Words(
        fr=f"Aucun moteur ne tourne\u00a0: rien ne partira {day.fr or 'à '}{french_hour(local)}. Lancez `hebdo serve` sur une machine allumée.",
        en=f"No engine is running: nothing will leave {f'on {day.en}' if day.en else 'at '}{local:%H:%M}."
        " Start `hebdo serve` on a machine that stays on.",
    )


def untried(newsletter: Newsletter, addresses: AddressMeasures) -> Words | None:
    """The question about a public address that could not be tried, where mail leaves for readers; None where it answered or is not asked."""
    if newsletter.site.rehearsal or addresses.site is None or addresses.site.seen != "unasked":
        return None
    said = untried_words(newsletter)
    return Words(
        fr=f"{said.fr} Si elle est fausse, images et désinscriptions de tous les messages sont mortes. "
        "Un oui vaut aussi pour l’heure du départ, si elle ne peut toujours pas être essayée.",
        en=f"{said.en} If it is wrong, the pictures and the unsubscribe links of all messages are dead. "
        "A yes holds for the hour of departure as well, if it still cannot be tried.",
    )


UNASKED = frozenset({"public-url-unasked", "sender-unasked"})


def unasked(findings: Iterable[Finding]) -> tuple[Words, ...]:
    """What could not be asked of the world: told; for the public address a yes is wanted as well (``untried``)."""
    return tuple(finding.message for finding in findings if finding.rule in UNASKED)


def other_date(issue: Issue, departure: Departure) -> Words | None:
    """The warning that readers will see another day than that of departure; None when they will not."""
    if issue.date is None or issue.date == departure.local.date():
        return None
    return Words(
        fr=f"La lettre porte la date du {french_date(issue.date)} et part {french_date(departure.local)}. "
        f"Pour la changer\u00a0: `hebdo unschedule {issue.id}`, puis `date:` dans issue.md, puis programmez de nouveau.",
        en=f"The letter bears the date of {english_date(issue.date)} and leaves on {english_date(departure.local)}. "
        f"To change it: `hebdo unschedule {issue.id}`, then `date:` in issue.md, then schedule again.",
    )


def yes_hint(typed: str) -> Words:
    """How to say yes: what was typed, with ``--yes``."""
    return Words(fr=f"Si c’est voulu\u00a0: `{typed} --yes`", en=f"If it is meant so: `{typed} --yes`")
