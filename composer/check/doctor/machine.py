"""What the measures of a machine are worth."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from composer.check.doctor.codes import see
from composer.check.doctor.sight import MachineSight
from composer.model.observation import Observation
from composer.text.shown import shown
from composer.words import Words

SKEW = timedelta(seconds=60)
_MB = 1_000_000
_FULL_BYTES, _LOW_BYTES = 50 * _MB, 500 * _MB
_MEMORY_BYTES = 128 * _MB
_FILES = 256
_OLDEST_SQLITE = (3, 35, 0)
_NETWORK = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "afs", "glusterfs", "ceph", "fuse.s3", "davfs")
_FLEETING = ("tmpfs", "ramfs", "overlay", "aufs")
_DATE = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT|UTC)", re.ASCII)
# Ends of support (https://devguide.python.org/versions/).
_ENDS = {(3, 11): date(2027, 10, 31), (3, 12): date(2028, 10, 31), (3, 13): date(2029, 10, 31), (3, 14): date(2030, 10, 31)}


def judge_machine(sight: MachineSight, *, zone: str, now: datetime) -> list[Observation]:
    """Everything that is to be said of the machine, its clock apart."""
    return [*_zones(sight, zone, now), *_disk(sight), *_folder(sight), *_room(sight), *_versions(sight, now)]


def judge_clock(told: Sequence[tuple[str, str]], now: datetime) -> Observation:
    """The clock against what servers said: (who, their date as a header writes it); the furthest, since a page of our own has our own clock."""
    skews = [(now - when, who) for who, said in told if (when := _date_of(said)) is not None]
    if not skews:
        return see("clock-unknown")
    skew, who = max(skews, key=lambda one: abs(one[0]))
    seconds = round(skew.total_seconds())
    if abs(skew) <= SKEW:
        return see("clock-ok", Words(fr=f"L’horloge s’accorde avec {shown(who, 60)}.", en=f"The clock agrees with {shown(who, 60)}."))
    fr, en = ("avance", "ahead") if seconds > 0 else ("retarde", "behind")
    saw = Words(
        fr=f"L’horloge {fr} de {abs(seconds)} s sur celle du serveur {shown(who, 60)}.",
        en=f"The clock is {abs(seconds)} s {en} of that of {shown(who, 60)}.",
    )
    return see("clock-wrong", saw, command="sudo timedatectl set-ntp true")


def _date_of(text: str) -> datetime | None:
    """The date in a header or a greeting («220 mail ESMTP Postfix; Sun, 22 Nov 2026 10:00:00 +0100»); None without one."""
    found = _DATE.search(text[:1000])
    try:
        return parsedate_to_datetime(found[0]).astimezone(UTC) if found else None
    except (ValueError, TypeError, OverflowError):
        return None


def _zones(sight: MachineSight, zone: str, now: datetime) -> Iterator[Observation]:
    if not sight.zones_known:
        yield see("zone-missing", Words(fr=f"Le fuseau {zone} n’est pas sur cette machine.", en=f"The zone {zone} is not on this machine."))
        return
    year = int(sight.zones_version[:4]) if sight.zones_version[:4].isdigit() else now.year
    version = sight.zones_version or "?"
    if now.year - year > 2:
        yield see("zone-old", Words(fr=f"Fuseaux horaires {version}.", en=f"Time zones {version}."))
        return
    yield see("zone-ok", Words(fr=f"Fuseau {zone} (tables {version}).", en=f"Zone {zone} (tables {version})."))


def _disk(sight: MachineSight) -> Iterator[Observation]:
    if sight.free_bytes is None:
        return
    free = f"{sight.free_bytes / 1e9:.1f}"
    fr = Words(
        fr=f"{free.replace('.', ',')} Go libres, registre {_megabytes(sight.ledger_bytes)} Mo.",
        en=f"{free} GB free, ledger {_megabytes(sight.ledger_bytes)} MB.",
    )
    # A mailing writes some hundred bytes for each delivery, and the log of changes may grow to the ledger's own size.
    enough = max(_LOW_BYTES, 3 * sight.ledger_bytes)
    name = (
        "disk-full" if sight.free_bytes < max(_FULL_BYTES, sight.ledger_bytes) else "disk-low" if sight.free_bytes < enough else "disk-ok"
    )
    yield see(name, fr)
    kind = sight.filesystem
    if kind.startswith(_NETWORK):
        yield see(
            "filesystem-network",
            Words(fr=f"Le dossier est sur {kind}, un disque de réseau.", en=f"The folder is on {kind}, a network disk."),
        )
    elif kind in _FLEETING:
        yield see("filesystem-memory", Words(fr=f"Le dossier est sur {kind}.", en=f"The folder is on {kind}."))


def _megabytes(size_bytes: int) -> int:
    return round(size_bytes / _MB)


def _folder(sight: MachineSight) -> Iterator[Observation]:
    if not sight.writable:
        yield see("folder-readonly")
    if sight.open_to_others:
        listed = ", ".join(sight.open_to_others[:6])
        saw = Words(fr=f"D’autres peuvent lire : {listed}.", en=f"Others can read: {listed}.")
        yield see("folder-open", saw, command="chmod go= " + " ".join(map(shlex.quote, sight.open_to_others[:20])))
    if sight.owned_by_others:
        listed = ", ".join(sight.owned_by_others[:6])
        saw = Words(fr=f"À un autre que {sight.user} : {listed}.", en=f"Another’s than {sight.user}’s: {listed}.")
        yield see("folder-owner", saw, command=f"sudo chown -R {shlex.quote(sight.user)}: var")
    if sight.writable and not sight.open_to_others and not sight.owned_by_others:
        yield see("folder-ok")


def _room(sight: MachineSight) -> Iterator[Observation]:
    if sight.memory_free_bytes is not None and sight.memory_free_bytes < _MEMORY_BYTES:
        left = _megabytes(sight.memory_free_bytes)
        yield see("memory-low", Words(fr=f"{left} Mo de mémoire disponibles.", en=f"{left} MB of memory available."))
    if sight.files_limit is not None and sight.files_limit < _FILES:
        yield see("files-limit", Words(fr=f"{sight.files_limit} fichiers ouverts au plus.", en=f"{sight.files_limit} open files at most."))


def _versions(sight: MachineSight, now: datetime) -> Iterator[Observation]:
    python, sqlite = (".".join(map(str, version)) for version in (sight.python, sight.sqlite))
    end = _ENDS.get(sight.python[:2])
    if sight.sqlite < _OLDEST_SQLITE:
        yield see("sqlite-old", Words(fr=f"SQLite {sqlite}.", en=f"SQLite {sqlite}."))
    if end and now.date() > end:
        yield see(
            "python-old",
            Words(fr=f"Python {python}, sans corrections depuis {end.year}.", en=f"Python {python}, without fixes since {end.year}."),
        )
    if sight.sqlite >= _OLDEST_SQLITE and not (end and now.date() > end):
        yield see("versions-ok", Words(fr=f"Python {python}, SQLite {sqlite}.", en=f"Python {python}, SQLite {sqlite}."))
