"""What the checks want mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from composer.words import Words

Level = Literal["error", "warning", "advice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend, with its place."""

    rule: str  # kebab-case; documented under this name on docs/checks.md
    level: Level
    message: Words
    path: str = ""  # relative to the workspace; "": the issue or the configuration as a whole
    line: int = 0  # 1-based; 0: the whole file
    col: int = 0  # 1-based; 0: the whole line
    hint: Words | None = None
    fixable: bool = False  # ``hebdo check --fix`` can mend it safely
