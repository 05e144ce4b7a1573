"""Sentences of the product, as a reader of French or English gets them."""

from __future__ import annotations

import pytest

from composer.words import Words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "Le lien « a » n’a pas d’adresse : voyez `hebdo links : x`",
            "Le lien «\u00a0a\u00a0» n’a pas d’adresse\u00a0: voyez `hebdo links : x`",
        ),
        ("L’article « Il a dit « non » hier » attend", "L’article «\u00a0Il a dit “non” hier\u00a0» attend"),
        ("L’article «\u00a0«\u00a0Non\u00a0», dit-il\u00a0» attend", "L’article «\u00a0“Non”, dit-il\u00a0» attend"),
        ("« un » et « deux »", "«\u00a0un\u00a0» et «\u00a0deux\u00a0»"),
        ("« un « deux »", "«\u00a0un «\u00a0deux\u00a0»"),
        ("» à l’envers «", "» à l’envers «"),
    ],
)
def test_french_has_the_spaces_and_quotes_of_french(written: str, read: str) -> None:
    assert Words(fr=written, en="").in_language("fr") == read


def test_english_stays_as_it_is_written() -> None:
    assert Words(fr="", en="The link “a” : « b « c » »").in_language("en") == "The link “a” : « b « c » »"
