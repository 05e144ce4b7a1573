"""A proof that came back is held against what left: signature, headers, text, way, and what the receiver found."""

from __future__ import annotations

import base64
import re

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from composer.check.doctor.proof import WANTED, Came, judge_proof
from composer.check.doctor.received import MOST_PARTS, hops, read_message, verdicts
from composer.errors import UsageError
from composer.model.lookup import Answer, Found
from composer.model.newsletter import Sender
from composer.model.observation import quote_text
from composer.workflow.doctoring_proof import choose_message, read_received

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()
ZONE = f"h1._domainkey.exemple.fr. IN TXT {quote_text(f'v=DKIM1; p={PUBLIC}')}\n"
SENDER = Sender(address="lettre@exemple.fr", dkim_selectors=("h1",))
LEFT = (
    b"From: Lettre <lettre@exemple.fr>\r\n"
    b"To: moi@recu.net\r\n"
    b"Subject: =?utf-8?q?=C3=89preuve_2?=\r\n"
    b"Date: Sun, 22 Nov 2026 10:00:00 +0100\r\n"
    b"Message-ID: <epreuve.2.abc@exemple.fr>\r\n"
    b"List-Id: <lettre.exemple.fr>\r\n"
    b"List-Unsubscribe: <https://exemple.fr/u/x>,\r\n <mailto:lettre@exemple.fr>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"Feedback-ID: 1:lettre:newsletter:hebdo\r\n"
    b"MIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="b"\r\n'
    b"\r\n"
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBonjour\r\n"
    b'--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p><a href="https://exemple.fr/n/2">Lire</a></p>\r\n'
    b"--b--\r\n"
)
WAY = (
    b"Return-Path: <lettre@exemple.fr>\r\n"
    b"Authentication-Results: mx.recu.net; dkim=pass header.d=exemple.fr; spf=pass smtp.mailfrom=lettre@exemple.fr; dmarc=pass\r\n"
    b"Received: from relay.exemple.fr (relay.exemple.fr [192.0.2.10])\r\n\tby mx.recu.net with ESMTPS id 1; Sun, 22 Nov 2026 10:00:04 +0100\r\n"
    b"Received: from desk (localhost [127.0.0.1]) by relay.exemple.fr with ESMTP; Sun, 22 Nov 2026 10:00:02 +0100\r\n"
)


def signed(content: bytes = LEFT, *, selector: bytes = b"h1", domain: bytes = b"exemple.fr", headers=None, length=False) -> bytes:
    names = headers if headers is not None else [name.encode() for name in WANTED]
    line = dkim.sign(content, selector, domain, PRIVATE, canonicalize=(b"relaxed", b"relaxed"), include_headers=names, length=length)
    return line.replace(b"\n", b"\r\n").replace(b"\r\r", b"\r") + content


def judge(serve, content, *, left=LEFT, sender=SENDER, zone=ZONE):
    return judge_proof(Came(content=content, left=left, sender=sender), serve(zone).resolver())


def codes(*arguments, **more):
    return {one.code for one in judge(*arguments, **more)}


FINE = {"proof-ours", "proof-dkim-ok", "proof-return-path-ok", "proof-results-ok", "proof-way-ok", "proof-list-ok", "proof-same"}


def test_a_proof_that_came_back_whole_passes(serve):
    assert codes(serve, WAY + signed()) == FINE


def test_line_ends_of_a_saved_file_do_not_matter(serve):
    assert codes(serve, (WAY + signed()).replace(b"\r\n", b"\n")) == FINE


def test_the_selector_is_learned(serve):
    seen = judge(serve, WAY + signed(), sender=Sender(address="lettre@exemple.fr"))
    (one,) = [one for one in seen if one.code == "proof-selector"]
    assert 'dkim_selectors = ["h1"]' in one.mend.fr


GOOD = WAY + signed()
FAULTS = [
    ("proof-dkim-none", WAY + LEFT),
    ("proof-dkim-broken", GOOD.replace(b"Bonjour", b"Bonsoir")),
    ("proof-dkim-broken", GOOD.replace(b"Feedback-ID: 1", b"Feedback-ID: 2")),
    ("proof-dkim-broken", WAY + signed(selector=b"gone")),
    ("proof-dkim-broken", GOOD.replace(b"a=rsa-sha256", b"a=rsa-md5")),
    ("proof-dkim-unaligned", WAY + signed(domain=b"relais.net")),
    ("proof-dkim-headers", WAY + signed(headers=[b"From", b"To", b"Subject", b"Date", b"Message-ID"])),
    ("proof-dkim-weak", WAY + signed(length=True)),
    ("proof-from", GOOD.replace(b"<lettre@exemple.fr>\r\nTo", b"<lettre@relais.net>\r\nTo")),
    ("proof-return-path", GOOD.replace(b"Return-Path: <lettre@exemple.fr>", b"Return-Path: <b@relais.net>")),
    ("proof-results", GOOD.replace(b"dmarc=pass", b"dmarc=fail")),
    ("proof-results", GOOD.replace(b"spf=pass", b"spf=softfail")),
    ("proof-results-none", GOOD.replace(b"Authentication-Results", b"X-Other")),
    ("proof-in-clear", GOOD.replace(b"with ESMTPS", b"with ESMTP")),
    ("proof-slow", GOOD.replace(b"10:00:04", b"10:41:04")),
    ("proof-subject", GOOD.replace(b"=?utf-8?q?=C3=89preuve_2?=", b"[Spam] x")),
    ("proof-links", GOOD.replace(b"https://exemple.fr/n/2", b"https://click.relais.net/?u=1")),
    ("proof-body", GOOD.replace(b"Bonjour\r\n", b"Bonjour\r\n-- \r\nEnvoy\xc3\xa9 par Relais\r\n")),
    ("proof-parts", re.sub(rb"--b\r\nContent-Type: text/plain.*?Bonjour\r\n", b"", GOOD, flags=re.DOTALL)),
    ("proof-list", GOOD.replace(b"List-Id: <lettre", b"List-Id: =?utf-8?q?x?= <lettre")),
    ("proof-list", GOOD.replace(b"https://exemple.fr/u/x", b"https://click.relais.net/u/x")),
    ("proof-list", GOOD.replace(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b"")),
    ("proof-spam", b"X-Spam-Status: Yes, score=9.1 required=5.0 tests=BAYES_99\r\n" + GOOD),
    ("proof-spam", b"X-Spam-Flag: YES\r\n" + GOOD),
]


@pytest.mark.parametrize(("code", "content"), FAULTS, ids=[f"{code}-{number}" for number, (code, _) in enumerate(FAULTS)])
def test_what_happened_on_the_way_is_named(serve, code, content):
    zone = ZONE + ZONE.replace("exemple.fr", "relais.net")
    assert code in codes(serve, content, zone=zone)


def test_a_provider_s_second_signature_does_no_harm(serve):
    content = WAY + signed(signed(), domain=b"relais.net")
    assert codes(serve, content, zone=ZONE + ZONE.replace("exemple.fr", "relais.net")) == FINE


def test_a_parent_domain_signs_for_its_children_unless_alignment_is_strict(serve):
    content = (WAY + signed(LEFT)).replace(b"lettre@exemple.fr>\r\nTo", b"lettre@exemple.fr>\r\nTo")
    child = LEFT.replace(b"<lettre@exemple.fr>\r\nTo", b"<lettre@lettre.exemple.fr>\r\nTo")
    content = WAY + signed(child)
    sender = Sender(address="lettre@lettre.exemple.fr", dkim_selectors=("h1",))
    assert "proof-dkim-ok" in codes(serve, content, left=child, sender=sender)
    strict = ZONE + '_dmarc.lettre.exemple.fr. IN TXT "v=DMARC1; p=reject; adkim=s"\n'
    assert "proof-dkim-unaligned" in codes(serve, content, left=child, sender=sender, zone=strict)


def test_silence_of_the_name_server_is_not_called_a_wrong_signature(serve):
    server = serve(ZONE, {"h1._domainkey.exemple.fr": "silent"})
    seen = {one.code for one in judge_proof(Came(content=GOOD, left=LEFT, sender=SENDER), server.resolver())}
    assert "proof-dkim-unverified" in seen
    assert "proof-dkim-broken" not in seen


def test_results_that_the_sender_wrote_are_not_believed():
    forged = (
        WAY.replace(b"Authentication-Results: mx.recu.net", b"X-Was: 1") + b"Authentication-Results: mx.recu.net; dmarc=pass\r\n" + LEFT
    )
    assert verdicts(read_message(forged)) == {}
    assert verdicts(read_message(WAY + LEFT)) == {"dkim": "pass", "spf": "pass", "dmarc": "pass"}


def test_a_message_of_somebody_else_is_not_compared(serve):
    assert "proof-unknown" in codes(serve, GOOD, left=b"")


@pytest.mark.parametrize(
    ("line", "encrypted", "local"),
    [
        ("from a.net (a.net [192.0.2.1]) by b.net with ESMTPS id x; Sun, 22 Nov 2026 10:00:04 +0100", True, False),
        ("from a.net by b.net with UTF8SMTPSA; Sun, 22 Nov 2026 10:00:04 +0100", True, False),
        ("from a.net by b.net (version=TLS1_3 cipher=X) with SMTP; Sun, 22 Nov 2026 10:00:04 +0100", True, False),
        ("from a.net by b.net with ESMTP; Sun, 22 Nov 2026 10:00:04 +0100", False, False),
        ("from x (localhost [127.0.0.1]) by b.net with ESMTP; Sun, 22 Nov 2026 10:00:04 +0100", False, True),
        ("by 2002:a05:6000:1 with SMTP id x; Sun, 22 Nov 2026 10:00:04 +0100", False, True),
        ("from b.net by b.net with LMTP; Sun, 22 Nov 2026 10:00:04 +0100", False, True),
        ("(qmail 123 invoked by uid 0); 22 Nov 2026 10:00:04 -0000", False, True),
    ],
)
def test_a_hop_says_whether_it_was_encrypted(line, encrypted, local):
    (hop,) = hops(read_message(f"Received: {line}\r\n\r\n".encode()))
    assert (hop.is_encrypted, hop.is_local) == (encrypted, local)


def test_the_proof_is_found_in_a_box(tmp_path):
    other = b"From: x@y.net\nMessage-ID: <1@y.net>\nSubject: autre\n\nrien\n"
    ours = LEFT.replace(b"\r\n", b"\n")
    box = tmp_path / "mbox"
    box.write_bytes(b"From a@b Sun Nov 22 10:00:00 2026\n" + ours + b"\nFrom c@d Sun Nov 22 11:00:00 2026\n" + other)
    assert b"epreuve.2" in read_received(box)
    folder = tmp_path / "Maildir"
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "new" / "1").write_bytes(ours)
    (folder / "cur" / "2:2,S").write_bytes(other)
    assert b"epreuve.2" in read_received(folder)


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"just words\nand more", b"PK\x03\x04zip", b"From "])
def test_what_is_no_message_is_refused(content):
    with pytest.raises(UsageError):
        choose_message(content, shown="x")


def nobody(name, kind):
    return Answer(name=name, kind=kind, found=Found.NO_NAME)


LINES = st.sampled_from(
    [
        b"DKIM-Signature: v=1; a=rsa-sha256; d=exemple.fr; s=h1; h=from; bh=x; b=y",
        b"DKIM-Signature: v=1;;;=",
        b"DKIM-Signature: " + b"a=" * 500,
        b"Received: ;;;(((((",
        b"Received: from by with ; 99 Foo 9999",
        b"Authentication-Results: x; dkim=(",
        b"From: =?utf-8?b?////?= <a@b>, <c@d>",
        b"From: \xff\xfe",
        b"Subject: =?x-unknown?q?a?=",
        b"Content-Type: multipart/mixed; boundary=",
        b"Content-Type: text/html; charset=nothing",
        b"Content-Transfer-Encoding: base64",
        b"Message-ID: <\x1b[2J@x>",
        b"",
        b"--b",
    ]
)


@given(st.lists(st.one_of(LINES, st.binary(max_size=60)), max_size=14).map(b"\r\n".join))
def test_no_message_breaks_the_judge(content):
    for one in judge_proof(Came(content=content, left=LEFT, sender=SENDER), nobody):
        assert "\x1b" not in one.saw.fr


def test_a_message_of_parts_without_end_is_read_within_bounds():
    head = b"From: a@b.fr\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    message = read_message(head + b"--x\r\n\r\n" * 300_000)
    assert len(message.get_payload()) <= MOST_PARTS
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5000))
    assert read_message(nested).get_content_type() == "multipart/mixed"


def test_a_sender_in_brackets_without_end_is_no_address_and_breaks_nothing():
    from composer.check.doctor.received import address_in

    message = read_message(b"From: " + b"(" * 20_000 + b"\r\nSubject: x\r\n\r\nx\r\n")
    assert address_in(message, "From") == ""


def test_a_message_that_could_not_be_looked_at_is_not_well_and_says_so_in_french():
    from composer.workflow.doctoring_world import unlooked

    seen = unlooked("proof", RecursionError("maximum recursion depth exceeded"))
    assert seen.level == "error"
    assert "maximum recursion" not in seen.saw.fr
    assert unlooked("dns", OSError(36, "File name too long")).level == "unknown"
