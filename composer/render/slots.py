"""Slots: what an author typed never passes through MJML or premailer.

An opaque token stands for it; one pass over the finished markup puts the content in. So no-break spaces, quotes, newlines, emoji joiners
and ``3 < 5`` cannot be harmed by either tool.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup


class Slots:
    """Contents kept aside under tokens ``<prefix>-<number>-z``.

    Equal contents do not share one: then an edit of words would renumber all tokens after it, and equal markup would no longer be equal text.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._contents: list[str] = []

    def keep(self, content: str) -> Markup:
        """The token that stands for ``content``, which must be safe for the place of the token."""
        self._contents.append(content)
        return Markup(f"{self._prefix}-{len(self._contents) - 1}-z")  # noqa: S704 - ASCII of our own making

    @property
    def contents(self) -> tuple[str, ...]:
        """What was kept, by number."""
        return tuple(self._contents)

    @property
    def prefix(self) -> str:
        """What every token begins with."""
        return self._prefix

    def fill(self, markup: str) -> str:
        """``markup`` with every token replaced by its content."""
        return fill_slots(markup, self._prefix, self._contents)


def fill_slots(markup: str, prefix: str, contents: Sequence[str]) -> str:
    """``markup`` with the token of every number replaced by ``contents[number]``, in one pass."""
    pieces = _pattern(prefix).split(markup)
    pieces[1::2] = [contents[int(number)] for number in pieces[1::2]]
    return "".join(pieces)


def find_slots(markup: str, prefix: str) -> list[str]:
    """The numbers of the tokens in ``markup``, in order, each where it first stands (MJML says a title twice)."""
    return list(dict.fromkeys(_pattern(prefix).findall(markup)))


@lru_cache(maxsize=8)
def _pattern(prefix: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(prefix)}-(\d+)-z")
