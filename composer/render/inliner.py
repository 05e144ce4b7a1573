"""premailer: the theme's own rules as style attributes, for the mailboxes that drop ``<style>`` altogether.

What rules say of an element depends on its open tag and on those around it, and a theme knows some dozens of such chains, whatever the issue.
premailer is asked once for each; an issue then costs one walk over its tags.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import cssutils
from premailer import Premailer

cssutils.log.setLevel(logging.CRITICAL)
cssutils.ser.prefs.minimizeColorHash = False  # else #111111 becomes #111, which Outlook misreads

# A comment is taken whole, since Outlook's hold tags; it has no name.
_TAG = re.compile(r'(<!--(?s:.*?)-->|<(/?)([a-z][a-z0-9]*)((?:\s+[a-z][\w:-]*(?:="[^"<]*")?)*)\s*/?>)')
_ATTRIBUTE = re.compile(r'\s+([a-z][\w:-]*)(?:="([^"<]*)")?')
_STYLE = re.compile(r"""\s+style=(?:"[^"<]*"|'[^'<]*')""")
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_SEEN_BY_RULES = frozenset({"class", "id", "style", "dir", "lang", "role", "align"})
# Rules that ask for more than the tags around an element: its brothers, its place among them, what its address says.
_BEYOND = re.compile(r"[+~[]|:(?!hover|active|focus|visited|link|:)[a-z-]+(?=[^{};]*\{)")
_ENDS_LINE = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "div", "table", "tr", "blockquote", "pre", "figure"})
_LINE_ENDS = re.compile(rf"(</(?:{'|'.join(sorted(_ENDS_LINE))})>)(?=<)")
_BORDER = "<!--next block-->"
_MARK = "data-chain"
_MARKED = re.compile(rf'<[^<>]*\b{_MARK}="(\d+)"[^<>]*>')


class _Premailer(Premailer):  # type: ignore[misc]  # the package ships no types
    """premailer that reads a theme's rules once: reading and writing them takes nine tenths of its time."""

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> tuple[list[Any], list[Any]]:
        rules, leftover = _read_rules(css_body, ruleset_index)
        return list(rules), list(leftover)

    def _style_to_basic_html_attributes(self, element: Any, style_content: str, force: bool = False) -> None:
        """None are wanted: HTML calls them obsolete, and MJML writes those that Outlook needs."""


@lru_cache(maxsize=16)
def _read_rules(css: str, ruleset_index: int) -> tuple[list[Any], list[Any]]:
    reader = Premailer("", disable_validation=True, strip_important=False, cssutils_logging_level=logging.CRITICAL)
    rules, leftover = reader._parse_style_rules(css, ruleset_index)  # noqa: SLF001 - the one place that reads rules
    return rules, leftover


class Inliner:
    """The rules of one style sheet on blocks of markup; safe for several threads."""

    _MOST = 5_000  # chains kept; a theme has some dozens, and numbers in a template's attributes make no more of them

    def __init__(self, css: str) -> None:
        self._css = css
        self._by_chain = not _BEYOND.search(css)
        self._styles: dict[str, str] = {}

    def inline(self, blocks: Sequence[str]) -> list[str]:
        """Every block with the rules on its elements; a selector sees no further than its own block."""
        styles = self._styles
        made = [self._dress(block, styles) for block in blocks]
        if unknown := [chain for _, chains in made for chain in chains]:
            styles = {**styles, **_ask(list(dict.fromkeys(unknown)), self._css)}
            self._styles = styles if len(styles) <= self._MOST else {}  # these blocks need all of them still
            made = [self._dress(block, styles) for block in blocks]
        return [block for block, _ in made]

    def forget(self) -> None:
        """As if no element had been seen."""
        self._styles = {}

    def _dress(self, block: str, styles: dict[str, str]) -> tuple[str, list[str]]:
        """``block`` with ``styles`` on its tags, and the chains that these do not know."""
        walk = _Walk(styles)
        if self._by_chain and walk.along(block):
            return "".join(walk.made), walk.unknown
        return self._whole(block), []

    def _whole(self, block: str) -> str:
        """``block`` through premailer as it stands: markup that needs mending, rules that look beyond the chain."""
        made = _run(f"<div>{block}</div>", self._css)
        return _LINE_ENDS.sub("\\1\n", made.strip()[len("<div>") : -len("</div>")].strip("\n"))


class _Walk:
    """One way along the tags of a block."""

    __slots__ = ("around", "made", "names", "styles", "unknown")

    def __init__(self, styles: dict[str, str]) -> None:
        self.styles = styles
        self.made: list[str] = []
        self.unknown: list[str] = []
        self.around = [""]  # the chain of every element that is open: its tag and those it stands in, as markup
        self.names: list[str] = []

    def along(self, block: str) -> bool:
        """Whether every tag is written in full and closed in its turn, so that this walk sees what a parser sees."""
        pieces = _TAG.split(block)
        made = self.made
        for at in range(0, len(pieces) - 1, 5):
            words, whole, closes, name, attributes = pieces[at : at + 5]
            if "<" in words:
                return False
            made.append(words)
            if closes:
                if not self.names or self.names.pop() != name:
                    return False
                self.around.pop()
                # A line each, so that what reads the source for its words (an inbox's excerpt, a search) does not join two paragraphs.
                made.append(f"{whole}\n" if name in _ENDS_LINE and not pieces[at + 5] and at + 6 < len(pieces) else whole)
            else:
                made.append(self._open(name, attributes) if name else whole)
        made.append(pieces[-1])
        return not self.names and "<" not in pieces[-1]

    def _open(self, name: str, attributes: str) -> str:
        chain = f"{self.around[-1]}<{name}{_told(attributes)}>" if attributes else f"{self.around[-1]}<{name}>"
        if name not in _VOID:
            self.around.append(chain)
            self.names.append(name)
        style = self.styles.get(chain)
        if style is None:
            self.unknown.append(chain)
        if not style:
            return f"<{name}{attributes}>"
        return f"<{name}{_STYLE.sub('', attributes) if ' style=' in attributes else attributes}{style}>"


def _told(attributes: str) -> str:
    """What rules may ask for; of addresses and other words that they are there."""
    return "".join([f' {name}="{told if name in _SEEN_BY_RULES else ""}"' for name, told in _ATTRIBUTE.findall(attributes)])


def _ask(chains: Sequence[str], css: str) -> dict[str, str]:
    """The style attribute that premailer puts on the last element of each chain; "" for none."""
    document = _BORDER.join(f"<div>{_draw(chain, number)}</div>" for number, chain in enumerate(chains))
    styles = dict.fromkeys(chains, "")
    for found in _MARKED.finditer(_run(document, css)):
        style = _STYLE.search(found[0])
        styles[chains[int(found[1])]] = style[0] if style else ""
    return styles


def _draw(chain: str, number: int) -> str:
    """The elements of a chain, one in the other, the last one marked and closed with the rest."""
    names = re.findall(r"<([a-z0-9]+)", chain)
    ends = "".join(f"</{name}>" for name in reversed(names) if name not in _VOID)
    return f'{chain[:-1]} {_MARK}="{number}">{ends}'


def _run(body: str, css: str) -> str:
    premailer = _Premailer(
        f"<!DOCTYPE html><html><body>{body}</body></html>",
        css_text=[css],
        allow_network=False,
        keep_style_tags=False,
        include_star_selectors=False,
        strip_important=False,
        disable_validation=True,
        align_floating_images=False,
        disable_link_rewrites=True,
        preserve_internal_links=True,
        preserve_handlebar_syntax=True,
        remove_unset_properties=False,
        disable_leftover_css=True,
        cache_css_parsing=True,
        cssutils_logging_level=logging.CRITICAL,
    )
    made = str(premailer.transform(pretty_print=False))
    return made[made.index("<body>") + len("<body>") : made.rindex("</body>")]
