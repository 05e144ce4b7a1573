"""What a rule of the checks is."""

from __future__ import annotations

from dataclasses import dataclass

from composer.model.findings import Level
from composer.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the checks."""

    name: str  # kebab-case
    level: Level
    says: Words
    mend: Words  # ``{issue}`` stands for the issue that is checked
    fixable: bool = False  # ``hebdo check --fix`` mends it


def rule(name: str, level: Level, says: Words, mend: Words, *, fixable: bool = False) -> Rule:
    """A rule, written as one line of a table."""
    return Rule(name=name, level=level, says=says, mend=mend, fixable=fixable)
