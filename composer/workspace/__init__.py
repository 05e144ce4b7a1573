"""The newsletter's folder ⇄ model.

In: paths and texts of a folder with ``newsletter.toml``. Out: Newsletter, Issue, Story; and files written whole or not at all.
Decides nothing; every path stays in the folder.
"""

from __future__ import annotations

from composer.workspace.folder import Workspace, open_spoilt_workspace, open_workspace
from composer.workspace.issues import find_issue, list_issue_ids, load_issue, load_story, require_issue_name
from composer.workspace.pictures import read_picture, read_stored_picture, save_pictures
from composer.workspace.receipts import read_receipt, save_edition, write_receipt
from composer.workspace.sources import digest_of, read_source, write_source
from composer.workspace.turns import one_at_a_time

__all__ = [
    "Workspace",
    "digest_of",
    "find_issue",
    "list_issue_ids",
    "load_issue",
    "load_story",
    "one_at_a_time",
    "open_spoilt_workspace",
    "open_workspace",
    "read_picture",
    "read_receipt",
    "read_source",
    "read_stored_picture",
    "require_issue_name",
    "save_edition",
    "save_pictures",
    "write_receipt",
    "write_source",
]
