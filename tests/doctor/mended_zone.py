"""What an administrator does with what the doctor printed: takes lines out of the zone, puts lines in."""

from __future__ import annotations

import dns.name
from nameserver import Records, read_records

from composer.model.observation import Observation, Record


def mended(zone: str, observations: list[Observation]) -> str:
    """The zone after every mend was pasted."""
    removes = {key(read_records(line.line)) for one in observations for line in one.removes}
    kept = [line for line in zone.splitlines() if line.strip() and key(read_records(line)) not in removes]
    added = [record.line for one in observations for record in published(one)]
    return "\n".join(dict.fromkeys([*kept, *added])) + "\n"


def published(one: Observation) -> tuple[Record, ...]:
    return (*((one.record,) if one.record else ()), *one.also)


def key(records: Records) -> tuple[dns.name.Name, str]:
    ((name, groups),) = records.items()
    (group,) = groups.values()
    return name, f"{group.rdtype} {group[0].to_text()}"
