"""Certificates that are not the server's, handshakes that do not end, names that do not answer: told in two languages, never gone on with."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from composer.model.mailing import Stage
from composer.model.newsletter import TransportSettings
from composer.transports import SmtpTransport

TIMEOUT_S = 0.4


def serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def self_signed(folder) -> ssl.SSLContext:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    build = x509.CertificateBuilder(name, name, key.public_key(), 7, today - timedelta(1), today + timedelta(9), [])
    made = build.add_extension(names, critical=False).sign(key, hashes.SHA256())
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "both.pem").write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(encoding))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


@pytest.fixture
def presented(authority, tmp_path):
    """Gives a function: the TLS of a server that presents something wrong."""

    def make(wrong: str) -> ssl.SSLContext:
        if wrong == "self-signed":
            return self_signed(tmp_path)
        if wrong == "authority":
            return serving(trustme.CA().issue_cert("localhost"))
        past = datetime.now(UTC) - timedelta(days=1)
        return serving(authority.issue_cert("localhost", not_after=past) if wrong == "expired" else authority.issue_cert("autre.exemple"))

    return make


async def hello(reader, writer, *, tls=None):
    """As far as STARTTLS, then the handshake with ``tls``."""
    writer.write(b"220 relay\r\n")
    while line := await reader.readline():
        if line.startswith(b"STARTTLS"):
            writer.write(b"220 go\r\n")
            with suppress(ssl.SSLError, ConnectionError):
                await writer.start_tls(tls)
            return await reader.read(1)
        writer.write(b"250-relay\r\n250 STARTTLS\r\n")
    return None


async def idle(reader, _writer):
    await reader.read(1)


async def outcome_of(transport: SmtpTransport, message):
    began = time.monotonic()
    try:
        outcome = await transport.submit(message)
    finally:
        await transport.aclose()
    assert time.monotonic() - began < 10
    return outcome


def settings(port: int, security: str, host: str = "localhost") -> TransportSettings:
    return TransportSettings(kind="smtp", host=host, port=port, security=security, timeout_s=TIMEOUT_S)


WRONG = {
    "name": ("il est celui d’un autre nom", "it is another name’s"),
    "expired": ("il a expiré", "it has expired"),
    "self-signed": ("il est autosigné", "it is self-signed"),
    "authority": ("personne ici ne connaît son émetteur", "nobody here knows its issuer"),
}


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_a_certificate_that_is_not_the_server_s_is_refused_and_told(message, presented, client_tls, security, wrong, language):
    tls = presented(wrong)
    if security == "tls":
        server = await asyncio.start_server(idle, "127.0.0.1", 0, ssl=tls)
    else:
        server = await asyncio.start_server(lambda r, w: hello(r, w, tls=tls), "127.0.0.1", 0)
    async with server:
        ready = settings(server.sockets[0].getsockname()[1], security)
        outcome = await outcome_of(SmtpTransport(ready, tls=client_tls, language=language), message)
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 0)
    assert WRONG[wrong][language == "en"] in outcome.reply


@pytest.mark.parametrize(("security", "words"), [("starttls", ("TLS", "s’est pas établi en 0.4")), ("tls", ("pas répondu en 0.4",))])
async def test_a_handshake_that_stalls_ends_in_time(smtp_server, message, client_tls, security, words):
    async def stalls(reader, writer):
        if security == "starttls":
            writer.write(b"220 relay\r\n")
            for said in (b"250-relay\r\n250 STARTTLS\r\n", b"220 go\r\n"):
                await reader.readline()
                writer.write(said)
        await reader.read()
        await reader.read()

    async with smtp_server(stalls) as port:
        outcome = await outcome_of(SmtpTransport(settings(port, security), tls=client_tls), message)
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 0)
    assert all(word in outcome.reply for word in words)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("noise", [b"220 what\r\n", b"\x00" * 100, b""], ids=["smtp", "zeros", "nothing"])
async def test_what_answers_a_handshake_with_something_else_is_told(smtp_server, message, client_tls, security, noise):
    async def other(reader, writer):
        if security == "starttls":
            writer.write(b"220 relay\r\n")
            for said in (b"250-relay\r\n250 STARTTLS\r\n", b"220 go\r\n"):
                await reader.readline()
                writer.write(said)
        await reader.read(10)
        writer.write(noise)
        await writer.drain()

    async with smtp_server(other) as port:
        outcome = await outcome_of(SmtpTransport(settings(port, security), tls=client_tls), message)
    assert (outcome.stage, outcome.code, bool(outcome.reply)) == (Stage.CONNECT, 0, True)


@pytest.mark.parametrize(("said", "code"), [(b"454 4.7.0 not now\r\n", 454), (b"554 5.7.0 never\r\n", 554), (b"", 0), (b"x" * 10**6, 0)])
async def test_starttls_refused_or_never_answered(smtp_server, message, client_tls, said, code):
    async def refuses(reader, writer):
        writer.write(b"220 relay\r\n")
        await reader.readline()
        writer.write(b"250-relay\r\n250 STARTTLS\r\n")
        await reader.readline()
        writer.write(said)
        await reader.read()

    async with smtp_server(refuses) as port:
        outcome = await outcome_of(SmtpTransport(settings(port, "starttls"), tls=client_tls), message)
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, code)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_a_place_that_takes_no_connection_is_given_up_in_time(message, language):
    with socket.socket() as full, socket.socket() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        place = full.getsockname()
        waiting.connect(place)
        with socket.socket() as also:
            also.setblocking(False)
            also.connect_ex(place)
            outcome = await outcome_of(SmtpTransport(settings(place[1], "none", host="127.0.0.1"), language=language), message)
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 0)
    assert ("n’a pas répondu en 0.4" if language == "fr" else "did not answer within 0.4") in outcome.reply


@pytest.mark.parametrize(
    "what", [b"", b"x" * 10**6, b"235-ok\r\n" * 10_000, b"421 4.3.2 bye\r\n"], ids=["silence", "line", "endless", "421"]
)
async def test_a_login_that_does_not_end_waits_and_blames_nobody(smtp_server, message, what):
    async def stalls(reader, writer):
        writer.write(b"220 relay\r\n")
        await reader.readline()
        writer.write(b"250-relay\r\n250 AUTH PLAIN\r\n")
        await reader.readline()
        writer.write(what)
        await reader.read()

    async with smtp_server(stalls) as port:
        ready = TransportSettings(kind="smtp", host="127.0.0.1", port=port, timeout_s=TIMEOUT_S, username="a", password="b")
        outcome = await outcome_of(SmtpTransport(ready), message)
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 421 if what.startswith(b"421") else 0)
