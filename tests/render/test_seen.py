"""What a browser, axe and the HTML validator see of the sample issue."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest

from composer.model.edition import Edition
from composer.render.views import forced_dark, only_light, own_dark, pictures_off, web_view

from .conftest import THEMES  # type: ignore[import-not-found]

SCRATCH = Path(__file__).resolve().parents[2] / "bench" / "scratch" / "node_modules"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
VIEWS: dict[str, Callable[[str], str]] = {"light": only_light, "dark": own_dark}
pytestmark = pytest.mark.browser

Sample = Callable[[str], Edition]


def without_remote_pictures(html: str) -> str:
    return html.replace("https://demi-sel.example.org/i/", "data:image/gif;base64,R0lGODlhAQABAAAAACw=,")


@pytest.mark.parametrize("mode", VIEWS)
def test_axe_finds_nothing(mode: str, mail: Edition, browser) -> None:
    axe = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    page = browser.new_page(viewport={"width": 375, "height": 667})
    page.set_content(without_remote_pictures(VIEWS[mode](mail.html)))
    page.add_script_tag(path=str(axe))
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", AXE_TAGS)
    page.close()
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def test_the_validator_names_only_obsolete_presentational_attributes(mail: Edition, tmp_path: Path) -> None:
    jar = next(iter(SCRATCH.glob("vnu-jar/build/dist/vnu.jar")), None)
    if jar is None or shutil.which("java") is None:
        pytest.skip("the HTML validator or Java is not there: run tests/needs.sh")
    (tmp_path / "mail.html").write_text(mail.html, encoding="utf-8")
    said = subprocess.run(
        ["java", "-jar", str(jar), "--format", "json", "--errors-only", "--stdout", str(tmp_path / "mail.html")],
        capture_output=True,
        text=True,
        check=False,
    )
    messages = [one["message"] for one in json.loads(said.stdout)["messages"]]
    assert [message for message in messages if "is obsolete. Use CSS instead" not in message] == []


def test_nothing_scrolls_sideways_at_320(mail: Edition, browser) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 667})
    page.set_content(without_remote_pictures(mail.html))
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert width <= 320


# Where the third line under the lead headline ends.
THIRD_LINE = """() => { const headline = document.querySelector('h2');
  const text = [...document.querySelectorAll('p:not(.by, .cap)')].find(p =>
    headline.compareDocumentPosition(p) & Node.DOCUMENT_POSITION_FOLLOWING && p.innerText.length > 60);
  return text.getBoundingClientRect().top + 3 * parseFloat(getComputedStyle(text).lineHeight); }"""
# Neither belongs to what a first screen must hold.
WITHOUT_INTRODUCTION_AND_PICTURE = """() => {
  document.querySelectorAll('div.fig').forEach(figure => figure.remove());
  const all = [...document.querySelectorAll('div.pad')], at = all.indexOf(document.querySelector('h2').closest('div.pad'));
  all.slice(1, Math.max(1, at)).forEach(one => one.remove()); }"""


def test_the_first_screen_holds_nameplate_date_the_lead_headline_and_three_lines(mail: Edition, browser) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 667})
    page.set_content(pictures_off(only_light(mail.html)))
    page.evaluate(WITHOUT_INTRODUCTION_AND_PICTURE)
    nameplate, dateline, headline = (
        page.evaluate("name => { const r = document.querySelector(name).getBoundingClientRect(); return [r.top, r.bottom]; }", name)
        for name in ("h1", "p.dl", "h2")
    )
    third_line = page.evaluate(THIRD_LINE)
    page.close()
    assert nameplate[1] - nameplate[0] <= 72
    assert nameplate[0] >= 0
    assert nameplate[1] <= dateline[0]
    assert dateline[1] < headline[0]
    assert headline[1] < third_line <= 667


PER_LINE = """() => [...document.querySelectorAll('p')].filter(p => p.innerText.length > 400 && getComputedStyle(p).fontSize === '17px')
  .map(p => p.innerText.length / (p.getBoundingClientRect().height / parseFloat(getComputedStyle(p).lineHeight)))"""


def test_a_line_holds_55_to_70_characters_at_600(mail: Edition, browser) -> None:
    """The last line of a paragraph is counted as a whole one, which makes the figure a little too small."""
    page = browser.new_page(viewport={"width": 600, "height": 800})
    page.set_content(without_remote_pictures(only_light(mail.html)))
    per_line = page.evaluate(PER_LINE)
    page.close()
    assert len(per_line) >= 3
    assert 55 <= sum(per_line) / len(per_line) <= 70, per_line


def test_a_mail_stays_under_45_kb(mail: Edition) -> None:
    assert len(mail.html.encode()) <= 45_000


@pytest.mark.parametrize("name", THEMES)
def test_inversion_turns_the_ground_dark(name: str, sample: Sample, browser) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 200})
    page.set_content(forced_dark(pictures_off(sample(name).html)))
    shot = page.screenshot()
    page.close()
    import io

    from PIL import Image

    with Image.open(io.BytesIO(shot)) as image:
        assert image.convert("L").getpixel((2, 2)) < 60


def test_the_web_view_bears_no_name_and_no_token(sample: Sample) -> None:
    edition = sample("classique")
    page = web_view(edition)
    assert edition.field_prefix not in page
    assert "Se désinscrire" not in page
    assert "Trente boulangers" in page
