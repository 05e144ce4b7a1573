"""Lines that say what others are: obeyed, told, and not printed, since the letter sets such words by itself."""

from __future__ import annotations

from composer.compose.importing.rubrics import RUBRICS
from composer.compose.importing.sheet import Sheet
from composer.compose.importing.values import Notes
from composer.model.body import plain
from composer.words import Words

_SAYS = {
    "end": Words(fr="clôt l’annonce", en="closes the sponsor"),
    "also_heading": Words(fr="ouvre les articles qui suivent", en="opens the stories that follow"),
    "lead": Words(fr="désigne la une : l’article qui suit", en="marks the lead: the story that follows"),
}


def tell_obeyed(sheet: Sheet, notes: Notes) -> frozenset[int]:
    """The indexes of the lines that close a sponsor or name a rubric; each is told."""
    obeyed = {here: label.kind for here, label in enumerate(sheet.labels) if label and label.kind in {"end", *RUBRICS}}
    for here, kind in obeyed.items():
        line, says = sheet.lines[here], _SAYS[kind]
        words = plain(line.as_paragraph)
        notes.warn(
            line=line.number,
            fr=f"« {words} » {says.fr} ; ces mots ne sont pas repris",
            en=f"“{words}” {says.en}; these words are not taken over",
        )
    return frozenset(obeyed)
