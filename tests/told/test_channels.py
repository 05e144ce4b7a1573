"""Every notice goes by mail and by webhook; neither channel hinders the other, nor the clock; nothing is lost, hardly anything comes twice."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from composer.ledger import Ledger, open_ledger
from composer.message.hook import secret_key
from composer.model.mailing import MailingState
from composer.workflow.alerting import carry_notices
from composer.workflow.engine_room import EngineRoom
from composer.workflow.teller import Teller
from composer.workspace import Workspace

from .conftest import EDITION, PROJECT, Hook, Mailbox, by_mail, free_port, now, tell_some, wait_for

Settle = Callable[..., Workspace]
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@contextmanager
def engine(workspace: Workspace) -> Iterator[tuple[EngineRoom, Ledger]]:
    with open_ledger(workspace.ledger_path) as ledger, EngineRoom(workspace, ledger) as room:
        yield room, ledger


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried again soon."""
    monkeypatch.setattr("composer.workflow.teller.BACK_OFF_S", (0.2,))


def untold(workspace: Workspace, channel: str) -> int:
    with open_ledger(workspace.ledger_path) as ledger:
        return len(ledger.notices.untold(channel))  # type: ignore[arg-type]


def test_a_notice_goes_by_mail_and_by_webhook_within_seconds(settle: Settle, mailbox: Mailbox, hook: Hook) -> None:
    workspace = settle(**by_mail(mailbox), desk__alert="une@exemple.fr, deux@exemple.fr", desk__alert_webhook=hook.url)
    with engine(workspace):
        tell_some(workspace, words="le four est froid")
        wait_for(lambda: len(mailbox.mails) == 2 and len(hook.calls) == 1)
        wait_for(lambda: not untold(workspace, "mail") and not untold(workspace, "webhook"))
    assert sorted(to for to, _ in mailbox.mails) == ["deux@exemple.fr", "une@exemple.fr"]
    assert "le four est froid 0" in mailbox.to("une@exemple.fr")
    (told,) = hook.told
    assert told["type"] == "notice.held"
    assert told["data"]["words"] == "le four est froid 0"
    assert "le four est froid 0" in told["text"]


def test_a_call_is_signed_as_standard_webhooks_wants_it(settle: Settle, hook: Hook) -> None:
    workspace = settle(desk__alert_webhook=hook.url, desk__webhook_secret=SECRET)
    tell_some(workspace)
    with open_ledger(workspace.ledger_path) as ledger:
        assert carry_notices(workspace, ledger, now()) == 1
    headers, body = hook.calls[0]
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(bytes(range(32)), content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 10


@pytest.mark.parametrize(
    ("secret", "key"),
    [
        (SECRET, bytes(range(32))),
        (SECRET.removeprefix("whsec_"), bytes(range(32))),
        ("un mot de passe à nous", "un mot de passe à nous".encode()),
        ("court", b"court"),
    ],
)
def test_a_secret_is_read_with_or_without_its_mark(secret: str, key: bytes) -> None:
    assert secret_key(secret) == key


def test_the_example_of_the_page_verifies_a_true_call_and_refuses_others(settle: Settle, hook: Hook) -> None:
    workspace = settle(desk__alert_webhook=hook.url, desk__webhook_secret=SECRET)
    tell_some(workspace)
    with open_ledger(workspace.ledger_path) as ledger:
        carry_notices(workspace, ledger, now())
    page = (PROJECT / "docs/alerts.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert len(example.strip().splitlines()) <= 14
    names: dict[str, Callable[..., bool]] = {}
    exec(example, names)
    headers, body = hook.calls[0]
    assert names["verify"](SECRET, headers, body)
    assert not names["verify"](SECRET, headers, body + b" ")
    assert not names["verify"](SECRET, {**headers, "webhook-timestamp": str(int(time.time()) - 3600)}, body)
    assert not names["verify"]("whsec_" + base64.b64encode(bytes(32)).decode(), headers, body)


def test_without_a_secret_the_call_is_not_signed(settle: Settle, hook: Hook) -> None:
    workspace = settle(desk__alert_webhook=hook.url)
    tell_some(workspace)
    with open_ledger(workspace.ledger_path) as ledger:
        carry_notices(workspace, ledger, now())
    assert "webhook-signature" not in hook.calls[0][0]
    assert "webhook-id" in hook.calls[0][0]


# One channel down.


def test_a_dead_relay_does_not_hinder_the_webhook(settle: Settle, hook: Hook) -> None:
    workspace = settle(
        transport__kind="smtp",
        transport__host="127.0.0.1",
        transport__port=str(free_port()),
        desk__alert="une@exemple.fr",
        desk__alert_webhook=hook.url,
    )
    with engine(workspace):
        tell_some(workspace)
        wait_for(lambda: len(hook.calls) == 1)
        tell_some(workspace)
        wait_for(lambda: len(hook.calls) == 2)
    assert untold(workspace, "mail") == 2
    assert untold(workspace, "webhook") == 0


def stalls(handler: BaseHTTPRequestHandler) -> bool:
    time.sleep(8)
    return True


def answers_500(handler: BaseHTTPRequestHandler) -> bool:
    handler.send_error(500)
    return True


def answers_endlessly(handler: BaseHTTPRequestHandler) -> bool:
    handler.send_response(500)
    handler.end_headers()
    for _ in range(10_000):
        handler.wfile.write(b"x" * 65_536)
    return True


@pytest.mark.parametrize("mood", [stalls, answers_500, answers_endlessly])
def test_a_webhook_in_any_mood_does_not_hinder_the_mail_nor_the_clock(
    settle: Settle, mailbox: Mailbox, hook: Hook, mood: Callable[[BaseHTTPRequestHandler], bool]
) -> None:
    hook.mood = mood
    workspace = settle(**by_mail(mailbox), desk__alert="une@exemple.fr", desk__alert_webhook=hook.url, desk__on_change="send_sealed")
    (workspace.issues_path / "n1").mkdir()
    with engine(workspace) as (_, ledger):
        tell_some(workspace)
        wait_for(lambda: len(mailbox.mails) == 1)
        ledger.editions.seal(EDITION, now=now())
        mailing = ledger.mailings.add(issue_id="n1", digest=EDITION.digest, due_at=now() + timedelta(seconds=1), now=now())
        assert mailing
        wait_for(lambda: ledger.mailings.get(mailing.id).state is not MailingState.SCHEDULED)  # type: ignore[union-attr]
        assert now() - mailing.due_at < timedelta(seconds=4)
        began = time.monotonic()
    assert time.monotonic() - began < 8, "an end waits for no webhook"
    assert hook.calls == []
    assert untold(workspace, "webhook") >= 1


def test_a_redirect_is_not_followed(settle: Settle, hook: Hook) -> None:
    elsewhere = Hook()

    def leads_away(handler: BaseHTTPRequestHandler) -> bool:
        if handler.path == "/ailleurs":
            elsewhere.calls.append(({}, b""))
        handler.send_response(307)
        handler.send_header("location", f"http://127.0.0.1:{hook.port}/ailleurs")
        handler.send_header("content-length", "0")
        handler.end_headers()
        return True

    hook.mood = leads_away
    workspace = settle(desk__alert_webhook=hook.url)
    tell_some(workspace)
    with open_ledger(workspace.ledger_path) as ledger:
        assert carry_notices(workspace, ledger, now()) == 0
    assert elsewhere.calls == []
    assert untold(workspace, "webhook") == 1


@pytest.mark.usefixtures("hurried")
def test_what_a_webhook_did_not_take_comes_again_under_the_same_id_and_in_order(settle: Settle, hook: Hook) -> None:
    seen: list[str] = []

    def twice_not(handler: BaseHTTPRequestHandler) -> bool:
        seen.append(handler.headers["webhook-id"])
        if len(seen) > 2:
            return False
        handler.send_error(503)
        return True

    hook.mood = twice_not
    workspace = settle(desk__alert_webhook=hook.url)
    tell_some(workspace, 5)
    with engine(workspace):
        wait_for(lambda: len(hook.calls) == 5)
    assert seen[0] == seen[1] == seen[2]
    assert [one["data"]["words"] for one in hook.told] == [f"avis {number}" for number in range(5)]
    assert len({headers["webhook-id"] for headers, _ in hook.calls}) == 5


@pytest.mark.usefixtures("hurried")
def test_one_notice_that_a_webhook_refuses_for_ever_does_not_keep_the_others_back(settle: Settle, hook: Hook) -> None:
    def refuses_the_first(handler: BaseHTTPRequestHandler) -> bool:
        identity = handler.headers["webhook-id"]
        refused.setdefault(identity, 0)
        if identity != next(iter(refused)):
            return False
        refused[identity] += 1
        handler.send_error(413)
        return True

    refused: dict[str, int] = {}
    hook.mood = refuses_the_first
    workspace = settle(desk__alert_webhook=hook.url)
    tell_some(workspace, 3)
    with engine(workspace):
        wait_for(lambda: len(hook.calls) == 2)
    assert next(iter(refused.values())) == 3


# Addresses.


@pytest.mark.usefixtures("hurried")
def test_an_address_that_is_refused_does_not_keep_the_others_from_being_told_and_is_named(
    settle: Settle, mailbox: Mailbox, hook: Hook
) -> None:
    mailbox.refuse = {"partie@exemple.fr": "550 5.1.1 no such user"}
    workspace = settle(**by_mail(mailbox), desk__alert="partie@exemple.fr, la@exemple.fr", desk__alert_webhook=hook.url)
    with engine(workspace):
        tell_some(workspace)
        wait_for(lambda: "partie@exemple.fr" in mailbox.to("la@exemple.fr") and "channel" in hook.kinds())
        wait_for(lambda: not untold(workspace, "mail"))
    assert mailbox.to("la@exemple.fr").count("avis 0") == 1
    assert hook.kinds().count("channel") == 1


@pytest.mark.usefixtures("hurried")
def test_an_address_that_is_refused_for_now_is_told_later_and_the_others_once(settle: Settle, mailbox: Mailbox) -> None:
    mailbox.refuse = {"grise@exemple.fr": "451 4.7.1 greylisted, try again"}
    workspace = settle(**by_mail(mailbox), desk__alert="grise@exemple.fr, la@exemple.fr")
    with engine(workspace):
        tell_some(workspace)
        wait_for(lambda: "avis 0" in mailbox.to("la@exemple.fr"))
        assert untold(workspace, "mail") == 1
        mailbox.refuse = {}
        wait_for(lambda: "avis 0" in mailbox.to("grise@exemple.fr"))
        wait_for(lambda: not untold(workspace, "mail"))
    assert mailbox.to("la@exemple.fr").count("avis 0") == 1


@pytest.mark.usefixtures("hurried")
def test_a_relay_that_was_down_is_told_everything_in_one_mail(settle: Settle, mailbox: Mailbox) -> None:
    mailbox.reply = "451 4.3.0 not now"
    workspace = settle(**by_mail(mailbox), desk__alert="la@exemple.fr")
    with engine(workspace):
        tell_some(workspace, 3)
        wait_for(lambda: untold(workspace, "mail") == 3)
        mailbox.reply = "250 2.0.0 kept"
        wait_for(lambda: len(mailbox.mails) == 1)
    assert [f"avis {number}" in mailbox.to("la@exemple.fr") for number in range(3)] == [True] * 3


def test_two_hundred_notices_are_grouped_in_mails_and_posted_in_order(settle: Settle, mailbox: Mailbox, hook: Hook) -> None:
    workspace = settle(**by_mail(mailbox), desk__alert="la@exemple.fr", desk__alert_webhook=hook.url)
    tell_some(workspace, 200)
    with engine(workspace):
        wait_for(lambda: len(hook.calls) == 200 and not untold(workspace, "mail"))
    assert len(mailbox.mails) <= 3
    assert re.findall(r"avis (\d+)\b", mailbox.to("la@exemple.fr")) == [str(number) for number in range(200)]
    assert [one["data"]["words"] for one in hook.told] == [f"avis {number}" for number in range(200)]
    assert "(+99)" in mailbox.mails[0][1]["subject"]


# Hostile words.


def test_names_with_line_ends_and_markup_reach_the_desk_as_words(settle: Settle, mailbox: Mailbox, hook: Hook) -> None:
    hostile = "n1\nBcc: autre@exemple.fr\r\n\r\n<script>\u2028<!channel> @everyone <https://mal.exemple|ici> \u202e"
    workspace = settle(**by_mail(mailbox), desk__alert="la@exemple.fr", desk__alert_webhook=hook.url)
    with open_ledger(workspace.ledger_path) as ledger:
        ledger.editions.seal(EDITION, now=now())
        mailing = ledger.mailings.add(issue_id=hostile, digest=EDITION.digest, due_at=now() + timedelta(days=2), now=now())
        assert mailing
        ledger.notices.add(mailing_id=mailing.id, kind="held", words=f"{hostile} : en attente", detail=hostile, now=now())
        assert carry_notices(workspace, ledger, now()) == 1
    (to, mail) = mailbox.mails[0]
    assert to == "la@exemple.fr"
    assert mail["bcc"] is None
    assert "\n" not in str(mail["subject"])
    assert "\u202e" not in mail.get_content()
    (told,) = hook.told
    assert told["data"]["issue"] == hostile
    assert "<" not in told["text"]
    assert "@everyone" not in told["text"]
    assert "en attente" in told["text"]


def test_a_very_long_detail_is_cut(settle: Settle, mailbox: Mailbox, hook: Hook) -> None:
    workspace = settle(**by_mail(mailbox), desk__alert="la@exemple.fr", desk__alert_webhook=hook.url)
    with open_ledger(workspace.ledger_path) as ledger:
        ledger.notices.add(mailing_id=None, kind="changed", words="x", detail="é" * 2_000_000, now=now())
        assert carry_notices(workspace, ledger, now()) == 1
    assert len(hook.calls[0][1]) < 40_000
    assert len(mailbox.to("la@exemple.fr")) < 40_000


# Two engines, restarts, a locked ledger.


def test_two_engines_on_one_ledger_tell_once(settle: Settle, mailbox: Mailbox, hook: Hook) -> None:
    workspace = settle(**by_mail(mailbox), desk__alert="la@exemple.fr", desk__alert_webhook=hook.url)
    with engine(workspace), engine(workspace):
        tell_some(workspace, 3)
        wait_for(lambda: len(hook.calls) >= 3 and not untold(workspace, "mail"))
        time.sleep(1.5)  # time enough for a second telling
    assert len(hook.calls) == 3
    assert mailbox.to("la@exemple.fr").count("avis 0") == 1


def test_the_second_engine_takes_over_the_telling(settle: Settle, hook: Hook) -> None:
    workspace = settle(desk__alert_webhook=hook.url)
    with engine(workspace) as (first, _), engine(workspace) as (second, _):
        wait_for(lambda: first.is_sender or second.is_sender)
        sender = first if first.is_sender else second
        sender.stop()
        wait_for(lambda: (second if sender is first else first).is_sender)
        tell_some(workspace)
        wait_for(lambda: len(hook.calls) == 1)


def test_a_restart_in_the_middle_of_telling_repeats_one_at_most_and_loses_none(settle: Settle, hook: Hook) -> None:
    workspace = settle(desk__alert_webhook=hook.url)
    tell_some(workspace, 30)
    while untold(workspace, "webhook"):
        goal = len(hook.calls) + 7
        with engine(workspace):
            wait_for(lambda: len(hook.calls) >= goal or not untold(workspace, "webhook"))  # noqa: B023 - used at once
    posted = [one["data"]["notice"] for one in hook.told]
    assert len(posted) - len(set(posted)) <= 5
    assert untold(workspace, "webhook") == 0


def test_a_ledger_that_another_program_holds_delays_and_repeats_nothing(settle: Settle, hook: Hook) -> None:
    workspace = settle(desk__alert_webhook=hook.url)
    tell_some(workspace, 2)
    with engine(workspace) as (_, ledger):
        wait_for(lambda: len(hook.calls) == 2)
        with ledger._store.writing():  # the pen is ours
            time.sleep(1.5)
        wait_for(lambda: not untold(workspace, "webhook"))
    assert len(hook.calls) == 2


def test_who_sets_a_webhook_today_is_not_told_of_last_month(settle: Settle, hook: Hook) -> None:
    workspace = settle(desk__alert_webhook=hook.url)
    with open_ledger(workspace.ledger_path) as ledger:
        ledger.notices.add(mailing_id=None, kind="held", words="vieux", now=now() - timedelta(days=30))
        ledger.notices.add(mailing_id=None, kind="held", words="neuf", now=now())
        carry_notices(workspace, ledger, now())
    assert [one["data"]["words"] for one in hook.told] == ["neuf"]


# The heartbeat.


def test_the_heart_beats_from_the_start_and_only_while_the_clock_does(settle: Settle, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("composer.workflow.teller.PERIOD_S", 0.3)
    monkeypatch.setattr("composer.workflow.lookout.WELL_S", 1.0)
    workspace = settle(desk__heartbeat_url=hook.beat_url)
    with engine(workspace) as (room, _):
        wait_for(lambda: len(hook.beats) >= 3)

        def fails() -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(room, "tick", fails)
        wait_for(lambda: time.monotonic() - hook.beats[-1] > 1.2)
        silent = len(hook.beats)
        monkeypatch.undo()
        wait_for(lambda: len(hook.beats) > silent)


def test_a_watcher_that_does_not_answer_holds_nothing(settle: Settle, hook: Hook) -> None:
    workspace = settle(desk__heartbeat_url=f"http://127.0.0.1:{free_port()}/rien", desk__alert_webhook=hook.url)
    with engine(workspace):
        tell_some(workspace)
        wait_for(lambda: len(hook.calls) == 1)


@pytest.mark.parametrize(
    "failure", [OverflowError("port"), asyncio.CancelledError(), BaseExceptionGroup("several", [asyncio.CancelledError()]), SystemExit(3)]
)
def test_a_channel_that_dies_takes_no_other_with_it_and_comes_back(
    settle: Settle, hook: Hook, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    monkeypatch.setattr("composer.workflow.teller.AGAIN_S", 0.2)
    workspace, died, beat = settle(desk__heartbeat_url=hook.beat_url, desk__alert_webhook=hook.url), [], Teller._beat

    async def dies_first(teller: Teller) -> None:
        if not died:
            died.append(True)
            raise failure
        await beat(teller)

    monkeypatch.setattr(Teller, "_beat", dies_first)
    with engine(workspace):
        wait_for(lambda: died)
        tell_some(workspace)
        wait_for(lambda: len(hook.calls) == 1)
        wait_for(lambda: hook.beats)


def test_an_address_that_cannot_be_called_ends_nothing(settle: Settle, hook: Hook) -> None:
    """The settings refuse it; whatever slips through ends no channel."""
    workspace = settle(desk__alert_webhook=hook.url)
    desk = replace(workspace.newsletter.desk, heartbeat_url="http://127.0.0.1:99999/")
    with engine(replace(workspace, newsletter=replace(workspace.newsletter, desk=desk))):
        tell_some(workspace)
        wait_for(lambda: len(hook.calls) == 1)


def test_a_lookout_that_looks_no_more_ends_the_heartbeat_and_is_told(settle: Settle, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("composer.workflow.teller.PERIOD_S", 0.3)
    monkeypatch.setattr("composer.workflow.lookout.BLIND_S", 1.5)
    monkeypatch.setattr("composer.workflow.lookout.END_S", 0.5)
    goes_on = threading.Event()
    goes_on.set()

    def hangs(_: Ledger) -> tuple[()]:
        goes_on.wait(60)
        return ()

    monkeypatch.setattr("composer.workflow.lookout.watched", hangs)
    workspace = settle(desk__heartbeat_url=hook.beat_url, desk__alert_webhook=hook.url)
    with engine(workspace):
        wait_for(lambda: len(hook.beats) >= 2)
        goes_on.clear()
        wait_for(lambda: hook.kinds() == ["engine"])
        wait_for(lambda: time.monotonic() - hook.beats[-1] > 1.0)
        goes_on.set()
        wait_for(lambda: hook.kinds() == ["engine", "engine-up"])
        goes_on.clear()
        ended_at = time.monotonic()
    goes_on.set()
    assert time.monotonic() - ended_at < 8
