from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from composer.ledger import open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.model.edition import Edition
from composer.model.mailing import MailingState
from composer.workspace import Workspace, open_workspace

MakeWorkspace = Callable[..., Workspace]

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The newsletter of this repository, in a folder of its own."""
    shutil.copy(PROJECT / "newsletter.toml", tmp_path)
    shutil.copytree(PROJECT / "issues", tmp_path / "issues")
    return open_workspace(tmp_path, environ={})


# A newsletter that sends: its engine runs in the test, in a thread or in a process of its own.

CONFIG = """\
[newsletter]
name = "La Gazette"
list_id = "gazette.exemple.fr"

[sender]
address = "lettre@exemple.fr"

[site]
public_url = "https://lettre.exemple.fr"

[desk]
on_change = "send_sealed"

[transport]
"""
EDITION = Edition(
    issue_id="n1",
    number=1,
    subject="Bonjour",
    preheader="",
    html="<p>Bonjour</p>",
    text="Bonjour",
    pictures=(),
    field_prefix="mfq7",
    digest="d" * 64,
    theme="classique",
    lang="fr",
)


@pytest.fixture
def make_workspace(tmp_path: Path) -> MakeWorkspace:
    """Gives a function that makes a workspace with one issue and so many readers."""

    def make(readers: int, *, transport: str = 'kind = "folder"\n', desk: str = "") -> Workspace:
        root = tmp_path / "lettre"
        (root / "issues" / "n1").mkdir(parents=True)
        (root / "newsletter.toml").write_text(CONFIG.replace("[desk]", f"[desk]\n{desk}") + transport)
        # No issue.md: what was sealed leaves, whatever became of the files.
        workspace = open_workspace(root)
        people = [NewSubscriber(email=f"r{n}@d{n % 7}.exemple.org", email_key=f"r{n}@d{n % 7}.exemple.org") for n in range(readers)]
        with open_ledger(workspace.ledger_path) as ledger:
            ledger.subscribers.add_all(people, now=now())
        return workspace

    return make


def now() -> datetime:
    return datetime.now(UTC)


def write_mailing(workspace: Workspace, *, due_at: datetime | None = None, hold_s: float = 0) -> int:
    with open_ledger(workspace.ledger_path) as ledger:
        ledger.editions.seal(EDITION, now=now())
        hold = now() + timedelta(seconds=hold_s) if hold_s else None
        mailing = ledger.mailings.add(issue_id="n1", digest=EDITION.digest, due_at=due_at or now(), hold_until=hold, now=now())
        assert mailing is not None
        ledger.mailings.accept(mailing.id, code="untried")  # as schedule notes it where the public address answered
    return mailing.id


def states(workspace: Workspace, mailing_id: int) -> dict[str, int]:
    with open_ledger(workspace.ledger_path) as ledger:
        figures = ledger.mailings.figures(mailing_id)
    assert figures is not None
    assert figures.adds_up
    return {state.value: count for state, count in figures.counts if count}


def state(workspace: Workspace, mailing_id: int) -> MailingState:
    with open_ledger(workspace.ledger_path) as ledger:
        mailing = ledger.mailings.get(mailing_id)
    assert mailing is not None
    return mailing.state


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def wait_for(condition: Callable[[], object], within_s: float = 60.0) -> None:
    until = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < until, "it did not come in time"
        threading.Event().wait(0.05)
