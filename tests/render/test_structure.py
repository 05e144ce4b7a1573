"""What a template may do, and where its author is told that it may not."""

from __future__ import annotations

import pytest

from composer.errors import RenderError, TemplateError
from composer.render.proofs import prove_words
from composer.render.structure import MAX_DEPTH, MAX_SOURCE, compile_structure


def mjml(*lines: str) -> str:
    return "\n".join(("<mjml>", "<mj-body>", *lines, "</mj-body>", "</mjml>"))


GOOD = "<mj-section><mj-column><mj-text>bien</mj-text></mj-column></mj-section>"


def refused(source: str) -> str:
    with pytest.raises(TemplateError) as told:
        compile_structure(source, template="classique/issue.mjml")
    assert told.value.hint
    return told.value.where or ""


@pytest.mark.parametrize("tag", ["mj-nothing", "mj-include", "mj-carousel", "mj-hero"])
def test_a_tag_that_cannot_be_used_is_named_with_its_line(tag: str) -> None:
    assert refused(mjml(GOOD, f"<{tag} />")) == "classique/issue.mjml:4:1"


def test_a_picture_without_alt_is_named_with_its_line() -> None:
    assert refused(mjml(GOOD, GOOD, '  <mj-section><mj-column><mj-image src="a.png" /></mj-column></mj-section>')) == (
        "classique/issue.mjml:5:26"
    )


def test_too_many_nested_tags_are_refused_with_their_line() -> None:
    assert refused(mjml(*["<mj-section>"] * (MAX_DEPTH + 10))) == f"classique/issue.mjml:{MAX_DEPTH + 1}:1"


def test_a_template_of_a_million_characters_is_refused() -> None:
    assert refused(mjml("é" * MAX_SOURCE)) == "classique/issue.mjml"


def test_a_tag_left_open_is_named_with_its_line() -> None:
    assert refused(mjml(GOOD, "<mj-section>", "<mj-column>", "</mj-section>")) == "classique/issue.mjml:5:1"


def test_an_error_without_place_names_its_section() -> None:
    broken = "<mj-section><mj-column><mj-text><b>ouvert</mj-text></mj-column></mj-section>"
    assert refused(mjml(GOOD, GOOD, broken, GOOD)) == "classique/issue.mjml:5:1"


def test_an_error_with_a_place_names_it_even_after_accents() -> None:
    where = refused("<mjml>\n<mj-head>\n<mj-title>été</mj-title>\n<mj-section/></mj-head>\n<mj-body></mj-body></mjml>")
    assert where.startswith("classique/issue.mjml:4:")


def test_no_template_at_all_is_refused() -> None:
    assert refused("").startswith("classique/issue.mjml")


@pytest.mark.parametrize("made", [["0", "2"], ["0", "2", "1"], ["0", "1", "2", "3"]], ids=["lost", "moved", "added"])
def test_words_lost_or_moved_by_a_tool_are_refused(made: list[str]) -> None:
    prove_words(["0", "1", "2"], ["0", "1", "2"], template="classique/issue.mjml")
    with pytest.raises(RenderError) as told:
        prove_words(["0", "1", "2"], made, template="classique/issue.mjml")
    assert told.value.where == "classique/issue.mjml"
