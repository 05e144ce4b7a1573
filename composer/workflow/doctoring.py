"""The doctor: domain, relay, public pages, machine and engine looked at before readers find out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from composer.check.doctor.codes import see
from composer.check.doctor.machine import judge_clock
from composer.ledger import Ledger
from composer.model.observation import Observation, Part
from composer.outside.dns import Resolver, system_servers
from composer.words import Words
from composer.workflow.doctoring_dns import examine_dns
from composer.workflow.doctoring_machine import examine_machine
from composer.workflow.doctoring_world import Seen, examine_pages, examine_relay, unlooked
from composer.workspace import Workspace

PARTS: tuple[Part, ...] = ("dns", "relay", "pages", "machine")
WHOLE_TIME_S = 14.0
_FEWER = Words(
    fr="Donnez le seul message de l’épreuve, non la boîte entière : `hebdo doctor --received message.eml`",
    en="Give the message of the proof alone, not the whole box: `hebdo doctor --received message.eml`",
)


def examine(
    workspace: Workspace,
    ledger: Ledger | None,
    *,
    now: datetime,
    resolver: Resolver | None = None,
    only: Collection[str] = PARTS,
    strict: bool = False,
) -> tuple[Observation, ...]:
    """What is seen of each part in ``only``, in the order of the parts; takes 15 seconds at most, and never raises: what fails is told.

    ``resolver`` is asked instead of the system's name servers. While nothing leaves the machine (transport folder) the domain's and the
    pages' faults are advice, unless ``strict``: somebody asked for them by name. Without a ledger nothing is said of the engine.
    """
    asked = resolver or Resolver(system_servers())
    looks: dict[Part, Callable[[], Seen]] = {
        "dns": lambda: Seen(examine_dns(workspace, asked, chosen=resolver is not None, strict=strict)),
        "relay": lambda: examine_relay(workspace),
        "pages": lambda: examine_pages(workspace),
        "machine": lambda: Seen(examine_machine(workspace, ledger, now)),
    }
    seen = _look({part: looks[part] for part in PARTS if part in only})
    found = [one for part in PARTS if part in seen for one in _gently(workspace, part, seen[part].observations, strict=strict)]
    if "machine" not in seen:
        return tuple(found)
    clock = judge_clock([date for part in seen.values() for date in part.dates], now)
    place = next((place for place, one in enumerate(found) if one.part in {"machine", "engine"}), len(found))
    return (*found[:place], clock, *found[place:])


def _look(looks: Mapping[Part, Callable[[], Seen]]) -> dict[Part, Seen]:
    """All parts at once, each on a thread that nobody waits for longer than the whole may take: a name server or a disk can be silent."""
    seen: dict[Part, Seen] = {}

    def look(part: Part) -> None:
        try:
            seen[part] = looks[part]()
        except Exception as error:  # noqa: BLE001 - whatever it is, the other parts are looked at
            seen[part] = Seen([unlooked(part, error)])

    until = time.monotonic() + WHOLE_TIME_S
    threads = [threading.Thread(target=look, args=(part,), name=f"doctor-{part}", daemon=True) for part in looks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return {part: seen.get(part) or _late(part) for part in looks}


def within(act: Callable[[], Sequence[Observation]], *, part: Part) -> tuple[Observation, ...]:
    """What ``act`` sees, or that it took longer than a whole examination may."""
    return tuple(_look({part: lambda: Seen(list(act()))})[part].observations)


def _late(part: Part) -> Seen:
    if part == "proof":
        return Seen([replace(see("late", mend=_FEWER), part=part)])
    command = f"hebdo doctor --only {part}"
    mend = Words(fr=f"Relancez-la seule : `{command}`", en=f"Run it alone: `{command}`")
    return Seen([replace(see("late", mend=mend), part=part)])


def _gently(workspace: Workspace, part: Part, seen: Iterable[Observation], *, strict: bool) -> list[Observation]:
    """Nothing leaves yet: what would be an error is something to know."""
    if strict or part == "machine" or workspace.newsletter.transport.kind != "folder":
        return list(seen)
    return [replace(one, level="advice") if one.level in {"error", "warning"} else one for one in seen]
