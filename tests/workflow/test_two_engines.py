"""Acceptance 5: two engines at once, killed and restarted around the hour: one launch, everybody once."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from composer.ledger import open_ledger
from composer.model.edition import Edition
from composer.model.mailing import DeliveryState, MailingState
from composer.workflow.delivering import decide_uncertain, stop
from composer.workflow.subscribing import import_subscribers
from composer.workspace import Workspace, open_workspace

ISSUE = "2026-11-27-vitraux"
CONFIG = """\
[newsletter]
name = "Vitrine"
list_id = "vitrine.exemple.fr"

[sender]
name = "Vitrine"
address = "bonjour@exemple.fr"
reply_to = "bonjour@exemple.fr"

[site]
public_url = "https://lettre.exemple.fr"

[desk]
on_change = "send_sealed"
"""
ENGINE = "import sys; from pathlib import Path; from composer.workspace import open_workspace; from composer.workflow.serving import run_worker; run_worker(open_workspace(Path(sys.argv[1])), until_idle=False)"
EDITION = Edition(
    issue_id=ISSUE,
    number=12,
    subject="Les fours se rallument",
    preheader="",
    html='<!doctype html>\n<html lang="fr"><head><title>N</title></head><body><p>Trois ateliers.</p></body></html>\n',
    text="Trois ateliers.\n",
    pictures=(),
    field_prefix="HBdeadbeef",
    digest="d" * 64,
    theme="classique",
    lang="fr",
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "issues" / ISSUE).mkdir(parents=True)
    (tmp_path / "newsletter.toml").write_text(CONFIG, encoding="utf-8")
    return open_workspace(tmp_path, environ={})


def write_mailing(workspace: Workspace, *, readers: int, due_in_s: float) -> int:
    now = datetime.now(UTC)
    with open_ledger(workspace.ledger_path) as ledger:
        lines = "".join(f"l{n}@exemple.fr\n" for n in range(readers))
        import_subscribers(ledger, f"email\n{lines}".encode(), consent="site, 2026", now=now)
        ledger.editions.seal(EDITION, now=now)
        due_at = now + timedelta(seconds=due_in_s)
        mailing = ledger.mailings.add(issue_id=ISSUE, digest=EDITION.digest, due_at=due_at, expected=readers, now=now)
        assert mailing
        return mailing.id


def engine(workspace: Workspace) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", ENGINE, str(workspace.root)])


def wait_until(true: Callable[[], bool], *, seconds: float = 40) -> None:
    end, pause = time.monotonic() + seconds, threading.Event()
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        pause.wait(0.05)


def messages(workspace: Workspace) -> Counter[str]:
    files = (workspace.root / "var" / "outbox").rglob("*.eml")
    return Counter(str(message_from_bytes(file.read_bytes())["Message-ID"]) for file in files)


@pytest.mark.slow
def test_two_engines_killed_and_restarted_around_the_hour_launch_once_and_write_to_everybody_once(workspace: Workspace) -> None:
    mailing_id = write_mailing(workspace, readers=300, due_in_s=2.5)
    engines = [engine(workspace), engine(workspace)]
    try:
        with open_ledger(workspace.ledger_path) as ledger:

            def counts() -> dict[DeliveryState, int]:
                figures = ledger.mailings.figures(mailing_id)
                assert figures
                assert figures.adds_up
                return dict(figures.counts)

            wait_until(lambda: counts()[DeliveryState.SUBMITTED] > 0)
            for turn in range(3):
                before = counts()[DeliveryState.SUBMITTED]
                engines[turn % 2].kill()
                engines[turn % 2].wait()
                engines[turn % 2] = engine(workspace)
                wait_until(lambda before=before: counts()[DeliveryState.SUBMITTED] > min(before, 290))  # type: ignore[misc]

            def state() -> MailingState:
                mailing = ledger.mailings.get(mailing_id)
                assert mailing
                return mailing.state

            wait_until(lambda: state() is MailingState.FINISHED)
            uncertain = counts()[DeliveryState.UNCERTAIN]
            assert uncertain <= 3 * workspace.newsletter.transport.connections
            if decide_uncertain(workspace, ledger, ISSUE, choice="retry", now=datetime.now(UTC)):
                wait_until(lambda: counts()[DeliveryState.SUBMITTED] == 300)
            sent = messages(workspace)
            assert len(sent) == 300
            assert sum(sent.values()) <= 300 + uncertain
            with ledger._store.reading() as connection:
                assert connection.exec_driver_sql("SELECT count(*) FROM launches").scalar() == 1
    finally:
        for one in engines:
            one.terminate()
        for one in engines:
            one.wait(20)


@pytest.mark.slow
def test_a_stop_in_the_middle_of_five_thousand_says_how_many_had_left(workspace: Workspace) -> None:
    mailing_id = write_mailing(workspace, readers=5000, due_in_s=0.1)
    running = engine(workspace)
    try:
        with open_ledger(workspace.ledger_path) as ledger:

            def submitted() -> int:
                figures = ledger.mailings.figures(mailing_id)
                return dict(figures.counts)[DeliveryState.SUBMITTED] if figures else 0

            wait_until(lambda: submitted() > 200)
            stopped = stop(workspace, ledger, ISSUE, now=datetime.now(UTC))
            wait_until(lambda: not ledger.mailings.in_states(MailingState.RUNNING))
    finally:
        running.terminate()
        running.wait(20)
    gone = sum(messages(workspace).values())
    assert stopped.gone <= gone <= stopped.gone + stopped.on_the_wire
    assert stopped.gone + stopped.on_the_wire + stopped.cancelled == 5000
    assert gone < 5000
