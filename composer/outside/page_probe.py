"""How the public pages are reached: every address of their name, the certificate, HSTS, and where plain http leads."""

from __future__ import annotations

import contextlib
import errno
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

from composer.check.doctor.certificates import days_left, refusal_of
from composer.check.doctor.sight import Certificate, PagesSight
from composer.outside.fetching import Fetched, NoAnswer, addresses_of, fetch

TIMEOUT_S = 4.0
_MOST_ADDRESSES = 6
# This machine has no way there, which says nothing of the address.
_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL})


def look_at_pages(url: str, *, allow_private: bool = False) -> PagesSight:
    """What stands around the pages at ``url``; never raises for what the world does."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme.lower() == "https"
    port = parts.port or (443 if secure else 80)
    with ThreadPoolExecutor(max_workers=4, thread_name_prefix="pages") as pool:
        answer = pool.submit(_fetch, url, allow_private=allow_private)
        plain = pool.submit(_plain, host, allow_private=allow_private) if secure and port == 443 else None
        dead = pool.submit(_dead, host, port, allow_private=allow_private)
        certificate = pool.submit(_certificate, host, port, allow_private=allow_private) if secure else None
        got = answer.result()
        return PagesSight(
            certificate=certificate.result() if certificate else None,
            hsts=("strict-transport-security" in got.headers) if got and secure else None,
            from_http=plain.result() if plain else "",
            dead=dead.result(),
            date=got.headers.get("date", "")[:100] if got else "",
        )


def _fetch(url: str, *, allow_private: bool) -> Fetched | None:
    try:
        return fetch(f"{url}/", allow_private=allow_private)
    except NoAnswer:
        return None


def _plain(host: str, *, allow_private: bool) -> Literal["https", "elsewhere", "closed"]:
    """Where http:// leads."""
    try:
        answer = fetch(f"http://{host}/", allow_private=allow_private)
    except NoAnswer:
        return "closed"
    place = answer.headers.get("location", "").lower()
    return "https" if answer.status in {301, 302, 303, 307, 308} and place.startswith("https:") else "elsewhere"


def _dead(host: str, port: int, *, allow_private: bool) -> tuple[str, ...]:
    """Addresses that do not answer while another does."""
    with contextlib.suppress(NoAnswer):
        found = addresses_of(host, port, allow_private=allow_private)[:_MOST_ADDRESSES]
        with ThreadPoolExecutor(max_workers=_MOST_ADDRESSES, thread_name_prefix="addresses") as pool:
            alive = list(pool.map(lambda one: _answers(one[0], one[1], port), found))
        if True in alive:
            return tuple(address for (_, address), answers in zip(found, alive, strict=True) if answers is False)
    return ()


def _answers(family: socket.AddressFamily, address: str, port: int) -> bool | None:
    """Whether somebody listens there; None when this machine has no way there."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as opened:
            opened.settimeout(TIMEOUT_S)
            opened.connect((address, port))
    except OSError as error:
        return None if error.errno in _NO_ROUTE else False
    return True


def _certificate(host: str, port: int, *, allow_private: bool) -> Certificate | None:
    with contextlib.suppress(NoAnswer):
        for family, address in addresses_of(host, port, allow_private=allow_private)[:_MOST_ADDRESSES]:
            try:
                with socket.socket(family, socket.SOCK_STREAM) as opened:
                    opened.settimeout(TIMEOUT_S)
                    opened.connect((address, port))
                    with ssl.create_default_context().wrap_socket(opened, server_hostname=host) as secured:
                        return Certificate(days_left=days_left(secured.getpeercert(), datetime.now(UTC)))
            except ssl.SSLCertVerificationError as error:
                return refusal_of(error.verify_code, error.verify_message)
            except (OSError, ValueError):
                continue
    return None
