"""What an issue is made from is read without waiting for it: pipes, devices, huge files and links that lead out stop nobody."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from composer.workspace import Workspace, open_workspace
from composer.workspace.matter import name_matter, stamp_files

from .test_settings import MINIMAL

ISSUE = "2026-11-26-x"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "lettre"
    (root / "issues" / ISSUE).mkdir(parents=True)
    (root / "issues" / ISSUE / "issue.md").write_text("# Un\n")
    (root / "newsletter.toml").write_text(MINIMAL)
    return open_workspace(root, environ={})


def huge(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(200_000_000_000)  # sparse


ODD: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a huge file": huge,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nothing": lambda path: path.symlink_to("rien"),
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD.keys())
def test_what_is_no_text_is_named_without_waiting_for_it(workspace: Workspace, make: Callable[[Path], object]) -> None:
    before, odd = name_matter(workspace, ISSUE), workspace.issues_path / ISSUE / "odd.md"
    make(odd)
    named = name_matter(workspace, ISSUE)
    stamp_files(workspace, ISSUE)
    assert named == name_matter(workspace, ISSUE) != before
    odd.unlink()
    assert name_matter(workspace, ISSUE) == before


def test_a_link_is_followed_inside_of_the_workspace_and_never_out_of_it(workspace: Workspace, tmp_path: Path) -> None:
    for there, follows in ((workspace.root / "stories.md", True), (tmp_path / "secret.md", False)):
        link = workspace.issues_path / ISSUE / f"{there.stem}-link.md"
        there.write_text("un")
        link.symlink_to(there)
        before = name_matter(workspace, ISSUE)
        there.write_text("deux")
        assert (name_matter(workspace, ISSUE) != before) is follows


def test_ten_thousand_files_beside_it_hide_no_edit(workspace: Workspace) -> None:
    folder = workspace.issues_path / ISSUE
    (folder / "une.md").write_text("un")
    for number in range(10_000):
        (folder / f"note-{number}.bak").touch()
    before = name_matter(workspace, ISSUE), stamp_files(workspace, ISSUE)
    (folder / "une.md").write_text("deux")
    after = name_matter(workspace, ISSUE), stamp_files(workspace, ISSUE)
    assert before[0] != after[0]
    assert before[1] != after[1]
