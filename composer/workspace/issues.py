"""Issues in the folder: which there are, which one is meant, and reading one whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from composer.compose.grammar import issue_number, parse_issue, parse_story
from composer.errors import HebdoError, NotFound, StoryError, UsageError
from composer.model.issue import Issue, Story
from composer.words import Words
from composer.workspace.files import is_utf8, read_text, refuse_name
from composer.workspace.folder import Workspace

ISSUE_FILE = "issue.md"
_NAME_MAX_BYTES = 255  # of one name, on the disks that there are
LATEST = frozenset({"dernier", "derniere", "dernière", "latest", "last"})
WAITING = frozenset({"stories", "marbre"})  # how commands name the folder of waiting stories

_NUMBER = re.compile(r"\A(?:n°?|no\.?|#|№)?[ \u00a0]?([0-9]{1,9})\Z", re.IGNORECASE)
_DATED = re.compile(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}-(.+)\Z")


def list_issue_ids(workspace: Workspace) -> tuple[str, ...]:
    """The ids (names of folders) of all issues, by name: oldest first; one that is not UTF-8 is no id (``list_misnamed``)."""
    return tuple(name for name in _issue_folders(workspace) if is_utf8(name))


def list_misnamed(workspace: Workspace) -> tuple[HebdoError, ...]:
    """What is wrong with each issue whose folder's name is not UTF-8; the others can be used as if it was not there."""
    return tuple(refuse_name("issues", name, StoryError) for name in _issue_folders(workspace) if not is_utf8(name))


def require_issue_name(name: str) -> None:
    """Raises NotFound for what no folder of an issue can be called: a way to elsewhere, a hidden folder, a name that no disk takes."""
    strange = "/" in name or "\0" in name or name.startswith((".", "_")) or not is_utf8(name) or len(name.encode()) > _NAME_MAX_BYTES
    if strange or not name:
        raise NotFound(
            Words(fr="Ce numéro n’existe pas.", en="There is no such issue."),
            hint=Words(fr="Voyez ce qui existe : `hebdo list`", en="See what exists: `hebdo list`"),
        )


def _issue_folders(workspace: Workspace) -> list[str]:
    folder = workspace.issues_path
    if not folder.is_dir():
        return []
    return sorted(path.parent.name for path in folder.glob(f"*/{ISSUE_FILE}") if not path.parent.name.startswith((".", "_")))


def find_issue(workspace: Workspace, ref: str) -> str:
    """The id that ``ref`` means: an id, a number, «dernier», a path, the beginning of an id or its words after the date.

    Raises NotFound with what exists, UsageError when several are meant.
    """
    ids = list_issue_ids(workspace)
    wanted = ref.strip()
    if wanted in ids:
        return wanted
    if wanted.casefold() in LATEST:
        return _latest(workspace, ids)
    for found in (_by_path(workspace, wanted, ids), _by_number(workspace, wanted, ids), _by_words(wanted, ids)):
        if len(found) == 1:
            return found[0]
        if found:
            raise _several(ref, found)
    if not is_utf8(wanted) and wanted in _issue_folders(workspace):
        raise refuse_name("issues", wanted, StoryError)
    if wanted in _folder_names(workspace):
        raise _without_issue_file(wanted)
    raise _not_found(ref, ids)


def load_issue(workspace: Workspace, ref: str) -> Issue:
    """The issue that ``ref`` means, with its stories in order.

    Raises NotFound, UsageError, and StoryError naming the one file that cannot be read.
    """
    issue_id = find_issue(workspace, ref)
    folder = f"issues/{issue_id}"
    labels = workspace.newsletter.labels
    stories = [load_story(workspace, path) for path in list_story_paths(workspace, folder)]
    path = f"{folder}/{ISSUE_FILE}"
    text = read_text(workspace.path_of(path), shown=path, error=StoryError)
    return parse_issue(text, id=issue_id, path=path, stories=stories, labels=labels)


def load_story(workspace: Workspace, path: str) -> Story:
    """The story in the file ``path`` (relative to the workspace); raises NotFound and StoryError."""
    text = read_text(workspace.path_of(path), shown=path, error=StoryError)
    return parse_story(text, id=path.rpartition("/")[2].removesuffix(".md"), path=path, labels=workspace.newsletter.labels)


def list_story_paths(workspace: Workspace, folder: str) -> tuple[str, ...]:
    """The story files of a folder (relative to the workspace), by name; raises StoryError for a name that is not UTF-8."""
    found = sorted(path.name for path in workspace.path_of(folder).glob("*.md"))
    names = [name for name in found if name != ISSUE_FILE and not name.startswith((".", "_"))]
    for name in names:
        if not is_utf8(name):  # left out, the story would be missing in the mail
            raise refuse_name(folder, name, StoryError)
    return tuple(f"{folder}/{name}" for name in names)


def numbers_of(workspace: Workspace) -> dict[str, int | None]:
    """The number of each issue; None where there is none or its file cannot be read."""
    return {issue_id: _number_of(workspace, issue_id) for issue_id in list_issue_ids(workspace)}


def _number_of(workspace: Workspace, issue_id: str) -> int | None:
    path = f"issues/{issue_id}/{ISSUE_FILE}"
    try:
        return issue_number(read_text(workspace.path_of(path), shown=path, error=StoryError), path=path)
    except HebdoError:  # loading that issue will tell; another one can still be found
        return None


def _latest(workspace: Workspace, ids: Sequence[str]) -> str:
    """The issue with the highest number; without numbers, the last by name, which begins with the planned date."""
    if not ids:
        raise _not_found("dernier", ids)
    numbers = numbers_of(workspace)
    return max(ids, key=lambda id_: (numbers[id_] or 0, id_))


def _by_path(workspace: Workspace, wanted: str, ids: Sequence[str]) -> list[str]:
    if "/" not in wanted and wanted != ".":
        return []
    typed = Path(wanted).expanduser()
    for path in (typed.absolute(), workspace.root / typed):
        try:
            parts = path.resolve().relative_to(workspace.issues_path.resolve()).parts
        except (ValueError, OSError):
            continue
        if parts and parts[0] in ids:
            return [parts[0]]
    return []


def _by_number(workspace: Workspace, wanted: str, ids: Sequence[str]) -> list[str]:
    found = _NUMBER.match(wanted)
    if not found:
        return []
    numbers = numbers_of(workspace)
    return [id_ for id_ in ids if numbers[id_] == int(found[1])]


def _by_words(wanted: str, ids: Sequence[str]) -> list[str]:
    if not wanted:
        return []
    slugs = {id_: _DATED.sub(r"\1", id_) for id_ in ids}
    exact = [id_ for id_ in ids if slugs[id_] == wanted]
    return exact or [id_ for id_ in ids if id_.startswith(wanted) or slugs[id_].startswith(wanted)]


def _not_found(ref: str, ids: Sequence[str]) -> NotFound:
    shown = "".join(char if char.isprintable() else "?" for char in ref)[:80]
    if not ids:
        return NotFound(
            Words(fr="Il n’y a encore aucun numéro.", en="There is no issue yet."),
            where=shown,
            hint=Words(
                fr='Créez le premier : `hebdo new issue "Mon premier objet"`', en='Make the first one: `hebdo new issue "My first subject"`'
            ),
        )
    last = ", ".join(ids[-5:])
    return NotFound(
        Words(fr=f"Aucun numéro ne s’appelle « {shown} ».", en=f"No issue is called “{shown}”."),
        where="issues/",
        hint=Words(fr=f"Les derniers : {last} ; tous : `hebdo list`", en=f"The latest: {last}; all: `hebdo list`"),
    )


def _folder_names(workspace: Workspace) -> frozenset[str]:
    folder = workspace.issues_path
    return frozenset(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else frozenset()


def _without_issue_file(issue_id: str) -> NotFound:
    return NotFound(
        Words(fr="Ce dossier n’est pas un numéro : issue.md manque.", en="This folder is no issue: issue.md is missing."),
        where=f"issues/{issue_id}/{ISSUE_FILE}",
        hint=Words(fr="Écrivez-y l’objet sur une ligne `# Mon objet`", en="Write the subject there on a line `# My subject`"),
    )


def _several(ref: str, found: Sequence[str]) -> UsageError:
    listed = ", ".join(found[:8])
    return UsageError(
        Words(fr=f"« {ref} » peut désigner plusieurs numéros.", en=f"“{ref}” can mean several issues."),
        where="issues/",
        hint=Words(fr=f"Nommez-en un : {listed}", en=f"Name one: {listed}"),
    )
