"""Features as their authors write them: what to call one, and what to look for in a theme's files."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAMES: Mapping[str, str] = {
    "css-animation": "animation",
    "css-border-inline-block": "border-inline, border-block",
    "css-border-inline-block-individual": "border-inline-start…",
    "css-border-inline-block-longhand": "border-inline-width…",
    "css-border-radius-logical": "border-start-start-radius…",
    "css-block-inline-size": "block-size, inline-size",
    "css-column-layout-properties": "column-rule, column-width…",
    "css-comments": "/* */",
    "css-display-flex": "display: flex",
    "css-display-grid": "display: grid",
    "css-display-none": "display: none",
    "css-flex-direction": "flex-direction: column",
    "css-flex-wrap": "flex-wrap: wrap",
    "css-important": "!important",
    "css-inert-attribute": "inert",
    "css-intrinsic-size": "fit-content, min-content, max-content",
    "css-left-right-top-bottom": "left, right, top, bottom",
    "css-margin-block-start-end": "margin-block-start…",
    "css-margin-inline-block": "margin-inline, margin-block",
    "css-margin-inline-start-end": "margin-inline-start…",
    "css-modern-color": "oklch(), lab()…",
    "css-nesting": "a { b { } }",
    "css-padding-block-start-end": "padding-block-start…",
    "css-padding-inline-block": "padding-inline, padding-block",
    "css-padding-inline-start-end": "padding-inline-start…",
    "css-selector-adjacent-sibling": "a + b",
    "css-selector-attribute": "a[b]",
    "css-selector-chaining": ".a.b",
    "css-selector-child": "a > b",
    "css-selector-class": ".a",
    "css-selector-descendant": "a b",
    "css-selector-general-sibling": "a ~ b",
    "css-selector-grouping": "a, b",
    "css-selector-id": "#a",
    "css-selector-type": "a {",
    "css-selector-universal": "*",
    "css-sytem-ui": "system-ui",
    "css-unit-initial": "initial",
    "css-unit-percent": "%",
    "css-unit-calc": "calc()",
    "css-variables": "var()",
    "css-at-media-device-pixel-ratio": "@media (-webkit-device-pixel-ratio)",
    "html-anchor-links": 'href="#…"',
    "html-button-reset": '<button type="reset">',
    "html-button-submit": '<button type="submit">',
    "html-comments": "<!-- -->",
    "html-doctype": "<!doctype html>",
    "html-h1-h6": "<h1>",
    "html-image-maps": "<map>",
    "html-lists": "<ul>, <ol>, <dl>",
    "html-loading-attribute": "loading=",
    "html-mailto-links": "mailto:",
    "html-meta-color-scheme": '<meta name="color-scheme">',
    "html-semantics": "<article>, <section>…",
    "html-srcset": "srcset=",
    "image-base64": "data:",
    "image-gif": "GIF",
}
_FAMILIES: tuple[tuple[str, str], ...] = (
    (r"css-at-media-(.+)", r"@media (\1)"),
    (r"css-at-(.+)", r"@\1"),
    (r"css-pseudo-class-(.+)", r":\1"),
    (r"css-pseudo-element-(.+)", r"::\1"),
    (r"css-(?:function-)?(clamp|light-dark|max|min|rgba?|(?:conic|linear|radial)-gradient)", r"\1()"),
    (r"css-unit-(.+)", r"1\1"),
    (r"css-(.+)", r"\1"),
    (r"html-input-(.+)", r'<input type="\1">'),
    (r"html-(align|aria-.+|background|cellpadding|cellspacing|dir|height|hidden|lang|popover|required|role|target|valign|width)", r"\1="),
    (r"html-(.+)", r"<\1>"),
    (r"image-(.+)", r".\1"),
)
# What is written otherwise than it is called, as it stands in a file.
_WRITTEN: Mapping[str, str] = {
    "css-variables": r"var\(|--[\w-]+\s*:",
    "css-display-flex": r"display\s*:[^;]*\bflex\b",
    "css-display-grid": r"display\s*:[^;]*\bgrid\b",
    "css-display-none": r"display\s*:[^;]*\bnone\b",
    "css-unit-percent": r"\d%",
    "css-important": r"!\s*important",
    "css-at-media-device-pixel-ratio": r"device-pixel-ratio",
    "css-modern-color": r"\b(?:ok)?l(?:ch|ab)\(",
    "css-sytem-ui": r"system-ui|\bui-",
    "html-h1-h6": r"<h[1-6]\b",
    "html-semantics": r"<(?:article|aside|details|figcaption|figure|footer|header|main|mark|nav|section|summary|time)\b",
    "html-lists": r"<(?:ul|ol|dl)\b",
}


def name_of(feature: str) -> str:
    """What editors call a feature: ``border-radius``, ``@font-face``, ``<video>``, ``1rem``, ``.webp``."""
    if feature in _NAMES:
        return _NAMES[feature]
    return next(re.sub(pattern, said, feature) for pattern, said in (*_FAMILIES, (r".*", feature)) if re.fullmatch(pattern, feature))


def line_of(feature: str, text: str) -> int:
    """The first line of a theme's file that writes a feature; 0: none is plain."""
    wanted = re.compile(_written(feature), re.IGNORECASE)
    return next((number for number, line in enumerate(text.split("\n"), start=1) if wanted.search(line)), 0)


def _written(feature: str) -> str:
    if feature in _WRITTEN:
        return _WRITTEN[feature]
    found = re.match(r"css-unit-(\w+)$", feature)
    if found:
        return rf"\d{found[1]}\b"
    bare = re.sub(r"^(?:css-(?:at-media-|at-|pseudo-class-|pseudo-element-|function-)?|html-(?:input-)?|image-)", "", feature)
    return rf"(?<![\w-]){re.escape(bare)}(?![\w-])"
