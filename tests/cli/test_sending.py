"""From a schedule to boxes, by the commands alone, into a real SMTP server on this machine."""

from __future__ import annotations

import email
import email.policy
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import mail_server

Hebdo = Callable[..., Any]
PEOPLE = 7


class Sink:
    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append((envelope.rcpt_tos[0], bytes(envelope.content)))
        return "250 2.0.0 kept"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, dict[str, str]]]:
    kept = Sink()
    with mail_server(kept) as way:
        yield kept, way


@pytest.fixture
def with_readers(hebdo: Hebdo, sample: Path) -> Path:
    rows = "".join(f"reader{n}@lecteurs.example.org,Lectrice {n}\n" for n in range(PEOPLE))
    (sample / "people.csv").write_text("email,name\n" + rows, encoding="utf-8")
    assert hebdo("subscribers", "import", "people.csv", "--consent", "form, until 2026", cwd=sample).code == 0
    return sample


def test_send_now_and_a_worker_deliver_to_everybody_and_the_counts_add_up(hebdo: Hebdo, with_readers: Path, sink: Any) -> None:
    kept, way = sink
    sent = hebdo("send", "42", "--now", "--hold", "0s", "--json", cwd=with_readers, **way)
    assert sent.code == 0, sent.out
    worked = hebdo("worker", "--until-idle", "--json", cwd=with_readers, **way)
    assert worked.code == 0, worked.out
    status = hebdo("status", "42", "--json", cwd=with_readers).answer["data"]["mailing"]
    assert status["state"] == "finished"
    assert set(status) >= {"state", "reason", "counts", "audience", "digest"}
    assert set(status["counts"]) == {"pending", "submitting", "submitted", "deferred", "failed", "uncertain", "suppressed", "cancelled"}
    assert status["counts"]["submitted"] == status["audience"] == sum(status["counts"].values()) == PEOPLE
    assert sorted(to for to, _ in kept.mails) == sorted(f"reader{n}@lecteurs.example.org" for n in range(PEOPLE))
    mail = email.message_from_bytes(kept.mails[0][1], policy=email.policy.default)
    assert mail["Subject"] == "Trente boulangers s’offrent un moulin"
    html = mail.get_body(("html",))
    assert html is not None
    assert "Farinelle" in html.get_content()
    assert (with_readers / "issues" / "2026-11-26-moulin" / "sent.json").is_file()


def test_an_issue_that_left_does_not_leave_again(hebdo: Hebdo, with_readers: Path) -> None:
    assert hebdo("send", "42", "--now", "--hold", "0", cwd=with_readers).code == 0
    assert hebdo("worker", "--until-idle", cwd=with_readers).code == 0
    again = hebdo("send", "42", "--now", cwd=with_readers)
    assert again.code == 6
    assert "hebdo status" in again.err
    assert len(list((with_readers / "var" / "outbox").rglob("*.eml"))) == PEOPLE


def test_a_schedule_says_the_moment_with_its_zone_and_is_taken_back(hebdo: Hebdo, with_readers: Path) -> None:
    written = hebdo("schedule", "42", "--at", "2096-01-03 07:00", "--yes", cwd=with_readers, lang="fr")
    assert written.code == 0, written.err
    assert "Europe/Paris" in written.out
    assert "7 abonnés" in written.out
    status = hebdo("status", "--json", cwd=with_readers).answer["data"]
    assert status["next"]["issue"] == "2026-11-26-moulin"
    assert hebdo("schedule", "42", "--at", "2096-01-04 07:00", "--yes", cwd=with_readers).code == 6
    assert hebdo("unschedule", "42", cwd=with_readers).code == 0
    assert hebdo("status", "--json", cwd=with_readers).answer["data"]["next"] is None


def test_the_hold_window_lets_stop_keep_everything_back(hebdo: Hebdo, with_readers: Path, sink: Any) -> None:
    kept, way = sink
    assert hebdo("send", "42", "--now", "--hold", "1h", cwd=with_readers, **way).code == 0
    serving = subprocess.Popen(
        [sys.executable, "-m", "composer", "worker"], cwd=with_readers, env={**os.environ, "PYTHONPATH": _project(), **way}
    )
    try:
        _until(lambda: _state(hebdo, with_readers) == "running")
        stopped = hebdo("stop", "42", "--yes", "--json", cwd=with_readers).answer["data"]
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(timeout=15)
    assert (stopped["gone"], stopped["on_the_wire"], stopped["cancelled"]) == (0, 0, PEOPLE)
    assert kept.mails == []


def test_an_error_of_the_checks_refuses_to_schedule_and_sends_the_findings(hebdo: Hebdo, with_readers: Path) -> None:
    story = with_readers / "issues" / "2026-11-26-moulin" / "criee.md"
    story.write_text(story.read_text(encoding="utf-8").replace("(https://example.org/archives/chinchard)", "()"), encoding="utf-8")
    refused = hebdo("schedule", "42", "--at", "2096-01-03 07:00", "--yes", "--json", cwd=with_readers)
    assert refused.code == 1
    assert refused.answer["error"]["code"] == "findings"
    assert any(finding["level"] == "error" for finding in refused.answer["findings"])


def test_serve_launches_within_two_seconds_and_its_pages_let_a_reader_leave(hebdo: Hebdo, with_readers: Path, sink: Any) -> None:
    kept, way = sink
    rehearsal = {**way, "HEBDO_SITE__REHEARSAL": "true", "HEBDO_SITE__PUBLIC_URL": "http://127.0.0.1:1"}
    serving = subprocess.Popen(
        [sys.executable, "-m", "composer", "serve", "--port", "0"],
        cwd=with_readers,
        env={**os.environ, "PYTHONPATH": _project(), **rehearsal},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert serving.stdout is not None
        address = serving.stdout.readline().strip()
        with urllib.request.urlopen(f"{address}/mentions-legales", timeout=10) as page:
            assert page.status == 200
        assert hebdo("send", "42", "--now", "--hold", "0", cwd=with_readers, **rehearsal).code == 0
        began = time.monotonic()
        _until(lambda: len(kept.mails) > 0, patience_s=10)
        assert time.monotonic() - began < 9  # two seconds, and what a loaded machine adds
        _until(lambda: _state(hebdo, with_readers) == "finished")
    finally:
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(timeout=15) == 0
        assert serving.stdout is not None
        serving.stdout.close()
    assert len(kept.mails) == PEOPLE


def test_the_answer_of_status_is_one_line_of_json_for_a_program(hebdo: Hebdo, sample: Path) -> None:
    answer = json.loads(hebdo("status", "--json", cwd=sample).out)
    assert answer["version"] == 1
    assert answer["data"]["mailing"] is None


def _state(hebdo: Hebdo, folder: Path) -> str:
    mailing = hebdo("status", "42", "--json", cwd=folder).answer["data"]["mailing"]
    return str(mailing["state"])


def _until(true: Callable[[], bool], *, patience_s: float = 30) -> None:
    deadline = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _project() -> str:
    return str(Path(__file__).resolve().parents[2])
