"""Writing an issue: init, new, list, show, open, order, move, import, links."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from composer.cli.answers import Answer
from composer.cli.command import command, group
from composer.cli.language import LANGUAGE, say
from composer.cli.outline import issue_outline
from composer.cli.place import FOLDER, here, now
from composer.cli.talk import table

ISSUE = Annotated[
    str,
    typer.Argument(
        metavar="NUMÉRO" if LANGUAGE == "fr" else "ISSUE",
        help=say("Numéro, dossier, début de nom, ou « dernier ».", "Number, folder, start of a name, or “latest”."),
    ),
]
PANEL = say("Écrire", "Write")


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(app, "init", panel=PANEL, fr="Créer le dossier d’une lettre.", en="Make the folder of a newsletter.")(init)
    new = group("Créer un numéro ou un article.", "Make an issue or a story.")
    app.add_typer(new, name="new", rich_help_panel=PANEL)
    command(new, "issue", fr="Créer un numéro, avec le numéro suivant.", en="Make an issue, with the next number.")(new_issue)
    command(new, "story", fr="Ajouter un article à un numéro, ou au marbre.", en="Add a story to an issue, or to those that wait.")(new_story)
    command(app, "list", panel=PANEL, fr="Lister les numéros.", en="List the issues.")(list_all)
    command(app, "show", panel=PANEL, fr="Montrer ce que contient un numéro.", en="Show what an issue holds.")(show)
    command(app, "open", panel=PANEL, fr="Ouvrir un numéro dans l’éditeur de texte.", en="Open an issue in the text editor.")(open_issue)
    command(app, "order", panel=PANEL, fr="Ranger les articles d’un numéro.", en="Put the stories of an issue in order.")(order)
    command(app, "move", panel=PANEL, fr="Déplacer un article vers un autre numéro ou au marbre.", en="Move a story to another issue, or to those that wait.")(move)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DOSSIER" if LANGUAGE == "fr" else "FOLDER", help=say("Dossier à créer.", "Folder to make."))],
    language: Annotated[Literal["fr", "en"], typer.Option(help=say("Langue de la lettre.", "Language of the newsletter."))] = LANGUAGE,
    name: Annotated[str | None, typer.Option(help=say("Nom de la lettre.", "Name of the newsletter."))] = None,
) -> Answer:
    """Make a workspace."""
    from composer.workflow.composing import init_workspace

    target = FOLDER.get() / folder
    workspace = init_workspace(target, language=language, name=name)
    return Answer(
        data={"folder": str(workspace.root), "name": workspace.newsletter.name},
        text=str(workspace.root),
        talk=say(
            f"Voici « {workspace.newsletter.name} ». Ensuite :\n  cd {folder}\n  hebdo import texte.txt     (ou : hebdo new issue)\n  hebdo preview",
            f"Here is “{workspace.newsletter.name}”. Next:\n  cd {folder}\n  hebdo import text.txt     (or: hebdo new issue)\n  hebdo preview",
        ),
    )
