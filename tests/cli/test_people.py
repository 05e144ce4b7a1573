"""Lists of people, taken and shown by commands."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

Hebdo = Callable[..., Any]


def test_a_list_of_people_in_the_folder_is_told_to_be_moved(hebdo: Hebdo, sample: Path, tmp_path: Path) -> None:
    (sample / "people.csv").write_text("email\nreader@lecteurs.example.org\n", encoding="utf-8")
    taken = hebdo("subscribers", "import", "people.csv", "--consent", "form, until 2026", cwd=sample, lang="fr")
    assert "people.csv nomme des personnes" in taken.err
    elsewhere = (sample / "people.csv").rename(tmp_path / "people.csv")
    again = hebdo("subscribers", "import", elsewhere, "--consent", "form, until 2026", cwd=sample, lang="fr")
    assert "nomme des personnes" not in again.err


def test_a_new_newsletter_keeps_lists_of_people_out_of_git(hebdo: Hebdo, tmp_path: Path) -> None:
    assert hebdo("init", "lettre", cwd=tmp_path).code == 0
    folder = tmp_path / "lettre"
    (folder / "sponsors").mkdir()
    for name in ("abonnes.csv", "issues/liste.xlsx", "sponsors/bookings.csv"):
        (folder / name).write_text("x")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    ignored = subprocess.run(
        ["git", "check-ignore", "abonnes.csv", "issues/liste.xlsx", "sponsors/bookings.csv"], cwd=folder, capture_output=True, check=False
    )
    assert ignored.stdout.decode().split() == ["abonnes.csv", "issues/liste.xlsx"]


def test_an_unreadable_line_ends_with_a_code_that_is_explained(hebdo: Hebdo, sample: Path) -> None:
    people = b"email\nreader@lecteurs.example.org\nnobody\n"
    taken = hebdo("subscribers", "import", "-", "--consent", "form, until 2026", cwd=sample, stdin=people, lang="fr")
    assert taken.code == 5
    assert "Code de sortie 5" in taken.err
    assert "1\u00a0personne est inscrite" in taken.err.replace("1 personne", "1\u00a0personne")


def test_the_list_counts_those_who_left_apart(hebdo: Hebdo, sample: Path) -> None:
    people = b"email\na@lecteurs.example.org\nb@lecteurs.example.org\n"
    assert hebdo("subscribers", "import", "-", "--consent", "form, until 2026", cwd=sample, stdin=people).code == 0
    assert hebdo("subscribers", "remove", "a@lecteurs.example.org", cwd=sample).code == 0
    listed = hebdo("subscribers", "list", cwd=sample, lang="fr")
    assert "1 abonné, 1 désinscrit" in listed.err


def test_a_watch_in_an_empty_folder_says_what_it_needs(hebdo: Hebdo, tmp_path: Path) -> None:
    refused = hebdo("watch", cwd=tmp_path)
    assert refused.code == 3
    assert "docs/alerts.md" in refused.err
    assert "hebdo init" not in refused.err
