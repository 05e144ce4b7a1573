"""What is looked at: the sender's side of the matter, as values, before anybody is asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """The sender's domain and what is known of how its mail leaves."""

    name: str  # ASCII, lower case: the domain of the envelope sender, which is that of From
    organisation: str  # its organisational domain (RFC 7489 §3.2)
    sender: str  # the address
    reply_to: str = ""
    selectors: tuple[str, ...] = ()  # DKIM
    addresses: tuple[str, ...] = ()  # IP addresses that mail leaves from
    addresses_told: bool = False  # [sender] outgoing names them; else they are the relay's own
    relay: str = ""  # its name; "" where mail goes to a folder
    provider: tuple[str, str] | None = None  # name and SPF include, where the relay is known
    alerts: tuple[str, ...] = ()  # addresses of the desk
