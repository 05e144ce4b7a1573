"""The preview and the readers' pages in a real browser: what a person does, and what axe-core and the console say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from composer.ledger import Ledger
from composer.web.readers import readers_app, with_banner
from composer.workspace import Workspace

from .conftest import ISSUE, KEY, NOON, served
from .test_preview import RAW

pytestmark = pytest.mark.browser

HERE = f"/numeros/{ISSUE}"
PAGES = ["/", f"{HERE}/apercu", f"{HERE}/source?f=issues/{ISSUE}/une.md&l=8", f"{HERE}/bouclage", f"{HERE}/liens", f"{HERE}/sommaire"]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(params=[(1280, "light"), (1280, "dark"), (375, "light"), (375, "dark")], ids=lambda size: f"{size[0]}-{size[1]}")
def looked_at(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="fr-FR")
    yield context
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="fr-FR")
    yield _listening(context.new_page())
    context.close()


def _listening(page: Page) -> Page:
    """A page that fails the test for anything its console complains of."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.said = said  # type: ignore[attr-defined]
    return page


def _violations(page: Page) -> list[Any]:
    # Evaluated, not added as a script: our policy would refuse it, as it should.
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, iframes: false})", TAGS)
    return [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found["violations"]]


def test_the_preview_is_open_to_everybody_and_breaks_no_rule_of_its_own(looked_at: BrowserContext, preview: str) -> None:
    page = _listening(looked_at.new_page())
    page.goto(f"{preview}/?jeton={KEY}")
    for path in PAGES:
        page.goto(preview + path)
        page.wait_for_load_state("load")
        assert _violations(page) == [], path
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], path
    assert page.said == []  # type: ignore[attr-defined]


def test_a_paste_is_open_to_everybody(looked_at: BrowserContext, empty_preview: str) -> None:
    page = _listening(looked_at.new_page())
    page.goto(f"{empty_preview}/?jeton={KEY}")
    assert _violations(page) == []
    page.get_by_label("Texte à découper").fill(RAW)
    page.get_by_role("button", name="Découper").click()
    expect(page.get_by_role("button", name="Créer le numéro")).to_be_visible()
    assert _violations(page) == []
    assert page.said == []  # type: ignore[attr-defined]


def test_readers_pages_are_open_to_everybody(looked_at: BrowserContext, workspace: Workspace, ledger: Ledger) -> None:
    token = next(iter(ledger.subscribers.all())).token
    with served(readers_app(workspace, ledger, clock=lambda: NOON)) as address:
        page = _listening(looked_at.new_page())
        for path in ("/", "/mentions-legales", f"/u/{token}", "/u/epreuve"):
            page.goto(address + path)
            assert _violations(page) == [], path
        page.goto(f"{address}/u/{token}")
        page.get_by_role("button", name="Se désinscrire").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("C’est fait")
        assert _violations(page) == []
        assert page.said == []  # type: ignore[attr-defined]


def _edit(page: Page, preview: str, name: str = "huitres") -> Any:
    page.goto(f"{preview}{HERE}/source?f=issues/{ISSUE}/{name}.md&jeton={KEY}")
    return page.get_by_label(re.compile("Texte de issues"))


def test_typing_saves_by_itself_and_says_so(page: Page, preview: str, workspace: Workspace) -> None:
    area = _edit(page, preview)
    area.press("Control+End")
    area.type("Une phrase de plus.")
    expect(page.locator("#state")).to_contain_text("Modifié, pas encore enregistré")
    expect(page.locator("#state")).to_contain_text("Enregistré à", timeout=5000)
    assert "Une phrase de plus." in workspace.path_of(f"issues/{ISSUE}/huitres.md").read_text("utf-8")
    assert page.said == []  # type: ignore[attr-defined]


def test_ctrl_s_saves_now_and_the_preview_follows(page: Page, preview: str) -> None:
    area = _edit(page, preview)
    before = page.locator("#foot .mono").get_attribute("title")
    area.press("Control+End")
    area.type("Le phare est rallumé.")
    area.press("Control+s")
    expect(page.locator("#state")).to_contain_text("Enregistré à")
    expect(page.locator("#foot .mono")).not_to_have_attribute("title", before or "")
    frame = page.frame_locator("iframe:not(.coming)")
    expect(frame.get_by_text("Le phare est rallumé.")).to_be_attached()


def test_a_conflict_keeps_the_persons_words(page: Page, preview: str, workspace: Workspace) -> None:
    area = _edit(page, preview)
    area.press("Control+End")
    area.type("Mes mots à moi.")
    path = workspace.path_of(f"issues/{ISSUE}/huitres.md")
    path.write_text("# Les mots d’une autre\n", "utf-8")
    conflict = page.locator("#conflict")
    expect(conflict).to_be_visible(timeout=6000)
    expect(area).to_have_value(re.compile("Mes mots à moi."))
    expect(page.locator("#theirs")).to_have_text("# Les mots d’une autre\n")
    assert path.read_text("utf-8") == "# Les mots d’une autre\n"
    assert _violations(page) == []
    page.get_by_role("button", name="Garder mes mots").click()
    expect(page.locator("#state")).to_contain_text("Enregistré à")
    assert "Mes mots à moi." in path.read_text("utf-8")


def _collide(page: Page, preview: str, workspace: Workspace) -> Any:
    area = _edit(page, preview)
    area.press("Control+End")
    area.type("Mes mots à moi.")
    path = workspace.path_of(f"issues/{ISSUE}/huitres.md")
    path.write_text(path.read_text("utf-8").replace("rouvert mardi", "rouvert lundi") + "\nUne ligne du disque.\n", "utf-8")
    expect(page.locator("#conflict")).to_be_visible(timeout=6000)
    return area


def test_lines_that_differ_are_marked_on_both_sides_and_both_scroll_together(page: Page, preview: str, workspace: Workspace) -> None:
    _collide(page, preview, workspace)
    expect(page.locator("#conflict")).to_contain_text("À gauche vos mots, à droite ceux du disque.", use_inner_text=True)
    assert [text.strip() for text in page.locator("#theirs mark").all_text_contents()][:1] == [
        "Les parcs ont rouvert lundi après trois semaines de fermeture."
    ]
    mine = page.locator("#mirror .differs").all_text_contents()
    assert any("rouvert mardi" in line for line in mine)
    assert not any("Huîtres" in line for line in mine)
    tops = "[document.querySelector('#mirror').children[0].getBoundingClientRect().top, document.querySelector('#theirs').getBoundingClientRect().top]"
    before = page.evaluate(tops)
    assert abs(before[0] - before[1]) <= 1
    page.set_viewport_size({"width": 1280, "height": 300})
    before = page.evaluate(tops)
    page.locator(".ed").evaluate("one => one.scrollBy(0, 60)")
    after = page.evaluate(tops)
    assert after[0] < before[0]
    assert after[0] - before[0] == after[1] - before[1]


def test_on_a_phone_the_other_version_stands_below_and_a_link_leads_there(browser: Browser, preview: str, workspace: Workspace) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 700}, locale="fr-FR")
    page = context.new_page()
    _collide(page, preview, workspace)
    conflict = page.locator("#conflict")
    expect(conflict).to_contain_text("Au-dessus vos mots, au-dessous ceux du disque.", use_inner_text=True)
    expect(conflict).not_to_contain_text("À gauche", use_inner_text=True)
    conflict.get_by_role("link", name="Voir ceux du disque").click()
    expect(page.locator("#theirs").get_by_text("Une ligne du disque.")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Prendre ceux du disque")).to_be_in_viewport()
    assert _violations(page) == []
    context.close()


def test_the_line_of_a_rehearsal_is_dark_on_a_dark_page(browser: Browser) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.set_content(with_banner("<!doctype html><html><body><p>Un mot</p></body></html>", "Répétition"))
    shade = page.locator("p").first.evaluate("one => getComputedStyle(one).backgroundColor")
    assert shade == "rgb(51, 40, 15)"
    context.close()


def test_every_screen_begins_at_the_same_margin(page: Page, preview: str) -> None:
    page.goto(f"{preview}/?jeton={KEY}")
    edges = []
    for path in ("/", f"{HERE}/liens", f"{HERE}/bouclage"):
        page.goto(preview + path)
        edges.append(page.locator("h1").evaluate("one => one.getBoundingClientRect().left"))
    assert len(set(edges)) == 1, edges
    page.goto(f"{preview}{HERE}/liens")
    gap = page.evaluate(
        "document.querySelector('table').getBoundingClientRect().top - document.querySelector('.lede').getBoundingClientRect().bottom"
    )
    assert gap >= 20


def test_the_words_on_disk_can_be_taken_and_undone(page: Page, preview: str, workspace: Workspace) -> None:
    area = _edit(page, preview)
    area.press("Control+End")
    area.type("Mes mots à moi.")
    workspace.path_of(f"issues/{ISSUE}/huitres.md").write_text("# Les mots d’une autre\n", "utf-8")
    page.get_by_role("link", name="Prendre ceux du disque").click(timeout=6000)
    expect(area).to_have_value("# Les mots d’une autre\n")
    area.press("Control+z")
    expect(area).to_have_value(re.compile("Mes mots à moi."))


def test_a_change_on_disk_shows_at_once_when_nothing_was_typed(page: Page, preview: str, workspace: Workspace) -> None:
    area = _edit(page, preview)
    workspace.path_of(f"issues/{ISSUE}/huitres.md").write_text("# Écrit ailleurs\n\nUn mot.\n", "utf-8")
    expect(area).to_have_value("# Écrit ailleurs\n\nUn mot.\n", timeout=6000)
    expect(page.locator("#contents")).to_contain_text("Écrit ailleurs")


def test_unsaved_words_are_found_again(page: Page, preview: str) -> None:
    area = _edit(page, preview)
    page.route("**/source?*", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    area.press("Control+End")
    area.type("Presque perdu.")
    area.press("Control+s")
    expect(page.locator("#state")).to_contain_text("Votre texte est gardé ici.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.unroute("**/source?*")
    page.evaluate("clearTimeout(0)")
    page.goto(f"{preview}{HERE}/apercu")
    area = _edit(page, preview)
    if "Presque perdu." not in area.input_value():
        page.get_by_role("button", name="Les remettre").click()
    expect(area).to_have_value(re.compile("Presque perdu."))


def test_a_finding_opens_its_line(page: Page, preview: str) -> None:
    page.goto(f"{preview}{HERE}/bouclage?jeton={KEY}")
    page.keyboard.press("j")
    link = page.locator("[data-finding]:focus")
    expect(link).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/source"))


def test_views_change_in_place_and_stand_in_the_address(page: Page, preview: str) -> None:
    page.goto(f"{preview}{HERE}/apercu?jeton={KEY}")
    page.get_by_role("link", name=re.compile("Tablette")).click()
    expect(page).to_have_url(re.compile("largeur=768"))
    expect(page.locator("#stage iframe:not(.coming)")).to_have_js_property("offsetWidth", 768)
    page.get_by_role("link", name=re.compile("Sombre forcé")).click()
    expect(page.locator("#stage iframe:not(.coming)")).to_have_attribute("src", re.compile("couleurs=inverse"))
    page.get_by_role("link", name="Sans images").click()
    expect(page.locator("#stage iframe:not(.coming)")).to_have_attribute("src", re.compile("images=0"))
    page.get_by_role("link", name="Texte", exact=True).click()
    expect(page.frame_locator("#stage iframe:not(.coming)").locator("pre")).to_contain_text("Port-Aubin")
    assert page.said == []  # type: ignore[attr-defined]


def test_the_whole_mail_is_in_view_with_one_scroll_bar(page: Page, preview: str) -> None:
    page.goto(f"{preview}{HERE}/apercu?jeton={KEY}")
    page.get_by_role("link", name=re.compile("Sombre, celui")).click()
    expect(page.locator("#stage iframe:not(.coming)")).to_have_attribute("src", re.compile("couleurs=sombre"))
    inside = page.locator("#stage iframe:not(.coming)").evaluate(
        "one => [one.clientHeight, one.contentDocument.documentElement.scrollHeight]"
    )
    assert inside[0] >= inside[1] > 600


def test_the_frame_runs_no_script_whatever_the_story_says(page: Page, preview: str, workspace: Workspace) -> None:
    story = workspace.path_of(f"issues/{ISSUE}/huitres.md")
    story.write_text("# Huîtres <script>top.bad=1</script>\n\n<img src=x onerror='top.bad=1'> [ici](javascript:top.bad=1)\n", "utf-8")
    page.goto(f"{preview}{HERE}/apercu?jeton={KEY}")
    page.wait_for_load_state("load")
    assert page.evaluate("window.bad") is None


def test_a_click_in_the_mail_tells_where_the_link_leads(page: Page, preview: str) -> None:
    page.goto(f"{preview}{HERE}/apercu?jeton={KEY}")
    page.frame_locator("#stage iframe").get_by_text("Qui achète encore").first.click()
    expect(page.locator("#leads")).to_contain_text("https://maree.example/81")
    expect(page).to_have_url(re.compile("/apercu"))


def test_a_rich_paste_keeps_its_links(browser: Browser, empty_preview: str, empty: Workspace) -> None:
    context = browser.new_context(locale="fr-FR", permissions=["clipboard-read", "clipboard-write"])
    page = _listening(context.new_page())
    page.goto(f"{empty_preview}/?jeton={KEY}")
    html = (
        "<h1>Trois phares avant Noël</h1><p>Le premier se visite le dimanche, selon "
        "<a href='https://phares.example/1'>son gardien</a>, quand il veut bien.</p>"
    )
    page.evaluate(
        "html => navigator.clipboard.write([new ClipboardItem({'text/html': new Blob([html], {type: 'text/html'}),"
        " 'text/plain': new Blob([html.replace(/<[^>]+>/g, ' ')], {type: 'text/plain'})})])",
        html,
    )
    page.get_by_label("Texte à découper").press("Control+v")
    expect(page.get_by_text("Collé avec ses liens et ses titres.")).to_be_visible()
    page.get_by_role("button", name="Découper").click()
    page.get_by_role("button", name=re.compile("Ajouter l’article|Créer le numéro")).click()
    expect(page).to_have_url(re.compile("marbre|apercu"))
    written = "".join(path.read_text("utf-8") for path in empty.root.rglob("*.md") if path.is_file() and "var" not in path.parts)
    assert "[son gardien](https://phares.example/1)" in written
    context.close()


def test_everything_is_reached_by_keyboard(page: Page, preview: str) -> None:
    page.goto(f"{preview}{HERE}/apercu?jeton={KEY}")
    reached: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.id || document.activeElement.tagName")
        )
    assert {"#main", "/", f"{HERE}/source", f"{HERE}/bouclage", f"{HERE}/liens"} <= reached
    assert any("couleurs=inverse" in one for one in reached)
