"""What joins wrapped lines: the lines as typed, runs of them, and how one line is told from another."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

RunKind = Literal["label", "teasers", "author", "item", "text"]

_STOPPED = re.compile(r"[.!?…:;,؟۔][»”\"’')\]\s]*$")
_ENDED = re.compile(r"[.!?…؟۔][»”\"’')\]\s]*$")
_CAPITAL = re.compile(r"[«“\"‘'(\[\s]*[^\W\d_]")
_HYPHENATED = re.compile(r"\w[-\u2010]$")
# Words that open a sentence and, with a capital, hardly ever stand inside one.
_OPENERS = frozenset(
    re.findall(
        r"\w+",
        """
    le la les un une des du de dans en au aux à après avant avec ce cet cette ces ceux il elle ils elles on
    nous vous pour par sur sous selon depuis alors mais et ou où si quand lorsque chaque plus moins tout tous
    toute toutes face grâce comme entre sans c d j l n s qu mardi lundi mercredi jeudi vendredi samedi dimanche
    deux trois quatre cinq six sept huit neuf dix vingt trente quarante cinquante cent mille pendant chez votre
    notre leur son sa ses leurs nos vos aucun aucune personne rien tandis dès encore
    the a an in on at for with after before when while this these that those it he she they we you but and if
    as from to two three four five six seven eight nine ten every most since
    """,
    )
)
# Words that no headline and no sentence ends with.
_DANGLING = frozenset(
    re.findall(
        r"\w+",
        """
    le la les un une des du de d l dans en au aux à avec ce cet cette ces pour par sur sous selon et ou qui que qu dont
    ses son sa leur leurs nos vos votre notre sans chez entre vers ne n s se si très mais comme
    the a an of in on at for with and or to from by that its his her their our your as is are was were
    """,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLine:
    """A line as it stands in the source."""

    number: int
    text: str
    gap: bool  # a blank line stands before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Paragraphs, one a line."""

    lines: tuple[TypedLine, ...]
    doubts: tuple[int, ...] = ()  # numbers of lines at which a paragraph may as well begin as go on


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """How the caller tells lines that can be no continuation."""

    opens: Callable[[str], bool]  # an item, a call, an author, a label with words after it
    is_label: Callable[[str], bool]  # a label that fills its line
    announces: Callable[[str], bool]  # a label whose words go on: teasers
    is_author: Callable[[str], bool]

    def kind(self, text: str) -> RunKind:
        """What begins with this line."""
        if self.is_label(text):
            return "label"
        if self.announces(text):
            return "teasers"
        if self.is_author(text):
            return "author"
        return "item" if self.opens(text) else "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Full lines and the one that ends them: one paragraph, or several where the last line of one was full by chance."""

    lines: tuple[TypedLine, ...]
    kind: RunKind


def is_stopped(text: str) -> bool:
    """Whether a sentence, or a part of one, ends here."""
    return bool(_STOPPED.search(text.rstrip()))


def is_ended(text: str) -> bool:
    """Whether a sentence ends here."""
    return bool(_ENDED.search(text.rstrip()))


def begins_capital(text: str) -> bool:
    """Whether the first letter is a capital one."""
    found = _CAPITAL.match(text)
    return bool(found) and text[found.end() - 1].isupper() if found else False


def opens_sentence(text: str) -> bool:
    """Whether its first word hardly ever has a capital inside a sentence."""
    return re.split(r"[\s’']", text.strip().lstrip("«“\"‘'( \u00a0\u202f"))[0].casefold() in _OPENERS


def dangles(text: str) -> bool:
    """Whether its last word asks for another one."""
    words = re.split(r"[\s’']", text.strip().rstrip("’'"))
    return text.rstrip().endswith((",", ";", "’", "'", "-", "–", "—", "(", "«")) or words[-1].casefold() in _DANGLING


def text_of(part: Sequence[TypedLine], most: int | None = None) -> str:
    """The words of lines that belong together; with ``most``, of as many lines as have that many characters."""
    pieces: list[str] = []
    length = 0
    for line in part:
        if most is not None and length >= most:
            break
        glue = _glue(pieces[-1]) if pieces else ""
        pieces += [glue, line.text.strip()]
        length += len(glue) + len(pieces[-1])
    return "".join(pieces)


def lengths_of(part: Sequence[TypedLine]) -> list[tuple[int, int]]:
    """For every line, how long the text before it is, and how long the text from it on."""
    texts = [line.text.strip() for line in part]
    glues = ["", *map(_glue, texts[:-1])]
    ends = list(accumulate(len(glue) + len(text) for glue, text in zip(glues, texts, strict=True)))
    return [(end - len(glue) - len(text), ends[-1] - end + len(text)) for end, glue, text in zip(ends, glues, texts, strict=True)]


def _glue(text: str) -> str:
    return "" if _HYPHENATED.search(text) else " "
