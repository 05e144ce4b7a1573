"""Lengths: subject, preheader, words, time, teasers and further reading."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from composer.check.measures import Measures
from composer.check.places import key_line
from composer.check.rules import finding
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter
from composer.text.counting import count_words, reading_minutes
from composer.text.merge import find_fields
from composer.words import Words

LONGEST_SUBJECT = 60
SHORTEST_PREHEADER, LONGEST_PREHEADER = 40, 130
LONGEST_READING_MIN = 10
FEWEST_ISSUES = 3  # fewer earlier ones say nothing about what is usual


def check_lengths(issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all families
    """What inboxes cut, and what readers expect."""
    subject = "".join(part if isinstance(part, str) else part.fallback or "" for part in find_fields(issue.subject))
    if len(subject) > LONGEST_SUBJECT:
        message = Words(fr=f"L’objet compte {len(subject)}\u00a0caractères.", en=f"The subject has {len(subject)} characters.")
        yield finding("subject-long", path=issue.path, line=issue.subject_line, message=message)
    yield from _preheader(issue, measures)
    for story in issue.stories:
        if story.kind == "story" and not story.teaser.strip():
            yield finding("no-teaser", path=story.path, line=1)
        if story.kind != "sponsor" and not story.further_reading:
            yield finding("no-further-reading", path=story.path)
    yield from _words(issue, measures)


def _preheader(issue: Issue, measures: Measures) -> Iterator[Finding]:
    length = len(measures.preheader)
    line = key_line(measures.sources, issue.path, "preheader")
    if length < SHORTEST_PREHEADER:
        message = Words(
            fr=f"La ligne qui suit l’objet ne compte que {length}\u00a0caractères.", en=f"The preheader has only {length} characters."
        )
        yield finding("preheader-short", path=issue.path, line=line, message=message)
    elif length > LONGEST_PREHEADER:
        message = Words(fr=f"La ligne qui suit l’objet compte {length}\u00a0caractères.", en=f"The preheader has {length} characters.")
        yield finding("preheader-long", path=issue.path, line=line, message=message)


def _words(issue: Issue, measures: Measures) -> Iterator[Finding]:
    words = count_words(issue)
    minutes = reading_minutes(words)
    if minutes > LONGEST_READING_MIN:
        message = Words(
            fr=f"Le numéro demande {minutes}\u00a0minutes de lecture ({words}\u00a0mots).",
            en=f"The issue takes {minutes} minutes to read ({words} words).",
        )
        yield finding("reading-time", path=issue.path, message=message)
    if len(measures.word_counts) < FEWEST_ISSUES:
        return
    usual = median(measures.word_counts)
    if not usual * 0.5 <= words <= usual * 1.8:
        message = Words(
            fr=f"Le numéro compte {words}\u00a0mots, d’ordinaire {usual:.0f}.", en=f"The issue has {words} words, usually {usual:.0f}."
        )
        yield finding("word-count", path=issue.path, message=message)
