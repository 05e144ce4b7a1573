"""The same edition in other lights: only what is looked at changes."""

from __future__ import annotations

import re

from composer.model.issue import Issue
from composer.render.views import forced_dark, only_light, own_dark, pictures_off, web_view

from .conftest import Render  # type: ignore[import-not-found]


def body_of(html: str) -> str:
    return html[html.index("<body") :]


def test_light_and_dark_differ_in_the_head_alone(render: Render, issue: Issue) -> None:
    html = render(issue).html
    assert body_of(only_light(html)) == body_of(own_dark(html)) == body_of(html)


def test_light_leaves_no_dark_rule_that_holds(render: Render, issue: Issue) -> None:
    html = only_light(render(issue).html)
    assert "prefers-color-scheme" not in html
    assert "@media not all" in html
    assert "light dark" not in html


def test_dark_rules_hold_wherever_it_is_looked_at(render: Render, issue: Issue) -> None:
    html = own_dark(render(issue).html)
    assert "prefers-color-scheme" not in html
    assert '<meta name="color-scheme" content="dark"' in html


def test_inversion_is_light_turned_over_and_keeps_pictures(render: Render, issue: Issue) -> None:
    html = forced_dark(render(issue).html)
    assert html.count("filter:invert(1)") == 2
    assert "@media not all" in html


def test_without_pictures_their_alt_and_width_stay(render: Render, every_block: Issue, png: bytes) -> None:
    html = pictures_off(render(every_block, pictures={"dune.png": png}).html)
    images = re.findall(r"<img[^>]*>", html)
    assert images
    assert all(" src=" not in image and 'alt="Une dune"' in image and " width=" in image for image in images)


def test_words_of_a_story_that_look_like_a_style_stay(render: Render, issue: Issue) -> None:
    from dataclasses import replace

    from .conftest import words  # type: ignore[import-not-found]

    said = "Écrivez <img src='x'> et </head>"
    story = replace(issue.stories[0], headline=words(said))
    html = render(replace(issue, stories=(story,))).html
    for view in (only_light, own_dark, forced_dark, pictures_off):
        assert "&lt;/head&gt;" in view(html)


def test_the_web_page_has_nothing_of_one_reader(render: Render, issue: Issue) -> None:
    edition = render(issue)
    page = web_view(edition)
    assert edition.field_prefix not in page
    for gone in ("Se désinscrire", "Vous recevez cette lettre", "On vous a transféré"):
        assert gone in edition.html
        assert gone not in page
    assert "r-->" not in page


def test_the_web_page_greets_nobody_by_the_fallback(render: Render, issue: Issue) -> None:
    from dataclasses import replace

    from .conftest import words  # type: ignore[import-not-found]

    story = replace(issue.stories[0], headline=words("Bonjour %prenom|lecteur%"))
    assert "Bonjour lecteur" in web_view(render(replace(issue, stories=(story,))))
