"""What somebody types comes back as signs: no error colours a terminal, moves its cursor or begins a line of its own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from composer.cli.talk import visible


def test_controls_of_an_argument_are_signs_and_our_own_line_ends_stay() -> None:
    typed = "\x1b[31m\r\nBcc: a@b"
    assert visible(f"{typed}: absent\n→ `hebdo decide {typed} --uncertain retry`", typed=["decide", typed]) == (
        "␛[31m␍␊Bcc: a@b: absent\n→ `hebdo decide ␛[31m␍␊Bcc: a@b --uncertain retry`"
    )


@given(st.text())
def test_nothing_but_line_ends_of_ours_is_left_of_controls(text: str) -> None:
    shown = visible(text, typed=[text])
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 or 0x202A <= ord(char) <= 0x202E for char in shown.replace("\n", ""))
    assert text.strip() == "" or "\n" not in shown.strip()
