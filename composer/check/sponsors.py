"""Sponsors: named, labelled, bordered, present when booked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from composer.check.measures import Booking, Measures
from composer.check.places import key_line
from composer.check.rules import finding
from composer.model.findings import Finding
from composer.model.issue import Issue, Story
from composer.model.newsletter import Newsletter
from composer.text.saying import turns_around, visible_letters
from composer.words import Words

_FEW_LETTERS = 3  # «AD» is known below; of anything else fewer say nothing
# How words begin that tell a reader that somebody paid, in French and English, without accents.
_SAY_PAID = (
    "pub", "annonc", "partenair", "partenariat", "partner", "sponsor", "parrain", "mecen", "commandit", "promo", "reclame", "communique",
    "soutien", "soutenu", "offert", "finance", "remunere", "paye", "paid", "ads?(?![a-z])", "advert", "commercial", "collaboration", "marque",
    "brand", "supported", "presented", "presente par", "propose par", "brought to you", "affili", "pr(?![a-z])",
)  # fmt: skip
BOOKINGS_PATH = "sponsors/bookings.csv"
_BOOKED = frozenset({"booked", "confirmed", "réservé", "reserve", "réservée", "confirmé", "confirmée", "ferme", "vendu"})


def check_sponsors(issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:
    """Whatever is paid for must be seen to be so (LCEN art. 20)."""
    sponsors = [story for story in issue.stories if story.kind == "sponsor"]
    if sponsors:
        yield from _label(newsletter)
    for story in sponsors:
        if not visible_letters(story.advertiser) or turns_around(story.advertiser):
            yield finding("advertiser-missing", path=story.path, line=key_line(measures.sources, story.path, "advertiser"))
    for story in issue.stories:
        if story.border == "unsure":
            yield finding("sponsor-border", path=story.path, line=key_line(measures.sources, story.path, "border"))
    for booking in measures.bookings:
        if (
            _is_for(booking, issue)
            and booking.status.strip().casefold() in _BOOKED
            and not any(_keeps(story, booking) for story in sponsors)
        ):
            yield _absent(booking)


def _label(newsletter: Newsletter) -> Iterator[Finding]:
    """Whether the label says something, and that it is an advertisement."""
    label = newsletter.labels.sponsor
    letters = [char for char in visible_letters(label).casefold() if char.isalpha()]
    words = _flat(label)
    known = any(re.search(rf"(?<![a-z]){stem}", words) for stem in _SAY_PAID)
    if turns_around(label) or (not known and (len(letters) < _FEW_LETTERS or len(set(letters)) < _FEW_LETTERS)):
        yield finding(
            "sponsor-label",
            path="newsletter.toml",
            message=Words(
                fr=f"Le libellé des annonceurs ne dit rien\u00a0: «\u00a0{_shown(label)}\u00a0».",
                en=f"The sponsors’ label says nothing: “{_shown(label)}”.",
            ),
        )
    elif not known and newsletter.locale[:2].lower() in {"fr", "en"}:
        yield finding(
            "sponsor-label-vague",
            path="newsletter.toml",
            message=Words(
                fr=f"«\u00a0{label}\u00a0» ne dit pas que c’est une publicité.", en=f"“{label}” does not say that this is an advertisement."
            ),
        )


def _flat(text: str) -> str:
    """Small letters without accents."""
    return "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(char))


def _shown(label: str) -> str:
    """What a terminal or a page can show of it; the names of characters where there is nothing to see."""
    return label if visible_letters(label) and not turns_around(label) else " ".join(f"U+{ord(char):04X}" for char in label[:6])


def _is_for(booking: Booking, issue: Issue) -> bool:
    wanted = booking.issue.strip()
    if wanted:
        return wanted in {issue.id, str(issue.number)}
    return issue.date is not None and booking.day.strip() == issue.date.isoformat()


def _keeps(story: Story, booking: Booking) -> bool:
    if story.booking and story.booking == f"{booking.day.strip()}/{booking.slot.strip()}":
        return True
    return bool(booking.advertiser.strip()) and _bare(story.advertiser) == _bare(booking.advertiser)


def _bare(name: str) -> str:
    return "".join(char for char in _flat(name) if char.isalnum())


def _absent(booking: Booking) -> Finding:
    name = booking.advertiser or booking.slot
    return finding(
        "sponsor-absent",
        path=BOOKINGS_PATH,
        line=booking.line,
        message=Words(
            fr=f"«\u00a0{name}\u00a0» a réservé ce numéro et n’y figure pas.", en=f"“{name}” booked this issue and is not in it."
        ),
    )
