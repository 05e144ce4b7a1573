"""A backup taken at any moment is whole, tells what it holds, and once put back sends nothing that nobody asked for."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from composer.ledger import open_ledger
from composer.ledger.home import place_of
from composer.workflow.backup_places import choose_place, partial_of, thin_out
from composer.workflow.restoring import BUILDING, OWNER
from composer.workspace import open_workspace

from .conftest import mail_server

Hebdo = Callable[..., Any]
PROJECT = Path(__file__).resolve().parents[2]
ISSUE = "2026-11-26-moulin"
MANIFEST = "hebdo-backup.json"


class Sink:
    """Everything that ever left, by its Message-ID; slow when asked, so that a mailing has a middle."""

    def __init__(self) -> None:
        self.message_ids: list[str] = []
        self.wait_s = 0.0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        import asyncio

        await asyncio.sleep(self.wait_s)
        found = re.search(rb"Message-ID: <([^>]+)>", envelope.content)
        assert found
        self.message_ids.append(found[1].decode())
        return "250 2.0.0 kept"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, dict[str, str]]]:
    kept = Sink()
    with mail_server(kept) as way:
        yield kept, way


@pytest.fixture
def with_readers(hebdo: Hebdo, sample: Path) -> Callable[[int], Path]:
    def make(people: int) -> Path:
        rows = "".join(f"reader{n}@lecteurs.example.org,Lectrice {n}\n" for n in range(people))
        (sample / "people.csv").write_text("email,name\n" + rows, encoding="utf-8")
        assert hebdo("subscribers", "import", "people.csv", "--consent", "form, until 2026", cwd=sample).code == 0
        return sample

    return make


@pytest.fixture
def serving() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []

    def start(cwd: Path, way: dict[str, str]) -> subprocess.Popen[bytes]:
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "composer", "serve", "--port", "0"],
                cwd=cwd,
                env={**os.environ, "PYTHONPATH": str(PROJECT), **way},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


def until(condition: Callable[[], object], within_s: float = 60.0) -> None:
    ends_at = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < ends_at, "it did not come in time"
        time.sleep(0.02)


def counts(hebdo: Hebdo, folder: Path) -> dict[str, int]:
    mailing = hebdo("status", "42", "--json", cwd=folder).answer["data"]["mailing"]
    assert mailing["adds_up"]
    return mailing["counts"] | {"audience": mailing["audience"]}


def put_back(hebdo: Hebdo, file: Path, folder: Path) -> Path:
    restored = hebdo("restore", file, folder, cwd=file.parent)
    assert restored.code == 0, restored.err
    return folder


@pytest.mark.slow
def test_backups_in_mid_mailing_stop_nobody_and_each_comes_back_whole(
    hebdo: Hebdo, with_readers: Callable[[int], Path], sink: Any, serving: Any, tmp_path: Path
) -> None:
    kept, way = sink
    folder, target, people = with_readers(3000), tmp_path / "disk", 3000
    target.mkdir()
    kept.wait_s = 0.005
    assert hebdo("send", "42", "--now", "--hold", "0", cwd=folder, **way).code == 0
    engine = serving(folder, way)
    until(lambda: len(kept.message_ids) > 50)
    taken = []
    while len(kept.message_ids) < people:
        made = hebdo("backup", target, "--json", cwd=folder)
        assert made.code == 0, made.out + made.err
        taken.append(Path(made.answer["data"]["file"]))
    until(lambda: counts(hebdo, folder)["submitted"] == people)
    engine.send_signal(signal.SIGTERM)
    assert engine.wait(20) == 0
    assert len(kept.message_ids) == len(set(kept.message_ids)) == people
    assert len(taken) >= 3, "the mailing was over too soon to say anything"
    waiting = []
    for number, file in enumerate([*taken[:: -(-len(taken) // 6)], taken[-1]]):
        there = counts(hebdo, put_back(hebdo, file, tmp_path / f"back{number}"))
        assert there["audience"] == people
        waiting.append(there["pending"])
    assert waiting == sorted(waiting, reverse=True)
    assert waiting[0] > waiting[-1]


def _is_still(kept: Sink) -> bool:
    before = len(kept.message_ids)
    time.sleep(1.0)
    return len(kept.message_ids) == before


@pytest.fixture
def mid_mailing(
    hebdo: Hebdo, with_readers: Callable[[int], Path], sink: Any, serving: Any, tmp_path: Path
) -> tuple[Path, Path, Sink, dict[str, str]]:
    """A machine that was lost in the middle of a mailing, some time after its last backup."""
    kept, way = sink
    folder, target = with_readers(400), tmp_path / "disk"
    target.mkdir()
    kept.wait_s = 0.02
    assert hebdo("send", "42", "--now", "--hold", "0", cwd=folder, **way).code == 0
    engine = serving(folder, way)
    until(lambda: len(kept.message_ids) > 40)
    made = hebdo("backup", target, "--json", cwd=folder)
    assert made.code == 0, made.err
    left = len(kept.message_ids)
    until(lambda: len(kept.message_ids) > left + 40)
    engine.kill()
    engine.wait()
    until(lambda: _is_still(kept))  # the sender's own process ends what is on the wire
    kept.wait_s = 0.0
    return folder, Path(made.answer["data"]["file"]), kept, way


@pytest.mark.parametrize("where", ["elsewhere", "the same path", "the same name of home"])
def test_a_backup_of_mid_mailing_put_back_sends_nothing_and_loses_nothing(
    where: str, hebdo: Hebdo, mid_mailing: Any, tmp_path: Path
) -> None:
    folder, file, kept, way = mid_mailing
    place, around = tmp_path / "elsewhere", way
    if where == "the same path":
        folder.rename(tmp_path / "broken")
        place = folder
    if where == "the same name of home":
        around = {**way, "HEBDO_HOME_ID": "lettre"}
    put_back(hebdo, file, place)
    left = len(kept.message_ids)
    for command in (
        ("serve", "--port", "0"),
        ("worker", "--until-idle"),
        ("schedule", "42", "--at", "2096-01-03 07:00", "--yes"),
        ("send", "42", "--now", "--yes"),
        ("resume", "42", "--yes"),
        ("retry", "42", "--failed"),
    ):
        refused = hebdo(*command, cwd=place, **around)
        assert refused.code == 6, (command, refused.err)
        assert "`hebdo home claim`" in refused.err
        assert "backup of" in refused.err
    assert len(kept.message_ids) == left
    before = counts(hebdo, place)
    assert before["pending"] > 0

    asked = hebdo("home", "claim", cwd=place, **around)
    assert asked.code == 4
    assert ISSUE in asked.err
    assert f"{before['pending']} deliveries to make" in asked.err
    assert hebdo("home", "claim", "--yes", cwd=place, **around).code == 0
    claimed = hebdo("status", "42", "--json", cwd=place, **around).answer["data"]
    assert (claimed["home"], claimed["mailing"]["state"], claimed["mailing"]["reason_code"]) == (True, "held", "restored")
    assert claimed["mailing"]["counts"]["uncertain"] == before["submitting"]
    assert claimed["mailing"]["counts"]["pending"] == before["pending"]
    idle = hebdo("worker", "--until-idle", cwd=place, **around)
    assert idle.code == 5, idle.err
    assert len(kept.message_ids) == left, "a claim alone sends nothing"

    warned = hebdo("resume", "42", cwd=place, **around)
    assert warned.code == 4
    assert f"up to {before['pending']}" in warned.err
    assert f"hebdo stop {ISSUE}" in warned.err


def test_after_a_claim_exactly_those_who_waited_at_the_backup_get_it(hebdo: Hebdo, mid_mailing: Any, tmp_path: Path) -> None:
    _, file, kept, way = mid_mailing
    place = put_back(hebdo, file, tmp_path / "elsewhere")
    before, left = counts(hebdo, place), len(kept.message_ids)
    assert hebdo("home", "claim", "--yes", cwd=place, **way).code == 0
    assert hebdo("resume", "42", "--yes", cwd=place, **way).code == 0
    assert hebdo("worker", "--until-idle", cwd=place, **way).code in {0, 5}
    after = counts(hebdo, place)
    assert after["pending"] == after["submitting"] == 0
    assert after["uncertain"] == before["submitting"]
    assert len(kept.message_ids) - left == before["pending"]
    assert len(set(kept.message_ids)) + after["uncertain"] >= 400, "nobody is forgotten"


def test_what_the_mail_server_s_log_knows_does_not_leave_twice(hebdo: Hebdo, mid_mailing: Any, tmp_path: Path) -> None:
    _, file, kept, way = mid_mailing
    place = put_back(hebdo, file, tmp_path / "elsewhere")
    log = tmp_path / "mail.log"
    log.write_text(
        "".join(f"Nov 26 07:00:01 relay postfix/cleanup[12]: 4F: message-id=<{one}>\n" for one in kept.message_ids) + "garbage \x00\n"
    )
    assert hebdo("home", "claim", "--yes", cwd=place, **way).code == 0
    gone = hebdo("decide", "42", "--gone", log, "--json", cwd=place, **way)
    assert gone.code == 0, gone.err
    assert gone.answer["data"]["settled"] > 0
    assert hebdo("resume", "42", "--yes", cwd=place, **way).code == 0
    assert hebdo("worker", "--until-idle", cwd=place, **way).code in {0, 5}
    assert len(kept.message_ids) == len(set(kept.message_ids)), "somebody got it twice"
    after = counts(hebdo, place)
    assert after["submitted"] + after["uncertain"] == 400
    assert len(set(kept.message_ids)) + after["uncertain"] >= 400


def test_stop_after_a_claim_sends_nothing_more(hebdo: Hebdo, mid_mailing: Any, tmp_path: Path) -> None:
    _, file, kept, way = mid_mailing
    place = put_back(hebdo, file, tmp_path / "elsewhere")
    waited, left = counts(hebdo, place)["pending"], len(kept.message_ids)
    assert hebdo("home", "claim", "--yes", cwd=place, **way).code == 0
    stopped = hebdo("stop", "42", "--json", cwd=place, **way)
    assert stopped.answer["data"]["cancelled"] == waited
    assert hebdo("worker", "--until-idle", cwd=place, **way).code in {0, 5}
    assert len(kept.message_ids) == left


def test_a_ledger_taken_out_of_the_archive_by_hand_refuses_as_well(hebdo: Hebdo, mid_mailing: Any, tmp_path: Path) -> None:
    folder, file, kept, way = mid_mailing
    taken = tmp_path / "ledger.sqlite"
    with tarfile.open(file) as tar:
        taken.write_bytes(tar.extractfile("var/ledger.sqlite").read())  # type: ignore[union-attr]
    for name in ("ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"):
        (folder / "var" / name).unlink(missing_ok=True)
    shutil.copy(taken, folder / "var")
    left = len(kept.message_ids)
    refused = hebdo("worker", "--until-idle", cwd=folder, **way)
    assert refused.code == 6
    assert "hebdo home claim" in refused.err
    assert len(kept.message_ids) == left


# What is in it ---------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def workspace(with_readers: Callable[[int], Path], hebdo: Hebdo) -> Path:
    folder = with_readers(5)
    (folder / "stories").mkdir()
    (folder / "stories" / "attente.md").write_text("# Attente\n", encoding="utf-8")
    (folder / "sponsors").mkdir()
    (folder / "sponsors" / "bookings.csv").write_text("date,slot\n", encoding="utf-8")
    (folder / "var" / "outbox").mkdir()
    (folder / "var" / "outbox" / "a.eml").write_text("x")
    secrets = folder / "var" / "secrets.toml"
    secrets.write_text('[transport]\npassword = "entre nous"\n')
    secrets.chmod(0o600)
    assert hebdo("proof", "42", "--to", "moi@example.org", cwd=folder).code == 0  # makes the key, stores pictures
    return folder


def names(file: Path) -> set[str]:
    with tarfile.open(file) as tar:
        return set(tar.getnames())


def test_a_backup_holds_what_the_newsletter_is_and_no_secret(hebdo: Hebdo, workspace: Path, tmp_path: Path) -> None:
    made = hebdo("backup", tmp_path / "lettre.tar.gz", cwd=workspace)
    assert made.code == 0, made.err
    file = tmp_path / "lettre.tar.gz"
    assert made.out.strip() == str(file)
    assert "5 subscribers" in made.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    held = names(file)
    assert {"newsletter.toml", "var/ledger.sqlite", "var/mail.key", "stories/attente.md", "sponsors/bookings.csv", MANIFEST} <= held
    assert any(name.startswith(f"issues/{ISSUE}/images/") for name in held)
    assert any(name.startswith("var/i/") for name in held)
    assert not any("secret" in name or "outbox" in name or (name.startswith(".") and name != ".gitignore") for name in held)
    assert b"entre nous" not in gzip.decompress(file.read_bytes())
    assert not list(workspace.glob("var/.backup-*"))


def test_what_is_put_back_is_what_was_there(hebdo: Hebdo, workspace: Path, tmp_path: Path) -> None:
    assert hebdo("backup", tmp_path / "lettre.tar.gz", cwd=workspace).code == 0
    back = put_back(hebdo, tmp_path / "lettre.tar.gz", tmp_path / "back")
    for path in back.rglob("*"):
        relative = path.relative_to(back)
        if path.is_file() and relative.as_posix() != "var/ledger.sqlite":
            assert path.read_bytes() == (workspace / relative).read_bytes()
    assert stat.S_IMODE((back / "var" / "ledger.sqlite").stat().st_mode) == 0o600
    assert stat.S_IMODE((back / "var" / "mail.key").stat().st_mode) == 0o600
    both = [hebdo("subscribers", "export", cwd=folder).out for folder in (workspace, back)]
    assert both[0] == both[1]


def test_an_encrypted_one_holds_the_secrets_and_opens_with_its_key_alone(hebdo: Hebdo, workspace: Path, tmp_path: Path) -> None:
    import pyrage

    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(f"# a comment\n{key}\n")
    file = tmp_path / "lettre.tar.gz.age"
    made = hebdo("backup", file, "--to-recipient", str(key.to_public()), "--json", cwd=workspace)
    assert made.code == 0, made.out
    assert made.answer["data"]["encrypted"]
    assert b"reader1" not in file.read_bytes()
    opened = io.BytesIO()
    pyrage.decrypt_io(io.BytesIO(file.read_bytes()), opened, [key])
    with tarfile.open(fileobj=io.BytesIO(opened.getvalue())) as tar:
        assert "var/secrets.toml" in tar.getnames()
    closed = hebdo("backup", "--verify", file, cwd=tmp_path)
    assert closed.code == 3
    assert "--identity" in closed.err
    (tmp_path / "other.txt").write_text(str(pyrage.x25519.Identity.generate()))
    assert hebdo("restore", file, tmp_path / "back", "--identity", tmp_path / "other.txt", cwd=tmp_path).code == 3
    assert not (tmp_path / "back").exists()
    assert hebdo("backup", "--verify", file, "--identity", tmp_path / "key.txt", cwd=tmp_path).code == 0
    assert hebdo("restore", file, tmp_path / "back", "--identity", tmp_path / "key.txt", cwd=tmp_path).code == 0
    assert "entre nous" in (tmp_path / "back" / "var" / "secrets.toml").read_text()
    assert stat.S_IMODE((tmp_path / "back" / "var" / "secrets.toml").stat().st_mode) == 0o600


def test_the_age_tool_itself_opens_one(hebdo: Hebdo, workspace: Path, tmp_path: Path) -> None:
    if shutil.which("age") is None:
        pytest.skip("age is not on this machine: run tests/needs.sh as root")
    subprocess.run(["age-keygen", "-o", tmp_path / "key.txt"], check=True, capture_output=True)
    public = re.search(r"age1\w+", (tmp_path / "key.txt").read_text())
    assert public
    assert hebdo("backup", tmp_path / "l.tar.gz.age", "--to-recipient", public[0], cwd=workspace).code == 0
    opened = subprocess.run(["age", "-d", "-i", tmp_path / "key.txt", tmp_path / "l.tar.gz.age"], check=True, capture_output=True)
    with tarfile.open(fileobj=io.BytesIO(opened.stdout)) as tar:
        assert "newsletter.toml" in tar.getnames()


def test_a_passphrase_closes_and_opens_from_a_file_or_the_environment(hebdo: Hebdo, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "phrase.txt").write_text("moulin criée sel\nnot this line\n")
    file = tmp_path / "lettre.tar.gz.age"
    assert hebdo("backup", file, "--passphrase-file", tmp_path / "phrase.txt", cwd=workspace).code == 0
    assert hebdo("backup", "--verify", file, cwd=tmp_path, HEBDO_BACKUP_PASSPHRASE="moulin criée sel").code == 0
    assert hebdo("backup", "--verify", file, cwd=tmp_path, HEBDO_BACKUP_PASSPHRASE="wrong").code == 3
    shown = hebdo("backup", "--verify", file, "--json", cwd=tmp_path, HEBDO_BACKUP_PASSPHRASE="moulin criée sel")
    assert "moulin criée" not in shown.out + shown.err


@pytest.mark.parametrize("wrong", ["age1", "hello", "AGE-SECRET-KEY-1", "age1\n"])
def test_a_key_that_is_none_is_refused_before_anything_is_written(wrong: str, hebdo: Hebdo, workspace: Path, tmp_path: Path) -> None:
    refused = hebdo("backup", tmp_path / "l.tar.gz.age", "--to-recipient", wrong, cwd=workspace)
    assert refused.code == 2, refused.err
    assert list(tmp_path.glob("*.age*")) == []


def test_to_the_output_and_through_a_pipe(hebdo: Hebdo, workspace: Path, tmp_path: Path) -> None:
    piped = subprocess.run(
        [sys.executable, "-m", "composer", "backup", "-"],
        cwd=workspace,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        check=True,
    )
    (tmp_path / "piped.tar.gz").write_bytes(piped.stdout)
    assert hebdo("backup", "--verify", tmp_path / "piped.tar.gz", cwd=tmp_path).code == 0


def test_only_the_last_ones_are_kept_and_nothing_else_is_touched(hebdo: Hebdo, workspace: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    strangers = ["hebdo-autre-20200101T000000Z.tar.gz", "hebdo-demi-sel-notes.tar.gz", "photos.zip"]
    for name in strangers:
        (disk / name).write_text("x")
    for _ in range(5):
        made = hebdo("backup", disk, "--keep", "2", "--json", cwd=workspace)
        assert Path(made.answer["data"]["file"]).exists()
    mine = [path.name for path in disk.iterdir() if path.name not in strangers]
    assert len(mine) == 2
    assert all((disk / name).exists() for name in strangers)
    assert all(hebdo("backup", "--verify", disk / name, cwd=disk).code == 0 for name in mine)


def test_backups_of_one_second_keep_their_order_when_the_oldest_go(workspace: Path, tmp_path: Path) -> None:
    opened, disk, now = open_workspace(workspace, environ={}), tmp_path / "disk", datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
    disk.mkdir()
    for _ in range(5):
        place = choose_place(opened, str(disk), closed=False, keep=2, now=now)
        assert place is not None
        place.write_text("x")
        thin_out(place, 2)
    stem = "hebdo-demi-sel-20261126T060000Z"
    assert sorted(path.name for path in disk.iterdir()) == [f"{stem}-4.tar.gz", f"{stem}-5.tar.gz"]


def test_a_folder_that_is_not_there_and_a_file_that_is_are_both_left_alone(hebdo: Hebdo, workspace: Path, tmp_path: Path) -> None:
    absent = hebdo("backup", tmp_path / "disk", cwd=workspace)
    assert absent.code == 3
    assert "mkdir -p" in absent.err
    assert not (tmp_path / "disk").exists()
    (tmp_path / "l.tar.gz").write_text("precious")
    assert hebdo("backup", tmp_path / "l.tar.gz", cwd=workspace).code == 6
    assert (tmp_path / "l.tar.gz").read_text() == "precious"


def test_a_backup_beside_the_files_is_not_in_the_next_one(hebdo: Hebdo, sample: Path) -> None:
    assert hebdo("backup", "lettre.tar.gz", cwd=sample).code == 0
    again = hebdo("backup", "encore.tar.gz", cwd=sample)
    assert again.code == 0
    assert not names(sample / "encore.tar.gz") & {"lettre.tar.gz", "encore.tar.gz"}
    assert "not in it: lettre.tar.gz" in again.err.replace("bench, ", "")


# Putting back ----------------------------------------------------------------------------------------------------------------------------


def test_nothing_is_ever_put_back_over_something(hebdo: Hebdo, workspace: Path, tmp_path: Path) -> None:
    assert hebdo("backup", tmp_path / "l.tar.gz", cwd=workspace).code == 0
    before = {path: path.stat().st_mtime_ns for path in workspace.rglob("*")}
    refused = hebdo("restore", tmp_path / "l.tar.gz", workspace, cwd=tmp_path)
    assert refused.code == 6
    assert {path: path.stat().st_mtime_ns for path in workspace.rglob("*")} == before
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert hebdo("restore", tmp_path / "l.tar.gz", tmp_path / "link", cwd=tmp_path).code == 6
    empty = tmp_path / "volume"
    (empty / "lost+found").mkdir(parents=True)
    assert hebdo("restore", tmp_path / "l.tar.gz", empty, cwd=tmp_path).code == 0
    assert (empty / "newsletter.toml").is_file()
    assert not list(empty.glob(".restore*"))


@pytest.fixture
def good(hebdo: Hebdo, workspace: Path, tmp_path: Path) -> Path:
    assert hebdo("backup", tmp_path / "good.tar.gz", cwd=workspace).code == 0
    return tmp_path / "good.tar.gz"


def members(file: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(file) as tar:
        return [(info, tar.extractfile(info).read()) for info in tar]  # type: ignore[union-attr]


def rewrite(file: Path, change: Callable[[list[tuple[tarfile.TarInfo, bytes]], dict[str, Any]], None]) -> Path:
    """A backup that somebody else made: ``change`` edits its members and its manifest."""
    found = members(file)
    manifest = json.loads(found.pop()[1])
    change(found, manifest)
    spoilt = file.with_name("spoilt.tar.gz")
    with tarfile.open(spoilt, "w:gz", format=tarfile.PAX_FORMAT) as tar:
        for info, content in found:
            info.size = len(content) if info.isreg() else 0
            tar.addfile(info, io.BytesIO(content))
        written = json.dumps(manifest).encode()
        last = tarfile.TarInfo(MANIFEST)
        last.size = len(written)
        tar.addfile(last, io.BytesIO(written))
    return spoilt


def add(name: str, content: bytes = b"x", **fields: Any) -> Callable[[list[tuple[tarfile.TarInfo, bytes]], dict[str, Any]], None]:
    def change(found: list[tuple[tarfile.TarInfo, bytes]], manifest: dict[str, Any]) -> None:
        info = tarfile.TarInfo(name)
        for field, value in fields.items():
            setattr(info, field, value)
        found.append((info, content))
        manifest["members"][name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    return change


def twice(found: list[tuple[tarfile.TarInfo, bytes]], _: dict[str, Any]) -> None:
    found.append(found[-1])


def other_bytes(found: list[tuple[tarfile.TarInfo, bytes]], _: dict[str, Any]) -> None:
    found[-1] = (found[-1][0], found[-1][1] + b" ")


def missing(found: list[tuple[tarfile.TarInfo, bytes]], _: dict[str, Any]) -> None:
    found.pop()


def fewer_readers(found: list[tuple[tarfile.TarInfo, bytes]], manifest: dict[str, Any]) -> None:
    manifest["about"]["rows"]["subscribers"] += 1


def other_ledger(found: list[tuple[tarfile.TarInfo, bytes]], manifest: dict[str, Any], make: Callable[[bytes], bytes]) -> None:
    place = next(number for number, (info, _) in enumerate(found) if info.name == "var/ledger.sqlite")
    content = make(found[place][1])
    found[place] = (found[place][0], content)
    manifest["members"]["var/ledger.sqlite"] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def a_trigger(found: list[tuple[tarfile.TarInfo, bytes]], manifest: dict[str, Any]) -> None:
    def make(ledger: bytes) -> bytes:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(ledger)
            connection.execute("CREATE TRIGGER t AFTER UPDATE ON home BEGIN DELETE FROM subscribers; END")
            connection.commit()
            return bytes(connection.serialize())

    other_ledger(found, manifest, make)


def rubbish(found: list[tuple[tarfile.TarInfo, bytes]], manifest: dict[str, Any]) -> None:
    other_ledger(found, manifest, lambda ledger: b"no database at all" + bytes(len(ledger)))


HOSTILE = {
    "a path upwards": add("../evil"),
    "a path upwards inside": add("issues/../../evil"),
    "an absolute path": add("/tmp/hebdo-evil"),
    "a symbolic link": add("issues/link", b"", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
    "a hard link": add("issues/link", b"", type=tarfile.LNKTYPE, linkname="/etc/passwd"),
    "a device": add("issues/null", b"", type=tarfile.CHRTYPE, devmajor=1, devminor=3),
    "a pipe": add("issues/pipe", b"", type=tarfile.FIFOTYPE),
    "a folder of git": add(".git/config", b"[core]\nfsmonitor = evil\n"),
    "a hook below": add("issues/.git/hooks/pre-commit"),
    "a file that no newsletter has": add("var/evil.sh"),
    "a name with a control": add("issues/a\nb.md"),
    "the same twice": twice,
    "other bytes than the manifest says": other_bytes,
    "a member less": missing,
    "other counts than the manifest says": fewer_readers,
    "a ledger with a trigger": a_trigger,
    "a ledger that is none": rubbish,
    "a bomb": add("issues/bomb.md", bytes(400_000_000)),
    "a bomb of holes": add("issues/holes.md", b"", pax_headers={"GNU.sparse.map": f"{10**15},0", "GNU.sparse.size": str(10**15)}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_backup_is_refused_and_nothing_is_written(kind: str, good: Path, hebdo: Hebdo, tmp_path: Path) -> None:
    spoilt = rewrite(good, HOSTILE[kind])
    there = sorted(tmp_path.iterdir())
    for command in (("restore", spoilt, tmp_path / "back"), ("backup", "--verify", spoilt)):
        refused = hebdo(*command, cwd=tmp_path)
        assert refused.code in {3, 6}, (command, refused.out, refused.err)
        assert ".hebdo-restore-" not in refused.err
    assert sorted(tmp_path.iterdir()) == there
    assert not Path("/tmp/hebdo-evil").exists()


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9, 0.999])
def test_a_backup_that_was_cut_or_spoilt_is_refused(at: float, good: Path, hebdo: Hebdo, tmp_path: Path) -> None:
    whole = good.read_bytes()
    place = int(len(whole) * at)
    (tmp_path / "cut.tar.gz").write_bytes(whole[:place])
    (tmp_path / "bent.tar.gz").write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
    for name in ("cut", "bent"):
        refused = hebdo("restore", tmp_path / f"{name}.tar.gz", tmp_path / "back", cwd=tmp_path)
        assert refused.code in {3, 6}, (name, refused.err)
        assert not (tmp_path / "back").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", gzip.compress(b""), gzip.compress(b"x" * 2000), b"age-encryption.org/v1\nrubbish"],
    ids=["empty", "text", "gzip-of-nothing", "gzip", "age"],
)
def test_a_file_that_is_no_backup_is_refused_in_words(content: bytes, hebdo: Hebdo, tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_bytes(content)
    refused = hebdo("backup", "--verify", tmp_path / "x.tar.gz", cwd=tmp_path, HEBDO_BACKUP_PASSPHRASE="x")
    assert refused.code == 3, refused.err
    assert "gzip" not in refused.err
    assert content.startswith(b"age") or "This file is no backup of Hebdo." in refused.err
    assert hebdo("backup", "--verify", tmp_path / "absent.tar.gz", cwd=tmp_path).code == 3


def test_a_backup_that_is_killed_leaves_no_name_and_the_next_one_tidies_up(hebdo: Hebdo, workspace: Path, tmp_path: Path) -> None:
    (workspace / "issues" / ISSUE / "images" / "big.bin").write_bytes(os.urandom(60_000_000))
    started = subprocess.Popen(
        [sys.executable, "-m", "composer", "backup", tmp_path / "l.tar.gz"],
        cwd=workspace,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.DEVNULL,
    )
    until(lambda: list(workspace.glob("var/.backup-*/plain.tar.gz")) or started.poll() is not None)
    started.kill()
    assert started.wait() == -signal.SIGKILL
    assert not (tmp_path / "l.tar.gz").exists()
    (workspace / "issues" / ISSUE / "images" / "big.bin").unlink()
    assert hebdo("backup", tmp_path / "l.tar.gz", cwd=workspace).code == 0
    assert not list(workspace.glob("var/.backup-*"))


# What stands in the way -------------------------------------------------------------------------------------------------------------------


def test_a_name_that_no_backup_can_hold_is_left_out_and_told(hebdo: Hebdo, workspace: Path, tmp_path: Path) -> None:
    images = workspace / "issues" / ISSUE / "images"
    (images / "Icon\r").write_bytes(b"x")
    (images / "a\x1b[31mb.txt").write_bytes(b"x")
    os.mkfifo(images / "pipe")
    made = hebdo("backup", tmp_path / "l.tar.gz", "--json", cwd=workspace)
    assert made.code == 0, made.err
    odd = {f"issues/{ISSUE}/images/{name}" for name in ("Icon\r", "a\x1b[31mb.txt", "pipe")}
    assert odd <= set(made.answer["data"]["left_out"])
    told = hebdo("backup", "--verify", tmp_path / "l.tar.gz", cwd=workspace, HEBDO_LANG="en")
    assert "Icon\\x0d" in told.out
    assert "\x1b" not in told.out + told.err
    assert "not in it" in told.out


def test_a_file_of_zeros_comes_back(hebdo: Hebdo, workspace: Path, tmp_path: Path) -> None:
    zeros = workspace / "issues" / ISSUE / "images" / "zeros.bin"
    with zeros.open("wb") as file:
        file.truncate(200_000_000)
    assert hebdo("backup", tmp_path / "l.tar.gz", cwd=workspace).code == 0
    assert (tmp_path / "l.tar.gz").stat().st_size < 8_000_000
    back = put_back(hebdo, tmp_path / "l.tar.gz", tmp_path / "back")
    assert (back / zeros.relative_to(workspace)).stat().st_size == 200_000_000


def test_what_a_killed_backup_or_restore_left_goes_and_nothing_of_others(hebdo: Hebdo, good: Path, workspace: Path, tmp_path: Path) -> None:
    mine = partial_of(tmp_path / "l.tar.gz", place_of(workspace / "var" / "ledger.sqlite"))
    others = partial_of(tmp_path / "l.tar.gz", "another newsletter")
    for file in (mine, others):
        file.write_bytes(b"addresses")
    assert hebdo("backup", tmp_path / "l.tar.gz", cwd=workspace).code == 0
    assert (mine.exists(), others.exists()) == (False, True)
    volume = tmp_path / "volume"
    killed, users = volume / f"{BUILDING}dead", tmp_path / f"{BUILDING}of-a-user"
    for folder in (killed, users):
        folder.mkdir(parents=True)
    (killed / OWNER).touch()
    assert hebdo("restore", good, volume, cwd=tmp_path).code == 0
    assert not killed.exists()
    assert users.is_dir()


def test_a_copy_has_no_engine_and_a_moment_that_no_clock_shows_is_borne(hebdo: Hebdo, sample: Path, tmp_path: Path) -> None:
    with open_ledger(sample / "var" / "ledger.sqlite") as ledger:
        ledger.clocks.beat("engine", now=datetime.now(UTC))
    assert hebdo("backup", tmp_path / "l.tar.gz", cwd=sample).code == 0
    back = put_back(hebdo, tmp_path / "l.tar.gz", tmp_path / "back")
    assert hebdo("status", "--json", cwd=back).answer["data"]["clock"] == {"running": False, "seen_at": None}
    (tmp_path / "l.tar.gz").rename(tmp_path / "good.tar.gz")
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "\x1b[31mred\x07"):

        def change(_: Any, manifest: dict[str, Any], told: str = moment) -> None:
            manifest["about"] |= {"taken_at": told, "time_zone": "Pacific/Kiritimati"}

        looked = hebdo("backup", "--verify", rewrite(tmp_path / "good.tar.gz", change), cwd=tmp_path)
        assert looked.code == 0, looked.err
        assert not {"\x1b", "\x07"} & set(looked.out + looked.err)


def test_an_age_header_without_end_is_refused_before_its_keys_are_tried(hebdo: Hebdo, tmp_path: Path) -> None:
    stanza = b"-> scrypt " + b"A" * 22 + b" 18\n" + b"A" * 43 + b"\n"
    (tmp_path / "x.tar.gz.age").write_bytes(b"age-encryption.org/v1\n" + stanza * 60_000 + b"--- x\n")
    started = time.monotonic()
    assert hebdo("backup", "--verify", tmp_path / "x.tar.gz.age", cwd=tmp_path, HEBDO_BACKUP_PASSPHRASE="x").code == 3
    assert time.monotonic() - started < 20
