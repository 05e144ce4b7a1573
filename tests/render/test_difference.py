"""The difference between two editions, as the desk reads it in an alert."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.model.edition import Edition
from composer.render.difference import LONGEST, compare_editions, told_changes

WORDS = [
    "la",
    "crue",
    "que",
    "personne",
    "n’attendait",
    "a",
    "pris",
    "le",
    "quai",
    "avant",
    "sept",
    "heures",
    "du",
    "matin",
    "sous",
    "une",
    "pluie",
    "fine",
]


def edition(text: str = "Un mot.", html: str = "<p>Un mot.</p>") -> Edition:
    made = Edition(
        issue_id="42", number=42, subject="Objet", preheader="", html=html, text=text, pictures=(), field_prefix="X", digest="", theme="classique", lang="fr"
    )  # fmt: skip
    return replace(made, digest=str(hash((text, html))))


def shown(before: Edition, after: Edition) -> str:
    return "\n".join(change.words.fr for change in compare_editions(before, after))


@pytest.mark.parametrize("size", [2_000, 12_000])
@pytest.mark.parametrize("at", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_the_changed_word_of_a_long_paragraph_is_shown(size: int, at: float) -> None:
    words = [random.choice(WORDS) for _ in range(size // 6)]
    place = round(at * (len(words) - 1))
    old, new = [*words], [*words]
    old[place], new[place] = "échoppe", "CATHÉDRALE"
    told = shown(edition(" ".join(old)), edition(" ".join(new)))
    assert "échoppe" in told
    assert "CATHÉDRALE" in told
    assert len(told) < LONGEST


def test_two_changes_far_apart_in_one_paragraph_are_both_shown_and_what_lies_between_is_not() -> None:
    words = [f"mot{n}" for n in range(400)]
    new = [*words]
    new[100], new[200], new[300] = "PREMIER", "DEUXIÈME", "TROISIÈME"
    told = shown(edition(" ".join(words)), edition(" ".join(new)))
    for word in ("PREMIER", "DEUXIÈME", "TROISIÈME", "mot100", "mot200", "mot300"):
        assert word in told
    assert "mot150" not in told


def test_a_long_address_is_cut_around_the_letters_that_differ() -> None:
    long = "https://exemple.fr/" + "a" * 400
    told = shown(edition(f"[1] {long}OUI{'b' * 400}"), edition(f"[1] {long}NON{'b' * 400}"))
    assert told.startswith("Adresse d’un lien")
    assert "OUI" in told
    assert "NON" in told
    assert len(told) < LONGEST


@pytest.mark.parametrize(
    ("html", "head", "word"),
    [
        (
            '<p>Un mot.</p><img alt="un phare" src="p.jpg"><a href="https://exemple.fr/">x</a>',
            "Texte de remplacement d’une image",
            "un phare",
        ),
        ('<p>Un mot.</p><img alt="" src="p.jpg"><a href="https://exemple.fr/b">x</a>', "Adresse d’un lien", "https://exemple.fr/b"),
        ('<p>Un autre mot.</p><img alt="" src="p.jpg"><a href="https://exemple.fr/">x</a>', "Texte de la page", "Un autre mot."),
        ('<p style="color:red">Un mot.</p><img alt="" src="p.jpg"><a href="https://exemple.fr/">x</a>', "Mise en page", "color:red"),
    ],
)
def test_what_the_plain_text_does_not_hold_is_named_by_what_it_is(html: str, head: str, word: str) -> None:
    (change,) = compare_editions(
        edition(html='<p>Un mot.</p><img alt="" src="p.jpg"><a href="https://exemple.fr/">x</a>'), edition(html=html)
    )
    assert change.what.fr == head
    assert word in change.after


@given(st.text(alphabet="ab \u00a0é", max_size=900), st.text(alphabet="ab \u00a0é", max_size=900))
def test_any_two_texts_that_differ_are_told_apart_and_within_bounds(old: str, new: str) -> None:
    changes = compare_editions(edition(old), edition(new))
    for change in changes:
        assert change.before != change.after or not change.before
        assert max(len(change.before), len(change.after)) < 4 * LONGEST


def test_what_differs_is_named_once_and_drawn_lines_are_not_shown() -> None:
    before = edition("Premier.\n----------\nDeuxième.\nReste.\nDernier.")
    after = edition("Un.\n—————\nDeux.\nReste.\nTrois.\n* * *")
    told = "\n".join(words.fr for words in told_changes(compare_editions(before, after)))
    assert told.count("Texte") == 1
    assert "−" in told
    assert "---" not in told
    assert "* * *" not in told
