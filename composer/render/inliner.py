"""premailer: the theme's own rules as style attributes, for the mailboxes that drop ``<style>`` altogether."""

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

_BORDER = "<!--next block-->"
_NAMES = re.compile(r"(?<![:\w-])[\w-]+(?![^()]*\))")
_ENDS = re.compile(r"(</(?:p|h[1-6]|li|ul|ol|div|table|tr|blockquote|pre|figure)>)(?=<)")


class _Inliner(Premailer):  # type: ignore[misc]  # the package ships no types
    """premailer that reads a theme's rules once: writing them out anew took nine tenths of its time."""

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> tuple[list[Any], list[Any]]:
        rules, leftover = _read_rules(css_body, ruleset_index)
        return [rule for rule in rules if _may_match(rule[1], self.html)], list(leftover)

    def _style_to_basic_html_attributes(self, element: Any, style_content: str, force: bool = False) -> None:
        """None are wanted: HTML calls them obsolete, and MJML writes those that Outlook needs."""


@lru_cache(maxsize=16)
def _read_rules(css: str, ruleset_index: int) -> tuple[list[Any], list[Any]]:
    reader = Premailer("", disable_validation=True, strip_important=False, cssutils_logging_level=logging.CRITICAL)
    rules, leftover = reader._parse_style_rules(css, ruleset_index)  # noqa: SLF001 - the one place that reads rules
    return rules, leftover


def _may_match(selector: str, html: str) -> bool:
    """Whether the names of ``selector`` occur at all: most issues have no table and no code, and looking for them took half the time."""
    return all(name in html for name in _NAMES.findall(selector))


class Inliner:
    """The rules of one style sheet on blocks of markup; a block that was seen before costs nothing."""

    _MOST = 2_000  # blocks kept: some hundred issues

    def __init__(self, css: str) -> None:
        self._css = css
        self._seen: dict[str, str] = {}

    def inline(self, blocks: Sequence[str]) -> list[str]:
        """Every block with the rules on its elements; a selector sees no further than its own block."""
        fresh = [block for block in dict.fromkeys(blocks) if block not in self._seen]
        if len(self._seen) + len(fresh) > self._MOST:
            self._seen.clear()
            fresh = list(dict.fromkeys(blocks))
        if fresh:
            self._seen |= zip(fresh, self._transform(fresh), strict=True)
        return [self._seen[block] for block in blocks]

    def forget(self) -> None:
        """As if no block had been seen."""
        self._seen.clear()

    def _transform(self, blocks: Sequence[str]) -> list[str]:
        # One document for all of them: each run walks all rules.
        body = _BORDER.join(f"<div>{block}</div>" for block in blocks)
        made = _run(f"<!DOCTYPE html><html><body>{body}</body></html>", self._css)
        inner = made[made.index("<body>") + len("<body>") : made.rindex("</body>")]
        return [_unwrap(part) for part in inner.split(_BORDER)]


def _unwrap(part: str) -> str:
    # A line each, so that what reads the source for its words (an inbox's excerpt, a search) does not join two paragraphs.
    return _ENDS.sub("\\1\n", part.strip()[len("<div>") : -len("</div>")].strip("\n"))


def _run(html: str, css: str) -> str:
    premailer = _Inliner(
        html,
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
    return str(premailer.transform(pretty_print=False))
