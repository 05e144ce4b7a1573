"""Every state that a person should hear of is told, in words, with what to do."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from composer.errors import FolderError
from composer.ledger import Ledger, open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.model.mailing import DeliveryState, Mailing, MailingState
from composer.model.notice import KINDS, Notice
from composer.words import Words
from composer.workflow.delivering import pause, resume, stop
from composer.workflow.engine_room import EngineRoom
from composer.workspace import Workspace

from .conftest import EDITION, PROJECT, Hook, Mailbox, by_mail, free_port, now, wait_for

Settle = Callable[..., Workspace]


@contextmanager
def engine(workspace: Workspace) -> Iterator[tuple[EngineRoom, Ledger]]:
    with open_ledger(workspace.ledger_path) as ledger, EngineRoom(workspace, ledger) as room:
        yield room, ledger


def write_mailing(workspace: Workspace, *, readers: int = 4, due_at: datetime | None = None) -> Mailing:
    (workspace.issues_path / "n1").mkdir(exist_ok=True)
    with open_ledger(workspace.ledger_path) as ledger:
        ledger.editions.seal(EDITION, now=now())
        people = [NewSubscriber(email=f"r{n}@exemple.org", email_key=f"r{n}@exemple.org") for n in range(readers)]
        ledger.subscribers.add_all(people, now=now())
        mailing = ledger.mailings.add(issue_id="n1", digest=EDITION.digest, due_at=due_at or now(), expected=readers, now=now())
        assert mailing
        return mailing


def notices(ledger: Ledger, kind: str) -> list[Notice]:
    return [notice for notice in ledger.notices.untold() if notice.kind == kind]


def state(ledger: Ledger, mailing: Mailing) -> MailingState:
    found = ledger.mailings.get(mailing.id)
    assert found
    return found.state


def test_the_end_is_told_with_the_eight_counts_and_their_sum(settle: Settle, hook: Hook) -> None:
    workspace = settle(desk__on_change="send_sealed", desk__alert_webhook=hook.url)
    write_mailing(workspace)
    with engine(workspace):
        wait_for(lambda: hook.kinds() == ["launched", "finished"])
    detail = hook.told[1]["data"]["detail"]
    counts = [int(line.split()[0]) for line in detail.split("\n")]
    assert len(counts) == 9
    assert sum(counts[:8]) == counts[8] == 4
    assert "le compte y est" in detail


def test_a_launch_that_comes_late_says_by_how_much(settle: Settle) -> None:
    workspace = settle(desk__on_change="send_sealed")
    mailing = write_mailing(workspace, due_at=now() - timedelta(minutes=58))
    with engine(workspace) as (_, ledger):
        wait_for(lambda: notices(ledger, "finished"))
        (launched,) = notices(ledger, "launched")
        assert "avec 58\u00a0min" in launched.words
        assert state(ledger, mailing) is MailingState.FINISHED


def test_what_is_paused_resumed_and_stopped_is_told_with_its_issue(settle: Settle) -> None:
    workspace = settle(desk__on_change="send_sealed")
    write_mailing(workspace)
    with open_ledger(workspace.ledger_path) as ledger:
        from composer.workflow.launching import launch_due

        assert launch_due(workspace, ledger, now())
        for act in (pause, resume, stop):
            act(workspace, ledger, "n1", now=now())
        told = [(notice.kind, notice.words) for notice in ledger.notices.untold()]
    assert [kind for kind, _ in told] == ["launched", "paused", "resumed", "stopped"]
    assert all(words.startswith("n1") for _, words in told)


def test_an_hour_that_passed_without_a_launch_is_told_and_stops_the_heartbeat(
    settle: Settle, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("composer.workflow.lookout.OVERDUE", timedelta(seconds=1))
    monkeypatch.setattr("composer.workflow.teller.PERIOD_S", 0.2)
    workspace = settle(desk__alert_webhook=hook.url, desk__heartbeat_url=hook.beat_url)
    write_mailing(workspace, due_at=now() + timedelta(seconds=4))
    with engine(workspace) as (room, ledger):
        wait_for(lambda: hook.beats)

        def refuses() -> None:
            raise FolderError(Words(fr="Le disque refuse.", en="The disk refuses."))

        monkeypatch.setattr(room, "tick", refuses)
        wait_for(lambda: notices(ledger, "late"))
        assert "Le disque refuse." in notices(ledger, "late")[0].words
        assert "`hebdo status n1`" in notices(ledger, "late")[0].words
        silent = len(hook.beats)
        threading.Event().wait(1.0)
        assert len(hook.beats) <= silent + 1
        wait_for(lambda: "late" in hook.kinds())
    assert hook.kinds().count("late") == 1


def test_a_clock_that_fails_is_told_even_when_the_ledger_cannot_be_written(
    settle: Settle, mailbox: Mailbox, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("composer.workflow.lookout.FAILING_S", 1.0)
    monkeypatch.setattr("composer.workflow.lookout.WELL_S", 1.0)
    workspace = settle(**by_mail(mailbox), desk__alert="la@exemple.fr", desk__alert_webhook=hook.url)
    with engine(workspace) as (room, ledger):
        wait_for(lambda: room.is_sender)

        def full(*_: object, **__: object) -> None:
            raise FolderError(Words(fr="Le disque est plein.", en="The disk is full."))

        with monkeypatch.context() as broken:
            broken.setattr(room, "tick", full)
            broken.setattr(ledger.notices, "add", full)
            broken.setattr(ledger.notices, "add_unless_last", full)
            wait_for(lambda: "Le disque est plein" in mailbox.to("la@exemple.fr") and "engine" in hook.kinds())
        wait_for(lambda: "engine-up" in hook.kinds())
    assert hook.kinds().count("engine") == hook.kinds().count("engine-up") == 1


def test_a_mail_server_that_is_down_is_told_within_a_minute_and_again_when_it_is_back(
    settle: Settle, mailbox: Mailbox, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    from composer.workflow import lookout

    assert lookout.SILENT_S + lookout.SLOW_LOOK_S + lookout.LOOK_S < 60
    monkeypatch.setattr("composer.workflow.lookout.SILENT_S", 1.0)
    monkeypatch.setattr("composer.deliver.judge.WAIT", timedelta(seconds=1))
    port = free_port()
    workspace = settle(
        transport__kind="smtp",
        transport__host="127.0.0.1",
        transport__port=str(port),
        site__self_check="false",
        desk__alert_webhook=hook.url,
        desk__on_change="send_sealed",
    )
    mailing = write_mailing(workspace)
    with engine(workspace) as (_, ledger):
        wait_for(lambda: "transport" in hook.kinds())
        assert "connexion refusée" in notices_of(hook, "transport")[0]
        threading.Event().wait(2.5)
        assert hook.kinds().count("transport") == 1
        kept = Mailbox()
        back = Controller(kept, hostname="127.0.0.1", port=port)
        back.start()
        try:
            wait_for(lambda: state(ledger, mailing) is MailingState.FINISHED, within_s=60)
            wait_for(lambda: "transport-up" in hook.kinds())
        finally:
            back.stop()
    assert len(kept.mails) == 4


def notices_of(hook: Hook, kind: str) -> list[str]:
    return [one["data"]["words"] for one in hook.told if one["data"]["kind"] == kind]


def test_what_was_on_the_wire_of_an_engine_that_died_is_told_with_the_two_ways(settle: Settle) -> None:
    workspace = settle(desk__on_change="send_sealed")
    mailing = write_mailing(workspace)
    with open_ledger(workspace.ledger_path) as ledger:
        from composer.deliver.choose import AudienceRule

        launched_at = now()
        ledger.mailings.launch(mailing.id, rule=AudienceRule(issue_id="n1"), worker="w", message_domain="exemple.fr", now=launched_at)
        ledger.mailings.receipted(mailing.id, now=launched_at)
        (one,) = ledger.claim(mailing.id, worker="w", limit=1, lease_s=60, now=launched_at)
        assert ledger.mark_submitting(one.delivery_id, worker="w", now=launched_at)
        ledger.clocks.beat("w", now=now() - timedelta(minutes=7))
    with engine(workspace) as (_, ledger):
        wait_for(lambda: notices(ledger, "finished") and notices(ledger, "engine-up"))
        (unsure,) = notices(ledger, "uncertain")
        (again,) = notices(ledger, "engine-up")
        figures = ledger.mailings.figures(mailing.id)
        assert figures
        assert dict(figures.counts)[DeliveryState.UNCERTAIN] == 1
    for choice in ("retry", "drop"):
        assert f"`hebdo decide n1 --uncertain {choice}`" in unsure.words
    assert "arrêté sans prévenir" in again.words


def test_an_engine_that_ended_properly_is_not_called_dead(settle: Settle) -> None:
    workspace = settle(desk__on_change="send_sealed")
    write_mailing(workspace, due_at=now() + timedelta(days=1))
    for _ in range(2):
        with engine(workspace) as (room, ledger):
            wait_for(lambda room=room: room.is_sender)
            threading.Event().wait(1.0)
            assert not notices(ledger, "engine-up")


def test_every_kind_has_its_line_on_the_page() -> None:
    page = (PROJECT / "docs/alerts.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"| `{kind}` |" not in page] == []


def test_every_kind_that_the_program_tells_is_known() -> None:
    told = set()
    for file in (PROJECT / "composer").rglob("*.py"):
        told |= (
            set(re.findall(r"\bkind=\"([a-z-]+)\"", file.read_text(encoding="utf-8"))) if "notices" in file.read_text("utf-8") else set()
        )
    unknown = told - set(KINDS) - {"folder", "smtp"} - {"counter", "gauge"}  # of transports, of metrics
    assert unknown == set(), Path.cwd()
