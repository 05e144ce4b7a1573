"""The checks of an issue, with everything measured for them; and the mends that are safe."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PIL import Image

from composer.check.issue import check_issue, sort_findings
from composer.check.measures import Booking, EditionMeasure, LinkAnswer, Measures, PictureMeasure
from composer.check.rules import finding, name_issue
from composer.check.sponsors import BOOKINGS_PATH
from composer.check.wording import check_lines
from composer.compose.arrange import all_pictures, derive_preheader
from composer.errors import FolderError, HebdoError, NotFound, StoryError
from composer.model.edition import Edition
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.outside.links import check_addresses
from composer.text.counting import count_words
from composer.text.passages import links_of
from composer.words import Words
from composer.workflow.addresses import AddressMeasures, ask_addresses
from composer.workflow.client_support import measure_support
from composer.workflow.grammar import measure_grammar
from composer.workspace.folder import Workspace
from composer.workspace.issues import ISSUE_FILE, find_issue, list_issue_ids, list_story_paths, load_issue, numbers_of
from composer.workspace.pictures import read_picture
from composer.workspace.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Iterator

EARLIER_ISSUES = 6
Grammar = Literal["known", "read"]


def check(
    workspace: Workspace,
    ref: str,
    *,
    offline: bool = True,
    edition: Edition | None = None,
    grammar: Grammar = "known",
    addresses: AddressMeasures | None = None,
) -> tuple[Finding, ...]:
    """Every finding about an issue, errors first; raises NotFound and UsageError for ``ref`` alone.

    Without ``edition`` the issue is rendered here; unless ``offline`` its links and our own addresses are asked whether they live;
    ``addresses`` are what answered already. ``grammar`` says whether the outside reader is waited for, or told of only where it read
    the words before: what refuses a sending never waits for advice.
    """
    issue_id = find_issue(workspace, ref)
    sources = read_sources(workspace, issue_id)
    try:
        issue = load_issue(workspace, issue_id)
    except StoryError as error:
        return sort_findings([*name_issue([*check_lines(sources), as_finding("unreadable", error)], issue_id), *workspace.warnings])
    troubles: list[Finding] = []
    if edition is None:
        edition, troubles = _render(workspace, issue_id)
    bookings, unread = _bookings(workspace)
    measures = _measure(workspace, issue, sources, bookings, edition, offline=offline)
    asked = addresses or (AddressMeasures() if offline else ask_addresses(workspace, edition))
    measures = replace(measures, site=asked.site, reply=asked.reply, domain=asked.domain)
    measures = replace(measures, grammar=measure_grammar(workspace, issue, sources, wait=grammar == "read"))
    if edition is not None:
        measures = replace(measures, support=measure_support(workspace, today=datetime.now(UTC).date()))
    found = (*check_issue(issue, workspace.newsletter, measures=measures), *unread)
    paths = [issue.path, *(story.path for story in issue.stories)]
    return sort_findings([*found, *_new_troubles(name_issue(troubles, issue_id), found), *workspace.warnings], paths=paths)


def check_sources(workspace: Workspace, ref: str) -> tuple[Finding, ...]:
    """The findings that need no edition and no network."""
    issue_id = find_issue(workspace, ref)
    sources = read_sources(workspace, issue_id)
    issue = load_issue(workspace, issue_id)
    bookings, unread = _bookings(workspace)
    measures = _measure(workspace, issue, sources, bookings, None, offline=True)
    return (*check_issue(issue, workspace.newsletter, measures=measures), *unread)


def read_sources(workspace: Workspace, issue_id: str) -> dict[str, str]:
    """The text of every file of an issue; one that cannot be read as text is left to the loading, which tells."""
    folder = f"issues/{issue_id}"
    sources: dict[str, str] = {}
    for path in (f"{folder}/{ISSUE_FILE}", *list_story_paths(workspace, folder)):
        try:
            sources[path] = read_source(workspace, path)
        except HebdoError:
            continue
    return sources


def as_finding(rule: str, error: HebdoError) -> Finding:
    """An error as a finding at its place."""
    path, _, line = (error.where or "").rpartition(":")
    at = int(line) if path and line.isdigit() else 0
    return finding(rule, path=path if at else error.where or "", line=at, message=error.message, hint=error.hint)


def _render(workspace: Workspace, issue_id: str) -> tuple[Edition | None, list[Finding]]:
    from composer.workflow.previewing import render_issue

    try:
        return render_issue(workspace, issue_id), []
    except HebdoError as error:
        return None, [as_finding("edition", error)]


def _new_troubles(troubles: list[Finding], found: tuple[Finding, ...]) -> list[Finding]:
    """A rendering that failed is told unless the checks already say why."""
    return [] if any(one.level == "error" for one in found) else troubles


# Measuring ----------------------------------------------------------------------------------------------------------------------


def _measure(
    workspace: Workspace,
    issue: Issue,
    sources: Mapping[str, str],
    bookings: tuple[Booking, ...],
    edition: Edition | None,
    *,
    offline: bool,
) -> Measures:
    newsletter = workspace.newsletter
    return Measures(
        sources=sources,
        preheader=derive_preheader(issue, newsletter.labels),
        pictures={picture.file: _picture(workspace, issue, picture.file) for picture in all_pictures(issue) if picture.file},
        links={} if offline else _ask_links(workspace, issue),
        edition=_edition_measure(edition) if edition else None,
        numbers={issue_id: number for issue_id, number in numbers_of(workspace).items() if number is not None},
        word_counts=_earlier_words(workspace, issue.id),
        bookings=bookings,
    )


def _edition_measure(edition: Edition) -> EditionMeasure:
    from composer.message.build import longest_size
    from composer.render.views import web_view

    return EditionMeasure(
        html=edition.html,
        text=edition.text,
        size_bytes=longest_size(edition),
        field_prefix=edition.field_prefix,
        web_html=web_view(edition),
    )


def _picture(workspace: Workspace, issue: Issue, file: str) -> PictureMeasure:
    try:
        content = read_picture(workspace, issue, file)
    except NotFound:
        return PictureMeasure(problem="missing")
    except FolderError:
        outside = file.startswith(("/", "\\")) or ".." in file.split("/")
        return PictureMeasure(problem="outside" if outside else "unreadable")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as picture:
                return PictureMeasure(width=picture.width, height=picture.height, size_bytes=len(content))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return PictureMeasure(problem="unreadable", size_bytes=len(content))


def _ask_links(workspace: Workspace, issue: Issue) -> dict[str, LinkAnswer]:
    urls = [link.url for link in links_of(issue, web_only=False)]
    return check_addresses(urls, allow_private=workspace.newsletter.site.rehearsal)


def _earlier_words(workspace: Workspace, issue_id: str) -> tuple[int, ...]:
    earlier = sorted(other for other in list_issue_ids(workspace) if other < issue_id)[-EARLIER_ISSUES:]
    return tuple(words for other in earlier if (words := _count(workspace, other)))


def _count(workspace: Workspace, issue_id: str) -> int:
    """Words of an earlier issue; 0 for one that cannot be read: its own check tells why."""
    files = workspace.issues_path / issue_id
    try:
        stamp = max((path.stat().st_mtime_ns for path in files.glob("*.md")), default=0)
        return _count_at(_Earlier(workspace=workspace, issue_id=issue_id, root=workspace.root, stamp=stamp))
    except (HebdoError, OSError):
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earlier:
    """An earlier issue as it stood when its files last changed: what its number of words is remembered by."""

    root: Path
    issue_id: str
    stamp: int  # ns, of the file changed last
    workspace: Workspace = field(compare=False)  # opened anew for each check


@lru_cache(maxsize=64)
def _count_at(earlier: _Earlier) -> int:
    issue = load_issue(earlier.workspace, earlier.issue_id)
    return 0 if issue.correction_of else count_words(issue)  # a rectificatif says nothing about how long issues are


def _bookings(workspace: Workspace) -> tuple[tuple[Booking, ...], tuple[Finding, ...]]:
    """The lines of sponsors/bookings.csv, or why they cannot be read: a sponsor who paid is never missed in silence."""
    try:
        return tuple(_read_bookings(read_source(workspace, BOOKINGS_PATH))), ()
    except NotFound:
        return (), ()
    except HebdoError as error:
        return (), (as_finding("unreadable", error),)


def _read_bookings(text: str) -> Iterator[Booking]:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    try:
        for row in rows:
            named = {str(name).strip().casefold(): str(value or "").strip() for name, value in row.items() if name}
            yield Booking(
                day=named.get("date", ""),
                slot=named.get("slot", ""),
                advertiser=named.get("advertiser", ""),
                status=named.get("status", ""),
                issue=named.get("issue", ""),
                line=rows.line_num,
            )
    except csv.Error as error:
        raise FolderError(
            Words(
                fr="Cette ligne n’est pas du CSV : un guillemet n’y est sans doute pas fermé.",
                en="This line is not CSV: most likely a quote is not closed there.",
            ),
            where=f"{BOOKINGS_PATH}:{rows.line_num + 1}",
            hint=Words(fr="Corrigez la ligne, ou exportez de nouveau le tableau.", en="Mend the line, or export the table again."),
        ) from error


# Mending ------------------------------------------------------------------------------------------------------------------------


def fix(workspace: Workspace, ref: str) -> tuple[Finding, ...]:
    """Mend what is safe: order, stray spaces, www. addresses, mixed spaces and apostrophes; gives the findings that are gone.

    Each file is written at most once per kind of mend, its version before kept under ``var/snapshots``.
    """
    from composer.workflow.mending import mend_issue

    issue_id = find_issue(workspace, ref)
    before = [one for one in check_sources(workspace, issue_id) if one.fixable]
    if not before:
        return ()
    mend_issue(workspace, issue_id, before)
    left = {(one.rule, one.path, one.message.en) for one in check_sources(workspace, issue_id)}
    return tuple(one for one in before if (one.rule, one.path, one.message.en) not in left)
