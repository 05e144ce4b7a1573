"""The plain text of a part of a document, and its words: what an import is held against."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element

from composer.compose.importing.word.xml import local, q

_GONE = frozenset({q("w:del"), q("w:moveFrom")})
_PARAGRAPH = q("w:p")
_SPACE = frozenset({q("w:tab"), q("w:ptab"), q("w:br"), q("w:cr")})
_WORDS = frozenset({q("w:t"), q("m:t")})
_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\ufeff"))
# How a formula reads in one line where no words of it need more.
_BETWEEN = {"f": "/", "sSup": "^", "sSub": "_"}


def text_of(element: Element, *, deleted: bool = False) -> str:
    """The words of ``element`` in their order; those of tracked deletions only where ``deleted`` asks for them."""
    return run_text(element, deleted=deleted).strip()


def run_text(element: Element, *, deleted: bool = False) -> str:
    """``text_of`` with the blanks at its edges."""
    return "".join(_pieces(element, deleted=deleted))


def last_words(runs: Sequence[Element], most: int = 200) -> str:
    """The end of what ``runs`` say; the whole would be put together anew for each comment of a paragraph."""
    said, length = [], 0
    for one in (one for run in reversed(runs) for one in reversed(run)):
        said.append(run_text(one)[-most:])
        length += len(said[-1])
        if length > most:
            break
    return "".join(reversed(said))[-most:]


def _pieces(element: Element, *, deleted: bool) -> Iterator[str]:
    if element.tag in _WORDS or (deleted and element.tag == q("w:delText")):
        yield element.text or ""
    elif element.tag in _SPACE:
        yield " "
    else:
        for one in element:
            if deleted or one.tag not in _GONE:
                yield from _pieces(one, deleted=deleted)
        if element.tag == _PARAGRAPH:
            yield " "


def linear_text(equation: Element) -> str:
    """A formula on one line."""
    return " ".join("".join(_linear(equation)).split())


def _linear(element: Element) -> Iterator[str]:
    if element.tag in _WORDS:
        yield element.text or ""
        return
    parts = ["".join(_linear(one)) for one in element]
    between = _BETWEEN.get(local(element))
    said = [part for part in parts if part]
    yield between.join(part if len(part) < 2 or between == "_" else f"({part})" for part in said) if between else "".join(parts)


def count_words(texts: Iterable[str]) -> Counter[str]:
    """How often each word occurs, whatever its form of writing."""
    return Counter(word for text in texts for word in _WORD.findall(unicodedata.normalize("NFKC", text.translate(_INVISIBLE))))


def missing_words(wanted: Counter[str], found: Counter[str]) -> list[str]:
    """The words that are not found again; one that was joined with its neighbour counts as found."""
    lost = wanted - found
    joined = "\x00".join(found - wanted)
    return [word for word in lost.elements() if word not in joined]


def visible_text(element: Element, *, is_hidden: Callable[[Element], bool]) -> str:
    """The words that Word shows in ``element``: those written twice for old and new versions once, deleted and hidden ones not."""
    return "".join(_visible(element, is_hidden))


def _visible(element: Element, is_hidden: Callable[[Element], bool]) -> Iterator[str]:
    if element.tag in _WORDS:
        yield element.text or ""
    elif element.tag in _SPACE:
        yield " "
    elif element.tag == q("mc:AlternateContent"):
        branches = ("".join(_visible(branch, is_hidden)) for branch in element)
        yield next((text for text in branches if text.strip()), "")
    elif element.tag not in _GONE and not (element.tag == q("w:r") and is_hidden(element)):
        for one in element:
            yield from _visible(one, is_hidden)
        if element.tag == _PARAGRAPH:
            yield " "
