"""«Et aussi» below the first story: rarely a list of teasers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from composer.compose.importing.shapes import is_sentence
from composer.compose.importing.shared_words import speak_of
from composer.compose.importing.sheet import Sheet
from composer.compose.importing.teasers import Teasers, read_teasers
from composer.compose.importing.values import Notes
from composer.model.issue import Story


def find_late_teasers(sheet: Sheet, opening: int, read: Callable[[], Sequence[Story]], known: Teasers, notes: Notes) -> Teasers:
    """Teasers below the first story: taken where nothing on top announces and each speaks of its story; else left in place and told."""
    for here in range(opening, len(sheet.lines)):
        if not sheet.is_label(here, "also") or is_sentence(sheet.lines[here].text):
            continue
        texts, end = read_teasers(sheet, here, len(sheet.lines), Notes())
        number = sheet.lines[here].number
        if not known.texts and speak_of(texts, [story for story in read() if story.kind == "story"]):
            notes.guess(
                number,
                fr="« Et aussi » sous les articles : lu comme leurs accroches",
                en="“Et aussi” below the stories: read as their teasers",
            )
            known = Teasers(texts=tuple(texts), lines=frozenset(range(here, end)), number=number)
            continue
        notes.guess(
            number,
            fr="« Et aussi » à cet endroit n’annonce pas à coup sûr les articles : laissé à sa place, dans l’article au-dessus",
            en="“Et aussi” in this place does not surely announce the stories: left in place, in the story above",
        )
    return known
