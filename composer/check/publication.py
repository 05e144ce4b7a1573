"""The publication: sender and headers. Where readers reach it stands in ``reach``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from composer.check.measures import Measures
from composer.check.reach import CONFIG_PATH
from composer.check.rules import finding
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter
from composer.words import Words

LONGEST_HEADER_BYTES = 998  # RFC 5322 §2.1.1, without CRLF
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def check_publication(issue: Issue, newsletter: Newsletter, _measures: Measures) -> Iterator[Finding]:
    """What newsletter.toml must say before anything is sent."""
    sender = newsletter.sender
    if "@" not in sender.address:
        yield finding("no-sender", path=CONFIG_PATH)
    if "@" not in sender.reply_to:
        yield finding("no-reply-to", path=CONFIG_PATH)
    yield from _headers(issue, newsletter)


def _headers(issue: Issue, newsletter: Newsletter) -> Iterator[Finding]:
    sender = newsletter.sender
    named = (
        ("Subject", issue.subject, issue.path, issue.subject_line),
        ("From", sender.name, CONFIG_PATH, 0),
        ("From", sender.address, CONFIG_PATH, 0),
        ("Reply-To", sender.reply_to, CONFIG_PATH, 0),
        ("List-Id", newsletter.list_id, CONFIG_PATH, 0),
        ("List-Id", newsletter.name, CONFIG_PATH, 0),
        ("List-Unsubscribe", newsletter.site.public_url, CONFIG_PATH, 0),
    )
    for header, value, path, line in named:
        if _CONTROLS.search(value) or not _folds(value, header):
            message = Words(fr=f"L’en-tête {header} ne peut pas être plié.", en=f"The header {header} cannot be folded.")
            yield finding("header-unfoldable", path=path, line=line, message=message)


def _folds(value: str, header: str) -> bool:
    """Addresses and identifiers fold nowhere; words fold at their spaces, and longer ones as encoded words (RFC 2047)."""
    room = LONGEST_HEADER_BYTES - len(header) - 60  # punctuation, and the path and token of the unsubscribe address
    longest = max((len(word.encode()) for word in value.split()), default=0)
    return longest <= room
