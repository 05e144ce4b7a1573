"""Who asks, and by which name: the Host header read strictly, and what proxies say of the reader, believed only of those that are trusted.

X-Forwarded-* is custom, Forwarded is RFC 7239. Anybody may write these headers, so each list is walked from its right end, where the
nearest proxy stands, and no further than trust reaches.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

from composer.text.hosts import PORT, canonical_address

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip", "via")

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - RFC 9110 §5.6.2, no secret
_PAIR = re.compile(rf"({_TOKEN})=(?:({_TOKEN})|\"((?:[^\"\\]|\\.)*)\")")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks."""

    address: str  # IP of the reader, as far as it is known; "" for none
    secure: bool  # the reader's own connection is https
    forwarded: bool  # a proxy stands between, or somebody says so
    host: str | None = None  # the name that the reader asked for, where a trusted proxy tells another than Host


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hop:
    """What one proxy says of the one before it."""

    node: str
    proto: str = ""
    host: str = ""


def read_networks(texts: Iterable[str]) -> tuple[IPNetwork, ...]:
    """``[site] trusted_proxies`` as networks; the settings have refused what is none."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def read_caller(scope: Scope, trusted: Sequence[IPNetwork]) -> Caller:
    """Who asks by ``scope``, seen through the proxies of ``trusted`` and through no others."""
    headers = Headers(scope=scope)
    peer = canonical_address((scope.get("client") or ("",))[0])
    forwarded = any(name in headers for name in FORWARDING)
    plain = Caller(address=peer, secure=scope.get("scheme") == "https", forwarded=forwarded)
    if not forwarded or not _is_in(peer, trusted):
        return plain
    told = [_walk(peer, hops, trusted) for hops in (_customary(headers), _standard(headers)) if hops]
    # A proxy writes one kind and may pass the other on as the reader sent it: where the two differ, neither is believed.
    if not told or any(one[0] != told[0][0] for one in told):
        return plain
    address, hop = told[0]
    return Caller(address=address, secure=hop.proto.lower() in {"https", "wss"}, forwarded=True, host=hop.host or None)


def _walk(peer: str, hops: Sequence[_Hop], trusted: Sequence[IPNetwork]) -> tuple[str, _Hop]:
    """The farthest address that a trusted proxy vouches for, and what it said beside it."""
    address, said = peer, hops[-1]
    for hop in reversed(hops):
        said = hop
        found = read_node(hop.node)
        if not found:
            break
        address = found
        if not _is_in(address, trusted):
            break
    return address, said


def _customary(headers: Headers) -> list[_Hop]:
    """X-Forwarded-For with what stands beside it; a shorter list of the others is the nearest proxies'."""
    nodes, protos, hosts = (_items(headers, f"x-forwarded-{name}") for name in ("for", "proto", "host"))
    if not nodes:
        return [_Hop(node="", proto=protos[-1] if protos else "", host=hosts[-1] if hosts else "")] if protos or hosts else []
    return [
        _Hop(node=node, proto=_beside(protos, len(nodes) - place), host=_beside(hosts, len(nodes) - place))
        for place, node in enumerate(nodes)
    ]


def _beside(items: Sequence[str], from_right: int) -> str:
    return items[-min(from_right, len(items))] if items else ""


def _items(headers: Headers, name: str) -> list[str]:
    return [item.strip() for line in headers.getlist(name) for item in line.split(",")]


def _standard(headers: Headers) -> list[_Hop]:
    """The elements of Forwarded; one nameless hop for a header that is not written as RFC 7239 §4 says."""
    line = ",".join(headers.getlist("forwarded"))
    return read_forwarded(line) or [_Hop(node="")] if line.strip() else []


def read_forwarded(line: str) -> list[_Hop]:
    """The elements of a Forwarded header, left to right; [] for one that is malformed."""
    hops: list[_Hop] = []
    place = 0
    pairs: dict[str, str] = {}
    while place <= len(line):
        place += len(line[place:]) - len(line[place:].lstrip(" \t"))
        if pair := _PAIR.match(line, place):
            name = pair[1].lower()
            if name in pairs:
                return []
            pairs[name] = pair[2] if pair[2] is not None else re.sub(r"\\(.)", r"\1", pair[3])
            place = pair.end()
            place += len(line[place:]) - len(line[place:].lstrip(" \t"))
        if place == len(line) or line[place] == ",":
            if pairs:
                hops.append(_Hop(node=pairs.get("for", ""), proto=pairs.get("proto", ""), host=pairs.get("host", "")))
            pairs = {}
        elif line[place] != ";":
            return []
        place += 1
    return hops


def read_node(text: str) -> str:
    """The address of ``192.0.2.43``, ``192.0.2.43:47011``, ``[2001:db8::1]:4711``; "" for ``unknown``, ``_hidden`` and anything else."""
    text = text.strip()
    if text.startswith("["):
        inside, bracket, port = text[1:].partition("]")
        return canonical_address(inside) if bracket and (not port or PORT.fullmatch(port)) else ""
    if text.count(":") == 1:
        text, _, port = text.partition(":")
        return canonical_address(text) if port.isascii() and port.isdigit() else ""
    return canonical_address(text)


def _is_in(address: str, networks: Sequence[IPNetwork]) -> bool:
    if not address:
        return False
    found = ipaddress.ip_address(address)
    return any(found in network for network in networks)
