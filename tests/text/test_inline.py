from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from composer.model.body import Span
from composer.text.inline import escape_markdown, merge_spans, parse_inline, tidy_spans, write_inline

TEXT = st.text(
    st.one_of(
        st.sampled_from(list(" *_`[]()<>&#~\\!-+=|:.1;\n\u00a0\u202f\u200d🙂éaب\u2028\t")), st.characters(exclude_categories=("Cs", "Cc"))
    ),
    min_size=1,
    max_size=12,
)
URL = st.one_of(st.none(), st.text(st.sampled_from(list("abc:/?&=;()<> \\é%#amp")), max_size=12).map(str.strip))
SPAN = st.builds(Span, text=TEXT, strong=st.booleans(), emphasis=st.booleans(), strike=st.booleans(), link=URL)
CODE = st.builds(Span, text=st.text(st.sampled_from(list("a` *\\")), min_size=1, max_size=6), code=st.just(True), strong=st.booleans())


@given(st.lists(st.one_of(SPAN, CODE), max_size=6).map(merge_spans))
def test_what_is_written_reads_back_the_same(spans):
    assert parse_inline(write_inline(spans)) == spans


@pytest.mark.parametrize("text", ["\\ ", "\\\t", " \\ ", "\\\u2028", "\\a", "\\&#32;", "\\\u00a0"])
def test_a_backslash_before_a_blank_is_read_as_one(text):
    assert parse_inline(write_inline((Span(text=text),))) == (Span(text=text),)


@given(TEXT)
def test_raw_text_survives_as_a_paragraph_of_a_file(text):
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(escape_markdown(text, at_line_start=True))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert "".join(span.text for span in parse_inline(tokens[1].content)) == text


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "C#",
        "3 < 5",
        "1. Un",
        "- tiret",
        "# titre",
        "a_b_c",
        "<b>gras</b>",
        "AT&amp;T",
        "C:\\dossier",
        "+ plus",
        "---",
        "a | b",
        "Langage C #",
        "2) deux",
        "~~~",
    ],
)
def test_signs_of_markdown_in_raw_text_stay_signs(text):
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(escape_markdown(text, at_line_start=True))
    assert tokens[0].type == "paragraph_open"
    assert "".join(span.text for span in parse_inline(tokens[1].content)) == text


@pytest.mark.parametrize("text", ["C#", "3 < 5", "l’IA – et après", "snake_case", "Exemplia & Fils", "à 5 %", "fin !"])
def test_ordinary_text_is_not_littered_with_escapes(text):
    assert escape_markdown(text, at_line_start=True) == text


def test_a_link_without_address_is_kept_as_one():
    assert parse_inline("[les mots]()") == (Span(text="les mots", link=""),)


def test_tags_are_text():
    assert parse_inline("un <b>mot</b>") == (Span(text="un <b>mot</b>"),)


def test_addresses_stay_as_typed():
    assert parse_inline("[a](https://exemple.fr/é?x=1&y=%20)")[0].link == "https://exemple.fr/é?x=1&y=%20"
    assert parse_inline("[a](javascript:alert)")[0].link == "javascript:alert"


def test_lines_are_counted_through_breaks():
    spans = parse_inline("un\n**deux**  \n[trois](u)", line=10)
    assert [(span.text, span.line) for span in spans] == [("un ", 10), ("deux", 11), ("\n", 11), ("trois", 12)]


def test_plain_marks_are_written_plainly():
    for source in ["**Tête** – Texte", "un *mot* ici", "**a [b](u) c**", "[un *titre*](https://e.org/a_(b))", "~~non~~ oui", "`code`"]:
        assert write_inline(parse_inline(source)) == source


def test_spaces_leave_the_marks():
    spans = (Span(text="Tête ", strong=True), Span(text="– texte"))
    assert write_inline(tidy_spans(spans)) == "**Tête** – texte"
