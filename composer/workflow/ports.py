"""Ports: a listening socket, or why there is none."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Iterator

from composer.errors import NetworkError
from composer.outside.machine import own_addresses
from composer.text.system import words_of
from composer.words import Words

_REASONS = {
    errno.EADDRINUSE: Words(fr="un autre programme le tient", en="another program has it"),
    errno.EACCES: Words(fr="il est réservé au système", en="it is reserved for the system"),
}


@contextlib.contextmanager
def listen(host: str, port: int, *, typed: str = "hebdo serve", option: str = "") -> Iterator[socket.socket]:
    """A listening socket; raises NetworkError that says why there is none. ``typed`` is the command, for the hint, ``option`` begins its names."""
    typed = f"{typed} --{option}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
    except (socket.gaierror, UnicodeError) as error:  # UnicodeError: a name that IDNA does not take
        raise _no_host(host, port, typed) from error
    except OSError as error:
        raise _no_port(host, port, error, typed) from error
    with listener:
        try:
            # A port of a process that has just ended is free; without this it is taken for a minute more.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(128)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise _no_host(host, port, typed) from error
            raise _no_port(host, port, error, typed) from error
        yield listener


def own_address(host: str) -> str:
    """An address of this machine by which its network reaches it, for who listens on all of them (``0.0.0.0`` or ``::``)."""
    return next((address for address in own_addresses() if (":" in address) == (":" in host)), host)


def _no_host(host: str, port: int, typed: str) -> NetworkError:
    return NetworkError(
        Words(fr=f"«\u00a0{host}\u00a0» n’est pas une adresse de cette machine.", en=f"“{host}” is no address of this machine."),
        where=f"{host}:{port}",
        hint=Words(fr=f"`{typed}host 127.0.0.1`", en=f"`{typed}host 127.0.0.1`"),
    )


def _no_port(host: str, port: int, error: OSError, typed: str) -> NetworkError:
    reason = _REASONS.get(error.errno or 0) or words_of(error)
    return NetworkError(
        Words(fr=f"Le port {port} ne peut pas servir\u00a0: {reason.fr}.", en=f"Port {port} cannot be used: {reason.en}."),
        where=f"{host}:{port}",
        hint=Words(fr=f"`{typed}port {_other(port)}`", en=f"`{typed}port {_other(port)}`"),
    )


def _other(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8001
