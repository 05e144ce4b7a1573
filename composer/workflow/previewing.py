"""Previewing: one function renders for preview, proof, archive and mailing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress

from composer.compose.arrange import all_pictures, derive_credits, derive_preheader, derive_teasers
from composer.errors import NotFound
from composer.model.edition import Edition
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter
from composer.render.edition import Furniture, render_edition
from composer.workspace import Workspace, load_issue
from composer.workspace.matter import Stamp, stamp_files
from composer.workspace.pictures import read_picture
from composer.workspace.themes import load_theme


def render_issue(workspace: Workspace, issue: Issue | str, *, theme: str | None = None) -> Edition:
    """The edition of an issue, named or already read, in the newsletter's theme or another.

    A picture that is missing leaves no hole (the checks tell it); one that is refused raises FolderError or RenderError.
    """
    loaded = load_issue(workspace, issue) if isinstance(issue, str) else issue
    return render_edition(
        loaded,
        workspace.newsletter,
        load_theme(workspace, theme),
        furniture=furnish(loaded, workspace.newsletter),
        pictures=dict(read_pictures(workspace, loaded)),
    )


_KEPT = 4  # issues; ``status --watch`` looks at one, again and again
_present: OrderedDict[tuple[str, str], tuple[Stamp, Newsletter, Edition]] = OrderedDict()
_lock = threading.Lock()


def present_edition(workspace: Workspace, issue_id: str) -> Edition:
    """The edition of an issue as its files are now, rendered again only when one of them or the settings changed."""
    key, seen = (str(workspace.root), issue_id), stamp_files(workspace, issue_id)
    with _lock:
        kept = _present.get(key)
    if kept and kept[:2] == (seen, workspace.newsletter):
        return kept[2]
    edition = render_issue(workspace, issue_id)
    with _lock:
        _present[key] = (seen, workspace.newsletter, edition)
        _present.move_to_end(key)
        while len(_present) > _KEPT:
            _present.popitem(last=False)
    return edition


def furnish(issue: Issue, newsletter: Newsletter) -> Furniture:
    """What is derived from the issue and printed around its stories."""
    return Furniture(
        preheader=derive_preheader(issue, newsletter.labels),
        teasers=tuple((story.id, words) for story, words in derive_teasers(issue)),
        credits=derive_credits(issue),
    )


def read_pictures(workspace: Workspace, issue: Issue) -> Iterator[tuple[str, bytes]]:
    """Every picture that the mail shows, with its file; those that are missing are left out."""
    for file in dict.fromkeys(picture.file for picture in all_pictures(issue) if picture.file):
        with suppress(NotFound):
            yield file, read_picture(workspace, issue, file)
