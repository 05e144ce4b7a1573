"""Starts Hebdo's commands: a process that has loaded the code once and forks for each, so that start-up is told apart from the work.

A child runs ``composer.cli.main.run``, as the command ``hebdo`` does. What the system counted of it from the fork to its end is said when it ends.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
import time
from contextlib import suppress
from typing import Any

LOADED = (
    "composer.cli.commands.serving", "composer.cli.main", "composer.cli.progress", "composer.ledger", "composer.transports",
    "composer.cli.journal", "composer.workflow.edits", "composer.workflow.engine_room", "composer.workflow.launching",
    "composer.workflow.serving", "composer.workflow.settings_watch", "composer.workspace", "apscheduler.schedulers.background", "alembic.command",
    "aiohappyeyeballs", "uvloop", "encodings.idna", "zoneinfo", "concurrent.futures.thread", "rich.live", "rich.progress",
)  # fmt: skip


def main() -> None:
    for name in LOADED:
        with suppress(ImportError):  # a later Hebdo may have cut its files otherwise
            importlib.import_module(name)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    began: dict[int, tuple[float, float]] = {}
    rest = b""
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _bury(began)
        if 0 in ready:
            came = os.read(0, 1 << 16)
            if not came:
                return
            *lines, rest = (rest + came).split(b"\n")
            for line in lines:
                _start(json.loads(line), began)


def _start(asked: dict[str, Any], began: dict[int, tuple[float, float]]) -> None:
    moment = (time.monotonic(), time.time())
    child = os.fork()
    if child == 0:
        _become(asked)
    began[child] = moment
    _say({"answer": {"pid": child, "began": moment[0], "began_wall": moment[1]}})


def _bury(began: dict[int, tuple[float, float]]) -> None:
    for child in tuple(began):
        ended, status, used = os.wait4(child, os.WNOHANG)
        if ended:
            start, _ = began.pop(child)
            figures = {"wall_s": time.monotonic() - start, "cpu_s": used.ru_utime + used.ru_stime, "peak_kb": used.ru_maxrss}
            _say({"ended": child, "code": os.waitstatus_to_exitcode(status), **figures})


def _become(asked: dict[str, Any]) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    opened = os.open(asked["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(opened, 1)
    os.dup2(opened, 2)
    sys.stdin, sys.stdout, sys.stderr = open(0, closefd=False), open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    sys.argv = ["hebdo", *asked["arguments"]]
    code = 1
    try:
        _run()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 - told like the interpreter tells it
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _run() -> None:
    from composer.cli.main import run

    run()


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
