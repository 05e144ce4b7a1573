"""What stays in an issue's folder when it is sent: the edition as readers got it, and the receipt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from composer.errors import FolderError, NotFound
from composer.model.edition import Edition
from composer.model.issue import Issue
from composer.words import Words
from composer.workspace.files import read_text, write_atomic
from composer.workspace.folder import Workspace
from composer.workspace.pictures import issue_folder

RECEIPT_NAME = "sent.json"
HTML_NAME, TEXT_NAME = "edition.html", "edition.txt"
OURS = frozenset({RECEIPT_NAME, HTML_NAME, TEXT_NAME, "corrected.html", "corrected.txt"})
"""What Hebdo itself writes into an issue's folder."""


def save_edition(workspace: Workspace, issue: Issue | str, edition: Edition) -> None:
    """Keep ``edition.html`` and ``edition.txt`` in the issue's folder; merge fields stay open."""
    folder = issue_folder(issue)
    for name, text in ((HTML_NAME, edition.html), (TEXT_NAME, edition.text)):
        path = f"{folder}/{name}"
        write_atomic(workspace.path_of(path), text.encode("utf-8"), shown=path)


def save_corrected(workspace: Workspace, issue: Issue | str, edition: Edition | None) -> None:
    """Keep ``corrected.html`` and ``corrected.txt`` beside what readers got, or take them away (None): what the web view shows now."""
    folder = issue_folder(issue)
    texts = (edition.html, edition.text) if edition else (None, None)
    for name, text in zip(("corrected.html", "corrected.txt"), texts, strict=True):
        path = workspace.path_of(f"{folder}/{name}")
        if text is not None:
            write_atomic(path, text.encode("utf-8"), shown=f"{folder}/{name}")
        elif path.exists():
            path.unlink()


def write_receipt(workspace: Workspace, issue: Issue | str, receipt: Mapping[str, Any]) -> None:
    """Write ``sent.json`` so that it outlasts a power cut before this returns; nothing personal belongs in it."""
    path = f"{issue_folder(issue)}/{RECEIPT_NAME}"
    written = json.dumps(dict(receipt), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    write_atomic(workspace.path_of(path), written.encode("utf-8"), shown=path)


def read_receipt(workspace: Workspace, issue: Issue | str) -> dict[str, Any] | None:
    """The receipt of an issue, None when it was never launched from this folder.

    Raises FolderError when there is one that cannot be read (an unreadable receipt is not a missing one), as SystemTrouble when that
    says nothing of the receipt.
    """
    path = f"{issue_folder(issue)}/{RECEIPT_NAME}"
    full = workspace.path_of(path)
    try:
        receipt = json.loads(read_text(full, shown=path))
    except NotFound:
        return None
    except (ValueError, RecursionError) as error:
        raise _unreadable(path) from error
    if not isinstance(receipt, dict):
        raise _unreadable(path)
    return receipt


def _unreadable(path: str) -> FolderError:
    return FolderError(
        Words(fr="Ce reçu d’envoi ne se lit pas.", en="This receipt cannot be read."),
        where=path,
        hint=Words(fr=f"Reprenez-le dans git : `git checkout -- {path}`", en=f"Take it back from git: `git checkout -- {path}`"),
    )
