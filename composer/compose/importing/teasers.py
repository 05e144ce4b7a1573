"""«Et aussi»: which lines announce the secondary stories, and to which story each teaser belongs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from composer.compose.importing.labels import split_dashes
from composer.compose.importing.shapes import MAX_HEADLINE, could_be_headline, final, is_greeting, is_sentence
from composer.compose.importing.shared_words import match_teasers, shared_words
from composer.compose.importing.sheet import Sheet
from composer.compose.importing.values import Guess, Notes
from composer.model.issue import Story
from composer.words import counted

_ENUMERATION = re.compile(r",.*\s(?:et|ou|and|or)\s", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teasers:
    """What one or more «Et aussi» announce."""

    texts: tuple[str, ...] = ()
    lines: frozenset[int] = frozenset()  # indexes of the lines that they fill
    number: int = 1  # line of the first label in the source
    guesses: tuple[Guess, ...] = ()  # of their reading, to be told when they are taken


def find_teasers(sheet: Sheet, first: int, opening: int) -> Teasers:
    """What may be teasers above the first story, which begins at ``opening``."""
    notes = Notes()
    texts: list[str] = []
    lines: set[int] = set()
    labels = [here for here in range(first, opening) if sheet.is_label(here, "also")]
    for here in labels:
        found, end = read_teasers(sheet, here, opening, notes)
        texts += found
        lines.update(range(here, end))
    for here in labels[1:]:
        notes.guess(
            sheet.lines[here].number,
            fr="un second « Et aussi » : ses accroches suivent celles du premier",
            en="a second “Et aussi”: its teasers follow those of the first",
        )
    number = sheet.lines[labels[0]].number if labels else 1
    return Teasers(texts=tuple(texts), lines=frozenset(lines), number=number, guesses=tuple(notes.guesses))


def read_teasers(sheet: Sheet, start: int, stop: int, notes: Notes) -> tuple[list[str], int]:
    """The teasers of the label at ``start``: on its line, as items, or as short lines; and the index after them."""
    label = sheet.labels[start]
    texts = list(split_dashes(label.rest)) if label else []
    end = start + 1
    while end < stop and sheet.lines[end].form == "item" and not sheet.labels[end]:
        texts.append(sheet.lines[end].text)
        end += 1
    if texts:
        return texts, end
    end = _end_of_bare(sheet, end, stop)
    if end > start + 1:
        notes.guess(
            sheet.lines[start + 1].number,
            fr="lu comme une accroche d’« Et aussi », sans tiret",
            en="read as a teaser of “Et aussi”, without a dash",
        )
    return [line.text for line in sheet.lines[start + 1 : end]], end


def _end_of_bare(sheet: Sheet, start: int, stop: int) -> int:
    end = start
    while end < stop and not sheet.labels[end] and _is_bare(sheet, end):
        end += 1
    return end


def _is_bare(sheet: Sheet, here: int) -> bool:
    line = sheet.lines[here]
    short = line.form == "text" and len(line.text) <= MAX_HEADLINE and could_be_headline(line.text)
    return short and not is_sentence(line.text) and not is_greeting(line.text)


def sure_teasers(sheet: Sheet, found: Teasers, read: Callable[[], Sequence[Story]], notes: Notes) -> Teasers:
    """``found`` when it announces the stories; else nothing: its lines stay as they are written, and that is told."""
    if not found.lines:
        return found
    stories = [story for story in read() if story.kind == "story"]
    lone = len(found.texts) == 1
    if found.texts and not is_prose_line(sheet, found) and match_teasers(found.texts, stories):
        if lone and not shared_words(found.texts[0], stories[0]):
            notes.guess(
                found.number,
                fr="lu comme l’accroche du seul article après la une",
                en="read as the teaser of the only story after the lead",
            )
        notes.guesses += found.guesses
        return found
    notes.guess(
        found.number,
        fr="cette ligne n’annonce pas à coup sûr les articles, un à un : laissée telle quelle, à sa place",
        en="this line does not surely announce the stories one by one: left as it is, in its place",
    )
    return Teasers()


def is_prose_line(sheet: Sheet, found: Teasers) -> bool:
    """«Au sommaire : un tram, un partenaire et une brocante.» is a sentence on the whole issue, no teaser of one story."""
    if len(found.texts) != 1:
        return False
    labels = (sheet.labels[here] for here in found.lines)
    text = found.texts[0]
    return any(label and label.whole for label in labels) or final(text) == "." or bool(_ENUMERATION.search(text))


def announce(stories: Sequence[Story], teasers: Teasers, notes: Notes) -> tuple[list[Story], tuple[str, ...]]:
    """Teasers given to the secondary stories; those left over."""
    secondary = [here for here, story in enumerate(stories) if story.kind == "story"]
    given = match_teasers(teasers.texts, [stories[here] for here in secondary])
    announced = list(stories)
    for which, at in given.items():
        announced[secondary[at]] = replace(announced[secondary[at]], teaser=teasers.texts[which])
    told = len(teasers.texts)
    if told and told != len(secondary):
        announces = counted(told, ("article", "articles"), ("story", "stories"))
        notes.warn(
            line=teasers.number,
            fr=f"« Et aussi » annonce {announces.fr}, le numéro en a {len(secondary)} après la une",
            en=f"“Et aussi” announces {announces.en}, the issue has {len(secondary)} after the lead",
        )
    return announced, tuple(text for which, text in enumerate(teasers.texts) if which not in given)
