"""What stays up: serve, worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from composer.cli.answers import Answer
from composer.cli.command import command
from composer.cli.language import say, told
from composer.cli.place import here
from composer.cli.progress import following
from composer.cli.talk import write_out, write_talk
from composer.errors import Unfinished

if TYPE_CHECKING:
    from composer.ledger import Ledger
    from composer.workspace import Workspace

PANEL = say("Faire tourner", "Run")


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(
        app,
        "serve",
        panel=PANEL,
        fr="Pages des lecteurs, horloge et envoi, d’une seule commande.",
        en="Readers’ pages, clock and sender, in one command.",
    )(serve)
    command(app, "worker", panel=PANEL, fr="Horloge et envoi, sans pages.", en="Clock and sender, without pages.")(worker)


def serve(
    port: Annotated[
        int,
        typer.Option(
            min=0,
            max=65535,
            help=say("Port des pages des lecteurs ; 0 en prend un libre.", "Port of the readers’ pages; 0 takes a free one."),
        ),
    ] = 8000,
    host: Annotated[str, typer.Option(help=say("Adresse d’écoute.", "Address to listen on."))] = "127.0.0.1",
) -> Answer:
    """Serve until Ctrl+C or SIGTERM."""
    from composer.web.readers import readers_app
    from composer.workflow.serving import serve as run

    workspace = here()

    def ready(taken: int) -> None:
        write_out(f"http://{host}:{taken}")
        write_talk(say("Pages, horloge et envoi tournent. Ctrl+C pour finir.", "Pages, clock and sender are running. Ctrl+C to end."))
        if workspace.newsletter.site.rehearsal:
            write_talk(say("RÉPÉTITION : les adresses des lecteurs sont locales.", "REHEARSAL: the readers’ addresses are local."))

    def pages(workspace: Workspace, ledger: Ledger) -> Any:
        return readers_app(workspace, ledger, hosts=(host,))

    run(workspace, app=pages, host=host, port=port, ready=ready, told=lambda words: write_talk(told(words)))
    return Answer(talk=say("Arrêté ; ce qui restait attend.", "Stopped; what was left waits."))


def worker(
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help=say("Finir quand il ne reste rien à envoyer.", "End when nothing is left to send."))
    ] = False,
) -> Answer:
    """Launch and send what is due."""
    from composer.workflow.serving import run_worker

    workspace = here()
    with following(workspace):
        report = run_worker(workspace, until_idle=until_idle, told=lambda words: write_talk(told(words)))
    return Answer(data=report.to_json(), text=told(report.words), exit_code=Unfinished.exit_code if report.is_unfinished else 0)
