"""What a text does by itself: how it spaces its colons and quotes its speakers."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from composer.model.newsletter import Typography
from composer.text.quotes import pair_quotes

_SPACES = " \u00a0\u202f"
_COLON_SPACED = re.compile(rf"(?<=[\w)»”\"’%])[{_SPACES}]+:(?=\s|$)")
_COLON_TIGHT = re.compile(r"(?<=[^\W\d]):(?=\s|$)")
_HIGH_SPACED = re.compile(rf"(?<=[\w)»”\"’%])[{_SPACES}]+[;!?]+(?=\s|$|[»”\")])")
_HIGH_TIGHT = re.compile(r"(?<=[^\W\d])[;!?]+(?=\s|$|[»”\")])")
_CURLY_APOSTROPHE = re.compile(r"(?<=[^\W\d])’(?=\w)")
_STRAIGHT_APOSTROPHE = re.compile(r"(?<=[^\W\d])'(?=\w)")

Habit = str


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleMeasure:
    """How often a text does what."""

    colon_spaced: int = 0
    colon_tight: int = 0
    high_spaced: int = 0  # ; ! ?
    high_tight: int = 0
    guillemets: int = 0  # pairs
    curly: int = 0  # pairs
    straight: int = 0  # pairs
    curly_apostrophes: int = 0
    straight_apostrophes: int = 0

    def __add__(self, other: StyleMeasure) -> StyleMeasure:
        """The measure of both texts."""
        return StyleMeasure(**{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})

    @property
    def colon(self) -> Habit:
        """``space``, ``tight``, ``mixed`` or ``none``."""
        return _habit(space=self.colon_spaced, tight=self.colon_tight)

    @property
    def high(self) -> Habit:
        """``space``, ``tight``, ``mixed`` or ``none``."""
        return _habit(space=self.high_spaced, tight=self.high_tight)

    @property
    def quotes(self) -> Habit:
        """``guillemets``, ``curly``, ``straight``, ``mixed`` or ``none``."""
        return _habit(guillemets=self.guillemets, curly=self.curly, straight=self.straight)

    def disagreements(self, style: Typography) -> tuple[str, ...]:
        """The keys of ``[typography]`` that would change what this text does throughout; ``keep`` may be offered for them."""
        found = []
        if style.colon != "keep" and self.colon not in {"none", "mixed", style.colon}:
            found.append("colon")
        if style.high == "space" and self.high == "tight":
            found.append("high")
        if style.quotes == "guillemets" and self.curly and not self.guillemets:
            found.append("quotes")
        if style.quotes == "english" and self.guillemets and not self.curly:
            found.append("quotes")
        if style.straight != "keep" and self.straight and not (self.guillemets or self.curly):
            found.append("straight")
        return tuple(found)


def _habit(**counts: int) -> Habit:
    used = [name for name, count in counts.items() if count]
    return "none" if not used else used[0] if len(used) == 1 else "mixed"


def measure_style(text: str) -> StyleMeasure:
    """What ``text`` does, one paragraph a line."""
    forms = [form for line in text.split("\n") for form in _outer_forms(line)]
    return StyleMeasure(
        colon_spaced=len(_COLON_SPACED.findall(text)),
        colon_tight=len(_COLON_TIGHT.findall(text)),
        high_spaced=len(_HIGH_SPACED.findall(text)),
        high_tight=len(_HIGH_TIGHT.findall(text)),
        guillemets=forms.count("guillemets"),
        curly=forms.count("curly"),
        straight=forms.count("straight"),
        curly_apostrophes=len(_CURLY_APOSTROPHE.findall(text)),
        straight_apostrophes=len(_STRAIGHT_APOSTROPHE.findall(text)),
    )


def _outer_forms(line: str) -> list[str]:
    """The forms of the quotations of a line; those inside others follow another rule and do not count."""
    forms: list[str] = []
    end = -1
    for pair in pair_quotes(line)[0]:
        if pair.start > end:
            forms.append(pair.form)
            end = pair.stop
    return forms
