"""After a refusal, the hint can be typed as it stands and does what was meant."""

from __future__ import annotations

import re
import shlex
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Hebdo = Callable[..., Any]


def shown(said: str) -> list[str]:
    return shlex.split(re.findall(r"`hebdo ([^`]*)`", said)[0])


@pytest.mark.parametrize("typed", [("dernier", "criee"), ("criee", "marbre")])
def test_a_story_named_without_its_issue_is_offered_with_it(hebdo: Hebdo, sample: Path, typed: tuple[str, str]) -> None:
    ended = hebdo("move", *typed, cwd=sample, lang="fr")
    assert ended.code == 3
    assert shown(ended.err) == ["move", "2026-11-26-moulin/criee", "marbre"]
    assert hebdo(*shown(ended.err), cwd=sample).code == 0
    assert (sample / "stories" / "criee.md").is_file()


def test_a_story_that_is_nowhere_lists_those_that_wait(hebdo: Hebdo, sample: Path) -> None:
    assert "Au marbre" in hebdo("move", "nulle-part", "marbre", cwd=sample, lang="fr").err


def test_a_date_that_is_past_offers_the_one_to_come(hebdo: Hebdo, sample: Path) -> None:
    ended = hebdo("schedule", "42", "--at", "2020-11-27 07:00", cwd=sample, lang="fr")
    assert ended.code == 2
    assert "--now" in ended.err
    again = hebdo(*shown(ended.err), "--yes", "--json", cwd=sample)
    assert again.code == 0, again.out
    assert re.search(r"T07:00", again.answer["data"]["local"])


def test_a_port_that_is_taken_is_said_in_french(hebdo: Hebdo, sample: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = hebdo("serve", "--port", str(taken.getsockname()[1]), cwd=sample, lang="fr")
    assert ended.code == 7
    assert "un autre programme le tient." in ended.err
    assert "Address" not in ended.err


def test_a_picture_given_to_import_says_where_pictures_go(hebdo: Hebdo, sample: Path) -> None:
    picture = next((sample / "issues").glob("*/images/*.jpg"))
    ended = hebdo("import", picture, cwd=sample, lang="fr")
    assert ended.code == 2
    assert "images/" in ended.err
    assert "image: {file:" in ended.err
    assert "Enregistrez-le" not in ended.err
