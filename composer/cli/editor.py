"""The person's own text editor, as ``VISUAL`` or ``EDITOR`` names it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from composer.errors import NotFound, Unfinished
from composer.words import Words


def open_files(files: list[Path]) -> None:
    """Opens ``files`` in the editor; without one, their folder in what the system opens folders with."""
    if _named():
        _start([*_program("vi"), *map(str, files)])
    else:
        _start([*_program("open" if sys.platform == "darwin" else "xdg-open"), str(files[0].parent)])


def edit_text(text: str) -> str:
    """``text`` as the person leaves it; raises Unfinished when the editor failed."""
    with tempfile.TemporaryDirectory(prefix="hebdo-") as folder:
        path = Path(folder) / "links.tsv"
        path.write_text(text, encoding="utf-8")
        if _start([*_program("vi"), str(path)]):
            raise Unfinished(
                Words(
                    fr="L’éditeur s’est fermé sur une erreur : rien n’a changé.", en="The editor ended with an error: nothing was changed."
                ),
                where=_program("vi")[0],
                hint=Words(
                    fr="Relancez la commande, ou nommez un autre éditeur : `export EDITOR=nano`",
                    en="Run the command again, or name another editor: `export EDITOR=nano`",
                ),
            )
        return path.read_text(encoding="utf-8", errors="replace")


def has_editor() -> bool:
    """Whether the person named an editor."""
    return bool(_named().strip())


def _named() -> str:
    return os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""


def _program(otherwise: str) -> list[str]:
    program = shlex.split(_named()) or [otherwise]
    if shutil.which(program[0]) is None:
        raise NotFound(
            Words(fr=f"L’éditeur « {program[0]} » n’est pas sur cette machine.", en=f"The editor “{program[0]}” is not on this machine."),
            where="$VISUAL" if os.environ.get("VISUAL") else "$EDITOR",
            hint=Words(fr="Nommez le vôtre : `export EDITOR=nano`", en="Name yours: `export EDITOR=nano`"),
        )
    return program


def _start(words: list[str]) -> int:
    return subprocess.run(words, check=False).returncode  # noqa: S603 - the person's own editor, without a shell
