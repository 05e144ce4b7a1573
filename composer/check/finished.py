"""The finished mail: its size, its way out, its colours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from composer.check.contrast import faint_texts
from composer.check.measures import EditionMeasure, Measures
from composer.check.rules import finding
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter
from composer.text.typography import typeset_text
from composer.words import Words

AMBER_BYTES = 80 * 1024
GMAIL_BYTES = 102 * 1024  # Gmail hides what comes after


def check_finished(issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:
    """What can only be seen on the edition."""
    edition = measures.edition
    if edition is None:
        return
    yield from _size(issue, edition.size_bytes)
    token = f"{edition.field_prefix}-unsubscribe-url-"
    if not re.search(rf'href="[^"]*{re.escape(token)}', edition.html):
        yield finding("unsubscribe-missing")
    elif token not in edition.text:
        yield finding(
            "unsubscribe-missing",
            message=Words(
                fr="Le lien de désinscription est absent du texte brut.", en="The unsubscribe link is absent from the plain text."
            ),
        )
    yield from _label(issue, newsletter, edition)
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


def _label(issue: Issue, newsletter: Newsletter, edition: EditionMeasure) -> Iterator[Finding]:
    """The template prints the label; one that was changed by hand may have lost it."""
    if not any(story.kind == "sponsor" for story in issue.stories) or not newsletter.labels.sponsor.strip():
        return
    label = _letters(typeset_text(newsletter.labels.sponsor, newsletter.typography))
    if label not in _letters(re.sub(r"<[^>]*>", "", edition.html)) or label not in _letters(edition.text):
        yield finding(
            "sponsor-label",
            message=Words(fr="Le libellé de l’annonceur est absent de la maquette.", en="The sponsor’s label is absent from the edition."),
            hint=Words(fr="Rendez-le au gabarit\u00a0: {{ labels.sponsor }}", en="Give it back to the template: {{ labels.sponsor }}"),
        )


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
