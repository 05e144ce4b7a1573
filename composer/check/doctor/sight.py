"""What is looked at: the sender's side of the matter, as values, before anybody is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from composer.model.observation import Record
from composer.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKey:
    """A DKIM key of Hebdo's own."""

    selector: str
    signs: bool = True  # [sender] dkim_sign names it
    record: Record | None = None  # what publishes it; None: its file cannot be used
    trouble: Words | None = None  # why not
    mend: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """The sender's domain and what is known of how its mail leaves."""

    name: str  # ASCII, lower case: the domain of the envelope sender, which is that of From
    organisation: str  # its organisational domain (RFC 7489 §3.2)
    sender: str  # the address
    reply_to: str = ""
    selectors: tuple[str, ...] = ()  # DKIM: the relay's and our own
    own_keys: tuple[OwnKey, ...] = ()  # those of ``selectors`` under which Hebdo itself signs, and those that wait
    addresses: tuple[str, ...] = ()  # IP addresses that mail leaves from
    networks: tuple[str, ...] = ()  # those of ``addresses`` that were given as networks, as given
    addresses_told: bool = False  # [sender] outgoing names them; else they are the relay's own
    relays: tuple[str, ...] = ()  # their names; () where mail goes to a folder
    providers: tuple[tuple[str, str], ...] = ()  # name and SPF include of each that a relay belongs to
    providers_addresses: tuple[str, ...] = ()  # those of ``addresses`` that are a provider's relay: its mail leaves from others
    alerts: tuple[str, ...] = ()  # addresses of the desk

    @property
    def own_addresses(self) -> tuple[str, ...]:
        """Those that SPF must name and that want reverse names: what was given, else the addresses of relays that are nobody's known."""
        return self.addresses if self.addresses_told else tuple(one for one in self.addresses if one not in self.providers_addresses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate that was presented, or why it was refused."""

    days_left: int | None = None  # None: nobody knows
    refused: Literal["", "expired", "name", "unknown", "weak", "other"] = ""
    said: str = ""  # by the system, of a refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaySight:
    """A connection to the mail server, made ready and ended without sending."""

    step: Literal["connect", "greeting", "tls", "login", "ready"]  # how far it came
    trouble: Words | None = None  # why no further
    name_known: bool = True
    code: int = 0  # of the reply that was a no
    greeting: str = ""
    offers: Mapping[str, str] = field(default_factory=dict)
    tls: str = ""  # TLSv1.3 …; "": in the clear
    certificate: Certificate | None = None
    sender_code: int = 0  # the reply to MAIL FROM
    sender_said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesSight:
    """How the public pages are reached, beside what they answer."""

    certificate: Certificate | None = None
    hsts: bool | None = None  # None: nobody knows
    from_http: Literal["", "https", "elsewhere", "closed"] = ""  # where http:// leads; "": not asked
    dead: tuple[str, ...] = ()  # addresses of the name that do not answer while others do
    date: str = ""  # the Date header of an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineSight:
    """What was measured of this machine and of the newsletter's folder."""

    python: tuple[int, int, int]
    sqlite: tuple[int, int, int]
    zones_known: bool = True  # the newsletter's zone can be read
    zones_version: str = ""  # 2026c; "": nobody says
    free_bytes: int | None = None
    ledger_bytes: int = 0
    writable: bool = True
    filesystem: str = ""  # ext4, nfs4, tmpfs …; "": nobody says
    open_to_others: tuple[str, ...] = ()  # files that others can read and must not, relative to the folder
    owned_by_others: tuple[str, ...] = ()  # files under var/ that belong to another user
    user: str = ""
    memory_free_bytes: int | None = None
    files_limit: int | None = None  # open files of one process
    has_systemd: bool = False
    has_unit: bool = False  # a unit of ours is installed
