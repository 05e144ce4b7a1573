"""Writing an issue: init, new, list, show, open, order, move."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from composer.cli.answers import Answer
from composer.cli.board import MAILING_STATES, correction_lines, review_lines
from composer.cli.command import command, group
from composer.cli.editor import open_files
from composer.cli.language import LANGUAGE, say
from composer.cli.options import DAY, ISSUE, ISSUE_NAME, day
from composer.cli.outline import issue_outline
from composer.cli.place import FOLDER, here, known_ledger, ledger_of, now
from composer.cli.talk import table

PANEL = say("Écrire", "Write")


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(app, "init", panel=PANEL, fr="Créer le dossier d’une lettre.", en="Make the folder of a newsletter.")(init)
    new = group("Créer un numéro ou un article.", "Make an issue or a story.")
    app.add_typer(new, name="new", rich_help_panel=PANEL)
    command(new, "issue", fr="Créer un numéro, avec le numéro suivant.", en="Make an issue, with the next number.")(new_issue)
    command(
        new,
        "correction",
        fr="Créer un rectificatif, pour ceux-là seuls qui ont reçu un numéro.",
        en="Make a correction, for those alone who got an issue.",
    )(new_correction)
    command(new, "story", fr="Ajouter un article à un numéro, ou au marbre.", en="Add a story to an issue, or to those that wait.")(
        new_story
    )
    command(app, "list", panel=PANEL, fr="Lister les numéros.", en="List the issues.")(list_all)
    command(app, "show", panel=PANEL, fr="Montrer ce que contient un numéro.", en="Show what an issue holds.")(show)
    command(app, "open", panel=PANEL, fr="Ouvrir un numéro dans l’éditeur de texte.", en="Open an issue in the text editor.")(open_issue)
    command(app, "order", panel=PANEL, fr="Ranger les articles d’un numéro.", en="Put the stories of an issue in order.")(order)
    command(
        app,
        "move",
        panel=PANEL,
        fr="Déplacer un article vers un autre numéro ou au marbre.",
        en="Move a story to another issue, or to those that wait.",
    )(move)


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DOSSIER" if LANGUAGE == "fr" else "FOLDER", help=say("Dossier à créer.", "Folder to make."))
    ],
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
            f"Voici « {workspace.newsletter.name} ». Ensuite :\n  cd {folder}\n  remplir newsletter.toml : l’expéditeur, l’éditeur, puis l’adresse publique et le serveur d’envoi\n  hebdo import texte.txt     (ou : hebdo new issue)\n  hebdo preview",
            f"Here is “{workspace.newsletter.name}”. Next:\n  cd {folder}\n  fill newsletter.toml: the sender, the publisher, then the public address and the mail server\n  hebdo import text.txt     (or: hebdo new issue)\n  hebdo preview",
        ),
    )


def new_issue(
    subject: Annotated[
        str, typer.Argument(metavar=say("[OBJET]", "[SUBJECT]"), help=say("Objet provisoire.", "Provisional subject."))
    ] = "",
    date: Annotated[
        str | None,
        typer.Option(metavar=DAY, help=say("Date prévue ; sans elle, le prochain créneau.", "Planned date; without it, the next slot.")),
    ] = None,
    number: Annotated[int | None, typer.Option(help=say("Numéro ; sans lui, le suivant.", "Number; without it, the next one."))] = None,
) -> Answer:
    """Make an issue."""
    from composer.workflow.answers import issue_answer
    from composer.workflow.composing import new_issue as make_issue

    workspace = here()
    issue = make_issue(workspace, subject=subject, planned=day(date), number=number, now=now())
    return Answer(
        data=issue_answer(issue, labels=workspace.newsletter.labels),
        text=issue.id,
        talk=say(f"Écrivez dans {issue.path}", f"Write in {issue.path}"),
    )


def new_correction(
    of: Annotated[
        str,
        typer.Option("--of", metavar=ISSUE_NAME, help=say("Le numéro à rectifier, déjà parti.", "The issue to correct, which has left.")),
    ],
    subject: Annotated[
        str,
        typer.Argument(
            metavar=say("[OBJET]", "[SUBJECT]"),
            help=say("Objet ; sans lui, « Rectificatif : … ».", "Subject; without it, “Correction: …”."),
        ),
    ] = "",
) -> Answer:
    """Make a rectificatif."""
    from composer.workflow.answers import issue_answer
    from composer.workflow.rectifying import new_correction as make_correction

    workspace = here()
    with ledger_of(workspace) as ledger:
        issue = make_correction(workspace, ledger, of, subject=subject, now=now())
    path = issue.stories[0].path if issue.stories else issue.path
    return Answer(
        data=issue_answer(issue, labels=workspace.newsletter.labels),
        text=issue.id,
        talk=say(
            f"Écrivez dans {path}. Seuls ceux qui ont reçu {issue.correction_of} l’auront : `hebdo send {issue.id} --now`",
            f"Write in {path}. Only those who got {issue.correction_of} will get it: `hebdo send {issue.id} --now`",
        ),
    )


def new_story(
    headline: Annotated[str, typer.Argument(metavar=say("TITRE", "HEADLINE"), help=say("Titre de l’article.", "Headline of the story."))],
    issue: Annotated[
        str | None,
        typer.Option(
            "--issue",
            "-i",
            metavar=ISSUE_NAME,
            help=say("Numéro ; sans lui, l’article attend au marbre.", "Issue; without it, the story waits in stories/."),
        ),
    ] = None,
    kind: Annotated[Literal["lead", "story", "sponsor"], typer.Option(help=say("Genre.", "Kind."))] = "story",
) -> Answer:
    """Add a story."""
    from composer.workflow.answers import story_answer
    from composer.workflow.composing import new_story as make_story

    story = make_story(here(), issue, headline=headline, kind=kind)
    return Answer(data=story_answer(story), text=story.path, edited=issue or "")


def list_all() -> Answer:
    """List the issues."""
    from composer.workflow.listing import list_issues

    workspace = here()
    with known_ledger(workspace) as ledger:
        rows = list_issues(workspace, ledger)
    lines = [[_number(row), row["date"] or "–", row["id"], row["error"] or row["subject"], _sent(row)] for row in rows]
    heads = ("N°", say("DATE", "DATE"), "ID", say("OBJET", "SUBJECT"), "")
    nothing = say(
        "Aucun numéro pour l’instant : `hebdo import texte.txt` ou `hebdo new issue`",
        "No issue yet: `hebdo import text.txt` or `hebdo new issue`",
    )
    return Answer(data=rows, text=table(heads, lines, right=(0,)) if rows else "", talk="" if rows else nothing)


def _number(row: dict[str, Any]) -> str:
    return "–" if row["number"] is None else str(row["number"])


def _sent(row: dict[str, Any]) -> str:
    if row["mailing"]:
        return MAILING_STATES[row["mailing"]]
    return say("parti", "sent") if row["sent"] else ""


def show(issue: ISSUE = "latest") -> Answer:
    """Show an issue."""
    from composer.workflow.listing import show_issue

    workspace = here()
    with known_ledger(workspace) as ledger:
        shown = show_issue(workspace, issue, ledger)
    return Answer(data=shown, text="\n".join([issue_outline(shown), *_reviewed(shown)]))


def _reviewed(shown: dict[str, Any]) -> list[str]:
    """The last proof and approval below the outline, apart from it."""
    lines = [*review_lines(shown), *correction_lines(shown)]
    return ["", *lines] if lines else []


def open_issue(issue: ISSUE = "latest") -> Answer:
    """Open an issue in the editor that ``VISUAL`` or ``EDITOR`` names, else in what the system opens folders with."""
    from composer.workspace import load_issue

    workspace = here()
    found = load_issue(workspace, issue)
    folder = (workspace.root / found.path).parent
    open_files([folder / "issue.md", *(workspace.root / story.path for story in found.stories)])
    return Answer(data={"folder": str(folder)}, text=str(folder))


def order(
    issue: ISSUE,
    stories: Annotated[
        list[str],
        typer.Argument(
            metavar=say("ARTICLE…", "STORY…"), help=say("Les articles, dans l’ordre voulu.", "The stories, in the order wanted.")
        ),
    ],
) -> Answer:
    """Put stories in order; those not named follow as they stood."""
    from composer.workflow.answers import issue_answer
    from composer.workflow.composing import order_stories

    workspace = here()
    issue_now = order_stories(workspace, issue, stories)
    shown = "\n".join(story.id for story in issue_now.stories)
    return Answer(data=issue_answer(issue_now, labels=workspace.newsletter.labels), text=shown, edited=issue_now.id)


def move(
    story: Annotated[
        str,
        typer.Argument(
            metavar=say("NUMÉRO/ARTICLE", "ISSUE/STORY"),
            help=say("L’article, ou son nom seul s’il attend au marbre.", "The story, or its name alone when it waits in stories/."),
        ),
    ],
    target: Annotated[str, typer.Argument(metavar=say("NUMÉRO|marbre", "ISSUE|stories"), help=say("Où il va.", "Where it goes."))],
) -> Answer:
    """Move a story."""
    from composer.workflow.composing import move_story

    path = move_story(here(), story, target)
    parts = path.split("/")
    # Where it came from is edited as well; a story is named ISSUE/STORY.
    edited = parts[1] if parts[0] == "issues" else story.rpartition("/")[0]
    return Answer(data={"path": path}, text=path, edited=edited)
