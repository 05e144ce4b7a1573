"""The press: asks the workflow for one issue's sheet, and keeps it until a file of the workspace changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from composer.errors import HebdoError
from composer.ledger import Ledger
from composer.message.build import longest_size
from composer.model.edition import Edition
from composer.model.findings import Finding
from composer.model.issue import Issue, Story
from composer.model.mailing import Recipient
from composer.model.newsletter import Typography
from composer.text.closing import close_text, field_values
from composer.text.counting import count_words, reading_minutes
from composer.text.typography import typeset_text
from composer.web.preview.grammar import GrammarReader
from composer.web.preview.sheet import Card, Found, Sheet, find_way
from composer.web.preview.standing import Standing, read_receipted, read_standing
from composer.workflow.checking import check
from composer.workflow.listing import mailing_of
from composer.workflow.previewing import render_issue
from composer.workflow.readers import find_reader, typical_reader
from composer.workflow.reviewing import Review, review
from composer.workspace import (
    Workspace,
    list_issue_ids,
    load_issue,
    load_story,
    open_workspace,
    read_receipt,
    read_source,
    require_issue_name,
)

TEXT_SUFFIXES = frozenset({".md", ".markdown"})
Fingerprint = tuple[tuple[str, int, int], ...]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the list of issues."""

    id: str
    address: str
    issue: Issue | None  # None: its files cannot be read
    standing: Standing | None  # how far its mailing is; None: in the works

    @property
    def sent(self) -> bool:
        """Whether it has left."""
        return self.standing is not None and self.standing.left


class Press:
    """One workspace under preview. Its methods may be called from several threads."""

    def __init__(self, workspace: Workspace, ledger: Ledger | None = None, *, clock: Callable[[], datetime] = _now) -> None:
        self._workspace = workspace
        self._settings_seen = _stamp([workspace.config_path])
        self.ledger = ledger
        self.clock = clock
        self._sheets: dict[str, tuple[Fingerprint, Sheet]] = {}
        self._lock = threading.Lock()
        self._heard: dict[str, int] = {}  # issue → how often the outside reader had something new
        self._reader = GrammarReader(self._hear)
        self.tell: Callable[[str], None] = lambda _: None  # says that an issue looks different though no file changed

    @property
    def workspace(self) -> Workspace:
        """The workspace with its settings of this moment; settings that cannot be read leave the last good ones."""
        seen = _stamp([self._workspace.config_path])
        if seen != self._settings_seen:
            self._settings_seen = seen
            try:
                self._workspace = open_workspace(self._workspace.root)
            except HebdoError:
                return self._workspace
        return self._workspace

    def today(self) -> date:
        """The day it is for the newsletter."""
        return self.clock().astimezone(ZoneInfo(self._workspace.newsletter.time_zone)).date()

    def rows(self) -> tuple[Row, ...]:
        """All issues, the latest first."""
        workspace = self.workspace
        rows = [self._row(workspace, issue_id) for issue_id in list_issue_ids(workspace)]
        return tuple(sorted(rows, key=lambda row: row.id, reverse=True))

    def waiting(self) -> tuple[Story, ...]:
        """«Le marbre»: the stories that wait for an issue; what cannot be read is shown by its file's name."""
        workspace = self.workspace
        stories = []
        for path in sorted(workspace.stories_path.glob("*.md")) if workspace.stories_path.is_dir() else ():
            shown = workspace.shown(path)
            try:
                stories.append(load_story(workspace, shown))
            except HebdoError:
                stories.append(Story(id=path.stem, path=shown))
        return tuple(stories)

    def sheet(self, issue_id: str) -> Sheet:
        """The sheet of an issue; raises NotFound for an issue that does not exist."""
        workspace = self.workspace
        require_issue_name(issue_id)
        folder = workspace.issues_path / issue_id
        with self._lock:
            seen = (*self._fingerprint(workspace, folder), ("heard", self._heard.get(issue_id, 0), 0))
            kept = self._sheets.get(issue_id)
            if not kept or kept[0] != seen:
                kept = self._sheets[issue_id] = (seen, self._make(workspace, issue_id))
        self._reader.ask(workspace, issue_id)
        # Not kept with the sheet: a mailing moves, a proof leaves while no file changes.
        return replace(
            kept[1],
            standing=self._standing(workspace, issue_id),
            on_change=workspace.newsletter.desk.on_change,
            review=self._review(workspace, kept[1]),
            require=workspace.newsletter.desk.require,
        )

    def _review(self, workspace: Workspace, sheet: Sheet) -> Review | None:
        if self.ledger is None or sheet.edition is None:
            return None
        return review(workspace, self.ledger, sheet.id, edition=sheet.edition, compare=False)

    def _hear(self, issue_id: str) -> None:
        with self._lock:
            self._heard[issue_id] = self._heard.get(issue_id, 0) + 1
        self.tell(issue_id)

    def recipient(self, email: str) -> Recipient | None:
        """The subscriber with this address as a recipient; None when nobody has it."""
        if self.ledger is None or not email:
            return None
        # Never the person's own token: a click in the preview must not take anybody off the list.
        return find_reader(self.ledger, email)

    def sample(self) -> Recipient:
        """The reader that the preview writes to when none is chosen."""
        return typical_reader(self.ledger, day=self.clock().date())

    def values(self, edition: Edition, recipient: Recipient) -> dict[str, str]:
        """The merge values of one reader."""
        return field_values(recipient, self.workspace.newsletter, issue_id=edition.issue_id, lang=edition.lang)

    def _row(self, workspace: Workspace, issue_id: str) -> Row:
        try:
            issue = load_issue(workspace, issue_id)
        except HebdoError:
            issue = None
        return Row(id=issue_id, address=f"/numeros/{issue_id}", issue=issue, standing=self._standing(workspace, issue_id))

    def _standing(self, workspace: Workspace, issue_id: str) -> Standing | None:
        zone, now = workspace.newsletter.time_zone, self.clock()
        mailing = mailing_of(self.ledger, issue_id) if self.ledger else None
        if standing := read_standing(mailing, zone=zone, now=now):
            return standing
        try:
            receipt = read_receipt(workspace, issue_id)
        except HebdoError:
            receipt = {}  # one that cannot be read is not a missing one
        return None if receipt is None else read_receipted(receipt.get("launched_at"), zone=zone, now=now)

    def _make(self, workspace: Workspace, issue_id: str) -> Sheet:
        files = tuple(text_files(workspace, issue_id))
        base = Sheet(
            id=issue_id,
            issue_file=f"issues/{issue_id}/issue.md",
            sender=workspace.newsletter.sender.name or workspace.newsletter.name,
            seen_at=self.clock(),
            files=files,
        )
        try:
            issue = load_issue(workspace, issue_id)
        except HebdoError as trouble:
            if not files:
                raise
            findings, _ = self._check(workspace, issue_id, (), None)
            return replace(base, trouble=trouble, findings=findings)
        return self._lay_out(workspace, issue, base)

    def _lay_out(self, workspace: Workspace, issue: Issue, base: Sheet) -> Sheet:
        edition, trouble, size_bytes = None, None, 0
        try:
            edition = render_issue(workspace, issue.id)
            size_bytes = longest_size(edition)
        except HebdoError as error:
            trouble = error
        findings, check_trouble = self._check(workspace, issue.id, issue.stories, edition)
        words = count_words(issue)
        return replace(
            base,
            number=issue.number,
            date=issue.date,
            subject=self._close(edition, edition.subject) if edition else issue.subject,
            preheader=self._close(edition, edition.preheader) if edition else issue.preheader,
            cards=tuple(_card(story, findings, workspace.newsletter.typography) for story in issue.stories),
            words=words,
            minutes=reading_minutes(words),
            edition=edition,
            size_bytes=size_bytes,
            findings=findings,
            trouble=trouble or check_trouble,
        )

    def _close(self, edition: Edition, text: str) -> str:
        try:
            return close_text(text, edition.field_prefix, self.values(edition, self.sample()))
        except HebdoError:
            return text

    def _check(
        self, workspace: Workspace, issue_id: str, stories: Sequence[Story], edition: Edition | None
    ) -> tuple[tuple[Found, ...], HebdoError | None]:
        try:
            found = check(workspace, issue_id, offline=True, edition=edition)
        except HebdoError as error:
            return (), error
        style = workspace.newsletter.typography
        headlines = {story.path: typeset_text(story.headline_text, style) for story in stories}
        return tuple(_found(workspace, issue_id, headlines, finding) for finding in found), None

    def _fingerprint(self, workspace: Workspace, folder: Path) -> Fingerprint:
        own = [path for path in _walk(folder) if not path.name.startswith("edition.")]
        dictionary = workspace.root / workspace.newsletter.check.dictionary
        return _stamp([*own, *_walk(workspace.root / "templates"), workspace.config_path, dictionary])


def text_files(workspace: Workspace, issue_id: str) -> Iterator[str]:
    """The files of an issue that the Source tab opens, issue.md first."""
    folder = workspace.issues_path / issue_id
    found = sorted(path for path in _walk(folder) if path.suffix in TEXT_SUFFIXES)
    for path in sorted(found, key=lambda path: path.name != "issue.md"):
        yield path.relative_to(workspace.root).as_posix()


def _walk(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]


def _stamp(paths: Iterable[Path]) -> Fingerprint:
    stamps = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        stamps.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(stamps)


def _card(story: Story, findings: Iterable[Found], style: Typography) -> Card:
    own = [found for found in findings if found.path == story.path]
    return Card(
        id=story.id,
        kind=story.kind,
        path=story.path,
        headline=typeset_text(story.headline_text, style),
        advertiser=story.advertiser,
        status=story.status,
        words=count_words(story),
        errors=sum(found.level == "error" for found in own),
        warnings=sum(found.level == "warning" for found in own),
    )


def _found(workspace: Workspace, issue_id: str, headlines: Mapping[str, str], finding: Finding) -> Found:
    inside = finding.path.startswith(f"issues/{issue_id}/") and Path(finding.path).suffix in TEXT_SUFFIXES
    try:
        source = read_source(workspace, finding.path) if inside else ""
    except HebdoError:
        source = ""
    blank = Sheet(id=issue_id, issue_file="", sender="", seen_at=datetime.now(UTC))
    # A finding of the whole issue leads to issue.md; one in a file that the Source tab does not open leads nowhere.
    path = finding.path if inside else "" if finding.path else f"issues/{issue_id}/issue.md"
    address = blank.source_address(path, finding.line, finding.col) if path else ""
    return find_way(finding, source=source, headline=headlines.get(finding.path, ""), address=address)
