from __future__ import annotations

import quopri
import re

from hypothesis import given
from hypothesis import strategies as st

from composer.message.quoted import encode_piece, encode_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")) | st.text("ab. From=\t\n\u00a0é", max_size=400)


def decoded(encoded: bytes) -> str:
    return quopri.decodestring(encoded).replace(b"\r\n", b"\n").decode()


@given(TEXTS)
def test_every_text_is_read_back_as_it_was(text):
    assert decoded(encode_text(text)) == text


@given(st.lists(TEXTS, max_size=5))
def test_pieces_put_behind_each_other_are_read_back_as_one_text(texts):
    assert decoded(b"".join(encode_piece(text) for text in texts)) == "".join(texts)


@given(TEXTS)
def test_nothing_on_the_way_needs_to_touch_a_line(text):
    for line in encode_text(text).split(b"\r\n"):
        assert len(line) <= 76
        assert line.isascii()
        assert b"\n" not in line
        assert not line.startswith((b".", b"From "))
        assert not line.endswith((b" ", b"\t"))
        assert not re.search(rb"[ \t]{2}|\t", line)  # DKIM relaxed would fold these


def test_a_slot_starts_its_own_line():
    assert encode_piece("Bonjour ") == b"Bonjour=20=\r\n"
    assert encode_piece("Bonjour\n") == b"Bonjour\r\n"
    assert encode_piece("") == b""
