from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from composer.compose.grammar import parse_issue, parse_story
from composer.compose.mending import set_apostrophes, space_colons, space_high_signs, tidy_spaces
from composer.model.newsletter import Labels
from composer.text.passages import links_of, passages

LABELS = Labels()
PIECES = [" ", "  ", "\u00a0", "\u202f", ": ", " : ", "mot", "l'eau", "l’eau", "« oui »", "!", " ?", "`a : b  c!`", "[un lien](https://e.org/a:b!)", "https://e.org/a?b!", "**gras**", "\n\n", "  \n", "\t", "a@b.fr", "<b>"]  # fmt: skip
BODY = st.lists(st.sampled_from(PIECES), max_size=16).map("".join)
MENDS = [
    tidy_spaces,
    lambda text: space_colons(text, "space"),
    lambda text: space_colons(text, "tight"),
    lambda text: space_high_signs(text, "space"),
    lambda text: space_high_signs(text, "tight"),
    lambda text: set_apostrophes(text, "curly"),
    lambda text: set_apostrophes(text, "straight"),
]


def read(text):
    story = parse_story(text, id="une", path="une.md", labels=LABELS)
    issue = parse_issue("# O\n", id="x", path="issue.md", stories=[story], labels=LABELS)
    words = [re.sub(r"[\s’']", "", passage.text) for passage in passages(issue)]
    code = [span.text for passage in passages(issue) for span in passage.spans if span.code]
    return words, code, [link.url for link in links_of(issue)]


@given(BODY, st.sampled_from(MENDS))
def test_mends_change_no_word_no_address_and_no_code(body, mend):
    text = f"---\nkind: lead\n---\n# Titre\n\nDébut {body}\n"
    assert read(mend(text)) == read(text)


@given(BODY, st.sampled_from(MENDS))
def test_mending_twice_is_mending_once(body, mend):
    text = f"# Titre\n\nDébut {body}\n"
    assert mend(mend(text)) == mend(text)


def test_front_matter_keeps_its_colons():
    text = '---\nteaser: "Un fait: un autre"\n---\n# Titre: suite\n'
    assert space_colons(text, "space") == '---\nteaser: "Un fait: un autre"\n---\n# Titre : suite\n'


def test_line_ends_and_line_breaks_stay():
    assert tidy_spaces("# T\r\n\r\nUn  \r\ndeux \r\n") == "# T\r\n\r\nUn  \r\ndeux\r\n"
    assert tidy_spaces("\ufeff# T\r\n\nUn\u00a0mot\n") == "# T\n\nUn mot\n"


def test_fenced_code_is_left_alone():
    text = "# T\n\n```\na  b : c\u00a0\n```\n\nd  e\n"
    assert tidy_spaces(text) == text.replace("d  e", "d e")


def test_a_line_of_no_break_spaces_inside_a_paragraph_does_not_cut_it():
    assert tidy_spaces("# Titre\n\nDébut\n\u00a0\nfin\u00a0!\n") == "# Titre\n\nDébut\n\u00a0\nfin !\n"
