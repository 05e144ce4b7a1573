from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.errors import MergeError
from composer.message.headers import check_address, write_ascii, write_mailbox, write_text

PRINTABLE = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
VALUES = (
    st.text(PRINTABLE, max_size=300)
    | st.text('aé «»’:\u00a0\u202f🧭👩‍🌾=?_"\\,;<>@()', max_size=200)
    | st.text("abc ", max_size=250)
    | st.lists(st.sampled_from(["l’hiver", "coûte", "12 %", "=?utf-8?q?x?=", "Aaaaaaaaaaaaaaaaaaaa", "des"]), max_size=40).map(" ".join)
).map(lambda value: value.strip(" "))


def read_back(line: bytes, name: str) -> str:
    return str(message_from_bytes(line + b"\r\n", policy=policy.default)[name])


def lines_of(header: bytes) -> list[bytes]:
    assert header.endswith(b"\r\n")
    return header[:-2].split(b"\r\n")


@given(VALUES)
def test_a_subject_is_read_back_as_it_was_typed(value):
    assert read_back(write_text("Subject", value), "Subject") == value


@given(VALUES)
def test_encoded_words_keep_to_75_characters_and_lines_to_78(value):
    for line in lines_of(write_text("Subject", value)):
        assert len(line) <= 78
        assert line.isascii()
        assert all(len(word) <= 75 for word in re.findall(rb"=\?[^ ]*\?=", line))


@given(VALUES)
def test_a_display_name_is_read_back_as_it_was_typed(value):
    value = " ".join(value.split())  # RFC 5322: a run of blanks in a phrase is one; the parser takes no-break spaces as such
    header = write_mailbox("To", value, "claire@exemple.org")
    # Not by policy.default: CPython keeps the blank between two encoded words of a phrase, against RFC 2047 §6.2.
    phrase, address = parseaddr(message_from_bytes(header + b"\r\n")["To"].replace("\r\n", ""))
    assert (str(make_header(decode_header(phrase))), address) == (value, "claire@exemple.org")
    assert all(len(line) <= 998 for line in lines_of(header))


@pytest.mark.parametrize("hostile", ["a\r\nBcc: x@y.fr", "a\nb", "a\0b", "a\x7fb", "a\x85b", "a\u2028b", "a\tb"])
def test_a_control_character_is_refused_in_every_header(hostile):
    with pytest.raises(MergeError):
        write_text("Subject", hostile)
    with pytest.raises(MergeError):
        write_mailbox("From", hostile, "a@b.fr")
    with pytest.raises(MergeError):
        write_mailbox("From", "a", f"{hostile}@b.fr")
    with pytest.raises(MergeError):
        write_ascii("List-Id", hostile)


@pytest.mark.parametrize("address", ["", "a", "a@", "@b", "a@b@c", "a b@c.fr", "a@c.fr>", "a@b.fr, c@d.fr", "<a@b.fr>"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(MergeError):
        check_address(address, "To")


def test_an_accented_domain_goes_out_in_ascii():
    assert check_address("claire@é.fr", "To") == "claire@xn--9ca.fr"


def test_a_list_header_is_never_an_encoded_word():
    with pytest.raises(MergeError):
        write_ascii("List-Id", "<é.fr>")
    long = "https://exemple.fr/u/" + "k" * 120
    header = write_ascii("List-Unsubscribe", f"<{long}>", "<mailto:a@b.fr?subject=unsubscribe%20kkk>")
    assert b"=?" not in header
    assert read_back(header, "List-Unsubscribe") == f"<{long}>, <mailto:a@b.fr?subject=unsubscribe%20kkk>"
