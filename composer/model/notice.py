"""What the desk is told, and how urgent each kind of it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from composer.words import Words

Channel = Literal["mail", "webhook"]

KINDS: dict[str, Words] = {
    # Something waits for a person.
    "held": Words(fr="en attente", en="on hold"),
    "late": Words(fr="en retard", en="late"),
    "engine": Words(fr="moteur en panne", en="engine failing"),
    "silent": Words(fr="moteur muet", en="engine silent"),
    "transport": Words(fr="serveur d’envoi en panne", en="mail server down"),
    "relay": Words(fr="relais en panne", en="relay down"),
    "changed": Words(fr="modifié après le scellé", en="edited after sealing"),
    "uncertain": Words(fr="remises incertaines", en="uncertain deliveries"),
    "receipt": Words(fr="reçu non écrit", en="receipt not written"),
    "left-missing": Words(fr="désinscriptions manquantes", en="unsubscriptions missing"),
    "trouble": Words(fr="à réparer avant l’envoi", en="to mend before sending"),
    "channel": Words(fr="alerte non remise", en="notice not delivered"),
    # Something is as it was.
    "undone": Words(fr="modification annulée", en="edit undone"),
    "transport-up": Words(fr="serveur d’envoi rétabli", en="mail server back"),
    "relay-up": Words(fr="relais rétabli", en="relay back"),
    "engine-up": Words(fr="moteur reparti", en="engine running again"),
    "heard": Words(fr="moteur de retour", en="engine heard again"),
    "left-known": Words(fr="désinscriptions : réglé", en="unsubscriptions settled"),
    "mended": Words(fr="réparé", en="mended"),
    "clock": Words(fr="horloge reculée", en="clock put back"),
    # The way of a mailing.
    "stopped": Words(fr="arrêté", en="stopped"),
    "paused": Words(fr="suspendu", en="paused"),
    "resumed": Words(fr="repris", en="resumed"),
    "launched": Words(fr="lancé", en="launched"),
    "first-late": Words(fr="premier lot en retard", en="first slice late"),
    "first": Words(fr="premier lot parti", en="first slice has left"),
    "finished": Words(fr="terminé", en="finished"),
}
"""Every kind of notice with its name, the most urgent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that the desk is told, in its language."""

    id: int  # 0: the ledger does not know it (it cannot be written, or there is none)
    kind: str  # one of KINDS
    words: str
    created_at: datetime
    mailing_id: int | None = None
    issue_id: str = ""  # "": about no issue
    detail: str = ""  # what stands below the words: a difference, figures
    about: str = ""  # which trouble, for kinds that come and go: ``certificate``

    @property
    def urgency(self) -> int:
        """0 is the most urgent."""
        return list(KINDS).index(self.kind) if self.kind in KINDS else len(KINDS)
