"""What a launch knows of readers' pages: dead, answering, or never asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from composer.model.newsletter import Newsletter
from composer.words import Words

UNTRIED = "untried"  # reason to hold: the public address could not be asked
Tried = Literal["yes", "no", "not-yet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What is known of readers' pages at a beat."""

    trouble: Words | None = None  # why they are dead
    tried: Tried = "yes"


def untried_words(newsletter: Newsletter) -> Words:
    """That nobody knows whether the public address answers."""
    url = newsletter.site.public_url
    return Words(
        fr=f"L’adresse publique {url} n’a pas pu être essayée : pas de réseau ici, ou pas de serveur de noms.",
        en=f"The public address {url} could not be tried: there is no network here, or no name server.",
    )
