"""`hebdo doctor` against a real name server: every fault is named, and what it prints, pasted into the zone, makes it pass."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "doctor"))

from nameserver import serving

CONFIG = """
[newsletter]
name = "Lettre"
[sender]
address = "lettre@exemple.fr"
reply_to = "redaction@exemple.fr"
outgoing = ["192.0.2.10"]
dkim_selectors = ["h1"]
[site]
public_url = "https://pages.exemple.fr"
"""
FAULTY = r"""
exemple.fr. 300 IN A 192.0.2.1
exemple.fr. 300 IN TXT "v=spf1 ipv4:192.0.2.9 include:nowhere.fr +all"
exemple.fr. 300 IN MX 10 gone.exemple.fr.
mail.exemple.fr. 300 IN A 192.0.2.20
_dmarc.exemple.fr. 300 IN TXT "v=DMARC1 p=reject"
h1._domainkey.exemple.fr. 300 IN TXT "v=DKIM1; p="
www.exemple.fr. 300 IN A 192.0.2.1
"""

HOSTILE = r"""
exemple.fr. IN TXT "v=spf1 \027]0;owned\007 include:a\027[2Jb.fr -all"
h1._domainkey.exemple.fr. IN CNAME \027[31m.evil.fr.
_dmarc.exemple.fr. IN TXT "v=DMARC1; p=\226\128\174none; rua=mailto:\027[H@x"
exemple.fr. IN MX 10 \027[2J.exemple.fr.
10.2.0.192.in-addr.arpa. IN PTR \027[2J.exemple.fr.
"""


@pytest.fixture
def name_server():
    with contextlib.ExitStack() as running:
        yield lambda text: running.enter_context(serving(text))


@pytest.fixture
def letter(tmp_path):
    folder = tmp_path / "lettre"
    folder.mkdir()
    (folder / "newsletter.toml").write_text(CONFIG, encoding="utf-8")
    return folder


def codes(ended, *levels):
    return {one["code"] for one in ended.answer["data"]["observations"] if not levels or one["level"] in levels}


def test_what_the_doctor_prints_pasted_into_the_zone_makes_it_pass(hebdo, name_server, letter, tmp_path):
    server = name_server(FAULTY)
    asked = ("doctor", "--dns", server.place, "--only", "dns")
    before = hebdo(*asked, cwd=letter)
    named = set(re.findall(r"\[([a-z-]+)\]$", before.out, re.MULTILINE))
    assert before.code == 1
    assert named >= {
        "spf-unknown-mechanism", "spf-pass-all", "spf-include-absent", "dmarc-version", "dkim-revoked", "mx-no-address", "ptr-absent", "host-absent",
    }  # fmt: skip
    zone = paste(FAULTY, before.out, tmp_path)
    server.load(zone)
    after = hebdo(*asked, "--json", cwd=letter)
    assert (after.code, codes(after, "error", "warning", "unknown")) == (0, set()), after.out


def paste(zone: str, page: str, folder: Path) -> str:
    """As somebody at the zone file does: take out what stands behind «;», put in the other lines, run the command."""
    out = {squeezed(line.partition(": ")[2]) for line in page.splitlines() if line.startswith("; take out: ")}
    kept = [line for line in zone.splitlines() if squeezed(line.replace(" 300 ", " 3600 ")) not in out]
    assert len(kept) < len(zone.splitlines())
    new = [line for line in page.splitlines() if re.match(r"[^ ;]+ \d+ IN ", line)]
    for command in re.findall(r"^ +(umask .*)$", page, re.MULTILINE):
        made = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True, timeout=60)
        new += made.stdout.splitlines()
    # The pages' host is the one thing that the doctor cannot know on a machine without a public address.
    own = "" if any(line.startswith("pages.") for line in new) else "pages.exemple.fr. 300 IN A 192.0.2.80"
    return "\n".join([*kept, *dict.fromkeys(new), own])


def squeezed(line: str) -> str:
    return " ".join(line.split())


def test_a_program_reads_the_same_from_json(hebdo, name_server, letter):
    server = name_server(FAULTY)
    ended = hebdo("doctor", "--only", "dns", "--json", cwd=letter, HEBDO_DNS=server.place)
    assert ended.code == 1
    assert ended.answer["ok"] is False
    (spf,) = [one for one in ended.answer["data"]["observations"] if one["code"] == "spf-pass-all"]
    assert spf["record"] == {
        "name": "exemple.fr.",
        "ttl": 3600,
        "type": "TXT",
        "value": "v=spf1 ip4:192.0.2.10 ip4:192.0.2.9 ~all",
        "zone": 'exemple.fr. 3600 IN TXT "v=spf1 ip4:192.0.2.10 ip4:192.0.2.9 ~all"',
    }
    assert [one["zone"] for one in spf["removes"]] == ['exemple.fr. 3600 IN TXT "v=spf1 ipv4:192.0.2.9 include:nowhere.fr +all"']
    assert set(spf) == {"code", "part", "level", "saw", "mend", "record", "also", "removes", "command"}


def test_only_the_server_that_is_named_is_asked(hebdo, name_server, letter):
    server = name_server(FAULTY)
    hebdo("doctor", "--dns", server.place, "--only", "dns", cwd=letter)
    assert ("exemple.fr", "TXT") in server.asked
    assert ("pages.exemple.fr", "A") in server.asked
    assert len(server.asked) == len(set(server.asked))


@pytest.mark.parametrize("given", ["dns.example", "127.0.0.1:99999", "::1:x"])
def test_a_server_that_is_none_is_refused(hebdo, letter, given):
    ended = hebdo("doctor", "--dns", given, "--only", "dns", cwd=letter)
    assert ended.code == 2


@pytest.mark.slow
def test_when_nobody_answers_it_takes_fifteen_seconds_at_most(hebdo, letter):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent, socket.create_server(("127.0.0.1", 0)) as mute:
        silent.bind(("127.0.0.1", 0))
        transport = f'[transport]\nkind = "smtp"\nhost = "127.0.0.1"\nport = {mute.getsockname()[1]}\n'
        (letter / "newsletter.toml").write_text(CONFIG + transport, encoding="utf-8")
        started = time.monotonic()
        ended = hebdo("doctor", "--dns", f"127.0.0.1:{silent.getsockname()[1]}", "--json", cwd=letter)
        assert time.monotonic() - started < 20  # of which the start of a loaded machine's Python
    assert ended.code == 1
    assert {"dns-silent", "relay-silent"} <= codes(ended)


def test_a_missing_key_is_told_without_a_network_too(hebdo, letter):
    (letter / "newsletter.toml").write_text(CONFIG.replace("dkim_selectors", "dkim_sign"), encoding="utf-8")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        ended = hebdo("doctor", "--dns", f"127.0.0.1:{silent.getsockname()[1]}", "--only", "dns", "--json", cwd=letter)
    assert codes(ended) == {"dns-silent", "dkim-own-file"}


def test_nothing_leaves_yet_so_that_faults_are_advice(hebdo, name_server, letter):
    ended = hebdo("doctor", "--json", cwd=letter)
    assert codes(ended, "error") == set()
    assert "relay-folder" in codes(ended, "advice")
    strict = hebdo("doctor", "--dns", name_server(FAULTY).place, "--only", "dns", "--json", cwd=letter)
    assert "spf-pass-all" in codes(strict, "error")


def test_an_empty_configuration_is_examined_too(hebdo, tmp_path):
    (tmp_path / "newsletter.toml").write_text('[newsletter]\nname = "x"\n', encoding="utf-8")
    ended = hebdo("doctor", "--json", cwd=tmp_path)
    assert ended.code == 0
    assert {"domain-none", "relay-folder", "pages-none", "ledger-none"} <= codes(ended)
    assert not (tmp_path / "var").exists()


def test_hostile_records_steer_no_terminal(hebdo, name_server, letter):
    zone = HOSTILE
    ended = hebdo("doctor", "--dns", name_server(zone).place, "--only", "dns", cwd=letter)
    assert ended.code == 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", ended.out + ended.err)


def test_a_domain_with_accents_is_asked_in_ascii_and_shown_as_written(hebdo, name_server, letter):
    (letter / "newsletter.toml").write_text(CONFIG.replace("lettre@exemple.fr", "lettre@café.fr"), encoding="utf-8")
    server = name_server('xn--caf-dma.fr. IN TXT "v=spf1 -all"\n')
    ended = hebdo("doctor", "--dns", server.place, "--only", "dns", cwd=letter)
    assert "café.fr (xn--caf-dma.fr)" in ended.out
    assert "xn--caf-dma.fr. 3600 IN TXT" in ended.out


def test_secrets_are_not_shown(hebdo, letter):
    secret = "sésame-ouvre-toi"
    (letter / "newsletter.toml").write_text(
        CONFIG + '[transport]\nkind = "smtp"\nhost = "127.0.0.1"\nport = 1\nusername = "u"\n', encoding="utf-8"
    )
    ended = hebdo("doctor", "--only", "relay", cwd=letter, HEBDO_TRANSPORT__PASSWORD=secret)
    assert ended.code == 1
    assert secret not in ended.out + ended.err


def test_a_proof_goes_out_and_comes_back(hebdo, sample, name_server):
    sent = hebdo("doctor", "--proof", "moi@recu.net", "--json", cwd=sample)
    assert sent.code == 0, sent.err
    (message, *_) = sorted((sample / "var/outbox").rglob("*.eml"))
    server = name_server("demi-sel.example.org. IN A 192.0.2.1\n")
    came = hebdo("doctor", "--received", message, "--dns", server.place, "--json", cwd=sample)
    assert {"proof-ours", "proof-same", "proof-list-ok"} <= codes(came, "ok"), came.out
    assert codes(came, "error") == {"proof-dkim-none"}
    typed = hebdo("doctor", "--received", "-", "--dns", server.place, "--json", cwd=sample, stdin=message.read_bytes())
    assert codes(typed) == codes(came)


@pytest.mark.parametrize(("content", "code"), [(None, 3), (b"PK\x03\x04", 2), (b"", 2)])
def test_what_is_no_message_is_refused(hebdo, letter, content, code):
    file = letter / "x.eml"
    if content is not None:
        file.write_bytes(content)
    assert hebdo("doctor", "--received", file, cwd=letter).code == code


@pytest.mark.parametrize(("lang", "title", "word"), [("fr", "Domaine", "erreur"), ("en", "Domain", "error")])
def test_the_page_speaks_both_languages(hebdo, name_server, letter, lang, title, word):
    ended = hebdo("doctor", "--dns", name_server(FAULTY).place, "--only", "dns", cwd=letter, lang=lang)
    assert ended.out.startswith(title)
    assert f"✗ {word}" in ended.out
    assert json.dumps(ended.out)


def test_the_issue_of_the_proof_can_be_named(hebdo, sample):
    assert hebdo("new", "issue", "Un autre", cwd=sample).code == 0
    sent = hebdo("doctor", "--proof", "moi@recu.net", "--proof-of", "42", cwd=sample)
    assert sent.code == 0, sent.err
    assert "2026-11-26-moulin" in sent.out


def test_the_issue_of_a_proof_that_goes_to_nobody_is_not_passed_over(hebdo, letter):
    refused = hebdo("doctor", "--proof-of", "latest", cwd=letter)
    assert refused.code == 2
    assert "--proof " in refused.err
