from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.model.body import Span
from composer.text.counting import count_words, reading_minutes
from composer.text.escape import clean_header, escape_attribute, escape_html, safe_url
from composer.text.names import slugify


@given(st.text().filter(lambda text: "\r" not in text and "\x00" not in text))
def test_escaped_text_reads_back(text):
    assert html.unescape(escape_html(text)) == text or "&" in text
    assert not set('<>"\n\t') & set(escape_attribute(text))


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//exemple.fr", "exemple.fr", "", "https://", "http://a b/",
     "https://banque.fr@mechant.fr/", "https://a.fr/\nX: y", "https:\\\\a.fr", "http://[::1", "java\tscript:x", "mailto:", "ftp://a.fr", "/chemin", "#ancre"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(url):
    assert safe_url(url) is None


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://exemple.fr/a?b=c&d=e#f", "https://exemple.fr/a?b=c&d=e#f"),
        ("https://exemple.fr/été à", "https://exemple.fr/%C3%A9t%C3%A9%20%C3%A0"),
        ("https://exemple.fr/%C3%A9", "https://exemple.fr/%C3%A9"),
        ("https://café.fr/x", "https://xn--caf-dma.fr/x"),
        ("mailto:a@b.fr?subject=Bonjour", "mailto:a@b.fr?subject=Bonjour"),
        ("tel:+33123456789", "tel:+33123456789"),
        (" HTTPS://Exemple.fr ", "HTTPS://Exemple.fr"),
        ('https://a.fr/"><script>', "https://a.fr/%22%3E%3Cscript%3E"),
    ],
)
def test_an_address_is_made_ready_for_a_link(url, safe):
    assert safe_url(url) == safe


@given(st.text())
def test_any_text_gives_an_address_without_danger_or_none(text):
    url = safe_url(text)
    assert url is None or (url.isascii() and not set('<>"\\ \n\r\t\x00') & set(url))


@given(st.text())
def test_a_header_never_grows_a_second_line(text):
    cleaned = clean_header(text)
    assert len(cleaned.splitlines()) <= 1
    assert clean_header(cleaned) == cleaned


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("L’été à Exemplia !", "l-ete-a-exemplia"),
        ("Cœur & œuvre", "coeur-oeuvre"),
        ("العربية", ""),
        ("CON", "con-1"),
        ("3 < 5", "3-5"),
        ("a" * 80, "a" * 60),
    ],
)
def test_names_of_files_are_plain(text, slug):
    assert slugify(text) == slug


@given(st.text())
def test_a_name_of_a_name_is_itself(text):
    slug = slugify(text)
    assert len(slug) <= 62
    assert slugify(slug) in {slug, slug.removesuffix("-1"), f"{slug}-1"} or len(slug) > 60


def test_words_are_counted_as_newsrooms_count():
    assert count_words("L’Europe, aujourd'hui : 3 < 5 !") == 4
    assert count_words((Span(text="un mot"), Span(text=" coupé", strong=True))) == 3
    assert (reading_minutes(0), reading_minutes(1150)) == (1, 5)
