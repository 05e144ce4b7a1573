"""A sponsor's label and advertiser are seen by every reader, or the checks say so; Chromium is the judge of what is seen."""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.check.measures import EditionMeasure
from composer.check.paid import check_paid
from composer.check.seen.css import weigh
from composer.check.seen.sight import Sight
from composer.check.seen.views import DARK, OUTLOOK, PHONE, WIDE, holds
from composer.compose.grammar import parse_issue, parse_story
from composer.model.newsletter import Labels, Newsletter

sys.path.insert(0, str(Path(__file__).parent))
from doubtful_mails import SOMEWHERE, UNSURE
from hostile_mails import ABSENT, ADVERTISER, ELSEWHERE, LABEL, READABLE, UNREADABLE, USUAL, Case

STORIES = {
    "une": "---\nkind: lead\n---\n# Le pont rouvre\n\nChapô du pont, qui parle de la ville et de la facture.\n",
    "pub": f'---\nkind: sponsor\nadvertiser: "{ADVERTISER}"\n---\n# Réservez votre place !\n\nUn paragraphe de l’annonceur qui vante sa maison.\n',
    "suite": "# La cantine change\n\nChapô de la cantine, un peu plus long que le titre.\n",
}
ISSUE = parse_issue(
    "---\norder: [une, pub, suite]\n---\n# Objet\n",
    id="essai",
    path="issue.md",
    stories=[parse_story(text, id=name, path=f"{name}.md", labels=Labels()) for name, text in STORIES.items()],
    labels=Labels(),
)
TEXT = "Le pont rouvre\n\nChapô du pont.\n\nPARTENAIRE · Contenu proposé par Atelier Fictif\n\nRéservez votre place !\n\nUn paragraphe\n"
NEWSLETTER = Newsletter(name="Essai", list_id="essai.example")
BOTH = {"sponsor-label", "advertiser-missing"}

# Whether a person at this window sees the words: painted, where a pointer would hit them, large and dark enough.
SEEN = """(wanted) => {
  const light = c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const known = new Map();
  const rgba = text => { if (!known.has(text)) known.set(text, painted(text)); return known.get(text).slice(); };
  const painted = text => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = '#000'; canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r / 255, g / 255, b / 255, a / 255]; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const luminance = ([r, g, b]) => .2126 * light(r) + .7152 * light(g) + .0722 * light(b);
  const ground = node => { const chain = []; for (let n = node; n; n = n.parentElement) chain.unshift(n);
    let made = [1, 1, 1, 1]; for (const n of chain) { const style = getComputedStyle(n);
      const stop = style.backgroundImage.match(/rgba?\\([^)]*\\)/);
      made = over(rgba(style.backgroundColor), made); if (stop) made = over(rgba(stop[0]), made); } return made; };
  const opacity = node => { let all = 1; for (let n = node; n; n = n.parentElement) all *= +getComputedStyle(n).opacity; return all; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const places = [], nodes = []; let flat = '';
  while (walker.nextNode()) { const n = walker.currentNode; if (n.parentElement.closest('style,script,title,textarea')) continue;
    for (let i = 0; i < n.data.length; i++) { if (/\\s/.test(n.data[i])) continue; nodes.push([n, i]); flat += n.data[i]; } }
  const bare = wanted.replace(/\\s/g, '');
  const check = (n, i) => {
    const on = n.parentElement, style = getComputedStyle(on), range = document.createRange();
    range.setStart(n, i); range.setEnd(n, i + 1);
    const box = range.getBoundingClientRect();
    if (style.visibility !== 'visible' || !box.width || box.height < 10) return false;
    if (!on.checkVisibility({contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true})) return false;
    for (let a = on; a; a = a.parentElement) { const s = getComputedStyle(a);
      if (s.filter !== 'none' || s.clipPath !== 'none' || (s.maskImage || s.webkitMaskImage) !== 'none' || s.clip !== 'auto') return false; }
    const before = window.scrollY; window.scrollTo(0, Math.max(0, box.top + before - 200));
    const now = range.getBoundingClientRect(), hit = document.elementFromPoint(now.left + now.width / 2, now.top + now.height / 2);
    if (!hit || !(hit === on || on.contains(hit) || hit.contains(on) && hit.closest('.lb, .lb2, div, p, td'))) return false;
    if (hit !== on && !on.contains(hit) && !['TD', 'DIV', 'P'].includes(hit.tagName)) return false;
    const width = parseFloat(style.letterSpacing) || 0;
    if (width < -2) return false;
    const factor = on.offsetHeight ? on.getBoundingClientRect().height / (on.getClientRects().length > 1 ? on.getBoundingClientRect().height : on.offsetHeight) : 1;
    if (parseFloat(style.fontSize) * factor * (on.currentCSSZoom || 1) / (on.currentCSSZoom || 1) < 11.99) return false;
    const under = ground(on), ink = rgba(style.webkitTextFillColor); ink[3] *= opacity(on);
    const pair = [luminance(over(ink, under)), luminance(under)], ratio = (Math.max(...pair) + .05) / (Math.min(...pair) + .05);
    return ratio >= 4.49; };
  for (let at = flat.indexOf(bare); at >= 0; at = flat.indexOf(bare, at + 1)) {
    // The first letters, one in the middle, the last.
    let all = true; for (const k of [0, 1, bare.length >> 1, bare.length - 1]) all = all && check(...nodes[at + k]);
    if (all) return true; }
  return false;
}"""
PIECES = (
    ".lb", "{", "}", "color", ":", ";", "rgb(", ")", "#fff", "12px", "calc(", "1e9999px", "-", "font", "/", "@media", "(min-width:", "url(", "\\", "var(--a)", "--a:",
    "'", "!important", "@import", "&", ">", "*", "[a", "]", "light-dark(red,blue)", "color-mix(in srgb, red, blue)", "opacity:", "nan", "%", "hsl(1e400 1% 1%)",
    "transform:scale(", "margin:1px 2px 3px 4px 5px", "background:linear-gradient(red,#0000)", "line-height:", ".5.5", "é", "\u0000", "<!--", "zoom:", "::x", ":not(",
)  # fmt: skip
WINDOWS = [(700, "light"), (375, "light"), (700, "dark"), (375, "dark")]


def refused(html: str, text: str = TEXT, web_html: str = "") -> set[str]:
    measure = EditionMeasure(html=html, text=text, size_bytes=1, field_prefix="hfx", web_html=web_html)
    found = check_paid(ISSUE, NEWSLETTER, measure, Sight(html, "hfx"))
    return {one.rule for one in found if one.level == "error"}


def named(cases: tuple[Case, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.name)


@named((*UNREADABLE, *ELSEWHERE, *SOMEWHERE, *ABSENT))
def test_a_label_that_some_reader_cannot_read_is_refused(case: Case) -> None:
    assert refused(case.html) == BOTH


@named((*READABLE, *USUAL))
def test_a_label_that_all_can_read_is_taken(case: Case) -> None:
    assert refused(case.html) == set()


@named(UNSURE)
def test_what_is_not_understood_is_refused_and_never_passed_over(case: Case) -> None:
    assert refused(case.html)


def test_what_is_not_understood_is_named_once_with_its_rule_and_its_file() -> None:
    html = Case(name="odd", css=".lb{block-size:0}").html
    measure = EditionMeasure(html=html, text=TEXT, size_bytes=1, field_prefix="hfx", web_html="")
    (found,) = check_paid(ISSUE, NEWSLETTER, measure, Sight(html, "hfx"))
    assert (found.rule, found.level) == ("sponsor-unsure", "error")
    assert "`.lb { block-size: 0 }`" in found.message.fr
    assert found.hint
    assert "head.css" in found.hint.fr


FRAMES = """([seen, words]) => [...document.querySelectorAll('iframe')].map(frame => {
  const judge = frame.contentWindow.eval('(' + seen + ')'); return words.every(one => judge(one)); })"""


def seen_everywhere(browser, cases: tuple[Case, ...]) -> set[str]:
    """The names of those that are seen in every window: all in frames of one page, and who was not seen is not asked again."""
    left = list(cases)
    for width, scheme in WINDOWS:
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        frames = "".join(f'<iframe width="{width}" height="800" style="border:0" srcdoc="{escape(case.html)}"></iframe>' for case in left)
        page.set_content(f'<!DOCTYPE html><meta name="color-scheme" content="light dark"><body style="margin:0">{frames}')
        found = page.evaluate(FRAMES, [SEEN, [LABEL, ADVERTISER]])
        left = [case for case, seen in zip(left, found, strict=True) if seen]
        page.close()
    return {case.name for case in left}


@pytest.mark.browser
def test_chromium_says_the_same(browser) -> None:
    """No case is told by our reckoning alone: a browser paints each of them."""
    honest, hidden = (*READABLE, *USUAL), (*UNREADABLE, *ABSENT)
    seen = seen_everywhere(browser, (*honest, *hidden))
    assert {case.name for case in honest} - seen == set()
    assert {case.name for case in hidden} & seen == {
        case.name for case in ABSENT if "before" in case.name or "after" in case.name or "part of" in case.name
    }


def test_the_plain_text_and_the_web_view_say_it_too() -> None:
    html = READABLE[0].html
    assert refused(html, text=TEXT.replace("PARTENAIRE · ", "")) == {"sponsor-label"}
    assert refused(html, text=TEXT.replace("Atelier Fictif", "")) == {"advertiser-missing"}
    assert refused(html, web_html=ABSENT[0].html) == BOTH
    assert refused(html, web_html=html) == set()


def test_a_rule_weighs_as_browsers_weigh_it() -> None:
    assert weigh("#a .b[c] d:hover::before") == (1, 3, 2)
    assert weigh("a:not(.b)") == (0, 1, 1)
    assert weigh(":where(.a) p") == (0, 0, 1)


@pytest.mark.parametrize(
    ("media", "wide", "phone", "dark"),
    [
        ("", True, True, True),
        ("print", False, False, False),
        ("only screen and (max-width:480px)", False, True, False),
        ("(min-width: 37.5em)", True, False, True),
        ("not all", False, False, False),
        ("not screen and (min-width:600px)", False, True, False),
        ("print, (prefers-color-scheme: dark)", False, False, True),
        ("screen and (-webkit-min-device-pixel-ratio:0)", True, True, True),
    ],
)
def test_each_view_takes_its_own_rules(media: str, wide: bool, phone: bool, dark: bool) -> None:
    assert (holds(media, WIDE), holds(media, PHONE), holds(media, DARK)) == (wide, phone, dark)
    assert holds(media, OUTLOOK) == (media == "")


@pytest.mark.parametrize(
    "css", ["a{" * 3000, ".lb{width:" + "calc(" * 900 + ")" * 900 + "}", ":not(" * 900 + ".lb" + ")" * 900 + "{color:red}"]
)
def test_styles_nested_by_the_hundred_count_as_hiding(css: str) -> None:
    assert refused(Case(name="deep", css=css).html)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_style_sheet_however_broken_stops_the_checks(css: str, style: str) -> None:
    frame = '<div class="lb" style="' + style.replace('"', "'") + '">{said}</div>{own}'
    refused(Case(name="broken", css=css.replace("</style", ""), frame=frame).html)
