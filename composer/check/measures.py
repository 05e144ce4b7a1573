"""What the checks cannot know by themselves: measured by the workflow and handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from composer.check.support.clients import ClientData
from composer.words import Words

LinkState = Literal["alive", "dead", "unreachable", "unchecked"]
GrammarState = Literal["read", "waiting", "missing", "late", "failed", "not-french"]


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


SiteSeen = Literal[
    "alive",
    "unasked",  # no network here, or no time left
    "private",  # the name leads to an address that only this machine or its network can reach
    "no-name",
    "refused",
    "late",
    "expired",
    "other-name",  # the certificate is another site's
    "untrusted",
    "broken",  # the connection ended in the middle of the answer
    "to-http",
    "moved",
    "wrong-host",  # a Hebdo that does not answer to this name: 421
    "status",
    "other-site",
    "other-hebdo",
    "picture",
    "one-click",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMeasure:
    """What answered at ``[site] public_url`` when the desk asked for its own pages."""

    seen: SiteSeen
    url: str = ""  # the page that was asked
    detail: str = ""  # a status, an address, the place of a redirect
    picture: bool = False  # whether a picture of the edition was asked too

    @property
    def is_dead(self) -> bool:
        """Whether readers would find no pictures, or no way to leave."""
        return self.seen not in {"alive", "unasked"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyMeasure:
    """Whether mail can arrive where readers answer to."""

    domain: str
    seen: Literal["takes-mail", "unasked", "no-name", "no-mail", "null-mx"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainMeasure:
    """What the name servers say of the domain that mail is sent from, as mailbox providers judge it."""

    domain: str
    problems: tuple[Words, ...] = ()  # SPF, DKIM, DMARC: what keeps mail from being believed
    unasked: bool = False  # the name servers did not answer


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
    web_html: str = ""  # the web view; "": not measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What the outside reader says of one place of a text."""

    start: int  # of the text, in characters
    end: int
    kind: Literal["grammar", "spelling"]
    says: str = ""  # in French, as the reader puts it; "": a word that it does not know
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GrammarMeasure:
    """What the outside reader of French was asked, and what it said."""

    state: GrammarState = "read"  # waiting: some texts are being read
    remarks: Mapping[str, tuple[Remark, ...]] = field(default_factory=dict)  # by text; those absent were not read
    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # for words that it does not know
    known: frozenset[str] = frozenset()  # the newsroom's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportMeasure:
    """What is known of mail clients, and what every issue in this theme uses anyway."""

    clients: ClientData
    today: date
    ordinary: frozenset[str]  # features of an issue with nothing out of the ordinary in it, in this theme
    of_theme: frozenset[str] = frozenset()  # those of them that the newsletter's own theme brings, and no built-in one
    theme_files: Mapping[str, str] = field(default_factory=dict)  # of the newsletter's own theme: path → text


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
    support: SupportMeasure | None = None  # None: not known
    grammar: GrammarMeasure | None = None  # None: not asked for
    today: date | None = None
    site: SiteMeasure | None = None  # this and the next two: None when not asked for, with --offline
    reply: ReplyMeasure | None = None
    domain: DomainMeasure | None = None
