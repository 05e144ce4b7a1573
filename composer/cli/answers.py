"""What a command answers: data for machines, text for people, and the code it ends with.

The ``--json`` envelope is a contract: ``{"version":1,"ok":…,"data":…,"findings":[…],"error":null|{…}}``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from composer.cli.language import told
from composer.errors import FindingsError, HebdoError
from composer.model.findings import Finding

VERSION = 1

INTERRUPTED = 130  # exit code: 128 + SIGINT, as shells expect


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command found or did."""

    data: Any = None  # what --json prints under "data"
    text: str = ""  # what a person reads on stdout; ends without newline
    talk: str = ""  # said on stderr: what was done, what comes next
    findings: Sequence[Finding] = field(default=())
    exit_code: int = 0
    as_json: bool = False  # the command was asked for JSON by another option
    streamed: bool = False  # everything was written while the command ran
    edited: str = ""  # the issue that was just edited: when it is sealed, that is said


def envelope(answer: Answer) -> str:
    """The answer of a command that ended in its own words."""
    return _written(ok=answer.exit_code == 0, data=answer.data, findings=answer.findings, error=None)


def envelope_of_error(error: HebdoError) -> str:
    """The answer of a command that was refused."""
    told_error = {
        "code": error.code,
        "message": told(error.message),
        "where": error.where,
        "hint": told(error.hint) if error.hint else None,
    }
    findings = error.findings if isinstance(error, FindingsError) else ()
    return _written(ok=False, data=None, findings=findings, error=told_error)


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """A line for each, and each mend once, under the last of those in a row that it mends."""
    hints = [told(finding.hint) if finding.hint else "" for finding in findings]
    lines = []
    for finding, hint, following in zip(findings, hints, [*hints, ""][1:], strict=True):
        lines.append(_finding_line(finding))
        if hint and hint != following:
            lines.append(f"    → {hint}")
    return lines


def _finding_line(finding: Finding) -> str:
    """``path:line:col: level rule message``, as compilers write it, so that editors can jump there."""
    place = ":".join(str(part) for part in (finding.path, finding.line, finding.col) if part)
    line = f"{place}: " if place else ""
    return f"{line}{finding.level} {finding.rule} {told(finding.message)}"


def _written(*, ok: bool, data: Any, findings: Sequence[Finding], error: dict[str, str | None] | None) -> str:
    body = {"version": VERSION, "ok": ok, "data": data, "findings": [_finding_json(one) for one in findings], "error": error}
    return json.dumps(body, ensure_ascii=False, indent=2, default=str)


def _finding_json(finding: Finding) -> dict[str, str | int | None]:
    return {
        "rule": finding.rule,
        "level": finding.level,
        "path": finding.path,
        "line": finding.line,
        "col": finding.col,
        "message": told(finding.message),
        "hint": told(finding.hint) if finding.hint else None,
    }
