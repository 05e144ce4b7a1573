"""«Et aussi»: which lines announce the secondary stories, and to which story each teaser belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from composer.compose.importing.labels import fold, split_dashes
from composer.compose.importing.shapes import MAX_HEADLINE, could_be_headline, is_greeting, is_sentence
from composer.compose.importing.sheet import Sheet
from composer.compose.importing.values import Notes
from composer.model.issue import Story
from composer.text.counting import texts_of
from composer.words import counted

_LEAST_WORD = 4  # letters of a word that a teaser shares with its story


@dataclass(frozen=True, slots=True, kw_only=True)
class Teasers:
    """What one or more «Et aussi» announce."""

    texts: tuple[str, ...] = ()
    lines: frozenset[int] = frozenset()  # indexes of the lines that they fill
    number: int = 1  # line of the first label in the source


def find_teasers(sheet: Sheet, first: int, opening: int, notes: Notes) -> Teasers:
    """The teasers above the first story, which begins at ``opening``."""
    texts: list[str] = []
    lines: set[int] = set()
    labels = [here for here in range(first, opening) if sheet.is_label(here, "also")]
    for here in labels:
        found, end = _read(sheet, here, opening, notes)
        texts += found
        lines.update(range(here, end))
    for here in labels[1:]:
        notes.guess(
            sheet.lines[here].number,
            fr="un second « Et aussi » : ses accroches suivent celles du premier",
            en="a second “Et aussi”: its teasers follow those of the first",
        )
    return Teasers(texts=tuple(texts), lines=frozenset(lines), number=sheet.lines[labels[0]].number if labels else 1)


def _read(sheet: Sheet, start: int, stop: int, notes: Notes) -> tuple[list[str], int]:
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


def find_late_teasers(sheet: Sheet, opening: int, read: Callable[[], Sequence[Story]], known: Teasers, notes: Notes) -> Teasers:
    """Teasers below the first story: taken where nothing on top announces and each speaks of its story; else left in place and told."""
    for here in range(opening, len(sheet.lines)):
        if not sheet.is_label(here, "also") or is_sentence(sheet.lines[here].text):
            continue
        texts, end = _read(sheet, here, len(sheet.lines), Notes())
        number = sheet.lines[here].number
        if not known.texts and _speak_of(texts, [story for story in read() if story.kind == "story"]):
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


def _speak_of(teasers: Sequence[str], stories: Sequence[Story]) -> bool:
    """Whether there are as many as stories, and each shares a word with its own."""
    pairs = zip(teasers, stories, strict=False)
    return len(teasers) == len(stories) > 0 and all(set(_words(text)) & set(_words_of(story)) for text, story in pairs)


def _words_of(story: Story) -> Iterator[str]:
    for text in (story.headline_text, *texts_of(story.blocks)):
        yield from _words(text)


def _words(text: str) -> list[str]:
    bare = "".join(char if char.isalnum() else " " for char in fold(text))
    return [word for word in bare.split() if len(word) >= _LEAST_WORD]


def announce(stories: Sequence[Story], teasers: Teasers, notes: Notes) -> tuple[list[Story], tuple[str, ...]]:
    """Teasers given to the secondary stories in order; those left over."""
    secondary = [here for here, story in enumerate(stories) if story.kind == "story"]
    announced = list(stories)
    for here, teaser in zip(secondary, teasers.texts, strict=False):
        announced[here] = replace(announced[here], teaser=teaser)
    told = len(teasers.texts)
    if told and told != len(secondary):
        announces = counted(told, ("article", "articles"), ("story", "stories"))
        notes.warn(
            line=teasers.number,
            fr=f"« Et aussi » annonce {announces.fr}, le numéro en a {len(secondary)} après la une",
            en=f"“Et aussi” announces {announces.en}, the issue has {len(secondary)} after the lead",
        )
    return announced, teasers.texts[len(secondary) :]
