"""premailer: the theme's own rules as style attributes, for the mailboxes that drop ``<style>`` altogether."""

from __future__ import annotations

import logging
import re

import cssutils
from premailer import Premailer

cssutils.log.setLevel(logging.CRITICAL)
cssutils.ser.prefs.minimizeColorHash = False  # else #111111 becomes #111, which Outlook misreads

_STYLE = re.compile(r"<style\b")


def inline_styles(html: str, css: str) -> str:
    """``html`` with the rules of ``css`` on its elements; its own style blocks stay as they are."""
    marked = _STYLE.sub('<style data-premailer="ignore"', html.replace("<!doctype html>", "<!DOCTYPE html>", 1))
    premailer = Premailer(
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
    return premailer.transform().replace(' data-premailer="ignore"', "")
