"""Names and addresses of hosts in their one form, as guards compare them and as addresses show them."""

from __future__ import annotations

import contextlib
import ipaddress
import re
from urllib.parse import urlsplit

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
PORT = re.compile(r":[0-9]{0,5}")

_PLACE = re.compile(r"(?:\[[^\[\]]*\]|[^:\[\]]+)(?::([0-9]{1,5}))?")  # host and port, as they stand in an address
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_])?")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_SELECTOR = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,3}}")


def read_host(text: str) -> str | None:
    """The name in a Host header (RFC 9110 §7.2) as all of ours are written; None for what is none.

    Lower case, without port and final dot; IPv6 in brackets and its shortest form, an IPv4 address inside of one as that.
    """
    text = text.strip().lower()
    if text.startswith("["):
        inside, bracket, port = text[1:].partition("]")
        address = canonical_address(inside)
        return bracketed(address) if bracket and address and (not port or PORT.fullmatch(port)) else None
    name, colon, digits = text.partition(":")
    name = name.removesuffix(".")
    return name if _NAME.fullmatch(name) and ".." not in name and (not colon or PORT.fullmatch(colon + digits)) else None


def is_selector(text: str) -> bool:
    """Whether ``text`` can be a DKIM selector (RFC 6376 §3.1): labels of a name, so never a path."""
    return _SELECTOR.fullmatch(text) is not None


def host_of(name: str) -> str:
    """A configured name or address as :func:`read_host` writes it; "" for what cannot be one."""
    address = canonical_address(name.strip("[]"))
    if address:
        return bracketed(address)
    try:
        return read_host(ascii_name(name)) or ""
    except UnicodeError:
        return ""


def ascii_name(name: str) -> str:
    """A name as name servers know it (RFC 5891), mapped as browsers map what is typed (UTS 46). Raises UnicodeError for what is none."""
    if not name.isascii():
        import idna

        with contextlib.suppress(idna.IDNAError):
            return idna.encode(name, uts46=True).decode()
    return name.encode("idna").decode().lower()  # ❤ and its like: the older rule knows them, as browsers do


def mail_domain(address: str) -> str:
    """The domain of a mail address as it stands in headers and envelopes (A-labels, RFC 5890); "" without one.

    What has no such form comes back as typed, for the address's own check to refuse.
    """
    domain = address.rpartition("@")[2]
    if domain.isascii():
        return domain
    try:
        return ascii_name(domain)
    except UnicodeError:
        return domain


def url_host(url: str) -> str:
    """The host of ``url`` as :func:`read_host` writes it; "" when it has none."""
    try:
        return host_of(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def is_web_address(url: str) -> bool:
    """Whether ``url`` can be called: http or https, a host that can be one, a port that exists (RFC 9110 §4.2)."""
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that do not close, letters that turn into «/» or «:»
        return False
    place = _PLACE.fullmatch(parts.netloc.rpartition("@")[2])
    if (
        place is None
        or parts.scheme not in {"http", "https"}
        or any(char.isspace() or ord(char) < 0x20 or ord(char) == 0x7F for char in url)
    ):
        return False
    return _is_name(parts.hostname or "") and bool(url_host(url)) and (place[1] is None or 0 < int(place[1]) < 65536)


def _is_name(host: str) -> bool:
    """Whether a name that is not ASCII has a form that name servers know (RFC 5891)."""
    if host.isascii():
        return True
    import idna

    try:
        return bool(idna.encode(host))
    except idna.IDNAError:
        return False


def canonical_address(text: str) -> str:
    """An IP address in its one form, IPv4 mapped into IPv6 as IPv4; "" for anything else."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    return "" if getattr(found, "scope_id", None) else str(mapped or found)


def bracketed(address: str) -> str:
    """A host as it stands in a URL."""
    bare = address.strip("[]")
    return f"[{bare}]" if ":" in bare else bare


def is_loopback(address: str) -> bool:
    """Whether this is an address of this machine that no other can use."""
    return bool(address) and ipaddress.ip_address(address).is_loopback


def is_loopback_host(host: str) -> bool:
    """Whether who listens on ``host`` is heard on this machine alone."""
    return host.lower() == "localhost" or is_loopback(canonical_address(host.strip("[]")))


def is_unspecified(host: str) -> bool:
    """Whether ``host`` means every address of this machine, and so is the name of none."""
    address = canonical_address(host.strip("[]"))
    return not host or (bool(address) and ipaddress.ip_address(address).is_unspecified)


def own_names(host: str) -> tuple[str, ...]:
    """The names that listening on ``host`` adds: none where it means this machine, or all of its addresses."""
    return () if is_unspecified(host) or is_loopback_host(host) else (host,)
