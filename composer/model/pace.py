"""How fast messages may leave: rates, relays and the settings of ``[pace]``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many messages in so many seconds: «600/min»."""

    count: int  # messages, at least 1
    per_s: int  # seconds: 1, 60 or 3600

    @property
    def each_s(self) -> float:
        """Seconds from one message to the next."""
        return self.per_s / self.count

    @property
    def burst(self) -> int:
        """How many may leave at once after a quiet moment: those of one second, at least one."""
        return max(1, self.count // self.per_s)

    def __str__(self) -> str:
        return f"{self.count}/{ {1: 's', 60: 'min', 3600: 'h'}.get(self.per_s, f'{self.per_s} s') }"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """One of several ways out."""

    name: str  # what the desk calls it; its password is found by it
    host: str
    port: int = 25
    security: Literal["none", "starttls", "tls"] = "none"
    username: str = ""
    password: str = field(default="", repr=False)
    connections: int = 4
    weight: int = 1  # its share among the relays that are up
    rate: Rate | None = None  # None: no limit of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceSettings:
    """How fast, beyond the limit of each relay."""

    mailing: Rate | None = None  # of each mailing
    domains: tuple[tuple[str, Rate], ...] = ()  # recipient domain → rate of its family
    warm_up: tuple[int, ...] = ()  # messages a day: on the first day, the second …; after the last one there is no ceiling
    warm_up_from: date | None = None  # the first day, in the newsletter's zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hours of the day in which messages leave; may go over midnight («22:00-06:00»)."""

    opens: time  # local, in the newsletter's zone
    closes: time  # local; the first moment at which nothing leaves any more

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSlice:
    """Who gets a mailing before all others: a share of the audience, so many, or named addresses."""

    percent: float = 0.0  # of the audience; 0: not by a share
    count: int = 0  # readers; 0: not by number
    keys: tuple[str, ...] = ()  # normalised addresses; whoever of them is in the audience

    def __str__(self) -> str:
        return ", ".join(self.keys) or (f"{self.percent:g}%" if self.percent else str(self.count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a mailing is spread over time; confirmed when it is scheduled, and kept with it."""

    first: FirstSlice | None = None
    pause_min: int = 0  # from the first slice to the rest
    wall: datetime | None = None  # without zone: each reader when the clock on their wall shows this; None: all at one instant
    zone_field: str = ""  # the subscribers' field that holds their zone
    jitter_s: int = 0  # how much later than the full hour, for waves; the mailing's own is in its ``hold_until``

    @property
    def is_plain(self) -> bool:
        """Whether all leave at one instant."""
        return self == Plan()


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """Who is due, as far as a timetable must know it."""

    audience: int
    zones: tuple[tuple[str, int], ...] = ()  # what stands in the field of zones → readers; "" for none


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A part of the audience that leaves together, but for its zones."""

    upto: int  # whose place in the walk is below this one, and who is in no slot before; the last slot takes the rest
    at: tuple[datetime, ...]  # UTC; one for each wave


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """When each delivery of a launch may leave: place in a walk over the audience → slot, zone → wave."""

    audience: int
    step: int  # place = (rank × step + start) mod audience; the rank is that of the order of arrival
    start: int
    slots: tuple[Slot, ...]
    named: tuple[str, ...] = ()  # normalised addresses that stand in the first slot wherever their place is
    waves: tuple[tuple[str, int], ...] = ()  # what stands in the field → wave; whoever is not named here is in wave 0
    zone_field: str = ""
