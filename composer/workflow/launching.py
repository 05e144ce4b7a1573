"""The launch: one beat of the clock, the reasons to wait, the receipt that stands on disk before the first byte leaves."""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from composer.deliver.choose import AudienceRule
from composer.deliver.guards import Hold, guard_audience
from composer.deliver.hours import fit
from composer.deliver.schedule import find_zone, first_message, is_late, moment_words, span_words
from composer.errors import FolderError, HebdoError, SystemTrouble
from composer.ledger import Ledger
from composer.model.mailing import DeliveryState, Mailing, MailingFigures, MailingState
from composer.model.newsletter import Newsletter
from composer.text.hosts import mail_domain
from composer.words import NOTHING, Words, counted
from composer.workflow.catching_up import what_is_missing
from composer.workflow.counts import count_table, count_words
from composer.workflow.edits import find_edit
from composer.workflow.first_slice import launch_detail, watch_first_slice
from composer.workflow.receipts import foreign_receipt, receipt_hint, receipt_of, receipts_turn, reopened
from composer.workflow.rectifying import rule_of
from composer.workflow.sealed_site import sealed_elsewhere
from composer.workflow.spreading import timetable_of
from composer.workflow.telling import said, tell
from composer.workflow.tried_pages import UNTRIED, Pages, Tried, untried_words
from composer.workspace import Workspace, save_edition, save_pictures, write_receipt

_log = logging.getLogger(__name__)

BEAT = timedelta(seconds=20)
FELT_LATE = timedelta(minutes=2)
UNCERTAIN_ATTEMPTS = 3  # with on_uncertain = "retry": more would only make duplicates
NEVER_ACCEPTED = frozenset({"receipt", "edition", "site"})  # no person's yes makes these safe


def launch_due(
    workspace: Workspace,
    ledger: Ledger,
    now: datetime,
    *,
    worker: str | None = None,
    trouble: Callable[[], Words | None] = lambda: None,
    tried: Callable[[], Tried] = lambda: "yes",
) -> list[Mailing]:
    """One beat of the clock: launches what is due, completes the receipts of what ended.

    ``trouble`` says at once why readers' pages are known to be dead, or None; ``tried`` whether they could be asked. Gives the mailings launched by this very call.
    Any number of processes may call it at any time: the database decides who launches.
    Raises LedgerError on a copy of a ledger.
    """
    ledger.home.require()
    worker = worker or f"{platform.node()}:{os.getpid()}"
    seen = ledger.clocks.last_seen()
    if seen is None or abs(now - seen) > BEAT:
        ledger.clocks.beat(worker, now=now)
        ledger.home.turn()
    for mailing in ledger.mailings.in_states(MailingState.RUNNING):
        _watch_running(workspace, ledger, mailing, now)
    if workspace.newsletter.desk.on_uncertain == "retry":
        _retry_uncertain(workspace, ledger, now)
    for mailing in ledger.mailings.unreceipted():
        _receipt(workspace, ledger, mailing, now)
    launched = [
        done
        for mailing in ledger.mailings.due(now=now)
        if (done := _launch(workspace, ledger, mailing, worker=worker, pages=Pages(trouble=trouble(), tried=tried()), now=now))
    ]
    conclude(workspace, ledger, now)
    return launched


def conclude(workspace: Workspace, ledger: Ledger, now: datetime) -> list[Mailing]:
    """Completes the receipts of mailings that ended, and tells; gives those concluded by this call."""
    return [mailing for mailing in ledger.mailings.unconcluded() if _conclude(workspace, ledger, mailing, now)]


def _conclude(workspace: Workspace, ledger: Ledger, mailing: Mailing, now: datetime) -> bool:
    """False when another process did it, or when it runs again meanwhile."""
    failure = None
    try:
        with receipts_turn(workspace):
            figures = ledger.mailings.figures(mailing.id)
            if figures is None or not ledger.mailings.conclude(mailing.id, now=now):
                return False
            counts = figures.by_name
            try:
                write_receipt(workspace, mailing.issue_id, receipt_of(figures.mailing, counts=counts))
            except HebdoError as error:
                failure = error
    except SystemTrouble as trouble:  # the next beat tries again
        _log.warning("%s: %s", mailing.issue_id, trouble)
        return False
    if failure is not None:
        tell(workspace, ledger, mailing, _no_receipt(mailing, failure), kind="receipt", now=now)
    if mailing.state is MailingState.FINISHED:
        tell(workspace, ledger, mailing, _finished(mailing, figures), kind="finished", detail=count_table(figures), now=now)
    return True


def _finished(mailing: Mailing, figures: MailingFigures) -> Words:
    told = count_words(figures.counts)
    if told is None:
        return Words(
            fr=f"{mailing.issue_id}\u00a0: envoi terminé, il n’y avait personne à qui écrire.",
            en=f"{mailing.issue_id}: mailing finished, there was nobody to write to.",
        )
    people = counted(sum(count for _, count in figures.counts), ("abonné", "abonnés"), ("subscriber", "subscribers"))
    ways = _ways_of_the_rest(mailing.issue_id, dict(figures.counts))
    return Words(
        fr=f"{mailing.issue_id}\u00a0: envoi terminé. {told.fr}\u00a0; {people.fr}.{ways.fr}",
        en=f"{mailing.issue_id}: mailing finished. {told.en}; {people.en}.{ways.en}",
    )


def _ways_of_the_rest(issue_id: str, counts: dict[DeliveryState, int]) -> Words:
    """What can be done about deliveries that did not come to their end."""
    ways = []
    if counts[DeliveryState.FAILED]:
        again = f"`hebdo retry {issue_id} --failed`"
        ways.append(Words(fr=f"Réessayer les refusées\u00a0: {again}", en=f"Try those that failed again: {again}"))
    if counts[DeliveryState.UNCERTAIN]:
        ways.append(uncertain_ways(issue_id))
    return Words(fr="".join(f"\n{way.fr}" for way in ways), en="".join(f"\n{way.en}" for way in ways))


def uncertain_ways(issue_id: str) -> Words:
    """The two ways to settle what may have left, as commands."""
    retry, drop = f"`hebdo decide {issue_id} --uncertain retry`", f"`hebdo decide {issue_id} --uncertain drop`"
    return Words(
        fr=f"Renvoyer les incertaines, au risque d’un double\u00a0: {retry}\u00a0; ou les laisser\u00a0: {drop}",
        en=f"Send the uncertain ones again, a duplicate is possible: {retry}; or leave them: {drop}",
    )


def _no_receipt(mailing: Mailing, error: HebdoError) -> Words:
    where = f" ({error.where})" if error.where else ""
    return Words(
        fr=f"{mailing.issue_id}\u00a0: terminé, mais le reçu ne s’écrit pas\u00a0: {error.message.fr}{where} Le registre, lui, sait tout\u00a0: `hebdo status {mailing.issue_id}`",
        en=f"{mailing.issue_id}: ended, but the receipt cannot be written: {error.message.en}{where} The ledger knows all the same: `hebdo status {mailing.issue_id}`",
    )


def _watch_running(workspace: Workspace, ledger: Ledger, mailing: Mailing, now: datetime) -> None:
    """Holds what runs by mistake: sent.json says that it ended, or its first message would leave far too late."""
    try:
        with receipts_turn(workspace):
            foreign = foreign_receipt(workspace, ledger, mailing.issue_id)
    except SystemTrouble as trouble:  # it was read before the launch; the next beat reads it again
        _log.warning("%s: %s", mailing.issue_id, trouble)
        foreign = None
    if foreign is not None:
        _hold(workspace, ledger, mailing, Hold(code="receipt", reason=foreign), now)
        return
    watch_first_slice(workspace, ledger, mailing, now)
    schedule = workspace.newsletter.schedule
    start = mailing.hold_until or mailing.launched_at
    if start is None or "late" in mailing.accepted or not is_late(start, now, max_delay_min=schedule.max_delay_min):
        return
    figures = ledger.mailings.figures(mailing.id)
    if figures is None or dict(figures.counts)[DeliveryState.PENDING] != mailing.audience:
        return
    planned = fit(max(start, ledger.planning.first_due(mailing.id) or start), schedule.hours, find_zone(workspace.newsletter.time_zone))
    if is_late(planned, now, max_delay_min=schedule.max_delay_min):
        _hold(workspace, ledger, mailing, Hold(code="late", reason=_late(mailing, workspace.newsletter)), now)


def _retry_uncertain(workspace: Workspace, ledger: Ledger, now: datetime) -> None:
    """``on_uncertain = "retry"``: once more with the same Message-ID, and told, since a duplicate is possible."""
    if what_is_missing(ledger) is not None:
        return  # some of them may have unsubscribed: a person decides
    ended = [mailing for mailing in ledger.mailings.unconcluded() if mailing.state is MailingState.FINISHED]
    for mailing in (*ended, *ledger.mailings.in_states(MailingState.RUNNING)):
        again = _retried(workspace, ledger, mailing, now)
        if again:
            tried = counted(
                again,
                ("remise incertaine réessayée", "remises incertaines réessayées"),
                ("uncertain delivery tried again", "uncertain deliveries tried again"),
            )
            words = Words(
                fr=f"{mailing.issue_id}\u00a0: {tried.fr}, un double est possible.",
                en=f"{mailing.issue_id}: {tried.en}, duplicates are possible.",
            )
            tell(workspace, ledger, mailing, words, kind="uncertain", now=now)


def _retried(workspace: Workspace, ledger: Ledger, mailing: Mailing, now: datetime) -> int:
    again = partial(ledger.mailings.retry_uncertain, mailing.id, most=UNCERTAIN_ATTEMPTS, now=now)
    try:
        return again() if mailing.state is MailingState.RUNNING else reopened(workspace, mailing, again)
    except FolderError as error:  # the next beat tries again
        _log.warning("%s: %s", mailing.issue_id, error)
        return 0


def _launch(workspace: Workspace, ledger: Ledger, mailing: Mailing, *, worker: str, pages: Pages, now: datetime) -> Mailing | None:
    rule = rule_of(mailing)
    if pages.tried == "not-yet" and UNTRIED not in mailing.accepted and now - mailing.due_at < FELT_LATE:
        return None  # the page watch is about to know
    try:
        hold = next(iter(_holds(workspace, ledger, mailing, rule, now, pages=pages)), None)
    except SystemTrouble as trouble:
        if _may_pass(mailing, trouble, since=mailing.due_at, now=now):
            return None
        hold = Hold(code="folder", reason=_placed(trouble))
    if hold is not None:
        _hold(workspace, ledger, mailing, hold, now)
        return None
    domain = mail_domain(workspace.newsletter.sender.address) or "localhost.localdomain"
    timetable, field = timetable_of(workspace.newsletter, mailing, now), mailing.plan.zone_field
    launched = ledger.mailings.launch(
        mailing.id, rule=rule, worker=worker, message_domain=domain, now=now, timetable=timetable, zone_field=field
    )
    if launched is None:
        return None
    ledger.home.turn()
    _receipt(workspace, ledger, launched, now)
    people = counted(launched.audience or 0, ("abonné", "abonnés"), ("subscriber", "subscribers"))
    delay, unseen = _delay(mailing, now), untried_words(workspace.newsletter) if pages.tried == "no" else NOTHING
    window = hold_words(launched, workspace.newsletter, now)
    words = Words(
        fr=" ".join(filter(None, (f"{mailing.issue_id}\u00a0: envoi lancé vers {people.fr}{delay.fr}.", unseen.fr, window.fr))),
        en=" ".join(filter(None, (f"{mailing.issue_id}: mailing launched to {people.en}{delay.en}.", unseen.en, window.en))),
    )
    tell(workspace, ledger, launched, words, kind="launched", detail=launch_detail(workspace, ledger, launched), now=now)
    return launched


def _may_pass(mailing: Mailing, trouble: SystemTrouble, *, since: datetime, now: datetime) -> bool:
    """Whether the next beat tries again before anybody is asked: what the machine lacks for a moment holds nothing."""
    if not trouble.is_passing or now - since >= FELT_LATE:
        return False
    _log.warning("%s waits: %s", mailing.issue_id, trouble)
    return True


def _placed(error: HebdoError) -> Words:
    where = f" ({error.where})" if error.where else ""
    return Words(fr=f"{error.message.fr}{where}", en=f"{error.message.en}{where}")


def _delay(mailing: Mailing, now: datetime) -> Words:
    """How much later than its hour it leaves; nothing for what is felt by nobody."""
    late = now - mailing.due_at
    if late < FELT_LATE:
        return Words(fr="", en="")
    span = span_words(late)
    return Words(fr=f", avec {span.fr} de retard", en=f", {span.en} late")


def _holds(workspace: Workspace, ledger: Ledger, mailing: Mailing, rule: AudienceRule, now: datetime, *, pages: Pages) -> Iterable[Hold]:
    """Every reason to wait that nobody has overruled, the cheapest to find first."""
    newsletter, accepted = workspace.newsletter, set(mailing.accepted) - NEVER_ACCEPTED
    foreign = foreign_receipt(workspace, ledger, mailing.issue_id)
    if foreign is not None:
        yield Hold(code="receipt", reason=foreign)
    if "late" not in accepted and is_late(mailing.due_at, now, max_delay_min=newsletter.schedule.max_delay_min):
        yield Hold(code="late", reason=_late(mailing, newsletter))
    sealed = ledger.editions.get(mailing.issue_id, mailing.digest)
    if sealed is None:
        yield Hold(
            code="edition", reason=Words(fr="La maquette scellée manque au registre.", en="The sealed edition is missing in the ledger.")
        )
    elif (elsewhere := sealed_elsewhere(newsletter, sealed)) is not None:
        yield Hold(code="site", reason=elsewhere)
    if "audience" not in accepted:
        allowed = None if mailing.expected_min is None or mailing.expected_max is None else (mailing.expected_min, mailing.expected_max)
        audience, last = ledger.subscribers.count_due(rule), ledger.mailings.last_audience()
        hold = guard_audience(audience, confirmed=mailing.expected, allowed=allowed, last=last, drift=newsletter.schedule.audience_drift)
        if hold is not None:
            yield hold
    if pages.trouble is not None and "pages" not in accepted:
        yield Hold(code="pages", reason=pages.trouble)
    if pages.tried != "yes" and UNTRIED not in accepted:
        yield Hold(code=UNTRIED, reason=untried_words(newsletter))
    if "changed" not in accepted and newsletter.desk.on_change == "hold" and (edit := find_edit(workspace, ledger, mailing)) is not None:
        yield Hold(code="changed", reason=edit.words, detail=edit.detail)


def hold_words(mailing: Mailing, newsletter: Newsletter, now: datetime) -> Words:
    """From when on messages leave, and how to keep them back; nothing once the hold window is over."""
    if mailing.hold_until is None or mailing.hold_until <= now:
        return NOTHING
    zone = find_zone(newsletter.time_zone)
    return first_message(mailing.hold_until.astimezone(zone), mailing.issue_id, departs_on=mailing.due_at.astimezone(zone).date())


def _late(mailing: Mailing, newsletter: Newsletter) -> Words:
    zone = find_zone(newsletter.time_zone)
    when = moment_words(mailing.due_at.astimezone(zone), zone.key)
    return Words(fr=f"En retard\u00a0: prévu {when.fr}.", en=f"Late: it was due {when.en}.")


def _hold(workspace: Workspace, ledger: Ledger, mailing: Mailing, hold: Hold, now: datetime) -> None:
    ways = _ways(mailing.issue_id, hold.code)
    reason = said(workspace, Words(fr=f"{hold.reason.fr} {ways.fr}", en=f"{hold.reason.en} {ways.en}"))
    if ledger.mailings.hold(mailing.id, code=hold.code, reason=reason):
        tell(workspace, ledger, mailing, Words(fr=reason, en=reason), kind="held", detail=hold.detail, now=now)


def _ways(issue_id: str, code: str) -> Words:
    """What a person can do about a hold, as commands that work as shown."""
    if code == "receipt":
        return receipt_hint(issue_id)
    if code in NEVER_ACCEPTED:
        return Words(
            fr=f"`hebdo unschedule {issue_id}`, puis programmez de nouveau.", en=f"`hebdo unschedule {issue_id}`, then schedule again."
        )
    if code == "changed":
        return Words(
            fr=f"`hebdo resume {issue_id}`\u00a0: la version scellée part\u00a0; `hebdo unschedule {issue_id}`, puis "
            f"`hebdo send {issue_id} --now`\u00a0: le numéro tel qu’il est part\u00a0; sans décision, rien ne part.",
            en=f"`hebdo resume {issue_id}`: the sealed version leaves; `hebdo unschedule {issue_id}`, then "
            f"`hebdo send {issue_id} --now`: the issue as it is leaves; undecided, nothing leaves.",
        )
    return Words(
        fr=f"`hebdo resume {issue_id}`\u00a0: l’envoi part\u00a0; `hebdo unschedule {issue_id}`\u00a0: rien ne part.",
        en=f"`hebdo resume {issue_id}`: the mailing leaves; `hebdo unschedule {issue_id}`: nothing leaves.",
    )


def _receipt(workspace: Workspace, ledger: Ledger, mailing: Mailing, now: datetime) -> None:
    """Writes sent.json and the edition into the issue's folder, and only then lets messages leave."""
    try:
        foreign = foreign_receipt(workspace, ledger, mailing.issue_id)
        if foreign is not None:
            _hold(workspace, ledger, mailing, Hold(code="receipt", reason=foreign), now)
            return
        edition = ledger.editions.get(mailing.issue_id, mailing.digest)
        if edition is not None:
            save_pictures(workspace, edition)
            save_edition(workspace, mailing.issue_id, edition)
        write_receipt(workspace, mailing.issue_id, receipt_of(mailing))
    except HebdoError as error:
        began = mailing.launched_at or now
        if isinstance(error, SystemTrouble) and _may_pass(mailing, error, since=began, now=now):
            return
        said_so = _placed(error)
        reason = Words(fr=f"Le reçu ne s’écrit pas\u00a0: {said_so.fr}.", en=f"The receipt cannot be written: {said_so.en}.")
        _hold(workspace, ledger, mailing, Hold(code="folder", reason=reason), now)
        return
    ledger.mailings.receipted(mailing.id, now=now)
