"""Which story a teaser speaks of, by the words that both have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from composer.compose.importing.labels import fold
from composer.model.issue import Story
from composer.text.counting import texts_of

_LEAST_WORD = 4  # letters
# Every text has them; already folded: no accents, no capitals.
_COMMON = frozenset(
    [
        "dans",
        "pour",
        "avec",
        "mais",
        "plus",
        "cette",
        "leur",
        "leurs",
        "tout",
        "tous",
        "toute",
        "toutes",
        "sans",
        "sous",
        "comme",
        "elle",
        "elles",
        "nous",
        "vous",
        "ceux",
        "celle",
        "ainsi",
        "aussi",
        "entre",
        "vers",
        "chez",
        "etre",
        "avoir",
        "fait",
        "sont",
        "etait",
        "apres",
        "avant",
        "deux",
        "trois",
        "that",
        "this",
        "with",
        "from",
        "have",
        "they",
        "their",
        "been",
        "will",
        "your",
        "about",
        "into",
        "over",
    ]
)


def match_teasers(teasers: Sequence[str], stories: Sequence[Story]) -> Mapping[int, int]:
    """Which teaser is which story's: in order where there are as many, else by words in common, the order kept."""
    if len(teasers) == len(stories):
        return {here: here for here in range(len(teasers))}
    given: dict[int, int] = {}
    free = 0
    for which, text in enumerate(teasers):
        at = next((at for at in range(free, len(stories)) if shared_words(text, stories[at])), None)
        if at is not None:
            given[which], free = at, at + 1
    return given


def speak_of(teasers: Sequence[str], stories: Sequence[Story]) -> bool:
    """Whether there are as many as stories, and each shares a word with its own."""
    return len(teasers) == len(stories) > 0 and all(map(shared_words, teasers, stories))


def shared_words(teaser: str, story: Story) -> bool:
    """Whether they have a word in common that not every text has."""
    return bool(set(_words(teaser)) & set(_words_of(story)))


def _words_of(story: Story) -> Iterator[str]:
    for text in (story.headline_text, *texts_of(story.blocks)):
        yield from _words(text)


def _words(text: str) -> list[str]:
    bare = "".join(char if char.isalnum() else " " for char in fold(text))
    return [word for word in bare.split() if len(word) >= _LEAST_WORD and word not in _COMMON]
