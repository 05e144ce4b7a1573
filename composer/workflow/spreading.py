"""How a mailing is spread over time: planned when it is scheduled, made into a timetable when it launches, told in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from composer.deliver.choose import AudienceRule
from composer.deliver.hours import fit
from composer.deliver.schedule import Departure, english_date, find_zone, french_date, french_hour
from composer.deliver.slices import parse_slice, slice_size
from composer.deliver.timetable import Frame, departures, first_departure, jitter_s, make_timetable
from composer.errors import UsageError
from composer.ledger import Ledger
from composer.model.mailing import Mailing, MailingState
from composer.model.newsletter import Newsletter
from composer.model.pace import Census, FirstSlice, Plan, Timetable
from composer.words import NOTHING, Words, counted

MOST_TOLD = 4  # parts that are named one by one

Moments = tuple[tuple[datetime, int], ...]  # instant → readers, the earliest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What newsletter.toml and the options ask for."""

    first: FirstSlice | None
    local_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What is known when it is planned."""

    departure: Departure
    now: datetime
    hold_until: datetime | None  # the window of ``send --now``
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A plan with what it means for the readers of this moment."""

    plan: Plan
    due_at: datetime  # of the mailing: when it launches; UTC
    hold_until: datetime | None  # first message not before this
    moments: Moments
    zone: ZoneInfo
    departs_on: date  # as it was asked for: hours of this day are told without it

    @property
    def is_spread(self) -> bool:
        """Whether there is more to say than «not before»."""
        return len(self.moments) > 1

    @property
    def words(self) -> Words:
        """«Premier lot : 120 lecteurs à 7 h 02, le reste à 7 h 32»."""
        return spread_words(self.plan, self.moments, self.zone, departs_on=self.departs_on)

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return plan_answer(self.plan, self.moments, self.words)


def read_wish(newsletter: Newsletter, first: str | None) -> Wish:
    """The settings, and ``--first`` over them; raises UsageError for what is no slice."""
    schedule = newsletter.schedule
    if first is None:
        return Wish(first=schedule.first_slice, local_time=schedule.local_time)
    if first.strip() in {"0", "0%", "-"}:
        return Wish(first=None, local_time=schedule.local_time)
    try:
        return Wish(first=parse_slice(first), local_time=schedule.local_time)
    except ValueError as error:
        raise UsageError(
            Words(fr=f"« {first} » n’est pas un premier lot.", en=f"“{first}” is not a first slice."),
            where="--first",
            hint=Words(
                fr="Écrivez par exemple `--first 1%`, `--first 200` ou `--first camille@exemple.fr`",
                en="Write for example `--first 1%`, `--first 200` or `--first camille@example.org`",
            ),
        ) from error


def plan_spread(newsletter: Newsletter, ledger: Ledger, rule: AudienceRule, wish: Wish, moment: Moment) -> Spread:
    """What the wish comes to for the people who are due now."""
    schedule, departure = newsletter.schedule, moment.departure
    jitter = (
        0 if moment.hold_until or departure.due_at <= moment.now else jitter_s(departure.local, moment.digest, most_min=schedule.jitter_min)
    )
    plan = Plan(
        first=wish.first,
        pause_min=schedule.first_pause_min if wish.first else 0,
        wall=departure.local.replace(tzinfo=None, fold=0) if wish.local_time else None,
        zone_field=schedule.zone_field if wish.local_time else "",
        jitter_s=jitter if wish.local_time else 0,
    )
    census = ledger.planning.census(rule, zone_field=plan.zone_field)
    zones = tuple(name for name, _ in census.zones)
    begins = _begins(newsletter, plan, zones, moment)
    # The window and the jitter are the mailing's; a wave has its own jitter.
    not_before = begins if plan.wall else (moment.hold_until or begins) + timedelta(seconds=jitter)
    frame = _frame(newsletter, not_before, moment.digest)
    starts_at = fit(not_before, schedule.hours, frame.zone)
    moments = departures(make_timetable(plan, census, frame), census)
    held = starts_at if starts_at > begins or moment.hold_until else None
    departs_on = departure.due_at.astimezone(frame.zone).date()
    return Spread(plan=plan, due_at=begins, hold_until=held, moments=moments, zone=frame.zone, departs_on=departs_on)


def timetable_of(newsletter: Newsletter, mailing: Mailing, now: datetime) -> Callable[[Census], Timetable]:
    """What the ledger asks at the launch: the plan as it was confirmed, for those who are due now."""
    starts_at = max(now, mailing.hold_until) if mailing.hold_until else now
    frame = _frame(newsletter, starts_at, mailing.digest)

    def of(census: Census) -> Timetable:
        table = make_timetable(mailing.plan, census, frame)
        if {moment for slot in table.slots for moment in slot.at} != {starts_at}:
            return table
        # The mailing's own window holds them all; it moves with a clock that is put back, rows that are due do not.
        return replace(table, slots=tuple(replace(slot, at=(now,) * len(slot.at)) for slot in table.slots))

    return of


def plan_answer(plan: Plan, moments: Moments, words: Words) -> dict[str, Any]:
    """How it is spread, for programs."""
    return {
        "first": str(plan.first) if plan.first else None,
        "local_time": plan.wall.isoformat() if plan.wall else None,
        "departures": [{"at": moment.isoformat(), "readers": readers} for moment, readers in moments],
        "words": {"fr": words.in_language("fr"), "en": words.in_language("en")},
    }


def what_is_to_come(newsletter: Newsletter, ledger: Ledger, mailing: Mailing, rule: AudienceRule, now: datetime) -> tuple[Moments, Words]:
    """The departures that are still to come, and the words for them; nothing for what leaves at one instant."""
    zone = find_zone(newsletter.time_zone)
    departs_on = mailing.due_at.astimezone(zone).date()
    if mailing.launched_at is None:
        if mailing.state not in {MailingState.SCHEDULED, MailingState.HELD}:
            return (), NOTHING
        census = ledger.planning.census(rule, zone_field=mailing.plan.zone_field)
        starts_at = max(now, mailing.due_at, mailing.hold_until or mailing.due_at)
        moments = departures(make_timetable(mailing.plan, census, _frame(newsletter, starts_at, mailing.digest)), census)
        return (moments, spread_words(mailing.plan, moments, zone, departs_on=departs_on)) if len(moments) > 1 else ((), NOTHING)
    if mailing.state not in {MailingState.RUNNING, MailingState.PAUSED, MailingState.HELD}:
        return (), NOTHING
    moments = ledger.planning.to_come(mailing.id, now=now)
    words = rest_words(moments, zone, departs_on=departs_on) if moments else NOTHING
    return moments, words if mailing.state is MailingState.RUNNING else _once_resumed(words)


def _once_resumed(words: Words) -> Words:
    if words == NOTHING:
        return words
    return Words(fr=f"Une fois repris, {words.fr[0].lower()}{words.fr[1:]}", en=f"Once resumed, {words.en[0].lower()}{words.en[1:]}")


def spread_words(plan: Plan, moments: Moments, zone: ZoneInfo, *, departs_on: date) -> Words:
    """A departure in parts: the first slice and the rest, the waves, the days of a warm-up."""
    if len(moments) < 2:
        return NOTHING
    days = {moment.astimezone(zone).date() for moment, _ in moments}
    if plan.wall is not None:
        return _waves(moments, zone)
    if len(moments) <= MOST_TOLD:
        return _one_by_one(moments, zone, first=plan.first is not None, departs_on=departs_on)
    first, last = _at(moments[0][0], zone, day=True), _at(moments[-1][0], zone, day=True)
    many, some = counted(len(days), ("jour", "jours"), ("day", "days")), _readers(moments[0][1])
    return Words(
        fr=f"Montée en charge sur {many.fr} : {some.fr} {first.fr}, les derniers {last.fr}.",
        en=f"Warm-up over {many.en}: {some.en} {first.en}, the last ones {last.en}.",
    )


def rest_words(moments: Moments, zone: ZoneInfo, *, departs_on: date) -> Words:
    """What of a running mailing waits for its hour."""
    whole = _readers(sum(readers for _, readers in moments))
    day = _on_other_days(moments, zone, departs_on)
    begins = _at(moments[0][0], zone, day=day)
    if len(moments) == 1:
        return Words(fr=f"Le reste ({whole.fr}) {begins.fr}.", en=f"The rest ({whole.en}) {begins.en}.")
    ends = _at(moments[-1][0], zone, day=day)
    return Words(
        fr=f"Encore {whole.fr} : les prochains {begins.fr}, les derniers {ends.fr}.",
        en=f"Still {whole.en}: the next ones {begins.en}, the last ones {ends.en}.",
    )


def first_size(mailing: Mailing) -> int:
    """How many were in the first slice of a launched mailing; 0 for named addresses and for none."""
    return slice_size(mailing.plan.first, mailing.audience or 0) if mailing.plan.first else 0


def _waves(moments: Moments, zone: ZoneInfo) -> Words:
    first, last = _at(moments[0][0], zone, day=True), _at(moments[-1][0], zone, day=True)
    return Words(
        fr=f"À l’heure de chacun, en {len(moments)} vagues : la première {first.fr}, la dernière {last.fr} ({zone.key}).",
        en=f"At each reader’s own hour, in {len(moments)} waves: the first {first.en}, the last {last.en} ({zone.key}).",
    )


def _one_by_one(moments: Moments, zone: ZoneInfo, *, first: bool, departs_on: date) -> Words:
    day = _on_other_days(moments, zone, departs_on)
    told = [(_readers(readers), _at(moment, zone, day=day)) for moment, readers in moments]
    between = ", ".join(f"{readers.fr} {at.fr}" for readers, at in told[:-1])
    english = ", ".join(f"{readers.en} {at.en}" for readers, at in told[:-1])
    rest = told[-1][1]
    return Words(
        fr=f"{'Premier lot : ' if first else 'En plusieurs fois : '}{between}, le reste {rest.fr}.",
        en=f"{'First slice: ' if first else 'In several parts: '}{english}, the rest {rest.en}.",
    )


def _readers(count: int) -> Words:
    return counted(count, ("lecteur", "lecteurs"), ("reader", "readers"))


def _on_other_days(moments: Moments, zone: ZoneInfo, departs_on: date) -> bool:
    """Whether any of them is on another day than the departure; then all are told with theirs."""
    return {moment.astimezone(zone).date() for moment, _ in moments} != {departs_on}


def _at(moment: datetime, zone: ZoneInfo, *, day: bool) -> Words:
    local = moment.astimezone(zone)
    if not day:
        return Words(fr=f"à {french_hour(local)}", en=f"at {local:%H:%M}")
    return Words(fr=f"{french_date(local)} à {french_hour(local)}", en=f"on {english_date(local)} at {local:%H:%M}")


def _begins(newsletter: Newsletter, plan: Plan, zones: tuple[str, ...], moment: Moment) -> datetime:
    """When it launches: at its hour, or, where each reader has their own, at the first of these that is to come."""
    if plan.wall is None:
        return moment.departure.due_at
    first = first_departure(plan, zones, _frame(newsletter, moment.now, moment.digest)) - timedelta(seconds=plan.jitter_s)
    return min(max(first, moment.now), moment.departure.due_at)


def _frame(newsletter: Newsletter, starts_at: datetime, digest: str) -> Frame:
    schedule = newsletter.schedule
    return Frame(starts_at=starts_at, zone=find_zone(newsletter.time_zone), hours=schedule.hours, pace=newsletter.pace, seed=digest)
