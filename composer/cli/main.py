"""The command line: ``hebdo``. Words in, one workflow call, words out.

Codes: 0 ok · 1 findings · 2 usage · 3 not found or bad configuration · 4 confirmation needed · 5 finished with failures ·
6 conflict · 7 network. ``HEBDO_DEBUG=1`` shows the traceback that a person never sees otherwise.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from composer.cli.answers import INTERRUPTED, envelope_of_error
from composer.cli.command import group
from composer.cli.commands import (
    checking,
    composing,
    correcting,
    delivering,
    dkim,
    doctor,
    home,
    importing,
    inquiring,
    keeping,
    people,
    proofing,
    rendering,
    scheduling,
    serving,
    watching,
)
from composer.cli.language import LANGUAGE, say
from composer.cli.place import FOLDER
from composer.cli.refusals import as_error
from composer.cli.talk import visible, write_error, write_out, write_question, write_talk
from composer.errors import ConfirmationNeeded, UsageError

app = group(
    "Hebdo : composer un numéro, le voir tel qu’il partira, l’envoyer à l’heure dite.",
    "Hebdo: compose an issue, see it as it will leave, send it on time.",
    completes=True,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from composer.workspace.shipped import own_version

        write_out(f"hebdo {own_version() or '(not installed)'}")
        raise typer.Exit


@app.callback()
def start(
    workspace: Annotated[
        Path,
        typer.Option(
            "--workspace",
            "-C",
            metavar="DOSSIER" if LANGUAGE == "fr" else "FOLDER",
            help=say("Travailler dans ce dossier.", "Work in this folder."),
        ),
    ] = Path(),
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help=say("Donner la version.", "Give the version.")),
    ] = False,
) -> None:
    """What all commands share."""
    FOLDER.set(workspace)


for chapter in (
    composing,
    importing,
    checking,
    rendering,
    proofing,
    scheduling,
    delivering,
    inquiring,
    correcting,
    people,
    keeping,
    home,
    doctor,
    dkim,
    serving,
    watching,
):
    chapter.register(app)


def run() -> NoReturn:
    """The console script: runs one command and ends with its code; no error becomes a traceback."""
    _speak_utf8()
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    try:
        code = app(args=arguments, prog_name="hebdo", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (``| head``): nothing to tell, and nobody to tell it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("HEBDO_DEBUG"):
            raise
        return _refuse(error, arguments)
    return code if isinstance(code, int) else 0


def _refuse(raised: Exception, arguments: list[str]) -> int:
    json_wanted = _json_wanted(arguments)
    if type(raised).__name__ == "NoArgsIsHelpError" and not json_wanted:
        write_talk(str(raised))
        return UsageError.exit_code
    error = as_error(raised)
    if json_wanted:
        write_out(envelope_of_error(error))
    else:
        write = write_question if isinstance(error, ConfirmationNeeded) else write_error
        write(visible(error.sentence(LANGUAGE), typed=arguments))
    return error.exit_code


def _json_wanted(arguments: list[str]) -> bool:
    # Asked of the words themselves, since a line that cannot be parsed wants its answer in JSON as well.
    return "--json" in arguments or "--format=json" in arguments or ("--format", "json") in itertools.pairwise(arguments)


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
