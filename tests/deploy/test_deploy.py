"""docs/deploy.md as somebody types it, as far as a machine without systemd of its own can follow."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "deploy.md"
UNITS = PROJECT / "deploy" / "systemd"
NEEDED = ("unshare", "runuser", "useradd", "systemd-analyze")


def blocks(title: str) -> list[str]:
    """The commands under a heading of the page, as they stand."""
    chapter = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    mine = next(text for text in chapter if text.startswith(title + "\n"))
    return re.findall(r"```sh\n(.*?)```", mine, flags=re.DOTALL)


@pytest.mark.parametrize("page", [PAGE, PAGE.with_name("alerts.md")], ids=lambda page: page.name)
def test_every_file_that_the_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    names = set(re.findall(r"deploy/[\w./-]+\w", text))
    assert names
    for name in names:
        assert (PROJECT / name).is_file(), name
    for name in re.findall(r"\]\((\w[\w./-]+)(?:#.*?)?\)", text):
        assert (page.parent / name).is_file(), name


@pytest.mark.parametrize("page", [PAGE, PAGE.with_name("alerts.md")], ids=lambda page: page.name)
def test_every_unit_is_installed_where_one_reads_of_it(page: Path) -> None:
    typed = " ".join(re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL))
    for name in re.findall(r"deploy/systemd/([\w.-]+\w)", typed):
        wanted = unit(name).sections()
        assert "Install" not in wanted or re.search(rf"systemctl enable --now [^\n]*{re.escape(name)}", typed), name


def unit(name: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read_string(re.sub(r"^[#;].*$", "", (UNITS / name).read_text(encoding="utf-8"), flags=re.MULTILINE))
    return read


@pytest.fixture
def placed(tmp_path: Path) -> list[Path]:
    """The units with a program that exists in place of ours, which is all that changes."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine: run tests/needs.sh as root")
    placed = []
    for file in sorted(UNITS.iterdir()):
        (tmp_path / file.name).write_text(re.sub(r"/opt/hebdo/bin/hebdo", "/bin/true", file.read_text(encoding="utf-8")))
        placed.append(tmp_path / file.name)
    return placed


def test_systemd_finds_nothing_wrong_with_the_units(placed: list[Path]) -> None:
    said = subprocess.run(["systemd-analyze", "verify", *placed], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr.strip()) == (0, "")


def test_the_services_are_as_closed_as_the_page_says(placed: list[Path]) -> None:
    for file in placed:
        if file.suffix == ".service":
            said = subprocess.run(["systemd-analyze", "security", "--offline=true", file], capture_output=True, text=True, check=False)
            score = re.search(r"exposure level for \S+: ([\d.]+)", said.stdout)
            assert score, said.stderr
            print(file.name, score[1])  # noqa: T201 - the figure of docs/deploy.md
            assert float(score[1]) <= 1.5


def instructions(name: str) -> list[str]:
    text = (PROJECT / "deploy" / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.removeprefix(name).strip() for line in text.splitlines() if line.startswith(f"{name} ")]


def test_the_container_takes_what_is_there_and_runs_a_command_that_can_be_typed() -> None:
    for line in instructions("COPY"):
        assert all((PROJECT / source).exists() for source in line.split()[:-1]), line
    words = [*json.loads(instructions("ENTRYPOINT")[0]), *json.loads(instructions("CMD")[0])]
    assert words[0] == "hebdo"
    helped = subprocess.run(
        [sys.executable, "-m", "composer", *words[1:], "--help"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        check=False,
    )
    assert helped.returncode == 0, helped.stderr
    assert instructions("USER") == ["hebdo"]
    assert "podman build --format docker --tag hebdo --file deploy/Containerfile ." in "".join(blocks("A container"))
    asked = json.loads(re.sub(r"^.*?CMD ", "", instructions("HEALTHCHECK")[0]))
    compile(asked[2], "HEALTHCHECK", "exec")
    assert "/healthz" in asked[2]


def test_the_supervisor_is_more_patient_than_what_it_waits_for() -> None:
    from composer.engine.sender import GRACE_S
    from composer.workflow.attendance import STILL_S

    service = unit("hebdo.service")["Service"]
    assert service["Type"] == "notify"
    assert float(service["TimeoutStopSec"]) > 5 * GRACE_S
    assert int(service["WatchdogSec"].removesuffix("min")) * 60 > 2 * STILL_S


def test_every_command_of_the_units_can_be_typed() -> None:
    for name in ("hebdo.service", "hebdo-backup.service", "hebdo-watch.service"):
        words = unit(name)["Service"]["ExecStart"].split()
        assert words[0] == "/opt/hebdo/bin/hebdo"
        helped = subprocess.run(
            [sys.executable, "-m", "composer", *words[1:], "--help"],
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            check=False,
        )
        assert helped.returncode == 0, helped.stderr


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that the user hebdo can enter; those of pytest are root's alone."""
    with tempfile.TemporaryDirectory(prefix="hebdo-deploy-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


TYPED = """
set -eu
cd "$PROJECT"
# What apt and the network would bring is here already: the same Python, the same packages.
export PIP_NO_INDEX=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_CACHE_DIR=1
have() {{ echo "$SITE" >"$(/opt/hebdo/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/here.pth"; }}
{install}
{letter}
{service}
{after}
"""

AFTER = """
cd /var/lib/hebdo
test "$(stat -c %a var/secrets.toml)" = 600
sudo -u hebdo hebdo status
sudo -u hebdo env {notify} /opt/hebdo/bin/hebdo serve --host 127.0.0.1 --port {port} &
serving=$!
sudo -u hebdo {python} -c "$WAIT" {port}
kill -TERM $(pgrep --parent $serving || echo $serving)
wait $serving
sudo -u hebdo /opt/hebdo/bin/hebdo backup /var/backups/hebdo --keep 14
sudo -u hebdo /opt/hebdo/bin/hebdo backup --verify /var/backups/hebdo/*.tar.gz
"""

WAIT = """
import sys, time, urllib.request
for _ in range(600):
    try:
        print(urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/healthz", timeout=2).status)
        break
    except OSError:
        time.sleep(0.1)
else:
    sys.exit("no answer")
"""


@pytest.mark.slow
def test_the_page_typed_word_by_word_gives_a_running_newsletter(open_place: Path) -> None:
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    if lacking or os.geteuid() != 0:
        pytest.skip(f"needs root and {', '.join(lacking) or 'nothing else'}: the page is not typed here")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = open_place / "notify"
    heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    heard.bind(str(told))
    told.chmod(0o777)
    install, letter, service = ("\n".join(blocks(title)) for title in ("Install", "The newsletter", "The service"))
    assert "--requirement requirements.lock" in install
    install = re.sub(r"sudo /opt/hebdo/bin/pip install --requirement requirements.lock", "have", install)
    install = install.replace("pip install --no-deps", "pip install --no-build-isolation --no-deps")
    script = TYPED.format(
        install=install,
        letter=letter,
        service=service,
        after=AFTER.format(notify=f"NOTIFY_SOCKET={told} WATCHDOG_USEC=4000000", port=port, python="/opt/hebdo/bin/python"),
    )
    over = open_place / "over"
    over.mkdir()
    asked = open_place / "asked"
    ended = subprocess.run(
        ["unshare", "--mount", PROJECT / "tests" / "deploy" / "machine.sh", over, "bash", "-c", script],
        env={
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "LANG": "C.UTF-8",
            "PROJECT": str(PROJECT),
            "SITE": sysconfig.get_path("purelib"),
            "ASKED": str(asked),
            "WAIT": WAIT,
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "\n200\n" in ended.stdout
    assert "systemctl enable --now hebdo.service hebdo-backup.timer" in asked.read_text()
    said = b"\n".join(_all(heard)).decode()
    assert said.startswith("READY=1"), ended.stdout + ended.stderr
    assert "STOPPING=1" in said
    assert not Path("/opt/hebdo").exists(), "the test's machine is gone"


def _all(heard: socket.socket) -> list[bytes]:
    heard.settimeout(0.2)
    messages = []
    ends_at = time.monotonic() + 5
    while time.monotonic() < ends_at:
        try:
            messages.append(heard.recv(4096))
        except TimeoutError:
            break
    heard.close()
    return messages


@pytest.mark.skipif(shutil.which("logrotate") is None, reason="logrotate is not on this machine: run tests/needs.sh as root")
def test_a_log_that_is_turned_over_goes_on_where_it_should(tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    rules = (PROJECT / "deploy" / "logrotate" / "hebdo").read_text(encoding="utf-8")
    rules = rules.replace("/var/log/hebdo/*.log", str(log)).replace("    su hebdo hebdo\n", "")
    (tmp_path / "rules").write_text(rules)
    (tmp_path / "rules").chmod(0o644)
    with log.open("ab") as appended:  # what `2>>` does
        writing = subprocess.Popen(
            [sys.executable, "-c", "import sys\nfor line in sys.stdin: print(line, end='', file=sys.stderr, flush=True)"],
            stdin=subprocess.PIPE,
            stderr=appended,
            text=True,
        )
    assert writing.stdin
    writing.stdin.write("before\n")
    writing.stdin.flush()
    while not log.read_text():
        time.sleep(0.01)
    turned = subprocess.run(
        ["logrotate", "--force", "--state", tmp_path / "state", tmp_path / "rules"], capture_output=True, text=True, check=False
    )
    assert turned.returncode == 0, turned.stderr
    writing.stdin.write("after\n")
    writing.stdin.close()
    writing.wait()
    assert log.read_bytes() == b"after\n"
    assert (tmp_path / "serve.log.1").read_text() == "before\n"
