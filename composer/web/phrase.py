"""A phrase of the pages: its words, or those for one and for several."""

from __future__ import annotations

from composer.words import Words

Phrase = Words | tuple[Words, Words]

N = "\u00a0"
