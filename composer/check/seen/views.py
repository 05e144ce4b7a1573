"""The ways in which clients show one mail, and which rules of a style sheet each of them takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from composer.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One way of showing a mail."""

    name: Words  # behind «:» in a sentence
    width_px: int = 700
    dark: bool = False  # prefers-color-scheme
    sheets: bool = True  # False: a mailbox that drops ``<style>``
    outlook_web: bool = False  # marks its own changes of colour with data-ogsc and data-ogsb
    word: bool = False  # Outlook for Windows: conditional comments, mso-hide, no media queries


PLAIN = View(
    name=Words(fr="sans feuille de style, comme chez laposte.net", en="without style sheet, as laposte.net shows it"), sheets=False
)
WIDE = View(name=Words(fr="sur un grand écran", en="on a wide screen"))
PHONE = View(name=Words(fr="sur un téléphone", en="on a phone"), width_px=375)
DARK = View(name=Words(fr="en mode sombre", en="in dark mode"), dark=True)
DARK_PHONE = View(name=Words(fr="en mode sombre, sur un téléphone", en="in dark mode, on a phone"), dark=True, width_px=375)
OUTLOOK_WEB = View(
    name=Words(fr="dans Outlook.com en mode sombre ([data-ogsc])", en="in Outlook.com’s dark mode ([data-ogsc])"), outlook_web=True
)
OUTLOOK = View(name=Words(fr="dans Outlook pour Windows", en="in Outlook for Windows"), word=True)
MAIL_VIEWS = (WIDE, PHONE, DARK, DARK_PHONE, OUTLOOK_WEB, PLAIN, OUTLOOK)
PAGE_VIEWS = (WIDE, PHONE, DARK)

_WORD_OR_NOT = r"(?:(?:not|only)\s+)?(?:all|screen|print)"
_FEATURE = (
    r"\(\s*(?:(?:min|max)-width\s*:\s*(?:\d+\.?\d*|\.\d+)(?:px|r?em)|width\s*[<>]=?\s*(?:\d+\.?\d*|\.\d+)(?:px|r?em)"
    r"|prefers-color-scheme\s*:\s*(?:dark|light))\s*\)"
)
_PLAIN = re.compile(rf"(?:{_WORD_OR_NOT}|{_FEATURE})(?:\s+and\s+{_FEATURE})*")
_LENGTH = re.compile(r"\(\s*(min|max)-(?:device-)?width\s*:\s*([\d.]+)(px|r?em)\s*\)")
_RANGE = re.compile(r"\(\s*width\s*([<>]=?)\s*([\d.]+)(px|r?em)\s*\)")
_ANY_WIDTH = re.compile(r"width[^\d()]*([\d.]+)(px|r?em)")
_WINDOWS = frozenset({320, 375, 600, 700, 1280})
_LEAST_PX, _MOST_PX = 280, 3000
_SCHEME = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)")


@lru_cache(maxsize=2048)
def holds(media: str, view: View) -> bool:
    """Whether ``view`` takes rules under this media query list; a feature that is not known here is taken to hold."""
    if not media.strip():
        return True
    return not view.word and any(_holds(query.strip(), view) for query in media.split(","))  # Word passes over whatever has a condition


def _holds(query: str, view: View) -> bool:
    negated = query.startswith("not ")
    bare = query.removeprefix("not ").removeprefix("only ").strip()
    kind = re.match(r"[a-z]+(?=\s|$)", bare)
    parts = [kind is None or kind[0] in {"all", "screen"}]
    parts += [_measures(found, view.width_px) for found in _LENGTH.finditer(bare)]
    parts += [_in_range(found, view.width_px) for found in _RANGE.finditer(bare)]
    parts += [(found[1] == "dark") == view.dark for found in _SCHEME.finditer(bare)]
    return all(parts) != negated


def _px(number: str, unit: str) -> float:
    return float(number) * (1 if unit == "px" else 16)


def _measures(found: re.Match[str], width_px: int) -> bool:
    wanted = _px(found[2], found[3])
    return width_px >= wanted if found[1] == "min" else width_px <= wanted


def _in_range(found: re.Match[str], width_px: int) -> bool:
    wanted = _px(found[2], found[3])
    return {"<": width_px < wanted, "<=": width_px <= wanted, ">": width_px > wanted, ">=": width_px >= wanted}[found[1]]


@lru_cache(maxsize=256)
def is_plain(media: str) -> bool:
    """Whether every client that takes media queries reads this list alike, and we do."""
    return not media.strip() or all(_PLAIN.fullmatch(query.strip()) for query in media.lower().split(","))


def more_views(conditions: Iterable[str], views: Sequence[View]) -> list[View]:
    """The widths, light and dark, in which a page takes other rules than in any of ``views``."""
    media = sorted({condition for condition in conditions if condition and is_plain(condition)})
    known = {_taken(media, view) for view in views if view.sheets and not view.word and not view.outlook_web}
    made = []
    for width, dark in product(_widths(media), (False, True)):
        view = replace(DARK if dark else WIDE, name=_on(width, DARK.name if dark else None), width_px=width)
        if (taken := _taken(media, view)) not in known:
            known.add(taken)
            made.append(view)
    return made


def _taken(media: Sequence[str], view: View) -> tuple[bool, ...]:
    return tuple(holds(condition, view) for condition in media)


def _widths(media: Iterable[str]) -> list[int]:
    """Where a rule begins or ends to hold, and the windows that there are."""
    named = {round(_px(*found)) for condition in media for found in _ANY_WIDTH.findall(condition)}
    near = {width + step for width in named for step in (-1, 0, 1)}
    return sorted(width for width in near | _WINDOWS if _LEAST_PX <= width <= _MOST_PX)


def _on(width: int, also: Words | None) -> Words:
    fr, en = f"sur un écran de {width}\u00a0px", f"on a screen of {width} px"
    return Words(fr=f"{fr}, {also.fr}", en=f"{en}, {also.en}") if also else Words(fr=fr, en=en)
