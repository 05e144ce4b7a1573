"""Where the ledger lives, said and changed by commands."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Hebdo = Callable[..., Any]


@pytest.fixture
def moved(hebdo: Hebdo, sample: Path, tmp_path: Path) -> Path:
    """A newsletter whose folder was copied with an issue scheduled."""
    (sample / "people.csv").write_text("email\nreader@lecteurs.example.org\n", encoding="utf-8")
    assert hebdo("subscribers", "import", "people.csv", "--consent", "form, until 2026", cwd=sample).code == 0
    assert hebdo("schedule", "42", "--at", "2096-01-03 07:00", "--yes", cwd=sample).code == 0
    return Path(shutil.copytree(sample, tmp_path / "copy"))


def test_home_show_says_where_it_is_and_why_nothing_leaves(hebdo: Hebdo, sample: Path, moved: Path) -> None:
    at_home = hebdo("home", "show", "--json", cwd=sample).answer["data"]
    assert (at_home["here"], at_home["why"], at_home["engine_runs"]) == (True, None, False)
    away = hebdo("home", "show", cwd=moved)
    assert away.code == 0
    assert str(sample.resolve()) in away.out
    assert str(moved.resolve()) in away.out
    assert "hebdo home claim" in away.out


def test_a_claim_asks_with_what_it_will_hold_and_holds_it(hebdo: Hebdo, moved: Path) -> None:
    asked = hebdo("home", "claim", cwd=moved, lang="fr")
    assert asked.code == 4
    assert "arrêté pour de bon" in asked.err
    assert "2026-11-26-moulin : programmé".replace(" :", "\u00a0:") in asked.err
    assert hebdo("home", "show", "--json", cwd=moved).answer["data"]["here"] is False
    claimed = hebdo("home", "claim", "--yes", "--json", cwd=moved)
    assert claimed.answer["data"]["held"] == 1
    mailing = hebdo("status", "42", "--json", cwd=moved).answer["data"]["mailing"]
    assert (mailing["state"], mailing["reason_code"]) == ("held", "claimed")
    assert "hebdo unschedule 2026-11-26-moulin" in mailing["reason"]
    again = hebdo("home", "claim", cwd=moved)
    assert again.code == 0, "at home nothing is asked"


def test_a_container_is_at_home_by_its_name(hebdo: Hebdo, moved: Path, tmp_path: Path) -> None:
    name = {"HEBDO_HOME_ID": "demi-sel"}
    assert hebdo("home", "claim", "--yes", cwd=moved, **name).code == 0
    elsewhere = moved.rename(tmp_path / "another volume")
    assert hebdo("home", "show", "--json", cwd=elsewhere, **name).answer["data"]["here"] is True
    assert hebdo("home", "show", "--json", cwd=elsewhere, HEBDO_HOME_ID="autre").answer["data"]["here"] is False
    assert hebdo("worker", "--until-idle", cwd=elsewhere).code == 6


def test_a_ledger_is_given_back_to_an_older_hebdo_only_after_a_yes(hebdo: Hebdo, sample: Path, moved: Path) -> None:
    del moved
    asked = hebdo("home", "downgrade", "--to", "0001", cwd=sample)
    assert asked.code == 4
    assert "--yes" in asked.err
    given = hebdo("home", "downgrade", "--to", "0001", "--yes", "--json", cwd=sample)
    assert given.code == 0, given.out
    assert Path(given.answer["data"]["kept"]).is_file()
    up_again = hebdo("status", cwd=sample)
    assert up_again.code == 0
    assert "0001" in up_again.err
    assert hebdo("home", "downgrade", "--to", "0007", "--yes", cwd=sample).code == 2
