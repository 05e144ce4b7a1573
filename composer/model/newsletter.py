"""The publication: identity, house style, sender and ways out, as newsletter.toml states them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from composer.model.pace import FirstSlice, Hours, PaceSettings, Rate, Relay


@dataclass(frozen=True, slots=True, kw_only=True)
class Typography:
    """House style; see the section on typography in docs/issue-format.md."""

    locale: str = "fr-FR"
    quotes: Literal["keep", "guillemets", "english"] = "guillemets"
    straight: Literal["keep", "guillemets", "english"] = "guillemets"
    colon: Literal["keep", "space", "tight"] = "space"
    high: Literal["keep", "space"] = "space"
    nbsp: str = "\u00a0"  # U+202F by choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Words that the templates print; they carry their own punctuation."""

    more: str = "Pour aller plus loin"
    also: str = "Et aussi :"
    sponsor: str = "PARTENAIRE"
    credits: str = "Crédits photo :"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who writes to the readers."""

    name: str = ""
    address: str = ""
    reply_to: str = ""
    dkim_selectors: tuple[str, ...] = ()  # under which the relay signs, for the domain of ``address``
    dkim_sign: tuple[str, ...] = ()  # under which Hebdo itself signs, for the same domain, with ``var/dkim/<selector>.pem``
    outgoing: tuple[str, ...] = ()  # IP addresses that mail leaves from; (): those of the relay's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where readers reach pictures, web view and unsubscribe."""

    public_url: str = ""  # without final slash
    rehearsal: bool = False  # allows http and loopback; every page then says so
    hosts: tuple[str, ...] = ()  # further names that the readers' pages answer to
    trusted_proxies: tuple[str, ...] = ()  # addresses or networks whose X-Forwarded-* is believed
    self_check: bool = True  # whether the desk asks its own public pages; False where its network cannot reach its own address


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportSettings:
    """The way out."""

    kind: Literal["folder", "smtp"] = "folder"
    folder: str = "var/outbox"  # kind folder: relative to the workspace
    host: str = "localhost"
    port: int = 25
    security: Literal["none", "starttls", "tls"] = "none"
    username: str = ""
    password: str = field(default="", repr=False)  # only from HEBDO_TRANSPORT__PASSWORD or a 0600 file
    auth: Literal["password", "xoauth2"] = "password"
    token: str = field(default="", repr=False)  # OAuth access token; only from HEBDO_TRANSPORT__TOKEN or a 0600 file
    token_command: tuple[str, ...] = ()  # prints a fresh one; from the same two places, since it runs on this machine
    connections: int = 4
    messages_per_connection: int = 100  # many providers end a connection after as many
    timeout_s: float = 60.0
    dsn: bool = True  # where the server offers it: bounces with headers only, the delivery's name in them (RFC 3461)
    rate: Rate | None = None  # of all that leaves, over whichever relay; None: as fast as the relay takes it
    relays: tuple[Relay, ...] = ()  # several ways out instead of ``host``
    passwords: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # of relays, by name; only from the environment or a 0600 file


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The weekly slot and the guards of a launch."""

    weekday: int | None = None  # ISO: 1 Monday … 7 Sunday; None: no slot
    time: str = "07:00"  # local, in the newsletter's time zone
    max_delay_min: int = 120  # later than this: held, never a burst
    audience_drift: float = 0.20  # further off than this from what was confirmed: held
    hold_s: int = 300  # default hold window of ``send --now``
    jitter_min: float = 3.0  # a departure at a full quarter of an hour leaves up to so much later; 0: to the second
    hours: Hours | None = None  # outside of them nothing leaves; None: day and night
    first_slice: FirstSlice | None = None  # who gets it before the others; None: nobody
    first_pause_min: int = 30  # from the first slice to the rest
    local_time: bool = False  # each reader at the hour of their own zone
    zone_field: str = "fuseau"  # the subscribers' field that holds an IANA zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The people who make the newsletter, and their rules."""

    require: tuple[Literal["proof", "approval"], ...] = ()
    proof_to: tuple[str, ...] = ()
    alert: tuple[str, ...] = ()  # addresses that are told what happens
    alert_webhook: str = ""  # told the same by a signed POST
    webhook_secret: str = field(default="", repr=False)  # signs it; only from HEBDO_DESK__WEBHOOK_SECRET or a 0600 file
    heartbeat_url: str = ""  # called each minute by a clock that works: an outside watcher rings when it falls silent
    on_change: Literal["hold", "send_sealed"] = "hold"
    on_uncertain: Literal["hold", "retry"] = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """What is asked of the checks beyond their own rules."""

    grammar: Literal["", "grammalecte"] = ""  # an outside program that reads the French; advice only
    dictionary: str = "dictionnaire.txt"  # the newsroom's own words, one a line; relative to the workspace
    spam: bool = True  # a proof is shown to SpamAssassin and rspamd where they are installed


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What is written about the work itself."""

    format: Literal["text", "json"] = "text"  # of what ``serve`` and ``worker`` say on stderr
    attempts: bool = True  # a line for each attempt, the reader's address hashed, in ``var/log``
    attempts_days: int = 90  # so long these files are kept
    attempts_mb: int = 500  # and at most so much of them, the oldest go first


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """What French law wants named (LCEN art. 6 III)."""

    name: str = ""
    legal_form: str = ""
    address: str = ""
    phone: str = ""
    director: str = ""
    host: str = ""
    contact: str = ""
    registration: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsletter:
    """The publication as a whole."""

    name: str
    list_id: str  # RFC 2919, without angle brackets: ``hebdo.exemple.fr``
    locale: str = "fr-FR"
    time_zone: str = "Europe/Paris"
    theme: str = "classique"
    tagline: str = ""
    typography: Typography = Typography()
    labels: Labels = Labels()
    sender: Sender = Sender()
    site: Site = Site()
    transport: TransportSettings = TransportSettings()
    schedule: Schedule = Schedule()
    desk: Desk = Desk()
    check: Checking = Checking()
    log: Log = Log()
    pace: PaceSettings = PaceSettings()  # noqa: RUF009 - a frozen value
    publisher: Publisher = Publisher()
