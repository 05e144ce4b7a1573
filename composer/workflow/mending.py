"""Putting the safe mends of the checks into the files of an issue."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from composer.check.style import measure_issue
from composer.compose.arrange import all_pictures
from composer.compose.editing import set_front, set_order
from composer.compose.front import read_front
from composer.compose.grammar import read_order
from composer.compose.mending import set_apostrophes, space_colons, space_high_signs, tidy_spaces
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.text.names import fold_credit
from composer.workflow.linking import list_links, set_links
from composer.workspace.folder import Workspace
from composer.workspace.issues import load_issue
from composer.workspace.sources import digest_of, read_source, write_source

Change = Callable[[str], str]


def mend_issue(workspace: Workspace, issue_id: str, findings: Sequence[Finding]) -> None:
    """Mend what ``findings`` say and can be mended; raises FolderError where nothing may be written."""
    rules = {one.rule for one in findings if one.fixable}
    issue = load_issue(workspace, issue_id)
    if "order-unlisted" in rules:
        _list_order(workspace, issue)
    if "credits-twice" in rules:
        _drop_given_credits(workspace, issue)
    changes: list[Change] = []
    if rules & {"untidy-source", "double-space"}:
        changes.append(tidy_spaces)
    if "mixed-typography" in rules:
        changes += _unify(workspace, issue)
    for path in (issue.path, *(story.path for story in issue.stories)):
        _change(workspace, path, changes)
    if "link-without-scheme" in rules:
        bare = [row for row in list_links(workspace, issue_id) if row["url"].strip().lower().startswith("www.")]
        set_links(workspace, issue_id, [{"id": row["id"], "url": f"https://{row['url'].strip()}"} for row in bare])


def _list_order(workspace: Workspace, issue: Issue) -> None:
    text = read_source(workspace, issue.path)
    listed = read_order(read_front(text, path=issue.path))
    ids = (*listed, *(story_id for story_id in issue.unordered if story_id not in listed))
    write_source(workspace, issue.path, set_order(text, ids, path=issue.path), if_digest=digest_of(text))


def _drop_given_credits(workspace: Workspace, issue: Issue) -> None:
    """The credits that no picture bears stay; without one, so does not the line."""
    given = {fold_credit(picture.credit) for picture in all_pictures(issue)}
    loose = tuple(credit for credit in issue.credits if fold_credit(credit) not in given)
    text = read_source(workspace, issue.path)
    write_source(workspace, issue.path, set_front(text, "credits", loose or None, path=issue.path), if_digest=digest_of(text))


def _unify(workspace: Workspace, issue: Issue) -> list[Change]:
    """The house's way where it has one, else that of the greater number."""
    style, measure = workspace.newsletter.typography, measure_issue(issue)
    changes: list[Change] = []
    if measure.colon == "mixed":
        spaced = style.colon == "space" or (style.colon == "keep" and measure.colon_spaced >= measure.colon_tight)
        changes.append(lambda text: space_colons(text, "space" if spaced else "tight"))
    if measure.high == "mixed":
        high = style.high == "space" or measure.high_spaced >= measure.high_tight
        changes.append(lambda text: space_high_signs(text, "space" if high else "tight"))
    if measure.curly_apostrophes and measure.straight_apostrophes:
        changes.append(lambda text: set_apostrophes(text, "curly"))
    return changes


def _change(workspace: Workspace, path: str, changes: Sequence[Change]) -> None:
    text = before = read_source(workspace, path)
    for change in changes:
        text = change(text)
    if text != before:
        write_source(workspace, path, text, if_digest=digest_of(before))
