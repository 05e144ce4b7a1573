"""What the system refuses is said in the language of who reads it."""

from __future__ import annotations

import errno
import os

import pytest

from composer.text.system import words_of, words_of_number


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_no_word_of_the_system_itself_reaches_a_french_reader(number):
    assert os.strerror(number) not in words_of_number(number).fr


@pytest.mark.parametrize("number", [errno.ENAMETOOLONG, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENOSPC, errno.EIO])
def test_the_usual_refusals_have_words_of_ours(number):
    words = words_of(OSError(number, os.strerror(number)))
    assert errno.errorcode[number] not in words.fr
    assert errno.errorcode[number] not in words.en


def test_an_error_made_of_words_keeps_them():
    assert words_of(OSError("le tuyau est fermé")).fr == "le tuyau est fermé"
