"""What the elements of a pasted page say: style, addresses, how deep they are nested."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborNode

from composer.errors import UsageError
from composer.words import Words

# Elements that do not close by themselves, as <p> and <li> do.
_NESTING = re.compile(
    r"<(/?)(?:div|span|b|i|u|s|em|strong|font|section|article|main|blockquote|ul|ol|dl|table|center|small|big|sub|sup|form|"
    r"fieldset|details|figure|code|svg|math|template|header|footer|nav|aside)\b",
    re.IGNORECASE,
)
_MAX_OPEN = 4000


def refuse_depth(html: str) -> None:
    """The parser takes a time that grows with the square of the depth: what nobody writes is refused before."""
    depth = deepest = 0
    for found in _NESTING.finditer(html):
        depth = max(0, depth - 1) if found[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest > _MAX_OPEN:
        raise UsageError(
            Words(fr="Cette page imbrique trop d’éléments pour être un texte.", en="This page nests too many elements to be a text."),
            hint=Words(fr="Copiez son texte dans un fichier .txt.", en="Copy its text into a .txt file."),
        )


def plain_conditionals(html: str) -> str:
    """Word's ``<![if …]>`` marks are no comments and would swallow what they stand before."""
    return re.sub(r"<!\[(?:if [^\]<>]{0,200}|endif)\]>", "", html)


def children(node: LexborNode) -> list[LexborNode]:
    """The nodes right below ``node``, in order."""
    children: list[LexborNode] = []
    child = node.first_child
    while child is not None:
        children.append(child)
        child = child.next
    return children


def style_of(node: LexborNode) -> str:
    """The inline style, in small letters."""
    return (node.attributes.get("style") or "").lower().replace(": ", ":")


def is_hidden(style: str) -> bool:
    """Whether readers of the page do not see it."""
    return bool(re.search(r"(?:^|;)\s*(?:display:none|mso-hide:all)", style))


def start_of(node: LexborNode) -> int:
    """Where an ordered list begins to count."""
    start = _number(node, "start")
    return 1 if start is None else start


def item_number(node: LexborNode) -> int | None:
    """The number that an item gives itself; None: it counts on."""
    return _number(node, "value")


def _number(node: LexborNode, name: str) -> int | None:
    written = node.attributes.get(name) or ""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else None


def is_pixel(node: LexborNode) -> bool:
    """Spacers and counters: one or two pixels wide or high."""
    return any((node.attributes.get(side) or "").strip().removesuffix("px") in {"0", "1", "2"} for side in ("width", "height"))


def unwrapped(href: str) -> str:
    """The address behind a redirect that a word processor or a mailbox put around it: Google Docs, Outlook's Safe Links."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return href
    host = parts.hostname or ""
    query = parse_qs(parts.query)
    if host in {"www.google.com", "google.com"} and parts.path == "/url":
        wrapped = (query.get("q") or query.get("url") or [""])[0]
    elif host.endswith(".safelinks.protection.outlook.com"):
        wrapped = query.get("url", [""])[0]
    else:
        return href
    return wrapped if wrapped.startswith(("http://", "https://")) else href
