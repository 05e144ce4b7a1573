"""How far an issue's mailing is, as the preview's pages say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from composer.deliver.schedule import english_date, exact_hour, french_date, french_hour, other_day, turn_of, turn_words
from composer.model.mailing import Mailing, MailingState
from composer.words import NOTHING, Words

Stand = Literal["scheduled", "held", "running", "stopped", "sent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An issue that is no longer only in the works."""

    key: Stand
    at: datetime | None  # local: of the departure to come, or of the one that was; None: it left, and nobody knows when
    when: Words  # ``at`` in words; empty without it
    reason: str = ""  # why the clock holds it, in the desk's language
    seal: str = ""  # digest of the edition that leaves; "" without a mailing
    window: Words = NOTHING  # «à 7 h 00 min 21 s», of the first message, while everything can still be kept back
    left: bool = False  # whether its words have gone to readers, so that an edit changes nothing there

    @property
    def pill(self) -> str:
        """The colour of its state in the list."""
        return {"scheduled": "green", "held": "amber", "running": "blue", "stopped": "amber", "sent": "mute"}[self.key]


def read_standing(mailing: Mailing | None, *, zone: str, now: datetime) -> Standing | None:
    """How far ``mailing`` is; None for none, and for one that was taken back before it left."""
    if mailing is None or (mailing.state is MailingState.STOPPED and mailing.launched_at is None):
        return None
    local = (mailing.launched_at or mailing.due_at).astimezone(ZoneInfo(zone))
    return Standing(
        key=_key(mailing),
        at=local,
        when=_when(local, now),
        reason=mailing.reason if mailing.state is MailingState.HELD else "",  # a person who paused knows why
        seal=mailing.digest,
        window=_window(mailing, zone, now),
        left=mailing.launched_at is not None,
    )


def read_receipted(launched_at: object, *, zone: str, now: datetime) -> Standing:
    """The standing of an issue that left by another ledger; ``launched_at`` is what its receipt says of the hour."""
    try:
        local = datetime.fromisoformat(str(launched_at)).astimezone(ZoneInfo(zone))
    except (ValueError, OverflowError):
        return Standing(key="sent", at=None, when=Words(fr="", en=""), left=True)
    return Standing(key="sent", at=local, when=_when(local, now), left=True)


def _window(mailing: Mailing, zone: str, now: datetime) -> Words:
    if mailing.state is not MailingState.RUNNING or mailing.hold_until is None or mailing.hold_until <= now:
        return NOTHING
    local, departs_at = (moment.astimezone(ZoneInfo(zone)) for moment in (mailing.hold_until, mailing.due_at))
    day, hour = other_day(local, departs_at.date()), exact_hour(local)
    return Words(fr=f"{day.fr or 'à '}{hour.fr}", en=f"{f'on {day.en}' if day.en else 'at '}{hour.en}")


def _key(mailing: Mailing) -> Stand:
    match mailing.state:
        case MailingState.SCHEDULED:
            return "scheduled"
        case MailingState.HELD | MailingState.PAUSED:
            return "held"
        case MailingState.RUNNING:
            return "running"
        case MailingState.STOPPED:
            return "stopped"
        case MailingState.FINISHED:
            return "sent"


def _when(local: datetime, now: datetime) -> Words:
    """«vendredi 27 novembre à 7 h 00»; the year where it is not this one, the turn where the hour comes twice."""
    year = "" if local.year == now.astimezone(local.tzinfo).year else f" {local.year}"
    turn = None if turn_of(local) is None else turn_words(local)
    return Words(
        fr=f"{french_date(local).removesuffix(f' {local.year}')}{year} à {french_hour(local)}{f', {turn.fr}' if turn else ''}",
        en=f"{english_date(local).removesuffix(f' {local.year}')}{year} at {local:%H:%M}{f', {turn.en}' if turn else ''}",
    )
