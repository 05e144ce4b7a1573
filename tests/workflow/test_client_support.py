"""A theme of one's own is judged against the built-in ones, an issue against its theme."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from composer.workflow.checking import check
from composer.workflow.client_support import measure_support
from composer.workspace import open_workspace
from composer.workspace.themes import built_in_templates

ISSUE = "2026-11-26-moulin"


@pytest.fixture
def own_theme(workspace):
    """The sample newsletter with a theme that uses what mail clients do not know."""
    folder = workspace.root / "templates" / "maison"
    folder.mkdir(parents=True)
    shutil.copy(built_in_templates() / "classique" / "theme.toml", folder)
    shared = (built_in_templates() / "shared" / "inline.css").read_text("utf-8")
    (folder / "inline.css").write_text(shared + "p.al { display:flex; border-radius:8px }\n", "utf-8")
    config = workspace.config_path
    config.write_text(config.read_text("utf-8").replace('theme = "classique"', 'theme = "maison"'), "utf-8")
    return open_workspace(workspace.root, environ={})


def told(workspace):
    return [one for one in check(workspace, ISSUE) if one.rule.startswith("client-")]


@pytest.mark.parametrize("theme", ["classique", "moderne"])
def test_the_sample_issue_has_nothing_that_a_client_does_not_know(workspace, theme):
    config = workspace.config_path
    config.write_text(config.read_text("utf-8").replace('theme = "classique"', f'theme = "{theme}"'), "utf-8")
    assert told(open_workspace(workspace.root, environ={})) == []


def test_the_author_of_a_theme_is_told_in_its_files(own_theme):
    found = told(own_theme)
    line = (own_theme.root / "templates/maison/inline.css").read_text("utf-8").count("\n")
    assert {(one.path, one.line) for one in found} == {("templates/maison/inline.css", line)}
    assert {one.message.en.split("“")[1].split("”")[0] for one in found} == {"display: flex", "border-radius"}


def test_code_of_an_author_is_told_in_the_story(workspace):
    story = workspace.path_of(f"issues/{ISSUE}/criee.md")
    text = story.read_text("utf-8").replace("\n## Pour aller plus loin", "\n```\nx = 1\n```\n\n## Pour aller plus loin", 1)
    story.write_text(text, "utf-8")
    found = told(workspace)
    assert {(one.path, text.split("\n")[one.line - 1]) for one in found} == {(f"issues/{ISSUE}/criee.md", "```")}


def test_files_that_are_the_built_in_ones_word_for_word_are_not_told(workspace):
    shutil.copytree(built_in_templates() / "shared", workspace.root / "templates" / "shared")
    assert told(workspace) == []


def test_a_theme_that_does_not_compile_is_told_by_its_own_error_alone(own_theme):
    (own_theme.root / "templates/maison/issue.mjml").write_text("<mjml><mj-body><mj-section></mj-body></mjml>", "utf-8")
    assert measure_support(own_theme, today=date(2026, 11, 22)) is None
