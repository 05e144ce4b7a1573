"""Who left after a backup was taken is not written to again because the backup was put back."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

Hebdo = Callable[..., Any]
LEFT = "reader1@lecteurs.example.org"


@pytest.fixture
def put_back(hebdo: Hebdo, sample: Path, tmp_path: Path) -> Path:
    """A backup put back elsewhere; since it was taken, one of three readers left the original."""
    people = "email\n" + "".join(f"reader{n}@lecteurs.example.org\n" for n in range(3))
    assert hebdo("subscribers", "import", "-", "--consent", "form, until 2026", cwd=sample, stdin=people.encode()).code == 0
    assert hebdo("backup", tmp_path / "letter.tar.gz", cwd=sample).code == 0
    assert hebdo("subscribers", "remove", LEFT, cwd=sample).code == 0
    told = hebdo("restore", tmp_path / "letter.tar.gz", tmp_path / "back", cwd=tmp_path, lang="fr")
    assert told.code == 0
    assert "Les désinscriptions depuis le " in told.err
    assert "hebdo subscribers catch-up" in told.err
    return tmp_path / "back"


def active(hebdo: Hebdo, folder: Path) -> set[str]:
    return {one["email"] for one in hebdo("subscribers", "list", "--status", "active", "--json", cwd=folder).answer["data"]}


def test_a_claim_and_the_first_mailing_ask_for_those_who_left_since(hebdo: Hebdo, put_back: Path) -> None:
    asked = hebdo("home", "claim", cwd=put_back, lang="fr")
    assert asked.code == 4
    assert "désinscriptions depuis le " in asked.err
    claimed = hebdo("home", "claim", "--yes", cwd=put_back, lang="fr")
    assert "désinscriptions depuis le " in claimed.err
    refused = hebdo("send", "42", "--now", cwd=put_back, lang="fr")
    assert refused.code == 4
    assert "désinscriptions depuis le " in refused.err
    assert "hebdo subscribers catch-up" in refused.err
    assert hebdo("send", "42", "--now", "--yes", cwd=put_back).code == 0, "a person may go on without"


@pytest.mark.parametrize("source", ["", "var/ledger.sqlite", "var/left.log"])
def test_what_is_left_of_the_original_takes_them_off_again(hebdo: Hebdo, sample: Path, put_back: Path, source: str) -> None:
    assert hebdo("home", "claim", "--yes", cwd=put_back).code == 0
    caught = hebdo("subscribers", "catch-up", sample / source, "--json", cwd=put_back)
    assert caught.code == 0, caught.err
    assert caught.answer["data"]["taken_off"] == 1
    assert LEFT not in active(hebdo, put_back)
    assert len(active(hebdo, put_back)) == 2
    assert hebdo("send", "42", "--now", cwd=put_back).code == 0, "nothing is missing any more"


def test_they_may_be_brought_back_before_the_claim(hebdo: Hebdo, sample: Path, put_back: Path) -> None:
    assert hebdo("subscribers", "catch-up", sample, cwd=put_back).code == 0
    assert hebdo("home", "claim", "--yes", "--json", cwd=put_back).answer["data"]["unsubscriptions_missing"] is False
    assert hebdo("send", "42", "--now", cwd=put_back).code == 0


def test_a_web_servers_log_says_who_pressed_the_button(hebdo: Hebdo, put_back: Path) -> None:
    with closing(sqlite3.connect(put_back / "var/ledger.sqlite")) as connection:
        tokens = dict(connection.execute("SELECT email, token FROM subscribers").fetchall())
    looked, pressed, proxied = (tokens[f"reader{n}@lecteurs.example.org"] for n in range(3))
    log = (
        f'203.0.113.7 - - [22/Nov/2026:13:57:00 +0100] "GET /u/{looked} HTTP/2.0" 200 512 "-" "a scanner"\n'
        f'203.0.113.8 - - [22/Nov/2026:13:58:00 +0100] "POST /u/{pressed} HTTP/2.0" 200 512 "-" "a mail program"\n'
        f'{{"request":{{"method":"POST","host":"lettre.exemple.fr","uri":"/u/{proxied}"}},"status":200}}\n'
    )
    assert hebdo("subscribers", "catch-up", "-", cwd=put_back, stdin=log.encode()).code == 0
    assert active(hebdo, put_back) == {"reader0@lecteurs.example.org"}


def test_a_damaged_ledger_leaves_its_log(hebdo: Hebdo, sample: Path, put_back: Path) -> None:
    ledger = sample / "var/ledger.sqlite"
    ledger.write_bytes(ledger.read_bytes()[:3000])
    assert hebdo("subscribers", "catch-up", ledger, cwd=put_back).code == 6
    assert hebdo("subscribers", "catch-up", sample, "--json", cwd=put_back).answer["data"]["taken_off"] == 1


def test_who_came_and_left_after_the_backup_is_kept_out_by_address(hebdo: Hebdo, sample: Path, put_back: Path) -> None:
    assert hebdo("subscribers", "add", "late@lecteurs.example.org", "--consent", "fair, 2026", cwd=sample).code == 0
    assert hebdo("subscribers", "remove", "late@lecteurs.example.org", cwd=sample).code == 0
    assert hebdo("subscribers", "catch-up", sample, "--json", cwd=put_back).answer["data"]["suppressed"] == 1
    assert hebdo("subscribers", "add", "late@lecteurs.example.org", "--consent", "fair, 2026", cwd=put_back).code == 6


def test_a_source_that_says_nothing_of_this_newsletter_settles_nothing(hebdo: Hebdo, put_back: Path, tmp_path: Path) -> None:
    assert hebdo("home", "claim", "--yes", cwd=put_back).code == 0
    (tmp_path / "wrong.log").write_text("nothing of interest\n")
    assert hebdo("subscribers", "catch-up", tmp_path / "wrong.log", cwd=put_back).code == 0
    (tmp_path / "access.log.1.gz").write_bytes(gzip.compress(b"packed\n"))
    packed = hebdo("subscribers", "catch-up", tmp_path / "access.log.1.gz", cwd=put_back)
    assert (packed.code, "zcat" in packed.err) == (2, True)
    own = hebdo("subscribers", "catch-up", ".", cwd=put_back)
    assert own.code == 6
    other = tmp_path / "other"
    assert hebdo("init", other, cwd=tmp_path).code == 0
    stranger = b"email\nsomebody@lecteurs.example.org\n"
    assert hebdo("subscribers", "import", "-", "--consent", "form", cwd=other, stdin=stranger).code == 0
    assert hebdo("subscribers", "catch-up", other, cwd=put_back).code == 6
    assert hebdo("send", "42", "--now", cwd=put_back).code == 4, "still asked"


def test_the_log_names_nobody(sample: Path, put_back: Path) -> None:
    del put_back
    log = sample / "var/left.log"
    assert "@" not in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_a_folder_without_either_is_said_to_have_neither(hebdo: Hebdo, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert hebdo("subscribers", "catch-up", tmp_path / "empty", cwd=sample).code == 3
    assert hebdo("subscribers", "catch-up", tmp_path / "absent", cwd=sample).code == 3


def test_a_mailing_that_the_backup_had_open_names_what_is_missing(hebdo: Hebdo, sample: Path, tmp_path: Path) -> None:
    people = b"email\nreader0@lecteurs.example.org\n"
    assert hebdo("subscribers", "import", "-", "--consent", "form, until 2026", cwd=sample, stdin=people).code == 0
    assert hebdo("schedule", "42", "--at", "2096-01-03 07:00", "--yes", cwd=sample).code == 0
    assert hebdo("backup", tmp_path / "letter.tar.gz", cwd=sample).code == 0
    shutil.rmtree(sample / "var")
    assert hebdo("restore", tmp_path / "letter.tar.gz", tmp_path / "back", cwd=tmp_path).code == 0
    assert hebdo("home", "claim", "--yes", cwd=tmp_path / "back").code == 0
    asked = hebdo("resume", "42", cwd=tmp_path / "back", lang="fr")
    assert asked.code == 4
    assert "désinscriptions depuis le " in asked.err
