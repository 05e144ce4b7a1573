"""Grammalecte is asked within bounds: a program that hangs, raves or is missing costs the editor nothing but its advice."""

from __future__ import annotations

import json
import os
import shutil
import stat
import time
from pathlib import Path

import pytest

from composer.outside import grammar
from composer.outside.grammar import is_unread, read_texts, suggest


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    grammar._READ.clear()
    grammar._SUGGESTED.clear()


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Puts a program of that name before all others; it gets the path of the texts as $2."""

    def make(script):
        folder = tmp_path / "bin"
        folder.mkdir()
        file = folder / "grammalecte-cli"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        return folder

    return make


@pytest.fixture
def real():
    if shutil.which("grammalecte-cli") is None:
        pytest.skip("grammalecte-cli is not on this machine: run tests/needs.sh as root")


def said(*paragraphs):
    return json.dumps({"grammalecte": "2.1.2", "lang": "fr", "data": list(paragraphs)})


def test_the_real_program_finds_a_fault_and_a_word_it_does_not_know(real):
    text = "Les enfant mangent du chocollat 🍫 et du cafe\u0301, l’été."
    remarks = read_texts([text, "Rien à dire."]).remarks
    assert remarks["Rien à dire."] == ()
    assert {(text[one.start : one.end], one.kind) for one in remarks[text]} == {("enfant", "grammar"), ("chocollat", "spelling")}
    assert "chocolat" in suggest(["chocollat"])["chocollat"]


def test_what_the_house_typography_settles_is_not_remarked_on(real):
    text = 'L\'heure "juste": 10 000 euros, 25 % ; n° 4 ? Oui... non!'
    assert read_texts([text]).remarks[text] == ()


def test_a_text_with_everything_that_a_shell_or_markup_could_take_for_its_own_is_read_as_words(real):
    text = "$(touch ici) `touch ici` -f --file /etc/passwd <b>les</b> enfant & \\emph{x} \x00\r {{ 7 * 7 }}"
    assert read_texts([text]).state == "read"


def test_a_missing_program_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_texts(["Un texte."]).state == "missing"
    assert suggest(["mot"]) == {}


def test_a_program_that_hangs_is_ended_with_all_that_it_started(program, tmp_path):
    program(f"sleep 61 & echo $! > {tmp_path}/child; sleep 62")
    begun = time.monotonic()
    assert read_texts(["Un texte."], timeout_s=0.5).state == "late"
    assert time.monotonic() - begun < 5
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        state = Path(f"/proc/{child}/stat")
        if not state.exists() or " Z " in state.read_text():
            break
        time.sleep(0.02)
    else:
        pytest.fail("its child lives on")


def test_a_program_that_closes_its_mouth_and_stays_is_ended_too(program):
    program("exec 1>&-; sleep 60")
    begun = time.monotonic()
    assert read_texts(["Un texte."], timeout_s=0.5).state == "failed"
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    "answer",
    [
        "Traceback (most recent call last):",
        "",
        "{}",
        "[]",
        "null",
        '{"data": 3}',
        '{"data": [{"iParagraph": "x"}]}',
        said({"iParagraph": 2, "lGrammarErrors": [], "lSpellingErrors": []}),
        said({"iParagraph": 1, "lGrammarErrors": [{"nStart": {}, "nEnd": 3, "sMessage": ""}], "lSpellingErrors": []}),
        said({"iParagraph": 1, "lGrammarErrors": ["x"], "lSpellingErrors": []}),
        "[" * 100_000,
    ],
)
def test_an_answer_in_another_form_is_no_answer(program, tmp_path, answer):
    (tmp_path / "answer").write_text(answer)
    program(f"cat {tmp_path}/answer")
    assert read_texts(["Un texte."]).state == "failed"


def test_remarks_outside_the_text_are_left_out_and_control_characters_are_not_shown(program, tmp_path):
    errors = [
        {"nStart": 0, "nEnd": 2, "sMessage": "Un \x1b[31mrouge", "aSuggestions": ["une\u2028"]},
        {"nStart": 5, "nEnd": 500, "sMessage": "dehors"},
        {"nStart": -4, "nEnd": 2, "sMessage": "dehors"},
    ]
    (tmp_path / "answer").write_text(said({"iParagraph": 1, "lGrammarErrors": errors, "lSpellingErrors": []}))
    program(f"cat {tmp_path}/answer")
    (remark,) = read_texts(["Un texte."]).remarks["Un texte."]
    assert remark.says == "Un [31mrouge"
    assert remark.suggestions == ("une",)


def test_a_program_that_never_ends_talking_is_ended(program, monkeypatch):
    monkeypatch.setattr(grammar, "MOST_ANSWER_BYTES", 100_000)
    program("exec yes")
    assert read_texts(["Un texte."], timeout_s=20).state == "failed"


def test_a_program_that_fails_is_not_believed(program, tmp_path):
    (tmp_path / "answer").write_text(said({"iParagraph": 1, "lGrammarErrors": [], "lSpellingErrors": []}))
    program(f"cat {tmp_path}/answer; exit 3")
    assert read_texts(["Un texte."]).state == "failed"


def test_none_of_our_secrets_reaches_the_program(program, tmp_path, monkeypatch):
    monkeypatch.setenv("HEBDO_TRANSPORT__PASSWORD", "sesame")
    program(f"env > {tmp_path}/env; exit 1")
    read_texts(["Un texte."])
    assert "sesame" not in (tmp_path / "env").read_text()


def test_a_text_is_read_once_and_only_what_changed_is_read_again(program, tmp_path):
    program(
        f'cat "$2" >> {tmp_path}/asked\n'
        'n=$(wc -l < "$2"); printf \'{"data": [\'; i=1\n'
        'while [ $i -le $n ]; do [ $i -gt 1 ] && printf ,; printf \'{"iParagraph": %d, "lGrammarErrors": [], "lSpellingErrors": []}\' $i; i=$((i+1)); done\n'
        "printf ']}'"
    )
    read_texts(["Un.", "Deux."])
    assert not is_unread(["Un.", "Deux."])
    read_texts(["Un.", "Trois.", "Deux."])
    read_texts(["Deux.", "Un."])
    assert (tmp_path / "asked").read_text() == "Un.\nDeux.\nTrois.\n"


def test_a_text_too_long_for_the_program_is_not_given_to_it(program, tmp_path):
    program(f"touch {tmp_path}/asked; exit 1")
    answer = read_texts(["mot " * 5000])
    assert (answer.state, answer.remarks) == ("read", {})
    assert not (tmp_path / "asked").exists()
