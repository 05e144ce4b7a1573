"""The legal pages: an address breaks between its parts, and every server of somebody else is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from composer.model.newsletter import Newsletter, TransportSettings
from composer.model.pace import Relay
from composer.web.legal import keep_address, relay_of


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


def test_every_relay_of_somebody_else_is_named_once():
    relays = tuple(Relay(name=f"r{n}", host=host) for n, host in enumerate(("smtp.p.net", "localhost", "mail.exemple.fr", "smtp.p.net")))
    letter = Newsletter(name="Demi-sel", list_id="lettre.exemple.fr")
    several = TransportSettings(kind="smtp", relays=relays)
    assert relay_of(replace(letter, transport=several)) == "smtp.p.net, mail.exemple.fr"
    assert relay_of(replace(letter, transport=TransportSettings(kind="smtp", host="smtp.p.net"))) == "smtp.p.net"
    assert relay_of(replace(letter, transport=TransportSettings(kind="smtp"))) == ""
    assert relay_of(replace(letter, transport=TransportSettings(relays=relays))) == ""
