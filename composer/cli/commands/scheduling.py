"""When it leaves: schedule, unschedule, send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from composer.cli.answers import Answer
from composer.cli.command import command
from composer.cli.language import say, told
from composer.cli.options import ISSUE, YES, seconds, span
from composer.cli.outline import counted
from composer.cli.place import here, ledger_of, now
from composer.cli.talk import busy
from composer.errors import UsageError
from composer.words import Words

if TYPE_CHECKING:
    from composer.workflow.scheduling import Scheduled

PANEL = say("Envoyer", "Send")


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(app, "schedule", panel=PANEL, fr="Programmer l’envoi d’un numéro.", en="Schedule the sending of an issue.")(schedule)
    command(app, "unschedule", panel=PANEL, fr="Annuler la programmation.", en="Take the scheduling back.")(unschedule)
    command(app, "send", panel=PANEL, fr="Envoyer maintenant, après un délai de retenue.", en="Send now, after a hold window.")(send)


def schedule(  # noqa: PLR0917 - Typer's options
    issue: ISSUE,
    at: Annotated[
        str | None,
        typer.Option(
            metavar=say("«AAAA-MM-JJ HH:MM»", "“YYYY-MM-DD HH:MM”"),
            help=say(
                "Heure locale, ou « jeudi 7h », « demain 7h30 », « 26/11/2026 7h » ; sans elle, le prochain créneau.",
                "Local time, or “Thursday 7:00”, “tomorrow 7:30”, “26/11/2026 7:00” (day first); without it, the next slot.",
            ),
        ),
    ] = None,
    tz: Annotated[
        str | None,
        typer.Option(metavar="ZONE", help=say("Fuseau ; sans lui, celui de la lettre.", "Time zone; without it, the newsletter’s.")),
    ] = None,
    fold: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=1,
            help=say(
                "Pour l’heure qui vient deux fois : 0 la première, 1 la seconde.",
                "For the hour that comes twice: 0 the first, 1 the second.",
            ),
        ),
    ] = None,
    expect: Annotated[
        str | None, typer.Option(metavar="A..B", help=say("Combien d’abonnés sont attendus.", "How many subscribers are expected."))
    ] = None,
    first: Annotated[
        str | None,
        typer.Option(
            metavar="1%|200",
            help=say(
                "Premier lot : une part, un nombre ou des adresses ; `0` pour aucun.",
                "First slice: a share, a number or addresses; `0` for none.",
            ),
        ),
    ] = None,
    yes: YES = False,
) -> Answer:
    """Schedule an issue."""
    from composer.deliver.schedule import find_zone
    from composer.deliver.typed_hours import spell_out
    from composer.workflow.scheduling import schedule as write

    workspace = here()
    at = at and spell_out(at, today=now().astimezone(find_zone(tz or workspace.newsletter.time_zone)).date())
    with ledger_of(workspace) as ledger, busy(say("Vérification…", "Checking…")):
        written = write(
            workspace, ledger, issue, at=at, tz=tz, fold=fold, expect=span(expect, option="--expect"), first=first, yes=yes, now=now()
        )
    return _scheduled(written)


def unschedule(issue: ISSUE) -> Answer:
    """Take the scheduling back."""
    from composer.workflow.scheduling import unschedule as take_back

    workspace = here()
    with ledger_of(workspace) as ledger:
        mailing = take_back(workspace, ledger, issue, now=now())
    return Answer(
        data={"issue": mailing.issue_id, "mailing": mailing.id, "state": mailing.state.value},
        talk=say(f"Déprogrammé. {mailing.issue_id} peut être modifié.", f"Unscheduled. {mailing.issue_id} can be edited."),
    )


def send(  # noqa: PLR0917 - Typer's options
    issue: ISSUE,
    at_once: Annotated[
        bool, typer.Option("--now", help=say("Obligatoire : dit que c’est voulu.", "Required: says that it is meant."))
    ] = False,
    hold: Annotated[
        str | None,
        typer.Option(
            metavar=say("DURÉE", "DURATION"),
            help=say("Délai pendant lequel `stop` retient tout.", "Window in which `stop` keeps everything back."),
        ),
    ] = None,
    expect: Annotated[
        str | None, typer.Option(metavar="A..B", help=say("Combien d’abonnés sont attendus.", "How many subscribers are expected."))
    ] = None,
    first: Annotated[
        str | None,
        typer.Option(
            metavar="1%|200",
            help=say(
                "Premier lot : une part, un nombre ou des adresses ; `0` pour aucun.",
                "First slice: a share, a number or addresses; `0` for none.",
            ),
        ),
    ] = None,
    yes: YES = False,
) -> Answer:
    """Send now."""
    from composer.workflow.scheduling import send_now

    if not at_once:
        raise UsageError(
            Words(fr="Rien ne part sans `--now`.", en="Nothing leaves without `--now`."),
            where="hebdo send",
            hint=Words(
                fr=f'Maintenant : `hebdo send {issue} --now` ; plus tard : `hebdo schedule {issue} --at "2026-11-26 07:00"`',
                en=f'Now: `hebdo send {issue} --now`; later: `hebdo schedule {issue} --at "2026-11-26 07:00"`',
            ),
        )
    workspace = here()
    with ledger_of(workspace) as ledger:
        hold_s = None if hold is None else seconds(hold, option="--hold")
        with busy(say("Vérification…", "Checking…")):
            written = send_now(
                workspace, ledger, issue, hold_s=hold_s, expect=span(expect, option="--expect"), first=first, yes=yes, now=now()
            )
    return _scheduled(written)


def _scheduled(written: Scheduled) -> Answer:
    lines = [told(warning) for warning in written.warnings]
    at_hand = sum(finding.level == "warning" for finding in written.findings)
    if at_hand:
        lines.append(
            counted(at_hand, ("point à vérifier", "points à vérifier"), ("warning", "warnings"))
            + say(" : ", ": ")
            + f"`hebdo check {written.mailing.issue_id}`"
        )
    seal = say(f"Scellé {written.mailing.digest[:12]}.", f"Seal {written.mailing.digest[:12]}.")
    return Answer(data=written.to_json(), text=f"{told(written.words)} {seal}", talk="\n".join(lines), findings=written.findings)
