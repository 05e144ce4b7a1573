"""What a code of the doctor is."""

from __future__ import annotations

from dataclasses import dataclass

from composer.model.observation import Part, Seen
from composer.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One thing that the doctor can see."""

    name: str  # kebab-case
    part: Part
    level: Seen
    says: Words
    mend: Words | None = None


def code(name: str, part: Part, level: Seen, says: tuple[str, str], mend: tuple[str, str] | None = None) -> Code:
    """A code, written as one line of a table: French, then English."""
    return Code(name=name, part=part, level=level, says=Words(fr=says[0], en=says[1]), mend=Words(fr=mend[0], en=mend[1]) if mend else None)
