"""What spam filters say of a message that has not left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from composer.words import Words

Filter = Literal["SpamAssassin", "rspamd"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamRule:
    """One rule of a filter that the message met."""

    name: str  # as the filter writes it: HTML_FONT_LOW_CONTRAST
    points: float  # above 0 counts against the message
    said: str = ""  # the filter's own words, one line, English


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamScore:
    """A filter's answer; with ``trouble`` it gave none."""

    filter: Filter
    version: str = ""
    points: float = 0.0
    limit: float = 0.0  # from here on the filter calls it spam, as it is set up on this machine
    rules: tuple[SpamRule, ...] = ()  # the heaviest first
    missing: bool = False  # not installed, or not running
    trouble: Words | None = None  # why there is no score
