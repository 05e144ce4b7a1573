from __future__ import annotations

import contextlib
import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.compose.grammar import parse_story
from composer.compose.writing import write_story
from composer.errors import StoryError
from composer.model.newsletter import Labels
from composer.workflow.answers import story_answer

LINES = (
    "mot{n}", "# mot{n}", "## mot{n} suite", "### mot{n}", "- mot{n}", "  - mot{n}", "      mot{n}", "* mot{n}", "1. mot{n}", "7) mot{n}", "> mot{n}", "> - mot{n}",
    "**mot{n}** – mot{n}b", "**mot{n} –** mot{n}b", "*mot{n}* _mot{n}b_ ~~mot{n}c~~ `mot{n}d`", "[mot{n}](https://e.org/x)", "- 📘 [mot{n}](https://e.org/x)",
    "![mot{n}](images/x.jpg)", '![mot{n}](x.jpg "mot{n}b") mot{n}c', "Crédit : mot{n}", "| mot{n} | mot{n}b |", "|---|", "| a | mot{n} | mot{n}b | mot{n}c |", "|:--|--:|",
    "---", "===", "", "", "", "```", "~~~", "<b>mot{n}</b>", "<!-- web only -->", "<div>mot{n}", "## Pour aller plus loin", "Pour aller plus loin :",
    "- [mot{n}](https://e.org) et [mot{n}b](https://f.org)", "[mot{n}]: https://e.org/mot{n}b", "\tmot{n}", "&amp; mot{n} &nbsp;", "mot{n}\\", "mot{n}  ", "<<<<<<< mot{n}",
    "[^1]: mot{n}", "mot{n} | mot{n}b",
)  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["lead", "story", "sponsor"]))
    lines = [line.format(n=n) for n, line in enumerate(draw(st.lists(st.sampled_from(LINES), max_size=14)), start=1)]
    return f"---\nkind: {kind}\n---\n" + "\n".join(lines)


def words(text: str) -> list[str]:
    return re.findall(r"mot\d+[a-d]?", text)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_every_word_of_a_file_is_read_once_and_in_order(text: str):
    story = parse_story(text, id="x", path="x.md", labels=Labels())
    if "Crédit" in text:  # a credit is written under its caption, wherever it was typed
        assert sorted(words(write_story(story))) == sorted(words(text))
        return
    assert words(write_story(story)) == _headline_first(story.headline_text, words(text))


def _headline_first(headline: str, found: list[str]) -> list[str]:
    """The headline is printed on top, wherever its H1 stands."""
    top = words(headline)
    return top + [word for word in found if word not in top]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        documents(), st.text(max_size=200), st.text("-:[]{}\"'#&*!|>%@ \n\tabc<", max_size=80).map(lambda text: f"---\n{text}\n---\n# T\n")
    )
)
def test_any_text_opens_or_is_told_as_an_error_of_the_tree(text: str):
    with contextlib.suppress(StoryError):
        story = parse_story(text, id="x", path="x.md", labels=Labels())
        story_answer(story)
        write_story(story)


@pytest.mark.parametrize(
    "text",
    [
        "# T\n\n" + "Une phrase assez longue, avec *italique* et [lien](https://e.org). " * 3000,
        "# T\n\n" + "Un paragraphe.\n\n" * 12_000,
        "# T\n\n" + "[" * 20_000,
        "# T\n\n" + "*a _b " * 10_000,
        "# T\n\n" + "`" * 50_000,
        "# T\n\n" + "- x\n" * 50_000,
        "# T\n\n" + "<!--" * 20_000,
        "# T\n\n" + "<!--\n" * 40_000,
        "# T\n\n| a |\n|---|\n" + "| b |\n" * 10_000,
        "---\n" + "a: b\n" * 8000 + "---\n",
        "---\n" + "x" * 60_000 + "\n---\n",
    ],
    ids=["long", "many", "brackets", "marks", "ticks", "items", "comments", "open comments", "table", "keys", "key"],
)
def test_two_hundred_kilobytes_of_anything_open_in_seconds(text: str):
    started = time.process_time()
    with contextlib.suppress(StoryError):
        parse_story(text, id="x", path="x.md", labels=Labels())
    assert time.process_time() - started < 20
