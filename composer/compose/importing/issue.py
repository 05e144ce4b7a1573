"""Lines of an issue as its author pastes it → Issue."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from composer.compose.importing.credits import read_credits
from composer.compose.importing.late_teasers import find_late_teasers
from composer.compose.importing.naming import MAX_ID, name_stories
from composer.compose.importing.number import read_number
from composer.compose.importing.obeyed import tell_obeyed
from composer.compose.importing.sections import Section, doubt_borders, find_sections
from composer.compose.importing.sheet import Sheet, make_sheet
from composer.compose.importing.sponsor import find_sponsors
from composer.compose.importing.stories import read_blocks, read_story
from composer.compose.importing.teasers import announce, find_teasers, is_prose_line, sure_teasers
from composer.compose.importing.values import Imported, Notes, RawLine
from composer.model.body import Picture
from composer.model.issue import Issue, Story
from composer.model.newsletter import Labels
from composer.text.names import slugify
from composer.words import counted

_MAX_SUBJECT = 200
_SUBJECT_LABEL = re.compile(r"(?:objet|sujet|subject)\s*:\s*(?=\S)", re.IGNORECASE)


def read_issue(
    lines: Sequence[RawLine],
    labels: Labels,
    *,
    sponsor_ends: frozenset[int],
    headlines: frozenset[int],
    notes: Notes,
    ids: Mapping[str, str],
) -> Imported:
    """The issue that ``lines`` are. The sets hold indexes of lines that somebody confirmed as a sponsor's last, or as headlines."""
    sheet = make_sheet(lines, labels, forced=headlines)
    subject, first = _subject(sheet, notes)
    number = read_number(subject, notes, line=sheet.lines[0].number)
    sections = find_sections(sheet, find_sponsors(sheet, confirmed=sponsor_ends), first)
    opening = sections[0].start if sections else len(sheet.lines)
    found = find_teasers(sheet, first, opening)
    teasers = sure_teasers(sheet, found, lambda: _stories(sheet, sections, labels, Notes()), notes)
    sections = doubt_borders(sheet, sections, 0 if is_prose_line(sheet, found) else len(found.texts))
    teasers = find_late_teasers(sheet, opening, lambda: _stories(sheet, sections, labels, Notes()), teasers, notes)
    sheet = replace(sheet, taken=teasers.lines | tell_obeyed(sheet, notes))
    credited = read_credits(sheet, first)
    introduction = tuple(read_blocks(sheet, first, opening, labels, notes))
    stories, surplus = announce(_stories(sheet, sections, labels, notes), teasers, notes)
    _tell_credits(sheet, credited, stories, notes)
    _tell_missing(subject, stories, notes)
    preheader = f"{labels.also} {' – '.join(teasers.texts)}".strip() if surplus else ""
    notes.unclassified += [(teasers.number, teaser) for teaser in surplus]
    issue = Issue(
        id=slugify(subject, max_length=MAX_ID),
        number=number,
        subject=subject,
        preheader=preheader,
        introduction=introduction,
        stories=name_stories(stories, ids),
        credits=credited,
        subject_line=sheet.lines[0].number if subject else 0,
    )
    return Imported(
        issue=issue,
        unclassified=tuple(sorted(notes.unclassified)),
        guesses=tuple(sorted(notes.guesses, key=lambda guess: guess.line)),
        warnings=tuple(notes.warnings),
    )


def _subject(sheet: Sheet, notes: Notes) -> tuple[str, int]:
    """The first line without its «Objet :», unless it is a label, or opens the first story itself."""
    if not sheet.lines or sheet.labels[0] or sheet.lines[0].form in {"item", "block"} or len(sheet.lines[0].text) > _MAX_SUBJECT:
        return "", 0
    if _is_first_headline(sheet):
        return "", 0
    subject = sheet.lines[0].text.replace("\n", " ")
    label = _SUBJECT_LABEL.match(subject)
    if label:
        told = label[0].strip()
        notes.warn(line=sheet.lines[0].number, fr=f"« {told} » n’est pas repris dans l’objet", en=f"“{told}” is not taken into the subject")
    return subject[label.end() if label else 0 :], 1


def _is_first_headline(sheet: Sheet) -> bool:
    """Text follows the first line at once, so there is no subject above the first headline."""
    if len(sheet.lines) < 2 or sheet.labels[1]:
        return False
    if sheet.lines[0].form == "heading":
        same = sum(line.form == "heading" and line.level == sheet.lines[0].level for line in sheet.lines)
        return same > 1 and sheet.lines[1].form != "heading" and sheet.lines[0].level <= sheet.story_level
    return not sheet.story_level and sheet.headlines[0] == "sure" and not sheet.headlines[1]


def _stories(sheet: Sheet, sections: Sequence[Section], labels: Labels, notes: Notes) -> list[Story]:
    stories = [read_story(sheet, section, labels, notes) for section in sections]
    marked = next((here for here, section in enumerate(sections) if section.start and sheet.is_label(section.start - 1, "lead")), None)
    return _kinds(stories, marked)


def _kinds(stories: Sequence[Story], marked: int | None) -> list[Story]:
    """The story under «À la une» leads, else the first one that is no sponsor."""
    first = next((here for here, story in enumerate(stories) if story.kind != "sponsor"), None)
    lead = first if marked is None else marked
    return [replace(story, kind="lead") if here == lead else story for here, story in enumerate(stories)]


def _tell_credits(sheet: Sheet, credited: tuple[str, ...], stories: Sequence[Story], notes: Notes) -> None:
    pictures = sum(bool(story.image) + sum(isinstance(block, Picture) for block in story.blocks) for story in stories)
    if credited and len(credited) != pictures:
        given = counted(len(credited), ("crédit", "crédits"), ("credit", "credits"))
        shown = counted(pictures, ("image", "images"), ("picture", "pictures"))
        notes.warn(
            line=next((line.number for here, line in enumerate(sheet.lines) if sheet.is_label(here, "credits")), 0),
            fr=f"{given.fr} pour {shown.fr} : à attribuer, dans issue.md",
            en=f"{given.en} for {shown.en}: to be given to pictures, in issue.md",
        )


def _tell_missing(subject: str, stories: Sequence[Story], notes: Notes) -> None:
    if not subject:
        notes.warn(fr="aucun objet : la première ligne n’en est pas un", en="no subject: the first line is none")
    for number, story in enumerate(stories, start=1):
        if not story.headline:
            notes.warn(line=_line_of(story), fr=f"l’article {number} n’a pas de titre", en=f"story {number} has no headline")
        if story.kind == "sponsor" and not story.advertiser:
            notes.warn(
                line=_line_of(story),
                fr="l’annonceur n’est pas nommé : écrivez « advertiser: » dans son fichier",
                en="the advertiser is not named: write “advertiser:” in its file",
            )


def _line_of(story: Story) -> int:
    """The line of the source at which the story begins."""
    return story.headline_line or next((getattr(block, "line", 0) for block in story.blocks), 0)
