"""The publication: sender, public address, legal notice, headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from composer.check.measures import Measures
from composer.check.rules import finding
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter
from composer.words import Words

CONFIG_PATH = "newsletter.toml"
LONGEST_HEADER_BYTES = 998  # RFC 5322 §2.1.1, without CRLF
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LOOPBACK = re.compile(r"^(?:localhost|127\.|0\.0\.0\.0|\[?::1)|\.(?:localhost|local|test|internal|lan)$", re.IGNORECASE)


def check_publication(issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:
    """What newsletter.toml must say before anything is sent."""
    sender, publisher = newsletter.sender, newsletter.publisher
    if "@" not in sender.address:
        yield finding("no-sender", path=CONFIG_PATH)
    if "@" not in sender.reply_to:
        yield finding("no-reply-to", path=CONFIG_PATH)
    if not publisher.address.strip() and not (publisher.name.strip() and publisher.director.strip() and publisher.contact.strip()):
        yield finding("no-postal-address", path=CONFIG_PATH)
    yield from _public_url(newsletter, measures)
    yield from _headers(issue, newsletter)


def _public_url(newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:
    url = newsletter.site.public_url
    problem = _url_problem(url, rehearsal=newsletter.site.rehearsal)
    answer = measures.links.get(url)
    if problem is None and answer and answer.state == "dead":
        problem = Words(
            fr=f"L’adresse publique «\u00a0{url}\u00a0» n’existe pas ({answer.status}).",
            en=f"The public address “{url}” does not exist ({answer.status}).",
        )
    if problem:
        yield finding("public-url", path=CONFIG_PATH, message=problem)


def _url_problem(url: str, *, rehearsal: bool) -> Words | None:
    if not url:
        return Words(
            fr="Il n’y a pas d’adresse publique\u00a0: ni images, ni page web, ni désinscription.",
            en="There is no public address: no pictures, no web view, no unsubscribe page.",
        )
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in {"http", "https"} or not host:
        return Words(fr=f"L’adresse publique «\u00a0{url}\u00a0» n’en est pas une.", en=f"The public address “{url}” is none.")
    if rehearsal:
        return None
    if parts.scheme != "https":
        return Words(fr=f"L’adresse publique «\u00a0{url}\u00a0» n’est pas en https.", en=f"The public address “{url}” is not https.")
    if _LOOPBACK.search(host):
        return Words(
            fr=f"L’adresse publique «\u00a0{url}\u00a0» ne mène qu’à cette machine.",
            en=f"The public address “{url}” leads to this machine only.",
        )
    return None


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
