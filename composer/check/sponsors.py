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
from composer.words import Words

BOOKINGS_PATH = "sponsors/bookings.csv"
_BOOKED = frozenset({"booked", "confirmed", "réservé", "reserve", "réservée", "confirmé", "confirmée", "ferme", "vendu"})


def check_sponsors(issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:
    """Whatever is paid for must be seen to be so (LCEN art. 20)."""
    sponsors = [story for story in issue.stories if story.kind == "sponsor"]
    label = newsletter.labels.sponsor
    if sponsors and len(re.findall(r"[^\W\d_]", label)) < 3:
        yield finding(
            "sponsor-label",
            path="newsletter.toml",
            message=Words(
                fr=f"Le libellé des annonceurs est illisible\u00a0: «\u00a0{label}\u00a0».",
                en=f"The sponsors’ label is illegible: “{label}”.",
            ),
        )
    for story in sponsors:
        if not re.search(r"\w", story.advertiser):
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
    flat = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in flat if char.isalnum())


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
