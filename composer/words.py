"""A sentence that a person will read, in the two languages of the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["fr", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in French and in English; values are already filled in."""

    fr: str
    en: str

    def in_language(self, language: Language) -> str:
        """The sentence in ``language``."""
        return self.fr if language == "fr" else self.en
