"""Every rule by name, and the findings they give. docs/checks.md is written from this list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from composer.check.rule import Rule
from composer.check.rules_advice import ADVICE
from composer.check.rules_errors import ERRORS
from composer.check.rules_law import LAW
from composer.check.rules_warnings import WARNINGS
from composer.model.findings import Finding, Level
from composer.words import Words

RULES: dict[str, Rule] = {rule.name: rule for rule in (*ERRORS, *LAW, *WARNINGS, *ADVICE)}


def finding(
    name: str,
    *,
    path: str = "",
    line: int = 0,
    col: int = 0,
    message: Words | None = None,
    hint: Words | None = None,
    fixable: bool | None = None,
    level: Level | None = None,
) -> Finding:
    """A finding of the rule ``name``; without words of its own it speaks as the rule does."""
    rule = RULES[name]
    return Finding(
        rule=name,
        level=level or rule.level,
        message=message or rule.says,
        path=path,
        line=line,
        col=col,
        hint=hint or rule.mend,
        fixable=rule.fixable if fixable is None else fixable,
    )


def name_issue(findings: Iterable[Finding], issue_id: str) -> list[Finding]:
    """The findings with the issue's name in the commands that their hints give, so that these work as shown."""
    return [replace(one, hint=_named(one.hint, issue_id)) if one.hint and "{issue}" in one.hint.en else one for one in findings]


def _named(hint: Words, issue_id: str) -> Words:
    return Words(fr=hint.fr.replace("{issue}", issue_id), en=hint.en.replace("{issue}", issue_id))
