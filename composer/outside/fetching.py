"""One request to the world, under guard: public addresses only, the very address that was judged, a limit of time and of bytes.

In: an address. Out: status, headers and the beginning of the body, or ``NoAnswer`` with what stood in the way. Redirects are not followed here.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from composer.outside.dns import Resolver, system_servers
from composer.text.hosts import ascii_name
from composer.text.networks import is_public, read_address

TIMEOUT_S = 5.0  # of each step
WHOLE_TIME_S = 15.0  # of all of them: an answer may come drop by drop
MOST_ADDRESSES = 2  # of one name
AGENT = "Mozilla/5.0 (compatible; Hebdo/0.1)"

Why = Literal["no-name", "no-network", "private", "refused", "late", "expired", "other-name", "untrusted", "broken", "malformed"]
# X509_V_ERR_* of OpenSSL: not yet valid, expired; hostname, e-mail, IP address.
_CERTIFICATES: Mapping[int, Why] = {9: "expired", 10: "expired", 62: "other-name", 63: "other-name", 64: "other-name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a server answered."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""  # its beginning


class NoAnswer(Exception):
    """Nobody answered, or nobody may be asked; ``why`` says what stood in the way, ``detail`` with which address."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(why, detail)
        self.why = why
        self.detail = detail


def fetch(
    url: str,
    method: str = "GET",
    *,
    body: bytes = b"",
    content_type: str = "",
    allow_private: bool = False,
    limit_bytes: int = 0,
    agent: str = AGENT,
) -> Fetched:
    """The answer to one request, with ``limit_bytes`` of its body; raises NoAnswer. ``allow_private`` also asks this machine and its network."""
    try:
        parts = urlsplit(url)
        secure = parts.scheme.lower() == "https"
        port = parts.port or (443 if secure else 80)
    except ValueError as error:
        raise NoAnswer("malformed") from error
    headers = {"Host": _ascii(parts.netloc.rpartition("@")[2]), "User-Agent": agent, "Accept": "*/*"}
    if content_type:
        headers["Content-Type"] = content_type
    target = _ascii((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    with _connected(parts.hostname or "", port, secure=secure, allow_private=allow_private) as (connection, over):
        try:
            connection.request(method, target, body=body or None, headers=headers)
            answer = connection.getresponse()
            content = answer.read(limit_bytes) if limit_bytes else b""
        except TimeoutError as error:
            raise NoAnswer("late") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswer("late" if over.is_set() else "broken") from error
        if over.is_set():  # what was cut short looks whole
            raise NoAnswer("late")
        return Fetched(status=answer.status, headers={name.lower(): value for name, value in answer.headers.items()}, body=content)


def addresses_of(host: str, port: int = 0, *, allow_private: bool = False) -> Sequence[tuple[socket.AddressFamily, str]]:
    """Where ``host`` may be asked; raises NoAnswer: ``private`` when no address is public, with the first of them.

    A machine often calls its own public name 127.0.1.1 (/etc/hosts): where the system says nothing public the name servers are asked.
    """
    found = _resolve(host, port)
    if allow_private:
        return found
    public = [one for one in found if is_public(one[1])]
    if not public and not read_address(host):
        public = _ask_name_servers(host)
    if not public:
        raise NoAnswer("private", found[0][1])
    return public


def _resolve(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(ascii_name(host), port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise NoAnswer("no-name" if error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", 0)} else "no-network") from error
    except (OSError, UnicodeError, ValueError) as error:
        raise NoAnswer("malformed") from error
    return [(family, str(place[0]).partition("%")[0]) for family, _, _, _, place in found]


def _ask_name_servers(host: str) -> list[tuple[socket.AddressFamily, str]]:
    resolver = Resolver(system_servers(), whole_time_s=TIMEOUT_S)
    kinds = (("A", socket.AF_INET), ("AAAA", socket.AF_INET6))
    name = ascii_name(host)
    return [(family, address) for kind, family in kinds for address in resolver(name, kind).values if is_public(address)]


@contextlib.contextmanager
def _connected(host: str, port: int, *, secure: bool, allow_private: bool) -> Iterator[tuple[http.client.HTTPConnection, threading.Event]]:
    """A connection to the very address that was judged public: a name cannot change its mind in between. Cut when its time is over."""
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    connection.sock = _open(host, port, secure=secure, allow_private=allow_private)
    over = threading.Event()
    cut = threading.Timer(WHOLE_TIME_S, _cut, [connection.sock, over])
    cut.daemon = True
    cut.start()
    try:
        yield connection, over
    finally:
        cut.cancel()
        connection.close()


def _cut(opened: socket.socket, over: threading.Event) -> None:
    over.set()
    with contextlib.suppress(OSError):
        opened.shutdown(socket.SHUT_RDWR)


def _open(host: str, port: int, *, secure: bool, allow_private: bool) -> socket.socket:
    refused = NoAnswer("no-network")
    for family, address in addresses_of(host, port, allow_private=allow_private)[:MOST_ADDRESSES]:
        opened: socket.socket | None = None
        try:
            opened = socket.socket(family, socket.SOCK_STREAM)
            opened.settimeout(TIMEOUT_S)
            opened.connect((address, port))
            return ssl.create_default_context().wrap_socket(opened, server_hostname=host) if secure else opened
        except (OSError, ValueError) as error:
            # An address family that this machine does not have says nothing of the other.
            refused = NoAnswer(_why(error), address) if refused.why == "no-network" else refused
            if opened is not None:
                opened.close()
    raise refused


def _why(error: Exception) -> Why:
    match error:
        case ssl.SSLCertVerificationError():
            return _CERTIFICATES.get(error.verify_code, "untrusted")
        case TimeoutError():
            return "late"
        case ssl.SSLError():
            return "broken"
        case ConnectionRefusedError():
            return "refused"
        case ValueError():
            return "malformed"
        case _:
            return "no-network"


def _ascii(text: str) -> str:
    return "".join(char if "!" <= char <= "~" else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace")) for char in text)
