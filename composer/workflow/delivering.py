"""The brakes: pause, resume, stop, retry, decide."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from composer.errors import ConfirmationNeeded, Conflict, NotFound, UsageError
from composer.ledger import Ledger
from composer.model.mailing import DeliveryState, Mailing, MailingState
from composer.words import NOTHING, Words, counted
from composer.workflow.catching_up import go_on_without, what_is_missing
from composer.workflow.conditions import require_yes
from composer.workflow.counts import count_table
from composer.workflow.edits import find_edit, what_follows
from composer.workflow.launching import NEVER_ACCEPTED
from composer.workflow.lost import known_issue
from composer.workflow.receipts import reopened, settled
from composer.workflow.sealed_site import sealed_elsewhere
from composer.workflow.telling import newest_mailing, open_mailing, said, tell
from composer.workspace import Workspace

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
        raise _may_double(ledger, mailing, what_is_missing(ledger) or NOTHING)
    require_yes((what_is_missing(ledger),), where=mailing.issue_id, typed=f"hebdo resume {mailing.issue_id}", yes=yes)
    if mailing.state is MailingState.SCHEDULED:
        return _keep_sealed(workspace, ledger, mailing, now)
    resumed = ledger.mailings.resume(mailing.id)
    if resumed is None:
        raise _conflict(mailing, Words(fr="Cet envoi n’attend personne.", en="This mailing waits for nobody."), way="status")
    go_on_without(workspace, ledger, now=now)
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


def retry_failed(workspace: Workspace, ledger: Ledger, ref: str, *, yes: bool = False, now: datetime) -> int:
    """Makes the failed deliveries of a mailing pending again; gives how many. Suppressed addresses are closed when their turn comes.

    Raises ConfirmationNeeded where unsubscriptions are missing after a backup was put back, unless ``yes``.
    """
    return _reopen(workspace, ledger, ref, DeliveryState.FAILED, typed=f"hebdo retry {ref} --failed", yes=yes, now=now)


def decide_uncertain(
    workspace: Workspace, ledger: Ledger, ref: str, *, choice: Literal["retry", "drop"], yes: bool = False, now: datetime
) -> int:
    """Settles what may have gone: ``retry`` sends it again with the same Message-ID (a duplicate is possible), ``drop`` leaves it. Gives how many.

    Raises ConfirmationNeeded as ``retry_failed`` does.
    """
    if choice == "retry":
        typed = f"hebdo decide {ref} --uncertain retry"
        return _reopen(workspace, ledger, ref, DeliveryState.UNCERTAIN, typed=typed, yes=yes, now=now)
    if choice == "drop":
        mailing = _launched(workspace, ledger, ref)
        return settled(workspace, ledger, mailing, lambda: ledger.mailings.drop(mailing.id, state=DeliveryState.UNCERTAIN, now=now))
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
    return settled(workspace, ledger, mailing, lambda: _settle_gone(ledger, mailing, log, source=source, now=now))


def _settle_gone(ledger: Ledger, mailing: Mailing, log: Iterable[bytes], *, source: str, now: datetime) -> int:
    count = 0
    keys: set[str] = set()
    for line in log:
        keys.update(key.decode("ascii") for key in MESSAGE_KEY.findall(line))
        if len(keys) >= KEYS_AT_ONCE:
            count += ledger.deliveries.settle_gone(mailing.id, keys, source=source, now=now)
            keys.clear()
    return count + ledger.deliveries.settle_gone(mailing.id, keys, source=source, now=now)


def _moving(workspace: Workspace, ledger: Ledger, ref: str) -> Mailing:
    issue_id = known_issue(workspace, ledger, ref)
    mailing = open_mailing(ledger, issue_id)
    if mailing is not None:
        return mailing
    ended = newest_mailing(ledger, issue_id)
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
    mailing = newest_mailing(ledger, known_issue(workspace, ledger, ref))
    if mailing is None or mailing.launched_at is None:
        raise NotFound(
            Words(fr="Ce numéro n’est pas encore parti.", en="This issue has not left yet."),
            where=ref,
            hint=Words(fr=f"`hebdo status {ref}`", en=f"`hebdo status {ref}`"),
        )
    return mailing


def _may_double(ledger: Ledger, mailing: Mailing, missing: Words) -> ConfirmationNeeded:
    """What going on from a backup risks, and the ways out of it."""
    issue_id, figures = mailing.issue_id, ledger.mailings.figures(mailing.id)
    counts = dict(figures.counts) if figures else {}
    left = counts.get(DeliveryState.PENDING, 0) + counts.get(DeliveryState.DEFERRED, 0)
    again = f"`hebdo resume {issue_id} --yes`"
    if mailing.launched_at is None:
        return ConfirmationNeeded(
            Words(
                fr=f"Au moment de la sauvegarde, cet envoi était programmé. Si l’original l’a lancé depuis, tous le recevraient deux fois. {missing.fr}",
                en=f"When the backup was taken this mailing was scheduled. If the original launched it since, everybody would get it twice. {missing.en}",
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
            fr=f"Au moment de la sauvegarde, {people.fr}. Ceux à qui l’original l’a envoyé depuis, jusqu’à {left}, le recevraient deux fois. {missing.fr}",
            en=f"When the backup was taken, {people.en}. Those whom the original has sent it to since, up to {left}, would get it twice. {missing.en}",
        ),
        where=issue_id,
        hint=Words(
            fr=f"D’abord ceux que le journal du serveur d’envoi connaît : `hebdo decide {issue_id} --gone mail.log` ; puis reprendre : {again} ; "
            f"ou ne plus rien envoyer : `hebdo stop {issue_id}`",
            en=f"First those whom the mail server’s log knows: `hebdo decide {issue_id} --gone mail.log`; then go on: {again}; "
            f"or send nothing more: `hebdo stop {issue_id}`",
        ),
    )


def _reopen(workspace: Workspace, ledger: Ledger, ref: str, state: DeliveryState, *, typed: str, yes: bool, now: datetime) -> int:
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
    require_yes((what_is_missing(ledger),), where=mailing.issue_id, typed=typed, yes=yes)
    go_on_without(workspace, ledger, now=now)
    return reopened(workspace, mailing, lambda: ledger.mailings.reopen(mailing.id, state=state, now=now))


def _conflict(mailing: Mailing, words: Words, *, way: str) -> Conflict:
    command = f"hebdo {way} {mailing.issue_id}"
    return Conflict(words, where=mailing.issue_id, hint=Words(fr=f"`{command}`", en=f"`{command}`"))


def _again(ledger: Ledger, mailing: Mailing) -> Mailing:
    return ledger.mailings.get(mailing.id) or mailing
