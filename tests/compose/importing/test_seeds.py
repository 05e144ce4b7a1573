"""The two real documents, and the ways in which strangers paste the same text."""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from shapes_read import run_ins, shape, summary

from composer.compose.importing import decode, import_text, sniff
from composer.model.body import FurtherReading, Heading, ListBlock, Paragraph, Picture, plain

NBSP, NNBSP = "\u00a0", "\u202f"


@pytest.fixture(scope="module")
def issue_text(shared) -> str:
    return (shared / "seeds" / "000_d32b9a3aba59e4d9.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def article_text(shared) -> str:
    return (shared / "seeds" / "002_1590877c99413ba4.txt").read_text(encoding="utf-8")


def test_the_issue_is_read_whole(issue_text):
    lines = issue_text.split("\n")
    found = import_text(issue_text)
    issue = found.issue
    assert issue is not None
    assert issue.subject == lines[0]
    lead, sponsor, first, second = issue.stories
    assert [story.kind for story in issue.stories] == ["lead", "sponsor", "story", "story"]
    assert [lead.headline_text, sponsor.headline_text, first.headline_text, second.headline_text] == [lines[n] for n in (2, 13, 20, 27)]
    assert f"{first.teaser} – {second.teaser}" == lines[1].partition(": ")[2]
    assert [len(run_ins(story)) for story in issue.stories] == [5, 0, 2, 0]
    assert plain(lead.standfirst.spans) == lines[3]
    assert [plain(block.spans) for block in sponsor.blocks if isinstance(block, Paragraph)] == lines[14:18]
    assert [f"{call.emoji} {plain(call.spans)}" for call in sponsor.calls] == lines[18:20]
    assert sponsor.border == "sure"
    assert sum(len(story.further_reading) for story in issue.stories) == 6
    assert issue.credits == ("OpenAI", "Unsplash / Solen Feyissa")
    assert any("crédit" in warning.fr for warning in found.warnings)
    assert found.unclassified == ()
    assert found.guesses == ()


def test_the_article_is_read_whole(article_text):
    lines = article_text.split("\n")
    found = import_text(article_text)
    story = found.story
    assert story is not None
    assert story.headline_text == lines[2]
    assert plain(story.standfirst.spans) == lines[4]
    assert sum(isinstance(block, Heading) for block in story.blocks) == 6
    assert [len(block.items) for block in story.blocks if isinstance(block, ListBlock)] == [4]
    (picture,) = [block for block in story.blocks if isinstance(block, Picture)]
    assert (picture.file, picture.alt) == ("", lines[26])
    assert plain(picture.caption) == lines[27].replace('\\"', '"')
    questions = [plain(block.spans) for block in story.web_only if isinstance(block, Heading)]
    assert len(questions) == 5
    assert all(question.endswith("?") for question in questions)
    assert len(story.further_reading) == 6
    assert isinstance(story.blocks[-1], FurtherReading)
    assert plain(story.web_only[0].spans) == lines[0]
    assert any("Sources" in warning.fr for warning in found.warnings)
    assert found.unclassified == ()


VARIANTS = {
    "em dashes": lambda text: text.replace(" – ", " — ").replace("\n– ", "\n— "),
    "hyphens": lambda text: text.replace(" – ", " - ").replace("\n– ", "\n- "),
    "bullets": lambda text: text.replace("\n– ", "\n• "),
    "stars": lambda text: text.replace("\n– ", "\n* "),
    "no space after the dash": lambda text: text.replace("\n– ", "\n–"),
    "indented items": lambda text: text.replace("\n– ", "\n   – "),
    "tabs after the dash": lambda text: text.replace("\n– ", "\n–\t"),
    "no-break space before colons": lambda text: re.sub(
        r"^(Et aussi|Pour aller plus loin|Crédit photos):", rf"\1{NBSP}:", text, flags=re.MULTILINE
    ),
    "space before colons": lambda text: re.sub(r"^(Et aussi|Pour aller plus loin|Crédit photos):", r"\1 :", text, flags=re.MULTILINE),
    "no-break spaces around dashes": lambda text: text.replace(" – ", f"{NBSP}–{NBSP}").replace("\n– ", f"\n–{NBSP}"),
    "narrow no-break spaces": lambda text: text.replace(" !", f"{NNBSP}!").replace(" ?", f"{NNBSP}?").replace(" – ", f"{NNBSP}– "),
    "straight apostrophes": lambda text: text.replace("’", "'"),
    "curly apostrophes": lambda text: text.replace("'", "’"),
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "cr": lambda text: text.replace("\n", "\r"),
    "bom": lambda text: "\ufeff" + text,
    "blank lines between": lambda text: text.replace("\n", "\n\n"),
    "two blank lines between": lambda text: text.replace("\n", "\n \n\n"),
    "blank lines around": lambda text: f"\n\n{text}\n\n",
    "trailing blanks": lambda text: text.replace("\n", "  \n"),
    "indented": lambda text: "   " + text.replace("\n", "\n   "),
    "plural credits": lambda text: text.replace("Crédit photos:", "Crédits photo :"),
    "capital labels": lambda text: re.sub(
        r"^(Et aussi|Pour aller plus loin|Crédit photos):", lambda m: m[0].upper(), text, flags=re.MULTILINE
    ),
    "capital labels without accents": lambda text: text.replace("Crédit photos:", "CREDIT PHOTOS :"),
    "small sponsor label": lambda text: text.replace("PARTENAIRE", "Partenaire"),
    "sponsor label with colon": lambda text: text.replace("PARTENAIRE", "PARTENAIRE :"),
    "another sponsor label": lambda text: text.replace("PARTENAIRE", "Publicité"),
    "decorated sponsor label": lambda text: text.replace("PARTENAIRE", "— PARTENAIRE —"),
    "bracketed sponsor label": lambda text: text.replace("PARTENAIRE", "[PARTENAIRE]"),
    "line separators": lambda text: text.replace("\n", "\u2028"),
    "decomposed accents": lambda text: __import__("unicodedata").normalize("NFD", text),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_the_issue_is_the_same_however_it_is_typed(issue_text, name):
    assert shape(import_text(VARIANTS[name](issue_text))) == shape(import_text(issue_text))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_issue_is_the_same_in_another_encoding(issue_text, encoding):
    text = issue_text.replace("📘", "").replace("💬", "").replace("ö", "o") if encoding == "cp1252" else issue_text
    content = text.encode(encoding)
    assert shape(import_text(decode(content))) == shape(import_text(text))
    assert sniff(content) == "text"


@pytest.mark.parametrize("width", [60, 64, 68, 72, 76, 78, 80])
@pytest.mark.parametrize("between", ["\n\n"])
def test_wrapped_paragraphs_between_blank_lines_are_joined(issue_text, width, between):
    wrapped = between.join(textwrap.fill(line, width) for line in issue_text.split("\n"))
    assert shape(import_text(wrapped)) == shape(import_text(issue_text))


def test_capital_text_keeps_its_structure(issue_text):
    found = import_text(issue_text.upper())
    assert shape(found) == shape(import_text(issue_text))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n\n", "\n\n\n"),
        lambda text: text.replace("  • ", "- "),
        lambda text: text.replace("  • ", "•\t"),
        lambda text: text.replace("'", "’"),
        lambda text: text.replace(" ?", f"{NNBSP}?").replace(" :", f"{NBSP}:"),
        lambda text: "\n".join(textwrap.fill(line, 72, break_on_hyphens=False) for line in text.split("\n")),
    ],
)
def test_the_article_is_the_same_however_it_is_typed(article_text, change):
    plainly, changed = import_text(article_text).story, import_text(change(article_text)).story
    assert summary(changed) == summary(plainly)


def test_run_in_headings_can_be_asked_for(article_text):
    story = import_text(article_text, headings="runin").story
    assert len(run_ins(story)) == 6
    assert not any(isinstance(block, Heading) for block in story.blocks)
