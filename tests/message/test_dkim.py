"""Signatures of our own: whole, over everything that counts, and the same whether a message is signed alone or by a template."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import dkim
import pytest
from dkim.canonicalization import Relaxed
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from composer.errors import ConfigurationError, MergeError
from composer.message import build_message, compile_template, splice
from composer.message.body import Body
from composer.message.canonical import is_relaxed, relax_body, relax_header
from composer.message.dkim import SIGNED, make_signer, make_stamp, sign_message, write_signatures
from composer.message.dkim_keys import make_signing_key, read_signing_key
from composer.message.notice import build_notice
from composer.message.template import _stamp
from composer.text.merge import MergeField, field_token

AT = datetime(2026, 1, 15, 6, 0, tzinfo=UTC)
PRINTABLE = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
KEYS = [make_signing_key(kind, name)[0] for kind, name in (("rsa", "r1"), ("ed25519", "e1"))]
SIGNER = make_signer(KEYS, "exemple.fr")
ZONE = {one.record("exemple.fr").name: one.record("exemple.fr").value for one in KEYS}
HEAD = b"From: a@exemple.fr\r\nSubject: x\r\n\r\n"


def verdicts(content: bytes) -> list[bool]:
    """What dkimpy says of each of the two signatures."""

    def verdict(place: int) -> bool:
        try:
            return dkim.DKIM(content).verify(idx=place, dnsfunc=lambda name, **_: ZONE[name.decode()].encode())
        except dkim.ValidationError:
            return False

    return [verdict(place) for place in range(len(SIGNER.keys))]


def on_the_wire(body: bytes) -> bytes:
    """With CRLF, at the end too, and not blank: of a blank or open line dkimpy thinks otherwise, and SMTP knows no open one."""
    return b"x" + body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n") + b"\r\n"


def signatures(content: bytes) -> list[bytes]:
    return re.findall(rb"(?m)^DKIM-Signature:.*\r\n(?:[ \t].*\r\n)*", content)


def tags(signature: bytes) -> dict[str, str]:
    value = re.sub(r"\s", "", signature.decode().partition(":")[2])
    return dict(tag.split("=", 1) for tag in value.split(";"))


def test_each_key_signs_and_every_header_is_named_once_more_than_it_is_there(edition, newsletter, recipient):
    content = build_message(edition, recipient, newsletter, date=AT, signer=SIGNER).content
    first, second = map(tags, signatures(content))
    assert (first["a"], first["s"], second["a"], second["s"]) == ("rsa-sha256", "r1", "ed25519-sha256", "e1")
    assert first["bh"] == second["bh"]
    for one in (first, second):
        assert (one["v"], one["c"], one["d"], one["t"]) == ("1", "relaxed/relaxed", "exemple.fr", str(int(AT.timestamp())))
        assert "l" not in one
        named = one["h"].split(":")
        for name in SIGNED:
            there = len(re.findall(rb"(?m)^%b: " % name.encode(), content.partition(b"\r\n\r\n")[0]))
            assert named.count(name) == there + 1, name
        assert {"List-Unsubscribe-Post", "Feedback-ID"} <= {name for name in SIGNED if named.count(name) == 2}
    assert all(len(line) <= 76 and line.isascii() for one in signatures(content) for line in one.split(b"\r\n"))
    assert verdicts(content) == [True, True]


def test_a_signed_message_is_the_unsigned_one_with_signatures_in_front(edition, newsletter, recipient):
    signed = build_message(edition, recipient, newsletter, date=AT, signer=SIGNER)
    plain = build_message(edition, recipient, newsletter, date=AT)
    assert signed.content == b"".join(signatures(signed.content)) + plain.content
    assert replace(signed, parts=()) == replace(plain, parts=())


@trying(max_examples=60)
@given(html=st.text(PRINTABLE | st.just("\n")), text=st.text(PRINTABLE | st.just("\n")), name=st.text(PRINTABLE, max_size=60))
def test_whatever_the_words_are_the_signatures_are_right(edition, newsletter, recipient, html, text, name):
    fields = [field_token("mfq7", MergeField(name=field, fallback="Ω")) for field in ("name", "unsubscribe_url", "web_url", "asked_on")]
    opened = replace(edition, subject=f"{fields[0]} !", text=f"{fields[0]} {text} {fields[3]}", html=f"{html}{fields[1]} {fields[2]}{html}")
    template = compile_template(opened, newsletter, signer=SIGNER)
    assert template.stamp is not None
    assert template.stamp.is_relaxed
    content = splice(template, replace(recipient, name=name), date=AT).content
    assert verdicts(content) == [True, True]
    body = content.partition(b"\r\n\r\n")[2]
    assert relax_body(body) == body


@trying(max_examples=60)
@given(st.binary(max_size=300) | st.text("a \t\r\n.é", max_size=200).map(str.encode))
def test_a_body_that_is_not_written_by_us_is_signed_as_well(body):
    body = on_the_wire(body)
    signed = sign_message(HEAD + body, SIGNER, date=AT)
    assert signed.endswith(HEAD + body)
    assert verdicts(signed) == [True, True]


def test_an_odd_body_is_canonicalised_for_each_reader_and_leaves_rightly_signed():
    own, head = (b"To: b@exemple.org\r\n",), b"From: a@exemple.fr\r\n"
    odd = Body(pieces=(b"two  blanks \r\n", b"", b"end\r\n\r\n\r\n"), gaps=())
    stamp = replace(_stamp(SIGNER, (head,), odd), forms=make_stamp(SIGNER, shared=(head,), own=("To",)).forms)
    assert not stamp.is_relaxed
    signed = write_signatures(stamp, own=own, body=odd.pieces, at=b"1768456800") + head + own[0] + b"\r\n" + b"".join(odd.pieces)
    assert verdicts(signed) == [True, True]
    assert verdicts(signed.replace(b"end", b"END")) == [False, False]


def test_a_piece_that_ends_within_a_line_is_odd():
    assert not _stamp(SIGNER, (), Body(pieces=(b"a\r\nb", b"", b"\r\n"), gaps=())).is_relaxed


@given(st.binary(max_size=300) | st.text("a \t\r\n", max_size=200).map(str.encode))
def test_bodies_are_canonicalised_as_dkimpy_does(body):
    body = on_the_wire(body)
    assert relax_body(body) == Relaxed.canonicalize_body(body)
    assert is_relaxed(relax_body(body))


@given(st.lists(st.text("abé=?; ", min_size=1, max_size=40).map(str.strip).filter(bool), min_size=1, max_size=4))
def test_headers_are_canonicalised_as_dkimpy_does(rows):
    line = b"X-Some-Name:  " + "\r\n \t".join(rows).encode() + b" \r\n"
    ((name, value),) = Relaxed.canonicalize_headers([(b"X-Some-Name", line.partition(b":")[2])])
    assert relax_header(line) == name + b":" + value


def test_a_notice_to_the_desk_is_signed_too(newsletter):
    notice = build_notice(
        newsletter, to="desk@exemple.fr", subject="n1 : en attente", text="n1\n\n\n", date=AT, message_id="a@b.fr", signer=SIGNER
    )
    assert verdicts(notice.content) == [True, True]
    assert verdicts(notice.content.replace(b"Auto-Submitted: auto-generated", b"Auto-Submitted: no")) == [False, False]


def test_an_open_field_stops_that_message_and_not_the_next(edition, newsletter, recipient):
    opened = replace(edition, html=f"<p>{field_token('mfq7', MergeField(name='first_name'))}</p>")
    template = compile_template(opened, newsletter, signer=SIGNER)
    with pytest.raises(MergeError):
        splice(template, replace(recipient, name=""), date=AT)
    assert verdicts(splice(template, recipient, date=AT).content) == [True, True]


# -- keys ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_key_is_read_back_and_shows_nothing_of_itself(kind):
    key, pem = make_signing_key(kind, "h1")
    read = read_signing_key(pem, "h1", where="var/dkim/h1.pem")
    assert read.public_text == key.public_text
    assert not read.is_weak
    assert repr(read) == "SigningKey(selector='h1')"
    assert "key" not in repr(make_signer([read], "exemple.fr")).replace("keys=", "").replace("SigningKey", "")


def test_the_record_is_cut_into_strings_of_at_most_255_bytes():
    record = KEYS[0].record("exemple.fr")
    pieces = re.findall(r'"([^"]*)"', record.line)
    assert record.line.startswith("r1._domainkey.exemple.fr. 3600 IN TXT ")
    assert "".join(pieces) == record.value
    assert len(pieces) == 2
    assert all(len(piece) <= 255 for piece in pieces)


# Made once with openssl, since libraries refuse to make such keys today; they sign nothing.
SHORT = b"""-----BEGIN PRIVATE KEY-----
MIIBUwIBADANBgkqhkiG9w0BAQEFAASCAT0wggE5AgEAAkEAra5HHdZwNOn/z+Uk
1pxd3cVO69hBSZwkDmNv5snGIXrGR2k3w/TD8xHK5vAC0AxjngV5yjDbF0p5u64r
Mp2JWQIDAQABAkAy/FFmQfhIoFT3i9Ynplmr6+tCMwbffBXdn3VPM/aVBwDb3wK1
UuPnpPt5o8++rPpPXn5o4UpxlHf6HqQvBwy9AiEA27oa44Vy5CKNJG/uwqHPJobp
MtM568fmV2gAupddBGMCIQDKWjYk0Oib9WQ1OE1ATqTNQmzSvhIg6vFpu+XGVH/S
EwIgOA3XNDnkIH0MAsKnZ3G+FfcO4M9wFE1v3taCcReSPD8CIEhccjhALK541ljh
xV5VwUFVm6zRI5J58dKpysVdukfZAiB7Fv+sTzYuXnX4gI5rfYSJdrlwyCxl5Lw5
R6HmEKQ49g==
-----END PRIVATE KEY-----
"""
ELLIPTIC = b"""-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIGFQsiiyXzQU6mW9humRp3qxUVz6oKai6/rQPYGEIKWRoAoGCCqGSM49
AwEHoUQDQgAE+j4XK/D/lT2/AbNtWzyaP1c9r37E6vmBu1YTvAQaBVPunU3a+hpI
nAXcEq527LvHYaMCZDWm8a4hJHJYcg987Q==
-----END EC PRIVATE KEY-----
"""


@pytest.mark.parametrize("pem", [SHORT, ELLIPTIC, b"", b"x", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_cannot_sign_is_refused_and_not_quoted(pem):
    with pytest.raises(ConfigurationError) as told:
        read_signing_key(pem, "h1", where="var/dkim/h1.pem")
    assert told.value.where == "var/dkim/h1.pem"
    assert "hebdo dkim keygen --selector h1-2" in told.value.hint.fr
    said = told.value.sentence("fr") + told.value.sentence("en")
    assert not any(line.decode() in said for line in pem.splitlines() if len(line) > 3)
