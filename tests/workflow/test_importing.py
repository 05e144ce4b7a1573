"""An import writes files that read back as what it answered, and never over anything."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from composer.errors import ConfigurationError, FolderError, HebdoError, NotFound, UsageError
from composer.workflow.answers import issue_answer
from composer.workflow.composing import init_workspace
from composer.workflow.importing import import_document
from composer.workspace import Workspace, load_issue, load_story

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TEXT = "Un texte assez long pour que personne ne le prenne pour un titre, parce qu’il compte plus de cent quarante signes et qu’il se termine par un point."
ISSUE = f"Un objet\nEt aussi : Accroche\nLe titre de la une\n{TEXT}\nPARTENAIRE\nOffre !\n{TEXT}\n📘 Le livret\nLe second titre\n{TEXT}\nPour aller plus loin :\n– Un lien\nCrédits photo : Agence A"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return init_workspace(tmp_path / "lettre", language="fr")


def files(workspace: Workspace) -> dict[str, str]:
    return {path.relative_to(workspace.root).as_posix(): path.read_text(encoding="utf-8") for path in workspace.root.rglob("*.md")}


def test_the_files_of_an_issue_read_back_as_it_was_answered(workspace):
    answer = import_document(workspace, ISSUE.encode(), name="collage.txt", now=NOW)
    said = answer.to_json()
    read = issue_answer(load_issue(workspace, answer.issue_id), labels=workspace.newsletter.labels)
    assert {key: said[key] for key in read} == read
    assert said["files"] == sorted(said["files"], key=said["files"].index)
    assert set(said["files"]) == set(files(workspace))
    assert json.loads(json.dumps(said)) == said


@pytest.mark.parametrize("name", ["000_d32b9a3aba59e4d9.txt", "002_1590877c99413ba4.txt"])
def test_the_real_documents_read_back_as_they_were_answered(workspace, shared, name):
    answer = import_document(workspace, (shared / "seeds" / name).read_bytes(), name=name, now=NOW)
    said = answer.to_json()
    if answer.issue_id:
        read = issue_answer(load_issue(workspace, answer.issue_id), labels=workspace.newsletter.labels)
        assert {key: said[key] for key in read} == read
    else:
        from composer.workflow.answers import story_answer

        assert said["stories"] == [story_answer(load_story(workspace, answer.paths[0]))]
        assert said["stories"][0]["image"]["caption"]
        assert len(said["stories"][0]["web_only"]["questions"]) == 5
    assert said["unclassified"] == []


def test_a_dry_run_answers_the_same_and_writes_nothing(workspace):
    before = files(workspace)
    dry = import_document(workspace, ISSUE.encode(), dry_run=True, now=NOW).to_json()
    assert files(workspace) == before
    assert import_document(workspace, ISSUE.encode(), now=NOW).to_json() == dry


def test_the_same_text_twice_makes_two_issues(workspace):
    first = import_document(workspace, ISSUE.encode(), now=NOW)
    kept = files(workspace)
    second = import_document(workspace, ISSUE.encode(), now=NOW)
    assert first.issue_id != second.issue_id
    assert not any("hebdo show" in told.fr for told in first.imported.warnings)
    assert any(f"`hebdo show {first.issue_id}`" in told.fr for told in second.imported.warnings)
    assert {path: text for path, text in files(workspace).items() if path in kept} == kept
    assert load_issue(workspace, second.issue_id).number == load_issue(workspace, first.issue_id).number + 1


def test_an_article_waits_or_joins_an_issue(workspace):
    issue_id = import_document(workspace, ISSUE.encode(), now=NOW).issue_id
    article = f"Un titre d’article\n\n{TEXT}".encode()
    waiting = import_document(workspace, article, now=NOW)
    assert waiting.paths == ("stories/titre-d-article.md",)
    joined = import_document(workspace, article, into=issue_id, now=NOW)
    issue = load_issue(workspace, issue_id)
    assert issue.stories[-1].id == "titre-d-article"
    assert issue.unordered == ()
    assert joined.paths == (f"issues/{issue_id}/titre-d-article.md",)
    again = import_document(workspace, article, into=issue_id, now=NOW)
    assert load_issue(workspace, issue_id).stories[-1].id == again.paths[0].rpartition("/")[2].removesuffix(".md")
    assert len(load_issue(workspace, issue_id).stories) == 5


def test_a_whole_issue_does_not_go_into_another(workspace):
    issue_id = import_document(workspace, ISSUE.encode(), now=NOW).issue_id
    with pytest.raises(UsageError):
        import_document(workspace, ISSUE.encode(), into=issue_id, now=NOW)
    with pytest.raises(NotFound):
        import_document(workspace, b"Titre\n\nTexte.", into="absent", now=NOW)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 50, b"PK\x03\x04" + b"x" * 100, b"x" * 10_000_000, b"  \n "])
def test_what_cannot_be_read_is_refused_with_place_and_mend(workspace, content):
    before = files(workspace)
    with pytest.raises(HebdoError) as refused:
        import_document(workspace, content, name="fichier.bin", now=NOW)
    assert refused.value.where == "fichier.bin"
    assert refused.value.hint is not None
    assert not isinstance(refused.value, ConfigurationError)
    assert files(workspace) == before


def test_a_folder_that_takes_no_files_is_told(workspace):
    (workspace.root / "issues").rmdir()
    (workspace.root / "issues").write_text("un fichier", encoding="utf-8")
    with pytest.raises(FolderError):
        import_document(workspace, ISSUE.encode(), now=NOW)


def test_a_paste_in_another_style_is_offered_to_keep_it(workspace):
    answer = import_document(workspace, f"Un titre\n\nIl dit: oui. {TEXT}".encode(), now=NOW)
    assert any('colon = "keep"' in warning.fr for warning in answer.imported.warnings)
    assert not any(
        "keep" in warning.fr for warning in import_document(workspace, f"Titre\n\nIl dit : oui. {TEXT}".encode(), now=NOW).imported.warnings
    )


def test_an_unsure_border_is_written_and_read_back(workspace):
    answer = import_document(workspace, ISSUE.replace("📘 Le livret\n", "").encode(), now=NOW)
    sponsor = next(story for story in load_issue(workspace, answer.issue_id).stories if story.kind == "sponsor")
    assert sponsor.border == "unsure"
    assert any(guess["reason"].startswith("no call") for guess in answer.to_json("en")["guesses"])


def test_an_english_newsletter_gets_english_names(tmp_path):
    workspace = init_workspace(tmp_path / "letter", language="en")
    answer = import_document(workspace, ISSUE.encode(), now=NOW)
    assert {path.rpartition("/")[2] for path in answer.paths} >= {"lead.md", "sponsor.md"}


def test_the_number_of_the_subject_is_the_issues_unless_another_one_has_it(workspace):
    text = ISSUE.replace("Un objet", "Un objet – n° 48").encode()
    first = import_document(workspace, text, now=NOW)
    assert load_issue(workspace, first.issue_id).number == 48
    second = import_document(workspace, text, now=NOW)
    assert load_issue(workspace, second.issue_id).number == 49
    assert any("48 est déjà" in warning.fr for warning in second.imported.warnings)
    assert load_issue(workspace, second.issue_id).subject == "Un objet – n° 48"


def test_what_was_not_understood_guessed_or_to_be_seen_is_said_with_its_line(workspace):
    """On the command line as in the answer; ``unclassified`` itself stays a list of words."""
    from composer.cli.commands.importing import _told

    text = f"Un objet\nLe titre de la une\n{TEXT}\nUne ligne perdue\nPARTENAIRE\nOffre !\n{TEXT}\nTramway :\nLe vote de minuit\n{TEXT}"
    answer = import_document(workspace, text.encode(), as_="issue", now=NOW)
    said = answer.to_json("fr")
    assert said["unclassified"] == ["Une ligne perdue"]
    lines = _told(said, answer.imported.unclassified, dry_run=False).split("\n")
    assert any("4" in line and "Une ligne perdue" in line for line in lines)
    assert any("8" in line and ("seul titre" in line or "one headline" in line) for line in lines)
    assert all(any(char.isdigit() for char in line) for line in lines[:-1])
