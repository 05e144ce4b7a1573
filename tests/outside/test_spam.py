"""What spam filters say of finished messages: the real SpamAssassin, and programs and servers that misbehave."""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from composer.check.spam import level_of, mend_words, score_words, spam_findings, weighty_rules
from composer.model.spam import SpamRule, SpamScore
from composer.outside.spam import SPAMASSASSIN, as_received, ask_rspamd, ask_spamassassin
from composer.workflow.previewing import render_issue
from composer.workflow.spam import score_edition, tell_scores
from composer.workspace import Workspace, open_workspace

PROJECT = Path(__file__).resolve().parents[2]
NOW = datetime.now(UTC)
needs_spamassassin = pytest.mark.skipif(shutil.which(SPAMASSASSIN) is None, reason="SpamAssassin is not on this machine (tests/needs.sh)")
MESSAGE = b"From: a@exemple.fr\r\nTo: b@exemple.fr\r\nSubject: Bonjour\r\nDate: Thu, 26 Nov 2026 07:00:00 +0100\r\n\r\nUn mot.\r\n"

CORRECTION = (
    "# Rectificatif : le prix de la criée\n",
    {"une": "# Rectificatif\n\nNous avons écrit 14 millions ; c’était 1,4. [L’article corrigé](https://example.org/criee).\n"},
)
SPONSORED = (
    "# Une semaine chargée\n",
    {
        f"{kind}{n}": f"---\nkind: {kind}\nadvertiser: Maison {n}\n---\n# Vos chambres froides peuvent consommer moins ! ({n})\n\n"
        "Depuis 2009, nos techniciens règlent les installations de froid des artisans, et vous ne payez qu’une part des économies.\n\n"
        f"- 📘 [Téléchargez gratuitement le guide](https://example.com/{n}/guide?utm_source=lettre&utm_medium=email)\n"
        for n in range(6)
        for kind in ("sponsor", "story")
    },
)


@pytest.fixture
def make_workspace(tmp_path: Path) -> Callable[[str | tuple[str, dict[str, str]]], Workspace]:
    """The sample newsletter at a domain that can be, with its own issue or another."""

    def make(issue: str | tuple[str, dict[str, str]]) -> Workspace:
        settings = (PROJECT / "newsletter.toml").read_text(encoding="utf-8").replace("demi-sel.example.org", "lettre-demi-sel.fr")
        (tmp_path / "newsletter.toml").write_text(settings, encoding="utf-8")
        if isinstance(issue, str):
            shutil.copytree(PROJECT / "issues", tmp_path / "issues")
        else:
            folder = tmp_path / "issues" / "n1"
            folder.mkdir(parents=True)
            (folder / "issue.md").write_text(issue[0], encoding="utf-8")
            for name, text in issue[1].items():
                (folder / f"{name}.md").write_text(text, encoding="utf-8")
        return open_workspace(tmp_path, environ={})

    return make


# SpamAssassin -------------------------------------------------------------------------------------------------------------------------


@needs_spamassassin
@pytest.mark.parametrize("theme", ["classique", "moderne"])
@pytest.mark.parametrize("issue", ["the sample", CORRECTION, SPONSORED], ids=["sample", "correction", "sponsored"])
def test_spamassassin_holds_nothing_against_either_theme(
    make_workspace: Callable[[str | tuple[str, dict[str, str]]], Workspace], issue: str | tuple[str, dict[str, str]], theme: str
) -> None:
    workspace = make_workspace(issue)
    edition = render_issue(workspace, "2026-11-26-moulin" if isinstance(issue, str) else "n1", theme=theme)
    score = next(one for one in score_edition(workspace, edition, now=NOW) if one.filter == "SpamAssassin")
    assert score.trouble is None
    assert score.points <= 0.5
    assert weighty_rules(score) == ()


@needs_spamassassin
def test_what_counts_against_a_message_is_named_with_what_to_change() -> None:
    shouting = MESSAGE.replace(b"Subject: Bonjour", b"Subject: GAGNEZ DU TEMPS AVEC NOTRE LETTRE").replace(b"Date: ", b"X-Date: ")
    score = ask_spamassassin(shouting)
    rules = {rule.name: rule for rule in weighty_rules(score)}
    assert "MISSING_DATE" in rules
    assert rules["SUBJ_ALL_CAPS"].said == "Subject is all capitals"
    told = [line.fr for line in tell_scores([score])]
    assert any("capitales" in line for line in told)
    assert any("listes noires" in line for line in told)
    assert {finding.level for finding in spam_findings([score])} == {level_of(score)} == {"warning"}


@needs_spamassassin
def test_a_message_cannot_write_its_own_report() -> None:
    forged = MESSAGE + b"hebdo-000000000000000000000000 -9 5 9.9\r\n-9.0 GOOD_MAIL              Good\r\n"
    score = ask_spamassassin(forged)
    assert score.version != "9.9"
    assert all(rule.name != "GOOD_MAIL" for rule in score.rules)


def test_without_the_program_there_is_no_score_and_no_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    score = ask_spamassassin(MESSAGE)
    assert score.missing
    assert tell_scores([score]) == ()
    (found,) = spam_findings([score])
    assert found.rule == "spam-unasked"
    assert "apt install spamassassin" in found.message.en


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Another program under SpamAssassin's name."""

    def write(script: str) -> None:
        file = tmp_path / SPAMASSASSIN
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    return write


def test_a_program_that_does_not_answer_is_ended_with_all_it_started(program: Callable[[str], None], tmp_path: Path) -> None:
    program(f"sleep 60 & echo $! > {tmp_path}/child; cat > /dev/null; wait")
    begun = time.monotonic()
    score = ask_spamassassin(MESSAGE, timeout_s=0.5)
    assert score.trouble is not None
    assert time.monotonic() - begun < 10
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("script", ["exit 3", "cat", "head -c 1000000 /dev/zero", "printf 'hebdo- 1 2 3'", "kill -9 $$"])
def test_an_answer_that_cannot_be_read_is_said_so(program: Callable[[str], None], script: str) -> None:
    program(script)
    score = ask_spamassassin(MESSAGE)
    assert score.trouble is not None
    assert score.rules == ()


def test_no_secret_of_ours_reaches_the_program(program: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEBDO_TRANSPORT__PASSWORD", "sésame")
    program(f"env > {tmp_path}/seen; cat > /dev/null")
    ask_spamassassin(MESSAGE)
    assert "sésame" not in (tmp_path / "seen").read_text(encoding="utf-8")


def test_a_message_is_shown_as_a_receiver_sees_it() -> None:
    shown = as_received(MESSAGE, sender="lettre@exemple.fr", recipient="a@ailleurs.fr", date="Thu, 26 Nov 2026 07:00:00 +0100")
    head = shown.decode().split("\r\nFrom:")[0]
    assert head.startswith("Return-Path: <lettre@exemple.fr>\r\nReceived: from mail.exemple.fr (mail.exemple.fr [")
    assert shown.endswith(MESSAGE)
    assert all(len(line) < 998 for line in shown.split(b"\r\n"))


# rspamd -------------------------------------------------------------------------------------------------------------------------------


class _Answers(BaseHTTPRequestHandler):
    answer: ClassVar[bytes] = b""
    settings: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        """What rspamd's normal worker answers."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.settings.append(self.headers.get("Settings", ""))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answer)

    def version_string(self) -> str:
        """As rspamd names itself."""
        return "rspamd/3.4"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Nothing on stderr."""


@contextmanager
def _rspamd(answer: object, handler: type[_Answers] = _Answers) -> Iterator[str]:
    _Answers.answer = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# Cut from what rspamd 3.4 answers.
ANSWER = {
    "is_skipped": False,
    "score": 2.6,
    "required_score": 15.0,
    "action": "no action",
    "symbols": {
        "MIME_GOOD": {"name": "MIME_GOOD", "score": -0.1, "description": "Known content-type", "options": ["text/plain"]},
        "SUBJ_ALL_CAPS": {"name": "SUBJ_ALL_CAPS", "score": 2.7, "description": "All capital letters in subject"},
        "ONCE_RECEIVED": {"name": "ONCE_RECEIVED", "score": 0.1},
        "MANY_INVISIBLE_PARTS": {"name": "MANY_INVISIBLE_PARTS", "score": 0.1, "description": "Many parts are visually hidden"},
    },
}


def test_rspamd_is_asked_off_the_network_and_brought_to_the_same_scale() -> None:
    with _rspamd(ANSWER) as url:
        score = ask_rspamd(MESSAGE, url=url)
    assert (score.version, score.points, score.limit) == ("3.4", 2.6, 15.0)
    assert [rule.name for rule in weighty_rules(score)] == ["SUBJ_ALL_CAPS"]
    assert level_of(score) == "advice"  # 2.6 of 15 is not 2 of 5
    off = set(json.loads(_Answers.settings[-1])["groups_disabled"])
    assert {"rbl", "surbl", "spf", "dkim", "dmarc", "fuzzy"} <= off


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"[1]", b"{}", {"symbols": []}, {**ANSWER, "score": "x"}, {**ANSWER, "symbols": {"A": 1}}, b" " * 5_000_000]
)
def test_what_is_no_answer_of_rspamd_is_said_so(answer: object) -> None:
    with _rspamd(answer) as url:
        score = ask_rspamd(MESSAGE, url=url)
    assert score.trouble is not None


def test_where_no_rspamd_runs_nothing_is_said() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        score = ask_rspamd(MESSAGE, url=f"http://127.0.0.1:{free.getsockname()[1]}")
    assert score.missing
    assert tell_scores([score]) == ()


def test_an_rspamd_that_hangs_is_left_alone_in_time() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        score = ask_rspamd(MESSAGE, url=f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_s=0.3)
    assert score.trouble is not None


class _Trickles(_Answers):
    def do_POST(self) -> None:
        """A byte now and then, for as long as anybody listens."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):
            for _ in range(100):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)


def test_an_rspamd_that_never_ends_is_left_alone_in_time() -> None:
    with _rspamd(b"", _Trickles) as url:
        begun = time.monotonic()
        score = ask_rspamd(MESSAGE, url=url, timeout_s=0.4)
        assert time.monotonic() - begun < 3
    assert score.trouble is not None
    assert "0 s" in score.trouble.fr


# Words --------------------------------------------------------------------------------------------------------------------------------


def test_a_filter_is_an_adviser_and_never_stops_an_issue() -> None:
    heavy = SpamScore(
        filter="SpamAssassin", version="4.0.1", points=9.4, limit=5.0, rules=(SpamRule(name="UNHEARD_OF", points=9.4, said="Bad"),)
    )
    (found,) = spam_findings([heavy])
    assert found.level == "warning"
    assert mend_words(heavy.rules[0]) is None
    assert found.message.fr == "SpamAssassin : +9,4 UNHEARD_OF (Bad)"
    assert score_words(heavy).in_language("fr") == "SpamAssassin 4.0.1\u00a0: 9,4 points, indésirable à partir de 5."


def test_a_score_near_nothing_bears_no_sign() -> None:
    assert "0,0 point," in score_words(SpamScore(filter="rspamd", points=-0.035, limit=15.0)).fr
