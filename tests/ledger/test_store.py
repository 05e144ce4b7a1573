"""The database file: made, brought up, refused, copied."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select

from composer.deliver.doors import SendingLedger
from composer.errors import FolderError, LedgerError
from composer.ledger import Ledger, open_ledger
from composer.ledger.tables import heartbeats, metadata
from composer.ledger.upgrade import HEAD
from composer.model.edition import Edition, EditionPicture
from composer.model.mailing import Mailing, MailingState

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def test_the_migrations_make_the_tables_that_the_code_knows(ledger: Ledger) -> None:
    with ledger._store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_ledger_is_the_door_that_the_sender_asks_for(ledger: Ledger) -> None:
    door: SendingLedger = ledger
    assert door.running_mailings(now=NOON) == ()


def test_a_committed_row_survives_a_power_cut(ledger: Ledger) -> None:
    with ledger._store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_only_its_owner_reads_it(ledger: Ledger) -> None:
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600


def test_instants_come_back_aware_and_naive_ones_are_refused(ledger: Ledger) -> None:
    paris = timezone(timedelta(hours=1))
    with ledger._store.writing() as connection:
        connection.execute(insert(heartbeats).values(worker="w", seen_at=NOON.astimezone(paris)))
        assert connection.execute(select(heartbeats.c.seen_at)).scalar_one() == NOON
    with pytest.raises(Exception, match="aware"), ledger._store.writing() as connection:
        connection.execute(insert(heartbeats).values(worker="v", seen_at=NOON.replace(tzinfo=None)))


def test_a_failed_transaction_leaves_nothing(ledger: Ledger) -> None:
    def half_done() -> None:
        with ledger._store.writing() as connection:
            connection.execute(insert(heartbeats).values(worker="w", seen_at=NOON))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    assert ledger.clocks.last_seen() is None


@pytest.mark.parametrize("content", [b"ceci n'est pas une base", b"\x00" * 5000, b"x" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hebdo.sqlite"
    path.write_bytes(content)
    with pytest.raises(LedgerError) as refused:
        open_ledger(path)
    assert refused.value.where == str(path)
    assert path.read_bytes() == content


def test_somebody_else_s_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hebdo.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recettes (id INTEGER)")
    connection.close()
    with pytest.raises(LedgerError):
        open_ledger(path)


def test_a_ledger_of_a_newer_hebdo_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hebdo.sqlite"
    open_ledger(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(LedgerError):
        open_ledger(path)
    assert HEAD < "9999"


def test_a_folder_in_the_place_of_the_ledger_is_told(tmp_path: Path) -> None:
    with pytest.raises(FolderError):
        open_ledger(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FolderError):
        open_ledger(tmp_path / "var" / "hebdo.sqlite")


def test_two_processes_may_make_the_same_ledger_at_once(tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; from composer.ledger import open_ledger; open_ledger(Path(sys.argv[1])).close()"
    path = str(tmp_path / "hebdo.sqlite")
    started = [subprocess.Popen([sys.executable, "-c", program, path], stderr=subprocess.PIPE) for _ in range(3)]
    assert [(one.communicate()[1], one.returncode) for one in started] == [(b"", 0)] * 3


# A copy.


def copy_of(ledger: Ledger, folder: Path) -> Path:
    folder.mkdir(parents=True)
    ledger.close()
    return Path(shutil.copy(ledger.path, folder / "hebdo.sqlite"))


def test_a_copied_ledger_can_be_read_and_sends_nothing(ledger: Ledger, launched: Callable[[int], Mailing], tmp_path: Path) -> None:
    mailing = launched(3)
    with open_ledger(copy_of(ledger, tmp_path / "ailleurs")) as copy:
        assert not copy.home.is_here
        assert copy.running_mailings(now=NOON) == ()
        assert copy.mailings.figures(mailing.id)
        with pytest.raises(LedgerError) as refused:
            copy.claim(mailing.id, worker="w", limit=1, lease_s=60, now=NOON)
        assert refused.value.hint
        assert "hebdo home claim" in refused.value.hint.fr


def test_a_copy_that_is_claimed_holds_what_was_under_way(ledger: Ledger, launched: Callable[[int], Mailing], tmp_path: Path) -> None:
    mailing = launched(3)
    path = copy_of(ledger, tmp_path / "ailleurs")
    with open_ledger(path) as copy:
        assert copy.home.claim(now=NOON, reason=lambda _: "repris") == ("2026-11-26-puces",)
        assert copy.home.claim(now=NOON, reason=lambda _: "repris") == ()
        held = copy.mailings.get(mailing.id)
        assert held
        assert (held.state, held.reason_code) == (MailingState.HELD, "claimed")
    with open_ledger(path) as again:
        assert again.home.is_here


def test_a_container_keeps_its_home_by_name(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy_of(ledger, tmp_path / "ailleurs")
    monkeypatch.setenv("HEBDO_HOME_ID", "lettre-1")
    with open_ledger(path) as named:
        assert not named.home.is_here
        named.home.claim(now=NOON, reason=lambda _: "repris")
    moved = path.rename(tmp_path / "encore-ailleurs.sqlite")
    with open_ledger(moved) as same:
        assert same.home.is_here
    monkeypatch.setenv("HEBDO_HOME_ID", "lettre-2")
    with open_ledger(moved) as other:
        assert not other.home.is_here


def test_a_path_through_a_link_is_the_same_home(ledger: Ledger, tmp_path: Path) -> None:
    link = tmp_path / "lien"
    link.symlink_to(ledger.path.parent)
    with open_ledger(link / ledger.path.name) as same:
        assert same.home.is_here


# What was sealed.


def test_a_sealed_edition_comes_back_byte_for_byte(ledger: Ledger) -> None:
    picture = EditionPicture(name="a" * 64 + ".jpg", source="images/une.jpg", content=b"\xff\xd8\x00", width=2, height=1)
    edition = Edition(
        issue_id="n",
        number=12,
        subject="L’objet – été",
        preheader="Et aussi\u00a0: …",
        html="<!doctype html>\n<p>\u202f👩\u200d💻 é</p>\n",
        text="texte\n",
        pictures=(picture, picture),
        field_prefix="HBabc",
        digest="d" * 64,
        theme="classique",
        lang="fr",
        made_with=(("mjml", "1.4.2"),),
    )
    ledger.editions.seal(edition, now=NOON)
    ledger.editions.seal(edition, now=NOON)
    assert ledger.editions.get("n", "d" * 64) == edition
    assert ledger.editions.picture(picture.name) == picture.content
    assert ledger.editions.get("n", "e" * 64) is None
    assert ledger.editions.picture("x") is None


def test_proofs_are_numbered_per_issue(ledger: Ledger) -> None:
    numbers = [ledger.proofs.add(issue_id=issue, digest="d", sent_to=["a@exemple.fr"], now=NOON).number for issue in "aab"]
    assert numbers == [1, 2, 1]
    assert [proof.number for proof in ledger.proofs.of_issue("a")] == [2, 1]
    ledger.proofs.approve(issue_id="a", digest="d", approver="Camille", now=NOON)
    ledger.proofs.approve(issue_id="a", digest="d", approver="Camille", now=NOON)
    assert ledger.proofs.approvers("a", "d") == ("Camille",)
    assert ledger.proofs.approvers("a", "e") == ()


def test_many_processes_that_launch_at_once_launch_once(ledger: Ledger, people: Callable[[int], None]) -> None:
    people(300)
    mailing = ledger.mailings.add(issue_id="n", digest="d" * 64, due_at=NOON, now=NOON)
    assert mailing
    program = """
import sys
from datetime import datetime
from pathlib import Path
from composer.deliver.choose import AudienceRule
from composer.ledger import open_ledger
with open_ledger(Path(sys.argv[1])) as ledger:
    done = ledger.mailings.launch(int(sys.argv[2]), rule=AudienceRule(issue_id="n"), worker=sys.argv[3], message_domain="x.fr", now=datetime.fromisoformat(sys.argv[4]))
    print(int(done is not None))
"""
    command = [sys.executable, "-c", program, str(ledger.path), str(mailing.id)]
    started = [subprocess.Popen([*command, str(n), NOON.isoformat()], stdout=subprocess.PIPE, text=True) for n in range(4)]
    assert sorted(one.communicate()[0].strip() for one in started) == ["0", "0", "0", "1"]
    figures = ledger.mailings.figures(mailing.id)
    assert figures
    assert figures.adds_up
    assert figures.mailing.audience == 300


# An old one, put back.


def test_a_ledger_put_back_from_a_backup_sends_nothing_until_it_is_claimed(
    ledger: Ledger, launched: Callable[[int], Mailing], tmp_path: Path
) -> None:
    mailing = launched(3)
    ledger.home.turn()
    ledger.close()
    backup = shutil.copy(ledger.path, tmp_path / "sauvegarde")
    with open_ledger(ledger.path) as later:
        later.home.turn()
    shutil.copy(backup, ledger.path)
    with open_ledger(ledger.path) as restored:
        assert not restored.home.is_here
        assert restored.running_mailings(now=NOON) == ()
        with pytest.raises(LedgerError) as refused:
            restored.home.require()
        assert "sauvegarde" in refused.value.message.fr
        assert restored.home.claim(now=NOON, reason=lambda _: "repris") == ("2026-11-26-puces",)
        held = restored.mailings.get(mailing.id)
        assert held
        assert held.state is MailingState.HELD
    with open_ledger(ledger.path) as claimed:
        assert claimed.home.is_here


def test_a_crash_between_ledger_and_mark_is_no_restored_backup(ledger: Ledger) -> None:
    ledger.home.turn()
    mark = ledger.path.with_name(ledger.path.name + ".mark")
    before = mark.read_text(encoding="ascii")
    ledger.home.turn()
    mark.write_text(before, encoding="ascii")
    with open_ledger(ledger.path) as again:
        assert again.home.is_here
    mark.unlink()
    with open_ledger(ledger.path) as again:
        assert again.home.is_here


def test_a_new_ledger_beside_an_old_mark_is_at_home(ledger: Ledger) -> None:
    ledger.home.turn()
    ledger.close()
    for file in ledger.path.parent.glob("hebdo.sqlite*"):
        if not file.name.endswith(".mark"):
            file.unlink()
    with open_ledger(ledger.path) as new:
        assert new.home.is_here


def test_many_new_ledgers_are_made_at_once_in_one_process(tmp_path: Path) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        opened = list(pool.map(lambda n: open_ledger(tmp_path / f"{n}.sqlite", now=NOON), range(16)))
    for ledger in opened:
        with ledger:
            assert ledger.mailings.add(issue_id="n", digest="d" * 64, due_at=NOON, now=NOON)


def test_opening_it_again_keeps_the_locks_so_that_nobody_else_takes_the_wal_away(tmp_path):
    path = tmp_path / "ledger.sqlite"
    close_elsewhere = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM home').fetchone(); c.close()"
    with open_ledger(path) as ledger:
        ledger.clocks.last_seen()
        with open_ledger(path):
            pass
        subprocess.run([sys.executable, "-c", close_elsewhere, str(path)], check=True)
        assert path.with_name("ledger.sqlite-wal").exists(), "whoever closes elsewhere is not the last one"
        ledger.clocks.last_seen()
