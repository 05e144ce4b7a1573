"""An edition looked at in other ways: dark, inverted, without pictures, as a web page. The edition itself stays as it is."""

from __future__ import annotations

import re

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


def web_view(edition: Edition) -> str:
    """The page of an issue: no name, no token, nothing that belongs to one reader."""
    html = _READER.sub("", edition.html)
    parts = split_tokens(html, edition.field_prefix)
    return "".join(part if isinstance(part, str) else _nobody(part) for part in parts)


def _nobody(field: MergeField) -> str:
    return escape_attribute(field.fallback or "")


def _force_scheme(html: str, scheme: str) -> str:
    return _SCHEME_META.sub(rf"\g<1>{scheme}\g<2>", _SCHEMES.sub(f"color-scheme:{scheme}", html))
