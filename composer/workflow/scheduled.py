"""A mailing that was written, in words and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from composer.deliver.schedule import Departure, find_zone, french_hour, moment_words, other_day, turn_of
from composer.model.findings import Finding
from composer.model.mailing import Mailing
from composer.words import NOTHING, Words, counted
from composer.workflow.rectifying import Receivers
from composer.workflow.spreading import Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A mailing that was written, with what the desk confirms."""

    mailing: Mailing
    departure: Departure
    audience: int  # at this moment; frozen when the mailing launches
    number: int | None
    subject: str
    rehearsal: bool
    warnings: tuple[Words, ...] = ()
    findings: tuple[Finding, ...] = ()
    receivers: Receivers | None = None  # of a rectificatif
    spread: Spread | None = None  # how it is spread over time; None: at once, or over the next minutes

    @property
    def words(self) -> Words:
        """The sentence that confirms it."""
        name = self.mailing.issue_id if self.number is None else f"n°\u00a0{self.number}"
        english = self.mailing.issue_id if self.number is None else f"no. {self.number}"
        when = moment_words(self.departure.local, self.departure.zone)
        rehearsal = ("Répétition\u00a0: ", "Rehearsal: ") if self.rehearsal else ("", "")
        window = self._window if self.spread is None else self.spread.words
        ordinary = counted(self.audience, ("abonné", "abonnés"), ("subscriber", "subscribers"))
        people = self.receivers.words if self.receivers else ordinary
        return Words(
            fr=" ".join(filter(None, (f"{rehearsal[0]}{name}, {when.fr}, {people.fr}.", window.fr))),
            en=" ".join(filter(None, (f"{rehearsal[1]}{english}, {when.en}, {people.en}.", window.en))),
        )

    @property
    def _window(self) -> Words:
        """Until when everything can still be kept back."""
        if self.mailing.hold_until is None:
            return NOTHING
        until = self.mailing.hold_until.astimezone(find_zone(self.departure.zone))
        day = other_day(until, self.departure.local.date())
        return Words(fr=f"Premier message pas avant {day.fr}{french_hour(until)}.", en=f"First message not before {day.en}{until:%H:%M}.")

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {
            "issue": self.mailing.issue_id,
            "mailing": self.mailing.id,
            "state": self.mailing.state.value,
            "due_at": self.mailing.due_at.isoformat(),
            "local": self.departure.local.isoformat(),
            "zone": self.departure.zone,
            "fold": turn_of(self.departure.local),
            "hold_until": self.mailing.hold_until.isoformat() if self.mailing.hold_until else None,
            "audience": self.audience,
            "digest": self.mailing.digest,
            "rehearsal": self.rehearsal,
            "plan": self.spread.to_json() if self.spread else None,
            "correction": {"of": self.mailing.correction_of, **self.receivers.to_json()} if self.receivers else None,
        }
