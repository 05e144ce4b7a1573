"""Themes: what a newsroom puts in its templates/ stands before what is built in."""

from __future__ import annotations

from pathlib import Path

import pytest

from composer.errors import ConfigurationError
from composer.workspace import Workspace, open_workspace
from composer.workspace.themes import built_in_templates, list_themes, load_theme


@pytest.fixture
def newsroom(tmp_path: Path) -> Workspace:
    (tmp_path / "newsletter.toml").write_text('[newsletter]\nname = "Le Bac"\nlist_id = "bac.example.org"\n', encoding="utf-8")
    return open_workspace(tmp_path)


def put(workspace: Workspace, name: str, content: str | bytes) -> None:
    path = workspace.root / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def test_both_built_in_themes_are_there(newsroom: Workspace) -> None:
    assert list_themes(newsroom) == ("classique", "moderne")
    assert load_theme(newsroom, "moderne").tokens["label"]


def test_a_file_of_the_newsroom_stands_before_the_built_in_one(newsroom: Workspace) -> None:
    before = load_theme(newsroom, "classique")
    put(newsroom, "classique/text.txt", "À nous.\n")
    after = load_theme(newsroom, "classique")
    assert after.templates["text.txt"] == "À nous.\n"
    assert after.templates["issue.mjml"] == before.templates["issue.mjml"]
    assert after.version != before.version
    assert load_theme(newsroom, "moderne").templates["text.txt"] == before.templates["text.txt"]


def test_a_shared_file_of_the_newsroom_serves_every_theme(newsroom: Workspace) -> None:
    put(newsroom, "shared/text.txt", "Pour tous.\n")
    assert {load_theme(newsroom, name).templates["text.txt"] for name in list_themes(newsroom)} == {"Pour tous.\n"}


def test_a_theme_of_the_newsroom_needs_only_its_values(newsroom: Workspace) -> None:
    values = (built_in_templates() / "moderne" / "theme.toml").read_text(encoding="utf-8").replace("#1B3FC4", "#006644")
    put(newsroom, "maison/theme.toml", values)
    theme = load_theme(newsroom, "maison")
    assert theme.tokens["light"]["accent"] == "#006644"
    assert "maison" in list_themes(newsroom)


def test_an_unknown_theme_is_refused_and_the_known_ones_are_listed(newsroom: Workspace) -> None:
    with pytest.raises(ConfigurationError) as told:
        load_theme(newsroom, "clasique")
    assert "classique, moderne" in told.value.hint.fr  # type: ignore[union-attr]


@pytest.mark.parametrize("value", ['""', '"  "', '"nope"', "42", '"../x"', '["a"]'])
def test_a_theme_that_is_not_there_names_the_line_and_the_themes_there_are(value: str, newsroom: Workspace) -> None:
    put(newsroom, "maison/theme.toml", "")
    newsroom.config_path.write_text(f'[newsletter]\nname = "Le Bac"\ntheme = {value}\n', encoding="utf-8")
    with pytest.raises(ConfigurationError) as told:
        load_theme(open_workspace(newsroom.root, environ={}))
    assert told.value.where == "newsletter.toml:3"
    assert "classique, maison, moderne" in told.value.hint.fr  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["..", "../classique", "classique/..", "shared", ""])
def test_a_theme_is_a_name_and_no_path(name: str, newsroom: Workspace) -> None:
    if name:
        with pytest.raises(ConfigurationError):
            load_theme(newsroom, name)
    else:
        assert load_theme(newsroom, name).name == newsroom.newsletter.theme


def test_a_theme_that_cannot_be_read_names_its_file_and_line(newsroom: Workspace) -> None:
    put(newsroom, "classique/theme.toml", 'label = "Classique"\nbody = \n')
    with pytest.raises(ConfigurationError) as told:
        load_theme(newsroom, "classique")
    assert told.value.where == "templates/classique/theme.toml"
    assert "line 2" in told.value.message.en


def test_line_ends_of_windows_make_the_same_theme(newsroom: Workspace) -> None:
    plain = load_theme(newsroom, "classique")
    for file in ("shared/issue.mjml", "shared/text.txt", "classique/theme.toml"):
        content = (built_in_templates() / file).read_bytes()
        put(newsroom, file, content.replace(b"\n", b"\r\n"))
    assert dict(load_theme(newsroom, "classique").templates) == dict(plain.templates)


def test_a_change_is_seen_at_once(newsroom: Workspace) -> None:
    put(newsroom, "classique/text.txt", "un\n")
    assert load_theme(newsroom, "classique").templates["text.txt"] == "un\n"
    put(newsroom, "classique/text.txt", "deux\n")
    assert load_theme(newsroom, "classique").templates["text.txt"] == "deux\n"
