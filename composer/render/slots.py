"""Slots: what an author typed never passes through MJML or premailer.

An opaque token stands for it; one pass over the finished markup puts the content in. So no-break spaces, quotes, newlines, emoji joiners
and ``3 < 5`` cannot be harmed by either tool.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from composer.errors import RenderError
from composer.words import Words


class Slots:
    """Contents kept aside under tokens ``<prefix>-<number>-z``; equal contents share one."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._contents: list[str] = []
        self._numbers: dict[str, int] = {}
        self._pattern = re.compile(rf"{re.escape(prefix)}-(\d+)-z")

    def keep(self, content: str) -> Markup:
        """The token that stands for ``content``, which must be safe for the place of the token."""
        number = self._numbers.get(content)
        if number is None:
            number = self._numbers[content] = len(self._contents)
            self._contents.append(content)
        return Markup(f"{self._prefix}-{number}-z")  # noqa: S704 - ASCII of our own making

    def fill(self, markup: str) -> str:
        """``markup`` with every token replaced; contents that hold tokens themselves are filled too."""
        for _ in range(4):
            markup, count = self._pattern.subn(self._content, markup)
            if not count:
                return markup
        raise RenderError(Words(fr="Un gabarit se contient lui-même.", en="A template contains itself."))

    def is_left(self, markup: str) -> bool:
        """Whether a token was left, or damaged."""
        return self._prefix in markup

    def _content(self, found: re.Match[str]) -> str:
        return self._contents[int(found[1])]
