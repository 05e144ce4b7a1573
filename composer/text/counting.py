"""How many words, and how long they take to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from composer.model.body import Block, Calls, FurtherReading, Heading, ListBlock, Paragraph, Picture, Quote, Spans, Table, plain
from composer.model.issue import Issue, Story

# «l’Europe» is two words for a reader of French and one for a counter of signs; newsrooms count it as one.
_WORD = re.compile(r"\w+(?:[’'\-\u2010\u2011]\w+)*")
WORDS_PER_MINUTE = 230  # Brysbaert 2019: silent reading of non-fiction, 238 in English; French words are somewhat longer


def texts_of(blocks: Iterable[Block]) -> Iterator[str]:
    """The readable text of blocks in order, one string a paragraph, item, cell or line."""
    for block in blocks:
        match block:
            case Paragraph():
                yield " – ".join(text for text in (plain(block.run_in), plain(block.spans)) if text)
            case Heading():
                yield plain(block.spans)
            case ListBlock():
                for item in block.items:
                    yield from texts_of(item.blocks)
            case Quote():
                yield from texts_of(block.blocks)
            case Table():
                yield from (plain(cell) for row in (block.header, *block.rows) for cell in row)
            case Picture():
                yield plain(block.caption)
            case FurtherReading() | Calls():
                yield from (plain(link.spans) for link in block.links)
            case _:
                continue


def count_words(text: Issue | Story | Spans | str) -> int:
    """Words that a reader of the mail meets."""
    match text:
        case str():
            return _count(text)
        case Issue():
            return sum(map(count_words, texts_of(text.introduction))) + sum(map(count_words, text.stories))
        case Story():
            return count_words(plain(text.headline)) + sum(map(count_words, texts_of(text.blocks)))
        case _:
            return count_words(plain(text))


@lru_cache(maxsize=4096)
def _count(text: str) -> int:
    """Kept: an issue is counted at every pause of the keys, and one paragraph of it has changed."""
    return len(_WORD.findall(text))


def reading_minutes(words: int) -> int:
    """Whole minutes, at least one."""
    return max(1, round(words / WORDS_PER_MINUTE))
