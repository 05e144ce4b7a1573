"""What strangers wrote steers nothing, and French is left French."""

from __future__ import annotations

import pytest

from composer.text.shown import shown


@pytest.mark.parametrize("text", ["10\u00a0s", "«\u00a0oui\u202f!»"])
def test_the_no_break_spaces_of_a_french_text_are_shown_as_they_are(text):
    assert shown(text) == text


@pytest.mark.parametrize("sign", ["\u2003", "\u3000", "\u2028", "\u202e", "\u200b", "\x1b", "\ud800"])
def test_other_blanks_and_what_steers_are_made_visible(sign):
    assert sign not in shown(f"a{sign}b")
