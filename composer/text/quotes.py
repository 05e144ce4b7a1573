"""Quotation marks: which opens, which closes, and what each pair becomes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from composer.model.newsletter import Typography
from composer.text.line import Line

Form = Literal["guillemets", "curly", "straight"]

MOST_OPEN = 20  # nobody nests deeper; more are a wall of signs, and no quotation
_SIGNS = re.compile('["“”«»]')
_SPACES = " \u00a0\u202f"
_FORMS: dict[str, Form] = {'"': "straight", "“": "curly", "”": "curly", "«": "guillemets", "»": "guillemets"}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotePair:
    """An opening and its closing sign."""

    start: int
    stop: int
    form: Form


def pair_quotes(text: str) -> tuple[list[QuotePair], list[int]]:
    """All pairs in order of their opening, and the places of signs that have no partner."""
    waiting: list[tuple[int, Form]] = []
    pairs: list[QuotePair] = []
    alone: list[int] = []
    for found in _SIGNS.finditer(text):
        sign, place = found[0], found.start()
        form = _FORMS[sign]
        closes = _closes(text, place, waiting) if form == "straight" else sign in "”»"
        partner = next((here for here in range(len(waiting) - 1, -1, -1) if waiting[here][1] == form), None)
        if closes and partner is not None:
            pairs.append(QuotePair(start=waiting[partner][0], stop=place, form=form))
            alone += [start for start, _ in waiting[partner + 1 :]]
            del waiting[partner:]
        elif closes or (form == "straight" and not _may_open(text, place)):
            alone.append(place)
        else:
            waiting.append((place, form))
            if len(waiting) > MOST_OPEN:
                alone.append(waiting.pop(0)[0])
    alone += [start for start, _ in waiting]
    return sorted(pairs, key=lambda pair: pair.start), sorted(alone)


def _may_open(text: str, place: int) -> bool:
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    return bool(after.strip()) and (not before or before.isspace() or before in "([{«“‘’'–—-/+")


def _closes(text: str, place: int, waiting: list[tuple[int, Form]]) -> bool:
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    if not before.strip() and before != "":
        # «« " mot " »»: a straight sign set off by spaces closes what is open.
        return any(form == "straight" for _, form in waiting) and not after.strip()
    if not before or not any(form == "straight" for _, form in waiting):
        return False
    return not (after.isalnum() and not before.isalnum())


def curl_quotes(line: Line, style: Typography) -> None:
    """Give each pair its form by house style; inside « » they become “ ”. What has no partner stays as typed."""
    if not any(sign in line.text for sign in _FORMS):
        return
    pairs, alone = pair_quotes(line.text)
    if any(line.text[place] != '"' for place in alone):
        return  # who pairs with whom would be a guess; the checks tell of it
    edits: list[tuple[int, int, str]] = []
    enclosing: list[tuple[int, str]] = []  # closing place and outcome
    for pair in pairs:
        while enclosing and enclosing[-1][0] < pair.start:
            enclosing.pop()
        outcome = _outcome(pair.form, style, inside_guillemets=any(form == "guillemets" for _, form in enclosing))
        enclosing.append((pair.stop, outcome if outcome != "keep" else pair.form))
        edits += _edits(line.text, pair, outcome, style.nbsp)
    line.edit(sorted(edits))


def _outcome(form: Form, style: Typography, *, inside_guillemets: bool) -> Literal["keep", "guillemets", "english"]:
    wanted = style.straight if form == "straight" else style.quotes
    if form == "straight" and "keep" not in {style.straight, style.quotes}:
        wanted = style.quotes  # else a second pass would turn what the first made of "…"
    return "english" if inside_guillemets and wanted != "keep" else wanted


def _edits(text: str, pair: QuotePair, outcome: str, nbsp: str) -> list[tuple[int, int, str]]:
    if outcome == "keep":
        return []
    inner_start, inner_stop = pair.start + 1, pair.stop
    while inner_start < pair.stop and text[inner_start] in _SPACES:
        inner_start += 1
    while inner_stop > inner_start and text[inner_stop - 1] in _SPACES:
        inner_stop -= 1
    if inner_start >= inner_stop:
        return []
    opening, closing = (f"«{nbsp}", f"{nbsp}»") if outcome == "guillemets" else ("“", "”")
    return [(pair.start, inner_start, opening), (inner_stop, pair.stop + 1, closing)]
