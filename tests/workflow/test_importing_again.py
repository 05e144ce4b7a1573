"""An import typed again with what was confirmed replaces the issue that it made, unless somebody wrote in it; style is offered in plain words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from composer.errors import Conflict
from composer.workflow.composing import init_workspace
from composer.workflow.importing import import_document
from composer.workspace import Workspace, load_issue

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LONG = "Un texte assez long pour que personne ne le prenne pour un titre, parce qu’il compte plus de cent quarante signes et qu’il se termine par un point."
TEXT = f"Un objet\nLa une\n{LONG}\nPARTENAIRE\nOffre !\n{LONG}\nLe second titre\n{LONG}\nPour aller plus loin :\n– Un lien\n".encode()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return init_workspace(tmp_path / "lettre", language="fr")


def test_the_same_text_with_the_sponsors_end_confirmed_replaces_its_untouched_issue(workspace):
    first = import_document(workspace, TEXT, now=NOW)
    before = load_issue(workspace, first.issue_id)
    assert [story.border for story in before.stories if story.kind == "sponsor"] == ["unsure"]
    again = import_document(workspace, TEXT, sponsor_ends="6", now=NOW)
    after = load_issue(workspace, again.issue_id)
    assert (after.id, after.number, after.date) == (before.id, before.number, before.date)
    assert [story.border for story in after.stories if story.kind == "sponsor"] == ["sure"]
    assert [path.name for path in workspace.issues_path.iterdir() if path.is_dir()] == [first.issue_id]
    assert any("est remplacé" in told.fr for told in again.imported.warnings)


def test_a_story_that_the_second_import_does_not_make_leaves_the_folder(workspace):
    first = import_document(workspace, TEXT, now=NOW)
    again = import_document(workspace, TEXT, sponsor_ends="10", now=NOW)
    assert set(first.paths) - set(again.paths)
    assert {path.name for path in (workspace.issues_path / again.issue_id).glob("*.md")} == {
        path.rpartition("/")[2] for path in again.paths
    }


@pytest.mark.parametrize("touch", ["une.md", "note.txt"])
def test_an_issue_that_somebody_wrote_in_is_never_replaced(workspace, touch):
    first = import_document(workspace, TEXT, now=NOW)
    folder = workspace.issues_path / first.issue_id
    (folder / touch).write_text("# Une autre une\n\nDes mots.\n", encoding="utf-8")
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(Conflict) as refused:
        import_document(workspace, TEXT, sponsor_ends="6", now=NOW)
    assert refused.value.exit_code == 6
    assert refused.value.where == f"issues/{first.issue_id}/{touch}"
    assert "border: unsure" in refused.value.hint.fr
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == kept


def test_an_issue_that_was_deleted_is_made_anew(workspace):
    first = import_document(workspace, TEXT, now=NOW)
    for path in (workspace.issues_path / first.issue_id).iterdir():
        path.unlink()
    (workspace.issues_path / first.issue_id).rmdir()
    assert import_document(workspace, TEXT, sponsor_ends="6", now=NOW).issue_id == first.issue_id


@pytest.mark.parametrize(
    "spoilt", [b"", b"{", b"[]", b'{"issue": "../..", "files": {}}', b'{"issue": "x", "files": {"newsletter.toml": ""}}']
)
def test_a_spoilt_record_makes_one_more_issue(workspace, spoilt):
    first = import_document(workspace, TEXT, now=NOW)
    (record,) = (workspace.var_path / "imports").iterdir()
    record.write_bytes(spoilt)
    assert import_document(workspace, TEXT, sponsor_ends="6", now=NOW).issue_id != first.issue_id


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'Un titre\n\nElle dit "oui" au maire. {LONG}', 'au rendu, les "guillemets droits" deviendront « … » ; pour garder ce qui est écrit : `straight = "keep"`'),
        (f"Un titre\n\nIl dit: oui. {LONG}", "au rendu, « mot: » deviendra « mot : », avec une espace devant les deux-points"),
        (f"Un titre\n\nIl dit oui! Et non! {LONG}", "au rendu, « mot! » deviendra « mot ! »"),
        (f"Un titre\n\nElle dit “oui” au maire. {LONG}", "au rendu, les “guillemets anglais” deviendront « … »"),
    ],
)  # fmt: skip
def test_what_rendering_will_change_is_said_in_plain_words(workspace, text, said):
    told = import_document(workspace, text.encode(), now=NOW).to_json("fr")["warnings"]
    assert said in " / ".join(told).replace("\u00a0", " ")
