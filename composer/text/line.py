"""A text under edit whose span borders move along: length changes are small and local."""

from __future__ import annotations

import re
from collections.abc import Callable


class Line:
    """A text whose span borders move with its edits."""

    __slots__ = ("borders", "heads", "text")

    def __init__(self, text: str, borders: list[int], heads: int = 0) -> None:
        self.text = text
        self.borders = borders
        self.heads = heads  # so many spans at the start are bold: perhaps a run-in head

    def sub(self, pattern: re.Pattern[str], put: str | Callable[[re.Match[str]], str]) -> None:
        """As ``re.sub`` with a literal or a function; borders keep their place among the words."""
        if not self.borders:
            self.text = pattern.sub(put if callable(put) else put.replace("\\", r"\\"), self.text)
            return
        edits = [(found.start(), found.end(), put if isinstance(put, str) else put(found)) for found in pattern.finditer(self.text)]
        self.edit(edits)

    def edit(self, edits: list[tuple[int, int, str]]) -> None:
        """Put each text in place of its stretch; ``edits`` are in order and do not overlap."""
        if not edits:
            return
        parts: list[str] = []
        end, drift, here = 0, 0, 0
        moved: list[int] = []
        for start, stop, text in edits:
            while here < len(self.borders) and self.borders[here] <= start:
                moved.append(self.borders[here] + drift)
                here += 1
            while here < len(self.borders) and self.borders[here] < stop:
                moved.append(start + drift + min(self.borders[here] - start, len(text)))
                here += 1
            parts += [self.text[end:start], text]
            drift += len(text) - (stop - start)
            end = stop
        parts.append(self.text[end:])
        moved += [border + drift for border in self.borders[here:]]
        self.text, self.borders = "".join(parts), moved
