"""The readers: subscribers, suppressions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from composer.cli.answers import Answer
from composer.cli.command import command, group
from composer.cli.files import read_input, read_lines, told_of, write_private
from composer.cli.language import say, told
from composer.cli.options import DRY_RUN
from composer.cli.outline import counted
from composer.cli.place import here, ledger_of, now
from composer.cli.talk import busy, table
from composer.errors import Unfinished

if TYPE_CHECKING:
    from composer.model.mailing import Subscriber
    from composer.workflow.subscribing import PeopleImport
    from composer.workspace import Workspace

PANEL = say("Abonnés", "Readers")
SHOWN_LINES = 10
UNFINISHED = Unfinished.exit_code
EMAIL = Annotated[str, typer.Argument(metavar="EMAIL", help=say("Adresse.", "Address."))]
OUTPUT = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar=say("FICHIER", "FILE"), help=say("Écrire ici plutôt qu’à la sortie.", "Write here instead of the output.")
    ),
]
CONSENT = Annotated[
    str | None,
    typer.Option(
        metavar=say("«OÙ ET QUAND»", "“WHERE AND WHEN”"),
        help=say("Où et jusqu’à quand le consentement a été donné.", "Where and until when consent was given."),
    ),
]
FILE = Annotated[
    str,
    typer.Argument(
        metavar=say("FICHIER|-", "FILE|-"), help=say("CSV : email, name et d’autres colonnes.", "CSV: email, name and further columns.")
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    subscribers = group("Les abonnés.", "The subscribers.")
    app.add_typer(subscribers, name="subscribers", rich_help_panel=PANEL)
    command(subscribers, "import", fr="Reprendre un fichier CSV ; ne ranime personne.", en="Take a CSV file; revives nobody.")(
        import_people
    )
    command(subscribers, "add", fr="Inscrire une personne.", en="Add one person.")(add)
    command(subscribers, "list", fr="Lister les abonnés.", en="List the subscribers.")(list_people)
    command(subscribers, "export", fr="Donner les abonnés en CSV.", en="Give the subscribers as CSV.")(export)
    command(subscribers, "remove", fr="Désinscrire une personne.", en="Take one person off the list.")(remove)
    command(
        subscribers,
        "catch-up",
        fr="Reprendre les désinscriptions qu’une sauvegarde remise en place ignore.",
        en="Bring back the unsubscriptions that a backup put back does not know.",
    )(catch_up)
    suppressions = group("La liste d’exclusion.", "The suppressions.")
    app.add_typer(suppressions, name="suppressions", rich_help_panel=PANEL)
    command(suppressions, "import", fr="Reprendre une liste d’exclusion.", en="Take a list of suppressions.")(import_suppressions)
    command(suppressions, "list", fr="Lister les adresses exclues.", en="List the suppressed addresses.")(list_suppressions)


def import_people(
    file: FILE,
    consent: CONSENT = None,
    dry_run: DRY_RUN = False,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar=say("COLONNE=RÔLE", "COLUMN=ROLE"),
            help=say("Ce que veut dire une colonne (peut se répéter).", "What a column means (may be repeated)."),
        ),
    ] = None,
) -> Answer:
    """Import subscribers."""
    from composer.workflow.subscribing import import_subscribers

    workspace = here()
    content, name = read_input(file)
    with told_of(name), ledger_of(workspace) as ledger, busy(say("Lecture des abonnés…", "Reading the subscribers…")):
        taken = import_subscribers(ledger, content, consent=consent, dry_run=dry_run, mapping=columns, now=now())
    return _taken(taken, file=None if dry_run else _inside(workspace, file))


def add(
    email: EMAIL,
    name: Annotated[str, typer.Option(help=say("Nom.", "Name."))] = "",
    consent: CONSENT = None,
) -> Answer:
    """Add one."""
    from composer.workflow.subscribing import add_subscriber

    workspace = here()
    with ledger_of(workspace) as ledger:
        person = add_subscriber(ledger, email, name=name, consent=consent, now=now())
    return Answer(data=_person(person), text=person.email)


def list_people(
    status: Annotated[Literal["active", "unsubscribed"] | None, typer.Option(help=say("Seulement ceux-là.", "Only those."))] = None,
) -> Answer:
    """List them."""
    from composer.workflow.subscribing import list_subscribers

    workspace = here()
    with ledger_of(workspace) as ledger:
        people = [_person(one) for one in list_subscribers(ledger, status=status)]
        counts = ledger.subscribers.counts()
    states = {"active": say("abonné", "subscribed"), "unsubscribed": say("désinscrit", "unsubscribed")}
    heads = (say("ADRESSE", "ADDRESS"), say("NOM", "NAME"), say("ÉTAT", "STATE"), say("CONSENTEMENT", "CONSENT"))
    rows = [[one["email"], one["name"], states[one["status"]], one["consent"]] for one in people]
    return Answer(data=people, text=table(heads, rows) if rows else "", talk=_totals(counts))


def _totals(counts: Mapping[str, int]) -> str:
    """«49 abonnés, 1 désinscrit»: how many there are in each state, whatever is listed."""
    here_now = counted(counts.get("active", 0), ("abonné", "abonnés"), ("subscribed", "subscribed"))
    gone = counts.get("unsubscribed", 0)
    return here_now if not gone else f"{here_now}, {counted(gone, ('désinscrit', 'désinscrits'), ('unsubscribed', 'unsubscribed'))}"


def export(output: OUTPUT = None) -> Answer:
    """Export them; cells that a spreadsheet would run are guarded."""
    from composer.workflow.subscribing import export_subscribers

    workspace = here()
    with ledger_of(workspace) as ledger:
        written = export_subscribers(ledger)
    if output is not None:
        write_private(output, written.encode())
    return Answer(
        data={"file": str(output) if output else None, "csv": None if output else written},
        text=str(output) if output else written.replace("\r\n", "\n"),
    )


def remove(email: EMAIL) -> Answer:
    """Remove one."""
    from composer.workflow.subscribing import remove_subscriber

    workspace = here()
    with ledger_of(workspace) as ledger:
        gone = remove_subscriber(ledger, email, now=now())
    words = say(f"{email} ne reçoit plus rien.", f"{email} gets nothing more.")
    return Answer(
        data={"email": email, "was_here": gone.was_here},
        text=words if gone.was_here else say(f"{email} ne recevait déjà plus rien.", f"{email} had left already."),
    )


def catch_up(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE|-",
            help=say(
                "L’ancien dossier, son ledger.sqlite, son left.log, ou le journal du serveur web.",
                "The old folder, its ledger.sqlite, its left.log, or the web server’s log.",
            ),
        ),
    ],
) -> Answer:
    """Catch up with who left."""
    from composer.workflow import catching_up

    workspace = here()
    with ledger_of(workspace) as ledger:
        if source == "-":
            with read_lines(source) as (lines, _):
                done = catching_up.catch_up_lines(workspace, ledger, lines, now=now())
        else:
            done = catching_up.catch_up(workspace, ledger, Path(source).expanduser(), now=now())
    return Answer(data=done.to_json(), text=told(done.words))


def import_suppressions(
    file: Annotated[
        str,
        typer.Argument(metavar=say("FICHIER|-", "FILE|-"), help=say("Une adresse par ligne, ou un CSV.", "One address a line, or a CSV.")),
    ],
    source: Annotated[str, typer.Option(help=say("D’où vient cette liste.", "Where this list comes from."))] = "",
    dry_run: DRY_RUN = False,
) -> Answer:
    """Import suppressions."""
    from composer.workflow.subscribing import import_suppressions as take

    workspace = here()
    content, name = read_input(file)
    with told_of(name), ledger_of(workspace) as ledger:
        taken = take(ledger, content, dry_run=dry_run, source=source or name, now=now())
    told_words = counted(taken.added, ("adresse exclue", "adresses exclues"), ("address suppressed", "addresses suppressed"))
    known = say(f"{taken.known} déjà connues", f"{taken.known} known already")
    return Answer(
        data=_import_data(taken),
        text=f"{told_words}, {known}.",
        talk=_invalid_lines(taken),
        exit_code=UNFINISHED if taken.invalid and not taken.dry_run else 0,
    )


def list_suppressions() -> Answer:
    """List suppressions."""
    from composer.workflow.subscribing import list_suppressions as read

    workspace = here()
    with ledger_of(workspace) as ledger:
        rows = [
            {"address": one.email_key, "reason": one.reason, "source": one.source, "at": one.created_at.isoformat()} for one in read(ledger)
        ]
    heads = (say("ADRESSE", "ADDRESS"), say("RAISON", "REASON"), say("SOURCE", "SOURCE"), say("DATE", "DATE"))
    lines = [[row["address"], row["reason"], row["source"], row["at"][:10]] for row in rows]
    return Answer(
        data=rows, text=table(heads, lines) if lines else "", talk=counted(len(rows), ("adresse", "adresses"), ("address", "addresses"))
    )


def _person(one: Subscriber) -> dict[str, Any]:
    # The token stays in the ledger: who has it can take the person off the list.
    return {
        "email": one.email,
        "name": one.name,
        "status": one.status,
        "consent": one.consent,
        "consented_on": one.consented_on.isoformat() if one.consented_on else None,
        "fields": dict(one.fields),
    }


def _inside(workspace: Workspace, file: str) -> str | None:
    """The file of people as it stands in the newsletter's folder, where it has no business any more; None elsewhere."""
    path = Path(file).expanduser().resolve()
    root = workspace.root.resolve()
    return str(path.relative_to(root)) if file != "-" and path.is_relative_to(root) and not path.is_relative_to(root / "var") else None


def _taken(taken: PeopleImport, *, file: str | None) -> Answer:
    private = say(
        f"{file} nomme des personnes : sortez-le de ce dossier ou supprimez-le, et ne le mettez jamais dans git.",
        f"{file} names people: take it out of this folder or delete it, and never put it into git.",
    )
    lines = [told(taken.column_words), _invalid_lines(taken), *_partly(taken), *([private] if file else [])]
    return Answer(
        data=_import_data(taken),
        text=told(taken.words),
        talk="\n".join(line for line in lines if line),
        exit_code=UNFINISHED if taken.invalid and not taken.dry_run else 0,
    )


def _partly(taken: PeopleImport) -> list[str]:
    """Why the command ends with a code of its own though people were added."""
    if not taken.invalid or taken.dry_run:
        return []
    added = counted(taken.added, ("personne est inscrite", "personnes sont inscrites"), ("person was added", "people were added"))
    return [
        say(
            f"Code de sortie {UNFINISHED} : {added}, les lignes illisibles non. Corrigez-les et importez de nouveau : personne n’est inscrit deux fois.",
            f"Exit code {UNFINISHED}: {added}, the unreadable lines were not. Correct them and import again: nobody is added twice.",
        )
    ]


def _import_data(taken: PeopleImport) -> dict[str, Any]:
    return taken.to_json() | {"invalid": [{"line": one.line, "text": one.text, "why": told(one.why)} for one in taken.invalid]}


def _invalid_lines(taken: PeopleImport) -> str:
    shown = [f"  {say(f'ligne {one.line} :', f'line {one.line}:')} {told(one.why)} ({one.text})" for one in taken.invalid[:SHOWN_LINES]]
    more = len(taken.invalid) - len(shown)
    return "\n".join([*shown, say(f"  … et {more} autres (--json)", f"  … and {more} more (--json)")] if more > 0 else shown)
