"""The French is read where the newsletter asks for it, and the newsroom's words are taught."""

from __future__ import annotations

import shutil

import pytest

from composer.errors import FolderError, UsageError
from composer.outside import grammar
from composer.workflow.checking import check
from composer.workflow.grammar import teach_words
from composer.workspace import Workspace, open_workspace

ISSUE = "2026-11-26-moulin"


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    grammar._READ.clear()
    grammar._SUGGESTED.clear()


@pytest.fixture
def asking(workspace):
    """The sample newsletter, with a story that holds three faults, asking for Grammalecte."""
    return _asking(workspace)


def _asking(workspace: Workspace, locale: str = "fr-FR") -> Workspace:
    config = workspace.config_path
    text = config.read_text("utf-8").replace('locale = "fr-FR"', f'locale = "{locale}"', 1)
    config.write_text(f'{text}\n[check]\ngrammar = "grammalecte"\n', "utf-8")
    story = workspace.path_of(f"issues/{ISSUE}/criee.md")
    body = "\nLes enfant mangent du [chocollat](https://example.org/chocollat) et un chatbot.\n\n## Pour aller plus loin"
    story.write_text(story.read_text("utf-8").replace("\n## Pour aller plus loin", body, 1), "utf-8")
    return open_workspace(workspace.root, environ={})


@pytest.fixture
def real():
    if shutil.which("grammalecte-cli") is None:
        pytest.skip("grammalecte-cli is not on this machine: run tests/needs.sh as root")


def remarks(findings, path="criee.md"):
    return [
        (one.rule, one.message.fr) for one in findings if one.rule in {"grammar", "spelling", "grammar-unread"} and one.path.endswith(path)
    ]


def test_the_real_program_says_where_the_faults_are(real, asking):
    findings = [
        one for one in check(asking, ISSUE, grammar="read") if one.rule in {"grammar", "spelling"} and one.path.endswith("criee.md")
    ]
    lines = asking.path_of(f"issues/{ISSUE}/criee.md").read_text("utf-8").split("\n")
    marked = [lines[one.line - 1][one.col - 1 :].split(" ")[0] for one in findings]
    assert marked == ["enfant", "chocollat](https://example.org/chocollat)", "chatbot."]
    assert {one.level for one in findings} == {"advice"}
    assert "chocolat" in findings[1].message.fr


def test_in_the_sample_newsletter_one_word_is_unknown_and_nothing_is_wrong(real, workspace):
    config = workspace.config_path
    config.write_text(config.read_text("utf-8") + '\n[check]\ngrammar = "grammalecte"\n', "utf-8")
    found = check(open_workspace(workspace.root, environ={}), ISSUE, grammar="read")
    assert ["dahl" in one.message.fr for one in found if one.rule in {"grammar", "spelling", "grammar-unread"}] == [True]


def test_a_word_that_was_taught_is_never_remarked_on_again(real, asking):
    assert teach_words(asking, ["chatbot", "chocollat", "chatbots"]) == ("chatbot", "chocollat")
    assert teach_words(asking, ["Chatbot"]) == ()
    said = remarks(check(asking, ISSUE, grammar="read"))
    assert [rule for rule, _ in said] == ["grammar"]
    assert (asking.root / "dictionnaire.txt").read_text("utf-8").split("\n")[1:] == ["chatbot", "chocollat", ""]


def test_words_are_added_below_what_a_person_wrote(workspace):
    file = workspace.root / "dictionnaire.txt"
    file.write_text("# noms\nAltman", "utf-8")
    teach_words(workspace, ["  scale-up  "])
    assert file.read_text("utf-8") == "# noms\nAltman\nscale-up\n"


@pytest.mark.parametrize("word", ["", "  ", "a#b", "x" * 61, "a\x07b", "«»"])
def test_what_is_no_word_is_not_taught(workspace, word):
    with pytest.raises(UsageError):
        teach_words(workspace, [word])
    assert not (workspace.root / "dictionnaire.txt").exists()


def test_a_dictionary_outside_the_folder_is_neither_read_nor_written(workspace):
    config = workspace.config_path
    config.write_text(config.read_text("utf-8") + '\n[check]\ndictionary = "../ailleurs.txt"\n', "utf-8")
    with pytest.raises(FolderError):
        teach_words(open_workspace(workspace.root, environ={}), ["mot"])


def test_without_the_program_one_finding_says_how_to_get_it(asking, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    told = [one for one in check(asking, ISSUE, grammar="read") if one.rule in {"grammar", "spelling", "grammar-unread"}]
    assert len(told) == 1
    assert "apt install grammalecte-cli" in told[0].hint.fr


def test_an_english_newsletter_is_told_that_only_french_is_read(workspace):
    told = [
        one for one in check(_asking(workspace, "en-GB"), ISSUE, grammar="read") if one.rule in {"grammar", "spelling", "grammar-unread"}
    ]
    assert [one.message.en for one in told] == ["Grammar not read: Grammalecte reads French only."]


def test_who_does_not_ask_hears_nothing(workspace, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not [one for one in check(workspace, ISSUE, grammar="read") if one.rule == "grammar-unread"]


def test_what_refuses_a_sending_starts_no_program(asking, monkeypatch, tmp_path):
    program = tmp_path / "grammalecte-cli"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    check(asking, ISSUE)
    assert not (tmp_path / "started").exists()
