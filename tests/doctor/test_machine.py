"""The machine, its clock and the engine on it are measured and judged; measuring leaves no trace."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.check.doctor.engine import EngineSight, judge_engine
from composer.check.doctor.machine import judge_clock, judge_machine
from composer.check.doctor.sight import MachineSight
from composer.ledger import open_ledger
from composer.ledger.soundness import find_damage
from composer.outside.machine import measure_machine, own_addresses
from composer.words import Words

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
FINE = MachineSight(
    python=(3, 13, 1),
    sqlite=(3, 45, 0),
    zones_version="2026c",
    free_bytes=80_000_000_000,
    filesystem="ext4",
    user="hebdo",
    memory_free_bytes=2_000_000_000,
    files_limit=1024,
)


def codes(sight):
    return {one.code for one in judge_machine(sight, zone="Europe/Paris", now=NOW)}


def test_a_good_machine_passes():
    assert codes(FINE) == {"zone-ok", "disk-ok", "folder-ok", "versions-ok"}


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("zone-missing", {"zones_known": False}),
        ("zone-old", {"zones_version": "2019b"}),
        ("disk-low", {"free_bytes": 400_000_000}),
        ("disk-low", {"free_bytes": 5_000_000_000, "ledger_bytes": 2_000_000_000}),
        ("disk-full", {"free_bytes": 1_000_000}),
        ("disk-full", {"free_bytes": 1_000_000_000, "ledger_bytes": 2_000_000_000}),
        ("filesystem-network", {"filesystem": "nfs4"}),
        ("filesystem-network", {"filesystem": "fuse.sshfs"}),
        ("filesystem-memory", {"filesystem": "tmpfs"}),
        ("folder-readonly", {"writable": False}),
        ("folder-open", {"open_to_others": ("var/ledger.sqlite",)}),
        ("folder-owner", {"owned_by_others": ("var/mail.key",)}),
        ("memory-low", {"memory_free_bytes": 90_000_000}),
        ("files-limit", {"files_limit": 64}),
        ("python-old", {"python": (3, 11, 9)}),
        ("sqlite-old", {"sqlite": (3, 31, 1)}),
    ],
)
def test_what_is_wrong_with_a_machine_is_named(code, change):
    later = NOW + timedelta(days=500) if code == "python-old" else NOW
    assert code in {one.code for one in judge_machine(replace(FINE, **change), zone="Europe/Paris", now=later)}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ([], "clock-unknown"),
        ([("mail.exemple.fr", "mail.exemple.fr ESMTP Postfix")], "clock-unknown"),
        ([("mail", format_datetime(NOW))], "clock-ok"),
        ([("mail", f"mail ESMTP Exim 4.96 {format_datetime(NOW + timedelta(seconds=20))}")], "clock-ok"),
        ([("mail", f"mail ESMTP Sendmail 8.17; {format_datetime(NOW - timedelta(seconds=90))}")], "clock-wrong"),
        ([("page", format_datetime(NOW)), ("mail", format_datetime(NOW + timedelta(hours=1)))], "clock-wrong"),
    ],
)
def test_the_clock_is_held_against_those_of_servers(said, code):
    assert judge_clock(said, NOW).code == code


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=80)), max_size=4))
def test_nothing_that_a_server_says_breaks_the_clock(said):
    assert judge_clock(said, NOW).code.startswith("clock-")


ENGINE = EngineSight(has_ledger=True, damage=(), beat_at=NOW - timedelta(seconds=10), alive=True)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {"ledger-ok", "home-ok", "engine-ok"}),
        ({"has_ledger": False}, {"ledger-none"}),
        ({"damage": ("row 7 missing",)}, {"ledger-damaged"}),
        ({"damage": None}, {"ledger-unread", "home-ok", "engine-ok"}),
        ({"at_home": Words(fr="copie", en="copy")}, {"ledger-ok", "home-elsewhere", "engine-ok"}),
        ({"beat_at": NOW - timedelta(seconds=138)}, {"ledger-ok", "home-ok", "engine-quiet"}),
        ({"alive": False}, {"ledger-ok", "home-ok", "engine-stopped"}),
    ],
)
def test_ledger_and_engine_are_judged(change, expected):
    assert {one.code for one in judge_engine(replace(ENGINE, **change), NOW)} == expected


def test_an_engine_that_does_not_run_is_an_error_where_somebody_waits_for_it():
    idle, awaited = (replace(ENGINE, alive=False, waiting=waiting) for waiting in (0, 2))
    assert [one.level for one in judge_engine(idle, NOW)][-1] == "advice"
    assert [one.level for one in judge_engine(awaited, NOW)][-1] == "error"


def test_this_machine_is_measured_without_a_trace(tmp_path):
    var = tmp_path / "var"
    var.mkdir()
    ledger = var / "ledger.sqlite"
    ledger.write_bytes(b"x" * 1000)
    ledger.chmod(0o644)
    key = var / "mail.key"
    key.write_bytes(b"k")
    key.chmod(0o600)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    sight = measure_machine(tmp_path, ledger=ledger, private=[ledger, key], zone="Europe/Paris")
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    assert sight.python == sys.version_info[:3]
    assert sight.zones_known
    assert sight.open_to_others == ("var/ledger.sqlite",)
    assert sight.ledger_bytes == 1000
    assert sight.free_bytes
    assert not measure_machine(tmp_path, ledger=ledger, private=[], zone="Europe/Nowhere").zones_known
    assert not measure_machine(tmp_path / "gone", ledger=tmp_path / "gone" / "x", private=[], zone="UTC").writable


@pytest.mark.skipif(not Path("/proc/self/mountinfo").exists(), reason="Linux tells its mounts there")
def test_the_kind_of_disk_is_known():
    assert measure_machine(Path("/proc"), ledger=Path("/proc/x"), private=[], zone="UTC").filesystem == "proc"


def test_own_addresses_are_addresses():
    assert all(address.replace(":", "").replace(".", "") for address in own_addresses())


def test_a_sound_ledger_is_found_sound_and_a_damaged_one_is_not(tmp_path):
    path = tmp_path / "ledger.sqlite"
    open_ledger(path).close()
    assert find_damage(path, limit_s=5) == ()
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 5] = b"\xff" * 8192
    path.write_bytes(content)
    assert find_damage(path, limit_s=5)
    path.write_bytes(b"not a database at all" * 100)
    assert find_damage(path, limit_s=5)


def test_a_large_ledger_is_not_waited_for(tmp_path):
    path = tmp_path / "large.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.executemany("INSERT INTO t VALUES (?)", ((f"{number}" * 20,) for number in range(20_000)))
        connection.commit()
    assert find_damage(path, limit_s=-1) is None
