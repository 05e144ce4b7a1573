"""The log of attempts: one write a batch, closed to others, turned over, thrown away in time; a disk that refuses stops nobody."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from composer.words import Words
from composer.workspace import attempt_log
from composer.workspace.attempt_log import AttemptLog, list_files, read_lines, tidy

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def said() -> list[Words]:
    return []


@pytest.fixture
def log(tmp_path: Path, said: list[Words]):
    opened = AttemptLog(tmp_path, days=90, most_bytes=1_000_000, say=said.append)
    yield opened
    opened.close()


def names(tmp_path: Path) -> list[str]:
    return [path.name for path in list_files(tmp_path)]


def test_only_its_owner_reads_it(log: AttemptLog, tmp_path: Path) -> None:
    log.write(b"one\n", now=NOON)
    assert (tmp_path / "log" / "attempts.jsonl").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o700


def test_a_day_is_a_file_and_lines_are_read_in_their_order(log: AttemptLog, tmp_path: Path) -> None:
    for day in range(3):
        log.write(b"a%d\n" % day, now=NOON + timedelta(days=day))
        log.write(b"b%d\n" % day, now=NOON + timedelta(days=day, hours=1))
    assert list(read_lines(tmp_path)) == [b"a0\n", b"b0\n", b"a1\n", b"b1\n", b"a2\n", b"b2\n"]
    assert names(tmp_path) == ["attempts-20261125T120000-000.jsonl", "attempts-20261126T120000-000.jsonl", "attempts.jsonl"]


def test_a_big_file_is_turned_over_also_twice_in_one_second(log: AttemptLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt_log, "TURN_BYTES", 10)
    for number in range(4):
        log.write(b"line %d\n" % number, now=NOON)
    assert len(names(tmp_path)) == 4
    assert b"".join(read_lines(tmp_path)) == b"line 0\nline 1\nline 2\nline 3\n"


def test_what_is_old_goes_and_of_what_is_too_much_the_oldest(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    for day in (1, 2, 3):
        path = folder / f"attempts-2026110{day}T070000-000.jsonl"
        path.write_bytes(b"x" * 400)
        moment = datetime(2026, 11, day, 7, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))
    (folder / "attempts-notes.jsonl").write_bytes(b"not ours")
    tidy(tmp_path, days=23, most_bytes=10_000, now=NOON)
    assert names(tmp_path) == ["attempts-20261102T070000-000.jsonl", "attempts-20261103T070000-000.jsonl"]
    tidy(tmp_path, days=90, most_bytes=500, now=NOON)
    assert names(tmp_path) == ["attempts-20261103T070000-000.jsonl"]
    assert (folder / "attempts-notes.jsonl").exists()


def test_an_idle_file_goes_too_and_the_next_line_has_a_new_one(log: AttemptLog, tmp_path: Path) -> None:
    log.write(b"one\n", now=NOON)
    path = tmp_path / "log" / "attempts.jsonl"
    old = (NOON - timedelta(days=100)).timestamp()
    os.utime(path, (old, old))
    tidy(tmp_path, days=90, most_bytes=10_000, now=NOON)
    assert not path.exists()
    log.write(b"two\n", now=NOON)
    assert path.read_bytes() == b"two\n"


def test_a_full_disk_is_said_once_and_its_end_too(
    log: AttemptLog, said: list[Words], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.write(b"one\n", now=NOON)
    real, full = os.write, [True]

    def write(handle: int, content: bytes) -> int:
        if full[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, content)

    monkeypatch.setattr(os, "write", write)
    for _ in range(5):
        log.write(b"two\nthree\n", now=NOON)
    assert (len(said), log.missing) == (1, 10)
    assert "le disque est plein" in said[0].fr
    full[0] = False
    log.write(b"four\n", now=NOON)
    assert len(said) == 2
    assert list(read_lines(tmp_path)) == [b"one\n", b"four\n"]


def test_a_line_that_was_cut_spoils_no_other(log: AttemptLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda handle, content: real(handle, content[:5]))
        log.write(b"one\ntwo\n", now=NOON)
    log.write(b"three\n", now=NOON)
    assert list(read_lines(tmp_path)) == [b"one\n", b"t\n", b"three\n"]


@pytest.mark.parametrize("there", ["a file", "a link"])
def test_something_else_in_its_place_stops_nobody(there: str, log: AttemptLog, said: list[Words], tmp_path: Path) -> None:
    if there == "a file":
        (tmp_path / "log").write_bytes(b"")
    else:
        (tmp_path / "log").mkdir()
        (tmp_path / "log" / "attempts.jsonl").symlink_to("/dev/null")
    log.write(b"one\n", now=NOON)
    log.write(b"two\n", now=NOON)
    assert len(said) == 1
