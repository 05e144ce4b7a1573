from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from composer.errors import Conflict, FolderError, HebdoError, NotFound, StoryError, UsageError
from composer.model.edition import Edition, EditionPicture
from composer.workspace import (
    Workspace,
    digest_of,
    list_issue_ids,
    load_issue,
    open_workspace,
    read_picture,
    read_receipt,
    read_source,
    read_stored_picture,
    save_edition,
    save_pictures,
    write_receipt,
    write_source,
)
from composer.workspace.sources import NEW_FILE, list_snapshots, remove_source

ISSUE = "issues/2026-11-26-puces"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "newsletter.toml").write_text('[newsletter]\nname = "Essai"\n')
    folder = tmp_path / ISSUE
    folder.mkdir(parents=True)
    (folder / "issue.md").write_text("---\nnumber: 212\norder: [une]\n---\n# Objet\n")
    (folder / "une.md").write_text("---\nkind: lead\n---\n# Une\n\nTexte.\n")
    for name, number in (("2026-12-03-suite", 213), ("2025-01-01-puces-d-hier", 100)):
        (tmp_path / "issues" / name).mkdir()
        (tmp_path / "issues" / name / "issue.md").write_text(f"---\nnumber: {number}\n---\n# {name}\n")
    return open_workspace(tmp_path, environ={})


@pytest.mark.parametrize("ref", ["2026-11-26-puces", "212", "n° 212", "#212", "2026-11", "puces", ISSUE, f"./{ISSUE}/", f"{ISSUE}/une.md"])
def test_an_issue_is_found_by_what_people_call_it(workspace: Workspace, ref: str):
    assert load_issue(workspace, ref).id == "2026-11-26-puces"


@pytest.mark.parametrize("ref", ["dernier", "latest", "Dernier", "suite", "213", "2026-12"])
def test_the_latest_issue_is_the_one_planned_last(workspace: Workspace, ref: str):
    assert load_issue(workspace, ref).id == "2026-12-03-suite"


@pytest.mark.parametrize("ref", ["absent", "999", "", "../..", "/etc", "issues/absent", "\x00", "a" * 5000])
def test_an_issue_that_is_not_there_is_told_with_those_that_are(workspace: Workspace, ref: str):
    with pytest.raises(NotFound) as caught:
        load_issue(workspace, ref)
    assert caught.value.hint is not None
    assert "2026-12-03-suite" in caught.value.hint.fr


def test_a_folder_without_its_issue_file_is_told_what_it_lacks(workspace: Workspace):
    (workspace.root / "issues" / "2027-01-01-vide").mkdir()
    with pytest.raises(NotFound) as caught:
        load_issue(workspace, "2027-01-01-vide")
    assert caught.value.where == "issues/2027-01-01-vide/issue.md"


def test_a_name_that_means_several_issues_is_asked_back(workspace: Workspace):
    with pytest.raises(UsageError) as caught:
        load_issue(workspace, "2026")
    assert caught.value.hint is not None
    assert "2026-11-26-puces, 2026-12-03-suite" in caught.value.hint.fr


def test_one_bad_file_is_named_and_the_others_are_still_found(workspace: Workspace):
    bad = workspace.root / ISSUE / "reglement.md"
    bad.write_text("---\nteaser: Meta : le pari\n---\n# T\n")
    with pytest.raises(StoryError) as caught:
        load_issue(workspace, "212")
    assert caught.value.where == f"{ISSUE}/reglement.md:2"
    assert load_issue(workspace, "213").number == 213
    (workspace.root / ISSUE / "issue.md").write_text("---\nnumber: x: y\n---\n")
    assert load_issue(workspace, "213").number == 213


@pytest.mark.parametrize(
    ("content", "line"), [(b"\x00\x01binaire", None), (b"# T\n\nd\xe9j\xe0\n", 3), (b"\xff\xfe#\x00", None), (b"x" * 10_000_000, None)]
)
def test_a_file_that_is_not_text_or_far_too_big_is_told_and_left_alone(workspace: Workspace, content: bytes, line: int | None):
    bad = workspace.root / ISSUE / "zzz.md"
    bad.write_bytes(content)
    with pytest.raises(HebdoError) as caught:
        load_issue(workspace, "212")
    assert caught.value.where == f"{ISSUE}/zzz.md" + (f":{line}" if line else "")
    assert caught.value.hint is not None
    assert bad.read_bytes() == content


def test_an_empty_file_is_an_empty_story(workspace: Workspace):
    (workspace.root / ISSUE / "vide.md").write_bytes(b"")
    issue = load_issue(workspace, "212")
    assert issue.unordered == ("vide",)


def test_hidden_files_and_folders_are_nobodys_stories(workspace: Workspace):
    for name in (".brouillon.md", "_modele.md"):
        (workspace.root / ISSUE / name).write_text("# x\n")
    (workspace.root / "issues" / ".git").mkdir()
    assert [story.id for story in load_issue(workspace, "212").stories] == ["une"]
    assert len(list_issue_ids(workspace)) == 3


# Sources


@pytest.mark.parametrize("text", ["# T\r\n\r\nA\u2028B\x0b\n\n\n", "\ufeff# T", "", "sans fin de ligne", "\r"])
def test_what_was_saved_is_read_byte_for_byte(workspace: Workspace, text: str):
    path = f"{ISSUE}/une.md"
    assert write_source(workspace, path, text) == digest_of(text)
    assert read_source(workspace, path) == text
    assert (workspace.root / path).read_bytes() == text.encode()


def test_a_file_that_changed_meanwhile_is_not_written_over(workspace: Workspace):
    path = f"{ISSUE}/une.md"
    seen = digest_of(read_source(workspace, path))
    write_source(workspace, path, "# De Camille\n", if_digest=seen)
    with pytest.raises(Conflict):
        write_source(workspace, path, "# De Tom\n", if_digest=seen)
    assert read_source(workspace, path) == "# De Camille\n"
    with pytest.raises(Conflict):
        write_source(workspace, path, "# Neuf\n", if_digest=NEW_FILE)
    write_source(workspace, f"{ISSUE}/neuf.md", "# Neuf\n", if_digest=NEW_FILE)


def test_earlier_versions_are_kept_and_the_same_text_twice_makes_none(workspace: Workspace):
    path = f"{ISSUE}/une.md"
    first = read_source(workspace, path)
    write_source(workspace, path, "# Deux\n")
    write_source(workspace, path, "# Deux\n")
    write_source(workspace, path, "# Trois\n")
    kept = [(workspace.root / name).read_text() for name in list_snapshots(workspace, path)]
    assert kept == ["# Deux\n", first]
    remove_source(workspace, path)
    assert (workspace.root / list_snapshots(workspace, path)[0]).read_text() == "# Trois\n"
    assert not (workspace.root / path).exists()


def test_the_rights_of_a_file_stay_and_nothing_is_left_beside_it(workspace: Workspace):
    target = workspace.root / ISSUE / "une.md"
    target.chmod(0o640)
    write_source(workspace, f"{ISSUE}/une.md", "# Autre\n")
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in target.parent.iterdir()) == ["issue.md", "une.md"]


@pytest.mark.parametrize(
    "path",
    [
        "../dehors.md",
        "/etc/passwd",
        "issues/../../x.md",
        f"{ISSUE}/../../../x.md",
        "",
        "a\\..\\b.md",
        "issues/x\n.md",
        "lien/x.md",
        "issues/lien.md",
    ],
)
def test_no_path_leads_out_of_the_folder(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory, path: str):
    outside = tmp_path_factory.mktemp("dehors")
    (outside / "x.md").write_text("secret")
    (workspace.root / "lien").symlink_to(outside)
    (workspace.root / "issues" / "lien.md").symlink_to(outside / "x.md")
    with pytest.raises(FolderError):
        read_source(workspace, path)
    with pytest.raises(FolderError):
        write_source(workspace, path, "x")
    assert (outside / "x.md").read_text() == "secret"


@pytest.mark.parametrize(
    "path", ["seeds/x.md", "var/x.md", "composer/x.py", ".git/config", "issues/x/.caché.md", "issues/x/sent.json", "README.md"]
)
def test_nothing_is_saved_where_no_text_of_ours_lives(workspace: Workspace, path: str):
    with pytest.raises(FolderError):
        write_source(workspace, path, "x")


def test_a_story_that_is_a_link_out_of_the_folder_is_refused_by_name(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory):
    outside = tmp_path_factory.mktemp("dehors") / "x.md"
    outside.write_text("# Secret\n")
    (workspace.root / ISSUE / "secret.md").symlink_to(outside)
    with pytest.raises(FolderError) as caught:
        load_issue(workspace, "212")
    assert caught.value.where == f"{ISSUE}/secret.md"


def test_text_that_is_none_is_refused_before_anything_is_touched(workspace: Workspace):
    path = f"{ISSUE}/une.md"
    before = read_source(workspace, path)
    for text in ("a\x00b", "\ud800", "x" * 5_000_000):
        with pytest.raises(HebdoError):
            write_source(workspace, path, text)
    assert read_source(workspace, path) == before


READ_ONLY = """
import sys
from pathlib import Path
from composer.errors import FolderError
from composer.workspace import open_workspace, write_source, load_issue
workspace = open_workspace(Path(sys.argv[1]), environ={})
assert load_issue(workspace, "212").number == 212
try:
    write_source(workspace, sys.argv[2], "# X\\n")
except FolderError as error:
    print(error.message.fr, "|", error.hint.fr)
"""


def test_a_read_only_folder_is_told_and_nothing_is_lost(workspace: Workspace):
    # Root writes everywhere unless it gives that right up.
    without_override = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    if without_override and not shutil.which("setpriv"):
        pytest.skip("setpriv (util-linux) is absent: root cannot give up its right to write")
    path = f"{ISSUE}/une.md"
    before = read_source(workspace, path)
    write_source(workspace, path, before + "\n")
    write_source(workspace, path, before)
    for folder in (workspace.root / ISSUE, workspace.var_path):
        folder.chmod(0o555)
    command = [*without_override, sys.executable, "-c", READ_ONLY, str(workspace.root), path]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "protégé en écriture" in run.stdout, run.stderr
    assert read_source(workspace, path) == before
    for folder in (workspace.root / ISSUE, workspace.var_path):
        folder.chmod(0o755)


# Pictures, editions, receipts


def test_a_picture_is_read_from_its_issues_folder_only(workspace: Workspace):
    (workspace.root / ISSUE / "images").mkdir()
    (workspace.root / ISSUE / "images" / "é a.jpg").write_bytes(b"\xff\xd8\xff")
    (workspace.root / "secret.jpg").write_bytes(b"x")
    issue = load_issue(workspace, "212")
    assert read_picture(workspace, issue, "images/é a.jpg") == b"\xff\xd8\xff"
    for outside in ("../../secret.jpg", "/etc/passwd", "..", ""):
        with pytest.raises(FolderError):
            read_picture(workspace, issue, outside)
    with pytest.raises(NotFound):
        read_picture(workspace, issue, "images/absente.jpg")


@pytest.mark.parametrize(
    ("name", "content"), [("a.svg", b"<svg/>"), ("a.png", b"\n<?xml version='1.0'?><svg/>"), ("a.jpg", b"<svg onload=x>")]
)
def test_an_svg_is_refused_whatever_its_name(workspace: Workspace, name: str, content: bytes):
    (workspace.root / ISSUE / name).write_bytes(content)
    with pytest.raises(FolderError):
        read_picture(workspace, "2026-11-26-puces", name)


def test_a_picture_of_more_than_25_mb_is_refused(workspace: Workspace):
    with (workspace.root / ISSUE / "a.jpg").open("wb") as stream:
        stream.truncate(25_000_001)
    with pytest.raises(FolderError):
        read_picture(workspace, "2026-11-26-puces", "a.jpg")


def _edition(name: str) -> Edition:
    picture = EditionPicture(name=name, source="a.jpg", content=b"abc", width=1, height=1)
    return Edition(
        issue_id="x",
        number=1,
        subject="s",
        preheader="p",
        html="<p>é</p>",
        text="é\n",
        pictures=(picture,),
        field_prefix="X",
        digest="0",
        theme="t",
        lang="fr",
    )


def test_an_edition_its_pictures_and_its_receipt_are_kept(workspace: Workspace):
    name = "a" * 64 + ".jpg"
    edition = _edition(name)
    save_pictures(workspace, edition)
    save_edition(workspace, load_issue(workspace, "212"), edition)
    assert read_stored_picture(workspace, name) == b"abc"
    assert (workspace.root / ISSUE / "edition.html").read_bytes() == "<p>é</p>".encode()
    assert read_receipt(workspace, "2026-11-26-puces") is None
    write_receipt(workspace, "2026-11-26-puces", {"state": "launched", "digest": "0"})
    assert read_receipt(workspace, "2026-11-26-puces") == {"state": "launched", "digest": "0"}


def test_a_receipt_that_cannot_be_read_is_not_a_missing_one(workspace: Workspace):
    for content in ("{", "[]", ""):
        (workspace.root / ISSUE / "sent.json").write_text(content)
        with pytest.raises(FolderError):
            read_receipt(workspace, "2026-11-26-puces")


@pytest.mark.parametrize("name", ["../newsletter.toml", "x.jpg", "a" * 64 + ".svg", "A" * 64 + ".jpg", "a" * 64 + ".jpg\n", ""])
def test_only_names_made_from_content_are_served(workspace: Workspace, name: str):
    with pytest.raises(NotFound):
        read_stored_picture(workspace, name)
