"""Where a sponsor's text begins and ends; what is not certain about it is said.

Silent and shameful is a sponsor's text printed as editorial, or the reverse: every doubt makes the border unsure.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from composer.compose.importing.labels import Label
from composer.compose.importing.rubrics import RUBRICS
from composer.compose.importing.shapes import MAX_HEADLINE, byline, call, final, is_body, is_url, run_in
from composer.compose.importing.sheet import Sheet
from composer.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorSpan:
    """The lines ``[start, end)`` of one sponsor; ``start`` is its label."""

    start: int
    headline: int | None  # index of the headline's line; None: missing, or on the label's line
    end: int
    confirmed: bool = False  # somebody said where it ends
    closed: bool = False  # a line says that it ends: «Fin de la publicité», at ``end``
    doubts: tuple[Words, ...] = ()  # why the end is a guess; (): it is sure


def find_sponsors(sheet: Sheet, *, confirmed: frozenset[int]) -> list[SponsorSpan]:
    """All sponsors in order. ``confirmed``: indexes of lines that somebody said are the last of a sponsor."""
    starts = [here for here, label in enumerate(sheet.labels) if label and label.kind == "sponsor"]
    bounds = pairwise([*starts, len(sheet.lines)])
    return [_span(sheet, start, following, confirmed) for start, following in bounds]


def _span(sheet: Sheet, start: int, following: int, confirmed: frozenset[int]) -> SponsorSpan:
    headline = _headline(sheet, start, following)
    last_said = max((here for here in confirmed if start <= here < following), default=None)
    if last_said is not None:
        kept = headline if headline is not None and headline <= last_said else None
        return SponsorSpan(start=start, headline=kept, end=last_said + 1, confirmed=True)
    first = start + 1 if headline is None else headline + 1
    marker = next((here for here in range(start + 1, following) if sheet.is_label(here, "end")), None)
    if marker is not None:
        return _closed(sheet, start, headline, marker)
    limit = next((here for here in range(first, following) if sheet.labels[here]), following)
    return _guess_end(sheet, start, headline, first, limit)


def _closed(sheet: Sheet, start: int, headline: int | None, marker: int) -> SponsorSpan:
    """A sponsor whose end a line says, unless stories stand in between."""
    kept = headline if headline is not None and headline < marker else None
    doubts: tuple[Words, ...] = ()
    if _editorial_mark(sheet, start + 1 if kept is None else kept + 1, marker) < marker:
        doubts = (
            Words(
                fr="un article semble se trouver dans l’annonce, avant la ligne qui la clôt",
                en="a story seems to stand inside the sponsor, before the line that closes it",
            ),
        )
    return SponsorSpan(start=start, headline=kept, end=marker, closed=True, doubts=doubts)


def _headline(sheet: Sheet, start: int, following: int) -> int | None:
    """The line after the label, unless the label brought its own, or that line is text, an item or a run of calls."""
    here = start + 1
    label = sheet.labels[start]
    while here < following and sheet.lines[here].form == "block":
        here += 1
    if here >= following or (label and label.headline) or sheet.labels[here]:
        return None
    line = sheet.lines[here]
    if line.form == "item" or len(line.text) > MAX_HEADLINE or is_url(line.text) or _is_its_text(sheet, here, following, label):
        return None
    followed_by_call = here + 1 < following and call(sheet.lines[here + 1].spans)
    return None if call(line.spans) and line.form != "heading" and (followed_by_call or here + 1 == following) else here


def _is_its_text(sheet: Sheet, here: int, following: int, label: Label | None) -> bool:
    """A sentence with its full stop that no text follows, or below the advertiser's name, is what the sponsor says."""
    line = sheet.lines[here]
    if line.form != "text" or final(line.text) not in {".", "…"} or call(line.spans):
        return False
    after = sheet.lines[here + 1] if here + 1 < following else None
    is_followed = after is not None and after.form == "text" and is_body(after.text) and not call(after.spans)
    return not is_followed or bool(label and label.rest)


def _guess_end(sheet: Sheet, start: int, headline: int | None, first: int, limit: int) -> SponsorSpan:
    editorial = _editorial_mark(sheet, first, limit)
    calls = [here for here in range(first, limit) if is_call(sheet, here)]
    inside = [here for here in calls if here < editorial]
    last = inside[-1] if inside else -1
    heads = [here for here in range(first, limit) if _is_candidate(sheet, here)]
    # A headline that follows the sponsor's own one at once cannot end it: nothing of the sponsor would be left.
    end = next((here for here in heads if here > last and (here > first or headline is None)), limit)
    doubts = _doubts(sheet, last, end, limit, heads=heads, later_calls=len(inside) < len(calls))
    return SponsorSpan(start=start, headline=headline, end=end, doubts=(*doubts, *_doubts_of_calls(sheet, inside)))


def _doubts(sheet: Sheet, last: int, end: int, limit: int, *, heads: list[int], later_calls: bool) -> list[Words]:
    doubts: list[Words] = []
    label = sheet.labels[limit] if limit < len(sheet.lines) else None
    is_bounded = end == limit and label is not None and label.kind in RUBRICS
    if last < 0 and not is_bounded:
        doubts.append(
            Words(
                fr="aucun appel trouvé : la fin de l’annonce est supposée", en="no call to action found: the end of the sponsor is a guess"
            )
        )
    if later_calls or any(here < last or (here < end and last < 0) for here in heads):
        doubts.append(
            Words(fr="une ligne de l’annonce ressemble à un titre d’article", en="a line of the sponsor looks like the headline of a story")
        )
    if last >= 0 and any(here not in heads and not is_picture(sheet, here) for here in range(last + 1, end)):
        doubts.append(Words(fr="du texte suit le dernier appel", en="text follows the last call to action"))
    if end == limit and label and label.kind not in {"sponsor", "credits", *RUBRICS}:
        doubts.append(Words(fr="une rubrique d’article suit sans titre", en="a section of a story follows without a headline"))
    if last >= 0 and end < limit and sheet.headlines[end] == "guess":
        doubts.append(Words(fr="le titre qui suit l’annonce est incertain", en="the headline after the sponsor is uncertain"))
    return doubts


def is_call(sheet: Sheet, here: int) -> bool:
    """Whether this line of a sponsor is a call to action."""
    line = sheet.lines[here]
    if sheet.labels[here] or line.form == "block" or (line.form == "heading" and not line.spans[0].link):
        return False
    return call(line.spans)


def _doubts_of_calls(sheet: Sheet, calls: list[int]) -> list[Words]:
    """A call with running text right under it may be «🚂 La gare ferme», of a newsletter that decorates its headlines."""
    under = [sheet.lines[here + 1] for here in calls[:-1] if here + 1 not in calls]
    if not any(line.form == "text" and len(line.text) > MAX_HEADLINE for line in under):
        return []
    return [
        Words(
            fr="du texte suit un appel, qui est peut-être le titre d’un article",
            en="text follows a call to action, which may be the headline of a story",
        )
    ]


def is_picture(sheet: Sheet, here: int) -> bool:
    """Whether this line is a picture, a rule or another block without words of its own."""
    return sheet.lines[here].form == "block"


def _is_candidate(sheet: Sheet, here: int) -> bool:
    """A headline-like line that is no call and does not merely lead to one."""
    if not sheet.headlines[here] or is_call(sheet, here):
        return False
    after = here + 1
    return sheet.lines[here].form == "heading" or not (after < len(sheet.lines) and is_call(sheet, after))


def _editorial_mark(sheet: Sheet, first: int, limit: int) -> int:
    """The first headline-like line whose text has a byline or run-in heads, as only stories have them; else ``limit``."""
    head = limit
    for here in range(first + 1, limit):
        if _is_candidate(sheet, here):
            head = here
        elif head < limit and sheet.lines[here].form == "text" and (byline(sheet.lines[here].text) or run_in(sheet.lines[here].text)):
            return head
    return limit
