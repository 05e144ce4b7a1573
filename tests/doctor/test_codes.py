"""The page of the doctor is complete, and every code that the program can say stands on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from composer.check.doctor.codes import CODES, see
from composer.check.doctor.page import write_codes_page

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = sorted((PROJECT / "composer").rglob("*.py"))
JUDGES = [file for file in SOURCES if "doctor" in str(file.relative_to(PROJECT)) and not file.name.startswith("code")]
NAME = re.compile(
    r"\"((?:spf|dkim|dmarc|mx|ptr|host|caa|domain|dns|mta|tls|relay|pages|proof|clock|zone|disk|folder|filesystem|engine|ledger|home)-[a-z-]+)\""
)


def test_the_page_is_the_one_that_the_codes_write():
    page = (PROJECT / "docs" / "doctor.md").read_text(encoding="utf-8")
    assert page == write_codes_page(), "write it again: .venv/bin/python -m composer.check.doctor.page > docs/doctor.md"


def test_every_code_that_is_said_is_known_and_every_known_code_is_said():
    said = {name for file in JUDGES for name in NAME.findall(file.read_text(encoding="utf-8"))}
    assert said - set(CODES) == {"dkim-signature"}  # a header
    text = "".join(file.read_text(encoding="utf-8") for file in JUDGES)
    assert {name for name in CODES if f'"{name}"' not in text} == set()


@pytest.mark.parametrize("code", CODES.values(), ids=list(CODES))
def test_a_code_that_is_not_fine_says_how_to_mend(code):
    assert (code.mend is None) == (code.level == "ok")
    assert code.says.fr.endswith(".")
    assert code.says.en.endswith(".")
    seen = see(code.name)
    assert (seen.code, seen.level, seen.part) == (code.name, code.level, code.part)
