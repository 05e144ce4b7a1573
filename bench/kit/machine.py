"""What a figure was measured on: processor, memory, load, versions, date."""

from __future__ import annotations

import json
import os
import platform
import re
import sqlite3
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench.kit.talking import ROOT


def machine() -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": f"{_release()}, Linux {_kernel()}",
        "load_before": [round(one, 2) for one in os.getloadavg()],
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    found = {"hebdo": _revision(), "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for name in ("sqlalchemy", "cryptography", "uvicorn"):
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    for name, command in (("node", ["node", "--version"]), ("postfix", ["dpkg-query", "-W", "-f", "${Version}", "postfix"])):
        with suppress(OSError, subprocess.CalledProcessError):
            found[name] = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().lstrip("v")
    return found


def _revision() -> str:
    with suppress(OSError, subprocess.CalledProcessError):
        return subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()
    return "?"


def _processor() -> str:
    with suppress(OSError):
        found = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
        if found:
            return found[1]
    return platform.machine()


def _kernel() -> str:
    """x.y.z; the rest of the name tells of the host."""
    found = re.match(r"\d+(?:\.\d+){0,2}", platform.release())
    return found[0] if found else "?"


def _release() -> str:
    with suppress(OSError):
        found = re.search(r'PRETTY_NAME="([^"]*)"', Path("/etc/os-release").read_text())
        if found:
            return found[1]
    return sys.platform


def installed(python: Path, *names: str) -> dict[str, str]:
    """Versions of packages in another virtual environment."""
    asked = "import json,sys;from importlib.metadata import version;print(json.dumps({n: version(n) for n in sys.argv[1:]}))"
    ended = subprocess.run([python, "-c", asked, *names], capture_output=True, text=True, check=True)
    return dict(json.loads(ended.stdout))
