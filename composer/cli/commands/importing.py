"""From a paste to an issue: import, links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import typer

from composer.cli.answers import Answer
from composer.cli.command import command
from composer.cli.files import read_input
from composer.cli.language import LANGUAGE, say
from composer.cli.links_table import edit_links, is_typed_table, read_json_rows, set_typed_links
from composer.cli.options import DRY_RUN, ISSUE, ISSUE_NAME
from composer.cli.outline import counted, issue_outline
from composer.cli.place import here
from composer.cli.talk import busy, table

PANEL = say("Écrire", "Write")
SHOWN_WORDS = 60
SHOWN_LINES = 40


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(
        app, "import", panel=PANEL, fr="Faire un numéro ou un article d’un texte collé.", en="Make an issue or a story of a pasted text."
    )(import_file)
    command(app, "links", panel=PANEL, fr="Toutes les adresses d’un numéro, en un tableau.", en="All addresses of an issue, in one table.")(
        links
    )


def import_file(  # noqa: PLR0917 - Typer's options
    file: Annotated[
        str,
        typer.Argument(
            metavar=say("FICHIER|-", "FILE|-"),
            help=say(
                "Word (.docx), texte, Markdown ou HTML ; « - » lit l’entrée.", "Word (.docx), text, Markdown or HTML; “-” reads the input."
            ),
        ),
    ],
    as_: Annotated[Literal["auto", "issue", "story"], typer.Option("--as", help=say("Ce que c’est.", "What it is."))] = "auto",
    into: Annotated[str | None, typer.Option(metavar=ISSUE_NAME, help=say("Ajouter à ce numéro.", "Add to this issue."))] = None,
    headings: Annotated[
        Literal["h2", "runin"],
        typer.Option(help=say("Ce que deviennent les intertitres d’un article.", "What the headings of an article become.")),
    ] = "h2",
    headline: Annotated[
        list[str] | None,
        typer.Option(
            metavar=say("LIGNE", "LINE"),
            help=say("Cette ligne est un titre (peut se répéter).", "This line is a headline (may be repeated)."),
        ),
    ] = None,
    sponsor_ends: Annotated[
        str | None,
        typer.Option(metavar=say("LIGNE", "LINE"), help=say("Dernière ligne de l’annonceur.", "Last line of the sponsor’s text.")),
    ] = None,
    dry_run: DRY_RUN = False,
) -> Answer:
    """Import a document."""
    from composer.workflow.importing import import_document

    workspace = here()
    content, name = read_input(file)
    with busy(say("Lecture du texte…", "Reading the text…")):
        imported = import_document(
            workspace,
            content,
            name=name,
            as_=as_,
            into=into,
            headings=headings,
            sponsor_ends=sponsor_ends,
            headline=headline or (),
            dry_run=dry_run,
        )
    found = imported.to_json(LANGUAGE)
    talk = _told(found, imported.imported.unclassified, dry_run=dry_run)
    confirmed = imported.issue_id if (sponsor_ends or headline) and not dry_run else ""  # it may stand in the place of an earlier one
    return Answer(data=found, text=issue_outline(found), talk=talk, edited=into or confirmed)


def links(
    issue: ISSUE,
    edit: Annotated[bool, typer.Option("--edit", help=say("Ouvrir le tableau dans l’éditeur.", "Open the table in the editor."))] = False,
    set_: Annotated[
        str | None,
        typer.Option(
            "--set",
            metavar=say("FICHIER|-", "FILE|-"),
            help=say("Reprendre le tableau (de --edit ou de --json).", "Take the table back (of --edit or --json)."),
        ),
    ] = None,
    missing: Annotated[
        bool, typer.Option("--missing", help=say("Seulement les liens sans adresse.", "Only links without address."))
    ] = False,
) -> Answer:
    """List, edit or set the addresses."""
    from composer.workflow.linking import list_links, set_links

    workspace = here()
    if set_ is not None:
        content, name = read_input(set_)
        if is_typed_table(content, [row["id"] for row in list_links(workspace, issue)]):
            set_typed_links(workspace, issue, content.decode("utf-8-sig"), set_)
        else:
            set_links(workspace, issue, read_json_rows(content, name))
    if edit:
        edit_links(workspace, issue)
    rows = [row for row in list_links(workspace, issue) if not missing or not row["url"]]
    lacking = sum(not row["url"] for row in rows)
    command_line = f"`hebdo links {issue} --edit`"
    talk = say(f"{lacking} sans adresse : {command_line}", f"{lacking} without address: {command_line}") if lacking else ""
    return Answer(data=rows, text=_table(rows), talk=talk, edited=issue if edit or set_ is not None else "")


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    heads = ("ID", say("LIGNE", "LINE"), say("MOTS", "WORDS"), say("ADRESSE", "ADDRESS"))
    lines = [[row["id"], row["place"].rpartition("/")[2], _cut(row["words"]), row["url"] or "–"] for row in rows]
    return table(heads, lines) if rows else ""


def _cut(words: str) -> str:
    return words if len(words) <= SHOWN_WORDS else words[: SHOWN_WORDS - 1].rstrip() + "…"


def _told(found: dict[str, Any], unclassified: Sequence[tuple[int, str]], *, dry_run: bool) -> str:
    counts = str(found.get("counts", "line"))
    lines = _not_understood(unclassified, counts)
    lines += [say("supposé : ", "guessed: ") + _at(one["line"], one["reason"], counts) for one in found.get("guesses", ())]
    lines += [say("à voir : ", "to see: ") + str(one) for one in found.get("warnings", ())]
    if dry_run:
        lines.append(say("Rien n’a été écrit.", "Nothing was written."))
    elif found.get("id"):
        lines.append(
            say(
                f"Ensuite : `hebdo links {found['id']} --edit`, puis `hebdo preview {found['id']}`",
                f"Next: `hebdo links {found['id']} --edit`, then `hebdo preview {found['id']}`",
            )
        )
    elif found.get("stories"):
        story = found["stories"][0]["id"]
        lines.append(
            say(
                f"Cet article attend au marbre. Ensuite : `hebdo move {story} dernier`",
                f"This story waits in stories/. Next: `hebdo move {story} latest`",
            )
        )
    return "\n".join(lines)


def _at(line: int, words: str, counts: str) -> str:
    if counts == "paragraph":
        return say(f"paragraphe {line} : {words}", f"paragraph {line}: {words}")
    return say(f"ligne {line} : {words}", f"line {line}: {words}")


def _not_understood(unclassified: Sequence[tuple[int, str]], counts: str) -> list[str]:
    """The lines that were not understood, each with its number in the source."""
    if not unclassified:
        return []
    head = counted(
        len(unclassified),
        ("ligne n’a pas été comprise ; elle est restée à sa place.", "lignes n’ont pas été comprises ; elles sont restées à leur place."),
        ("line was not understood; it stayed in place.", "lines were not understood; they stayed in place."),
    )
    lines = [head, *(f"    {_at(number, words, counts)}" for number, words in unclassified[:SHOWN_LINES])]
    if len(unclassified) > SHOWN_LINES:
        lines.append("    " + say("… les autres : `--json`", "… the others: `--json`"))
    return lines
