"""Bad input: a clear error, its code, nothing lost, and never a traceback (the ``hebdo`` fixture looks for one after every command)."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import surroundings  # type: ignore[import-not-found]

Hebdo = Callable[..., Any]
ISSUE = "issues/2026-11-26-moulin"


def refused(ended: Any, code: int, *words: str) -> None:
    assert ended.code == code, (ended.code, ended.out, ended.err)
    # What only waits for a yes is a question, not an error.
    assert ended.err.startswith(("To confirm:", "À confirmer") if code == 4 else ("Error:", "Erreur"))
    assert "→" in ended.err
    assert "foresee" not in ended.err
    for word in words:
        assert word in ended.err


def written(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and "var" not in path.parts}


BINARY = random.Random(7).randbytes(4096)


@pytest.mark.parametrize(
    "content", [b"", b"   \n\n\t\n", BINARY, b"\x00" * 100, b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, b"%PDF-1.7\n\xff\xfe\x00"]
)
def test_an_import_of_nothing_or_of_binary_writes_nothing(hebdo: Hebdo, sample: Path, content: bytes) -> None:
    before = written(sample)
    refused(hebdo("import", "-", cwd=sample, stdin=content), 2)
    assert written(sample) == before


def test_ten_megabytes_are_imported_or_refused_but_never_break(hebdo: Hebdo, sample: Path) -> None:
    line = "Une phrase assez longue pour être un paragraphe, répétée autant de fois qu’il faut pour peser lourd.\n"
    (sample / "big.txt").write_text("Un titre\n" + line * 100_000, encoding="utf-8")
    ended = hebdo("import", "big.txt", "--dry-run", "--json", cwd=sample)
    assert ended.code in {0, 2}
    assert "foresee" not in ended.out


@pytest.mark.parametrize("command", [("import",), ("links", "42", "--set"), ("subscribers", "import"), ("suppressions", "import")])
def test_a_missing_file_is_named(hebdo: Hebdo, sample: Path, command: tuple[str, ...]) -> None:
    refused(hebdo(*command, "nowhere.txt", cwd=sample), 3, "nowhere.txt")


@pytest.mark.parametrize("command", [("import",), ("links", "42", "--set"), ("subscribers", "import")])
def test_a_folder_is_no_file(hebdo: Hebdo, sample: Path, command: tuple[str, ...]) -> None:
    refused(hebdo(*command, "issues", cwd=sample), 3, "issues")


@pytest.mark.parametrize(
    "content", [b"", BINARY, b"[1, 2]", b'{"data": 3}', b'[{"id": "nobody", "url": "https://example.org/"}]', b"[" * 100_000]
)
def test_a_table_of_links_that_is_none_changes_nothing(hebdo: Hebdo, sample: Path, content: bytes) -> None:
    before = written(sample)
    ended = hebdo("links", "42", "--set", "-", cwd=sample, stdin=content)
    assert ended.code in {2, 3}
    refused(ended, ended.code)
    assert written(sample) == before


@pytest.mark.parametrize("content", [b"", BINARY, b"name\nAnne\n", b"email,name\n"])
def test_a_file_that_is_no_table_of_people_is_refused(hebdo: Hebdo, sample: Path, content: bytes) -> None:
    ended = hebdo("subscribers", "import", "-", "--consent", "test", cwd=sample, stdin=content)
    assert ended.code in {0, 2}
    if ended.code:
        refused(ended, 2)
    assert hebdo("subscribers", "list", "--json", cwd=sample).answer["data"] == []


@pytest.mark.parametrize(
    "front",
    [
        "---\nkind: [lead\n---\n# Titre\n",
        "---\nteaser: Meta : le pari\n---\n# Titre\n",
        "---\nkind: lead\n# Titre\n",
        "---\n- a\n---\n# T\n",
    ],
)
@pytest.mark.parametrize("command", ["show", "check", "render", "schedule"])
def test_a_front_matter_that_cannot_be_read_is_named_with_its_line(hebdo: Hebdo, sample: Path, front: str, command: str) -> None:
    path = sample / ISSUE / "criee.md"
    path.write_text(front, encoding="utf-8")
    more = ("--at", "2096-01-02 07:00") if command == "schedule" else ("--offline",) if command == "check" else ()
    ended = hebdo(command, "42", *more, cwd=sample)
    assert ended.code in {1, 3}
    assert "criee.md:" in ended.err + ended.out
    assert path.read_text(encoding="utf-8") == front


def test_an_unknown_issue_says_which_there_are(hebdo: Hebdo, sample: Path) -> None:
    for command in ("show", "check", "render", "links", "proof", "approve", "unschedule", "pause", "resume", "stop", "status"):
        ended = hebdo(command, "99", cwd=sample)
        refused(ended, 3)
    assert "2026-11-26-moulin" in hebdo("show", "99", cwd=sample).err


def test_outside_a_newsletter_every_command_says_how_to_make_one(hebdo: Hebdo, tmp_path: Path) -> None:
    for command in (("list",), ("show",), ("check",), ("status",), ("subscribers", "list"), ("serve",), ("worker",), ("import", "x")):
        refused(hebdo(*command, cwd=tmp_path), 3, "hebdo init")


def test_an_unknown_zone_is_refused_where_it_is_written(hebdo: Hebdo, sample: Path) -> None:
    refused(hebdo("schedule", "42", "--at", "2096-01-02 07:00", "--tz", "Europe/Pari", cwd=sample), 2, "Europe/Pari")
    config = sample / "newsletter.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("Europe/Paris", "Mars/Olympus"), encoding="utf-8")
    refused(hebdo("list", cwd=sample), 3, "newsletter.toml:", "Mars/Olympus")


def test_a_configuration_that_is_no_toml_is_named_with_its_line(hebdo: Hebdo, sample: Path) -> None:
    (sample / "newsletter.toml").write_text('[newsletter]\nname = "Demi-sel\n', encoding="utf-8")
    refused(hebdo("list", cwd=sample), 3, "newsletter.toml:2")
    (sample / "newsletter.toml").write_bytes(BINARY)
    refused(hebdo("list", cwd=sample), 3, "newsletter.toml")


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("yesterday", 2),
        ("2020-01-01 07:00", 2),
        ("2096-03-25 02:30", 2),  # the hour that does not exist
        ("2026-13-45 99:00", 2),
        ("", 2),
    ],
)
def test_an_hour_that_cannot_be_is_refused(hebdo: Hebdo, sample: Path, at: str, code: int) -> None:
    refused(hebdo("schedule", "42", "--at", at, "--yes", cwd=sample), code)


def test_the_hour_that_comes_twice_is_asked_about(hebdo: Hebdo, sample: Path) -> None:
    refused(hebdo("schedule", "42", "--at", "2096-10-28 02:30", cwd=sample), 4, "--fold")


@pytest.mark.parametrize("picture", ["../../newsletter.toml", "/etc/passwd", "images/missing.jpg", "images/../../../x.jpg"])
def test_a_picture_outside_the_folder_is_never_read(hebdo: Hebdo, sample: Path, picture: str) -> None:
    path = sample / ISSUE / "criee.md"
    path.write_text(path.read_text(encoding="utf-8").replace("images/criee.jpg", picture), encoding="utf-8")
    ended = hebdo("check", "42", "--offline", cwd=sample)
    assert ended.code in {1, 3}
    assert "criee.md" in ended.out + ended.err
    assert "foresee" not in ended.err
    assert hebdo("schedule", "42", "--at", "2096-01-02 07:00", "--yes", cwd=sample).code in {1, 3}


def test_a_picture_behind_a_link_out_of_the_folder_is_never_read(hebdo: Hebdo, sample: Path, tmp_path: Path) -> None:
    picture = sample / ISSUE / "images" / "criee.jpg"
    outside = tmp_path / "outside.jpg"
    outside.write_bytes(picture.read_bytes())
    picture.unlink()
    picture.symlink_to(outside)
    assert hebdo("check", "42", "--offline", cwd=sample).code in {1, 3}


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root writes everywhere")
def test_a_read_only_folder_is_told_and_can_still_be_read(hebdo: Hebdo, sample: Path) -> None:
    folders = [sample, *(path for path in sample.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        for command in (("import", "seeds/001-trente-boulangers.txt"), ("new", "issue"), ("order", "42", "criee"), ("move", "42/criee", "stories"),
                        ("subscribers", "list"), ("worker", "--until-idle"), ("init", "sub"), ("render", "42", "-o", "issue.html")):  # fmt: skip
            refused(hebdo(*command, cwd=sample, bound=True), 3)
        assert hebdo("show", "42", cwd=sample, bound=True).code == 0
        assert hebdo("render", "42", cwd=sample, bound=True).code == 0
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_an_output_that_cannot_be_written_is_told(hebdo: Hebdo, sample: Path) -> None:
    refused(hebdo("render", "42", "-o", "nowhere/issue.html", cwd=sample), 3, "nowhere/issue.html")
    refused(hebdo("render", "42", "-o", "issues", cwd=sample), 3, "issues")


@pytest.mark.parametrize("command", [("serve",), ("preview", "--no-open")])
def test_a_port_in_use_is_told_with_another_one(hebdo: Hebdo, sample: Path, command: tuple[str, ...]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused(hebdo(*command, "--port", port, cwd=sample), 7, port, f"`hebdo {command[0]} --port")


def test_a_proof_without_a_mail_server_is_told(hebdo: Hebdo, sample: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = str(closed.getsockname()[1])
    way = {"HEBDO_TRANSPORT__KIND": "smtp", "HEBDO_TRANSPORT__HOST": "127.0.0.1", "HEBDO_TRANSPORT__PORT": port}
    refused(hebdo("proof", "42", "--to", "desk@example.org", cwd=sample, **way), 7, port)


def test_send_and_retry_and_decide_want_to_be_meant(hebdo: Hebdo, sample: Path) -> None:
    refused(hebdo("send", "42", cwd=sample), 2, "--now")
    refused(hebdo("retry", "42", cwd=sample), 2, "--failed")
    refused(hebdo("decide", "42", cwd=sample), 2, "--uncertain")


def test_nothing_is_asked_of_a_pipe(hebdo: Hebdo, sample: Path) -> None:
    hebdo("subscribers", "add", "anne@example.org", "--consent", "test", cwd=sample)
    ended = hebdo("schedule", "42", "--at", "2096-01-02 07:00", cwd=sample, stdin=b"y\n")
    refused(ended, 4, "--yes")
    assert hebdo("status", "42", "--json", cwd=sample).answer["data"]["mailing"] is None


def test_a_ledger_that_is_none_is_told(hebdo: Hebdo, sample: Path) -> None:
    (sample / "var").mkdir()
    (sample / "var" / "ledger.sqlite").write_bytes(BINARY)
    refused(hebdo("status", cwd=sample), 6, "ledger.sqlite")


def test_what_a_setting_of_the_environment_cannot_be_is_told(hebdo: Hebdo, sample: Path) -> None:
    refused(hebdo("list", cwd=sample, HEBDO_TRANSPORT__PORT="abc"), 3, "HEBDO_TRANSPORT__PORT")


def test_a_line_of_a_list_that_is_no_table_is_told_with_its_file(hebdo: Hebdo, sample: Path) -> None:
    (sample / "liste.csv").write_text("email,note\nun@exemple.fr,bref\ndeux@exemple.fr," + "x" * 200_000 + "\n", encoding="utf-8")
    refused(hebdo("subscribers", "import", "liste.csv", "--consent", "site", cwd=sample), 2, "liste.csv:3")
    (sample / "vide.csv").write_bytes(b"")
    refused(hebdo("subscribers", "import", "vide.csv", "--consent", "site", cwd=sample), 2, "vide.csv")
    refused(hebdo("suppressions", "import", "vide.csv", cwd=sample), 2, "vide.csv")


def test_a_closed_input_is_an_empty_one(sample: Path) -> None:
    command = f'exec "{sys.executable}" -m composer import - <&-'
    ended = subprocess.run(["sh", "-c", command], cwd=sample, capture_output=True, text=True, env=surroundings("en"), check=False)
    assert ended.returncode == 2
    assert "foresee" not in ended.stderr
