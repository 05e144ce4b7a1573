"""An edition looked at in other ways: dark, inverted, without pictures, as a web page. The edition itself stays as it is."""

from __future__ import annotations

import re
from dataclasses import replace

from composer.model.edition import Edition
from composer.text.escape import escape_attribute
from composer.text.merge import MergeField, split_tokens

_DARK_QUERY = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")
_SCHEMES = re.compile(r"color-scheme:\s*light dark")
_SCHEME_META = re.compile(r'(<meta name="(?:supported-)?color-schemes?" content=")light dark(")')
_SOURCE = re.compile(r'(<img\b[^>]*?) src="[^"]*"')
_READER = re.compile(r"<!--r-->.*?<!--/r-->", re.DOTALL)
_INVERSION = "<style>html{filter:invert(1) hue-rotate(180deg);background-color:#fff}img{filter:invert(1) hue-rotate(180deg)}</style></head>"


def only_light(html: str) -> str:
    """The message in a client that is light, wherever it is looked at."""
    return _DARK_QUERY.sub("@media not all", _force_scheme(html, "light"))


def own_dark(html: str) -> str:
    """The author's dark colours, as a client shows them that obeys the message's own styles."""
    return _DARK_QUERY.sub("@media all", _force_scheme(html, "dark"))


def forced_dark(html: str) -> str:
    """The whole message inverted, as clients do that obey nothing (a simulation: pictures keep their colours)."""
    return only_light(html).replace("</head>", _INVERSION, 1)


def pictures_off(html: str) -> str:
    """The message before the reader allows pictures."""
    return _SOURCE.sub(r"\1", html)


def mark_rehearsal(edition: Edition) -> Edition:
    """The edition with a last line that says so: at the end, since at the top it would become the inbox line. The digest stays."""
    words = (
        "Répétition\u00a0: les adresses de ce message mènent à une machine d’essai."
        if edition.lang.startswith("fr")
        else "Rehearsal: the addresses in this message lead to a test machine."
    )
    line = (
        '<p style="margin:0;padding:16px;font:14px/20px Arial,sans-serif;color:#7a3e00;background-color:#fff4e0;text-align:center">'
        f"{words}</p>"
    )
    head, body_end, tail = edition.html.rpartition("</body>")
    html = f"{head}{line}{body_end}{tail}" if body_end else edition.html + line
    return replace(edition, html=html, text=f"{edition.text.rstrip()}\n\n{words}\n")


def web_view(edition: Edition) -> str:
    """The page of an issue: no name, no token, nothing that belongs to one reader."""
    html = _READER.sub("", edition.html)
    parts = split_tokens(html, edition.field_prefix)
    return "".join(part if isinstance(part, str) else _nobody(part) for part in parts)


def _nobody(field: MergeField) -> str:
    return escape_attribute(field.fallback or "")


def _force_scheme(html: str, scheme: str) -> str:
    return _SCHEME_META.sub(rf"\g<1>{scheme}\g<2>", _SCHEMES.sub(f"color-scheme:{scheme}", html))
