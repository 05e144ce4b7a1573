"""From a pasted document to files: the import as a person asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from composer.compose.importing import (
    HeadingStyle,
    Imported,
    Shape,
    Source,
    WordPicture,
    decode,
    import_text,
    is_package,
    place_pictures,
    read_word,
    sniff,
)
from composer.compose.writing import write_issue_file, write_story
from composer.errors import HebdoError, UsageError
from composer.model.issue import Issue, Story
from composer.model.newsletter import Labels
from composer.text.names import slugify
from composer.words import Language, Words
from composer.workflow.answers import issue_answer, lone_story_answer
from composer.workflow.composing import FIRST_IDS, free_name, list_folders, next_slot
from composer.workflow.filing import Filing
from composer.workflow.importing_again import find_earlier, remember
from composer.workflow.style_offers import offer_keep
from composer.workspace.folder import Workspace
from composer.workspace.issues import list_issue_ids, list_story_paths, load_issue, numbers_of

_MAX_SLUG = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAnswer:
    """What an import found, and where it wrote it."""

    imported: Imported
    issue_id: str = ""  # "": a story for «le marbre»
    paths: tuple[str, ...] = ()  # of the files written, relative to the workspace; with ``dry_run``: that would be
    dry_run: bool = False
    labels: Labels

    def to_json(self, language: Language = "fr") -> dict[str, Any]:
        """The answer of ``import --json``; sentences in ``language``."""
        found = self.imported
        if found.issue:
            answer = issue_answer(found.issue, labels=self.labels)
        else:
            answer = lone_story_answer(found.story or Story(id=""))
            answer["id"] = self.issue_id or None
        return answer | {
            "unclassified": [words for _, words in found.unclassified],
            "guesses": [{"line": guess.line, "reason": guess.reason.in_language(language)} for guess in found.guesses],
            "warnings": [warning.in_language(language) for warning in found.warnings],
            "counts": found.counts,
            "files": list(self.paths),
        }


_COUNTED = Words(
    fr="les numéros ci-dessus comptent les paragraphes du document Word, vides exclus",
    en="the numbers above count the paragraphs of the Word document, empty ones left out",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as the import reads it, whatever its kind."""

    text: str
    source: Source
    pictures: tuple[WordPicture, ...] = ()  # that come with it
    told: tuple[Words, ...] = ()  # of its reading
    shown: str = ""  # its words, one paragraph a line, where ``text`` is markup

    @property
    def files(self) -> frozenset[str]:
        """The names of its pictures."""
        return frozenset(picture.file for picture in self.pictures)

    def complete(self, found: Imported) -> Imported:
        """What was found in it, with what its reading told, its pictures in their stories."""
        if not self.shown:
            return found
        placed = place_pictures(found)
        counted = (_COUNTED,) if found.guesses or found.unclassified else ()
        return replace(placed, warnings=(*counted, *self.told, *placed.warnings), counts="paragraph")


def read_document(content: bytes, *, name: str, labels: Labels) -> Document:
    """The text of a document, its pictures apart. Raises UsageError for what cannot be read."""
    shown = "" if name == "-" else name
    if is_package(content):
        word = read_word(content, labels=labels)
        return Document(text=word.html, source="html", pictures=word.pictures, told=word.told, shown=word.text)
    return Document(text=decode(content, name=shown), source=sniff(content, shown))


def import_document(
    workspace: Workspace,
    content: bytes,
    *,
    name: str = "",
    as_: Shape = "auto",
    into: str | None = None,
    headings: HeadingStyle = "h2",
    sponsor_ends: str | Sequence[str] | None = None,
    headline: str | Sequence[str] = (),
    dry_run: bool = False,
    now: datetime | None = None,
) -> ImportAnswer:
    """Reads ``content`` and writes a new issue, a story into the issue ``into``, or a waiting story.

    Writes over no file but those of the issue that the same document made, untouched since, when something about it is confirmed now:
    raises Conflict where it was touched. Raises UsageError for what cannot be read, NotFound for ``into``, FolderError where nothing can be written.
    """
    labels = workspace.newsletter.labels
    try:
        document = read_document(content, name=name, labels=labels)
        found = import_text(
            document.text,
            source=document.source,
            as_=as_,
            headings=headings,
            sponsor_ends=sponsor_ends,
            headline=headline,
            labels=labels,
            ids=FIRST_IDS["fr" if workspace.newsletter.locale.startswith("fr") else "en"],
            pictures=document.files,
            counts="paragraph" if document.shown else "line",
        )
    except HebdoError as error:
        error.where = error.where or name or None
        if content.startswith(_PICTURES):
            error.hint = _PICTURE_HINT
        raise
    found = offer_keep(workspace.newsletter.typography, document.complete(found))
    # What was confirmed about a text corrects the issue that it made; the bare text again is one more issue.
    earlier = find_earlier(workspace, content) if found.issue and (sponsor_ends or headline) and not into else None
    filing = Filing(workspace=workspace, pictures=document.pictures, earlier=earlier, dry_run=dry_run)
    if found.issue:
        answer = _new_issue(filing, found, found.issue, into=into, now=now or datetime.now(UTC))
        if not dry_run:
            remember(workspace, content, answer.issue_id, answer.paths)
        return answer
    story = found.story or Story(id="article")
    return _into_issue(filing, found, story, into) if into else _waiting_story(filing, found, story)


_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_PICTURE_HINT = Words(
    fr="Une image va dans le dossier images/ du numéro, et dans l’en-tête de son article : "
    'image: {file: images/pont.jpg, alt: "Ce qu’on y voit", credit: "Agence"}',
    en="A picture goes into the issue’s folder images/, and into the front matter of its story: "
    'image: {file: images/bridge.jpg, alt: "What it shows", credit: "Agency"}',
)


def _new_issue(filing: Filing, found: Imported, issue: Issue, *, into: str | None, now: datetime) -> ImportAnswer:
    if into:
        raise UsageError(
            Words(
                fr="ce texte est un numéro entier, il n’entre pas dans un autre",
                en="this text is a whole issue, it does not go into another",
            ),
            hint=Words(
                fr="retirez --into, ou dites --as story si c’est un seul article",
                en="leave out --into, or say --as story if it is one story",
            ),
        )
    workspace, labels = filing.workspace, filing.workspace.newsletter.labels
    folder, number, planned, found = _same_place(filing, found) or _new_place(workspace, issue, found, now)
    stories = tuple(replace(story, path=f"issues/{folder}/{story.id}.md") for story in issue.stories)
    path = f"issues/{folder}/issue.md"
    placed = replace(issue, id=folder, number=number, date=planned, stories=stories, path=path)
    pictures = filing.write_pictures(f"issues/{folder}")
    for story in stories:
        filing.write(story.path, write_story(story, labels=labels))
    filing.remove_others((path, *(story.path for story in stories), *pictures))
    # Last, because a folder is an issue only when it has this file: a failure before leaves no half issue in the list.
    filing.write(path, write_issue_file(placed, labels=labels))
    return _answer(filing, replace(found, issue=placed), folder, (path, *(story.path for story in stories), *pictures))


def _new_place(workspace: Workspace, issue: Issue, found: Imported, now: datetime) -> tuple[str, int, date, Imported]:
    """A free folder, number and date."""
    planned = next_slot(workspace, now)
    number, found = _number(workspace, issue, found)
    name = slugify(issue.subject, max_length=_MAX_SLUG) or _first_slug(issue) or f"numero-{number}"
    folder = free_name(f"{planned.isoformat()}-{name}", list_folders(workspace))
    return folder, number, planned, _tell_twin(workspace, issue, found)


def _same_place(filing: Filing, found: Imported) -> tuple[str, int, date, Imported] | None:
    """Folder, number and date of the issue that the same document made; None: there is none."""
    if filing.earlier is None:
        return None
    before = load_issue(filing.workspace, filing.earlier.issue_id)
    told = Words(
        fr=f"{before.id}, fait du même texte et intact depuis, est remplacé",
        en=f"{before.id}, made of the same text and untouched since, is replaced",
    )
    told_also = replace(found, warnings=(*found.warnings, told))
    return before.id, before.number or 0, before.date or date.min, told_also  # an import writes both


def _number(workspace: Workspace, issue: Issue, found: Imported) -> tuple[int, Imported]:
    """The number that the text says, unless another issue has it; else the next one."""
    taken = {number: name for name, number in numbers_of(workspace).items() if number is not None}
    following = max(taken, default=0) + 1
    if issue.number is None or issue.number not in taken:
        return issue.number or following, found
    told = Words(
        fr=f"le numéro {issue.number} est déjà celui de {taken[issue.number]} : celui-ci prend le {following}",
        en=f"number {issue.number} is that of {taken[issue.number]} already: this one takes {following}",
    )
    return following, replace(found, warnings=(*found.warnings, told))


def _tell_twin(workspace: Workspace, issue: Issue, found: Imported) -> Imported:
    """An issue with the same subject, or with the same stories, is there already: told, since the same text may have come twice."""
    subject, headlines = _folded(issue.subject), _headlines(issue)
    for other_id in reversed(list_issue_ids(workspace)):
        try:
            other = load_issue(workspace, other_id)
        except HebdoError:
            continue  # the list says what is wrong with it
        if (subject and _folded(other.subject) == subject) or (headlines and _headlines(other) == headlines):
            look = f"`hebdo show {other_id}`"
            told = Words(
                fr=f"{other_id} a déjà le même objet ou les mêmes articles : {look} ; celui-ci est un numéro de plus",
                en=f"{other_id} has the same subject or the same stories already: {look}; this is one more issue",
            )
            return replace(found, warnings=(*found.warnings, told))
    return found


def _headlines(issue: Issue) -> tuple[str, ...]:
    return tuple(sorted(_folded(story.headline_text) for story in issue.stories if story.headline_text.strip()))


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


def _first_slug(issue: Issue) -> str:
    return next((slug for story in issue.stories if (slug := slugify(story.headline_text, max_length=_MAX_SLUG))), "")


def _into_issue(filing: Filing, found: Imported, story: Story, into: str) -> ImportAnswer:
    issue = load_issue(filing.workspace, into)
    placed, pictures = _write_story(filing, story, f"issues/{issue.id}")
    filing.append_to_order(issue, placed.id)
    return _answer(filing, replace(found, story=placed), issue.id, (placed.path, *pictures))


def _waiting_story(filing: Filing, found: Imported, story: Story) -> ImportAnswer:
    placed, pictures = _write_story(filing, story, "stories")
    return _answer(filing, replace(found, story=placed), "", (placed.path, *pictures))


def _write_story(filing: Filing, story: Story, folder: str) -> tuple[Story, tuple[str, ...]]:
    placed = _placed(filing.workspace, story, folder)
    pictures = filing.write_pictures(folder)
    filing.write(placed.path, write_story(placed, labels=filing.workspace.newsletter.labels))
    return placed, pictures


def _answer(filing: Filing, found: Imported, issue_id: str, paths: tuple[str, ...]) -> ImportAnswer:
    return ImportAnswer(imported=found, issue_id=issue_id, paths=paths, dry_run=filing.dry_run, labels=filing.workspace.newsletter.labels)


def _placed(workspace: Workspace, story: Story, folder: str) -> Story:
    """``story`` under a name that is still free in ``folder``."""
    taken = {path.rpartition("/")[2].removesuffix(".md") for path in list_story_paths(workspace, folder)}
    name = free_name(story.id or "article", taken)
    return replace(story, id=name, path=f"{folder}/{name}.md")
