from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from composer.web.preview.saving import BOM, keep_form, open_source, plain_lines, save_words
from composer.workspace import Workspace

PATH = "issues/2026-11-26-phare/huitres.md"
LINE = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=8)
FILES = st.lists(st.tuples(LINE, st.sampled_from(["\n", "\r\n"])), max_size=12)


def _file(lines: list[tuple[str, str]]) -> str:
    return "".join(line + end for line, end in lines)


@given(FILES, st.booleans())
def test_a_file_opened_and_saved_untouched_is_the_same_bytes(lines: list[tuple[str, str]], marked: bool) -> None:
    before = (BOM if marked else "") + _file([(line.removeprefix(BOM), end) for line, end in lines])
    assert keep_form(before, plain_lines(before)) == before


@given(FILES, st.lists(LINE, min_size=1, max_size=12))
def test_what_was_typed_is_what_is_saved_whatever_the_line_ends(lines: list[tuple[str, str]], words: list[str]) -> None:
    typed = "\n".join(words).replace(BOM, "")
    assert plain_lines(keep_form(_file(lines).replace(BOM, ""), typed)) == typed


def test_one_word_changed_leaves_every_other_line_end_alone() -> None:
    before = "un\r\ndeux\ntrois\r\nquatre"
    assert keep_form(before, "un\nDEUX\ntrois\nquatre") == "un\r\nDEUX\r\ntrois\r\nquatre"


def test_a_file_changed_on_disk_is_not_written_over(workspace: Workspace) -> None:
    opened = open_source(workspace, PATH)
    workspace.path_of(PATH).write_text("# Un autre texte\n", "utf-8")
    saved = save_words(workspace, PATH, "# Le mien\n", if_digest=opened.digest)
    assert saved.theirs
    assert saved.on_disk.words == "# Un autre texte\n"
    assert workspace.path_of(PATH).read_text("utf-8") == "# Un autre texte\n"


def test_two_people_who_typed_the_same_do_not_disagree(workspace: Workspace) -> None:
    opened = open_source(workspace, PATH)
    workspace.path_of(PATH).write_text("# Pareil\n", "utf-8")
    assert not save_words(workspace, PATH, "# Pareil\n", if_digest=opened.digest).theirs


def test_the_version_before_is_kept(workspace: Workspace) -> None:
    opened = open_source(workspace, PATH)
    save_words(workspace, PATH, "# Nouveau\n", if_digest=opened.digest)
    kept = [path.read_text("utf-8") for path in (workspace.var_path / "snapshots").rglob("*.md") if path.is_file()]
    assert kept == [opened.words]
