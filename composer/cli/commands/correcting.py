"""After it left: correct the web view."""

from __future__ import annotations

from typing import Annotated

import typer

from composer.cli.answers import Answer
from composer.cli.command import command
from composer.cli.language import say, told
from composer.cli.options import ISSUE, YES
from composer.cli.place import here, ledger_of, now


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(
        app,
        "correct",
        panel=say("Envoyer", "Send"),
        fr="Corriger la version en ligne d’un numéro parti, d’après ses fichiers.",
        en="Correct the web view of an issue that left, as its files now say.",
    )(correct)


def correct(
    issue: ISSUE,
    note: Annotated[
        str | None,
        typer.Option(
            metavar=say("PHRASE", "SENTENCE"), help=say("Ce qui était faux, dit aux lecteurs.", "What was wrong, told to the readers.")
        ),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help=say("Reprendre la dernière correction.", "Take the last correction back."))] = False,
    yes: YES = False,
) -> Answer:
    """Correct the web view."""
    from composer.render.difference import told_changes
    from composer.workflow.correcting import correct as publish
    from composer.workflow.correcting import undo_correction

    workspace = here()
    with ledger_of(workspace) as ledger:
        if undo:
            done = undo_correction(workspace, ledger, issue, yes=yes)
        else:
            done = publish(workspace, ledger, issue, note=note, yes=yes, now=now())
    talk = "\n".join(map(told, told_changes(done.changes)))
    return Answer(data=done.to_json(), text=told(done.words), talk=talk, findings=done.findings)
