"""What must be sane before a mailing launches: each guard gives the reason to wait, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from composer.words import NOTHING, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why a mailing waits for a person."""

    code: str  # late, audience, changed, receipt, claimed, pages
    reason: Words
    detail: Words = NOTHING  # what stands below: the difference


def guard_audience(audience: int, *, confirmed: int | None, allowed: tuple[int, int] | None, last: int | None, drift: float) -> Hold | None:
    """An audience of 0, out of the range that was asked for, or too far off the confirmed figure (else the last mailing's)."""
    if audience == 0:
        return _hold("Personne à qui écrire : l’audience est vide.", "Nobody to write to: the audience is empty.")
    if allowed is not None:
        low, high = allowed
        if low <= audience <= high:
            return None
        return _hold(f"{audience} abonnés, hors de {low}..{high} attendus.", f"{audience} subscribers, outside the {low}..{high} expected.")
    known = confirmed if confirmed is not None else last
    if known is None or abs(audience - known) <= drift * known:
        return None
    return _hold(
        f"{audience} abonnés au lieu de {known} : plus de {drift:.0%} d’écart.".replace("%", "\u00a0%"),
        f"{audience} subscribers instead of {known}: more than {drift:.0%} off.",
    )


def _hold(french: str, english: str) -> Hold:
    return Hold(code="audience", reason=Words(fr=french.replace(" :", "\u00a0:"), en=english))
