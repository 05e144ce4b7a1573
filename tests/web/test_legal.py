"""An address on the legal pages breaks between its parts, not inside of them."""

from __future__ import annotations

import pytest

from composer.web.legal import keep_address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12 rue Juiverie, 69005 Lyon", "12~rue~Juiverie, 69005~Lyon"),
        ("3 quai Perrache, 69002 Lyon", "3~quai~Perrache, 69002~Lyon"),
        ("1, quai des Brumes, 29000 Port-Aubin", "1,~quai~des~Brumes, 29000~Port-Aubin"),
        ("12 bis avenue de la Grande Armée Française, 75017 Paris", "12~bis~avenue~de~la~Grande Armée Française, 75017~Paris"),
        ("Hébergeur Exemple, 2 rue de la République, 01 02 03 04 05", "Hébergeur~Exemple, 2~rue~de~la~République, 01~02~03~04~05"),
        ("", ""),
    ],
)
def test_a_number_its_street_and_a_town_stay_on_one_line(typed, kept):
    assert keep_address(typed).replace("\u00a0", "~") == kept
    assert keep_address(typed).replace("\u00a0", " ") == typed
