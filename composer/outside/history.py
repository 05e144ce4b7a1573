"""Who changed a folder last, by git, where it is kept in git: asked in a process of its own, within bounds. Decides nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as git knows them."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What git says of a folder."""

    me: Person | None  # who commits here; None: git was never told
    last: Person | None  # author of the last commit that touches the folder; None: there is none
    edited: bool  # files of the folder differ from that commit


def ask_history(folder: Path) -> History | None:
    """What git says of ``folder``; None where it is in no work tree, or git does not answer."""
    if shutil.which("git") is None or _git(folder, "rev-parse", "--is-inside-work-tree") != "true":
        return None
    edited = _git(folder, "status", "--porcelain", "--untracked-files=all", "--", "*.md")
    last = _git(folder, "log", "-1", "--format=%an%x1f%ae", "--", ".")
    if edited is None:
        return None
    return History(me=_me(folder), last=_person(last or ""), edited=bool(edited))


def _me(folder: Path) -> Person | None:
    return _person("\x1f".join(_git(folder, "config", key) or "" for key in ("user.name", "user.email")))


def _person(said: str) -> Person | None:
    name, _, email = said.partition("\x1f")
    return Person(name=name or email, email=email) if name or email else None


def _git(folder: Path, *words: str) -> str | None:
    """What git answers; None when it refuses."""
    # Reading must start nothing that the folder's own settings name, nor wait for a password or a lock.
    safe = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "XDG_CONFIG_HOME") if name in os.environ}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(  # noqa: S603 - no shell; the words are ours
            ["git", *safe, "-C", str(folder), *words],  # noqa: S607 - the user's own git
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env=environment,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None
