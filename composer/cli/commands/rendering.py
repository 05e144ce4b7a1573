"""An issue as readers get it: render, preview."""

from __future__ import annotations

import contextlib
import socket
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from composer.cli.answers import Answer
from composer.cli.command import command
from composer.cli.files import write_output
from composer.cli.language import CHOSEN, say
from composer.cli.options import ISSUE, ISSUE_NAME
from composer.cli.place import here, ledger_of, now
from composer.cli.talk import busy, may_ask, write_out, write_talk
from composer.errors import HebdoError

if TYPE_CHECKING:
    from composer.ledger import Ledger
    from composer.workspace import Workspace

PANEL = say("Relire", "Read over")


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(
        app, "render", panel=PANEL, fr="Donner le HTML, le texte ou le message fini.", en="Give the HTML, the text or the finished message."
    )(render)
    command(
        app,
        "preview",
        panel=PANEL,
        fr="Voir le numéro dans le navigateur, à jour à chaque enregistrement.",
        en="See the issue in the browser, fresh after every save.",
    )(preview)


def render(
    issue: ISSUE = "latest",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar=say("FICHIER", "FILE"),
            help=say("Écrire ici plutôt qu’à la sortie.", "Write here instead of the output."),
        ),
    ] = None,
    format_: Annotated[Literal["html", "text", "eml"], typer.Option("--format", help=say("Forme.", "Form."))] = "html",
    as_: Annotated[
        str | None, typer.Option("--as", metavar="EMAIL", help=say("Comme cet abonné le recevra.", "As this subscriber will get it."))
    ] = None,
) -> Answer:
    """Render an issue."""
    from composer.workflow.finishing import render_finished
    from composer.workflow.readers import require_reader

    workspace = here()
    reader = None
    if as_ is not None:
        with ledger_of(workspace) as ledger:
            reader = require_reader(ledger, as_)
    with busy(say("Composition…", "Rendering…")), contextlib.ExitStack() as stack:
        known = _ledger_if_any(workspace, stack)
        finished = render_finished(workspace, issue, form=format_, reader=reader, ledger=known, now=now())
    if output is not None:
        write_output(output, finished.content)
    return Answer(
        data={
            "issue": finished.issue_id,
            "digest": finished.digest,
            "format": format_,
            "bytes": len(finished.content),
            "file": str(output) if output else None,
        },
        text="" if output else finished.content.decode(errors="replace"),
        talk=say(f"{output} · scellé {finished.digest[:12]}", f"{output} · seal {finished.digest[:12]}") if output else "",
    )


def preview(
    issue: Annotated[
        str | None, typer.Argument(metavar=f"[{ISSUE_NAME}]", help=say("Ouvrir sur ce numéro.", "Open at this issue."))
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help=say("Port ; 0 en prend un libre.", "Port; 0 takes a free one."))] = 8200,
    browse: Annotated[bool, typer.Option("--open/--no-open", help=say("Ouvrir le navigateur.", "Open the browser."))] = True,
) -> Answer:
    """Serve the preview until Ctrl+C."""
    from composer.workflow.ports import listen
    from composer.workspace import find_issue

    workspace = here()
    issue_id = find_issue(workspace, issue) if issue else None
    with contextlib.ExitStack() as opened:
        listener = opened.enter_context(listen("127.0.0.1", port, typed="hebdo preview"))
        ledger = opened.enter_context(ledger_of(workspace)) if workspace.ledger_path.exists() else None
        _serve_preview(workspace, ledger, listener, issue_id, browse=browse)
    return Answer(talk=say("Aperçu fermé.", "Preview closed."))


def _serve_preview(workspace: Workspace, ledger: Ledger | None, listener: socket.socket, issue_id: str | None, *, browse: bool) -> None:
    from composer.web.preview import preview_app, run_preview

    app = preview_app(workspace, ledger, language=CHOSEN)
    port = listener.getsockname()[1]
    path = f"/numeros/{issue_id}" if issue_id else "/"
    address = f"http://127.0.0.1:{port}{path}?jeton={app.state.key}"
    write_out(address)
    write_talk(say("L’aperçu suit chaque enregistrement. Ctrl+C pour finir.", "The preview follows every save. Ctrl+C to end."))
    if browse and may_ask():
        webbrowser.open(address)
    run_preview(app, listener)


def _ledger_if_any(workspace: Workspace, stack: contextlib.ExitStack) -> Ledger | None:
    """The ledger, for what most readers are like; a page is rendered without it too."""
    if not workspace.ledger_path.exists():
        return None
    with contextlib.suppress(HebdoError):
        return stack.enter_context(ledger_of(workspace))
    return None
