"""Whoever edited last does not approve: what git and the accounts of the machine know of it, and what is only believed."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from composer.errors import Conflict, UsageError
from composer.ledger import Ledger, open_ledger
from composer.outside.history import Person, ask_history
from composer.workflow.approving import approve
from composer.workflow.four_eyes import same_person, see_hands
from composer.workspace import Workspace

ISSUE = "2026-11-26-moulin"
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
Git = Callable[..., None]


@pytest.fixture
def ledger(workspace: Workspace) -> Iterator[Ledger]:
    with open_ledger(workspace.ledger_path, now=NOW) as opened:
        yield opened


@pytest.fixture
def strict(workspace: Workspace) -> Workspace:
    """The desk that wants an approval."""
    from composer.workspace import open_workspace

    settings = workspace.config_path.read_text(encoding="utf-8").replace("require = []", 'require = ["approval"]')
    workspace.config_path.write_text(settings, encoding="utf-8")
    return open_workspace(workspace.root, environ={})


@pytest.fixture
def git(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """The workspace in git, with Anne at the keyboard."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)

    def run(*words: str) -> None:
        subprocess.run(["git", "-C", str(workspace.root), *words], check=True, capture_output=True)

    run("init", "--initial-branch=main")
    run("config", "user.name", "Anne Martin")
    run("config", "user.email", "anne.martin@exemple.fr")
    run("add", "newsletter.toml", "issues")
    run("commit", "-m", "le numéro")
    return run


def edit(workspace: Workspace) -> None:
    file = workspace.issues_path / ISSUE / "une.md"
    file.write_text(file.read_text(encoding="utf-8") + "\nUne phrase de plus.\n", encoding="utf-8")


def me() -> str:
    return pwd.getpwuid(os.getuid()).pw_name


def test_the_author_of_the_last_commit_does_not_approve_under_any_of_their_names(strict: Workspace, ledger: Ledger, git: Git) -> None:
    for name in (None, "Anne", "anne martin", "ANNE", "anne.martin@exemple.fr", "Martin"):
        with pytest.raises(Conflict) as told:
            approve(strict, ledger, ISSUE, by=name, now=NOW)
        assert "Anne Martin a modifié ce numéro en dernier, d’après le dernier commit" in told.value.message.fr
    given = approve(strict, ledger, ISSUE, by="Béatrice", now=NOW)
    assert given.to_json()["last_editor"] == "Anne Martin"
    assert given.doubt is not None  # typed in Anne's session
    assert "Anne Martin" in given.doubt.fr


def test_a_colleague_approves_in_their_own_session_and_nothing_is_doubted(strict: Workspace, ledger: Ledger, git: Git) -> None:
    git("config", "user.name", "Béatrice Roy")
    git("config", "user.email", "b.roy@exemple.fr")
    given = approve(strict, ledger, ISSUE, now=NOW)
    assert (given.approver, given.editor, given.known_by, given.doubt) == ("Béatrice Roy", "Anne Martin", "commit", None)


def test_what_is_not_committed_yet_is_of_whoever_has_it(strict: Workspace, ledger: Ledger, git: Git) -> None:
    git("config", "user.name", "Béatrice Roy")
    git("config", "user.email", "b.roy@exemple.fr")
    edit(strict)
    with pytest.raises(Conflict) as told:
        approve(strict, ledger, ISSUE, now=NOW)
    assert "Béatrice Roy a modifié ce numéro en dernier, sans commit encore" in told.value.message.fr


def test_a_commit_elsewhere_makes_nobody_the_editor_of_this_issue(strict: Workspace, ledger: Ledger, git: Git) -> None:
    (strict.root / "notes.txt").write_text("à faire\n", encoding="utf-8")
    git("add", "notes.txt")
    git("-c", "user.name=Chloé", "-c", "user.email=chloe@exemple.fr", "commit", "-m", "notes")
    assert see_hands(strict.issues_path / ISSUE).editors[0] == "Anne Martin"


def test_without_git_the_owner_of_the_file_edited_last(strict: Workspace, ledger: Ledger) -> None:
    with pytest.raises(Conflict) as told:
        approve(strict, ledger, ISSUE, by=me(), now=NOW)
    assert "d’après le propriétaire du fichier" in told.value.message.fr
    given = approve(strict, ledger, ISSUE, by="Ana", now=NOW)
    assert given.approver == "Ana"
    assert given.doubt is not None  # everybody works under one account: the name is believed, and that is said
    assert given.to_json()["believed"] is True


def test_without_the_rule_anybody_approves_and_nothing_is_said(workspace: Workspace, ledger: Ledger) -> None:
    given = approve(workspace, ledger, ISSUE, now=NOW)
    assert given.approver == me()
    assert given.doubt is None


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\n", "x" * 81])
def test_an_approval_bears_a_name(workspace: Workspace, ledger: Ledger, name: str) -> None:
    with pytest.raises(UsageError):
        approve(workspace, ledger, ISSUE, by=name, now=NOW)


def test_names_that_can_be_one_person_are() -> None:
    for one, other in (
        ("Anne", "Anne Martin"),
        ("anne.martin@exemple.fr", "Anne Martin"),
        ("Zoé", "ZOE"),
        ("Le Goff Camille", "camille le goff"),
    ):
        assert same_person(one, other)
        assert same_person(other, one)
    for one, other in (("Anne", "Annette"), ("Anne Martin", "Anne Roy"), ("", ""), ("–", "Anne")):
        assert not same_person(one, other)


def test_git_that_is_broken_or_absent_says_nothing(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = workspace.issues_path / ISSUE
    (workspace.root / ".git").mkdir()
    (workspace.root / ".git" / "HEAD").write_text("nonsense", encoding="utf-8")
    assert ask_history(folder) is None
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    assert ask_history(folder) is None


def test_looking_at_the_history_starts_nothing_that_the_folder_names(workspace: Workspace, git: Git, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    script = tmp_path / "monitor.sh"
    script.write_text(f"#!/bin/sh\ntouch {trap}\n", encoding="utf-8")
    script.chmod(0o755)
    git("config", "core.fsmonitor", str(script))
    history = ask_history(workspace.issues_path / ISSUE)
    assert history is not None
    assert history.last == Person(name="Anne Martin", email="anne.martin@exemple.fr")
    assert not trap.exists()
