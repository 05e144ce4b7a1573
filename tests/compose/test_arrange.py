from __future__ import annotations

import pytest

from composer.compose.arrange import derive_credits, derive_preheader, moved
from composer.compose.emoji import split_emoji
from composer.model.body import ListBlock, ListItem, Picture, Span
from composer.model.issue import Issue, Story
from composer.model.newsletter import Labels

LABELS = Labels()


def test_the_inbox_line_announces_the_secondary_stories_in_order():
    stories = (
        Story(id="une", kind="lead", headline=(Span(text="La une"),)),
        Story(id="a", headline=(Span(text="Long titre"),), teaser="Court"),
        Story(id="p", kind="sponsor", headline=(Span(text="Publicité"),)),
        Story(id="b", headline=(Span(text="Un "), Span(text="titre", emphasis=True))),
        Story(id="c"),
    )
    assert derive_preheader(Issue(id="x", stories=stories), LABELS) == "Et aussi : Court – Un titre"


def test_a_typed_inbox_line_wins_and_nothing_is_derived_from_nothing():
    assert derive_preheader(Issue(id="x", preheader="Le mien"), LABELS) == "Le mien"
    assert derive_preheader(Issue(id="x", stories=(Story(id="une", kind="lead"),)), LABELS) == ""


def test_credits_come_in_order_each_once_and_those_without_picture_last():
    inside = Picture(file="b.jpg", credit="B")
    story = Story(
        id="a",
        image=Picture(file="a.jpg", credit="Agence A"),
        blocks=(ListBlock(items=(ListItem(blocks=(inside,)),)), Picture(file="c", credit="agence a")),
    )
    assert derive_credits(Issue(id="x", stories=(story,), credits=("B", "Unsplash"))) == ("Agence A", "B", "Unsplash")


def test_a_story_is_moved_to_a_place_or_to_the_nearest_end():
    assert moved(("a", "b", "c"), "c", 0) == ("c", "a", "b")
    assert moved(("a", "b"), "x", 99) == ("a", "b", "x")
    assert moved(("a", "b"), "b", -5) == ("b", "a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("📘 Lire", ("📘", "Lire")),
        ("👩‍🚀👉🏽\u00a0Lire", ("👩‍🚀👉🏽", "Lire")),
        ("🇫🇷 Oui", ("🇫🇷", "Oui")),
        ("1️⃣ Un", ("1️⃣", "Un")),
        ("❤️ Cœur", ("❤️", "Cœur")),
        ("→ Suite", ("→", "Suite")),
        ("Lire 📘", ("", "Lire 📘")),
        ("12 mois", ("", "12 mois")),
        ("© Agence", ("", "© Agence")),
        ("", ("", "")),
    ],
)
def test_the_emoji_that_open_a_line_are_set_apart(text: str, expected: tuple[str, str]):
    assert split_emoji(text) == expected
