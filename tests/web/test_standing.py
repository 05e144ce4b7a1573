"""The preview knows that an issue is scheduled, held, leaving or gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from composer.deliver.choose import AudienceRule
from composer.ledger import Ledger
from composer.model.mailing import Mailing
from composer.workflow.previewing import render_issue
from composer.workspace import Workspace
from composer.workspace.receipts import write_receipt

from .conftest import HUITRES, ISSUE, NOON

HERE = f"/numeros/{ISSUE}"
FRIDAY = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)  # 7 in Paris
WHEN = "vendredi 27\u00a0novembre à 7\u00a0h\u00a000"
Enter = Callable[[str], httpx.Client]


@pytest.fixture
def scheduled(workspace: Workspace, ledger: Ledger) -> Mailing:
    digest = render_issue(workspace, ISSUE).digest
    mailing = ledger.mailings.add(issue_id=ISSUE, digest=digest, due_at=FRIDAY, now=NOON)
    assert mailing
    return mailing


@pytest.fixture
def gone(scheduled: Mailing, workspace: Workspace, ledger: Ledger) -> Mailing:
    ledger.editions.seal(render_issue(workspace, ISSUE), now=NOON)
    rule = AudienceRule(issue_id=ISSUE)
    launched = ledger.mailings.launch(scheduled.id, rule=rule, worker="w", message_domain="maree.example", now=NOON)
    assert launched
    return launched


def test_a_scheduled_issue_says_so_with_its_hour_everywhere(preview: str, enter: Enter, scheduled: Mailing) -> None:
    client = enter(preview)
    home = client.get("/").text
    assert f"Le n°\u00a087 est programmé pour {WHEN}." in home
    assert "En chantier" not in home
    assert f'Programmé</span><span class="vh"> · </span><span class="when">{WHEN}' in home
    checks = client.get(f"{HERE}/bouclage").text
    assert "Rien n’empêche de programmer." not in checks
    assert f"Programmé pour {WHEN}." in checks
    for page in ("apercu", "source", "liens", "bouclage", "sommaire"):
        assert f"Programmé pour {WHEN}\u00a0: une modification de mots le retiendra" in client.get(f"{HERE}/{page}").text


def test_words_changed_after_scheduling_are_told_before_the_hour(
    preview: str, enter: Enter, workspace: Workspace, scheduled: Mailing
) -> None:
    workspace.path_of(f"issues/{ISSUE}/huitres.md").write_text(HUITRES + "\nUn mot.\n", "utf-8")
    page = enter(preview).get(f"{HERE}/source").text
    assert f"Programmé pour {WHEN}, mais modifié depuis\u00a0: il restera en attente à l’heure dite." in page


def test_a_held_issue_gives_its_reason(preview: str, enter: Enter, ledger: Ledger, scheduled: Mailing) -> None:
    ledger.mailings.hold(scheduled.id, code="changed", reason="Modifié après le scellé.")
    client = enter(preview)
    assert "Le n°\u00a087 est en attente." in client.get("/").text
    page = client.get(f"{HERE}/bouclage").text
    assert f"En attente, prévu le {WHEN}." in page
    assert "Modifié après le scellé." in page


def test_an_issue_in_its_hold_window_says_when_it_leaves_and_how_to_keep_it_back(
    preview: str, enter: Enter, workspace: Workspace, ledger: Ledger
) -> None:
    ledger.editions.seal(render_issue(workspace, ISSUE), now=NOON)
    digest = render_issue(workspace, ISSUE).digest
    mailing = ledger.mailings.add(issue_id=ISSUE, digest=digest, due_at=NOON, hold_until=NOON + timedelta(minutes=5), now=NOON)
    assert mailing
    assert ledger.mailings.launch(mailing.id, rule=AudienceRule(issue_id=ISSUE), worker="w", message_domain="maree.example", now=NOON)
    home = enter(preview).get("/").text
    assert "en train de partir" not in home
    assert "premier message à " in home
    assert f"hebdo stop {ISSUE}" in home


def test_an_issue_that_leaves_or_has_left_says_that_edits_change_nothing(preview: str, enter: Enter, ledger: Ledger, gone: Mailing) -> None:
    client = enter(preview)
    assert "Le n°\u00a087 est en train de partir." in client.get("/").text
    assert "ce que vous changez ici ne change rien à ce qui part" in client.get(f"{HERE}/source").text
    ledger.mailings.receipted(gone.id, now=NOON)
    ledger.mailings.stop(gone.id, reason="arrêté", now=NOON)
    assert "Arrêté" in client.get("/").text
    assert "ne change rien à ce qui est parti" in client.get(f"{HERE}/source").text


def test_a_receipt_alone_tells_when_an_issue_left(preview: str, enter: Enter, workspace: Workspace) -> None:
    write_receipt(workspace, ISSUE, {"launched_at": "2025-11-24T12:00:00+00:00"})
    client = enter(preview)
    assert "Le n°\u00a087 est parti le lundi 24\u00a0novembre 2025 à 13\u00a0h\u00a000." in client.get("/").text
    strip = (
        "Déjà parti le lundi 24\u00a0novembre 2025 à 13\u00a0h\u00a000\u00a0: ce que vous changez ici ne change rien à ce qui est parti."
    )
    assert strip in client.get(f"{HERE}/source").text
    workspace.path_of(f"issues/{ISSUE}/sent.json").write_text("{", "utf-8")
    assert "Déjà parti\u00a0:" in client.get(f"{HERE}/source").text


def test_a_mailing_taken_back_leaves_the_issue_in_the_works(preview: str, enter: Enter, ledger: Ledger, scheduled: Mailing) -> None:
    assert ledger.mailings.unschedule(scheduled.id, reason="repris", now=NOON)
    assert "En chantier" in enter(preview).get("/").text
    assert 'class="standing' not in enter(preview).get(f"{HERE}/source").text
