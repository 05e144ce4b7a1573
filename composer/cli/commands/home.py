"""Where the ledger lives: home show, claim, downgrade."""

from __future__ import annotations

from typing import Annotated

import typer

from composer.cli.answers import Answer
from composer.cli.command import command, group
from composer.cli.language import say, told
from composer.cli.options import YES
from composer.cli.outline import counted
from composer.cli.place import here, ledger_of, now

PANEL = say("Garder", "Keep")


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    home = group("L’endroit où vit le registre.", "Where the ledger lives.")
    app.add_typer(home, name="home", rich_help_panel=PANEL)
    command(
        home,
        "show",
        fr="Dire où vit le registre, et pourquoi rien ne part d’ici.",
        en="Say where the ledger lives, and why nothing leaves from here.",
    )(show)
    command(
        home,
        "claim",
        fr="Faire de cette copie le registre, quand l’original est arrêté pour de bon.",
        en="Make this copy the ledger, when the original is stopped for good.",
    )(claim)
    command(
        home,
        "downgrade",
        fr="Rendre le registre à un Hebdo plus ancien ; une copie de celui d’aujourd’hui reste.",
        en="Give the ledger back to an older Hebdo; a copy of today’s stays.",
    )(downgrade)


def show() -> Answer:
    """Show the ledger's home."""
    from composer.workflow.homing import show_home

    workspace = here()
    with ledger_of(workspace) as ledger:
        shown = show_home(workspace, ledger)
    lines = [
        say("Le registre vit ici ; il peut envoyer.", "The ledger lives here; it may send.")
        if shown["here"]
        else f"{shown['why']} → `hebdo home claim`",
    ]
    if not shown["here"]:
        lines.append(say("  son original\u00a0: ", "  its original: ") + _place_words(shown["home"], here_is=shown["place"]))
    lines.append(say("  cet endroit\u00a0: ", "  this place: ") + _place_words(shown["place"], here_is=shown["place"]))
    lines.append(say("  moteur\u00a0: ", "  engine: ") + (say("tourne", "running") if shown["engine_runs"] else say("arrêté", "stopped")))
    return Answer(data=shown, text="\n".join(lines))


def claim(yes: YES = False) -> Answer:
    """Claim the ledger."""
    from composer.workflow.catching_up import what_is_missing
    from composer.workflow.homing import claim_home

    workspace = here()
    with ledger_of(workspace) as ledger:
        held = claim_home(workspace, ledger, yes=yes, now=now())
        missing = what_is_missing(ledger)
    wait = counted(
        len(held),
        ("envoi attend une décision :", "envois attendent une décision :"),
        ("mailing waits for a decision:", "mailings wait for a decision:"),
    )
    lines = [wait, *(f"  {told(one.words)} → `hebdo status {one.issue_id}`" for one in held)]
    lines = [*(lines if held else ()), *([told(missing)] if missing else ())]
    return Answer(
        data={"held": len(held), "open": [one.to_json() for one in held], "unsubscriptions_missing": missing is not None},
        text=say("Le registre vit ici.", "The ledger lives here."),
        talk="\n".join(lines),
    )


def downgrade(
    to: Annotated[
        str, typer.Option("--to", metavar="0001", help=say("Forme que lit le Hebdo plus ancien.", "Shape that the older Hebdo reads."))
    ],
    yes: YES = False,
) -> Answer:
    """Give the ledger back to an older Hebdo."""
    from composer.workflow.homing import give_back

    workspace = here()
    kept = give_back(workspace, to, yes=yes)
    if kept is None:
        return Answer(data={"to": to, "kept": None}, text=say(f"Le registre a déjà la forme {to}.", f"The ledger has shape {to} already."))
    return Answer(
        data={"to": to, "kept": str(kept)},
        text=say(
            f"Le registre a la forme {to}. Celui d’aujourd’hui est gardé : {kept}", f"The ledger has shape {to}. Today’s is kept: {kept}"
        ),
        talk=say(
            "Installez maintenant le Hebdo plus ancien : toute commande de celui-ci remettrait le registre à jour.",
            "Install the older Hebdo now: any command of this one would bring the ledger up again.",
        ),
    )


def _place_words(place: str, *, here_is: str) -> str:
    """Where a ledger lives, for a person: the file and whose machine it is on. Names of machines are for ``--json``."""
    place = place.rpartition("|")[2]  # a backup bears its original's place behind its own mark
    kind, _, rest = place.partition(":")
    if kind == "id":
        return say(f"«\u00a0{rest}\u00a0» (HEBDO_HOME_ID)", f"“{rest}” (HEBDO_HOME_ID)")
    machine, _, path = rest.partition(":")
    if kind != "machine" or not path:
        return say("inconnu", "unknown")
    if here_is.startswith(f"machine:{machine}:"):
        return say(f"{path}, sur cette machine", f"{path}, on this machine")
    return say(f"{path}, sur une autre machine", f"{path}, on another machine")
