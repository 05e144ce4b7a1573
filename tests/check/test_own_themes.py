"""What newsrooms do to a theme every day is taken: a check that cries at a new colour is one that nobody reads."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from composer.check.measures import EditionMeasure
from composer.check.paid import check_paid
from composer.check.seen.sight import Sight
from composer.model.findings import Finding
from composer.render.edition import render_edition
from composer.render.theme import Theme
from composer.render.views import web_view
from composer.workflow.previewing import furnish, read_pictures
from composer.workspace import load_issue, open_workspace
from composer.workspace.themes import load_theme

sys.path.insert(0, str(Path(__file__).parent))
from own_themes import ORDINARY, Change

WORKSPACE = open_workspace(Path(__file__).resolve().parents[2])
ISSUE = load_issue(WORKSPACE, "42")
PICTURES = dict(read_pictures(WORKSPACE, ISSUE))
THEMES = ("classique", "moderne")


def told(theme: Theme) -> list[Finding]:
    newsletter = replace(WORKSPACE.newsletter, theme=theme.name)
    edition = render_edition(ISSUE, newsletter, theme, furniture=furnish(ISSUE, newsletter), pictures=PICTURES)
    html, prefix = edition.html, edition.field_prefix
    measure = EditionMeasure(html=html, text=edition.text, size_bytes=1, field_prefix=prefix, web_html=web_view(edition))
    return list(check_paid(ISSUE, newsletter, measure, Sight(html, prefix)))


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_as_it_is_shipped_leaves_nothing_to_say(name: str) -> None:
    assert told(load_theme(WORKSPACE, name)) == []


@pytest.mark.parametrize("change", ORDINARY, ids=lambda change: change.name)
@pytest.mark.parametrize("name", THEMES)
def test_an_ordinary_change_is_taken(name: str, change: Change) -> None:
    theme = load_theme(WORKSPACE, name)
    text = change.made_to(theme.templates[change.file])
    assert text != theme.templates[change.file]
    assert told(replace(theme, templates={**theme.templates, change.file: text}, version=f"{name} {change.name}")) == []


@pytest.mark.parametrize("css", ["div.lb{block-size:0}", ".sp{contain:strict}", "div.sb{position:absolute;top:-60px}"])
def test_one_that_nobody_can_be_sure_of_is_not(css: str) -> None:
    theme = load_theme(WORKSPACE, "moderne")
    head = f"{theme.templates['head.css']}\n{css}\n"
    found = told(replace(theme, templates={**theme.templates, "head.css": head}, version=css))
    assert [one.rule for one in found if one.level == "error"] == ["sponsor-unsure"]
