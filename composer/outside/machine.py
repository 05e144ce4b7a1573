"""What this machine says of itself: its addresses, its clock's zone, disk, memory, and the rights of the newsletter's folder."""

from __future__ import annotations

import contextlib
import getpass
import importlib.metadata
import ipaddress
import os
import re
import resource
import shutil
import socket
import sqlite3
import stat
import sys
import zoneinfo
from collections.abc import Iterable, Iterator
from pathlib import Path

from composer.check.doctor.sight import MachineSight

# Documents' own addresses (RFC 5737, RFC 3849): a datagram socket that is connected there asks the routing table and sends nothing.
_FAR = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
_MOST_FILES = 2000
_UNITS = (Path("/etc/systemd/system"), Path("/usr/lib/systemd/system"), Path("/lib/systemd/system"))


def own_addresses() -> tuple[str, ...]:
    """The addresses that this machine's connections leave from, as far as it knows them itself; one of each kind at most."""
    found: list[str] = []
    for family, far in _FAR:
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            found.append(str(ipaddress.ip_address(probe.getsockname()[0].partition("%")[0])))
    return tuple(found)


def measure_machine(root: Path, *, ledger: Path, private: Iterable[Path], zone: str) -> MachineSight:
    """The machine as the newsletter at ``root`` finds it; ``private`` are files that nobody else may read. Writes nothing that stays."""
    var = ledger.parent
    there = var if var.is_dir() else root
    return MachineSight(
        python=sys.version_info[:3],
        sqlite=sqlite3.sqlite_version_info,
        zones_known=_knows(zone),
        zones_version=_zones_version(),
        free_bytes=_free(there),
        ledger_bytes=_size(ledger),
        writable=_is_writable(there),
        filesystem=_filesystem(there),
        open_to_others=tuple(_shown(file, root) for file in private if _mode(file) & 0o077),
        owned_by_others=tuple(_shown(file, root) for file in _others(var)),
        user=_user(),
        memory_free_bytes=_memory(),
        files_limit=_files_limit(),
        has_systemd=Path("/run/systemd/system").is_dir(),
        has_unit=any(any(folder.glob("hebdo*.service")) for folder in _UNITS),
    )


def _knows(zone: str) -> bool:
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _zones_version() -> str:
    """Of the tables that zoneinfo reads: the system's come first."""
    for folder in zoneinfo.TZPATH:
        for name in ("+VERSION", "tzdata.zi"):
            with contextlib.suppress(OSError, UnicodeDecodeError):
                with Path(folder, name).open(encoding="ascii") as lines:
                    found = re.search(r"\b(20\d\d[a-z]{1,2})\b", lines.readline(200))
                if found:
                    return found[1]
    if any(Path(folder).is_dir() for folder in zoneinfo.TZPATH):
        return ""
    try:
        return importlib.metadata.version("tzdata")
    except importlib.metadata.PackageNotFoundError:
        return ""


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _size(ledger: Path) -> int:
    return sum(_bytes(ledger.with_name(ledger.name + end)) for end in ("", "-wal"))


def _bytes(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _is_writable(folder: Path) -> bool:
    """Asked of the system, which knows of read-only mounts as well; no file is written."""
    return os.access(folder, os.W_OK | os.X_OK)


def _mode(file: Path) -> int:
    try:
        return stat.S_IMODE(file.stat().st_mode)
    except OSError:
        return 0


def _others(var: Path) -> Iterator[Path]:
    """Files of another user than who runs this; root may use everything, so there is nothing to mind."""
    own = os.geteuid()
    if own == 0:
        return
    for count, file in enumerate(var.rglob("*") if var.is_dir() else ()):
        if count > _MOST_FILES:
            return
        with contextlib.suppress(OSError):
            if file.lstat().st_uid != own:
                yield file


def _shown(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)


def _filesystem(folder: Path) -> str:
    """The type of what is mounted there, as Linux tells it; "" elsewhere."""
    best = (-1, "")
    with contextlib.suppress(OSError, UnicodeDecodeError):
        real = folder.resolve()
        for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
            before, _, after = line.partition(" - ")
            fields = before.split(" ")
            place = Path(re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), fields[4])) if len(fields) > 4 else None
            if place is not None and real.is_relative_to(place) and len(place.parts) >= best[0]:
                best = (len(place.parts), after.split(" ")[0])
    return best[1]


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.geteuid())


def _memory() -> int | None:
    """What can still be had, as Linux reckons it, and what a container leaves of it."""
    with contextlib.suppress(OSError, ValueError):
        found = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"), re.MULTILINE)
        return int(found[1]) * 1024 if found else None
    return None


def _files_limit() -> int | None:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else soft
