"""What is paid for, in the finished mail: its label and its advertiser stand before its words, and can be read (LCEN art. 20)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from composer.check.measures import EditionMeasure
from composer.check.rules import finding
from composer.check.seen.flow import Flow, Stretch, bare, flow_of_text
from composer.check.seen.sight import Fault, Pane, Sight
from composer.check.seen.views import PAGE_VIEWS
from composer.model.findings import Finding
from composer.model.issue import Issue, Story
from composer.model.newsletter import Newsletter
from composer.text.merge import find_fields
from composer.text.passages import passages
from composer.words import Words

_FEW_LETTERS = 12  # shorter stretches stand in many places

HTML = Words(fr="dans le courriel", en="in the mail")
PAGE = Words(fr="dans la version en ligne", en="in the web view")
TEXT = Words(fr="en texte brut", en="in the plain text")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paid:
    """A sponsor among the other words of its issue."""

    story: Story
    chunks: tuple[str, ...]  # its own words, in order: the headline first
    others: tuple[str, ...]  # everybody else's


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The three things that readers can look at."""

    mail: Sight
    page: Sight | None
    text: Flow


def check_paid(issue: Issue, newsletter: Newsletter, edition: EditionMeasure, sight: Sight) -> Iterator[Finding]:
    """Every sponsor whose label or advertiser a reader of the mail, its page or its text would not see."""
    shown = _Shown(
        mail=sight,
        page=Sight(edition.web_html, edition.field_prefix, PAGE_VIEWS) if edition.web_html else None,
        text=flow_of_text(edition.text, edition.field_prefix),
    )
    for paid in _paid(issue):
        asked = (("sponsor-label", newsletter.labels.sponsor), ("advertiser-missing", paid.story.advertiser))
        found = [one for rule, words in asked if bare(words) for one in _once(rule, words, paid, shown)]
        unsure = next((one for one in found if one.rule == "sponsor-unsure"), None)
        yield from (one for one in found if one.rule != "sponsor-unsure" or one is unsure)
        if not any(one.level == "error" for one in found):
            yield from _beside(paid.story, shown)


def _beside(story: Story, shown: _Shown) -> Iterator[Finding]:
    """What stands elsewhere in the mail and may cover words that nothing hides."""
    for sight, where in ((shown.mail, HTML), (shown.page, PAGE)):
        if sight is not None and (odd := sight.find_odd_beside()):
            yield _uncertain(story, where, Words(fr=f"`{odd}`", en=f"`{odd}`"), around=False)
            return


def _once(rule: str, words: str, paid: _Paid, shown: _Shown) -> Iterator[Finding]:
    """One finding for each place where it is wrong: the mail, its page, its text."""

    def places(pane: Pane) -> list[list[LexborNode]]:
        return pane.nodes(_announced(pane.flow, words, paid))

    yield from _told(rule, words, paid.story, HTML, list(shown.mail.faults(places, surely=True)))
    if shown.page is not None:
        yield from _told(rule, words, paid.story, PAGE, list(shown.page.faults(places, surely=True)))
    if not any(_announced(shown.text, words, paid)):
        yield _absent(rule, words, paid.story, TEXT)


def _paid(issue: Issue) -> Iterator[_Paid]:
    mailed = [(passage.story, _longest(passage.text)) for passage in passages(issue) if passage.kind != "subject"]
    for sponsor in issue.stories:
        if sponsor.kind == "sponsor":
            own = tuple(words for story, words in mailed if story is sponsor and bare(words))
            others = tuple(words for story, words in mailed if story is not sponsor and len(bare(words)) >= _FEW_LETTERS)
            yield _Paid(story=sponsor, chunks=own, others=others)


def _longest(text: str) -> str:
    """The longest stretch without a merge field: what stands in the edition as it was typed."""
    return max((part for part in find_fields(text) if isinstance(part, str)), key=len, default="")


def _announced(flow: Flow, words: str, paid: _Paid) -> Iterator[Stretch]:
    """Every place of ``words`` that announces the sponsor: after what others said, before its own first paragraph."""
    begin = _beginning(flow, paid.chunks)
    if begin is None:
        return
    before = max((found.end for other in paid.others if (found := _last_before(flow, other, begin.start))), default=0)
    after = [found.start for chunk in paid.chunks[1:] if (found := next(flow.find(chunk, begin.end), None))]
    yield from flow.find(words, before, min(after, default=begin.end))


def _beginning(flow: Flow, chunks: Sequence[str]) -> Stretch | None:
    """Where the sponsor's words begin: its headline, the one that its first paragraph follows most closely."""
    places = next((found for chunk in chunks if (found := list(flow.find(chunk)))), [])
    rest = [start for chunk in chunks[1:2] for start in (one.start for one in flow.find(chunk))]

    def distance(place: Stretch) -> int:
        return min((start - place.end for start in rest if start >= place.end), default=len(flow.letters))

    return min(reversed(places), key=distance, default=None)


def _last_before(flow: Flow, words: str, limit: int) -> Stretch | None:
    found = None
    for found in flow.find(words, 0, limit):  # noqa: B007 - the last one is what is asked for
        pass
    return found


def _told(rule: str, words: str, story: Story, where: Words, faults: Sequence[Fault]) -> Iterator[Finding]:
    firm = [fault for fault in faults if not fault.turned and not fault.unsure]
    if firm and all(fault.absent for fault in firm):
        yield _absent(rule, words, story, where)
    elif firm:
        yield _unseen(rule, words, story, where, next(fault for fault in firm if not fault.absent))
    elif unsure := next((fault for fault in faults if fault.unsure), None):
        yield _uncertain(story, where, unsure.why, around=True)
    elif faults:
        yield _unseen("sponsor-inverted", words, story, where, faults[0])


def _unseen(rule: str, words: str, story: Story, where: Words, fault: Fault) -> Finding:
    return finding(
        rule,
        path=story.path,
        message=Words(
            fr=f"«\u00a0{words}\u00a0» ne se lit pas {where.fr}\u00a0: {fault.why.fr} ({fault.view.name.fr}).",
            en=f"“{words}” cannot be read {where.en}: {fault.why.en} ({fault.view.name.en}).",
        ),
        hint=_MEND,
    )


def _uncertain(story: Story, where: Words, what: Words, *, around: bool) -> Finding:
    """One words for the label and the advertiser: it is the same element that puzzles."""
    fr, en = (
        ("autour de la mention du partenaire", "around the sponsor’s label")
        if around
        else ("ailleurs, ce qui peut recouvrir la mention", "elsewhere, which may cover the label,")
    )
    return finding(
        "sponsor-unsure",
        path=story.path,
        message=Words(
            fr=f"Le gabarit emploie {what.fr} {fr} {where.fr}\u00a0: on ne peut pas être sûr qu’elle se voie.",
            en=f"The template uses {what.en} {en} {where.en}: nobody can be sure that it is seen.",
        ),
    )


def _absent(rule: str, words: str, story: Story, where: Words) -> Finding:
    return finding(
        rule,
        path=story.path,
        message=Words(
            fr=f"«\u00a0{words}\u00a0» ne précède pas l’annonceur {where.fr}.",
            en=f"“{words}” does not stand before the sponsor’s words {where.en}.",
        ),
        hint=_MEND,
    )


_MEND = Words(
    fr="Dans templates/, imprimez {{ labels.sponsor }} et {{ story.advertiser }} avant le titre de l’annonceur, en 12 px au moins, contraste 4,5 : 1, en clair et en sombre.",
    en="In templates/, print {{ labels.sponsor }} and {{ story.advertiser }} before the sponsor’s headline, at 12 px or more, contrast 4.5:1, in light and dark.",
)
