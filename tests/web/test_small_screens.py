"""What a phone shows of the desk's pages, and what a wide screen shows of the contents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import ISSUE, KEY
from .test_browser import HERE

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser: Browser, preview: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 375, "height": 800}, locale="fr-FR", has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{preview}/?jeton={KEY}")
    yield page
    context.close()


def _height(page: Page, selector: str) -> float:
    return page.locator(selector).first.bounding_box()["height"]  # type: ignore[index]


def test_keys_are_not_named_where_there_is_no_keyboard(phone: Page, preview: str) -> None:
    phone.goto(f"{preview}{HERE}/bouclage")
    expect(phone.locator(".keyed")).to_be_hidden()


def test_the_folder_of_an_issue_takes_one_line_on_a_phone(phone: Page) -> None:
    expect(phone.locator(".issues .id")).to_contain_text(ISSUE)
    phone.evaluate("document.querySelector('.issues .id').textContent = '2026-11-26-un-nom-de-dossier-qui-ne-tient-pas-sur-une-ligne'")
    assert _height(phone, ".issues .id") < 30


def test_a_line_of_dashes_is_one_line_in_the_text_on_a_phone(phone: Page, preview: str) -> None:
    phone.goto(f"{preview}{HERE}/message?format=texte")
    assert phone.locator(".rule").count() > 0
    assert all(line.bounding_box()["height"] < 25 for line in phone.locator(".rule").all())  # type: ignore[index]
    assert "\n" + "-" * 60 + "\n" in (phone.locator("pre").text_content() or "")


def test_a_file_is_chosen_by_words_of_our_own_and_its_name_is_shown(phone: Page) -> None:
    chosen = phone.get_by_label("Choisir un fichier")
    assert chosen.bounding_box()["width"] <= 1  # type: ignore[index]
    expect(phone.locator("label[for=file]")).to_be_visible()
    chosen.set_input_files({"name": "lettre.txt", "mimeType": "text/plain", "buffer": b"Un titre"})
    expect(phone.locator("#file-name")).to_have_text("lettre.txt")


def test_the_contents_have_their_tab_and_the_width_of_a_page(browser: Browser, preview: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="fr-FR")
    page.goto(f"{preview}/?jeton={KEY}")
    page.goto(f"{preview}{HERE}/sommaire")
    expect(page.locator(".bar .tabs a[aria-current=page]")).to_have_text("Sommaire")
    assert page.locator(".onlysom .som").bounding_box()["width"] > 1000  # type: ignore[index]
    page.close()
