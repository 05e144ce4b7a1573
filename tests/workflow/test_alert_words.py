"""The desk's mails speak of an issue as the desk does."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from composer.model.notice import Notice
from composer.workflow.alerting import write_mail
from composer.workspace import Workspace

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ISSUE = "2026-11-26-moulin"


def mail(workspace: Workspace, kind: str, words: str) -> tuple[str, str]:
    notice = Notice(id=1, kind=kind, words=words, created_at=NOW, mailing_id=1, issue_id=ISSUE)
    read = message_from_bytes(write_mail(workspace, [notice], to="redaction@exemple.fr", now=NOW).content, policy=default)
    return str(read["Subject"]), read.get_content()


def test_a_subject_begins_with_its_kind_and_the_number(workspace: Workspace) -> None:
    launched, _ = mail(workspace, "launched", f"{ISSUE}\u00a0: envoi lancé vers 50 abonnés.")
    assert launched == "Lancé – n°\u00a042\u00a0: Trente boulangers s’offrent un moulin – envoi lancé vers 50 abonnés."
    changed, _ = mail(workspace, "changed", f"{ISSUE}\u00a0: modifié après le scellé. Il restera en attente.")
    assert changed.startswith("Modifié après le scellé – n°\u00a042\u00a0: Trente boulangers")
    assert changed.casefold().count("modifié") == 1


def test_a_command_says_the_number_that_is_that_issues_alone(workspace: Workspace) -> None:
    words = f"{ISSUE}\u00a0: en attente. `hebdo resume {ISSUE}`\u00a0: l’envoi part."
    assert "`hebdo resume 42`" in mail(workspace, "held", words)[1]
    twin = Path(workspace.root, "issues/2026-12-03-autre")
    twin.mkdir()
    (twin / "issue.md").write_text("---\nnumber: 42\nsubject: Autre\n---\n", encoding="utf-8")
    subject, text = mail(workspace, "held", words)
    assert f"`hebdo resume {ISSUE}`" in text
    assert ISSUE in subject
