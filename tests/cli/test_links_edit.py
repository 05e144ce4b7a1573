from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Hebdo = Callable[..., Any]
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def links(hebdo: Hebdo, sample: Path) -> str:
    """An issue with eight links that have no address yet."""
    return str(hebdo("import", "seeds/001-trente-boulangers.txt", "--json", cwd=sample).answer["data"]["id"])


@pytest.fixture
def editor(sample: Path) -> Callable[..., str]:
    """Gives a function that makes an editor: at its n-th opening it runs the n-th ``sed`` command."""

    def make(*commands: str) -> str:
        turns = "\n".join(f"{n}) sed -i -E '{command}' \"$1\" ;;" for n, command in enumerate(commands, start=1))
        script = sample / "editor.sh"
        script.write_text(
            f'#!/bin/sh\nn=$(($(cat "{sample}/turn" 2>/dev/null || echo 0) + 1))\necho $n > "{sample}/turn"\n'
            f'cp "$1" "{sample}/shown$n"\ncase $n in\n{turns}\nesac\n',
            encoding="utf-8",
        )
        script.chmod(0o755)
        return str(script)

    return make


def addresses(hebdo: Hebdo, sample: Path, issue: str) -> list[str]:
    return [row["url"] for row in hebdo("links", issue, "--json", cwd=sample).answer["data"]]


def test_what_is_typed_with_spaces_is_taken(hebdo: Hebdo, sample: Path, links: str, editor: Callable[..., str]) -> None:
    typed = editor(r"s,^([^#\t]+)\t\?\t(.*)$,\1   \2   exemple.fr/simo,")
    ended = hebdo("links", links, "--edit", cwd=sample, lang="fr", EDITOR=typed)
    assert ended.code == 0, ended.err
    assert "8 adresses reprises" in ended.err
    assert addresses(hebdo, sample, links) == ["https://exemple.fr/simo"] * 8


def test_all_bad_lines_are_named_the_others_kept_and_the_file_with_them(
    hebdo: Hebdo, sample: Path, links: str, editor: Callable[..., str]
) -> None:
    typed = editor(r"2s,\?,https://exemple.fr/a,; 3s,\?,javascript:x,; 4s,\?,https://exemple.fr/b c,")
    ended = hebdo("links", links, "--edit", cwd=sample, lang="fr", EDITOR=typed)
    assert ended.code == 2
    assert "2 lignes n’ont pas été comprises" in ended.err
    assert "javascript:x" in ended.err
    assert "espace" in ended.err
    assert "1 adresse reprise" in ended.err
    assert addresses(hebdo, sample, links) == ["https://exemple.fr/a", *[""] * 7]
    kept = re.search(r"--set (\S+\.tsv)", ended.err)
    assert kept
    file = Path(kept[1])
    file.write_text(file.read_text(encoding="utf-8").replace("javascript:x", "www.exemple.fr").replace("b c", "b"), encoding="utf-8")
    assert hebdo("links", links, "--set", file, cwd=sample).code == 0
    assert addresses(hebdo, sample, links) == ["https://exemple.fr/a", "https://www.exemple.fr", "https://exemple.fr/b", *[""] * 5]
    file.unlink()


def test_at_a_terminal_the_editor_opens_again_with_what_was_not_understood(
    hebdo: Hebdo, sample: Path, links: str, editor: Callable[..., str]
) -> None:
    typed = editor(r"2s,\?,https://exemple.fr/a,; 3s,\?,javascript:x,", r"s,javascript:x,https://exemple.fr/x,")
    inner, outer = pty.openpty()
    ended = subprocess.run(
        [sys.executable, "-m", "composer", "links", links, "--edit"],
        cwd=sample,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "HEBDO_LANG": "fr", "EDITOR": typed, "NO_COLOR": "1"},
        stdin=outer,
        stdout=subprocess.PIPE,
        stderr=outer,
        timeout=60,
        check=False,
    )
    os.close(inner)
    os.close(outer)
    assert ended.returncode == 0
    again = (sample / "shown2").read_text(encoding="utf-8").splitlines()
    assert len(again) == 3
    assert "ne peut pas servir d’adresse" in again[1]
    assert "javascript:x" in again[2]
    assert addresses(hebdo, sample, links) == ["https://exemple.fr/a", "https://exemple.fr/x", *[""] * 6]
