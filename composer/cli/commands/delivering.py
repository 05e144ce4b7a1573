"""While it leaves: pause, resume, stop, retry, decide, status."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from composer.cli.answers import INTERRUPTED, Answer
from composer.cli.board import board, mailing_lines
from composer.cli.command import AS_JSON, command
from composer.cli.language import say, told
from composer.cli.options import ISSUE, ISSUE_NAME, YES
from composer.cli.outline import counted
from composer.cli.place import here, here_whatever_is_set, ledger_of, now
from composer.cli.talk import write_out
from composer.errors import UsageError
from composer.words import Words

if TYPE_CHECKING:
    from composer.ledger import Ledger
    from composer.model.mailing import Mailing
    from composer.workspace import Workspace

PANEL = say("Envoyer", "Send")


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(
        app,
        "status",
        panel=PANEL,
        fr="Où en est un envoi ; sans numéro, ce qui part ensuite.",
        en="How far a mailing is; without an issue, what leaves next.",
    )(status)
    command(app, "pause", panel=PANEL, fr="Suspendre l’envoi.", en="Pause the mailing.")(pause)
    command(app, "resume", panel=PANEL, fr="Reprendre l’envoi.", en="Resume the mailing.")(resume)
    command(
        app,
        "stop",
        panel=PANEL,
        fr="Arrêter l’envoi pour de bon et dire combien étaient partis.",
        en="Stop the mailing for good and say how many had left.",
    )(stop)
    command(app, "retry", panel=PANEL, fr="Réessayer les remises refusées.", en="Try the failed deliveries again.")(retry)
    command(app, "decide", panel=PANEL, fr="Trancher les remises incertaines.", en="Decide the uncertain deliveries.")(decide)


def pause(issue: ISSUE) -> Answer:
    """Pause."""
    from composer.workflow import delivering

    with _ledger(braking=True) as (workspace, ledger):
        mailing = delivering.pause(workspace, ledger, issue, now=now())
        return _mailing(workspace, ledger, mailing, say("Suspendu. Pour reprendre : ", "Paused. To go on: ") + f"`hebdo resume {issue}`")


def resume(issue: ISSUE, yes: YES = False) -> Answer:
    """Resume."""
    from composer.workflow import delivering

    with _ledger() as (workspace, ledger):
        mailing = delivering.resume(workspace, ledger, issue, yes=yes, now=now())
        return _mailing(workspace, ledger, mailing, say("Repris.", "Resumed."))


def stop(issue: ISSUE, yes: YES = False) -> Answer:
    """Stop. Nothing is asked, since every second counts; who says yes out of habit is not refused for it."""
    del yes
    from composer.workflow import delivering

    with _ledger(braking=True) as (workspace, ledger):
        stopped = delivering.stop(workspace, ledger, issue, now=now())
    return Answer(data=stopped.to_json(), text=told(stopped.words))


def retry(
    issue: ISSUE,
    failed: Annotated[
        bool, typer.Option("--failed", help=say("Obligatoire : les remises refusées.", "Required: the failed deliveries."))
    ] = False,
    yes: YES = False,
) -> Answer:
    """Retry what failed."""
    if not failed:
        raise UsageError(
            Words(fr="Il faut dire quoi réessayer.", en="Say what to retry."),
            where="hebdo retry",
            hint=Words(fr=f"Les refusées : `hebdo retry {issue} --failed`", en=f"Those that failed: `hebdo retry {issue} --failed`"),
        )
    from composer.workflow import delivering

    with _ledger() as (workspace, ledger):
        again = delivering.retry_failed(workspace, ledger, issue, yes=yes, now=now())
    return Answer(
        data={"retried": again},
        text=counted(again, ("remise repart.", "remises repartent."), ("delivery goes again.", "deliveries go again.")),
        talk=_worker_hint() if again else "",
    )


def decide(
    issue: ISSUE,
    uncertain: Annotated[
        Literal["retry", "drop"] | None,
        typer.Option(
            "--uncertain",
            help=say(
                "retry : renvoyer, au risque d’un double ; drop : ne pas renvoyer.",
                "retry: send again, a duplicate is possible; drop: do not.",
            ),
        ),
    ] = None,
    gone: Annotated[
        str | None,
        typer.Option(
            "--gone",
            metavar=say("JOURNAL|-", "LOG|-"),
            help=say(
                "Journal du serveur d’envoi : ce dont il connaît le Message-ID est parti.",
                "Log of the mail server: that whose Message-ID it knows has left.",
            ),
        ),
    ] = None,
    yes: YES = False,
) -> Answer:
    """Decide what is uncertain."""
    if gone is not None and uncertain is None:
        return _settle_gone(issue, gone)
    if uncertain is None:
        raise UsageError(
            Words(fr="Il faut dire que faire des incertaines.", en="Say what to do with the uncertain ones."),
            where="hebdo decide",
            hint=Words(
                fr=f"Renvoyer : `hebdo decide {issue} --uncertain retry` ; ou laisser : `--uncertain drop`",
                en=f"Send again: `hebdo decide {issue} --uncertain retry`; or leave: `--uncertain drop`",
            ),
        )
    from composer.workflow import delivering

    with _ledger() as (workspace, ledger):
        settled = delivering.decide_uncertain(workspace, ledger, issue, choice=uncertain, yes=yes, now=now())
    return Answer(
        data={"decided": settled, "choice": uncertain},
        text=counted(settled, *_DECIDED[uncertain]),
        talk=_worker_hint() if uncertain == "retry" and settled else "",
    )


_DECIDED = {
    "retry": (
        ("remise incertaine repart.", "remises incertaines repartent."),
        ("uncertain delivery goes again.", "uncertain deliveries go again."),
    ),
    "drop": (
        ("remise incertaine laissée.", "remises incertaines laissées."),
        ("uncertain delivery left.", "uncertain deliveries left."),
    ),
}


def _settle_gone(issue: str, log: str) -> Answer:
    from composer.cli.files import read_lines
    from composer.workflow import delivering

    with _ledger() as (workspace, ledger), read_lines(log) as (lines, name):
        settled = delivering.settle_gone(workspace, ledger, issue, lines, source=say(f"vu dans {name}", f"seen in {name}"), now=now())
    return Answer(
        data={"settled": settled},
        text=counted(settled, ("remise était partie.", "remises étaient parties."), ("delivery had left.", "deliveries had left.")),
    )


def status(
    issue: Annotated[str | None, typer.Argument(metavar=f"[{ISSUE_NAME}]")] = None,
    watch: Annotated[bool, typer.Option("--watch", help=say("Suivre jusqu’à la fin.", "Follow to the end."))] = False,
) -> Answer:
    """Say how far it is."""
    from composer.cli.live import follow
    from composer.workflow import standing

    with _ledger(braking=True) as (workspace, ledger):
        answer = standing.status(workspace, ledger, issue, now=now())
        if watch and (mailing := answer["mailing"]) is not None:
            try:
                follow(workspace, ledger, mailing["id"], as_json=AS_JSON.get())
            except KeyboardInterrupt:
                return Answer(
                    talk="" if AS_JSON.get() else say("Je ne suis plus ; l’envoi continue.", "No longer following; the mailing goes on."),
                    streamed=AS_JSON.get(),
                    exit_code=INTERRUPTED,
                )
            if AS_JSON.get():
                return Answer(streamed=True)  # the last line says it all
            answer = standing.status(workspace, ledger, issue, now=now())
        elif watch and AS_JSON.get():
            write_out(json.dumps({"version": 1, "issue": answer["issue"], "mailing": None}, ensure_ascii=False))
            return Answer(streamed=True)
    return Answer(data=answer, text=board(answer))


def _mailing(workspace: Workspace, ledger: Ledger, mailing: Mailing, talk: str) -> Answer:
    from composer.workflow.standing import mailing_answer

    answer = mailing_answer(workspace, ledger, mailing, now=now())
    return Answer(data=answer, text="\n".join(mailing_lines(answer)), talk=talk)


def _worker_hint() -> str:
    return say("`hebdo serve` ou `hebdo worker --until-idle` les envoie.", "`hebdo serve` or `hebdo worker --until-idle` sends them.")


@contextlib.contextmanager
def _ledger(*, braking: bool = False) -> Iterator[tuple[Workspace, Ledger]]:
    workspace = here_whatever_is_set() if braking else here()
    with ledger_of(workspace) as ledger:
        yield workspace, ledger
