"""Addresses and names of networks: which of them anybody in the world can reach."""

from __future__ import annotations

import ipaddress
import re

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# IPv6 that carries IPv4: what it leads to is the address inside. NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056), IPv4-compatible (RFC 4291).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")
_COMPATIBLE = ipaddress.ip_network("::/96")
# Global by the letter of the registry, and still nobody's host.
_NEVER = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "5f00::/16", "2001::/23")))

# RFC 2606, RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476, and what routers give out at home.
_SPECIAL = re.compile(
    r"(?:^|\.)(?:localhost|localdomain|local|test|invalid|example|internal|intranet|private|corp|home|lan|onion|alt|home\.arpa)$"
)
_EXAMPLE = re.compile(r"(?:^|\.)(?:test|invalid|example)$")  # RFC 2606: of no network at all
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)$")


def read_address(text: str) -> IPAddress | None:
    """``text`` as an IP address, brackets and zone put aside; None for anything else."""
    try:
        return ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None


def is_address(text: str) -> bool:
    """Whether this is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether anybody in the world can have this IP address: not loopback, private, link-local, CGNAT, multicast, reserved, or a way to one."""
    found = read_address(address)
    if found is None:
        return False
    inside = _inside(found)
    if inside is not None:
        return is_public(str(inside))
    apart = found.is_multicast or found in _LOCAL_NAT64 or any(found in network for network in _NEVER)
    return found.is_global and not apart


def _inside(address: IPAddress) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    carries = address in _NAT64 or (address in _COMPATIBLE and int(address) > 0xFFFF)
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if carries else None


def is_example_name(host: str) -> bool:
    """Whether a host bears a name that is kept for examples and tests, and leads nowhere."""
    return bool(_EXAMPLE.search(host.rstrip(".").lower()))


def is_public_name(host: str) -> bool:
    """Whether a host could stand in the public DNS: no address, not a name that means this machine or house, nor a number in disguise."""
    name = host.rstrip(".").lower()
    # A name whose last label is a number is taken for an address by browsers (WHATWG URL, «ends in a number»): 127.1, 0x7f.0.0.1.
    return "." in name and not _SPECIAL.search(name) and not _NUMBER.match(name.rpartition(".")[2])
