"""A real disk that runs full: nothing is lost, nothing leaves twice, and it goes on by itself when there is room."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import mail_server

Hebdo = Callable[..., Any]
PROJECT = Path(__file__).resolve().parents[2]
PEOPLE = 600

pytestmark = [pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="a disk of its own is mounted by root only")]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "small"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", disk], capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"no disk can be mounted here: {made.stderr}")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path) -> Path:
    """Takes the last byte."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    assert shutil.disk_usage(disk).free < 4096
    return filler


class Sink:
    """Readers' boxes and the desk's."""

    def __init__(self) -> None:
        self.readers: list[str] = []
        self.desk: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        import asyncio

        if envelope.rcpt_tos[0].startswith("desk@"):
            self.desk.append(bytes(envelope.content))
        else:
            self.readers.append(envelope.rcpt_tos[0])
            await asyncio.sleep(0.02)
        return "250 2.0.0 kept"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, dict[str, str]]]:
    kept = Sink()
    with mail_server(kept) as way:
        yield kept, {**way, "HEBDO_DESK__ALERT": "desk@example.org"}


@pytest.fixture
def letter(small: Path, hebdo: Hebdo) -> Path:
    folder = small / "lettre"
    folder.mkdir()
    shutil.copy(PROJECT / "newsletter.toml", folder)
    shutil.copytree(PROJECT / "issues", folder / "issues")
    rows = "".join(f"reader{n}@lecteurs.example.org\n" for n in range(PEOPLE))
    (folder / "people.csv").write_text("email\n" + rows, encoding="utf-8")
    assert hebdo("subscribers", "import", "people.csv", "--consent", "form, until 2026", cwd=folder).code == 0
    return folder


def until(condition: Callable[[], object], within_s: float = 120.0) -> None:
    ends_at = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < ends_at, "it did not come in time"
        time.sleep(0.05)


@pytest.mark.slow
def test_a_disk_that_fills_up_in_mid_mailing_costs_nobody_a_letter_and_the_desk_hears_of_it(
    hebdo: Hebdo, small: Path, letter: Path, sink: Any, tmp_path: Path
) -> None:
    kept, way = sink
    assert hebdo("send", "42", "--now", "--hold", "0", cwd=letter, **way).code == 0
    log = (tmp_path / "serve.log").open("wb")
    engine = subprocess.Popen(
        [sys.executable, "-m", "composer", "serve", "--port", "0", "--no-desk"],
        cwd=letter,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "HEBDO_LANG": "en", **way},
        stdout=log,
        stderr=log,
    )
    try:
        until(lambda: len(kept.readers) > 40)
        filler = fill(small)
        until(lambda: b"full" in (tmp_path / "serve.log").read_bytes())
        until(lambda: _is_still(kept))
        stopped_at = len(kept.readers)
        assert stopped_at < PEOPLE, "the mailing was over too soon to say anything"
        assert engine.poll() is None
        told_before = len(kept.desk)
        until(lambda: any(b"plein" in mail or b"full" in _text(mail) for mail in kept.desk[told_before:]), within_s=180)
        assert len(kept.readers) == stopped_at
        filler.unlink()
        until(lambda: _counts(hebdo, letter).get("submitted", 0) == PEOPLE)
    finally:
        engine.send_signal(signal.SIGTERM)
        code = engine.wait(30)
        log.close()
    assert code == 0
    assert sorted(kept.readers) == sorted(f"reader{n}@lecteurs.example.org" for n in range(PEOPLE)), "lost, or twice"
    said = (tmp_path / "serve.log").read_text()
    assert "Traceback" not in said
    assert len(said.splitlines()) < 60, "one trouble must not fill the log as well"


def _text(mail: bytes) -> bytes:
    import email
    import email.policy

    body = email.message_from_bytes(mail, policy=email.policy.default).get_body(("plain",))
    return body.get_content().encode() if body else b""


def _is_still(kept: Sink) -> bool:
    before = len(kept.readers)
    time.sleep(1.5)
    return len(kept.readers) == before


def _counts(hebdo: Hebdo, folder: Path) -> dict[str, int]:
    answered = hebdo("status", "42", "--json", cwd=folder)
    if answered.code:
        return {}
    mailing = answered.answer["data"]["mailing"]
    assert mailing["adds_up"]
    return mailing["counts"]


def test_a_backup_that_finds_no_room_leaves_nothing_behind_and_the_others_alone(
    hebdo: Hebdo, small: Path, sample: Path, tmp_path: Path
) -> None:
    assert hebdo("backup", small, cwd=sample).code == 0
    there = sorted(path.name for path in small.iterdir())
    filler = fill(small)
    refused = hebdo("backup", small, "--keep", "1", cwd=sample)
    assert refused.code == 3, refused.err
    assert "full" in refused.err
    assert "removed" in refused.err
    assert sorted(path.name for path in small.iterdir()) == sorted([*there, "filler"])
    assert not list((sample / "var").glob(".backup-*"))
    filler.unlink()
    assert hebdo("backup", small, cwd=sample).code == 0


def test_a_backup_that_finds_no_room_beside_the_ledger_says_so(hebdo: Hebdo, small: Path, letter: Path, tmp_path: Path) -> None:
    filler = fill(small)
    for ending in ((), ("--to-recipient", _public_key())):
        refused = hebdo("backup", tmp_path / "l.tar.gz", *ending, cwd=letter)
        assert refused.code == 3, refused.err
        assert "full" in refused.err
    assert not list(tmp_path.glob("*.tar.gz*"))
    assert not list((letter / "var").glob(".backup-*"))
    filler.unlink()
    assert hebdo("backup", tmp_path / "l.tar.gz", cwd=letter).code == 0


def _public_key() -> str:
    import pyrage

    return str(pyrage.x25519.Identity.generate().to_public())


def test_an_encrypted_backup_onto_a_full_disk_is_told_as_a_full_disk(hebdo: Hebdo, small: Path, sample: Path) -> None:
    fill(small)
    refused = hebdo("backup", small, "--to-recipient", _public_key(), cwd=sample)
    assert refused.code == 3, refused.err
    assert "full" in refused.err
    assert [path.name for path in small.iterdir()] == ["filler"]


def test_a_backup_that_does_not_fit_where_it_is_put_back_leaves_nothing(hebdo: Hebdo, small: Path, sample: Path, tmp_path: Path) -> None:
    assert hebdo("backup", tmp_path / "l.tar.gz", cwd=sample).code == 0
    fill(small)
    refused = hebdo("restore", tmp_path / "l.tar.gz", small / "back", cwd=tmp_path)
    assert refused.code == 3, refused.err
    assert "full" in refused.err
    assert [path.name for path in small.iterdir()] == ["filler"]


@pytest.mark.parametrize(
    "command",
    [
        ("subscribers", "import", "more.csv", "--consent", "form, until 2026"),
        ("schedule", "42", "--at", "2096-01-03 07:00", "--yes"),
        ("send", "42", "--now"),
    ],
)
def test_a_command_on_a_full_disk_changes_nothing_and_works_once_there_is_room(
    command: tuple[str, ...], hebdo: Hebdo, small: Path, letter: Path
) -> None:
    more = "".join(f"other{n}@lecteurs.example.org\n" for n in range(3000))
    (letter / "more.csv").write_text("email\n" + more, encoding="utf-8")
    before = hebdo("subscribers", "export", cwd=letter).out
    filler = fill(small)
    refused = hebdo(*command, cwd=letter)
    assert refused.code == 3, (refused.out, refused.err)
    assert "full" in refused.err
    filler.unlink()
    assert hebdo("subscribers", "export", cwd=letter).out == before
    assert hebdo("status", "42", "--json", cwd=letter).answer["data"]["mailing"] is None
    assert hebdo(*command, cwd=letter).code == 0
