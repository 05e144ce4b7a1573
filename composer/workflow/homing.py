"""Where the ledger lives: what stands in the way of sending from here, taking over, giving it back to an older Hebdo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from composer.errors import ConfirmationNeeded, LedgerError
from composer.ledger import Ledger
from composer.ledger.mailings import ALIVE
from composer.ledger.patience import Patience
from composer.ledger.store import open_store
from composer.ledger.upgrade import HEAD, bring_back, engine_runs
from composer.model.mailing import DeliveryState, Mailing
from composer.words import Words, counted
from composer.workflow.catching_up import WAYS, missing_words, record_missing
from composer.workflow.telling import said, tell
from composer.workspace import Workspace

WAITING = (DeliveryState.PENDING, DeliveryState.DEFERRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMailing:
    """A mailing that a claim puts on hold, or did."""

    issue_id: str
    launched: bool
    waiting: int  # deliveries that had not left as far as this ledger knows
    on_the_wire: int  # that were being handed over: uncertain after a claim

    @property
    def words(self) -> Words:
        """How far it was."""
        if not self.launched:
            return Words(fr=f"{self.issue_id} : programmé", en=f"{self.issue_id}: scheduled")
        left = counted(self.waiting, ("remise à faire", "remises à faire"), ("delivery to make", "deliveries to make"))
        wire = counted(self.on_the_wire, ("incertaine", "incertaines"), ("uncertain", "uncertain"))
        more = (f", {wire.fr}", f", {wire.en}") if self.on_the_wire else ("", "")
        return Words(fr=f"{self.issue_id} : {left.fr}{more[0]}", en=f"{self.issue_id}: {left.en}{more[1]}")

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {"issue": self.issue_id, "launched": self.launched, "waiting": self.waiting, "on_the_wire": self.on_the_wire}


def show_home(workspace: Workspace, ledger: Ledger) -> dict[str, Any]:
    """Where the ledger lives, where this is, and why nothing may leave from here."""
    home = ledger.home
    refusal = _refusal(ledger)
    return {
        "here": home.is_here,
        "home": home.known_place,
        "place": home.place,
        "claimed_at": home.claimed_at.isoformat(),
        "backup_taken_at": home.taken_at.isoformat() if home.taken_at else None,
        "why": None if refusal is None else said(workspace, refusal.message),
        "open": [one.to_json() for one in open_mailings(ledger)],
        "engine_runs": engine_runs(ledger.path),
        "schema": HEAD,
    }


def open_mailings(ledger: Ledger) -> tuple[OpenMailing, ...]:
    """Every mailing that is not over, the oldest first."""
    return tuple(_how_far(ledger, mailing) for mailing in reversed(ledger.mailings.in_states(*ALIVE)))


def claim_home(workspace: Workspace, ledger: Ledger, *, yes: bool, now: datetime) -> tuple[OpenMailing, ...]:
    """Makes this place the ledger's home; gives the mailings that wait for a person since. Raises ConfirmationNeeded without ``yes``."""
    if ledger.home.is_here:
        return ()
    waits = open_mailings(ledger)
    if not yes:
        raise _ask(workspace, ledger, waits)
    reason, since, taken_at, restored = _reason(workspace, ledger), ledger.home.moment, ledger.home.taken_at, ledger.home.is_restored
    held = ledger.home.claim(now=now, reason=reason)
    for mailing in ledger.mailings.in_states(*ALIVE):
        if mailing.issue_id in held:
            tell(
                workspace,
                ledger,
                mailing,
                Words(fr=f"{mailing.issue_id} : {mailing.reason}", en=f"{mailing.issue_id}: {mailing.reason}"),
                kind="held",
                now=now,
            )
    if restored:
        record_missing(workspace, ledger, since, taken_at=taken_at, now=now)
    return waits


def give_back(workspace: Workspace, to: str, *, yes: bool) -> Path | None:
    """Gives the ledger the shape of an older Hebdo; where the present one is kept, None when it has that shape.

    Raises ConfirmationNeeded without ``yes``, and what ``bring_back`` raises. Afterwards nothing of this Hebdo may open it: it would change it again.
    """
    if not workspace.ledger_path.exists():
        return None
    store = open_store(workspace.ledger_path, Patience(limit_s=5.0))
    try:
        if not yes and to != HEAD:
            typed = f"hebdo home downgrade --to {to} --yes"
            raise ConfirmationNeeded(
                Words(
                    fr=f"Le registre revient à la forme {to} ; ce qu’un Hebdo plus ancien ne sait pas garder est oublié (rectificatifs, détails des avis). "
                    "Une copie de celui d’aujourd’hui reste dans var/backups.",
                    en=f"The ledger goes back to shape {to}; what an older Hebdo cannot keep is forgotten (corrections, details of notices). "
                    "A copy of today’s stays in var/backups.",
                ),
                where=str(workspace.ledger_path),
                hint=Words(fr=f"Si c’est voulu : `{typed}`", en=f"If it is meant so: `{typed}`"),
            )
        return bring_back(store.engine, store.path, to)
    finally:
        store.close()


def _how_far(ledger: Ledger, mailing: Mailing) -> OpenMailing:
    figures = ledger.mailings.figures(mailing.id)
    counts = dict(figures.counts) if figures else {}
    return OpenMailing(
        issue_id=mailing.issue_id,
        launched=mailing.launched_at is not None,
        waiting=sum(counts.get(state, 0) for state in WAITING),
        on_the_wire=counts.get(DeliveryState.SUBMITTING, 0),
    )


def _refusal(ledger: Ledger) -> LedgerError | None:
    try:
        ledger.home.require()
    except LedgerError as refused:
        return refused
    return None


def _ask(workspace: Workspace, ledger: Ledger, waits: Sequence[OpenMailing]) -> ConfirmationNeeded:
    then = Words(fr="Aucun envoi n’est ouvert.", en="No mailing is open.")
    if waits:
        fr, en = ("\n".join(f"  {one.words.fr}" for one in waits), "\n".join(f"  {one.words.en}" for one in waits))
        then = Words(
            fr=f"Seront mis en attente, et rien ne part sans vous :\n{fr}", en=f"Put on hold, and nothing leaves without you:\n{en}"
        )
    asked = Words(
        fr="L’original est-il arrêté pour de bon ? Sinon tout part deux fois.",
        en="Is the original stopped for good? If not, everything leaves twice.",
    )
    if ledger.home.is_restored:
        since, gap = ledger.home.since, missing_words(ledger.home.moment)
        asked = Words(
            fr=f"Ce registre est une sauvegarde{since.fr} : ce qui est parti ensuite lui est inconnu. {gap.fr} {WAYS.fr} {asked.fr}",
            en=f"This ledger is a backup{since.en}: what has left since is unknown to it. {gap.en} {WAYS.en} {asked.en}",
        )
    return ConfirmationNeeded(
        Words(fr=f"{asked.fr} {then.fr}", en=f"{asked.en} {then.en}"),
        where=str(workspace.ledger_path),
        hint=Words(fr="Si oui : `hebdo home claim --yes`", en="If so: `hebdo home claim --yes`"),
    )


def _reason(workspace: Workspace, ledger: Ledger) -> Callable[[str], str]:
    since = ledger.home.since
    begun = {one.issue_id for one in open_mailings(ledger) if one.launched}

    restored = ledger.home.is_restored
    what = Words(
        fr="Registre repris d’une copie : vérifiez que l’original n’a rien envoyé.",
        en="Ledger taken over from a copy: make sure that the original sent nothing.",
    )
    if restored:
        what = Words(
            fr=f"Registre remis d’une sauvegarde{since.fr} : ce que l’original a envoyé ensuite, et qui s’est désinscrit, lui est inconnu.",
            en=f"Ledger put back from a backup{since.en}: what the original sent since, and who unsubscribed, is unknown to it.",
        )

    def of_issue(issue_id: str) -> str:
        end = f"`hebdo stop {issue_id}`" if issue_id in begun else f"`hebdo unschedule {issue_id}`"
        return said(
            workspace,
            Words(
                fr=f"{what.fr} `hebdo resume {issue_id}` : l’envoi reprend ; {end} : rien de plus ne part.",
                en=f"{what.en} `hebdo resume {issue_id}`: the mailing goes on; {end}: nothing more leaves.",
            ),
        )

    return of_issue
