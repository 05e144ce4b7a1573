"""By which facts each feature of caniemail's data is known: a table with one line for each, under its own name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from composer.check.support.facts import Facts

Detector = Callable[[Facts], bool]


def used_features(facts: Facts) -> frozenset[str]:
    """The names of the features that stand in a mail."""
    return frozenset(name for name, detect in DETECTORS.items() if detect(facts))


# Kinds of detectors ----------------------------------------------------------------------------------------------------------------


def _element(*names: str) -> Detector:
    return lambda facts: not facts.elements.isdisjoint(names)


def _attribute(*names: str, on: str = "", value: str = "") -> Detector:
    wanted, elements = re.compile(value, re.IGNORECASE), frozenset(on.split())
    return lambda facts: any(
        (not elements or element in elements) and wanted.search(said) is not None
        for name in names
        for element, said in facts.attributes.get(name, ())
    )


def _prop(*names: str) -> Detector:
    return lambda facts: any(name in facts.declarations for name in names)


def _value(pattern: str, *names: str) -> Detector:
    """A value of one of those properties, or of any."""
    wanted = re.compile(pattern, re.MULTILINE)
    if not names:
        return lambda facts: wanted.search(facts.values) is not None
    return lambda facts: any(wanted.search(facts.declarations.get(name, "")) is not None for name in names)


def _at(keyword: str, condition: str = "") -> Detector:
    wanted = re.compile(condition)
    return lambda facts: any(name == keyword and wanted.search(said) is not None for name, said in facts.rules)


def _selector(pattern: str) -> Detector:
    wanted = re.compile(pattern)
    return lambda facts: any(wanted.search(one) is not None for one in facts.selectors)


def _mark(name: str) -> Detector:
    return lambda facts: name in facts.marks


def _any(*detectors: Detector) -> Detector:
    return lambda facts: any(detect(facts) for detect in detectors)


def _unit(name: str) -> Detector:
    return _value(rf"(?<![\w#.-])[+-]?(?:\d+\.?\d*|\.\d+){name}(?![\w%-])")


def _function(*names: str) -> Detector:
    return _value(rf"(?<![\w-])(?:{'|'.join(names)})\(")


def _source(*endings: str) -> Detector:
    """A picture of that kind, by the ending of its address."""
    ending = rf"\.(?:{'|'.join(endings)})(?=$|[?#\s,\"')])"
    return _any(
        _attribute("src", on="img source input", value=ending),
        _attribute("srcset", "background", "poster", value=ending),
        _value(rf"url\([^)\n]*{ending}"),
    )


def _sides(name: str, end: str = "") -> tuple[str, ...]:
    return tuple(f"{name}-{side}{end}" for side in ("top", "right", "bottom", "left"))


def _logical(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}-{side}" for name in names for side in ("start", "end"))


# The table ---------------------------------------------------------------------------------------------------------------------------

# Features whose property has the feature's name: css-opacity is ``opacity``.
_PLAIN_PROPERTIES = (
    "accent-color align-items aspect-ratio backdrop-filter background-blend-mode background-clip background-color background-image "
    "background-origin background-position background-repeat background-size background border-collapse border-image border-spacing box-shadow "
    "box-sizing caption-side clear clip-path color-scheme cursor direction display empty-cells filter float font-kerning font-size-adjust "
    "font-size font-stretch font-weight font height hyphenate-character hyphenate-limit-chars hyphens inline-size inset justify-content "
    "letter-spacing line-height list-style-image list-style-position list-style-type list-style max-block-size max-height max-inline-size "
    "max-width min-block-size min-height min-inline-size min-width mix-blend-mode object-fit object-position opacity orphans outline-offset "
    "overflow-wrap position resize shape-margin shape-outside tab-size table-layout text-align-last text-align text-decoration-color "
    "text-decoration-line text-decoration-skip-ink text-decoration-style text-decoration-thickness text-decoration text-emphasis-position "
    "text-indent text-justify text-orientation text-overflow text-shadow text-transform text-underline-offset text-underline-position "
    "user-select vertical-align visibility white-space-collapse white-space widows width word-break word-spacing word-wrap writing-mode z-index"
)  # fmt: skip
_PSEUDO_CLASSES = (
    "active checked default first-child first-of-type focus-visible focus-within focus has hover lang last-child last-of-type link not "
    "nth-child nth-last-child nth-last-of-type nth-of-type only-child only-of-type target visited"
)
_PSEUDO_ELEMENTS = "after before first-letter first-line marker placeholder"
_UNITS = "ch cm em ex in mm pc pt px rem vh vmax vmin vw"
# Features whose element has the feature's name: html-abbr is ``<abbr>``.
_PLAIN_ELEMENTS = (
    "abbr acronym address audio base bdi blockquote body code del dfn dialog div form hr img link marquee meter object p picture pre progress "
    "rp rt ruby select small span strike strong style svg table textarea video wbr"
)
_PLAIN_ATTRIBUTES = (
    "align aria-describedby aria-hidden aria-label aria-labelledby aria-live background cellpadding cellspacing dir height hidden lang popover "
    "required role target valign width"
)
_INPUTS = "checkbox hidden radio reset submit text"
_TYPE = r"(?:^|[\s>+~(])[a-z][\w-]*"


def _families() -> Iterator[tuple[str, Detector]]:
    """The features that are named as what they are."""
    for name in _PLAIN_PROPERTIES.split():
        yield f"css-{name}", _prop(name)
    for name in _PSEUDO_CLASSES.split():
        yield f"css-pseudo-class-{name}", _selector(rf"(?<!:):{name}(?![\w-])")
    for name in _PSEUDO_ELEMENTS.split():
        yield f"css-pseudo-element-{name}", _selector(rf"::?{name}(?![\w-])")
    for name in _UNITS.split():
        yield f"css-unit-{name}", _unit(name)
    for name in _PLAIN_ELEMENTS.split():
        yield f"html-{name}", _element(name)
    for name in _PLAIN_ATTRIBUTES.split():
        yield f"html-{name}", _attribute(name)
    for name in _INPUTS.split():
        yield f"html-input-{name}", _attribute("type", on="input", value=f"^{name}$")


DETECTORS: Mapping[str, Detector] = {
    **dict(_families()),
    "css-animation": _prop(*(f"animation{end}" for end in ("", "-name", "-duration", "-delay", "-iteration-count", "-timing-function"))),
    "css-at-font-face": _at("font-face"),
    "css-at-import": _at("import"),
    "css-at-keyframes": _at("keyframes"),
    "css-at-media": _at("media"),
    "css-at-media-device-pixel-ratio": _at("media", r"device-pixel-ratio|resolution"),
    "css-at-media-hover": _at("media", r"\(\s*(?:any-)?hover\b"),
    "css-at-media-orientation": _at("media", r"\(\s*orientation\b"),
    "css-at-media-prefers-color-scheme": _at("media", r"prefers-color-scheme"),
    "css-at-media-prefers-reduced-motion": _at("media", r"prefers-reduced-motion"),
    "css-at-supports": _at("supports"),
    "css-block-inline-size": _prop("block-size", "inline-size"),
    "css-border": _prop("border", *_sides("border"), "border-width", "border-style", "border-color"),
    "css-border-inline-block": _prop("border-inline", "border-block"),
    "css-border-inline-block-individual": _prop(*_logical("border-inline", "border-block")),
    "css-border-inline-block-longhand": _prop(*(f"border-{way}-{what}" for way in ("inline", "block") for what in ("width", "style", "color"))),
    "css-border-radius": _prop("border-radius", *(f"border-{a}-{b}-radius" for a in ("top", "bottom") for b in ("left", "right"))),
    "css-border-radius-logical": _prop(*(f"border-{a}-{b}-radius" for a in ("start", "end") for b in ("start", "end"))),
    "css-column-count": _prop("column-count", "columns"),
    "css-column-layout-properties": _prop("column-fill", "column-rule", "column-span", "column-width"),
    "css-comments": _mark("css-comment"),
    "css-conic-gradient": _function("conic-gradient", "repeating-conic-gradient"),
    "css-display-flex": _value(r"\bflex\b", "display"),
    "css-display-grid": _value(r"\bgrid\b", "display"),
    "css-display-none": _value(r"\bnone\b", "display"),
    "css-flex-direction": _value(r"\bcolumn", "flex-direction", "flex-flow"),
    "css-flex-wrap": _value(r"(?<!no)\bwrap", "flex-wrap", "flex-flow"),
    "css-function-clamp": _function("clamp"),
    "css-function-light-dark": _function("light-dark"),
    "css-function-max": _function("max"),
    "css-function-min": _function("min"),
    "css-gap": _prop("gap", "column-gap", "row-gap", "grid-gap", "grid-row-gap", "grid-column-gap"),
    "css-grid-template": _prop("grid-template", "grid-template-areas", "grid-template-columns", "grid-template-rows"),
    "css-important": _mark("important"),
    "css-inert-attribute": _attribute("inert"),
    "css-intrinsic-size": _value(r"\b(?:fit|min|max)-content\b"),
    "css-left-right-top-bottom": _prop("left", "right", "top", "bottom"),
    "css-linear-gradient": _function("linear-gradient", "repeating-linear-gradient"),
    "css-margin": _prop("margin", *_sides("margin")),
    "css-margin-block-start-end": _prop(*_logical("margin-block")),
    "css-margin-inline-block": _prop("margin-inline", "margin-block"),
    "css-margin-inline-start-end": _prop(*_logical("margin-inline")),
    "css-mask-image": _prop("mask-image", "mask"),
    "css-modern-color": _function("lch", "oklch", "lab", "oklab"),
    "css-nesting": _mark("nesting"),
    "css-outline": _prop("outline", "outline-color", "outline-style", "outline-width"),
    "css-overflow": _prop("overflow", "overflow-x", "overflow-y"),
    "css-padding": _prop("padding", *_sides("padding")),
    "css-padding-block-start-end": _prop(*_logical("padding-block")),
    "css-padding-inline-block": _prop("padding-inline", "padding-block"),
    "css-padding-inline-start-end": _prop(*_logical("padding-inline")),
    "css-radial-gradient": _function("radial-gradient", "repeating-radial-gradient"),
    "css-rgb": _function("rgb"),
    "css-rgba": _function("rgba"),
    "css-scroll-snap": _prop("scroll-snap-type", "scroll-snap-align", "scroll-snap-stop"),
    "css-selector-adjacent-sibling": _selector(r"\+(?![^(]*\))"),
    "css-selector-attribute": _selector(r"\["),
    "css-selector-chaining": _selector(r"[\w\])][.#][a-z_-][\w-]*"),
    "css-selector-child": _selector(r">"),
    "css-selector-class": _selector(r"\.[a-z_-]"),
    "css-selector-descendant": _selector(r"[\w\])*](?<![>+~]) +(?![>+~])[\w.#\[:*]"),
    "css-selector-general-sibling": _selector(r"~(?!=)"),
    "css-selector-grouping": _selector(r"^,$"),
    "css-selector-id": _selector(r"#[a-z_-]"),
    "css-selector-type": _selector(_TYPE),
    "css-selector-universal": _selector(r"(?<!\|)\*(?!=)"),
    "css-sytem-ui": _value(r"\b(?:system-ui|ui-(?:serif|sans-serif|rounded|monospace))\b", "font", "font-family"),
    "css-text-emphasis": _prop("text-emphasis", "text-emphasis-color", "text-emphasis-style"),
    "css-text-wrap": _prop("text-wrap", "text-wrap-mode", "text-wrap-style"),
    "css-transform": _prop("transform", "rotate", "scale", "translate"),
    "css-transition": _prop("transition", *(f"transition-{end}" for end in ("property", "duration", "delay", "timing-function"))),
    "css-unit-calc": _function("calc"),
    "css-unit-initial": _value(r"^initial$"),
    "css-unit-percent": _value(r"\d%"),
    "css-variables": _any(_function("var"), lambda facts: any(name.startswith("--") for name in facts.declarations)),
    "html-anchor-links": _attribute("href", on="a area", value=r"^#."),
    "html-button-reset": _attribute("type", on="button", value="^reset$"),
    "html-button-submit": _attribute("type", on="button", value="^submit$"),
    "html-comments": _mark("comment"),
    "html-doctype": _mark("doctype"),
    "html-h1-h6": _element("h1", "h2", "h3", "h4", "h5", "h6"),
    "html-image-maps": _any(_element("map", "area"), _attribute("usemap")),
    "html-lists": _element("ul", "ol", "dl"),
    "html-loading-attribute": _attribute("loading"),
    "html-mailto-links": _attribute("href", value=r"^mailto:"),
    "html-meta-color-scheme": _attribute("name", on="meta", value=r"^(?:supported-)?color-schemes?$"),
    "html-semantics": _element("article", "aside", "details", "figcaption", "figure", "footer", "header", "main", "mark", "nav", "section", "summary", "time"),
    "html-srcset": _attribute("srcset", "sizes", on="img source"),
    "image-apng": _source("apng"),
    "image-avif": _source("avif"),
    "image-base64": _any(_attribute("src", on="img", value="^data:"), _value(r"url\(\s*[\"']?data:")),
    "image-bmp": _source("bmp"),
    "image-gif": _source("gif"),
    "image-hdr": _source("hdr"),
    "image-heif": _source("heic", "heif"),
    "image-ico": _source("ico"),
    "image-jpg": _source("jpg", "jpeg"),
    "image-mp4": _attribute("src", on="img", value=r"\.(?:mp4|webm|mov)(?=$|[?#])"),
    "image-png": _source("png"),
    "image-svg": _source("svg", "svgz"),
    "image-tiff": _source("tif", "tiff"),
    "image-webp": _source("webp"),
}  # fmt: skip
