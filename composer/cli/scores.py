"""What spam filters say, for programs and for a terminal; what knows filters is loaded only where one was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from composer.cli.language import told

if TYPE_CHECKING:
    from composer.model.findings import Finding
    from composer.model.spam import SpamScore


def score_answers(scores: Sequence[SpamScore]) -> list[dict[str, object]]:
    """The scores as ``--json`` gives them."""
    if not scores:
        return []
    from composer.workflow.spam import score_answer

    return [score_answer(score) for score in scores]


def score_lines(scores: Sequence[SpamScore]) -> list[str]:
    """Each score with the rules that count."""
    if not scores:
        return []
    from composer.workflow.spam import tell_scores

    return [told(line) for line in tell_scores(scores)]


def score_totals(scores: Sequence[SpamScore]) -> list[str]:
    """The filters' totals, and what they were not asked."""
    if not scores:
        return []
    from composer.workflow.spam import tell_totals

    return [told(line) for line in tell_totals(scores)]


def score_findings(scores: Sequence[SpamScore]) -> tuple[Finding, ...]:
    """Each rule that counts as a finding."""
    if not scores:
        return ()
    from composer.workflow.spam import findings_of

    return findings_of(scores)
