"""A process that has loaded the commands once and forks for each: every command of a test still runs in a process of its own, without the start."""

from __future__ import annotations

import importlib
import json
import os
import sys

LOADED = (
    "composer.cli.main",
    "composer.workflow.checking",
    "composer.workflow.composing",
    "composer.workflow.delivering",
    "composer.workflow.finishing",
    "composer.workflow.importing",
    "composer.workflow.linking",
    "composer.workflow.proofing",
    "composer.workflow.scheduling",
    "composer.workflow.serving",
    "composer.workflow.subscribing",
    "composer.web.preview",
    "composer.web.readers",
)


def main() -> None:
    for name in LOADED:
        importlib.import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(asked)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(asked: dict[str, object]) -> None:
    os.chdir(str(asked["cwd"]))
    os.environ.clear()
    os.environ.update(asked["environment"])  # type: ignore[call-overload]
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        opened = os.open(str(asked[name]), os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin, sys.stdout, sys.stderr = open(0, closefd=False), open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    sys.argv = ["hebdo", *asked["arguments"]]  # type: ignore[misc]
    from composer.cli.main import run

    try:
        run()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    except BaseException:  # noqa: BLE001 - told like the interpreter tells it
        sys.excepthook(*sys.exc_info())
        os._exit(1)


if __name__ == "__main__":
    main()
