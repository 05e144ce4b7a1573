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
@pytest.mark.parametrize("name", THEMES)
def test_axe_finds_nothing(name: str, mode: str, sample: Sample, browser) -> None:
    axe = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    page = browser.new_page(viewport={"width": 375, "height": 667})
    page.set_content(without_remote_pictures(VIEWS[mode](sample(name).html)))
    page.add_script_tag(path=str(axe))
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", AXE_TAGS)
    page.close()
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


@pytest.mark.parametrize("name", THEMES)
def test_the_validator_names_only_obsolete_presentational_attributes(name: str, sample: Sample, tmp_path: Path) -> None:
    jar = next(iter(SCRATCH.glob("vnu-jar/build/dist/vnu.jar")), None)
    if jar is None or shutil.which("java") is None:
        pytest.skip("the HTML validator or Java is not there: run tests/needs.sh")
    (tmp_path / "mail.html").write_text(sample(name).html, encoding="utf-8")
    said = subprocess.run(
        ["java", "-jar", str(jar), "--format", "json", "--errors-only", "--stdout", str(tmp_path / "mail.html")],
        capture_output=True,
        text=True,
        check=False,
    )
    messages = [one["message"] for one in json.loads(said.stdout)["messages"]]
    assert [message for message in messages if "is obsolete. Use CSS instead" not in message] == []


@pytest.mark.parametrize("name", THEMES)
def test_nothing_scrolls_sideways_at_320(name: str, sample: Sample, browser) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 667})
    page.set_content(without_remote_pictures(sample(name).html))
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert width <= 320


@pytest.mark.parametrize("name", THEMES)
def test_the_first_screen_holds_nameplate_date_and_the_whole_lead_headline(name: str, sample: Sample, browser) -> None:
    """Without introduction and picture, three lines of text follow it too."""
    html = pictures_off(only_light(sample(name).html))
    page = browser.new_page(viewport={"width": 375, "height": 667})
    page.set_content(html)
    page.evaluate("document.querySelectorAll('div.fig').forEach(figure => figure.remove())")
    introduction = page.evaluate("""() => { const all = [...document.querySelectorAll('div.pad')];
        const lead = document.querySelector('h2').closest('div.pad'); const at = all.indexOf(lead);
        if (at > 1) all.slice(1, at).forEach(one => one.remove()); return at; }""")
    assert introduction >= 1
    bottom = page.evaluate("document.querySelector('h2').getBoundingClientRect().bottom")
    nameplate = page.evaluate("document.querySelector('h1').getBoundingClientRect().height")
    page.close()
    assert bottom + 14 + 3 * 30 <= 667
    assert nameplate <= 72


@pytest.mark.parametrize("name", THEMES)
def test_a_line_holds_55_to_75_characters_at_600(name: str, sample: Sample, browser) -> None:
    page = browser.new_page(viewport={"width": 600, "height": 800})
    page.set_content(without_remote_pictures(only_light(sample(name).html)))
    per_line = page.evaluate("""() => { const p = [...document.querySelectorAll('p')].filter(p => p.innerText.length > 500)[1];
        const lines = p.getBoundingClientRect().height / parseFloat(getComputedStyle(p).lineHeight); return p.innerText.length / lines; }""")
    page.close()
    assert 52 <= per_line <= 75


@pytest.mark.parametrize("name", THEMES)
def test_the_sample_stays_under_45_kb(name: str, sample: Sample) -> None:
    assert len(sample(name).html.encode()) <= 45_000


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
