"""Which lines of an issue belong to which story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from composer.compose.importing.shapes import byline, run_in
from composer.compose.importing.sheet import Sheet
from composer.compose.importing.sponsor import SponsorSpan
from composer.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The lines ``[start, end)`` of one story."""

    start: int
    end: int
    sponsor: SponsorSpan | None = None


def find_sections(sheet: Sheet, sponsors: Sequence[SponsorSpan], first: int) -> list[Section]:
    """One section a story: editorial ones open at headlines outside of sponsors."""
    inside = [False] * (len(sheet.lines) + 1)
    starts: dict[int, SponsorSpan | None] = {}
    for sponsor in sponsors:
        inside[sponsor.start : sponsor.end] = [True] * (sponsor.end - sponsor.start)
        starts[sponsor.start] = sponsor
        after = sponsor.end + sponsor.closed
        # A border that a line says, or that somebody confirmed, opens a story even without a headline.
        if not sponsor.doubts and after < len(sheet.lines) and not sheet.labels[after]:
            starts.setdefault(after, None)
    for here, strength in enumerate(sheet.headlines):
        if strength and here >= first and not inside[here]:
            starts.setdefault(here, None)
    ordered = [*sorted(starts), len(sheet.lines)]
    return [Section(start=start, end=end, sponsor=starts[start]) for start, end in pairwise(ordered)]


def doubt_borders(sheet: Sheet, sections: Sequence[Section], teasers: int) -> list[Section]:
    """Where «Et aussi» counts otherwise, a bare story right after a sponsor may still be the sponsor's text."""
    secondary = sum(section.sponsor is None for section in sections) - 1
    if not teasers or teasers == secondary:
        return list(sections)
    doubt = Words(fr="« Et aussi » n’annonce pas autant d’articles", en="“Et aussi” announces another number of stories")
    judged: list[Section] = []
    for section, after in zip(sections, [*sections[1:], None], strict=False):
        bare = after is not None and after.sponsor is None and not _is_editorial(sheet, after)
        sure = section.sponsor and (section.sponsor.doubts or section.sponsor.confirmed or section.sponsor.closed)
        doubted = section.sponsor and not sure and bare
        judged.append(replace(section, sponsor=replace(section.sponsor, doubts=(doubt,))) if doubted and section.sponsor else section)
    return judged


def _is_editorial(sheet: Sheet, section: Section) -> bool:
    """Whether a section has what only stories have: an author, a run-in head, further reading."""
    for here in range(section.start, section.end):
        label, line = sheet.labels[here], sheet.lines[here]
        if (label and label.kind == "more") or (line.form == "text" and (byline(line.text) or run_in(line.text))):
            return True
    return False
