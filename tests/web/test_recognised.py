"""What a paste shows before anything is written."""

from __future__ import annotations

from composer.web.preview.recognised import number_by_words, read_answer


def test_lines_of_a_rich_paste_have_the_numbers_of_the_text_shown():
    seen = read_answer(
        {"guesses": [{"line": 9, "reason": "titre court"}]}, is_issue=True, unclassified=[(2, "Ana Sol"), (4, "Ana Sol"), (5, "Perdu")]
    )
    shown = number_by_words(seen, "Un titre\r\n\r\nAna Sol\r\n\r\nUn texte.\r\n Ana Sol \r\n")
    assert shown.unclassified == ((3, "Ana Sol"), (6, "Ana Sol"), (0, "Perdu"))
    assert shown.guesses == ((0, "titre court"),)
