"""All families of rules over one issue."""

from __future__ import annotations

from collections.abc import Iterable

from composer.check.client_support import check_client_support
from composer.check.completeness import check_completeness
from composer.check.finished import check_finished
from composer.check.grammar import check_grammar
from composer.check.law import check_law
from composer.check.lengths import check_lengths
from composer.check.links import check_links
from composer.check.measures import Measures
from composer.check.pictures import check_pictures
from composer.check.publication import check_publication
from composer.check.reach import check_reach
from composer.check.rules import name_issue
from composer.check.sponsors import check_sponsors
from composer.check.style import check_style
from composer.check.telling import check_telling
from composer.check.wording import check_wording
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter

_FAMILIES = (
    check_completeness,
    check_sponsors,
    check_links,
    check_pictures,
    check_wording,
    check_publication,
    check_law,
    check_reach,
    check_telling,
    check_lengths,
    check_style,
    check_grammar,
    check_finished,
    check_client_support,
)
# A rectificatif has no number, one story, and says at once what it is.
_OF_FULL_ISSUES = frozenset(
    {"no-lead", "number-missing", "number-gap", "no-teaser", "no-further-reading", "preheader-short", "length", "sponsor-absent"}
)
_RANKS = {"error": 0, "warning": 1, "advice": 2}


def check_issue(issue: Issue, newsletter: Newsletter, *, measures: Measures) -> tuple[Finding, ...]:
    """Every finding about an issue, errors first, then in the order of the mail."""
    found = [finding for family in _FAMILIES for finding in family(issue, newsletter, measures)]
    if issue.correction_of:
        found = [finding for finding in found if finding.rule not in _OF_FULL_ISSUES]
    return sort_findings(name_issue(found, issue.id), paths=[issue.path, *(story.path for story in issue.stories)])


def sort_findings(findings: Iterable[Finding], *, paths: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Errors first; inside a level by file, in the order of ``paths``, then line."""
    places = {path: place for place, path in enumerate(paths)}
    unique = dict.fromkeys(findings)
    return tuple(
        sorted(unique, key=lambda one: (_RANKS[one.level], places.get(one.path, len(places)), one.path, one.line, one.col, one.rule))
    )


def by_level(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, otherwise in the order given."""
    return tuple(sorted(findings, key=lambda one: _RANKS[one.level]))
