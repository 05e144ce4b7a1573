from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from composer.compose.grammar import parse_issue, parse_story
from composer.compose.writing import write_issue_file, write_story
from composer.model.body import Paragraph, Picture, Span
from composer.model.issue import Issue, Story
from composer.model.newsletter import Labels

sys.path.insert(0, str(Path(__file__).parent))
from story_strategies import issues, stories, strip_places

SETTINGS = settings(
    max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.reuse, Phase.generate)
)


@SETTINGS
@given(stories())
def test_a_story_written_and_read_is_the_same_story(story: Story):
    text = write_story(story)
    assert strip_places(parse_story(text, id="x", path="x.md", labels=Labels())) == story


@SETTINGS
@given(stories())
def test_windows_line_ends_and_a_byte_order_mark_change_nothing(story: Story):
    text = "\ufeff" + write_story(story).replace("\n", "\r\n")
    assert strip_places(parse_story(text, id="x", path="x.md", labels=Labels())) == story


@SETTINGS
@given(issues())
def test_an_issue_written_and_read_is_the_same_issue(issue: Issue):
    text = write_issue_file(issue)
    read = parse_issue(text, id=issue.id, path="issue.md", stories=issue.stories, labels=Labels())
    assert strip_places(read) == issue


@pytest.mark.parametrize("credit", ["\u202f!", "\u00a0X", "X\u00a0", "\u00a0"])
def test_a_credit_keeps_the_blanks_at_its_ends(credit: str):
    story = Story(id="x", headline=(Span(text="Titre"),), blocks=(Picture(file="a.jpg", credit=credit),))
    assert strip_places(parse_story(write_story(story), id="x", path="x.md", labels=Labels())).blocks == story.blocks


def test_an_exclamation_before_a_link_gains_no_invisible_sign():
    spans = (Span(text="Oui !", strike=True), Span(text="ici", link="https://example.org/a"))
    story = Story(id="x", headline=(Span(text="Titre"),), blocks=(Paragraph(spans=spans),))
    assert strip_places(parse_story(write_story(story), id="x", path="x.md", labels=Labels())).blocks == story.blocks
