"""What the steps of reading a Word document hand to each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from composer.words import Words

# Non-characters: no author types them, and XML allows them. Between them stands what mammoth must carry through unseen.
OPEN, CLOSE = "\ufdd0", "\ufdd1"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPicture:
    """A picture of the document, ready to be written beside a story."""

    file: str  # relative to the folder: ``images/pont-1f3a9c20.jpg``
    content: bytes  # JPEG, PNG or GIF that was opened and found whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture where the document shows it."""

    part: str  # the file in the package; "": it is not in the document
    alt: str = ""
    link: str = ""


@dataclass(slots=True)
class Told:
    """What is told about a document, collected while it is read."""

    _said: dict[Words, None] = field(default_factory=dict)
    inserted: int = 0  # words of tracked insertions, kept
    deleted: list[str] = field(default_factory=list)  # texts of tracked deletions, left out
    hidden: list[str] = field(default_factory=list)  # texts that Word hides, left out

    def say(self, *, fr: str, en: str) -> None:
        """One thing, once."""
        self._said.setdefault(Words(fr=fr, en=en))

    @property
    def words(self) -> tuple[Words, ...]:
        """What was said, in its order."""
        return tuple(self._said)


def quoted(text: str, most: int = 60) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
