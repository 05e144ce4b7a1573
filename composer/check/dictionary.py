"""The newsroom's own words: names and terms that no spelling check knows.

One a line; ``#`` begins a comment. A word in small letters is also known with a capital and in capitals; one with a capital only so and
in capitals. The plural in s is known with the word. An entry of several words makes each of them known.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_EDGES = '«»“”"().,;:!?… \u00a0'  # what is not part of a word though it stands against it


def read_words(text: str) -> frozenset[str]:
    """The words of a dictionary file."""
    entries = (line.partition("#")[0].split() for line in text.removeprefix("\ufeff").splitlines())
    return frozenset(as_known(word) for entry in entries for word in entry)


def as_known(word: str) -> str:
    """A word as the dictionary writes it: composed, its apostrophes curly."""
    return unicodedata.normalize("NFC", word).replace("'", "’").strip(_EDGES)


def is_known(word: str, known: frozenset[str]) -> bool:
    """Whether the newsroom knows ``word``."""
    written = as_known(word)
    return any(_matches(form, known) for form in (written, written.removesuffix("s"), written.removesuffix("S")))


def _matches(word: str, known: frozenset[str]) -> bool:
    lower = word.lower()
    if word in known or (lower in known and (word[:1].isupper() or word == lower)):
        return True
    return word.isupper() and word in _in_capitals(known)


@lru_cache(maxsize=4)
def _in_capitals(known: frozenset[str]) -> frozenset[str]:
    return frozenset(word.upper() for word in known)
