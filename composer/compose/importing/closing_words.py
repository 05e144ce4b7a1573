"""What takes leave of the readers, «À la semaine prochaine !», and what signs it, by the words alone."""

from __future__ import annotations

import re

_MAX_LINE = 120  # characters
_MAX_SIGNATURE = 60
_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_CLOSING = re.compile(
    rf"(?:(?:merci|merci d['’]avance|d['’]ici là|allez)\W+)?(?:"
    rf"[àa] (?:la semaine prochaine|la prochaine(?: fois)?|bient[ôo]t|tr[èe]s (?:vite|bient[ôo]t)|tout bient[ôo]t|demain|{_DAY}(?: prochain)?|la revoyure|l['’]ann[ée]e prochaine|"
    r"(?:dans )?\w+ jours)|(?:on se retrouve|rendez-vous|nous nous retrouvons|on se revoit) \S.*|"
    rf"(?:tr[èe]s )?(?:bonne?|belle|excellente?) (?:lecture|semaine|journ[ée]e|soir[ée]e|fin de semaine|fin d['’]ann[ée]e|week-?end|dimanche|{_DAY})(?: (?:[àa] (?:toutes et (?:[àa] )?tous|tous|vous)|et \S.*))?|"
    r"merci (?:de (?:nous|votre)|de l['’]avoir|pour votre) \S.*|(?:bien )?(?:cordialement|amicalement)|bien [àa] vous|"
    r"see you (?:next|soon|on) ?\S.*|see you soon|until next (?:week|time)|have a (?:good|great|nice) \S.*|thank you for reading|thanks for reading|best wishes"
    r")[\s!.,…)🙂😊👋❤️]*",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(?:[–—-] ?)?(?:(?:toute )?(?:la r[ée]daction|l['’][ée]quipe)\b.*|votre \w+.*|the (?:editors?|team|desk)\b.*|[A-ZÀ-Ý][\w.'’-]*(?:,? (?:et |and |& |pour |de |du |d['’])?[\w.'’-]+){0,7})[.!]?",
    re.DOTALL,
)


def is_closing(text: str) -> bool:
    """Whether ``text`` takes leave of the readers; a second line may sign it."""
    first, _, rest = text.strip().partition("\n")
    return len(text) <= _MAX_LINE and bool(_CLOSING.fullmatch(first.strip())) and (not rest or signs(rest))


def signs(text: str) -> bool:
    """Whether ``text`` may be a name or a team, as below closing words."""
    return len(text) <= _MAX_SIGNATURE and bool(_SIGNATURE.fullmatch(text.strip()))
