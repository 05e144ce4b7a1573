"""The checks: check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from composer.cli.answers import Answer, finding_lines
from composer.cli.command import command
from composer.cli.language import say, told
from composer.cli.options import ISSUE
from composer.cli.outline import counted
from composer.cli.place import here, known_ledger, now
from composer.cli.scores import score_answers, score_findings, score_totals
from composer.cli.talk import busy
from composer.errors import HebdoError
from composer.model.findings import Finding

if TYPE_CHECKING:
    from composer.model.spam import SpamScore
    from composer.workspace import Workspace

FOUND = 1
REMARKS = frozenset({"grammar", "spelling"})
SHOWN_REMARKS = 20
UNASKED = "links-unasked"  # says something of this run, not of the issue


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(
        app,
        "check",
        panel=say("Relire", "Read over"),
        fr="Dire ce qui cloche, avec la ligne et le remède.",
        en="Say what is wrong, with the line and the mend.",
    )(check)


def check(  # noqa: PLR0917 - Typer's options
    issue: ISSUE = "latest",
    offline: Annotated[bool, typer.Option("--offline", help=say("Ne rien demander au réseau.", "Ask nothing of the network."))] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help=say("Finir par 1 aussi pour ce qui est à vérifier.", "End with 1 for warnings too."))
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help=say("Réparer ce qui peut l’être sans risque.", "Mend what can be mended safely."))
    ] = False,
    teach: Annotated[
        list[str] | None,
        typer.Option(
            metavar=say("MOT", "WORD"),
            help=say(
                "Apprendre ce mot au dictionnaire de la rédaction (peut se répéter).",
                "Teach the newsroom’s dictionary this word (may be repeated).",
            ),
        ),
    ] = None,
    spam: Annotated[
        bool,
        typer.Option(
            "--spam", help=say("Demander aussi l’avis de SpamAssassin et de rspamd.", "Ask SpamAssassin and rspamd for their opinion too.")
        ),
    ] = False,
    format_: Annotated[Literal["text", "json"], typer.Option("--format", help=say("Forme de la réponse.", "Form of the answer."))] = "text",
) -> Answer:
    """Check an issue."""
    from composer.check.issue import by_level
    from composer.workflow import checking
    from composer.workflow.grammar import teach_words

    workspace = here()
    learnt = teach_words(workspace, teach) if teach else ()
    mended = checking.fix(workspace, issue) if fix else ()
    with busy(say("Vérification…", "Checking…")):
        findings = checking.check(workspace, issue, offline=offline, grammar="read")
        scores = _ask_filters(workspace, issue) if spam else ()
        findings = by_level([*_of_proofs(workspace, issue), *findings, *score_findings(scores)])
    counts = {level: sum(one.level == level for one in findings) for level in ("error", "warning", "advice")}
    failed = counts["error"] or (strict and counts["warning"])
    return Answer(
        data={**counts, "fixed": len(mended), "learnt": list(learnt)} | ({"spam": score_answers(scores)} if spam else {}),
        findings=findings,
        text="\n".join(finding_lines(_shown([one for one in findings if one.rule != UNASKED]))),
        talk="\n".join(
            [
                *_learnt(learnt, teach),
                *_more(findings),
                *score_totals(scores),
                _sum(findings, fixed=len(mended)),
                *(told(one.message) for one in findings if one.rule == UNASKED),
            ]
        ),
        exit_code=FOUND if failed else 0,
        as_json=format_ == "json",
        edited=issue if mended else "",
    )


def _of_proofs(workspace: Workspace, issue: str) -> list[Finding]:
    """Whether the last proof still shows the issue; nothing where there is no ledger yet."""
    from composer.workflow.reviewing import review_findings

    with known_ledger(workspace) as ledger:
        return review_findings(workspace, ledger, issue) if ledger else []


def _ask_filters(workspace: Workspace, issue: str) -> tuple[SpamScore, ...]:
    """What spam filters say; nothing of an issue that cannot be rendered, which the checks tell."""
    from composer.workflow.spam import check_spam

    try:
        return check_spam(workspace, issue, now=now())
    except HebdoError:
        return ()


def _shown(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that a terminal shows: of a program’s remarks on the French the first ones, all others."""
    remarks = [one for one in findings if one.rule in REMARKS][SHOWN_REMARKS:]
    return [one for one in findings if one not in remarks]


def _more(findings: Sequence[Finding]) -> list[str]:
    left = sum(one.rule in REMARKS for one in findings) - SHOWN_REMARKS
    if left <= 0:
        return []
    rest = counted(left, ("autre remarque", "autres remarques"), ("other remark", "other remarks"))
    return [
        say(f"… et {rest} sur le français : `--format json` les donne toutes.", f"… and {rest} on the French: `--format json` gives all.")
    ]


def _learnt(learnt: Sequence[str], asked: Sequence[str] | None) -> list[str]:
    if not asked:
        return []
    if not learnt:
        return [say("Le dictionnaire savait déjà tout cela.", "The dictionary knew all of this already.")]
    words = ", ".join(learnt)
    return [say(f"Appris : {words}.", f"Learnt: {words}.")]


def _sum(every: tuple[Finding, ...], *, fixed: int) -> str:
    findings = [one for one in every if one.rule != UNASKED]
    mended = counted(fixed, ("réparation", "réparations"), ("mend", "mends")) + ". " if fixed else ""
    if not findings:
        return mended + say("Rien à signaler.", "Nothing to report.")
    level = {one: sum(finding.level == one for finding in findings) for one in ("error", "warning", "advice")}
    parts = (
        counted(level["error"], ("erreur", "erreurs"), ("error", "errors")),
        counted(level["warning"], ("à vérifier", "à vérifier"), ("warning", "warnings")),
        counted(level["advice"], ("conseil", "conseils"), ("advice", "advice")),
    )
    return mended + ", ".join(parts) + "."
