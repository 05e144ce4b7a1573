"""Do the addresses of an issue answer? Asked politely, within bounds, and of public hosts only.

In: addresses. Out: an answer each. HEAD first, GET where HEAD is refused; one request at a time per host; five seconds each. Where nothing
outside this machine answers, the network is blocked and every address counts as not asked: a link is called dead on a server's word alone.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin, urlsplit

from composer.check.measures import LinkAnswer

TIMEOUT_S = 5.0
WHOLE_TIME_S = 60.0
CONCURRENCY = 8
MOST_ADDRESSES = 300
MOST_REDIRECTS = 5
AGENT = "Mozilla/5.0 (compatible; Hebdo-link-check/0.1)"

_DEAD = frozenset({404, 410})
# Some servers do not answer HEAD as they answer GET, or not at all.
_ASK_AGAIN = frozenset({400, 401, 403, 404, 405, 406, 410, 429, 500, 501, 503, 999})
_UNCHECKED = LinkAnswer(state="unchecked")


class _NoAnswer(Exception):
    """Nobody answered: name, network, time, certificate."""


class _NotPublic(Exception):
    """The address leads into a private network, which is nobody's business."""


def check_addresses(urls: Iterable[str], *, allow_private: bool = False) -> dict[str, LinkAnswer]:
    """What each http(s) address answered; others are left out.

    ``allow_private`` also asks loopback and private addresses (rehearsals only). Never raises for what the world does.
    """
    asked = [url for url in dict.fromkeys(urls) if url.lower().startswith(("http://", "https://"))][:MOST_ADDRESSES]
    until = time.monotonic() + WHOLE_TIME_S
    hosts: dict[str, list[str]] = {}
    for url in asked:
        hosts.setdefault(_host(url), []).append(url)
    answers: dict[str, LinkAnswer] = {}
    with ThreadPoolExecutor(max_workers=CONCURRENCY, thread_name_prefix="links") as pool:
        for found in pool.map(lambda same: _ask_host(same, until, allow_private=allow_private), hosts.values()):
            answers |= found
    private = {url for url in answers if _is_private(url)} if allow_private else set()
    # An answer from this machine does not say that the network is there.
    groups = ({url: answer for url, answer in answers.items() if (url in private) == near} for near in (True, False))
    return {url: answer for group in groups for url, answer in _without_blocked(group).items()}


def _is_private(url: str) -> bool:
    """Whether a host is this machine or stands in its own network."""
    try:
        parts = urlsplit(url)
        found = _resolve(parts.hostname or "", parts.port or 0)
    except (_NoAnswer, ValueError):
        return False
    return any(not ipaddress.ip_address(address).is_global for _, address in found)


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _ask_host(urls: Sequence[str], until: float, *, allow_private: bool) -> dict[str, LinkAnswer]:
    answers: dict[str, LinkAnswer] = {}
    silent = False
    for url in urls:
        # A host that did not answer once is not asked again: it would cost its time out for every link.
        if silent or time.monotonic() > until:
            answers[url] = LinkAnswer(state="unreachable") if silent else _UNCHECKED
            continue
        answers[url] = _ask(url, allow_private=allow_private)
        silent = answers[url].state == "unreachable" and not answers[url].status
    return answers


def _without_blocked(answers: Mapping[str, LinkAnswer]) -> dict[str, LinkAnswer]:
    if any(answer.status for answer in answers.values()):
        return dict(answers)
    return dict.fromkeys(answers, _UNCHECKED)


def _ask(url: str, *, allow_private: bool) -> LinkAnswer:
    try:
        status = _status(url, "HEAD", allow_private=allow_private)
        if status in _ASK_AGAIN:
            status = _status(url, "GET", allow_private=allow_private)
    except _NotPublic:
        return _UNCHECKED
    except _NoAnswer:
        return LinkAnswer(state="unreachable")
    if status in _DEAD:
        return LinkAnswer(state="dead", status=status)
    # 401, 403, 429 and 999 are said to robots; a reader may well get the page.
    return LinkAnswer(state="unreachable" if status >= 500 and status != 999 else "alive", status=status)


def _status(url: str, method: str, *, allow_private: bool) -> int:
    for _ in range(MOST_REDIRECTS + 1):
        status, location = _request(url, method, allow_private=allow_private)
        if status not in {301, 302, 303, 307, 308} or not location:
            return status
        url = urljoin(url, location)
        if not url.lower().startswith(("http://", "https://")):
            return status
    return 508


def _request(url: str, method: str, *, allow_private: bool) -> tuple[int, str]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme.lower() == "https" else 80)
    except ValueError as error:
        raise _NoAnswer from error
    host = parts.hostname or ""
    connection = _connect(host, port, secure=parts.scheme.lower() == "https", allow_private=allow_private)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            method, _ascii(path), headers={"Host": _ascii(parts.netloc.rpartition("@")[2]), "User-Agent": AGENT, "Accept": "*/*"}
        )
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", "")
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _NoAnswer from error
    finally:
        connection.close()


def _ascii(text: str) -> str:
    return "".join(char if "!" <= char <= "~" else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace")) for char in text)


def _connect(host: str, port: int, *, secure: bool, allow_private: bool) -> http.client.HTTPConnection:
    """A connection to the very address that was judged public: a name cannot change its mind in between."""
    for family, address in _resolve(host, port):
        if not allow_private and not ipaddress.ip_address(address).is_global:
            raise _NotPublic
        opened: socket.socket | None = None
        try:
            opened = socket.socket(family, socket.SOCK_STREAM)
            opened.settimeout(TIMEOUT_S)
            opened.connect((address, port))
            if secure:
                opened = ssl.create_default_context().wrap_socket(opened, server_hostname=host)
        except (OSError, ValueError):
            if opened is not None:
                opened.close()
            continue
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
        connection.sock = opened
        return connection
    raise _NoAnswer


def _resolve(host: str, port: int) -> Sequence[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(host.encode("idna").decode(), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _NoAnswer from error
    return [(family, str(place[0]).partition("%")[0]) for family, _, _, _, place in found][:2]
