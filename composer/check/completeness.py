"""Is everything there: subject, stories, headlines, order, number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from composer.check.measures import Measures
from composer.check.places import body_line, key_line
from composer.check.rules import finding
from composer.model.findings import Finding
from composer.model.issue import Issue, Story
from composer.model.newsletter import Newsletter
from composer.words import Words


def check_completeness(issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all families
    """What an issue cannot do without."""
    if not issue.subject.strip():
        yield finding("no-subject", path=issue.path, line=issue.subject_line or body_line(measures.sources, issue.path))
    if not issue.stories:
        yield finding("no-story", path=issue.path)
    for story in issue.stories:
        if not story.headline_text.strip():
            yield finding("no-headline", path=story.path, line=story.headline_line or body_line(measures.sources, story.path))
        if story.status == "todo":
            yield _todo(story, measures)
    yield from _order(issue, measures)
    yield from _kinds(issue)
    yield from _number(issue, measures)


def _todo(story: Story, measures: Measures) -> Finding:
    name = story.headline_text.strip() or story.id
    said = Words(fr=f"« {name} » est encore à faire (status: todo).", en=f"“{name}” is still to be written (status: todo).")
    return finding("story-todo", path=story.path, line=key_line(measures.sources, story.path, "status"), message=said)


def _order(issue: Issue, measures: Measures) -> Iterator[Finding]:
    line = key_line(measures.sources, issue.path, "order")
    for story_id in issue.missing:
        yield finding(
            "order-missing",
            path=issue.path,
            line=line,
            message=Words(
                fr=f"L’ordre du numéro nomme «\u00a0{story_id}\u00a0», qui n’a pas de fichier.",
                en=f"The order of the issue names “{story_id}”, which has no file.",
            ),
        )
    for story_id in issue.unordered:
        yield finding(
            "order-unlisted",
            path=issue.path,
            line=line,
            message=Words(
                fr=f"«\u00a0{story_id}\u00a0» n’est pas dans l’ordre du numéro\u00a0: il vient en dernier.",
                en=f"“{story_id}” is not listed in the order of the issue: it comes last.",
            ),
        )


def _kinds(issue: Issue) -> Iterator[Finding]:
    leads = [story for story in issue.stories if story.kind == "lead"]
    if issue.stories and not leads:
        yield finding("no-lead", path=issue.path)
    for story in leads[1:]:
        yield finding("two-leads", path=story.path, line=1)
    for before, story in pairwise(issue.stories):
        if before.kind == story.kind == "sponsor":
            yield finding("sponsors-adjacent", path=story.path, line=1)


def _number(issue: Issue, measures: Measures) -> Iterator[Finding]:
    line = key_line(measures.sources, issue.path, "number")
    if issue.number is None:
        yield finding("number-missing", path=issue.path, line=line)
        return
    same = sorted(issue_id for issue_id, number in measures.numbers.items() if number == issue.number and issue_id != issue.id)
    if same:
        yield finding(
            "number-twice",
            path=issue.path,
            line=line,
            message=Words(
                fr=f"Le n°\u00a0{issue.number} est aussi celui de «\u00a0{same[0]}\u00a0».",
                en=f"No. {issue.number} is also that of “{same[0]}”.",
            ),
        )
    before = [number for issue_id, number in measures.numbers.items() if number < issue.number and issue_id != issue.id]
    if before and max(before) < issue.number - 1:
        yield finding(
            "number-gap",
            path=issue.path,
            line=line,
            message=Words(
                fr=f"La numérotation passe du n°\u00a0{max(before)} au n°\u00a0{issue.number}.",
                en=f"The numbering goes from no. {max(before)} to no. {issue.number}.",
            ),
        )
