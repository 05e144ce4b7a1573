"""Every code by name, and the observations they give. docs/doctor.md is written from this list."""

from __future__ import annotations

from composer.check.doctor.code import Code
from composer.check.doctor.codes_dkim import DKIM
from composer.check.doctor.codes_dmarc import DMARC
from composer.check.doctor.codes_hosts import HOSTS
from composer.check.doctor.codes_machine import ENGINE, MACHINE
from composer.check.doctor.codes_proof import PROOF
from composer.check.doctor.codes_relay import PAGES, RELAY
from composer.check.doctor.codes_spf import SPF
from composer.model.observation import Observation, Record, Seen
from composer.words import Words

CODES: dict[str, Code] = {code.name: code for code in (*HOSTS, *SPF, *DKIM, *DMARC, *RELAY, *PAGES, *MACHINE, *ENGINE, *PROOF)}


def see(
    name: str,
    saw: Words | None = None,
    *,
    mend: Words | None = None,
    level: Seen | None = None,
    records: tuple[Record, ...] = (),
    removes: tuple[Record, ...] = (),
    command: str = "",
) -> Observation:
    """An observation under the code ``name``; without words of its own it speaks as the code does. Of ``records`` all are to be published."""
    code = CODES[name]
    return Observation(
        code=name,
        part=code.part,
        level=level or code.level,
        saw=saw or code.says,
        mend=mend or code.mend,
        record=records[0] if records else None,
        also=records[1:],
        removes=removes,
        command=command,
    )
