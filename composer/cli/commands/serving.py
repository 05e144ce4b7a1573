"""What stays up: serve, worker."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from composer.cli.answers import Answer, finding_lines
from composer.cli.command import command
from composer.cli.language import CHOSEN, say, told
from composer.cli.place import here
from composer.cli.progress import following
from composer.cli.talk import write_out, write_talk
from composer.errors import Unfinished

if TYPE_CHECKING:
    from composer.ledger import Ledger
    from composer.workflow.listeners import DeskPages
    from composer.workspace import Workspace

PANEL = say("Faire tourner", "Run")


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(
        app,
        "serve",
        panel=PANEL,
        fr="Pages des lecteurs, pages de la rédaction, horloge et envoi, d’une seule commande.",
        en="Readers’ pages, the desk’s pages, clock and sender, in one command.",
    )(serve)
    command(app, "worker", panel=PANEL, fr="Horloge et envoi, sans pages.", en="Clock and sender, without pages.")(worker)


def serve(  # noqa: PLR0917 - Typer's options
    port: Annotated[
        int,
        typer.Option(
            min=0,
            max=65535,
            help=say("Port des pages des lecteurs ; 0 en prend un libre.", "Port of the readers’ pages; 0 takes a free one."),
        ),
    ] = 8000,
    host: Annotated[
        str, typer.Option(help=say("Adresse d’écoute des pages des lecteurs.", "Address that the readers’ pages listen on."))
    ] = "127.0.0.1",
    desk_port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help=say(
                "Port des pages de la rédaction ; sans lui 8300, ou un port libre.",
                "Port of the desk’s pages; without it 8300, or a free one.",
            ),
        ),
    ] = None,
    desk_host: Annotated[
        str,
        typer.Option(
            help=say(
                "Adresse d’écoute des pages de la rédaction ; au-delà de cette machine, sous clé comme ici.",
                "Address that the desk’s pages listen on; beyond this machine, under the same key.",
            )
        ),
    ] = "127.0.0.1",
    desk_name: Annotated[
        list[str] | None,
        typer.Option(
            metavar=say("NOM", "NAME"),
            help=say(
                "Nom auquel elles répondent aussi, derrière un serveur mandataire.", "Name that they answer to as well, behind a proxy."
            ),
        ),
    ] = None,
    desk: Annotated[bool, typer.Option("--desk/--no-desk", help=say("Ouvrir les pages de la rédaction.", "Open the desk’s pages."))] = True,
) -> Answer:
    """Serve until Ctrl+C or SIGTERM."""
    from composer.cli.journal import log_events
    from composer.text.hosts import bracketed, is_unspecified, own_names
    from composer.web.readers import readers_app
    from composer.workflow.serving import serve as run

    workspace = here()
    log_events()

    def ready(taken: int) -> None:
        write_out(f"http://{'127.0.0.1' if is_unspecified(host) else bracketed(host)}:{taken}")
        write_talk(say("Pages, horloge et envoi tournent. Ctrl+C pour finir.", "Pages, clock and sender are running. Ctrl+C to end."))
        _tell_untold(workspace)
        if workspace.newsletter.site.rehearsal:
            write_talk(say("RÉPÉTITION : les adresses des lecteurs sont locales.", "REHEARSAL: the readers’ addresses are local."))

    def pages(workspace: Workspace, ledger: Ledger) -> Any:
        return readers_app(workspace, ledger, hosts=own_names(host))

    beside = _desk_pages(workspace, host=desk_host, port=desk_port, names=desk_name or []) if desk else None
    run(workspace, app=pages, host=host, port=port, ready=ready, desk=beside, told=lambda words: write_talk(told(words)))
    return Answer(talk=say("Arrêté ; ce qui restait attend.", "Stopped; what was left waits."))


def _desk_pages(workspace: Workspace, *, host: str, port: int | None, names: list[str]) -> DeskPages:
    """The desk's pages under their key, wherever they listen."""
    from composer.cli.files import write_private
    from composer.cli.journal import is_journal
    from composer.text.hosts import bracketed, is_loopback_host, is_unspecified, own_names
    from composer.web.preview import PreviewServer, preview_app
    from composer.workflow.listeners import DeskPages
    from composer.workflow.ports import own_address
    from composer.workspace.keys import desk_key

    key = desk_key(workspace)
    beyond = not is_loopback_host(host)

    def make(workspace: Workspace, ledger: Ledger) -> PreviewServer:
        known = (*names, *own_names(host))
        return PreviewServer(
            preview_app(workspace, ledger, key=key, language=CHOSEN, hosts=known, by_address=beyond, command="hebdo serve")
        )

    def ready(taken: int) -> None:
        shown = own_address(host) if is_unspecified(host) else host
        address = f"http://{bracketed(shown)}:{taken}/"
        if is_journal(os.environ):  # a log is read by others, and kept: no key in it
            write_private(workspace.var_path / "desk.url", f"{address}?jeton={key}\n".encode())
            write_talk(say(f"La rédaction : {address} ; sa clé est dans var/desk.url", f"The desk: {address}; its key is in var/desk.url"))
        else:
            write_out(f"{address}?jeton={key}")
            write_talk(
                say(
                    "La rédaction : l’adresse qui porte la clé, à garder pour soi.",
                    "The desk: the address with the key, to be kept private.",
                )
            )
        if beyond:
            write_talk(
                say(
                    "ATTENTION : elle s’ouvre au réseau, et la clé y passe en clair. Mettez https devant (docs/reverse-proxy.md), ou gardez-la ici et passez par ssh.",
                    "MIND: it is open to the network, and the key travels in the clear. Put https in front (docs/reverse-proxy.md), or keep it here and come by ssh.",
                )
            )

    return DeskPages(make=make, host=host, port=port, ready=ready)


def _tell_untold(workspace: Workspace) -> None:
    """What keeps the desk from being told, said before the night and not after."""
    from composer.check.telling import find_untold

    for line in finding_lines(tuple(find_untold(workspace.newsletter))):
        write_talk(line)


def worker(
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help=say("Finir quand il ne reste rien à envoyer.", "End when nothing is left to send."))
    ] = False,
) -> Answer:
    """Launch and send what is due."""
    from composer.cli.journal import log_events
    from composer.workflow.sending_room import spare_the_collector
    from composer.workflow.serving import run_worker

    workspace = here()
    spare_the_collector()
    if not until_idle:
        log_events()
        _tell_untold(workspace)
    with following(workspace):
        report = run_worker(workspace, until_idle=until_idle, told=lambda words: write_talk(told(words)))
    return Answer(data=report.to_json(), text=told(report.words), exit_code=Unfinished.exit_code if report.is_unfinished else 0)
