"""Afterwards: log."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from composer.cli.answers import Answer
from composer.cli.command import command
from composer.cli.language import say, told
from composer.cli.options import ISSUE
from composer.cli.outline import figure
from composer.cli.place import here_whatever_is_set, ledger_of
from composer.cli.talk import table, visible

if TYPE_CHECKING:
    from composer.workflow.attempts import Group

PANEL = say("Envoyer", "Send")


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(
        app,
        "log",
        panel=PANEL,
        fr="Les essais d’un envoi ; avec --address, ceux d’un lecteur qui n’a rien reçu.",
        en="The attempts of a mailing; with --address, those of a reader who got nothing.",
    )(log)


def log(
    issue: ISSUE,
    address: Annotated[
        str | None, typer.Option("--address", metavar="EMAIL", help=say("Ceux de ce lecteur.", "Those of this reader."))
    ] = None,
) -> Answer:
    """Say what became of it."""
    from composer.workflow.attempts import attempts_of_issue, attempts_of_reader

    workspace = here_whatever_is_set()
    with ledger_of(workspace) as ledger:
        if address is None:
            issue_id, groups = attempts_of_issue(workspace, ledger, issue)
            return _groups(issue_id, groups)
        found = attempts_of_reader(workspace, ledger, issue, address)
    lines = [f"{found.issue_id} · {address.strip()}", *(f"  {told(line)}" for line in found.lines), told(found.conclusion)]
    return Answer(data=found.to_json() | {"words": told(found.conclusion)}, text="\n".join(visible(line) for line in lines))


def _groups(issue_id: str, groups: tuple[Group, ...]) -> Answer:
    from composer.workflow.attempts import MOST_GROUPS
    from composer.workflow.counts import state_words

    heads = (say("ESSAIS", "ATTEMPTS"), say("ÉTAT", "STATE"), say("ÉTAPE", "STAGE"), say("LE SERVEUR", "THE SERVER"))
    rows = [[figure(one.count), told(state_words(one.state, one.count)), one.stage, visible(one.words)[:100]] for one in groups]
    more = len(rows) - MOST_GROUPS
    return Answer(
        data={"issue": issue_id, "groups": [asdict(one) for one in groups]},
        text=table(heads, rows[:MOST_GROUPS], right=(0,)) if rows else say("Aucun essai n’est connu.", "No attempt is known."),
        talk=say(f"… et {more} autres (--json)", f"… and {more} more (--json)") if more > 0 else "",
    )
