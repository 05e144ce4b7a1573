"""Those who send: each is a name, a share of the messages, and a function that sends them once."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bench.kit.machine import installed
from bench.kit.sinks import program
from bench.kit.talking import ROOT
from bench.sending.bars import LIMITS, SESSIONS
from bench.sending.contest import Run, run_peer, run_program

SCRATCH = ROOT / "bench" / "scratch"
PEERS = ROOT / "bench" / "peers"
PYTHON = SCRATCH / "peers" / "bin" / "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """One way of sending."""

    name: str
    send: Callable[[int, int, int], Run]  # port, messages, connections
    share: float = 1.0  # of the messages: the slow ones get fewer, their rate does not hang on the number
    at: tuple[int, ...] = ()  # connection counts it is asked at; (): all


def smtp_source(matter: Path, *, keeps: bool, sessions: int = 0) -> Contestant:
    """Postfix's generator, in C: what the sink can take. With ``keeps`` (-d) a connection carries many messages, else one.

    ``sessions`` fixes its own count whatever the others use.
    """
    path = program("smtp-source") or ""
    form = ["-d"] if keeps else []

    def send(port: int, messages: int, connections: int) -> Run:
        lanes = sessions or connections
        command = [path, *form, "-s", str(lanes), "-m", str(messages), "-F", str(matter / "message.lf"), "-f", "lettre@exemple.fr",
                   "-t", "r1@d1.exemple.org", f"127.0.0.1:{port}"]  # fmt: skip
        _, whole = run_program(command)  # type: ignore[arg-type]
        return Run(messages=messages, wall_s=whole.wall_s, cpu_s=whole.cpu_s, peak_mb=whole.peak_mb, whole_s=whole.wall_s)

    return Contestant(name=" ".join(("smtp-source", *form)), send=send)


def limits(matter: Path) -> list[Contestant]:
    """Both forms at the count of sessions that the bars name."""
    return [replace(smtp_source(matter, keeps=keeps, sessions=SESSIONS), name=name) for name, keeps in LIMITS.items()]


def python_peer(name: str, script: str, matter: Path) -> Contestant:
    def send(port: int, messages: int, connections: int) -> Run:
        command = [PYTHON, PEERS / script, str(port), str(messages), str(connections), matter]
        return run_peer(command, messages, cwd=PEERS)

    return Contestant(name=name, send=send, share=0.1)


def nodemailer(matter: Path, *, key: Path | None = None, at: tuple[int, ...] = ()) -> Contestant:
    def send(port: int, messages: int, connections: int) -> Run:
        command = ["node", PEERS / "nodemailer_peer.mjs", str(port), str(messages), str(connections), matter, SCRATCH]
        return run_peer(command, messages, environment={"DKIM_KEY": str(key)} if key else {})  # type: ignore[arg-type]

    return Contestant(name="nodemailer pooled, RSA-2048" if key else "nodemailer pooled", send=send, share=0.1, at=at)


def rsa_key(folder: Path) -> Path:
    path = folder / "rsa.pem"
    subprocess.run(["openssl", "genrsa", "-traditional", "-out", path, "2048"], check=True, capture_output=True)
    return path


def peers(matter: Path) -> tuple[list[Contestant], dict[str, str], list[str]]:
    """The peers that are installed, their versions, and the names of those that are not."""
    found: list[Contestant] = []
    versions: dict[str, str] = {}
    lacking: list[str] = []
    package = SCRATCH / "node_modules" / "nodemailer" / "package.json"
    if program("node") and package.exists():
        versions["nodemailer"] = json.loads(package.read_text())["version"]
        found += [nodemailer(matter), nodemailer(matter, key=rsa_key(matter), at=(32,))]
    else:
        lacking.append("nodemailer pooled")
    if (PYTHON.parent.parent / ".ready").exists():
        versions |= installed(PYTHON, "aiosmtplib", "django")
        found += [python_peer("aiosmtplib", "aiosmtplib_peer.py", matter), python_peer("stdlib loop", "stdlib_peer.py", matter),
                  python_peer("Django EmailMultiAlternatives", "django_peer.py", matter)]  # fmt: skip
    else:
        lacking += ["aiosmtplib", "stdlib loop", "Django EmailMultiAlternatives"]
    return found, versions, lacking


def workshop() -> tempfile.TemporaryDirectory[str]:
    """A folder beside the ledgers' disk: /tmp may be memory, where full durability costs nothing."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=SCRATCH, prefix="run-")
