"""The watcher outside: watch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from composer.cli.answers import Answer
from composer.cli.command import command
from composer.cli.language import say
from composer.cli.options import seconds, seconds_words
from composer.cli.place import here
from composer.cli.talk import write_out, write_talk
from composer.errors import NotFound, UsageError
from composer.words import Words

if TYPE_CHECKING:
    from composer.workspace import Workspace

PANEL = say("Faire tourner", "Run")
SAFE_S = 90  # the engine gives a sign each minute, to the ledger every twenty seconds


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(
        app,
        "watch",
        panel=PANEL,
        fr="Veiller de l’extérieur : alerter quand le moteur ne donne plus signe de vie.",
        en="Watch from outside: ring when the engine gives no sign of life.",
    )(watch)


def watch(
    host: Annotated[
        str,
        typer.Option(help=say("Adresse d’écoute ; 0.0.0.0 pour une autre machine.", "Address to listen on; 0.0.0.0 for another machine.")),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=say("Port d’écoute ; 0 en prend un libre.", "Port; 0 takes a free one."))
    ] = 8025,
    ledger: Annotated[
        bool,
        typer.Option(
            "--ledger",
            help=say(
                "Ne pas écouter : regarder le registre, sur la même machine.", "Do not listen: look at the ledger, on the same machine."
            ),
        ),
    ] = False,
    after: Annotated[
        str, typer.Option(metavar=say("DURÉE", "DURATION"), help=say("Alerter après ce silence.", "Ring after this silence."))
    ] = "5m",
    again: Annotated[
        str,
        typer.Option(metavar=say("DURÉE", "DURATION"), help=say("Alerter de nouveau à cet intervalle.", "Ring again at this interval.")),
    ] = "30m",
) -> Answer:
    """Watch until Ctrl+C or SIGTERM."""
    from composer.workflow.watching import Watch, watch_heartbeat, watch_ledger

    workspace = _watched()
    how = Watch(after_s=_positive(after, "--after"), again_s=_positive(again, "--again"))
    said = seconds_words(how.after_s)
    if how.after_s < SAFE_S:
        write_talk(
            say(
                f"Attention : {said} est trop court, le moteur se signale chaque minute ; l’alerte sonnera à tort.",
                f"Beware: {said} is too short, the engine gives a sign each minute; this will ring for nothing.",
            )
        )
    for line in _who_is_told(workspace.newsletter.desk.alert, workspace.newsletter.desk.alert_webhook, said):
        write_talk(line)
    if workspace.newsletter.transport.kind == "folder" and workspace.newsletter.desk.alert:
        write_talk(
            say(
                f"Attention : [transport] écrit dans {workspace.newsletter.transport.folder}, aucun courriel ne part d’ici.",
                f"Beware: [transport] writes to {workspace.newsletter.transport.folder}, no mail leaves from here.",
            )
        )
    if ledger:
        watch_ledger(workspace, watch=how, ready=lambda path: write_talk(say(f"Je veille sur {path}.", f"Watching {path}.")))
    else:
        watch_heartbeat(workspace, host=host, port=port, watch=how, ready=_tell_address)
    return Answer(talk=say("Fin de la veille.", "The watch has ended."))


def _watched() -> Workspace:
    """The newsletter that is watched; raises NotFound with what a machine that only watches needs."""
    try:
        return here()
    except NotFound as error:
        error.hint = Words(
            fr="Pour veiller d’ici, un newsletter.toml avec [sender], [transport] et [desk] suffit : docs/alerts.md",
            en="To watch from here, a newsletter.toml with [sender], [transport] and [desk] is enough: docs/alerts.md",
        )
        raise


def _tell_address(address: str) -> None:
    write_out(address)
    write_talk(
        say(
            f'Sur la machine qui envoie, sous [desk] de newsletter.toml : heartbeat_url = "{address}"',
            f'On the sending machine, under [desk] of newsletter.toml: heartbeat_url = "{address}"',
        )
    )


def _who_is_told(alert: tuple[str, ...], webhook: str, after: str) -> list[str]:
    told = [*alert, *(["alert_webhook"] if webhook else [])]
    return (
        [say(f"Après {after} de silence, j’alerte : {', '.join(told)}.", f"After {after} of silence I ring: {', '.join(told)}.")]
        if told
        else []
    )


def _positive(text: str, option: str) -> float:
    wanted = seconds(text, option=option)
    if not wanted:
        raise UsageError(
            Words(fr="Une veille sans patience sonnerait sans cesse.", en="A watch without patience would ring all the time."),
            where=option,
            hint=Words(fr=f"Écrivez par exemple `{option} 5m`", en=f"Write for instance `{option} 5m`"),
        )
    return float(wanted)
