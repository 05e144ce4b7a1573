"""premailer: the theme's own rules as style attributes, for the mailboxes that drop ``<style>`` altogether."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Any

import cssutils
from premailer import Premailer

cssutils.log.setLevel(logging.CRITICAL)
cssutils.ser.prefs.minimizeColorHash = False  # else #111111 becomes #111, which Outlook misreads

_STYLE = re.compile(r"<style\b")


class _Inliner(Premailer):  # type: ignore[misc]  # the package ships no types
    """premailer that reads a theme's rules once: writing them out anew took nine tenths of its time."""

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> tuple[list[Any], list[Any]]:
        rules, leftover = _read_rules(css_body, ruleset_index)
        return list(rules), list(leftover)


@lru_cache(maxsize=16)
def _read_rules(css: str, ruleset_index: int) -> tuple[list[Any], list[Any]]:
    reader = Premailer("", disable_validation=True, strip_important=False, cssutils_logging_level=logging.CRITICAL)
    rules, leftover = reader._parse_style_rules(css, ruleset_index)  # noqa: SLF001 - the one place that reads rules
    return rules, leftover


def inline_styles(html: str, css: str) -> str:
    """``html`` with the rules of ``css`` on its elements; its own style blocks stay as they are."""
    marked = _STYLE.sub('<style data-premailer="ignore"', html.replace("<!doctype html>", "<!DOCTYPE html>", 1))
    premailer = _Inliner(
        marked,
        css_text=[css],
        allow_network=False,
        keep_style_tags=False,
        include_star_selectors=False,
        strip_important=False,
        disable_validation=True,
        align_floating_images=False,
        disable_basic_attributes=["align", "valign", "bgcolor", "width", "height"],
        disable_link_rewrites=True,
        preserve_internal_links=True,
        preserve_handlebar_syntax=True,
        remove_unset_properties=False,
        disable_leftover_css=True,
        cache_css_parsing=True,
        cssutils_logging_level=logging.CRITICAL,
    )
    return str(premailer.transform()).replace(' data-premailer="ignore"', "")
