"""Every fault of a DKIM key record is named, and what is printed makes it pass."""

from __future__ import annotations

import base64
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st
from mended_zone import mended

from composer.check.doctor.dkim import judge_dkim, mended_text
from composer.check.doctor.dkim_key import read_key
from composer.check.doctor.sight import Domain
from composer.check.doctor.tags import read_tags
from composer.model.observation import quote_text

DOMAIN = Domain(name="exemple.fr", organisation="exemple.fr", sender="lettre@exemple.fr", selectors=("s1",))
NAME = "s1._domainkey.exemple.fr."


def public(key) -> str:
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


RSA = {bits: rsa.generate_private_key(public_exponent=65537, key_size=bits) for bits in (1024, 2048)}
KEY = public(RSA[2048])
WEAK = public(RSA[1024])
# Made once with openssl, since libraries refuse to make such a key today.
SHORT = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMCpVsFxb9zDSkRt6+7vMkvkcuCR8fmpvbSSNBqxVYOLXxSRQtjdFNRCQPyXqJSBTW3B2fFSnKpqDdg5Vr8+iScCAwEAAQ=="
EDWARDS = base64.b64encode(
    ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
).decode()
PRIVATE = base64.b64encode(
    RSA[2048].private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
).decode()
PRIVATE_8 = base64.b64encode(
    RSA[2048].private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
).decode()
BASE = "exemple.fr. IN A 192.0.2.1\n"


def zone(*texts: str, name: str = NAME) -> str:
    return BASE + "".join(f"{name} IN TXT {quote_text(text)}\n" for text in texts)


MENDED = [
    ("dkim-misplaced", zone(f"v=DKIM1; p={KEY}", name="s1._domainkey.exemple.fr.exemple.fr.")),
    ("dkim-misplaced", zone(f"v=DKIM1; p={KEY}", name="s1.exemple.fr.")),
    ("dkim-several", zone(f"v=DKIM1; p={KEY}", f"v=DKIM1; p={WEAK}")),
    ("dkim-several", zone(f"v=DKIM1; p={KEY}", "google-site-verification=abc")),
    ("dkim-several", zone(f"v=DKIM1; t=y; p={KEY}", "v=DKIM1; p=")),
    ("dkim-syntax", zone(f'"v=DKIM1; p={KEY}"')),
    ("dkim-syntax", zone(f"v=DKIM1\\; k=rsa\\; p={KEY}")),
    ("dkim-syntax", zone(f"v=DKIM1; k=rsa; k=rsa; p={KEY}")),
    ("dkim-syntax", zone(f"v=DKIM1; nonsense; p={KEY}")),
    ("dkim-version", zone(f"k=rsa; v=DKIM1; p={KEY}")),
    ("dkim-version", zone(f"v=dkim1; p={KEY}")),
    ("dkim-version", zone(f"v=DKIM2; p={KEY}")),
    ("dkim-key-broken", zone(f"v=DKIM1; p=-----BEGIN PUBLIC KEY-----{KEY}-----END PUBLIC KEY-----")),
    ("dkim-key-broken", zone(f"v=DKIM1; p={KEY.rstrip('=')}=")) if KEY.endswith("==") else ("dkim-hash", zone(f"h=sha1; p={KEY}")),
    (
        "dkim-key-broken",
        zone(f"v=DKIM1; k=ed25519; p={base64.b64encode(bytes.fromhex('302a300506032b6570032100') + bytes(range(32))).decode()}"),
    ),
    ("dkim-key-type", zone(f"v=DKIM1; k=ed25519; p={KEY}")),
    ("dkim-key-type", zone(f"v=DKIM1; p={EDWARDS}")),
    ("dkim-key-type", zone(f"v=DKIM1; k=dsa; p={KEY}")),
    ("dkim-hash", zone(f"v=DKIM1; h=sha1; p={KEY}")),
    ("dkim-service", zone(f"v=DKIM1; s=tlsrpt; p={KEY}")),
    ("dkim-testing", zone(f"v=DKIM1; t=y; p={KEY}")),
    ("dkim-testing", zone(f"v=DKIM1; t=y:s; p={KEY}")),
]
NEW_KEY = [
    ("dkim-absent", BASE),
    ("dkim-alias", BASE + f"{NAME} IN CNAME s1.dkim.nowhere.net.\n"),
    ("dkim-alias", BASE + f"{NAME} IN CNAME {NAME}\n"),
    ("dkim-syntax", zone("v=DKIM1; k=rsa")),
    ("dkim-revoked", zone("v=DKIM1; p=")),
    ("dkim-key-broken", zone(f"v=DKIM1; p={KEY[:-40]}")),
    ("dkim-key-broken", zone(f"v=DKIM1; p={KEY[:60]}!{KEY[60:]}")),
    ("dkim-key-broken", zone("v=DKIM1; p=bm90IGEga2V5")),
    ("dkim-key-private", zone(f"v=DKIM1; p={PRIVATE}")),
    ("dkim-key-private", zone(f"v=DKIM1; p={PRIVATE_8}")),
    ("dkim-key-short", zone(f"v=DKIM1; p={SHORT}")),
    ("dkim-key-weak", zone(f"v=DKIM1; p={WEAK}")),
]


@pytest.mark.parametrize(("code", "text"), MENDED, ids=[f"{code}-{number}" for number, (code, _) in enumerate(MENDED)])
def test_a_fault_is_named_and_its_mend_makes_it_pass(serve, code, text):
    server = serve(text)
    seen = judge_dkim(DOMAIN, server.resolver())
    assert code in {one.code for one in seen}
    server.load(mended(text, seen))
    assert {one.code for one in judge_dkim(DOMAIN, server.resolver())} - {"dkim-strict"} == {"dkim-ok"}


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not on this machine")
@pytest.mark.parametrize(("code", "text"), NEW_KEY, ids=[f"{code}-{number}" for number, (code, _) in enumerate(NEW_KEY)])
def test_where_no_key_can_be_saved_the_command_writes_the_line_of_a_new_one(serve, tmp_path, code, text):
    server = serve(text)
    seen = judge_dkim(DOMAIN, server.resolver())
    assert code in {one.code for one in seen}
    (command,) = {one.command for one in seen}
    line = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60).stdout
    assert [oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()] == ["0o600"]
    server.load(mended(text, seen) + line)
    assert [one.code for one in judge_dkim(DOMAIN, server.resolver())] == ["dkim-ok"]


@pytest.mark.parametrize(
    "text",
    [
        f"v=DKIM1; k=rsa; p={KEY}",
        f"p={KEY}",
        f"v=DKIM1;p={KEY};",
        f"v=DKIM1; h=sha1:sha256; s=email; p={KEY}",
        f"v=DKIM1; p={KEY[:100]} {KEY[100:]}",
        f"v=DKIM1; k=ed25519; p={EDWARDS}",
        f"v=DKIM1; n=a note; x=unknown; p={KEY}",
    ],
    ids=["rsa", "bare", "closed", "hashes", "blank", "ed25519", "note"],
)
def test_a_good_key_passes(serve, text):
    assert [one.code for one in judge_dkim(DOMAIN, serve(zone(text)).resolver())] == ["dkim-ok"]


def test_a_provider_s_alias_that_leads_to_a_key_passes(serve):
    text = BASE + f"{NAME} IN CNAME s1.dkim.p.net.\n" + zone(f"v=DKIM1; p={KEY}", name="s1.dkim.p.net.")
    assert [one.code for one in judge_dkim(DOMAIN, serve(text).resolver())] == ["dkim-ok"]


def test_without_a_selector_the_usual_ones_are_tried(serve):
    domain = Domain(name="exemple.fr", organisation="exemple.fr", sender="lettre@exemple.fr")
    (one,) = judge_dkim(domain, serve(zone(f"p={KEY}", name="mail._domainkey.exemple.fr.")).resolver())
    assert one.code == "dkim-no-selector"
    assert 'dkim_selectors = ["mail"]' in one.mend.fr


def test_a_wildcard_is_no_selector(serve):
    domain = Domain(name="exemple.fr", organisation="exemple.fr", sender="lettre@exemple.fr")
    (one,) = judge_dkim(domain, serve(zone(f"p={KEY}", name="*._domainkey.exemple.fr.")).resolver())
    assert "--proof" in one.mend.fr


def test_a_selector_that_does_not_answer_is_not_called_absent(serve):
    server = serve(zone(f"p={KEY}"), {NAME: "silent"})
    assert [one.code for one in judge_dkim(DOMAIN, server.resolver())] == ["dkim-unanswered"]


def test_what_a_stranger_wrote_steers_no_terminal(serve):
    text = BASE + f'{NAME} IN TXT "v=DKIM1\\027[2J; k=\\027]0; h=\\226\\128\\174; p=abc"\n'
    for one in judge_dkim(DOMAIN, serve(text).resolver()):
        shown = (one.saw.fr, one.saw.en, one.command, *(record.line for record in one.removes))
        assert not any("\x1b" in words or "\u202e" in words for words in shown)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader_of_keys(content):
    read_key(base64.b64encode(content).decode())


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader_of_records(text):
    read_tags(text)
    assert mended_text(text) == "" or read_key(read_tags(mended_text(text)).get("p")).kind
