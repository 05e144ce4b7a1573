"""What the checks cannot know by themselves: measured by the workflow and handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

LinkState = Literal["alive", "dead", "unreachable", "unchecked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureMeasure:
    """A picture file of the issue."""

    problem: Literal["", "missing", "outside", "unreadable"] = ""
    width: int = 0  # px
    height: int = 0  # px
    size_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAnswer:
    """What an address answered."""

    state: LinkState
    status: int = 0  # HTTP status; 0: none was received


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A line of ``sponsors/bookings.csv``."""

    day: str  # as written, ISO
    slot: str
    advertiser: str
    status: str
    issue: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionMeasure:
    """The finished mail."""

    html: str  # with merge fields open
    text: str
    size_bytes: int  # the HTML as MIME part, with the longest merge values
    field_prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Everything measured for one issue."""

    sources: Mapping[str, str] = field(default_factory=dict)  # path → text, of every file of the issue
    preheader: str = ""  # as readers get it
    pictures: Mapping[str, PictureMeasure] = field(default_factory=dict)  # by the author's file name
    links: Mapping[str, LinkAnswer] = field(default_factory=dict)  # by address; those absent were not asked
    edition: EditionMeasure | None = None  # None: not rendered
    numbers: Mapping[str, int] = field(default_factory=dict)  # other issues' numbers by id
    word_counts: tuple[int, ...] = ()  # of earlier issues
    bookings: tuple[Booking, ...] = ()
    today: date | None = None
