"""A key is made once, shown as often as one likes, never printed, and signs what leaves."""

from __future__ import annotations

import json
import re
import stat

import dkim
import pyrage
import pytest

ON = {"HEBDO_SENDER__ADDRESS": "lettre@exemple.fr", "HEBDO_SENDER__DKIM_SIGN": "h1,h1-ed", "HEBDO_CHECK__SPAM": "false"}


@pytest.fixture
def keys(hebdo, sample):
    for selector, kind in (("h1", "rsa"), ("h1-ed", "ed25519")):
        assert hebdo("dkim", "keygen", "--selector", selector, "--kind", kind, cwd=sample, **ON).code == 0
    return sample / "var" / "dkim"


def test_a_new_key_is_a_private_file_a_line_to_paste_and_a_line_to_write(hebdo, sample):
    made = hebdo("dkim", "keygen", cwd=sample)
    assert made.code == 0, made.err
    (file,) = (sample / "var" / "dkim").iterdir()
    assert re.fullmatch(r"hebdo-\d{6}\.pem", file.name)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    line = re.fullmatch(r'(\S+)\._domainkey\.demi-sel\.example\.org\. 3600 IN TXT ((?:"[^"]{1,255}" ?)+)\n', made.out)
    assert line
    assert line[1] == file.stem
    assert f'dkim_sign = ["{file.stem}"]' in made.err
    secret = file.read_text().splitlines()[1]
    assert secret not in made.out + made.err


def test_no_key_is_ever_replaced(hebdo, sample, keys):
    before = (keys / "h1.pem").read_bytes()
    refused = hebdo("dkim", "keygen", "--selector", "h1", cwd=sample)
    assert refused.code == 6
    assert "hebdo dkim keygen --selector h1-2" in refused.err
    assert (keys / "h1.pem").read_bytes() == before
    assert sorted(path.name for path in keys.iterdir()) == ["h1-ed.pem", "h1.pem"]


@pytest.mark.parametrize("name", ["../h1", "a/b", "é", ".h", "a b", "-a", "a_b"])
def test_what_is_no_selector_is_no_file_either(hebdo, sample, name):
    refused = hebdo("dkim", "keygen", f"--selector={name}", cwd=sample)
    assert refused.code == 2
    assert not list(sample.rglob("*.pem"))
    assert hebdo("dkim", "show", cwd=sample, HEBDO_SENDER__DKIM_SIGN=f'["{name}"]').code == 3


def test_show_gives_the_records_again_for_people_and_for_programs(hebdo, sample, keys):
    shown = hebdo("dkim", "show", cwd=sample, **ON)
    assert shown.code == 0, shown.err
    answer = hebdo("dkim", "show", "--json", cwd=sample, **ON).answer["data"]
    assert shown.out.splitlines() == [one["record"]["zone"] for one in answer["keys"]]
    assert [(one["selector"], one["kind"], one["bits"], one["signs"]) for one in answer["keys"]] == [
        ("h1", "rsa", 2048, True),
        ("h1-ed", "ed25519", 256, True),
    ]
    assert answer["setting"] == 'dkim_sign = ["h1", "h1-ed"]'
    assert "PRIVATE" not in json.dumps(answer)


def test_a_proof_is_signed_with_every_key(hebdo, sample, keys):
    zone = {
        one["record"]["name"]: one["record"]["value"] for one in hebdo("dkim", "show", "--json", cwd=sample, **ON).answer["data"]["keys"]
    }
    sent = hebdo("proof", "42", "--to", "zoe@exemple.org", cwd=sample, **ON)
    assert sent.code == 0, sent.err
    proofs = [path.read_bytes() for path in (sample / "var" / "outbox").glob("*.eml")]
    assert proofs
    for content in proofs:
        assert [verify(content, place, zone) for place in (0, 1)] == [True, True]
        assert not verify(content.replace(b"\r\nSubject: ", b"\r\nSubject: x"), 0, zone)


def verify(content: bytes, place: int, zone: dict[str, str]) -> bool:
    return bool(dkim.DKIM(content).verify(idx=place, dnsfunc=lambda name, **_: zone[name.decode()].encode()))


def test_a_key_that_is_missing_or_open_stops_what_would_leave_and_the_hint_mends_it(hebdo, sample, keys):
    (keys / "h1.pem").chmod(0o640)
    opened = hebdo("proof", "42", "--to", "zoe@exemple.org", cwd=sample, **ON)
    assert opened.code == 3
    assert "chmod 600 var/dkim/h1.pem" in opened.err
    (keys / "h1.pem").unlink()
    missing = hebdo("proof", "42", "--to", "zoe@exemple.org", cwd=sample, **ON)
    assert missing.code == 3
    assert "hebdo dkim keygen --selector h1`" in missing.err
    asked = hebdo("schedule", "42", "--at", "2030-11-29 07:02", "--yes", cwd=sample, **ON)
    assert (asked.code, "h1" in asked.err) == (3, True)
    assert not list(sample.glob("var/outbox/*"))
    assert hebdo("dkim", "show", cwd=sample, **ON).code == 1
    assert hebdo("dkim", "keygen", "--selector", "h1", cwd=sample, **ON).code == 0
    assert hebdo("proof", "42", "--to", "zoe@exemple.org", cwd=sample, **ON).code == 0


def test_a_key_travels_only_in_a_backup_that_is_closed(hebdo, sample, keys, tmp_path):
    assert hebdo("backup", tmp_path / "open.tar.gz", cwd=sample).code == 0
    key, opens = pyrage.x25519.Identity.generate(), tmp_path / "key.txt"
    opens.write_text(str(key))
    closed = hebdo("backup", tmp_path / "l.tar.gz.age", "--to-recipient", str(key.to_public()), cwd=sample)
    assert closed.code == 0, closed.err
    for file, wanted in (("open.tar.gz", []), ("l.tar.gz.age", ["h1-ed.pem", "h1.pem"])):
        there = tmp_path / file.partition(".")[0]
        assert hebdo("restore", tmp_path / file, there, *(("--identity", opens) if wanted else ()), cwd=tmp_path).code == 0
        found = sorted((there / "var").glob("dkim/*"))
        assert [path.name for path in found] == wanted
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in found)


def test_without_a_sender_there_is_no_record(hebdo, sample):
    refused = hebdo("dkim", "keygen", cwd=sample, HEBDO_SENDER__ADDRESS="")
    assert refused.code == 3
    assert "[sender]" in refused.err
    assert not (sample / "var" / "dkim").exists()
