from __future__ import annotations

import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from composer.cli.language import chosen_language, language_of

PROJECT = Path(__file__).resolve().parents[2]
Hebdo = Callable[..., Any]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "fr"),
        ({"LANG": "C"}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LC_ALL": "POSIX", "LANG": "en_GB.UTF-8"}, "fr"),
        ({"LANG": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ca_ES.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "en_US"}, "en"),
        ({"HEBDO_LANG": "en", "LANG": "fr_FR"}, "en"),
    ],
)
def test_the_language_follows_the_locale_and_is_french_where_nothing_is_said(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [({"HEBDO_LANG": "fr"}, "fr"), ({"HEBDO_LANG": "en"}, "en"), ({"HEBDO_LANG": ""}, None), ({"LANG": "en_GB.UTF-8"}, None)],
)
def test_the_desks_pages_obey_a_language_that_was_asked_for_by_name_and_no_locale(environment, language):
    assert chosen_language(environment) == language


@pytest.mark.parametrize(("lang", "word"), [("fr", "Créer le dossier d’une lettre."), ("en", "Make the folder of a newsletter.")])
def test_help_speaks_both_languages(hebdo: Hebdo, tmp_path: Path, lang: str, word: str) -> None:
    ended = hebdo("--help", cwd=tmp_path, lang=lang)
    assert ended.code == 0
    assert word in ended.out


def test_help_loads_neither_the_database_nor_rich_nor_the_web(tmp_path: Path) -> None:
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "composer", "--help"], capture_output=True, text=True, check=True, cwd=PROJECT
    )
    for heavy in ("sqlalchemy", "rich.console", "starlette", "pydantic", "mjml", "PIL"):
        assert not re.search(rf"\| +{re.escape(heavy)}$", loaded.stderr, flags=re.MULTILINE), heavy


def test_help_starts_at_once() -> None:
    def work_s() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "composer", "--help"], capture_output=True, check=True, cwd=PROJECT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)

    # Its own work, not the wall's clock: what else runs on the machine is not the promise.
    assert min(work_s() for _ in range(3)) < 0.3


COMMANDS = (
    "init", "new issue", "new story", "list", "show", "open", "order", "move", "import", "links", "check", "render", "preview", "proof", "approve",
    "schedule", "unschedule", "send", "status", "pause", "resume", "stop", "retry", "decide", "serve", "worker",
    "subscribers import", "subscribers add", "subscribers list", "subscribers export", "subscribers remove", "suppressions import", "suppressions list",
    "home claim",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_answers_json(hebdo: Hebdo, tmp_path: Path, command: str) -> None:
    ended = hebdo(*command.split(), "--help", cwd=tmp_path)
    assert ended.code == 0
    assert "--json" in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("shw",), "La commande « shw » n’existe pas ; peut-être « show »."),
        (("show", "--jsn"), "L’option --jsn n’existe pas ici ; peut-être --json."),
        (("order",), "Il manque NUMÉRO."),
        (("import", "x", "--as", "book"), "« book » n’est pas possible ; choisissez « auto », « issue », « story »."),
        (("serve", "--port", "abc"), "--port attend un nombre."),
        (("serve", "--port", "70000"), "--port ne peut dépasser 65535."),
        (("list", "more"), "Ceci est en trop : more."),
    ],
)
def test_a_wrong_line_is_refused_in_french_with_the_help_to_read(hebdo: Hebdo, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ended = hebdo(*words, cwd=tmp_path, lang="fr")
    assert ended.code == 2
    assert said in ended.err.replace("\u00a0", " ")
    assert "--help`" in ended.err


def test_a_wrong_line_that_wanted_json_is_refused_in_json(hebdo: Hebdo, tmp_path: Path) -> None:
    ended = hebdo("show", "--json", "--nonsense", cwd=tmp_path)
    assert ended.code == 2
    assert ended.answer["ok"] is False
    assert ended.answer["version"] == 1
    assert set(ended.answer) == {"version", "ok", "data", "findings", "error"}
    assert set(ended.answer["error"]) == {"code", "message", "where", "hint"}
    assert ended.answer["error"]["code"] == "usage"


@pytest.mark.parametrize("command", ["", "show", "new issue", "schedule", "serve", "move", "subscribers"])
def test_the_help_in_french_has_no_english_left(hebdo: Hebdo, tmp_path: Path, command: str) -> None:
    shown = hebdo(*command.split(), "--help", cwd=tmp_path, lang="fr").out
    assert shown.startswith("Usage\u00a0: hebdo")
    for theirs in ("latest", "<str>", "<int", "range", "<=", "[[", "{", "COMMAND ", "default"):
        assert theirs not in shown, theirs
    assert all(line.endswith("\u00a0:") for line in shown.splitlines() if line.endswith(":"))


def test_no_command_at_all_shows_the_help(hebdo: Hebdo, tmp_path: Path) -> None:
    ended = hebdo(cwd=tmp_path)
    assert ended.code == 2
    assert "Usage: hebdo" in ended.err


def test_no_colour_where_nobody_looks(hebdo: Hebdo, tmp_path: Path) -> None:
    ended = hebdo("show", cwd=tmp_path)
    assert ended.code == 3
    assert "\033" not in ended.err + ended.out


def test_a_reader_of_the_output_that_leaves_is_no_error(sample: Path) -> None:
    ended = subprocess.run(
        f"{sys.executable} -m composer --help | head -c 1", shell=True, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in ended.stderr
    assert "Error" not in ended.stderr


def test_every_command_that_the_readme_shows_exists_with_its_options(hebdo: Hebdo, tmp_path: Path) -> None:
    lines = re.findall(r"^hebdo (.+?)(?:\s{2,}#.*)?$", (PROJECT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(lines) > 8
    for line in lines:
        words = line.split()
        command = words[:2] if words[0] in {"subscribers", "suppressions", "new", "home"} else words[:1]
        ended = hebdo(*command, "--help", cwd=tmp_path)
        assert ended.code == 0, line
        for option in re.findall(r"--[a-z-]+", line):
            assert option in ended.out, (line, option)
