from __future__ import annotations

import difflib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.compose.editing import set_front, set_order
from composer.compose.front import read_front
from composer.errors import StoryError

STORY = '---\nkind: lead   # la une\nteaser: "Un"\nimage: {file: a.jpg,\n  alt: "b"}\ninconnu: reste\n---\n\n#  Titre  \n\nTexte\t\n\n\n'
BLOCK = "---\norder:  # choisi hier\n  - une   # Camille\n  # un mot\n  - partenaire\n\nnumber: 3\n---\n# Objet\n"


def changed(before: str, after: str) -> list[str]:
    delta = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line for line in delta if line[0] in "+-"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_setting_a_key_changes_its_line_and_nothing_else(newline: str, mark: str):
    text = mark + STORY.replace("\n", newline)
    after = set_front(text, "teaser", 'Meta : "le" pari')
    assert changed(text, after) == [f'- teaser: "Un"{newline}', f'+ teaser: "Meta : \\"le\\" pari"{newline}']
    assert read_front(after, path="x").text("teaser") == 'Meta : "le" pari'


def test_a_comment_beside_a_value_stays():
    assert set_front(STORY, "kind", "story").splitlines()[1] == "kind: story   # la une"


def test_a_value_over_two_lines_is_replaced_whole():
    after = set_front(STORY, "image", {"file": "c d.jpg", "alt": "e"})
    assert 'image: {file: "c d.jpg", alt: "e"}\ninconnu: reste\n' in after


def test_a_value_that_is_already_so_changes_no_byte():
    assert set_front(STORY, "kind", "lead") == STORY
    assert set_front(STORY, "image", {"file": "a.jpg", "alt": "b"}) == STORY
    assert set_order(BLOCK, ["une", "partenaire"]) == BLOCK
    assert set_front(STORY, "absent", None) == STORY


def test_a_key_is_added_before_the_closing_line_and_taken_out_with_its_lines():
    assert set_front(STORY, "author", "camille").replace("author: camille\n", "") == STORY
    assert set_front(STORY, "image", None) == STORY.replace('image: {file: a.jpg,\n  alt: "b"}\n', "")


def test_a_file_without_front_matter_gets_one_above_its_text():
    assert set_front("# T\r\n", "kind", "lead") == "---\r\nkind: lead\r\n---\r\n# T\r\n"
    assert set_front("\ufeff# T", "kind", "lead") == "\ufeff---\nkind: lead\n---\n# T"
    assert set_front("---\n---\n# T\n", "kind", "lead") == "---\nkind: lead\n---\n# T\n"
    assert set_front("---\nnumber:\n---\n", "number", 4) == "---\nnumber: 4\n---\n"


def test_a_list_with_an_id_a_line_stays_one_and_keeps_its_comments():
    after = set_order(BLOCK, ["partenaire", "neuf", "une"])
    assert read_front(after, path="x").texts("order") == ("partenaire", "neuf", "une")
    assert "  - une   # Camille\n" in after
    assert after.endswith("number: 3\n---\n# Objet\n")
    assert "order:  # choisi hier\n" in after


def test_an_order_on_one_line_stays_on_one_line():
    assert set_order("---\nnumber: 2\norder: [a, b]  # x\n---\n", ["b", "a"]) == "---\nnumber: 2\norder: [b, a]  # x\n---\n"


def test_words_that_yaml_would_read_as_something_else_are_quoted():
    assert set_order("# T\n", ["no", "12", "a-b", "1e5"]).splitlines()[1] == 'order: ["no", "12", a-b, "1e5"]'


def test_a_broken_front_matter_is_never_written_over():
    with pytest.raises(StoryError):
        set_front("---\nteaser: a : b\n---\n", "kind", "lead", path="x.md")


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_prose_comes_back_as_it_was_given(prose: str):
    after = set_front(STORY, "teaser", prose)
    assert read_front(after, path="x").values["teaser"] == prose
    assert set_front(after, "teaser", "Un") == STORY


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["une", "partenaire", "neuf", "no", "é"]), unique=True, min_size=1))
def test_any_order_comes_back_and_the_rest_stays(ids: list[str]):
    for text in (BLOCK, STORY):
        after = set_order(text, ids)
        assert read_front(after, path="x").texts("order") == tuple(ids)
        assert after.split("---\n", 2)[2] == text.split("---\n", 2)[2]
