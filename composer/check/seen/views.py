"""The ways in which clients show one mail, and which rules of a style sheet each of them takes."""

from __future__ import annotations

import re
from dataclasses import dataclass

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

_LENGTH = re.compile(r"\(\s*(min|max)-(?:device-)?width\s*:\s*([\d.]+)(px|r?em)\s*\)")
_RANGE = re.compile(r"\(\s*width\s*([<>]=?)\s*([\d.]+)(px|r?em)\s*\)")
_SCHEME = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)")


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
