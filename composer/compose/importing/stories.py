"""The lines of one story → Story: headline, author, blocks; of a sponsor with what is not certain about its border."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from composer.compose.importing.body import further_reading, plain_blocks
from composer.compose.importing.credits import credit_lines
from composer.compose.importing.labels import Label, opens_like_sponsor
from composer.compose.importing.sections import Section
from composer.compose.importing.shapes import MAX_HEADLINE, byline, could_be_headline, final, is_body, is_greeting, is_weak_headline
from composer.compose.importing.sheet import Sheet
from composer.compose.importing.signing_off import closing_blocks, closing_start
from composer.compose.importing.sponsor import SponsorSpan
from composer.compose.importing.values import Counts, Guess, Notes, RawLine
from composer.model.body import Block, Picture, Span, Spans, plain
from composer.model.issue import Story
from composer.model.newsletter import Labels
from composer.words import Words

_MIN_WORDS = 2  # more of them may be a headline


def read_story(sheet: Sheet, section: Section, labels: Labels, notes: Notes) -> Story:
    """The story of ``section``, not yet named; what was guessed about it goes to ``notes``."""
    if section.sponsor:
        return _sponsor_story(sheet, section, section.sponsor, labels, notes)
    start = section.start
    headline: Spans = ()
    line = sheet.lines[start]
    if sheet.headlines[start] or (len(line.text) <= MAX_HEADLINE and line.form in {"text", "heading"}):
        headline = _headline_spans(line)
        start += 1
    if sheet.headlines[section.start] == "guess":
        notes.guess(
            line.number, fr="lu comme le titre d’un article, sans certitude", en="read as the headline of a story, without certainty"
        )
    elif opens_like_sponsor(line.text):
        notes.guess(line.number, fr="lu comme un titre, non comme une annonce", en="read as a headline, not as a sponsor’s label")
    author, by = _author(sheet, start, section.end)
    if author and " " not in author:
        notes.guess(sheet.lines[by].number, fr="lu comme le nom de l’auteur", en="read as the author’s name")
    closing = closing_start(sheet, start, section.end) if section.end == len(sheet.lines) else section.end
    above = tuple(line.block for line in sheet.lines[start:by] if line.block)  # pictures between headline and author
    start = by + 1 if author else start
    blocks = (
        *(above if author else ()),
        *read_blocks(sheet, start, closing, labels, notes),
        *closing_blocks(sheet, closing, section.end, notes),
    )
    return Story(id="", headline=headline, author=author, blocks=blocks, headline_line=line.number if headline else 0)


def _headline_spans(line: RawLine) -> Spans:
    spans = tuple(replace(span, strong=False, text=span.text.replace("\n", " ")) for span in line.spans)
    return spans if any(span.emphasis or span.link is not None for span in spans) else (Span(text=plain(spans), line=0),)


def _author(sheet: Sheet, start: int, end: int) -> tuple[str, int]:
    """The author's name and the index of the line that says it; a picture may stand above."""
    here = start
    while here < end and isinstance(sheet.lines[here].block, Picture):
        here += 1
    if here < end and sheet.lines[here].form == "text" and not sheet.labels[here]:
        return byline(sheet.lines[here].text), here
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
    if not headline and label.rest:
        headline = (Span(text=label.rest),)
        notes.guess(
            sheet.lines[section.start].number,
            fr=f"« {label.rest} », lu comme le nom de l’annonceur, tient lieu de titre à l’annonce",
            en=f"“{label.rest}”, read as the advertiser’s name, stands for the headline of the sponsor",
        )
    blocks += read_blocks(sheet, start, section.end, labels, notes, sponsor=True)
    doubts = _all_doubts(sheet, section, sponsor, label)
    last = sheet.lines[sponsor.end - 1].number
    notes.guesses += [Guess(line=last, reason=_border_reason(doubt, last, notes.counts)) for doubt in doubts]
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
    if label.doubtful and not sponsor.closed:
        doubts.append(
            Words(fr="l’annonce s’ouvre sur un mot qui peut être celui d’un titre", en="its first word may be that of a headline")
        )
    tail = [here for here in range(sponsor.end, section.end) if here not in sheet.taken and not sheet.is_label(here, "credits")]
    if tail and not _is_credit_tail(sheet, tail) and not doubts:
        doubts.append(Words(fr="du texte sans titre suit l’annonce", en="text without a headline follows the sponsor"))
    return doubts


def _is_credit_tail(sheet: Sheet, tail: Sequence[int]) -> bool:
    """Whether what is left are the items of a credits label."""
    taken = set(credit_lines(sheet, tail[0] - 1 if tail[0] else 0, tail[-1] + 1))
    return all(here in taken for here in tail)


def _border_reason(doubt: Words, line: int, counts: Counts) -> Words:
    place = "au paragraphe" if counts == "paragraph" else "à la ligne"
    return Words(
        fr=f"{doubt.fr} ; elle s’arrêterait {place} {line} (pour confirmer : --sponsor-ends {line})",
        en=f"{doubt.en}; it would end at {counts} {line} (to confirm: --sponsor-ends {line})",
    )


def read_blocks(sheet: Sheet, start: int, end: int, labels: Labels, notes: Notes, *, sponsor: bool = False) -> Iterable[Block]:
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
        if here not in taken and here not in sheet.taken:
            run.append(sheet.lines[here])
            if not sponsor and here + 1 < end and _may_be_headline(sheet, here):
                notes.guess(
                    sheet.lines[here].number,
                    fr="cette ligne est peut-être le titre d’un article (--headline LIGNE)",
                    en="this line may be the headline of a story (--headline LINE)",
                )
        here += 1
    yield from plain_blocks(run, notes, sponsor=sponsor)


def _may_be_headline(sheet: Sheet, here: int) -> bool:
    """A lone question, exclamation or quotation above a sentence."""
    line, after = sheet.lines[here], sheet.lines[here + 1]
    if line.form != "text" or after.form != "text" or sheet.labels[here] or sheet.labels[here + 1] or is_greeting(line.text):
        return False
    lone = could_be_headline(line.text) and is_weak_headline(line.text) and final(line.text) not in {".", "…"}
    return lone and len(line.text.split()) > _MIN_WORDS and is_body(after.text)


def _tell_tail(sheet: Sheet, here: int, stop: int, notes: Notes) -> None:
    if here < stop and sheet.lines[here].form == "text":
        notes.guess(
            sheet.lines[here].number,
            fr="ce texte suit « Pour aller plus loin » : un titre manque peut-être (--headline LIGNE)",
            en="this text follows further reading: a headline may be missing (--headline LINE)",
        )
