"""What an IP address is good for on the Internet."""

from __future__ import annotations

import ipaddress
import re

from composer.model.observation import Record

# Not is_private: it counts the networks of documents too, which examples and tests use as public ones.
_OWN = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "0.0.0.0/8", "240.0.0.0/4", "fc00::/7", "fec0::/10", "100::/64"),
    )
)


def is_reachable(text: str) -> bool:
    """Whether the Internet can reach this address: not private, local, shared, or for many."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    inner = getattr(address, "ipv4_mapped", None)
    if inner is not None:
        address = inner
    special = address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    return not special and not any(address.version == network.version and address in network for network in _OWN)


def looks_generic(name: str, address: str) -> bool:
    """Whether a reverse name was made from the address or says that anybody may have it."""
    host = ipaddress.ip_address(address)
    digits = [part.lstrip("0") or "0" for part in re.findall(r"\d+", name)]
    if host.version == 4:
        octets = address.split(".")
        runs = (digits[start : start + 4] for start in range(len(digits)))
        if any(run in (octets, octets[::-1]) for run in runs) or host.packed.hex() in name.lower():
            return True
    elif host.exploded.replace(":", "")[16:] in re.sub(r"[^0-9a-f]", "", name.lower()):
        return True
    words = re.compile(
        r"(?:^|[.-])(?:dyn|dynamic|dsl|adsl|vdsl|pool|ppp|dhcp|dialup|cable|cust|customer|client|unassigned|generic|unknown)\d*(?=[.-])"
    )
    return words.search(name.lower()) is not None


def kind_of(address: str) -> str:
    """The type of record that an address stands in."""
    return "A" if ipaddress.ip_address(address).version == 4 else "AAAA"


def address_record(name: str, address: str) -> Record:
    """The line that leads from a name to an address."""
    return Record(name=f"{name}.", type=kind_of(address), value=address)
