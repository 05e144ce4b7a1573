"""Words that the outside reader does not know: which of them are worth a remark.

Newsletters are full of names, brands and English. A capital inside a sentence makes a name, italics and quoted English another language; what
is left is remarked on once an issue, with the number of times.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from composer.check.dictionary import as_known, is_known
from composer.check.measures import GrammarMeasure
from composer.check.prose import Stretch

_QUOTED = re.compile(r"«[^«»]{1,400}»|“[^“”]{1,400}”|\"[^\"]{1,400}\"")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_OPENS = re.compile(r"(?:\A|[.!?…:]\s|[«“\"(–—-])\s*\Z")
_FOREIGN = 0.3  # of the words of a quotation unknown: it is in another language
_LIKE = 0.88
_NEAR_NAME_LETTERS = 5  # shorter names differ by one letter too easily


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A word that the reader does not know, where it stands first."""

    word: str
    stretch: Stretch
    start: int  # in the stretch
    times: int = 1
    near: str = ""  # another name of the issue that differs from it by one letter
    near_times: int = 0


def unknown_words(stretches: Sequence[Stretch], measure: GrammarMeasure) -> tuple[Unknown, ...]:
    """The words worth a remark, each once, in the order of the text."""
    met = [
        Unknown(word=stretch.text[remark.start : remark.end], stretch=stretch, start=remark.start)
        for stretch in stretches
        for remark in measure.remarks.get(stretch.text, ())
        if remark.kind == "spelling" and stretch.is_french(remark.start, remark.end)
    ]
    met = [one for one in met if not is_known(one.word, measure.known)]
    names = Counter(as_known(one.word) for one in met if _is_name(one))
    plain = [one for one in met if _is_word(one) and as_known(one.word) not in names]
    times = Counter(_key(one) for one in plain)
    found = {_key(one): one for one in reversed([one for one in plain if not _is_foreign(one.stretch, one.start, met)])}
    words = [Unknown(word=one.word, stretch=one.stretch, start=one.start, times=times[key]) for key, one in reversed(found.items())]
    return (*words, *_near_names(met, names))


def _key(one: Unknown) -> str:
    """What counts as the same word: whatever its capitals, and its plural."""
    return as_known(one.word).lower().removesuffix("s")


def _is_name(one: Unknown) -> bool:
    """OpenAI, xAI, ETI; Altman inside a sentence."""
    return any(char.isupper() or char.isdigit() for char in one.word[1:]) or (one.word[:1].isupper() and not _opens_sentence(one))


def _opens_sentence(one: Unknown) -> bool:
    return bool(_OPENS.search(one.stretch.text[max(0, one.start - 4) : one.start]))


def _is_word(one: Unknown) -> bool:
    """A word in small letters; with a capital only where a sentence begins, and no name follows at once («Exemplia Conseil»)."""
    if one.word[:1].islower():
        return not any(char.isupper() or char.isdigit() for char in one.word)
    return not _is_name(one) and not re.match(r"\s+[^\W\d_]*[A-ZÀ-Ý]", one.stretch.text[one.start + len(one.word) :])


def _is_foreign(stretch: Stretch, start: int, met: Sequence[Unknown]) -> bool:
    """Whether a word stands in a quotation, or in a stretch, that is in another language."""
    unknown = {one.start: _key(one) for one in met if one.stretch is stretch and one.word[:1].islower()}
    quoted = [found.span() for found in _QUOTED.finditer(stretch.text) if _is_mostly(unknown, stretch.text, *found.span(), fewest=2)]
    if any(begin <= start < end for begin, end in quoted):
        return True
    text = stretch.text
    for begin, end in quoted:
        text = text[:begin] + " " * (end - begin) + text[end:]
    outside = {place: word for place, word in unknown.items() if not text[place].isspace()}
    return _is_mostly(outside, text, 0, len(text), fewest=4)


def _is_mostly(unknown: Mapping[int, str], text: str, begin: int, end: int, *, fewest: int) -> bool:
    """Whether so many words of a stretch are unknown that it must be another language."""
    inside = {word for place, word in unknown.items() if begin <= place < end}
    return len(inside) >= fewest and len(inside) >= _FOREIGN * len(_WORD.findall(text, begin, end))


def _near_names(met: Sequence[Unknown], names: Mapping[str, int]) -> Iterator[Unknown]:
    """A name met once beside another that differs by one letter and is met more often: Altmann, Altman."""
    for name, times in names.items():
        often = [other for other, count in names.items() if count > times and _one_letter_apart(name, other)]
        if times == 1 and often and len(name) >= _NEAR_NAME_LETTERS:
            one = next(one for one in met if as_known(one.word) == name)
            yield Unknown(word=one.word, stretch=one.stretch, start=one.start, near=often[0], near_times=names[often[0]])


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter is added, lost, changed, or two have changed places; a plural's s does not count."""
    if one == other or one.lower() == other.lower() or one + "s" == other or other + "s" == one or abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, against = one[start:], other[start:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return rest[1:] == against[1:] or rest[1:] == against or rest == against[1:] or swapped == against


def near_words(word: str, suggestions: Sequence[str]) -> tuple[str, ...]:
    """The suggestions that are written much like ``word``."""
    bare = _bare(word)
    return tuple(other for other in suggestions if SequenceMatcher(None, bare, _bare(other)).ratio() >= _LIKE)


def is_likely_slip(word: str, suggestions: Sequence[str]) -> bool:
    """Whether a suggestion is the word but for one letter, an accent or an apostrophe."""
    bare = _bare(word)
    return any(bare == _bare(other) or _one_letter_apart(word.lower(), other.lower()) for other in suggestions)


def _bare(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word.lower()) if char.isalpha())
