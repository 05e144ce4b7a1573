"""Before it leaves: proof, approve."""

from __future__ import annotations

from typing import Annotated

import typer

from composer.cli.answers import Answer
from composer.cli.command import command
from composer.cli.language import say, told
from composer.cli.options import ISSUE
from composer.cli.place import here, ledger_of, now
from composer.cli.talk import busy

PANEL = say("Relire", "Read over")


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(app, "proof", panel=PANEL, fr="Envoyer une épreuve à la rédaction.", en="Send a proof to the desk.")(proof)
    command(app, "approve", panel=PANEL, fr="Donner le bon à tirer.", en="Approve an issue.")(approve)


def proof(
    issue: ISSUE = "latest",
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="EMAIL",
            help=say(
                "À cette adresse plutôt qu’à celles de la rédaction (peut se répéter).",
                "To this address instead of the desk’s (may be repeated).",
            ),
        ),
    ] = None,
) -> Answer:
    """Send a proof."""
    from composer.workflow.proofing import send_proof

    workspace = here()
    with ledger_of(workspace) as ledger, busy(say("Envoi de l’épreuve…", "Sending the proof…")):
        sent = send_proof(workspace, ledger, issue, to=to or (), now=now())
    return Answer(data=sent.to_json(), text=told(sent.words))


def approve(
    issue: ISSUE,
    by: Annotated[
        str | None,
        typer.Option(
            help=say("Qui approuve ; sans cela, l’utilisateur de la machine.", "Who approves; without it, the user of the machine.")
        ),
    ] = None,
) -> Answer:
    """Approve an issue."""
    from composer.workflow.proofing import approve as give

    workspace = here()
    with ledger_of(workspace) as ledger:
        given = give(workspace, ledger, issue, by=by, now=now())
    return Answer(data=given.to_json(), text=told(given.words))
