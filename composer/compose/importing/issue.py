"""Lines of an issue as its author pastes it → Issue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from composer.compose.importing.body import further_reading, plain_blocks
from composer.compose.importing.credits import credit_lines, read_credits
from composer.compose.importing.labels import Label, opens_like_sponsor, split_dashes
from composer.compose.importing.sections import Section, doubt_borders, find_sections
from composer.compose.importing.shapes import byline
from composer.compose.importing.sheet import Sheet, make_sheet
from composer.compose.importing.sponsor import SponsorSpan, find_sponsors
from composer.compose.importing.values import Guess, Imported, Notes, RawLine
from composer.model.body import Block, Picture, Span, Spans, plain
from composer.model.issue import Issue, Story
from composer.model.newsletter import Labels
from composer.text.names import slugify
from composer.words import Words

FRENCH_IDS: Mapping[str, str] = {"lead": "une", "sponsor": "partenaire"}
_MAX_SUBJECT = 200
_MAX_ID = 40


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
    subject, first = _subject(sheet)
    sections = find_sections(sheet, find_sponsors(sheet, confirmed=sponsor_ends), first)
    opening = sections[0].start if sections else len(sheet.lines)
    teasers, also = _teasers(sheet, first, opening)
    sections = doubt_borders(sheet, sections, len(teasers))
    credited = read_credits(sheet, first)
    introduction = (*_blocks(sheet, first, also.start, labels, notes), *_blocks(sheet, also.stop, opening, labels, notes))
    stories = [_story(sheet, section, labels, notes) for section in sections]
    stories, surplus = _announce(_kinds(stories), teasers, notes)
    _tell_credits(credited, stories, notes)
    _tell_missing(subject, stories, notes)
    preheader = f"{labels.also} {' – '.join(teasers)}".strip() if surplus else ""
    notes.unclassified += [(_also_line(sheet), teaser) for teaser in surplus]
    issue = Issue(
        id=slugify(subject, max_length=_MAX_ID),
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


def _subject(sheet: Sheet) -> tuple[str, int]:
    """The first line, unless it is a label, or opens the first story itself."""
    if not sheet.lines or sheet.labels[0] or sheet.lines[0].form in {"item", "block"} or len(sheet.lines[0].text) > _MAX_SUBJECT:
        return "", 0
    if _is_first_headline(sheet):
        return "", 0
    return sheet.lines[0].text.replace("\n", " "), 1


def _is_first_headline(sheet: Sheet) -> bool:
    """Text follows the first line at once, so there is no subject above the first headline."""
    if len(sheet.lines) < 2 or sheet.labels[1]:
        return False
    if sheet.lines[0].form == "heading":
        same = sum(line.form == "heading" and line.level == sheet.lines[0].level for line in sheet.lines)
        return same > 1 and sheet.lines[1].form != "heading" and sheet.lines[0].level <= sheet.story_level
    return not sheet.story_level and sheet.headlines[0] == "sure" and not sheet.headlines[1]


def _teasers(sheet: Sheet, first: int, opening: int) -> tuple[tuple[str, ...], range]:
    """What «Et aussi» announces, and the lines that it fills."""
    here = next((here for here in range(first, opening) if (label := sheet.labels[here]) and label.kind == "also"), None)
    label = sheet.labels[here] if here is not None else None
    if here is None or label is None:
        return (), range(first, first)
    if label.rest:
        return split_dashes(label.rest), range(here, here + 1)
    end = here + 1
    while end < opening and sheet.lines[end].form == "item":
        end += 1
    return tuple(line.text for line in sheet.lines[here + 1 : end]), range(here, end)


def _also_line(sheet: Sheet) -> int:
    return next((line.number for line, label in zip(sheet.lines, sheet.labels, strict=True) if label and label.kind == "also"), 1)


def _story(sheet: Sheet, section: Section, labels: Labels, notes: Notes) -> Story:
    if section.sponsor:
        return _sponsor_story(sheet, section, section.sponsor, labels, notes)
    start = section.start
    headline: Spans = ()
    line = sheet.lines[start]
    if sheet.headlines[start] or (len(line.text) <= 140 and line.form in {"text", "heading"}):
        headline = _headline_spans(line)
        start += 1
    if sheet.headlines[section.start] == "guess":
        notes.guess(
            line.number, fr="lu comme le titre d’un article, sans certitude", en="read as the headline of a story, without certainty"
        )
    elif opens_like_sponsor(line.text):
        notes.guess(line.number, fr="lu comme un titre, non comme une annonce", en="read as a headline, not as a sponsor’s label")
    author, start = _author(sheet, start, section.end)
    blocks = tuple(_blocks(sheet, start, section.end, labels, notes))
    return Story(id="", headline=headline, author=author, blocks=blocks, headline_line=line.number if headline else 0)


def _headline_spans(line: RawLine) -> Spans:
    spans = tuple(replace(span, strong=False, text=span.text.replace("\n", " ")) for span in line.spans)
    return spans if any(span.emphasis or span.link is not None for span in spans) else (Span(text=plain(spans), line=0),)


def _author(sheet: Sheet, start: int, end: int) -> tuple[str, int]:
    if start < end and sheet.lines[start].form == "text" and not sheet.labels[start]:
        name = byline(sheet.lines[start].text)
        if name:
            return name, start + 1
    return "", start


def _sponsor_story(sheet: Sheet, section: Section, sponsor: SponsorSpan, labels: Labels, notes: Notes) -> Story:
    label = sheet.labels[section.start] or Label(kind="sponsor")
    start = section.start + 1
    headline: Spans = (Span(text=label.headline),) if label.headline else ()
    blocks: list[Block] = []
    if sponsor.headline is not None:
        blocks += plain_blocks(sheet.lines[start : sponsor.headline], notes, sponsor=True)
        headline = _headline_spans(sheet.lines[sponsor.headline])
        start = sponsor.headline + 1
    blocks += _blocks(sheet, start, section.end, labels, notes, sponsor=True)
    doubts = _all_doubts(sheet, section, sponsor, label)
    last = sheet.lines[sponsor.end - 1].number
    notes.guesses += [Guess(line=last, reason=_border_reason(doubt, last)) for doubt in doubts]
    return Story(
        id="",
        kind="sponsor",
        headline=headline,
        advertiser=label.rest,
        border="unsure" if doubts else "sure",
        blocks=tuple(blocks),
        headline_line=sheet.lines[sponsor.headline if sponsor.headline is not None else section.start].number,
    )


def _all_doubts(sheet: Sheet, section: Section, sponsor: SponsorSpan, label: Label) -> list[Words]:
    doubts = list(sponsor.doubts)
    if label.doubtful:
        doubts.append(
            Words(fr="l’annonce s’ouvre sur un mot qui peut être celui d’un titre", en="its first word may be that of a headline")
        )
    tail = [here for here in range(sponsor.end, section.end) if not (sheet.labels[here] and sheet.labels[here].kind == "credits")]  # type: ignore[union-attr]
    if tail and not _is_credit_tail(sheet, tail) and not doubts:
        doubts.append(Words(fr="du texte sans titre suit l’annonce", en="text without a headline follows the sponsor"))
    return doubts


def _is_credit_tail(sheet: Sheet, tail: Sequence[int]) -> bool:
    """Whether what is left are the items of a credits label."""
    taken = set(credit_lines(sheet, tail[0] - 1 if tail[0] else 0, tail[-1] + 1))
    return all(here in taken for here in tail)


def _border_reason(doubt: Words, line: int) -> Words:
    return Words(
        fr=f"{doubt.fr} ; elle s’arrêterait à la ligne {line} (pour confirmer : --sponsor-ends {line})",
        en=f"{doubt.en}; it would end at line {line} (to confirm: --sponsor-ends {line})",
    )


def _blocks(sheet: Sheet, start: int, end: int, labels: Labels, notes: Notes, *, sponsor: bool = False) -> Iterable[Block]:
    """Blocks of ``[start, end)``; credits are taken elsewhere, other labels than further reading stay as paragraphs."""
    taken = set(credit_lines(sheet, start, end))
    run: list[RawLine] = []
    here = start
    while here < end:
        label = sheet.labels[here]
        if label and label.kind == "more":
            yield from plain_blocks(run, notes, sponsor=sponsor)
            run = []
            stop = next((after for after in range(here + 1, end) if sheet.labels[after] or after in taken), end)
            block, length = further_reading(sheet.lines[here:stop], 0, labels.more, notes, inline=label.rest)
            if block.links:
                yield block
            else:
                run.append(sheet.lines[here])
            here += length
            _tell_tail(sheet, here, stop, notes)
            continue
        if here not in taken:
            run.append(sheet.lines[here])
        here += 1
    yield from plain_blocks(run, notes, sponsor=sponsor)


def _tell_tail(sheet: Sheet, here: int, stop: int, notes: Notes) -> None:
    if here < stop and sheet.lines[here].form == "text":
        notes.guess(
            sheet.lines[here].number,
            fr="ce texte suit « Pour aller plus loin » : un titre manque peut-être (--headline LIGNE)",
            en="this text follows further reading: a headline may be missing (--headline LINE)",
        )


def _kinds(stories: Sequence[Story]) -> list[Story]:
    """The first story that is no sponsor leads."""
    lead = next((here for here, story in enumerate(stories) if story.kind != "sponsor"), None)
    return [replace(story, kind="lead") if here == lead else story for here, story in enumerate(stories)]


def _announce(stories: Sequence[Story], teasers: tuple[str, ...], notes: Notes) -> tuple[list[Story], tuple[str, ...]]:
    """Teasers given to the secondary stories in order; those left over."""
    secondary = [here for here, story in enumerate(stories) if story.kind == "story"]
    announced = list(stories)
    for here, teaser in zip(secondary, teasers, strict=False):
        announced[here] = replace(announced[here], teaser=teaser)
    if teasers and len(teasers) != len(secondary):
        notes.warn(
            fr=f"« Et aussi » annonce {len(teasers)} {_plural(len(teasers), 'article')}, le numéro en a {len(secondary)} après la une",
            en=f"“Et aussi” announces {len(teasers)} stories, the issue has {len(secondary)} after the lead",
        )
    return announced, teasers[len(secondary) :]


def _plural(count: int, noun: str) -> str:
    return noun if count < 2 else f"{noun}s"


def _tell_credits(credited: tuple[str, ...], stories: Sequence[Story], notes: Notes) -> None:
    pictures = sum(bool(story.image) + sum(isinstance(block, Picture) for block in story.blocks) for story in stories)
    if credited and len(credited) != pictures:
        notes.warn(
            fr=f"{len(credited)} {_plural(len(credited), 'crédit')} pour {pictures} {_plural(pictures, 'image')} : ils restent dans issue.md, à attribuer",
            en=f"{len(credited)} credits for {pictures} pictures: they stay in issue.md, to be given to pictures",
        )


def _tell_missing(subject: str, stories: Sequence[Story], notes: Notes) -> None:
    if not subject:
        notes.warn(fr="aucun objet : la première ligne n’en est pas un", en="no subject: the first line is none")
    for number, story in enumerate(stories, start=1):
        if not story.headline:
            notes.warn(fr=f"l’article {number} n’a pas de titre", en=f"story {number} has no headline")
        if story.kind == "sponsor" and not story.advertiser:
            notes.warn(
                fr="l’annonceur n’est pas nommé : écrivez « advertiser: » dans son fichier",
                en="the advertiser is not named: write “advertiser:” in its file",
            )


def name_stories(stories: Sequence[Story], ids: Mapping[str, str]) -> tuple[Story, ...]:
    """Stories with ids: those of ``ids`` for lead and sponsor, else the first words of the headline; each once."""
    taken: set[str] = set()
    counts: dict[str, int] = {}
    named: list[Story] = []
    for number, story in enumerate(stories, start=1):
        wanted = ids.get(story.kind) or _short_slug(story.headline_text) or f"article-{number}"
        name = wanted
        while name in taken:
            counts[wanted] = counts.get(wanted, 1) + 1
            name = f"{wanted}-{counts[wanted]}"
        taken.add(name)
        named.append(replace(story, id=name))
    return tuple(named)


_LITTLE = re.compile(r"^(?:(?:l|d|j|n|s|c|qu|le|la|les|un|une|des|du|de|a|au|aux|en|the|an|of)-)+")


def _short_slug(text: str) -> str:
    slug = slugify(text, max_length=_MAX_ID)
    short = _LITTLE.sub("", slug) or slug
    return "article" if short in {"issue", "readme", "edition"} else short
