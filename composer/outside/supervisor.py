"""What started us is told how we are: systemd's notify protocol (sd_notify(3)), a datagram of ``NAME=value`` lines. Without a supervisor: nothing."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping

PATIENCE_S = 1.0


class Supervisor:
    """The socket that ``NOTIFY_SOCKET`` names, if any. A supervisor that does not listen stops nobody."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        path = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + path[1:] if path.startswith("@") else path  # «@»: Linux's abstract names
        mine = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        watched = environ.get("WATCHDOG_USEC", "") if mine else ""
        self.patience_s = (
            int(watched) / 1e6 if watched.isdecimal() else 0.0
        )  # it ends us after so long without ``alive``; 0: it does not watch

    @property
    def is_there(self) -> bool:
        """Whether anybody is to be told."""
        return bool(self._address)

    def tell(self, **lines: str) -> None:
        """``tell(READY="1", STATUS="…")``: one message; a status is one line."""
        if not self._address:
            return
        message = "\n".join(f"{name}={' '.join(value.split())}" for name, value in lines.items())
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told:
            told.settimeout(PATIENCE_S)  # a supervisor that reads nothing must not stop us
            told.sendto(message.encode(), self._address)
