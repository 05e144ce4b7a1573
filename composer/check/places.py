"""Where a thing stands in its file, to the column."""

from __future__ import annotations

import re
from collections.abc import Mapping


def column(sources: Mapping[str, str], path: str, line: int, needle: str) -> int:
    """The 1-based column at which ``needle`` begins on ``line``; 0 when it is not found there."""
    lines = source_lines(sources, path)
    if not needle or not 0 < line <= len(lines):
        return 0
    return lines[line - 1].find(needle) + 1


def source_lines(sources: Mapping[str, str], path: str) -> list[str]:
    """The lines of a file, as editors count them."""
    return re.split(r"\r\n|\r|\n", sources.get(path, ""))


def key_line(sources: Mapping[str, str], path: str, key: str) -> int:
    """The line of ``key:`` in the front matter of a file; 1 when it is not written."""
    lines = source_lines(sources, path)
    if not lines or not lines[0].startswith(("---", "\ufeff---")):
        return 1
    for number, line in enumerate(lines[1:], start=2):
        if line.startswith(("---", "...")):
            break
        if re.match(rf"\s*{re.escape(key)}\s*:", line):
            return number
    return 1


def body_line(sources: Mapping[str, str], path: str) -> int:
    """The first line below the front matter."""
    lines = source_lines(sources, path)
    if lines and lines[0].startswith(("---", "\ufeff---")):
        for number, line in enumerate(lines[1:], start=2):
            if line.startswith(("---", "...")):
                return min(number + 1, len(lines))
    return 1
