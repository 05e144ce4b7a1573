"""The finished mail: its size, its way out, its colours."""

from __future__ import annotations

from collections.abc import Iterator

from composer.check.contrast import faint_texts
from composer.check.footer import check_footer
from composer.check.measures import Measures
from composer.check.paid import check_paid
from composer.check.rules import finding
from composer.check.seen.sight import Sight
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter
from composer.words import Words

AMBER_BYTES = 80 * 1024
GMAIL_BYTES = 102 * 1024  # Gmail hides what comes after


def check_finished(issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:
    """What can only be seen on the edition."""
    edition = measures.edition
    if edition is None:
        return
    sight = Sight(edition.html, edition.field_prefix)
    yield from _size(issue, edition.size_bytes)
    yield from check_footer(newsletter, edition, sight)
    yield from check_paid(issue, newsletter, edition, sight)
    for faint in faint_texts(edition.html):
        message = Words(
            fr=f"«\u00a0{faint.text}\u00a0»\u00a0: {faint.colour} sur {faint.ground}, {faint.ratio:.1f}".replace(".", ",") + "\u00a0: 1.",
            en=f"“{faint.text}”: {faint.colour} on {faint.ground}, {faint.ratio:.1f}:1.",
        )
        yield finding("contrast", message=message)


def _size(issue: Issue, size_bytes: int) -> Iterator[Finding]:
    kilobytes = size_bytes / 1024
    message = Words(
        fr=f"Le message pèse {kilobytes:.0f}\u00a0Ko\u00a0; Gmail coupe à 102.",
        en=f"The message weighs {kilobytes:.0f} KB; Gmail cuts at 102.",
    )
    if size_bytes > GMAIL_BYTES:
        yield finding("too-big", path=issue.path, message=message)
    elif size_bytes > AMBER_BYTES:
        yield finding("size", path=issue.path, message=message)
