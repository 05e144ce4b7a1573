"""The spaces of house style: before signs, inside numbers, after titles, beside dashes."""

from __future__ import annotations

import re

from composer.model.newsletter import Typography
from composer.text.held import HELD
from composer.text.line import Line

_SPACES = " \u00a0\u202f"
_DIGIT = re.compile(r"\d")


def space_words(line: Line, style: Typography) -> None:
    """All spaces of ``line`` in house style; quotation marks stand already."""
    _space_punctuation(line, style)
    if _DIGIT.search(line.text):
        _space_numbers(line, style.nbsp)
    _space_titles(line, style.nbsp)
    _space_dashes(line, style.nbsp)


# Spaces before signs ------------------------------------------------------------------------------------------------------------

_SIGN = re.compile(r"[;!?:«»](?:(?<=[;!?])[;!?]*…?(?!\w)|(?<=:)(?=\s|$)|(?<=[«»]))")
_AFTER_HIGH = re.compile(r"[\s)\]»”\"’,.—–]|:(?=\s|$)|$")


def _space_punctuation(line: Line, style: Typography) -> None:
    edits: list[tuple[int, int, str]] = []
    for found in _SIGN.finditer(line.text):
        edit = _opening_space(line.text, found, style) if found[0] == "«" else _closing_space(line.text, found, style)
        if edit and (not edits or edit[0] >= edits[-1][1]):
            edits.append(edit)
    line.edit(edits)


def _opening_space(text: str, sign: re.Match[str], style: Typography) -> tuple[int, int, str] | None:
    end = start = sign.end()
    while text[end : end + 1] and text[end] in _SPACES:
        end += 1
    return (start, end, style.nbsp) if end > start and text[end : end + 1] not in {"", "\n"} else None


def _closing_space(text: str, sign: re.Match[str], style: Typography) -> tuple[int, int, str] | None:
    start = end = sign.start()
    while start and text[start - 1] in _SPACES:
        start -= 1
    if not start or text[start - 1] == "\n":
        return None
    before, spaced = text[start - 1], start < end
    if sign[0] == ":":
        wanted = _colon_space(style, before, spaced=spaced)
    elif spaced:
        wanted = style.nbsp
    else:
        opened = sign[0] != "»" and style.high == "space" and _ends_words(before) and _AFTER_HIGH.match(text, sign.end())
        wanted = style.nbsp if opened else ""
    return (start, end, wanted) if wanted or spaced else None


def _colon_space(style: Typography, before: str, *, spaced: bool) -> str:
    if style.colon == "keep" or before == ":":
        return style.nbsp if spaced else ""
    if style.colon == "tight" and _ends_words(before) and before != HELD:
        return ""
    if style.colon == "tight":
        return style.nbsp if spaced else ""
    return style.nbsp if spaced or _ends_words(before) or before in "…!?" else ""


def _ends_words(char: str) -> bool:
    return char.isalnum() or char in '_)]»”’"%€$°'


# Numbers ------------------------------------------------------------------------------------------------------------------------

_UNITS = (
    "€|%|‰|°C?|£|\\$|¥|k€|M€|Mds?€?|milliers?|millions?|milliards?|euros?|dollars?|km/h|km²|km|m²|m³|mm|cm|kg|mg|ml|cl|kWh|MWh|GWh|TWh|kW|MW|GW"
    "|[KMGTP]o|[kMG]?Hz|px|min|ms|ans?|mois|jours?|heures?|minutes?|secondes?|points?|[mgtlLhs]"
)
_MONTHS = (
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|january|february|march|april|may|june|july|august|september|october|november|december"
)
_GROUPS = re.compile(rf"[0-9](?<![\d.,][0-9])(?<!\d[{_SPACES}][0-9])[0-9]{{0,2}}(?:[{_SPACES}][0-9]{{3}})+(?![0-9]|[{_SPACES}][0-9])")
_NUMBER_UNIT = re.compile(rf"[0-9][{_SPACES}](?=(?:{_UNITS})(?![\w’']))")
_HOURS = re.compile(rf"[0-9][{_SPACES}]h[{_SPACES}](?=[0-9][0-9]?(?![0-9]))")
_DAY_MONTH = re.compile(rf"[0-9](?:er|ᵉʳ)?[{_SPACES}](?=(?i:{_MONTHS})(?!\w))")
_NUMBERED = re.compile(rf"[0-9](?<=[{_SPACES}][0-9])")
_NUMBER_SIGNS = ("n°", "N°", "nos", "Nos", "n°s", "nº", "Nº", "№", "§", " p.", "(p.", " pp.", " art.", " chap.", " vol.", " fig.")
_NUMBER_SPACE = re.compile(rf"[0-9](?:er|ᵉʳ)?[{_SPACES}]")
_ANY_SPACE = re.compile(rf"[{_SPACES}]")


def _space_numbers(line: Line, nbsp: str) -> None:
    if _NUMBER_SPACE.search(line.text):
        for pattern in (_GROUPS, _HOURS, _NUMBER_UNIT, _DAY_MONTH):
            line.sub(pattern, lambda found: _ANY_SPACE.sub(nbsp, found[0]))
    signs = [found.start() - 1 for found in _NUMBERED.finditer(line.text)]
    line.edit([(place, place + 1, nbsp) for place in signs if _is_number_sign(line.text, place)])


def _is_number_sign(text: str, end: int) -> bool:
    before = " " + text[max(0, end - 7) : end].replace("\u00a0", " ").replace("\n", " ")
    return before.endswith(_NUMBER_SIGNS) and not (before.endswith("os") and before[-4:-3].isalpha())


# Titles and dashes --------------------------------------------------------------------------------------------------------------

_TITLE = re.compile(rf"[MDP](?<!\w[MDP])(?:(?<=M)(?:\.|M\.|mes?|lles?|e|gr|rs?\.?|s\.)|r\.?)[{_SPACES}](?=[A-ZÀ-ÖØ-Þ])")
_CENTURY = re.compile(rf"[IVX]e[{_SPACES}](?=siècle)")
_DASH = re.compile(rf"[–—](?=[{_SPACES}])")
_SENTENCE_END = re.compile(rf"[.!?…][»”\"’)]*[{_SPACES}\n]+(?=[«“\"(]?[{_SPACES}]?[A-ZÀ-ÖØ-Þ])")


def _space_titles(line: Line, nbsp: str) -> None:
    for pattern in (_TITLE, _CENTURY) if "siècle" in line.text else (_TITLE,):
        line.sub(pattern, lambda found: found[0][:-1] + nbsp)


def _space_dashes(line: Line, nbsp: str) -> None:
    """The dash that opens an aside keeps the next word, the one that closes it keeps the last."""
    if "–" not in line.text and "—" not in line.text:
        return
    ends = [found.end() for found in _SENTENCE_END.finditer(line.text)]
    edits: list[tuple[int, int, str]] = []
    opened, sentence = False, 0
    for place in (dash.start() for dash in _DASH.finditer(line.text)):
        if place and line.text[place - 1] not in f"{_SPACES}\n":
            continue
        while sentence < len(ends) and ends[sentence] <= place:
            opened, sentence = False, sentence + 1
        at_start = place == 0 or line.text[place - 1] == "\n"
        closes = not at_start and (opened or _follows_run_in(line, place))
        edits.append((place - 1, place, nbsp) if closes else (place + 1, place + 2, nbsp))
        opened = not at_start and not closes
    line.edit([edit for here, edit in enumerate(edits) if not here or edit[0] >= edits[here - 1][1]])


def _follows_run_in(line: Line, place: int) -> bool:
    """Whether all that stands before the dash is bold: a head."""
    return line.heads > 0 and place - 1 <= line.borders[line.heads - 1] <= place
