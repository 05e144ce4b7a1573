"""From every released shape to the present one, and back: nothing is lost, whatever happens on the way."""

from __future__ import annotations

import fcntl
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from composer.errors import Conflict, FolderError, LedgerError, UsageError
from composer.ledger import open_ledger
from composer.ledger.copies import check_copy
from composer.ledger.store import open_store
from composer.ledger.upgrade import HEAD, SENDER_LOCK, bring_back, engine_runs, revisions
from composer.model.mailing import DeliveryState, MailingState
from composer.words import Words

NOON = datetime(2026, 11, 19, 14, 0, tzinfo=UTC)
SCHEMAS = Path(__file__).with_name("schemas")
RELEASED = sorted(path.stem for path in SCHEMAS.glob("*.sql"))
PROJECT = Path(__file__).resolve().parents[2]


def old_ledger(folder: Path, shape: str, *, more_deliveries: int = 0) -> Path:
    path = folder / "var" / "ledger.sqlite"
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((SCHEMAS / f"{shape}.sql").read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
        if more_deliveries:
            many(connection, more_deliveries)
    return path


def many(connection: sqlite3.Connection, count: int) -> None:
    connection.execute(
        """WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 999 + ?)
           INSERT INTO subscribers (id, email, email_key, token, created_at)
           SELECT i, 'p' || i || '@exemple.fr', 'p' || i || '@exemple.fr', lower(hex(randomblob(16))), '2026-11-19 12:00:00.000000' FROM n""",
        (count,),
    )
    connection.execute(
        """INSERT INTO deliveries (mailing_id, subscriber_id, email, email_key, message_key, state, retry_at, due_at, updated_at)
           SELECT 1, id, email, email_key, lower(hex(randomblob(16))), 'submitted', created_at, created_at, created_at
           FROM subscribers WHERE id >= 1000"""
    )
    connection.execute("UPDATE mailings SET audience = audience + ? WHERE id = 1", (count,))
    connection.commit()


def rows(path: Path, *, of: Path | None = None) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in the columns that the ledger ``of`` has; the shape itself aside."""
    with closing(sqlite3.connect(of or path)) as known:
        columns = {table: [row[1] for row in known.execute(f"PRAGMA table_info({table})")] for table in tables(known)}
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: sorted(connection.execute(f"SELECT {', '.join(names)} FROM {table}"), key=repr)
            for table, names in columns.items()
            if table != "alembic_version"
        }


def tables(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]


def shape(path: Path) -> dict[str, object]:
    """What a database is made of, however its statements were once written."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: (
                sorted(row[1:] for row in connection.execute(f"PRAGMA table_info({table})")),
                sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list({table})")),
                sorted(
                    (unique, partial, [row[2] for row in connection.execute(f"PRAGMA index_info({name})")], statement_of(connection, name))
                    for _, name, unique, _, partial in connection.execute(f"PRAGMA index_list({table})")
                ),
            )
            for table in tables(connection)
        }


def statement_of(connection: sqlite3.Connection, index: str) -> str:
    return connection.execute("SELECT ifnull(sql, '') FROM sqlite_schema WHERE name = ?", (index,)).fetchone()[0]


def kept_of(path: Path) -> list[Path]:
    return sorted((path.parent / "backups").glob("*"))


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    path = tmp_path / "fresh.sqlite"
    open_ledger(path).close()
    return path


@contextmanager
def an_engine(path: Path) -> Iterator[None]:
    """What a sender does to the ledger's folder as long as it runs."""
    with path.with_name(SENDER_LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_every_shape_but_the_present_one_has_a_ledger_of_its_own_here() -> None:
    assert [*RELEASED, HEAD] == [*revisions()]


@pytest.mark.parametrize("released", RELEASED)
def test_a_released_ledger_keeps_every_row_and_becomes_what_a_new_one_is(tmp_path: Path, fresh: Path, released: str) -> None:
    path = old_ledger(tmp_path, released)
    before = rows(path)
    said: list[Words] = []
    with open_ledger(path, say=said.append) as ledger:
        figures = [ledger.mailings.figures(number) for number in (1, 2, 3)]
    assert rows(path, of=kept_of(path)[0]) == before
    assert shape(path) == shape(fresh)
    assert check_copy(path).revision == HEAD  # integrity and foreign keys
    assert [found.mailing.state for found in figures if found] == [MailingState.FINISHED, MailingState.RUNNING, MailingState.SCHEDULED]
    assert all(found.adds_up for found in figures if found)
    assert dict(figures[1].counts)[DeliveryState.SUBMITTING] == 2
    assert len(said) == 1
    assert str(kept_of(path)[0]) in said[0].fr


@pytest.mark.parametrize("released", RELEASED)
def test_the_ledger_of_before_is_kept_whole_and_sends_nothing_by_itself(tmp_path: Path, released: str) -> None:
    path = old_ledger(tmp_path, released)
    before = rows(path)
    open_ledger(path, say=lambda _: None).close()
    (kept,) = kept_of(path)
    assert kept.stat().st_mode & 0o777 == 0o600
    facts = check_copy(kept)
    assert facts.revision == released
    assert facts.taken_at
    its_own = {"home", "heartbeats"}  # a copy lives nowhere, and no engine runs in it
    assert {table: found for table, found in rows(kept).items() if table not in its_own} == {
        table: found for table, found in before.items() if table not in its_own
    }


@pytest.mark.parametrize("released", RELEASED)
def test_a_ledger_given_back_to_an_older_hebdo_has_its_shape_and_all_that_it_knew(tmp_path: Path, released: str) -> None:
    path = old_ledger(tmp_path, released)
    pristine = old_ledger(tmp_path / "again", released)
    open_ledger(path, say=lambda _: None).close()
    with closing(sqlite3.connect(path)) as connection:
        if released < "0002":
            connection.execute("INSERT INTO corrections (issue_id, digest, corrected_at) VALUES ('n', 'd', '2026-11-20 12:00:00.000000')")
            connection.execute("UPDATE notices SET detail = 'des chiffres'")
        connection.execute("UPDATE mailings SET plan = '{\"pause_min\": 30}' WHERE id = 1")
        connection.commit()
    store = open_store(path)
    kept = bring_back(store.engine, path, released)
    store.close()
    assert kept
    assert check_copy(kept).revision == HEAD
    assert rows(path) == rows(pristine)
    assert shape(path) == shape(pristine)
    assert check_copy(path).revision == released


def test_a_ledger_goes_back_and_forth_many_times(tmp_path: Path) -> None:
    path = old_ledger(tmp_path, RELEASED[0])
    before = rows(path)
    for _ in range(4):
        store = open_store(path, say=lambda _: None)
        bring_back(store.engine, path, RELEASED[0])
        store.close()
    assert rows(path) == before
    assert 0 < len(kept_of(path)) <= 3, "ledgers of before do not pile up"


def test_a_correction_that_waits_is_not_left_to_a_hebdo_that_would_send_it_to_everybody(tmp_path: Path) -> None:
    path = old_ledger(tmp_path, "0001")
    store = open_store(path, say=lambda _: None)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE mailings SET correction_of = '2026-11-12-puces' WHERE id = 3")
        connection.commit()
    with pytest.raises(Conflict, match="correction"):
        bring_back(store.engine, path, "0001")
    store.close()
    assert check_copy(path).revision == HEAD


@pytest.mark.parametrize("released", RELEASED)
def test_a_plan_that_waits_is_not_left_to_a_hebdo_that_would_send_to_everybody_at_once(tmp_path: Path, released: str) -> None:
    path = old_ledger(tmp_path, released)
    store = open_store(path, say=lambda _: None)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute('UPDATE mailings SET plan = \'{"first": "1%"}\' WHERE id = 3')
        connection.commit()
    with pytest.raises(Conflict, match="first slice"):
        bring_back(store.engine, path, released)
    store.close()
    assert check_copy(path).revision == HEAD


@pytest.mark.parametrize("to", ["0000", "9999", "", "../0001"])
def test_a_shape_that_is_none_is_refused_with_those_there_are(tmp_path: Path, to: str) -> None:
    store = open_store(tmp_path / "ledger.sqlite")
    with pytest.raises(UsageError) as refused:
        bring_back(store.engine, store.path, to)
    store.close()
    assert refused.value.hint
    assert "0001" in refused.value.hint.fr


def test_nothing_changes_shape_under_a_running_engine(tmp_path: Path) -> None:
    path = old_ledger(tmp_path, RELEASED[0])
    with an_engine(path):
        assert engine_runs(path)
        with pytest.raises(LedgerError, match="engine"):
            open_ledger(path)
    assert not engine_runs(path)
    assert check_copy(path).revision == RELEASED[0]
    open_ledger(path, say=lambda _: None).close()
    with an_engine(path):
        store = open_store(path)
        with pytest.raises(LedgerError, match="engine"):
            bring_back(store.engine, path, RELEASED[0])
        store.close()
    assert check_copy(path).revision == HEAD


CHILD = """
import os, signal, sys
from pathlib import Path
import composer.ledger.upgrade as upgrade
from alembic import op
from composer.ledger import open_ledger

real = op.create_index
def cut(*arguments, **more):
    real(*arguments, **more)
    if sys.argv[2] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise ZeroDivisionError
op.create_index = cut
open_ledger(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("how", ["kill", "fail"])
def test_a_step_that_is_cut_off_in_its_middle_leaves_the_ledger_as_it_was(tmp_path: Path, how: str) -> None:
    path = old_ledger(tmp_path, "0001")
    before, made_of = rows(path), shape(path)
    ended = subprocess.run([sys.executable, "-c", CHILD, str(path), how], capture_output=True, check=False, cwd=PROJECT)
    assert ended.returncode == (-signal.SIGKILL if how == "kill" else 1), ended.stderr
    assert rows(path) == before
    assert shape(path) == made_of
    assert check_copy(path).revision == "0001"
    open_ledger(path, say=lambda _: None).close()
    assert check_copy(path).revision == HEAD


def test_without_room_for_the_ledger_of_before_nothing_is_changed(tmp_path: Path) -> None:
    path = old_ledger(tmp_path, "0001")
    program = "import sys; from pathlib import Path; from composer.ledger import open_ledger; open_ledger(Path(sys.argv[1]))"

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    ended = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False, cwd=PROJECT, preexec_fn=small
    )
    assert FolderError.__name__ in ended.stderr
    assert "cannot be kept, so nothing is changed" in ended.stderr
    assert check_copy(path).revision == "0001"
    assert kept_of(path) == []


def test_two_processes_that_open_an_old_ledger_at_once_change_it_once(tmp_path: Path) -> None:
    path = old_ledger(tmp_path, "0001", more_deliveries=5000)
    program = "import sys; from pathlib import Path; from composer.ledger import open_ledger; open_ledger(Path(sys.argv[1]), say=lambda words: print(words.en)).close()"
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT)
        for _ in range(4)
    ]
    ended = [(one.communicate(), one.returncode) for one in started]
    assert [code for _, code in ended] == [0] * 4, ended
    assert sum("Ledger brought from 0001" in out for (out, _), _ in ended) == 1
    assert len(kept_of(path)) == 1


def test_a_newer_ledger_names_the_command_that_gives_it_back(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    open_ledger(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(LedgerError) as refused:
        open_ledger(path)
    assert refused.value.hint
    assert f"hebdo home downgrade --to {HEAD}" in refused.value.hint.fr


@pytest.mark.slow
def test_two_hundred_thousand_deliveries_change_shape_within_seconds(tmp_path: Path) -> None:
    path = old_ledger(tmp_path, "0001", more_deliveries=200_000)
    began = time.monotonic()
    with open_ledger(path, say=lambda _: None) as ledger:
        took_s = time.monotonic() - began
        figures = ledger.mailings.figures(1)
    assert figures
    assert figures.adds_up
    assert figures.mailing.audience == 200_060
    assert took_s < 60, f"{took_s:.1f} s"
    print(f"200,000 deliveries: {took_s:.1f} s, {path.stat().st_size / 1e6:.0f} MB")  # noqa: T201 - a figure for docs/deploy.md
