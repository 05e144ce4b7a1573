"""The edition of the files as they are now, for what is shown again and again."""

from __future__ import annotations

from composer.workflow.previewing import present_edition
from composer.workspace import Workspace, open_workspace

ISSUE = "2026-11-26-moulin"


def test_what_nobody_touched_is_not_rendered_again(workspace: Workspace) -> None:
    assert present_edition(workspace, ISSUE) is present_edition(open_workspace(workspace.root, environ={}), ISSUE)


def test_an_edit_a_picture_and_a_setting_are_seen_at_once(workspace: Workspace) -> None:
    first = present_edition(workspace, ISSUE)
    story = workspace.issues_path / ISSUE / "une.md"
    text = story.read_text(encoding="utf-8")
    story.write_text(text.replace("Trente boulangers", "Trente meuniers"), encoding="utf-8")  # one letter fewer
    second = present_edition(workspace, ISSUE)
    assert "Trente meuniers" in second.text
    (picture,) = (workspace.issues_path / ISSUE / "images").glob("une.*")
    other = (workspace.issues_path / ISSUE / "images" / "givrel.png").read_bytes()
    picture.write_bytes(other)
    third = present_edition(workspace, ISSUE)
    assert [one.name for one in third.pictures] != [one.name for one in second.pictures]
    settings = workspace.config_path.read_text(encoding="utf-8")
    workspace.config_path.write_text(settings.replace('name = "Demi-sel"', 'name = "Grand large"'), encoding="utf-8")
    fourth = present_edition(open_workspace(workspace.root, environ={}), ISSUE)
    assert "Grand large" in fourth.text
    assert len({first.digest, second.digest, third.digest, fourth.digest}) == 4
