"""Elements and attributes of a mail whose part in the painting is understood."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from composer.check.seen.page import Page

# What words may stand in.
AROUND = frozenset(
    [
        "html",
        "body",
        "div",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "center",
        "p",
        "span",
        "strong",
        "b",
        "em",
        "i",
        "u",
        "s",
        "font",
        "a",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "header",
        "main",
        "footer",
        "nav",
        "aside",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "figure",
        "figcaption",
        "address",
        "big",
        "small",
        "sub",
        "sup",
        "mark",
        "abbr",
        "cite",
        "q",
        "code",
        "time",
        "bdi",
        "nobr",
        "tt",
        "var",
        "samp",
        "kbd",
        "dfn",
        "ins",
    ]
)
_BESIDE = AROUND | frozenset(
    [
        "head",
        "title",
        "meta",
        "style",
        "base",
        "br",
        "hr",
        "img",
        "picture",
        "source",
        "wbr",
        "col",
        "colgroup",
        "pre",
        "del",
        "strike",
        "bdo",
        "map",
        "area",
        "details",
        "summary",
        "ruby",
        "rt",
        "rp",
        "label",
        "legend",
        "fieldset",
        "data",
        "output",
        "link",
        "script",
        "audio",
        "video",
        "track",
        "button",
        "hgroup",
        "search",
    ]
)
_OPENING = re.compile(r"<([a-zA-Z][^\s/>]*)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HANDLER = re.compile(r"[\s\"'/]on[a-z]+\s*=", re.IGNORECASE)
_LINKS = frozenset(
    [
        "icon",
        "shortcut",
        "apple-touch-icon",
        "canonical",
        "alternate",
        "preconnect",
        "dns-prefetch",
        "author",
        "license",
        "next",
        "prev",
        "self",
        "help",
        "search",
    ]
)
_SCRIPTS = frozenset({"application/ld+json", "application/json"})
_MOVING = ("popover", "slot", "is", "inert", "shadowrootmode", "srcdoc", "anchor")
_SIZE = re.compile(r"\s*(\d{1,4})(?:\.\d+)?(%|px)?\s*")


def find_odd_markup(page: Page) -> str:
    """The first element or attribute of a page that may change what is seen of others in ways not known here; "" where there is none."""
    named = {name.lower() for name in _OPENING.findall(_COMMENT.sub("", page.source))}
    if odd := next((name for name in sorted(named - _BESIDE) if _is_there(page, name)), ""):
        return f"<{odd}>"
    moved = next((name for name in _MOVING if name in page.source and page.find(f"[{name}]")), "")
    return moved or _handler(page) or next((f"<{node.tag}>" for node in page.find("style,link,script,base") if _brings_more(node)), "")


def _is_there(page: Page, name: str) -> bool:
    """Elements with odd letters in their names cannot be asked for, and count."""
    return not re.fullmatch(r"[a-z][a-z0-9-]*", name) or bool(page.find(name)) or name in {"frameset", "frame", "plaintext", "xml", "image"}


def _handler(page: Page) -> str:
    if not _HANDLER.search(page.source):
        return ""
    return next((name for node in page.find("*") for name in node.attributes if name.startswith("on")), "")


def _brings_more(node: LexborNode) -> bool:
    given = {name: (value or "").strip().lower() for name, value in node.attributes.items()}
    if node.tag == "style":
        return given.get("type", "text/css") not in {"", "text/css"} or "title" in given
    if node.tag == "link":
        return not given.get("rel", "").split() or not _LINKS.issuperset(given["rel"].split())
    return node.tag == "script" and given.get("type", "") not in _SCRIPTS


def find_odd_attribute(node: LexborNode) -> str:
    """The attribute that may push or narrow what stands in ``node`` too far; "" where there is none."""
    for name, (low, high) in _BOUNDS.items():
        value = node.attributes.get(name)
        if value is not None and not _within(value, low, high):
            return f'{name}="{value}"'
    return ""


_BOUNDS = {
    "width": (100, 800),
    **dict.fromkeys(("cellpadding", "cellspacing", "border"), (0, 40)),
    **dict.fromkeys(("leftmargin", "topmargin", "marginwidth", "marginheight", "hspace", "vspace"), (0, 100)),
}


def _within(value: str, low: int, high: int) -> bool:
    found = _SIZE.fullmatch(value)
    if not found:
        return value == ""
    return 20 <= int(found[1]) <= 100 if found[2] == "%" and low else low <= int(found[1]) <= high
