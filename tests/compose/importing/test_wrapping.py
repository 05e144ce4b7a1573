"""Lines broken at a fixed width are the same text: every paragraph, headline, item and call keeps its words and its place."""

from __future__ import annotations

import random
import re
import sys
import textwrap
import time
from itertools import chain
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from shapes_read import shape, summary

from composer.compose.importing import Imported, import_text
from composer.compose.importing.plain import openings_of
from composer.compose.importing.runs import TypedLine
from composer.compose.importing.wrapping import join_wrapped
from composer.model.newsletter import Labels

PASTES = Path(__file__).parent / "pastes"
SEEDS = Path(__file__).parents[3] / "seeds"
WIDTHS = range(60, 81)
OUR_ISSUES = [SEEDS / "001-trente-boulangers.txt", *sorted(PASTES.glob("*.txt"))]
OUR_ARTICLE = SEEDS / "002-robot-des-salines.txt"


def wrap(text: str, width: int, between: str = "\n") -> str:
    return between.join(textwrap.fill(line, width, break_long_words=False) for line in text.rstrip("\n").split("\n"))


def told(found: Imported) -> set[int]:
    """The lines that the warning about wrapped lines names; there is one such warning at most."""
    warnings = [warning.fr for warning in found.warnings if "largeur fixe" in warning.fr]
    assert len(warnings) <= 1
    return {int(number) for number in re.findall(r"\d+", "".join(warnings))}


def widths_that_change(text: str, between: str) -> list[int]:
    plainly = shape(import_text(text))
    return [width for width in WIDTHS if shape(import_text(wrap(text, width, between))) != plainly]


@pytest.mark.parametrize("path", OUR_ISSUES, ids=lambda path: path.stem)
@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["close", "spaced"])
def test_an_issue_is_the_same_at_every_width(path, between):
    assert widths_that_change(path.read_text(encoding="utf-8"), between) == []


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["close", "spaced"])
def test_a_real_issue_is_the_same_at_every_width(shared, between):
    assert widths_that_change((shared / "seeds" / "000_d32b9a3aba59e4d9.txt").read_text(encoding="utf-8"), between) == []


def test_an_article_is_the_same_at_every_width(shared):
    for path in (OUR_ARTICLE, shared / "seeds" / "002_1590877c99413ba4.txt"):
        text = path.read_text(encoding="utf-8")
        plainly = summary(import_text(text).story)
        assert [width for width in WIDTHS if summary(import_text(wrap(text, width)).story) != plainly] == []


@pytest.mark.parametrize("path", OUR_ISSUES, ids=lambda path: path.stem)
def test_blank_lines_between_paragraphs_leave_nothing_to_ask(path):
    text = path.read_text(encoding="utf-8")
    assert [width for width in WIDTHS if told(import_text(wrap(text, width, "\n\n")))] == []


def test_a_sentence_that_ends_with_a_full_line_is_told_with_the_line_after_it():
    text = OUR_ISSUES[0].read_text(encoding="utf-8")
    asked = {width: told(import_text(wrap(text, width))) for width in WIDTHS}
    assert any(asked.values())
    for width, numbers in asked.items():
        lines = wrap(text, width).split("\n")
        assert all(lines[number - 1][:1].isupper() or lines[number - 1][:1] in "“«À" for number in numbers)


def test_an_aside_whose_dash_opens_a_line_is_no_item():
    body = "La ville a promis de tenir le budget, de consulter les riverains et de publier les comptes chaque mois "
    text = f"Un objet\nLe titre de la une\n{body}– comme elle l’avait fait pour le pont, la gare et le marché – avant la fin du mandat.\nPour aller plus loin :\n– Un lien"
    for width in range(58, 70):
        (story,) = import_text(wrap(text, width)).stories
        assert [block.spans[0].text for block in story.blocks[:1]] == [text.split("\n")[2]]


# Texts at random -------------------------------------------------------------------------------------------------------------------

_LABELS = re.compile(r"(?:Et aussi|Also|Pour aller|Further|PARTEN|SPONSOR|Publicité$|Cr.dits? photo|Photo credits)")


def pool() -> tuple[list[str], list[str], list[str]]:
    """Headlines, sentences and calls of our own texts."""
    heads, sentences, calls = [], [], []
    for path in OUR_ISSUES:
        for line in path.read_text(encoding="utf-8").splitlines():
            if _LABELS.match(line) or line[:1] in "–•":
                continue
            if not line[:1].isalnum() and line[:1] not in "“«À":
                calls.append(line)
            elif len(line) < 140 and line[-1] not in ".!?":
                heads.append(line)
            elif len(line) > 140:
                sentences += [part for part in re.split(r"(?<=[.!?]) (?=[A-ZÀÉ])", line.partition(" – ")[2] or line) if part[-1] == "."]
    return heads, sentences, calls


def random_issue(chance: random.Random) -> list[str]:
    heads, sentences, calls = pool()
    heads = chance.sample(heads, 8)
    lines = [heads.pop(), f"Et aussi : {heads[0]} – {heads[1]}"]
    for kind in chance.sample(["story", "story", "story", "sponsor"], 4):
        lines += ["PARTENAIRE", heads.pop()] if kind == "sponsor" else [heads.pop()]
        for _ in range(chance.randint(2, 4)):
            lines.append(" ".join(chance.sample(sentences, chance.randint(1, 3) if kind == "sponsor" else chance.randint(4, 7))))
        lines += chance.sample(calls, 2) if kind == "sponsor" else ["Pour aller plus loin :", f"– {chance.choice(heads)}"]
    return lines


def test_a_paragraph_that_is_lost_or_made_by_wrapping_is_told():
    """Nobody can know each end of a paragraph; what was decided without knowing is told, in 99 texts of 100."""
    untold = 0
    for number in range(200):
        chance = random.Random(number)
        lines, width = random_issue(chance), chance.randint(60, 80)
        wrapped = [textwrap.wrap(line, width, break_long_words=False) for line in lines]
        starts = {sum(map(len, wrapped[:at])) + 1 for at in range(len(wrapped))}
        typed = [TypedLine(number=at, text=text, gap=False) for at, text in enumerate(chain.from_iterable(wrapped), start=1)]
        joined = join_wrapped(typed, openings_of(Labels()))
        assert " ".join(line.text for line in joined.lines).split() == " ".join(lines).split()
        untold += not {line.number for line in joined.lines} ^ starts <= set(joined.doubts)
    assert untold <= 2


def test_capitals_throughout_keep_their_words_and_are_told():
    for path in OUR_ISSUES:
        text = path.read_text(encoding="utf-8").upper()
        for width in (60, 72, 80):
            found = import_text(wrap(text, width))
            assert len(found.stories) == len(import_text(text).stories) or told(found)


def test_a_script_without_capitals_is_joined():
    body = "أعلنت المدينة يوم الثلاثاء أنها لن تهدم الجسر القديم. وسيتم فحصه حتى الربيع كما تقول الإدارة. " * 4
    text = f"أخبار المدينة\nالجسر القديم باق في مكانه\n{body.strip()}\nFurther reading:\n– لماذا تشيخ الجسور\nالمسبح يغلق أبوابه سنتين\n{body.strip()}"
    for width in WIDTHS:
        assert [story.headline_text for story in import_text(wrap(text, width), as_="issue").stories] == [
            "الجسر القديم باق في مكانه",
            "المسبح يغلق أبوابه سنتين",
        ]


def test_full_teasers_do_not_take_the_headline_under_them():
    text = "La lettre du littoral\nEt aussi : Les ostréiculteurs testent un label – Une digue trop haute\nÉrosion: la dune de Kerlouan recule\nLa tempête a emporté huit mètres de sable en une nuit."
    story = "\nUne tête – " + "Les géomètres mesurent la dune tous les trois mois et notent ce qu’ils voient. " * 4
    for width in WIDTHS:
        found = import_text(wrap(text + story.rstrip() + "\nPour aller plus loin :\n– Un lien", width))
        assert found.stories[0].headline_text == "Érosion: la dune de Kerlouan recule" or told(found)


def test_a_book_without_one_blank_line_is_read_in_seconds():
    sentences = ("La commune plante des genêts sur le mur du port. Les habitants regardent le vent qui passe. " * 1500).strip()
    started = time.perf_counter()
    import_text(f"Le mur\n\nEt aussi : Un banc – Une digue\n\n{textwrap.fill(sentences, 72)}")
    assert time.perf_counter() - started < 20  # half a second; with every line weighed against all others, minutes
