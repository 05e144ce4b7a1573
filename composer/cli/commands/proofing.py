"""Before it leaves: proof, approve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from composer.cli.answers import Answer
from composer.cli.command import command
from composer.cli.language import say, told
from composer.cli.options import ISSUE, YES
from composer.cli.place import here, ledger_of, now
from composer.cli.scores import score_answers, score_lines
from composer.cli.talk import busy

if TYPE_CHECKING:
    from composer.model.spam import SpamScore
    from composer.workflow.proofing import SentProof
    from composer.workspace import Workspace

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
    seen_as: Annotated[
        str | None,
        typer.Option("--as", metavar="EMAIL", help=say("Telle que cet abonné la recevra.", "As this subscriber will get it.")),
    ] = None,
    yes: YES = False,
) -> Answer:
    """Send a proof."""
    from composer.workflow.proofing import send_proof

    workspace = here()
    with ledger_of(workspace) as ledger, busy(say("Envoi de l’épreuve…", "Sending the proof…")):
        sent = send_proof(workspace, ledger, issue, to=to or (), seen_as=seen_as, yes=yes, now=now())
    scores = _score(workspace, sent)
    lines = [*score_lines(scores), *(told(remark) for remark in sent.remarks)]
    return Answer(data=sent.to_json() | {"spam": score_answers(scores)}, text=told(sent.words), talk="\n".join(lines))


def _score(workspace: Workspace, sent: SentProof) -> tuple[SpamScore, ...]:
    """What spam filters say, asked once the proof has left: they take seconds, it waits for nobody."""
    if not workspace.newsletter.check.spam:
        return ()
    from composer.workflow.spam import score_edition

    with busy(say("L’épreuve est partie ; avis des filtres antispam…", "The proof has left; asking spam filters…")):
        return score_edition(workspace, sent.edition, now=now())


def approve(
    issue: ISSUE,
    by: Annotated[
        str | None,
        typer.Option(
            metavar=say("PRÉNOM", "NAME"),
            help=say(
                "Qui approuve ; sans cela, vous, d’après git ou votre compte.", "Who approves; without it you, by git or your account."
            ),
        ),
    ] = None,
) -> Answer:
    """Approve an issue."""
    from composer.workflow.approving import approve as give

    workspace = here()
    with ledger_of(workspace) as ledger:
        given = give(workspace, ledger, issue, by=by, now=now())
    return Answer(data=given.to_json(), text=told(given.words), talk=told(given.doubt) if given.doubt else "")
