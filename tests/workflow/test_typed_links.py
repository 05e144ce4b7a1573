from __future__ import annotations

import pytest

from composer.workflow.typed_links import read_typed_links, write_typed_links

ROWS = [
    {"id": "une/1", "place": "", "words": "Le plan", "url": "", "state": "missing"},
    {"id": "une/2", "place": "", "words": "La carte", "url": "https://e.fr/carte", "state": "set"},
]


def test_a_table_left_as_it_is_says_nothing():
    for text in (write_typed_links(ROWS), write_typed_links(ROWS).replace("\t", "   "), write_typed_links(ROWS).replace("\t", " ")):
        read = read_typed_links(text, ROWS)
        assert read.addresses == {}, text
        assert read.unread == (), text


@pytest.mark.parametrize(
    "line",
    [
        "une/1\thttps://e.fr/plan\tLe plan",
        "une/1   https://e.fr/plan   Le plan",
        "une/1 https://e.fr/plan Le plan",
        "une/1\t\thttps://e.fr/plan",
        "une/1 https://e.fr/plan",
        "une/1\t?\tLe plan https://e.fr/plan",
        "une/1\t?\tLe plan\thttps://e.fr/plan",
        "une/1\t?https://e.fr/plan\tLe plan",
        "une/1\t? https://e.fr/plan\tLe plan",
        "une/1  Le plan  e.fr/plan",
        "une/1  https://e.fr/plan  Le beau plan",
        "une/1\t?\tLe beau plan https://e.fr/plan",
    ],
)
def test_an_address_is_found_wherever_it_was_typed(line):
    read = read_typed_links(line, ROWS)
    assert read.unread == ()
    assert read.addresses == {"une/1": "https://e.fr/plan"}


@pytest.mark.parametrize(("line", "url"), [("une/2\twww.e.fr\tLa carte", "https://www.e.fr"), ("une/2\t?\tLa carte", "")])
def test_an_address_is_changed_or_taken_away(line, url):
    assert read_typed_links(line, ROWS).addresses == {"une/2": url}


@pytest.mark.parametrize(
    ("line", "name", "said"),
    [
        ("une/9\thttps://e.fr\tx", "", "aucun lien"),
        ("une/1\thttps://e.fr/un plan\tLe plan", "une/1", "espace"),
        ("une/1\thttps://e.fr/un plan\tLe beau plan", "une/1", "espace"),
        ("une/1\tjavascript:x\tLe plan", "une/1", "ne peut pas servir"),
        ("une/1\tplan\tLe plan", "une/1", "ne peut pas servir"),
        ("une/1\t?\tLe beau plan", "une/1", "les mots"),
        ("une/2\thttps://e.fr/carte\tLa belle carte", "une/2", "les mots"),
        ("une/1\tle plan du site\tLe plan", "une/1", "où est"),
    ],
)
def test_a_line_that_is_not_understood_is_told_and_the_others_are_kept(line, name, said):
    read = read_typed_links(f"{line}\n# rien\n\nune/2 https://e.fr/2 La carte\n", ROWS)
    assert [one.name for one in read.unread] == [name]
    assert said in read.unread[0].reason.fr
    assert read.unread[0].text == line
    assert read.addresses == {"une/2": "https://e.fr/2"}
