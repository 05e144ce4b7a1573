"""Turns: two processes never compare and write the same thing at once."""

from __future__ import annotations

import errno
import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from composer.workspace.files import make_folder, system_error
from composer.workspace.folder import Workspace

WAIT_S = 10.0  # a process that the system has frozen in its turn must not keep the others for ever
_PAUSE_S = 0.005


@contextmanager
def one_at_a_time(workspace: Workspace, name: str) -> Iterator[None]:
    """Holds the turn called ``name`` (its lock file lies in ``var/``); not to be asked for again by who has it.

    The system gives it back however its holder ends. Raises SystemTrouble, a passing one when the turn did not come within ``WAIT_S``.
    """
    make_folder(workspace.var_path, shown="var")
    shown = f"var/{name}.lock"
    try:
        stream = (workspace.var_path / f"{name}.lock").open("ab")
    except OSError as error:
        raise system_error(error, shown, writing=True) from error
    with stream:
        _wait(stream.fileno(), shown)
        yield


def _wait(handle: int, shown: str) -> None:
    end = time.monotonic() + WAIT_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in {errno.EAGAIN, errno.EACCES} or time.monotonic() > end:
                raise system_error(error, shown, writing=True) from error
            time.sleep(_PAUSE_S)
        else:
            return
