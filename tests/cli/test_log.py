"""«I did not get it»: an editor asks by the address, and no file holds it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import mail_server

Hebdo = Callable[..., Any]


class Server:
    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if address.startswith("partie"):
            return f"550 5.1.1 <{address}> user unknown"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 2.0.0 kept as 4F3D2"


@pytest.fixture
def sent(hebdo: Hebdo, sample: Path) -> Path:
    (sample / "people.csv").write_text("email\nAna.Roux@lecteurs.example.org\npartie@lecteurs.example.org\n", encoding="utf-8")
    assert hebdo("subscribers", "import", "people.csv", "--consent", "form, until 2026", cwd=sample).code == 0
    with mail_server(Server()) as way:
        assert hebdo("send", "42", "--now", "--hold", "0s", cwd=sample, **way).code == 0
        hebdo("worker", "--until-idle", cwd=sample, **way)
    return sample


def test_one_readers_attempts_are_found_by_the_address_however_it_is_written(hebdo: Hebdo, sent: Path) -> None:
    found = hebdo("log", "42", "--address", "ANA.roux@lecteurs.example.org", "--json", cwd=sent).answer["data"]
    assert found["state"] == "submitted"
    (attempt,) = found["attempts"]
    assert (attempt["code"], attempt["attempt"], attempt["state"], attempt["domain"]) == (250, 1, "submitted", "lecteurs.example.org")
    said = hebdo("log", "42", "--address", "ana.roux@lecteurs.example.org", cwd=sent, lang="fr")
    assert "essai 1 · remise · 250 2.0.0 kept as 4F3D2" in said.out
    assert attempt["message_id"] in said.out


def test_a_refusal_is_told_with_the_servers_words_and_the_address_masked(hebdo: Hebdo, sent: Path) -> None:
    said = hebdo("log", "42", "--address", "partie@lecteurs.example.org", cwd=sent)
    assert "550 5.1.1 <…@lecteurs.example.org> user unknown" in said.out
    assert "nothing arrived" in said.out


def test_no_file_of_the_log_holds_an_address_and_only_its_owner_reads_it(hebdo: Hebdo, sent: Path) -> None:
    path = sent / "var" / "log" / "attempts.jsonl"
    text = path.read_text(encoding="utf-8").lower()
    assert "ana.roux" not in text
    assert "partie@" not in text
    assert path.stat().st_mode & 0o777 == 0o600
    assert [json.loads(line)["mailing"] for line in text.splitlines()] == [1, 1]


def test_without_an_address_attempts_are_counted_by_how_they_ended(hebdo: Hebdo, sent: Path) -> None:
    groups = hebdo("log", "42", "--json", cwd=sent).answer["data"]["groups"]
    assert {(one["state"], one["code"], one["count"]) for one in groups} == {("submitted", 250, 1), ("failed", 550, 1)}
    assert "user unknown" in hebdo("log", "42", cwd=sent).out


def test_who_was_not_in_the_audience_is_said_so(hebdo: Hebdo, sent: Path) -> None:
    said = hebdo("log", "42", "--address", "personne@lecteurs.example.org", cwd=sent)
    assert (said.code, "not in the audience" in said.out) == (0, True)
    assert hebdo("log", "42", "--address", "personne", cwd=sent).code == 2


def test_the_log_can_be_switched_off(hebdo: Hebdo, sample: Path) -> None:
    (sample / "people.csv").write_text("email\nana@lecteurs.example.org\n", encoding="utf-8")
    hebdo("subscribers", "import", "people.csv", "--consent", "form, until 2026", cwd=sample)
    with mail_server(Server()) as way:
        off = {**way, "HEBDO_LOG__ATTEMPTS": "false"}
        assert hebdo("send", "42", "--now", "--hold", "0s", cwd=sample, **off).code == 0
        assert hebdo("worker", "--until-idle", cwd=sample, **off).code == 0
    assert not (sample / "var" / "log").exists()
    assert hebdo("log", "42", "--address", "ana@lecteurs.example.org", "--json", cwd=sample).answer["data"]["state"] == "submitted"


def test_json_lines_on_request_say_which_mailing_has_finished(hebdo: Hebdo, sample: Path) -> None:
    (sample / "people.csv").write_text("email\nana@lecteurs.example.org\n", encoding="utf-8")
    hebdo("subscribers", "import", "people.csv", "--consent", "form, until 2026", cwd=sample)
    with mail_server(Server()) as way:
        assert hebdo("send", "42", "--now", "--hold", "0s", cwd=sample, **way).code == 0
        worked = hebdo("worker", "--until-idle", cwd=sample, **way, HEBDO_LOG__FORMAT="json")
    lines = [json.loads(line) for line in worked.err.splitlines()]
    assert any(line.get("mailing") == 1 and line["level"] == "info" for line in lines)


def test_a_format_that_nobody_knows_is_refused_with_the_words_that_fit(hebdo: Hebdo, sample: Path) -> None:
    refused = hebdo("check", "42", cwd=sample, HEBDO_LOG__FORMAT="xml")
    assert refused.code == 3
    assert "text, json" in refused.err
