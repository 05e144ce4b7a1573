from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

# Root writes everywhere; without this capability it minds the rights of a folder as others do.
BOUND = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override") if os.geteuid() == 0 else ()
PROJECT = Path(__file__).resolve().parents[2]
Zygote = Callable[[str], "subprocess.Popen[str]"]


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        return json.loads(self.out)


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """One loaded process per language."""
    started: dict[str, subprocess.Popen[str]] = {}

    def of(language: str) -> subprocess.Popen[str]:
        if language not in started:
            started[language] = subprocess.Popen(
                [sys.executable, Path(__file__).with_name("zygote.py")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=surroundings(language),
            )
        return started[language]

    yield of
    for process in started.values():
        process.communicate()


@pytest.fixture
def hebdo(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Ended]:
    """Runs the real command in a process of its own, and holds the one promise of all of them: no traceback.

    ``bound`` takes root's right to write everywhere away.
    """

    def run(*arguments: str | Path, cwd: Path, stdin: bytes = b"", lang: str = "en", bound: bool = False, **environment: str) -> Ended:
        words = [*map(str, arguments)]
        around = {**surroundings(lang), **environment}
        ended = (
            _started(words, cwd, stdin, around)
            if bound
            else _forked(zygote(lang), words, cwd, stdin, around, tmp_path_factory.mktemp("talk"))
        )
        assert "Traceback" not in ended.err, ended.err
        return ended

    return run


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the sample workspace."""
    folder = tmp_path / "demi-sel"
    folder.mkdir()
    shutil.copy(PROJECT / "newsletter.toml", folder)
    for name in ("issues", "seeds"):
        shutil.copytree(PROJECT / name, folder / name)
    return folder


def surroundings(language: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEBDO_", "LC_", "LANG"))}
    return {**kept, "PYTHONPATH": str(PROJECT), "HEBDO_LANG": language}


def _started(words: list[str], cwd: Path, stdin: bytes, around: dict[str, str]) -> Ended:
    command = [*BOUND, sys.executable, "-m", "composer", *words]
    process = subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, env=around, timeout=120, check=False)
    return Ended(process.returncode, process.stdout.decode(), process.stderr.decode())


def _forked(process: subprocess.Popen[str], words: list[str], cwd: Path, stdin: bytes, around: dict[str, str], talk: Path) -> Ended:
    (talk / "stdin").write_bytes(stdin)
    asked = {"arguments": words, "cwd": str(cwd), "environment": around} | {
        name: str(talk / name) for name in ("stdin", "stdout", "stderr")
    }
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    code = int(process.stdout.readline())
    return Ended(code, (talk / "stdout").read_text(encoding="utf-8"), (talk / "stderr").read_text(encoding="utf-8"))


@contextmanager
def mail_server(handler: object) -> Iterator[dict[str, str]]:
    """The settings that send by a mail server of this machine, which hands every message to ``handler``; nobody tries the public address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        where = {"HEBDO_TRANSPORT__KIND": "smtp", "HEBDO_TRANSPORT__HOST": "127.0.0.1", "HEBDO_TRANSPORT__PORT": str(port)}
        yield {**where, "HEBDO_SITE__SELF_CHECK": "false"}
    finally:
        controller.stop()
