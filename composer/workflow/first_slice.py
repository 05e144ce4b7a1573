"""The first slice of a mailing: the desk hears how it went, and what goes wrong for many of it keeps the rest back."""

from __future__ import annotations

from datetime import datetime, timedelta

from composer.deliver.choose import AudienceRule
from composer.deliver.hours import fit
from composer.deliver.schedule import find_zone
from composer.ledger import Ledger
from composer.model.mailing import DeliveryState, Mailing
from composer.words import NOTHING, Words
from composer.workflow.counts import count_words
from composer.workflow.spreading import first_size, what_is_to_come
from composer.workflow.telling import said, tell
from composer.workspace import Workspace

SPOILT = 0.10  # of those tried: more refusals than this keep the rest back
FEW = 3  # fewer refusals than this say nothing
NEAR = timedelta(seconds=60)  # so long before the rest leaves, or a quarter of the pause, it is put off when the slice has not gone through


def launch_detail(workspace: Workspace, ledger: Ledger, mailing: Mailing) -> Words:
    """What stands below «launched»: what is still to come, and how to keep it back."""
    launched_at = mailing.launched_at or mailing.due_at
    _, words = what_is_to_come(workspace.newsletter, ledger, mailing, AudienceRule(issue_id=mailing.issue_id), launched_at)
    if words == NOTHING:
        return NOTHING
    back = f"`hebdo pause {mailing.issue_id}`"
    return Words(fr=f"{words.fr} Pour retenir ce qui reste : {back}", en=f"{words.en} To keep back what is left: {back}")


def watch_first_slice(workspace: Workspace, ledger: Ledger, mailing: Mailing, now: datetime) -> None:
    """Until the rest leaves: tells once how the slice went; holds the mailing when more than a tenth of it was refused.

    The rest leaves by itself: nobody need be awake at seven for the readers to have their letter. But not before the slice has gone through.
    """
    if mailing.plan.first is None or mailing.launched_at is None or "first" in mailing.accepted:
        return
    pause, moves = timedelta(minutes=mailing.plan.pause_min), mailing.plan.wall is None  # each reader's own hour is not moved
    start = max(mailing.launched_at, mailing.hold_until or mailing.launched_at)
    begins = _fit(workspace, start)
    told, late = (ledger.notices.last((kind,), mailing_id=mailing.id) for kind in ("first", "first-late"))
    looked_at = [begins, *(one.created_at for one in (told, late) if moves and one and one.created_at - begins > pause / 2)]
    ends = _fit(workspace, max(looked_at) + pause)
    if not begins <= now < ends:
        return
    counts = ledger.planning.tried(mailing.id)
    tried, refused = sum(counts.values()), counts.get(DeliveryState.FAILED, 0)
    size = first_size(mailing) or ledger.planning.named(mailing.id, mailing.plan.first.keys)
    if refused >= FEW and refused > SPOILT * tried:
        _hold(workspace, ledger, mailing, refused=refused, tried=tried, now=now)
    elif tried and tried >= size:
        if told is None:
            if moves and now - max(looked_at) > pause / 2:  # somebody is to have the time to look at it
                _put_off(workspace, ledger, mailing, now)
            _tell(workspace, ledger, mailing, counts, now)
    elif moves and size and ends - now <= min(NEAR, pause / 4) and _put_off(workspace, ledger, mailing, now):
        _tell_late(workspace, ledger, mailing, tried=tried, size=size, now=now)


def _put_off(workspace: Workspace, ledger: Ledger, mailing: Mailing, now: datetime) -> int:
    """The rest waits the pause anew; gives how many."""
    until = _fit(workspace, now + timedelta(minutes=mailing.plan.pause_min))
    return ledger.planning.put_off(mailing.id, until=until, now=now)


def _fit(workspace: Workspace, moment: datetime) -> datetime:
    return fit(moment, workspace.newsletter.schedule.hours, find_zone(workspace.newsletter.time_zone))


def _tell_late(workspace: Workspace, ledger: Ledger, mailing: Mailing, *, tried: int, size: int, now: datetime) -> None:
    _, rest = what_is_to_come(workspace.newsletter, ledger, mailing, AudienceRule(issue_id=mailing.issue_id), now)
    words = Words(
        fr=f"premier lot en retard : essais {tried} sur {size}. Le reste l’attend. {rest.fr} Pourquoi : `hebdo status {mailing.issue_id}`",
        en=f"the first slice is late: {tried} of {size} tried. The rest waits for it. {rest.en} Why: `hebdo status {mailing.issue_id}`",
    )
    tell(workspace, ledger, mailing, words, kind="first-late", now=now)


def _hold(workspace: Workspace, ledger: Ledger, mailing: Mailing, *, refused: int, tried: int, now: datetime) -> None:
    words = Words(
        fr=f"Premier lot : {refused} messages refusés sur {tried}. Le reste est retenu. Pourquoi : `hebdo status {mailing.issue_id}` ; "
        f"envoyer le reste : `hebdo resume {mailing.issue_id}` ; ne plus rien envoyer : `hebdo stop {mailing.issue_id}`",
        en=f"First slice: {refused} of {tried} messages refused. The rest is kept back. Why: `hebdo status {mailing.issue_id}`; "
        f"send the rest: `hebdo resume {mailing.issue_id}`; send nothing more: `hebdo stop {mailing.issue_id}`",
    )
    if ledger.mailings.hold(mailing.id, code="first", reason=said(workspace, words)):
        tell(workspace, ledger, mailing, words, kind="held", now=now)


def _tell(workspace: Workspace, ledger: Ledger, mailing: Mailing, counts: dict[DeliveryState, int], now: datetime) -> None:
    told = count_words((state, counts.get(state, 0)) for state in DeliveryState) or NOTHING
    _, rest = what_is_to_come(workspace.newsletter, ledger, mailing, AudienceRule(issue_id=mailing.issue_id), now)
    back = f"`hebdo pause {mailing.issue_id}`"
    words = Words(
        fr=f"premier lot parti : {told.fr}. {rest.fr} Pour le retenir : {back}",
        en=f"the first slice has left: {told.en}. {rest.en} To keep it back: {back}",
    )
    tell(workspace, ledger, mailing, words, kind="first", now=now)
