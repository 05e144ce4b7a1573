"""Writing an issue: a new newsletter, issues, stories, their order and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from composer.compose.arrange import body_pictures, moved, story_pictures
from composer.compose.writing import set_order, write_issue_file
from composer.errors import Conflict, HebdoError, NotFound, UsageError
from composer.model.body import Span
from composer.model.issue import Issue, Kind, Story
from composer.text.inline import write_inline
from composer.text.names import slugify
from composer.text.shown import one_line
from composer.words import Language, Words
from composer.workflow.first_files import GITIGNORE, newsletter_toml
from composer.workspace import Workspace, find_issue, load_issue, load_story, open_workspace, read_source
from composer.workspace.config import CONFIG_NAME
from composer.workspace.files import is_utf8, make_folder, write_atomic
from composer.workspace.issues import ISSUE_FILE, WAITING, list_issue_ids, list_story_paths, numbers_of
from composer.workspace.pictures import copy_picture
from composer.workspace.sources import NEW_FILE, remove_source, write_source

FIRST_IDS = {"fr": {"lead": "une", "sponsor": "partenaire"}, "en": {"lead": "lead", "sponsor": "sponsor"}}


# The newsletter ----------------------------------------------------------------------------------------------------------------


def init_workspace(folder: Path, *, language: Language, name: str | None = None) -> Workspace:
    """A new newsletter in ``folder``, which may exist and hold other things; files that are there stay as they are.

    Raises Conflict when it is a newsletter already, FolderError when it cannot be written.
    """
    root = folder.expanduser().absolute()
    if (root / CONFIG_NAME).exists():
        raise Conflict(
            Words(fr="Une lettre vit déjà ici.", en="A newsletter lives here already."),
            where=str(folder / CONFIG_NAME),
            hint=Words(fr="Choisissez un autre dossier : `hebdo init autre-lettre`", en="Choose another folder: `hebdo init other-letter`"),
        )
    if not is_utf8(str(root)):
        raise UsageError(
            Words(fr="Ce nom de dossier n’est pas en UTF-8.", en="This name of a folder is not in UTF-8."),
            where=str(folder),
            hint=Words(fr="Choisissez-en un autre : `hebdo init ma-lettre`", en="Choose another one: `hebdo init my-letter`"),
        )
    title = one_line(name or "") or _title_of(root.name)
    for path in (root, root / "issues", root / "stories", root / "seeds"):
        make_folder(path, shown=str(path))
    if not (root / ".gitignore").exists():
        write_atomic(root / ".gitignore", GITIGNORE.encode(), shown=".gitignore")
    settings = newsletter_toml(name=title, language=language)
    write_atomic(root / CONFIG_NAME, settings.encode(), shown=CONFIG_NAME)
    return open_workspace(root)


def _title_of(folder_name: str) -> str:
    words = " ".join(folder_name.replace("-", " ").replace("_", " ").split())
    return (words[:1].upper() + words[1:]) or "Ma lettre"


# Issues ------------------------------------------------------------------------------------------------------------------------


def new_issue(workspace: Workspace, *, now: datetime, subject: str = "", planned: date | None = None, number: int | None = None) -> Issue:
    """A new issue with the next number, planned for ``planned``, else for the next weekly slot, else for today.

    Raises Conflict when another issue has the number.
    """
    title = one_line(subject)
    chosen = _free_number(workspace, number)
    day = planned or next_slot(workspace, now)
    name = free_name(f"{day.isoformat()}-{slugify(title, max_length=48) or f'numero-{chosen}'}", list_folders(workspace))
    issue = Issue(id=name, number=chosen, date=day, subject=title, path=f"issues/{name}/{ISSUE_FILE}")
    text = write_issue_file(issue)
    # A lone «#» is where the subject is written; the checks ask for it.
    write_source(workspace, issue.path, text if title else f"{text}#\n", if_digest=NEW_FILE)
    make_folder(workspace.path_of(f"issues/{name}/images"), shown=f"issues/{name}/images")
    return load_issue(workspace, name)


def list_folders(workspace: Workspace) -> tuple[str, ...]:
    """Every name in ``issues/`` that a new issue cannot take."""
    return tuple(path.name for path in workspace.issues_path.iterdir()) if workspace.issues_path.is_dir() else ()


def _free_number(workspace: Workspace, wanted: int | None) -> int:
    taken = {number: id_ for id_, number in numbers_of(workspace).items() if number is not None}
    if wanted is None:
        return max(taken, default=0) + 1
    if wanted < 0 or wanted > 999_999_999:
        free = max(taken, default=0) + 1
        raise UsageError(
            Words(fr=f"{wanted} n’est pas un numéro.", en=f"{wanted} is not a number of an issue."),
            where="--number",
            hint=Words(fr=f"Le suivant est libre : `--number {free}`", en=f"The next one is free: `--number {free}`"),
        )
    if wanted in taken:
        raise Conflict(
            Words(fr=f"Le n° {wanted} existe déjà.", en=f"Number {wanted} exists already."),
            where=f"issues/{taken[wanted]}/{ISSUE_FILE}",
            hint=Words(fr=f"Le suivant est libre : `--number {max(taken) + 1}`", en=f"The next one is free: `--number {max(taken) + 1}`"),
        )
    return wanted


def next_slot(workspace: Workspace, now: datetime) -> date:
    """The day of the next weekly slot in the newsletter's zone; without a slot, today there."""
    schedule = workspace.newsletter.schedule
    local = now.astimezone(ZoneInfo(workspace.newsletter.time_zone))
    if schedule.weekday is None:
        return local.date()
    days = (schedule.weekday - local.isoweekday()) % 7
    if days == 0 and local.strftime("%H:%M") >= schedule.time:
        days = 7
    return local.date() + timedelta(days=days)


# Stories -----------------------------------------------------------------------------------------------------------------------


def new_story(workspace: Workspace, ref: str | None, *, headline: str, kind: Kind = "story") -> Story:
    """A new story in an issue, or (None) in ``stories/``: «le marbre»."""
    issue = load_issue(workspace, ref) if ref is not None else None
    folder = f"issues/{issue.id}" if issue else "stories"
    title = one_line(headline)
    story_id = _story_id(workspace, folder, title, kind)
    path = f"{folder}/{story_id}.md"
    write_source(workspace, path, _new_story_text(title, kind), if_digest=NEW_FILE)
    if issue:
        ids = tuple(story.id for story in issue.stories)
        _write_order(workspace, issue, moved(ids, story_id, _place(issue, kind)))
    return load_story(workspace, path)


def _new_story_text(title: str, kind: Kind) -> str:
    keys = f"kind: {kind}\n" if kind != "story" else ""
    keys += 'advertiser: ""\n' if kind == "sponsor" else ""
    words = write_inline((Span(text=f"x{title}"),))[1:] if title[:1].isalnum() else write_inline((Span(text=title),))
    return f"---\n{keys}status: todo\n---\n# {words}\n"


def _story_id(workspace: Workspace, folder: str, title: str, kind: Kind) -> str:
    paths = list_story_paths(workspace, folder) if workspace.path_of(folder).is_dir() else ()
    taken = {path.rpartition("/")[2].removesuffix(".md") for path in paths} | {"issue"}
    language = "fr" if workspace.newsletter.locale.startswith("fr") else "en"
    first = FIRST_IDS[language].get(kind, "") if folder != "stories" else ""
    if first and first not in taken:
        return first
    return free_name(slugify(title, max_length=40) or first or "article", taken)


def _place(issue: Issue, kind: Kind) -> int:
    """Where a new story stands: a lead first, the first sponsor after the lead, others last."""
    leads = sum(story.kind == "lead" for story in issue.stories)
    if kind == "lead":
        return leads
    if kind == "sponsor" and not any(story.kind == "sponsor" for story in issue.stories):
        return min(1, len(issue.stories)) if leads else 0
    return len(issue.stories)


def order_stories(workspace: Workspace, ref: str, ids: Sequence[str]) -> Issue:
    """Put the stories of an issue in the order of ``ids``; those not named follow as they stood. One line of ``issue.md`` changes."""
    issue = load_issue(workspace, ref)
    known = [story.id for story in issue.stories]
    wanted = [_known_story(issue, id_.removesuffix(".md").rpartition("/")[2]) for id_ in ids]
    _write_order(workspace, issue, tuple(dict.fromkeys((*wanted, *known))))
    return load_issue(workspace, issue.id)


def _known_story(issue: Issue, story_id: str) -> str:
    ids = [story.id for story in issue.stories]
    if story_id in ids:
        return story_id
    begun = [id_ for id_ in ids if id_.startswith(story_id)] if story_id else []
    if len(begun) == 1:
        return begun[0]
    listed = ", ".join(ids) or "–"
    raise NotFound(
        Words(fr=f"Aucun article ne s’appelle « {story_id} » dans ce numéro.", en=f"No story is called “{story_id}” in this issue."),
        where=issue.path,
        hint=Words(fr=f"Ses articles : {listed}", en=f"Its stories: {listed}"),
    )


def _write_order(workspace: Workspace, issue: Issue, ids: Sequence[str]) -> None:
    """Write ``order:``; ids of files that are not there yet stay in it, a colleague may be about to add them."""
    text = read_source(workspace, issue.path)
    write_source(workspace, issue.path, set_order(text, (*ids, *(id_ for id_ in issue.missing if id_ not in ids)), path=issue.path))


def move_story(workspace: Workspace, story: str, target: str) -> str:
    """Move ``ISSUE/STORY``, or a waiting ``STORY``, to another issue or to ``stories``, its pictures with it; the new path.

    Written there before it is taken away here, so that nothing is lost whenever this ends.
    """
    source_folder, path = _source_of(workspace, story, target)
    target_folder = "stories" if target.strip().casefold() in WAITING else f"issues/{find_issue(workspace, target)}"
    if target_folder == source_folder:
        return path
    found = load_story(workspace, path)
    text = read_source(workspace, path)
    files = [
        picture.file for picture in (*story_pictures(found), *body_pictures(found.web_only)) if picture.file and "://" not in picture.file
    ]
    copied = [file for file in dict.fromkeys(files) if copy_picture(workspace, file, source=source_folder, target=target_folder)]
    taken = {p.rpartition("/")[2].removesuffix(".md") for p in _stories_in(workspace, target_folder)} | {"issue"}
    new_id = free_name(found.id, taken)
    new_path = f"{target_folder}/{new_id}.md"
    write_source(workspace, new_path, text, if_digest=NEW_FILE)
    _list_in_order(workspace, target_folder, new_id)
    remove_source(workspace, path)
    _strike_from_order(workspace, source_folder, found.id)
    _drop_unused(workspace, source_folder, copied)
    return new_path


def _stories_in(workspace: Workspace, folder: str) -> tuple[str, ...]:
    return list_story_paths(workspace, folder) if workspace.path_of(folder).is_dir() else ()


def _source_of(workspace: Workspace, story: str, target: str) -> tuple[str, str]:
    """Folder and path of the story that ``ISSUE/STORY``, ``STORY`` or a path names."""
    ref, _, name = story.strip().removesuffix(".md").rpartition("/")
    if not ref or ref.casefold() in WAITING:
        path = f"stories/{name}.md"
        if not workspace.path_of(path).is_file():
            raise NotFound(
                Words(fr=f"Aucun article « {name} » n’attend au marbre.", en=f"No story “{name}” waits in stories/."),
                where="stories/",
                hint=_move_hint(workspace, name, target),
            )
        return "stories", path
    issue = load_issue(workspace, ref)
    return f"issues/{issue.id}", f"issues/{issue.id}/{_known_story(issue, name)}.md"


def _move_hint(workspace: Workspace, name: str, target: str) -> Words:
    """How the move would be typed: ``name`` may be an issue whose story was named apart, or a story of an issue that was left out."""
    meant = _meant_move(workspace, name, target)
    if meant:
        return Words(fr=f"Nommez l’article avec son numéro : `{meant}`", en=f"Name the story with its issue: `{meant}`")
    waiting = ", ".join(path.removeprefix("stories/").removesuffix(".md") for path in _stories_in(workspace, "stories")) or "–"
    return Words(fr=f"Au marbre : {waiting}", en=f"Waiting: {waiting}")


def _meant_move(workspace: Workspace, name: str, target: str) -> str:
    try:
        issue = load_issue(workspace, name)
    except HebdoError:
        found = [issue_id for issue_id in list_issue_ids(workspace) if workspace.path_of(f"issues/{issue_id}/{name}.md").is_file()]
        return f"hebdo move {found[-1]}/{name} {target}" if name and found else ""
    ids = [story.id for story in issue.stories]
    story = target if target in ids else ids[0] if ids else ""
    return f"hebdo move {issue.id}/{story} marbre" if story else ""


def _list_in_order(workspace: Workspace, folder: str, story_id: str) -> None:
    if folder == "stories":
        return
    issue = load_issue(workspace, folder.removeprefix("issues/"))
    ids = [story.id for story in issue.stories if story.id != story_id]
    kind = next(story.kind for story in issue.stories if story.id == story_id)
    others = replace(issue, stories=tuple(story for story in issue.stories if story.id != story_id))
    _write_order(workspace, issue, moved(ids, story_id, _place(others, kind)))


def _strike_from_order(workspace: Workspace, folder: str, story_id: str) -> None:
    if folder == "stories":
        return
    issue = load_issue(workspace, folder.removeprefix("issues/"))
    if story_id in issue.missing:
        _write_order(workspace, replace(issue, missing=()), [story.id for story in issue.stories])


def _drop_unused(workspace: Workspace, folder: str, files: Sequence[str]) -> None:
    """Take away pictures that were copied elsewhere and that nothing here shows any more."""
    texts = [read_source(workspace, path) for path in _stories_in(workspace, folder)]
    if folder != "stories":
        texts.append(read_source(workspace, f"{folder}/{ISSUE_FILE}"))
    for file in files:
        name = file.rpartition("/")[2]
        if not any(name in text for text in texts):
            workspace.path_of(f"{folder}/{file}").unlink(missing_ok=True)


def free_name(wanted: str, taken: Sequence[str] | set[str]) -> str:
    """``wanted``, else with the first free number behind it."""
    if wanted not in taken:
        return wanted
    return next(name for n in range(2, 100_000) if (name := f"{wanted}-{n}") not in taken)
