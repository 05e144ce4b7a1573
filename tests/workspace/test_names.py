"""Names that are not UTF-8, as old disks and archives bring them: told, and never in the way of the other issues."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from composer.errors import HebdoError, StoryError
from composer.workflow.listing import list_issues
from composer.workspace import Workspace, find_issue, load_issue, open_workspace

CONFIG = '[newsletter]\nname = "La Gazette"\n'


def put(folder: Path, name: bytes, text: str) -> None:
    path = os.path.join(os.fsencode(folder), name)  # noqa: PTH118 - pathlib knows no bytes
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
    with open(path, "w", encoding="utf-8") as opened:  # noqa: PTH123
        opened.write(text)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "newsletter.toml").write_text(CONFIG, encoding="utf-8")
    put(tmp_path, b"issues/2026-11-26-a/issue.md", "---\nnumber: 1\n---\n# Premier\n")
    return open_workspace(tmp_path, environ={})


def test_an_issue_with_such_a_name_is_listed_with_its_fault_and_never_found_by_chance(workspace: Workspace) -> None:
    put(workspace.root, b"issues/\xff\xfe/issue.md", "---\nnumber: 99\n---\n# Objet\n")
    rows = list_issues(workspace)
    assert [row["id"] for row in rows] == ["2026-11-26-a", r"\xff\xfe"]
    assert "UTF-8" in rows[1]["error"]
    assert find_issue(workspace, "latest") == "2026-11-26-a"
    with pytest.raises(StoryError):
        find_issue(workspace, os.fsdecode(b"\xff\xfe"))


def test_a_story_with_such_a_name_stops_its_issue_and_the_command_of_the_hint_mends_it(workspace: Workspace) -> None:
    put(workspace.root, b"issues/2026-11-26-a/l'\xe9t\xe9.md", "# Une\n\nMots.\n")
    put(workspace.root, b"issues/2026-12-03-b/issue.md", "# Autre\n")
    with pytest.raises(StoryError) as told:
        load_issue(workspace, "1")
    assert load_issue(workspace, "2026-12-03-b").subject == "Autre"
    assert told.value.where == r"issues/2026-11-26-a/l'\xe9t\xe9.md"
    assert told.value.hint is not None
    command = told.value.hint.en.partition("`")[2].rstrip("`")
    subprocess.run(["bash", "-c", command], cwd=workspace.root, check=True)
    assert [story.id for story in load_issue(workspace, "1").stories] == ["l'_t_"]


def test_a_newsletter_in_a_folder_with_such_a_name_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    put(tmp_path, b"\xfe/newsletter.toml", CONFIG)
    with pytest.raises(HebdoError) as told:
        open_workspace(Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), b"\xfe"))), environ={})  # noqa: PTH118
    assert told.value.exit_code == 3
