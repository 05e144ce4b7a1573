"""Files of an import, written where nothing stands yet; a dry run names them only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from composer.compose.importing import WordPicture
from composer.compose.writing import set_order
from composer.model.issue import Issue
from composer.workflow.importing_again import Earlier
from composer.workspace.files import write_atomic
from composer.workspace.folder import Workspace
from composer.workspace.sources import NEW_FILE, digest_of, read_source, remove_source, write_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Where one import writes."""

    workspace: Workspace
    pictures: tuple[WordPicture, ...] = ()
    earlier: Earlier | None = None  # the issue that is written anew in its place
    dry_run: bool = False

    def write(self, path: str, text: str) -> None:
        """A file that must not be there yet, or be as the earlier import wrote it; raises Conflict and FolderError."""
        if not self.dry_run:
            known = self.earlier.files.get(path, NEW_FILE) if self.earlier else NEW_FILE
            write_source(self.workspace, path, text, if_digest=known)

    def remove_others(self, kept: Collection[str]) -> None:
        """Takes out the stories of the earlier import that this one does not write; their words stay under ``var/snapshots``."""
        if self.earlier is None or self.dry_run:
            return
        for path in self.earlier.files:
            if path.endswith(".md") and path not in kept:
                remove_source(self.workspace, path)

    def write_pictures(self, folder: str) -> tuple[str, ...]:
        """The pictures in a folder of the workspace, before the story that shows them; their paths."""
        paths = tuple(f"{folder}/{picture.file}" for picture in self.pictures)
        if not self.dry_run:
            for path, picture in zip(paths, self.pictures, strict=True):
                # Its name holds its digest: what has this name already is this picture.
                write_atomic(self.workspace.path_of(path), picture.content, shown=path)
        return paths

    def append_to_order(self, issue: Issue, story_id: str) -> None:
        """The story closes the order of its issue."""
        if not self.dry_run:
            before = read_source(self.workspace, issue.path)
            ids = [*(known.id for known in issue.stories), story_id]
            write_source(self.workspace, issue.path, set_order(before, ids, path=issue.path), if_digest=digest_of(before))
