from __future__ import annotations

import pytest

from composer.errors import Conflict, NotFound, UsageError
from composer.workflow.checking import check, check_sources, fix
from composer.workflow.linking import list_links, set_links
from composer.workspace.folder import open_workspace

TOML = """[newsletter]
name = "Essai"
list_id = "essai.exemple.fr"
[sender]
name = "Essai"
address = "essai@exemple.fr"
reply_to = "essai@exemple.fr"
[site]
public_url = "https://essai.exemple.fr"
[publisher]
name = "Essai"
address = "1, rue de l’Essai, 75000 Paris"
"""
UNE = """---
kind: lead
---
# Le titre

Un\u00a0chapô: deux  mots : trois : `a  b` [ici](www.exemple.fr/a:b).

L'eau et l’air et l’or, [un lien]().
"""


@pytest.fixture
def workspace(tmp_path):
    folder = tmp_path / "issues" / "2026-11-26-essai"
    folder.mkdir(parents=True)
    (tmp_path / "newsletter.toml").write_text(TOML, encoding="utf-8")
    (folder / "issue.md").write_text("---\nnumber: 1\norder: [une]\n---\n# Objet\n", encoding="utf-8")
    (folder / "une.md").write_text(UNE, encoding="utf-8")
    (folder / "suite.md").write_text("# Suite\n\nUn mot.\n", encoding="utf-8")
    return open_workspace(tmp_path)


def une(workspace):
    return (workspace.issues_path / "2026-11-26-essai" / "une.md").read_text(encoding="utf-8")


def test_safe_mends_are_made_and_told(workspace):
    mended = {one.rule for one in fix(workspace, "2026-11-26-essai")}
    assert mended == {"order-unlisted", "untidy-source", "double-space", "mixed-typography", "link-without-scheme"}
    body = une(workspace)
    assert "Un chapô : deux mots : trois : `a  b` [ici](https://www.exemple.fr/a:b)." in body
    assert "L’eau et l’air" in body
    assert "order: [une, suite]" in (workspace.issues_path / "2026-11-26-essai" / "issue.md").read_text(encoding="utf-8")


def test_mending_twice_changes_nothing_more(workspace):
    fix(workspace, "1")
    once = une(workspace)
    assert fix(workspace, "1") == ()
    assert une(workspace) == once


def test_a_credit_that_a_picture_bears_is_taken_out_of_the_loose_ones(workspace):
    issue = next(workspace.issues_path.glob("*/issue.md"))
    story = issue.with_name("z-image.md")
    story.write_text('---\nimage: {file: images/a.jpg, alt: "Un pont", credit: "Agence"}\n---\n# Le pont\n\nIl rouvre.\n', encoding="utf-8")
    before = issue.read_text(encoding="utf-8")
    issue.write_text(before.replace("---\n", '---\ncredits: ["agence", "Léo Mer"]\n', 1), encoding="utf-8")
    assert "credits-twice" in {one.rule for one in fix(workspace, "1")}
    assert 'credits: ["Léo Mer"]' in issue.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_read_is_a_finding_with_its_line(workspace):
    path = workspace.issues_path / "2026-11-26-essai" / "une.md"
    path.write_text("---\nteaser: Meta : le pari\n---\n# Titre TODO\n", encoding="utf-8")
    found = check(workspace, "1")
    assert {one.rule for one in found} == {"unreadable", "placeholder"}
    assert {(one.path, one.line) for one in found} == {("issues/2026-11-26-essai/une.md", 2), ("issues/2026-11-26-essai/une.md", 4)}


@pytest.mark.parametrize(
    ("content", "where"),
    [("date;annonceur\n2026-11-26;Café\n".encode("cp1252"), 2), (b"date,advertiser\n2026-11-26," + b"x" * 200_000 + b"\n", 2)],
)
def test_bookings_that_cannot_be_read_are_told(workspace, content, where):
    (workspace.root / "sponsors").mkdir()
    (workspace.root / "sponsors" / "bookings.csv").write_bytes(content)
    for found in (check(workspace, "1"), check_sources(workspace, "1")):
        assert ("unreadable", "sponsors/bookings.csv", where) in {(one.rule, one.path, one.line) for one in found}


def test_bookings_are_read(workspace):
    (workspace.root / "sponsors").mkdir()
    (workspace.root / "sponsors" / "bookings.csv").write_text(
        "date,slot,advertiser,status,issue,file\n2026-11-26,une,Maison,booked,2026-11-26-essai,\n", encoding="utf-8"
    )
    assert ("sponsor-absent", "sponsors/bookings.csv", 2) in {(one.rule, one.path, one.line) for one in check_sources(workspace, "1")}


@pytest.mark.parametrize(
    ("file", "rule"),
    [("../../../etc/passwd", "picture-unreadable"), ("images/rien.jpg", "picture-missing"), ("issue.md", "picture-unreadable")],
)
def test_pictures_that_cannot_be_used_are_told(workspace, file, rule):
    path = workspace.issues_path / "2026-11-26-essai" / "une.md"
    path.write_text(f'---\nkind: lead\nimage: {{file: {file}, alt: "x", credit: "y"}}\n---\n# Titre\n', encoding="utf-8")
    assert (rule, 3) in {(one.rule, one.line) for one in check_sources(workspace, "1")}


def test_the_table_is_taken_back(workspace):
    rows = list_links(workspace, "1")
    assert [(row["words"], row["state"]) for row in rows] == [("ici", "invalid"), ("un lien", "missing")]
    rows[1]["url"] = "https://exemple.fr/lien"
    assert set_links(workspace, "1", rows[1:])[1]["url"] == "https://exemple.fr/lien"
    assert une(workspace) == UNE.replace("[un lien]()", "[un lien](https://exemple.fr/lien)")


def test_the_same_table_taken_back_writes_nothing(workspace):
    (workspace.issues_path / "2026-11-26-essai" / "une.md").write_text(UNE.replace("www.", "https://www."), encoding="utf-8")
    set_links(workspace, "1", list_links(workspace, "1"))
    assert une(workspace) == UNE.replace("www.", "https://www.")
    assert not (workspace.var_path / "snapshots").exists()


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"id": "une/9", "url": "https://e.fr"}, NotFound),
        ({"id": "une/2", "url": "javascript:x"}, UsageError),
        ({"url": "https://e.fr"}, UsageError),
        ({"id": "une/2", "url": 3}, UsageError),
        ({"id": "une/2", "words": "autre chose", "url": "https://e.fr"}, Conflict),
    ],
)
def test_a_wrong_row_is_refused_and_nothing_is_written(workspace, row, error):
    with pytest.raises(error):
        set_links(workspace, "1", [{"id": "une/2", "url": "https://exemple.fr/lien"}, row])
    assert une(workspace) == UNE
