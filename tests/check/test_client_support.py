"""What clients do not know is found by what stands in the mail, told once a feature, with who and what follows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from composer.check.client_support import check_client_support
from composer.check.measures import EditionMeasure, Measures, SupportMeasure
from composer.check.support.clients import FAMILIES, read_client_data
from composer.check.support.consequences import consequence_of
from composer.check.support.detectors import DETECTORS, used_features
from composer.check.support.facts import read_facts
from composer.check.support.naming import line_of, name_of
from composer.compose.grammar import parse_issue, parse_story
from composer.model.newsletter import Labels, Newsletter
from composer.workspace.shipped import read_client_file

DATA = read_client_data(read_client_file())
TODAY = date(2026, 11, 22)


def style(declaration):
    return f'<p style="{declaration}">mots</p>'


def sheet(css):
    return f"<style>{css}</style>"


VALUES = {
    "css-flex-direction": "column",
    "css-flex-wrap": "wrap",
    "css-display-flex": "inline-flex",
    "css-display-grid": "grid",
    "css-display-none": "none",
}
SNIPPETS = {
    "css-animation": style("-webkit-animation:a 1s"),
    "css-at-font-face": sheet("@font-face{font-family:X;src:url(x.woff2)}"),
    "css-at-import": sheet("@import url(x.css);"),
    "css-at-keyframes": sheet("@-webkit-keyframes a{from{top:0}to{top:1px}}"),
    "css-at-media": sheet("@media print{p{margin:0}}"),
    "css-at-media-device-pixel-ratio": sheet("@media (-webkit-min-device-pixel-ratio:2){p{margin:0}}"),
    "css-at-media-hover": sheet("@media (any-hover:hover){p{margin:0}}"),
    "css-at-media-orientation": sheet("@media (orientation:landscape){p{margin:0}}"),
    "css-at-media-prefers-color-scheme": sheet("@media (prefers-color-scheme:dark){p{margin:0}}"),
    "css-at-media-prefers-reduced-motion": sheet("@media (prefers-reduced-motion){p{margin:0}}"),
    "css-at-supports": sheet("@supports (display:grid){p{margin:0}}"),
    "css-block-inline-size": style("block-size:1px"),
    "css-border": style("border-top:1px solid"),
    "css-border-inline-block": style("border-inline:1px solid"),
    "css-border-inline-block-individual": style("border-inline-start:1px solid"),
    "css-border-inline-block-longhand": style("border-block-color:red"),
    "css-border-radius": style("border-top-left-radius:3px"),
    "css-border-radius-logical": style("border-start-end-radius:3px"),
    "css-column-count": style("columns:2"),
    "css-column-layout-properties": style("column-rule:1px solid"),
    "css-comments": sheet("/* x */p{margin:0}"),
    "css-conic-gradient": style("background:repeating-conic-gradient(red,blue)"),
    "css-function-clamp": style("width:clamp(1px,2px,3px)"),
    "css-function-light-dark": style("color:light-dark(red,blue)"),
    "css-function-max": style("width:max(1px,2px)"),
    "css-function-min": style("width:min(1px,2px)"),
    "css-gap": style("row-gap:3px"),
    "css-grid-template": style("grid-template-columns:1fr 1fr"),
    "css-important": style("margin:0!important"),
    "css-inert-attribute": "<p inert>mots</p>",
    "css-intrinsic-size": style("width:fit-content"),
    "css-left-right-top-bottom": style("bottom:3px"),
    "css-linear-gradient": style("background:linear-gradient(red,blue)"),
    "css-margin": style("margin-left:3px"),
    "css-margin-block-start-end": style("margin-block-end:3px"),
    "css-margin-inline-block": style("margin-inline:3px"),
    "css-margin-inline-start-end": style("margin-inline-start:3px"),
    "css-mask-image": style("-webkit-mask-image:url(x.png)"),
    "css-modern-color": style("color:oklch(40% 0.2 0)"),
    "css-nesting": sheet("div{p{margin:0}}"),
    "css-outline": style("outline-style:solid"),
    "css-overflow": style("overflow-x:auto"),
    "css-padding": style("padding-top:3px"),
    "css-padding-block-start-end": style("padding-block-start:3px"),
    "css-padding-inline-block": style("padding-block:3px"),
    "css-padding-inline-start-end": style("padding-inline-end:3px"),
    "css-radial-gradient": style("background:radial-gradient(red,blue)"),
    "css-rgb": style("color:rgb(1,2,3)"),
    "css-rgba": style("color:rgba(1,2,3,.5)"),
    "css-scroll-snap": style("scroll-snap-align:start"),
    "css-selector-adjacent-sibling": sheet("p + p{margin:0}"),
    "css-selector-attribute": sheet("[title]{margin:0}"),
    "css-selector-chaining": sheet(".a.b{margin:0}"),
    "css-selector-child": sheet("div>p{margin:0}"),
    "css-selector-class": sheet(".a{margin:0}"),
    "css-selector-descendant": sheet("div p{margin:0}"),
    "css-selector-general-sibling": sheet("p~p{margin:0}"),
    "css-selector-grouping": sheet("div,p{margin:0}"),
    "css-selector-id": sheet("#a{margin:0}"),
    "css-selector-type": sheet("p{margin:0}"),
    "css-selector-universal": sheet("*{margin:0}"),
    "css-sytem-ui": style("font-family:system-ui,sans-serif"),
    "css-text-emphasis": style("text-emphasis:dot"),
    "css-text-wrap": style("text-wrap:balance"),
    "css-transform": style("rotate:3deg"),
    "css-transition": style("transition-duration:1s"),
    "css-unit-calc": style("width:calc(1px + 2px)"),
    "css-unit-initial": style("margin:initial"),
    "css-unit-percent": style("width:50%"),
    "css-variables": sheet("p{--x:red}"),
    "css-inline-size": style("inline-size:1px"),
    "html-anchor-links": '<a href="#bas">bas</a>',
    "html-button-reset": '<button type="reset">x</button>',
    "html-button-submit": '<button type="submit">x</button>',
    "html-comments": "<p>a<!-- b --></p>",
    "html-doctype": "<!DOCTYPE html><p>a",
    "html-h1-h6": "<h4>a</h4>",
    "html-image-maps": '<img src="a.png" usemap="#m">',
    "html-link": '<link rel="stylesheet" href="x.css">',
    "html-lists": "<dl><dt>a</dt></dl>",
    "html-loading-attribute": '<img src="a.png" loading="lazy">',
    "html-mailto-links": '<a href="mailto:a@exemple.fr">a</a>',
    "html-meta-color-scheme": '<meta name="color-scheme" content="light">',
    "html-semantics": "<section>a</section>",
    "html-srcset": '<img src="a.png" srcset="b.png 2x">',
    "html-rp": "<ruby>a<rp>(</rp><rt>b</rt></ruby>",
    "html-rt": "<ruby>a<rt>b</rt></ruby>",
    "html-table": "<table><tr><td>a</td></tr></table>",
    "html-body": "<body>a</body>",
    "html-select": "<select><option>a</option></select>",
    "image-base64": '<img src="data:image/png;base64,AA==">',
    "image-gif": '<img src="a.gif?x=1">',
    "image-jpg": style("background-image:url('a.jpeg')"),
    "image-mp4": '<img src="a.mp4">',
    "image-webp": '<img src="a.png" srcset="a.webp 2x">',
    "image-avif": "<picture><source srcset='a.avif'><img src='a.png'></picture>",
    "image-svg": style("background:url(a.svg#x)"),
    "image-heif": '<img src="a.heic">',
    "image-tiff": '<img src="a.tif">',
}  # fmt: skip


def snippet(name):  # noqa: PLR0911 - one line for each way of naming
    """A mail in which a feature stands and hardly anything else."""
    kind, _, bare = name.partition("-")
    if name in SNIPPETS:
        return SNIPPETS[name]
    if name.startswith("css-pseudo-class-"):
        return sheet(f"p:{bare.removeprefix('pseudo-class-')}{{margin:0}}")
    if name.startswith("css-pseudo-element-"):
        return sheet(f"p::{bare.removeprefix('pseudo-element-')}{{margin:0}}")
    if name.startswith("css-unit-"):
        return style(f"width:1.5{bare.removeprefix('unit-')}")
    if name.startswith("html-input-"):
        return f'<input type="{bare.removeprefix("input-")}">'
    if kind == "image":
        return f'<img src="https://exemple.fr/a.{bare}">'
    if kind == "css":
        declared = bare.removesuffix("-flex").removesuffix("-grid").removesuffix("-none") if name in VALUES and "display" in name else bare
        return style(f"{declared}:{VALUES.get(name, 'inherit')}")
    if bare in {"align", "background", "cellpadding", "cellspacing", "dir", "height", "hidden", "lang", "popover", "required", "role", "target", "valign", "width"} or bare.startswith("aria-"):  # fmt: skip
        return f'<table><tr><td {bare}="x">a</td></tr></table>'
    return f"<{bare}>mots</{bare}>"


def near_miss(name):
    """The same names where they mean nothing: in words, in a made-up property, element, attribute or unit, in a class."""
    bare = (
        name.partition("-")[2]
        .removeprefix("at-media-")
        .removeprefix("at-")
        .removeprefix("pseudo-class-")
        .removeprefix("pseudo-element-")
        .removeprefix("unit-")
    )
    return f'<em title="{bare}" data-{bare}="{bare}" style="x-{bare}-y:a{bare}b 1x{bare}z">{bare} {name_of(name).replace("<", "&lt;")}</em>'


def test_every_feature_but_the_two_that_no_mail_shows_has_a_detector():
    assert set(DATA.features) - set(DETECTORS) == {"amp", "bimi"}
    assert set(DETECTORS) - set(DATA.features) == set()
    assert len(DETECTORS) == 305


@pytest.mark.parametrize("name", DETECTORS)
def test_a_feature_is_found_where_it_stands_and_not_where_its_name_stands(name):
    assert name in used_features(read_facts(snippet(name)))
    assert name not in used_features(read_facts(near_miss(name))) or name == "html-body"  # every mail has one


# What a snippet holds besides: a rule's selector and its margin, a table's own elements, what one thing is made of.
SCAFFOLD = {
    "css-selector-type", "css-margin", "css-selector-class", "css-unit-px", "html-style", "html-p", "html-table", "css-at-media", "html-img",
    "image-png", "html-ruby", "css-background", "css-width", "css-selector-descendant", "css-unit-percent", "css-selector-chaining",
}  # fmt: skip


@pytest.mark.parametrize("name", DETECTORS)
def test_a_snippet_is_not_taken_for_many_other_features(name):
    others = used_features(read_facts(snippet(name))) - SCAFFOLD - {name}
    assert len(others) <= 4, sorted(others)


def test_what_stands_in_comments_for_outlook_alone_is_not_counted():
    html = '<!--[if mso]><style>p{display:flex}</style><table align="left"><![endif]--><p>mots</p>'
    assert used_features(read_facts(html)) == {"html-p"} | (used_features(read_facts("<p>mots</p>")))


def test_styles_that_are_broken_or_huge_do_no_harm():
    assert read_facts("<style>@media{{{}}} p{color:</style><p style='a;b:;:c;--:'>" + "<i style='width:1px'>" * 3000)
    assert "css-width" in used_features(read_facts("<style>" + "p{width:1px}" * 20_000 + "</style>"))


@pytest.mark.parametrize("deep", ["a{" * 3000, "@media x{" * 3000, "(" * 5000, "[" * 5000])
def test_styles_nested_by_the_thousand_are_read_as_far_as_they_can_be(deep: str) -> None:
    assert "css-width" in used_features(read_facts(f"<style>p{{width:1px}}</style><style>{deep}</style>"))
    assert "css-width" in used_features(read_facts(f"<p style='width:1px'><i style='color:{deep}'>"))


# Data --------------------------------------------------------------------------------------------------------------------------------


def test_the_data_is_shipped_with_its_day_its_source_and_its_licence():
    text = read_client_file()
    assert date(2026, 6, 29) <= DATA.day
    assert "Permission is hereby granted" in text
    assert "Rémi Parmentier" in text
    assert len(text) < 100_000


def test_every_client_of_the_data_belongs_to_one_family():
    clients = {client for feature in DATA.features.values() for client in feature.verdicts}
    named = [client for _, members in FAMILIES.values() for client in members]
    assert clients == set(named)
    assert len(named) == len(set(named))


def test_a_family_is_named_whole_or_with_the_platforms_that_lack_it():
    assert [one.fr for one in DATA.unsupported("css-border-radius")] == ["Outlook (Windows)", "Orange", "GMX et WEB.DE (web)"]
    assert [one.en for one in DATA.unsupported("css-border-radius")][-1] == "GMX and WEB.DE (web)"
    assert "Gmail" in [one.fr for one in DATA.unsupported("css-at-font-face")]
    assert DATA.unsupported("html-p") == ()
    assert DATA.unsupported("css-nonsense") == ()


@pytest.mark.parametrize("name", DETECTORS)
def test_every_feature_has_a_name_and_a_consequence(name):
    assert name_of(name) not in {"", name}
    assert consequence_of(name).follows.fr


@pytest.mark.parametrize(
    ("name", "line"),
    [("css-unit-rem", 2), ("css-variables", 3), ("css-display-flex", 4), ("css-gap", 4), ("css-at-font-face", 5), ("css-at-media-hover", 6), ("css-pseudo-class-hover", 6), ("html-video", 7), ("image-webp", 7), ("css-border-radius", 0)],
)  # fmt: skip
def test_a_feature_is_found_in_a_themes_file(name, line):
    text = "p { margin:0 }\np { padding:2rem }\np { color:var(--x) }\np { display:flex; gap:1px }\n@font-face { }\n@media (hover) { }\n<video poster='a.webp'>\np.border-radius-x {}\n"
    assert line_of(name, text) == line


# Findings ----------------------------------------------------------------------------------------------------------------------------


def told(
    html,
    *,
    ordinary=frozenset(),
    theme=frozenset(),
    files=None,
    today=TODAY,
    story="# Titre\n\nUn texte.\n\n```\ncode\n```\n\n![Un pont](images/pont.gif)\n",
):
    stories = [parse_story(story, id="a", path="issues/x/a.md", labels=Labels())]
    issue = parse_issue("---\nnumber: 1\n---\n# Objet\n", id="x", path="issues/x/issue.md", stories=stories, labels=Labels())
    edition = EditionMeasure(html=html, text="", size_bytes=1, field_prefix="hfx")
    support = SupportMeasure(clients=DATA, today=today, ordinary=ordinary | {"html-body"}, of_theme=theme, theme_files=files or {})
    return list(check_client_support(issue, Newsletter(name="x", list_id="x"), Measures(edition=edition, support=support)))


def test_what_an_author_adds_is_told_at_its_line_with_who_and_what_follows():
    found = told("<pre style='white-space:pre-wrap'>code</pre><p>mots</p>", ordinary={"html-p"})
    assert [(one.path, one.line, one.level) for one in found] == [("issues/x/a.md", 5, "advice")]
    assert found[0].message.fr.startswith("Outlook (Windows), Samsung : « white-space » n’y est pas pris en charge ;")
    assert found[0].message.en.startswith("Outlook (Windows), Samsung: “white-space” is not supported;")


def test_an_animation_is_told_where_only_its_first_frame_is_shown():
    found = told("<img src='https://exemple.fr/i/a.gif'>", ordinary={"html-img"})
    assert [(one.path, one.line) for one in found] == [("issues/x/a.md", 9)]
    assert "première image de l’animation" in found[0].message.fr


def test_what_every_issue_uses_and_what_everybody_knows_is_not_told():
    assert told("<p style='border-radius:3px'>mots</p>", ordinary={"css-border-radius", "html-p"}) == []
    assert told("<p>mots</p><strong>gras</strong>") == []


def test_what_a_theme_brings_is_told_in_its_file_once_a_feature():
    files = {"templates/maison/inline.css": "p { margin:0 }\np { display:flex }\n"}
    found = told(
        "<p style='display:flex'>a</p><p style='display:flex'>b</p>",
        ordinary={"css-display-flex", "css-display"},
        theme={"css-display-flex"},
        files=files,
    )
    assert [(one.path, one.line, one.level) for one in found] == [("templates/maison/inline.css", 2, "warning")]
    assert "mj-column" in found[0].hint.fr


def test_many_clients_are_counted():
    (found,) = told("<style>@font-face{font-family:x}</style>", ordinary=frozenset(DETECTORS) - {"css-at-font-face"})
    assert "et 3 autres : « @font-face »" in found.message.fr


def test_data_that_has_aged_says_so():
    assert told("<p>mots</p>", today=date(2027, 12, 1)) == []
    assert [one.rule for one in told("<p>mots</p>", today=date(2028, 1, 10))] == ["client-data-old"]


def test_the_data_is_made_by_the_script_that_says_so():
    script = Path(__file__).resolve().parents[2] / "bench" / "caniemail.py"
    assert "composer/check/support/caniemail.json" in script.read_text("utf-8")
