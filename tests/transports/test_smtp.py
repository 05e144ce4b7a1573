from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from composer.model.mailing import Stage
from composer.model.newsletter import TransportSettings
from composer.transports import SmtpTransport


class Inbox:
    def __init__(self) -> None:
        self.received: list[tuple[str, list[str], bytes, list[str]]] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002, N802 - aiosmtpd's door
        self.received.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content, envelope.mail_options))
        return "250 2.0.0 kept"


def settings(port: int, **more) -> TransportSettings:
    return TransportSettings(**{"kind": "smtp", "host": "localhost", "port": port, "timeout_s": 5.0, "connections": 2, **more})


@pytest.fixture
def inbox():
    return Inbox()


@contextlib.contextmanager
def running(inbox, **options):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="localhost", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


async def submit(transport: SmtpTransport, *messages):
    try:
        return [await transport.submit(message) for message in messages]
    finally:
        await transport.aclose()


async def test_a_message_arrives_byte_for_byte_with_its_dots(inbox, message):
    with running(inbox) as port:
        outcomes = await submit(SmtpTransport(settings(port)), message)
    assert [(outcome.stage, outcome.code, outcome.enhanced) for outcome in outcomes] == [(Stage.DONE, 250, "2.0.0")]
    assert inbox.received[0][:3] == ("a@exemple.fr", ["b@exemple.org"], message.content)


async def test_bare_line_ends_and_a_missing_last_one_are_mended(inbox, message):
    with running(inbox) as port:
        await submit(SmtpTransport(settings(port)), replace(message, parts=(b"Subject: x\n\na\rb\r\n.\nc",)))
    assert inbox.received[0][2] == b"Subject: x\r\n\r\na\r\nb\r\n.\r\nc\r\n"


async def test_many_at_once_share_the_connections(inbox, message):
    with running(inbox) as port:
        transport = SmtpTransport(settings(port))
        outcomes = await asyncio.gather(*(transport.submit(replace(message, delivery_id=n)) for n in range(40)))
        await transport.aclose()
    assert {outcome.stage for outcome in outcomes} == {Stage.DONE}
    assert len(inbox.received) == 40


async def test_starttls_and_login_with_a_checked_certificate(inbox, message, server_tls, client_tls):
    seen = []

    def authenticator(server, session, envelope, mechanism, data):
        seen.append((mechanism, data.login, data.password))
        return AuthResult(success=data.password == "sésame".encode(), handled=False)

    options = {"tls_context": server_tls, "require_starttls": True, "authenticator": authenticator, "auth_required": True}
    with running(inbox, **options) as port:
        good = settings(port, security="starttls", username="zoé", password="sésame")
        assert (await submit(SmtpTransport(good, tls=client_tls), message))[0].stage is Stage.DONE
        login_only = settings(port, security="starttls", username="zoé", password="non")
        refused = (await submit(SmtpTransport(login_only, tls=client_tls), message))[0]
    assert (refused.stage, refused.code) == (Stage.CONNECT, 535)
    assert len(inbox.received) == 1
    assert seen[0] == ("PLAIN", "zoé".encode(), "sésame".encode())


async def test_a_server_with_auth_login_only_is_served_too(inbox, message, server_tls, client_tls):
    seen = []

    def authenticator(server, session, envelope, mechanism, data):
        seen.append(mechanism)
        return AuthResult(success=True)

    options = {"tls_context": server_tls, "authenticator": authenticator, "auth_required": True, "auth_exclude_mechanism": ["PLAIN"]}
    with running(inbox, **options) as port:
        ready = settings(port, security="starttls", username="zoe", password="x")
        assert (await submit(SmtpTransport(ready, tls=client_tls), message))[0].stage is Stage.DONE
    assert seen == ["LOGIN"]


async def test_tls_from_the_first_byte(message, server_tls, client_tls):
    server = await asyncio.start_server(polite, "localhost", 0, ssl=server_tls)
    async with server:
        port = server.sockets[0].getsockname()[1]
        outcome = (await submit(SmtpTransport(settings(port, security="tls"), tls=client_tls), message))[0]
    assert outcome.stage is Stage.DONE


async def polite(reader, writer, *, replies=None, offers=("8BITMIME",)):
    """Speaks SMTP; ``replies`` maps a verb (or "." or "greeting") to what is said instead, None hangs up."""
    replies = replies or {}
    usual = {
        "greeting": "220 sink",
        "EHLO": "\r\n".join([f"250-{word}" for word in ("sink", *offers)] + ["250 HELP"]),
        "DATA": "354 go",
        "QUIT": "221 bye",
    }

    async def say(verb: str) -> str | None:
        answer = replies.get(verb, usual.get(verb, "250 2.1.0 ok"))
        if answer == "silence":
            await reader.read()
        elif answer is not None:
            writer.write(answer.encode() + b"\r\n")
        return answer

    answer = await say("greeting")
    while answer is not None and (line := await reader.readline()):
        verb = line.split()[0].upper().decode()
        answer = await say(verb)
        if verb == "DATA" and answer and answer.startswith("354"):
            while await reader.readline() not in {b".\r\n", b""}:
                pass
            answer = await say(".")


async def outcome_of(smtp_server, message, *, offers=("8BITMIME",), timeout_s=0.4, **replies):
    named = {"dot" if verb == "." else verb: answer for verb, answer in replies.items()}
    script_replies = {("." if verb == "dot" else verb if verb == "greeting" else verb.upper()): a for verb, a in named.items()}
    async with smtp_server(lambda r, w: polite(r, w, replies=script_replies, offers=offers)) as port:
        return (await submit(SmtpTransport(settings(port, host="127.0.0.1", timeout_s=timeout_s)), message))[0]


@pytest.mark.parametrize("offers", [("8BITMIME",), ("PIPELINING", "SIZE 0")], ids=["lockstep", "pipelined"])
@pytest.mark.parametrize(
    ("step", "answer", "stage", "code"),
    [
        ("greeting", "421 4.3.2 later", Stage.CONNECT, 421),
        ("greeting", "554 5.7.1 never", Stage.CONNECT, 554),
        ("greeting", None, Stage.CONNECT, 0),
        ("greeting", "silence", Stage.CONNECT, 0),
        ("ehlo", None, Stage.CONNECT, 0),
        ("mail", "451 4.3.0 wait", Stage.MAIL, 451),
        ("mail", "550 5.7.1 no", Stage.MAIL, 550),
        ("mail", None, Stage.MAIL, 0),
        ("rcpt", "450 4.2.0 grey", Stage.RCPT, 450),
        ("rcpt", "550 5.1.1 unknown", Stage.RCPT, 550),
        ("rcpt", "421 4.4.2 bye", Stage.RCPT, 421),
        ("rcpt", None, Stage.RCPT, 0),
        ("rcpt", "silence", Stage.RCPT, 0),
        ("data", "451 4.3.0 wait", Stage.DATA, 451),
        ("data", None, Stage.DATA, 0),
        ("dot", "452 4.3.1 full", Stage.DOT, 452),
        ("dot", "554 5.6.0 spam", Stage.DOT, 554),
        ("dot", None, Stage.AFTER_DOT, 0),
        ("dot", "silence", Stage.AFTER_DOT, 0),
    ],
)
async def test_an_outcome_says_how_far_the_message_came(smtp_server, message, offers, step, answer, stage, code):
    outcome = await outcome_of(smtp_server, message, offers=offers, **{step: answer})
    assert (outcome.stage, outcome.code) == (stage, code)
    assert outcome.reply


@pytest.mark.parametrize(
    "noise",
    [b"220-" + b"x" * 100_000, b"220-a\r\n" * 5_000, b"HTTP/1.1 200 OK\r\n\r\n", b"\x00\xff\r\n", b"220-a\r\n250 b\r\n", b"199 no\r\n"],
    ids=["endless line", "endless reply", "another protocol", "binary", "two codes", "no such code"],
)
async def test_what_is_not_smtp_costs_one_connection_and_no_memory(smtp_server, message, noise):
    async def script(reader, writer):
        writer.write(noise)
        await reader.read(10)

    async with smtp_server(script) as port:
        outcome = (await submit(SmtpTransport(settings(port, host="127.0.0.1", timeout_s=1.0)), message))[0]
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 0)


async def test_a_reply_is_kept_without_controls_and_cut(smtp_server, message):
    outcome = await outcome_of(smtp_server, message, rcpt="550-5.1.1 \x1b[31mno\x00\r\n550 5.1.1 " + "é" * 900)
    assert outcome.enhanced == "5.1.1"
    assert outcome.reply.isprintable()
    assert len(outcome.reply) == 500


async def test_encryption_that_was_asked_for_is_never_given_up(smtp_server, message, client_tls):
    async with smtp_server(polite) as port:
        ready = settings(port, host="127.0.0.1", security="starttls", username="a", password="b")
        outcome = (await submit(SmtpTransport(ready, tls=client_tls), message))[0]
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 530)


async def test_a_certificate_of_a_stranger_is_refused(inbox, message, server_tls):
    with running(inbox, tls_context=server_tls) as port:
        outcome = (await submit(SmtpTransport(settings(port, security="starttls")), message))[0]
    assert (outcome.stage, inbox.received) == (Stage.CONNECT, [])


async def test_words_before_tls_are_not_taken_for_words_inside_it(smtp_server, message, client_tls):
    async def script(reader, writer):
        await polite(reader, writer, replies={"STARTTLS": "220 go\r\n250 injected"}, offers=("STARTTLS",))

    async with smtp_server(script) as port:
        outcome = (await submit(SmtpTransport(settings(port, host="127.0.0.1", security="starttls"), tls=client_tls), message))[0]
    assert outcome.stage is Stage.CONNECT
    assert "TLS" in outcome.reply


async def test_no_password_travels_in_the_clear(message):
    far = settings(25, host="mail.invalid", username="a", password="b")
    outcome = (await submit(SmtpTransport(far), message))[0]
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 538)


async def test_nobody_at_the_port_is_told_with_the_address(message):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    outcome = (await submit(SmtpTransport(settings(port, host="127.0.0.1")), message))[0]
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 0)
    assert f"127.0.0.1:{port}" in outcome.reply


@pytest.mark.parametrize(("host", "port"), [("a..b", 25), ("x" * 300, 25), ("127.0.0.1", 99999), ("", 25), ("nowhere.invalid", 25)])
async def test_a_host_or_port_that_cannot_be_is_told_not_thrown(message, host, port):
    outcome = (await submit(SmtpTransport(settings(port, host=host)), message))[0]
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 0)
    assert outcome.reply


async def test_a_connection_that_died_while_idle_does_not_count_against_the_next_message(smtp_server, message):
    count = 0

    async def first_ends_early(reader, writer):
        nonlocal count
        count += 1
        if count > 1:
            return await polite(reader, writer)
        lines = 0
        writer.write(b"220 a\r\n")
        while line := await reader.readline():
            verb = line.split()[0].upper()
            lines += 1
            if verb == b"DATA":
                writer.write(b"354 go\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 ok\r\n")
            elif verb == b"MAIL" and lines > 4:
                return None
            else:
                writer.write(b"250 ok\r\n")
        return None

    async with smtp_server(first_ends_early) as port:
        outcomes = await submit(SmtpTransport(settings(port, host="127.0.0.1")), message, message)
    assert [outcome.stage for outcome in outcomes] == [Stage.DONE, Stage.DONE]
    assert count == 2


async def test_after_a_refused_reader_the_connection_serves_the_next(smtp_server, message):
    async with smtp_server(lambda r, w: polite(r, w, replies={"RCPT": "550 5.1.1 no"}, offers=("PIPELINING",))) as port:
        outcomes = await submit(SmtpTransport(settings(port, host="127.0.0.1")), message, message)
    assert [(outcome.stage, outcome.code) for outcome in outcomes] == [(Stage.RCPT, 550)] * 2


async def test_breaking_off_ends_every_attempt_and_says_where_it_was(smtp_server, message):
    arrived = asyncio.Event()

    async def script(reader, writer):
        await polite_until_dot(reader, writer, arrived)

    async with smtp_server(script) as port:
        transport = SmtpTransport(settings(port, host="127.0.0.1", timeout_s=30.0))
        attempt = asyncio.ensure_future(transport.submit(message))
        await arrived.wait()
        await transport.abort()
        outcome = await asyncio.wait_for(attempt, 2)
    assert outcome.stage is Stage.AFTER_DOT
    assert (await transport.submit(message)).stage is Stage.CONNECT


async def polite_until_dot(reader, writer, arrived):
    writer.write(b"220 a\r\n")
    while line := await reader.readline():
        if line.startswith(b"DATA"):
            writer.write(b"354 go\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            arrived.set()
            await reader.read(1)
            return
        writer.write(b"250 ok\r\n")


@pytest.mark.parametrize("address", ["", "b", "b@c>\r\nRCPT TO:<d@e", "b c@d.fr"])
async def test_an_address_that_would_break_the_protocol_never_reaches_the_wire(smtp_server, message, address):
    async with smtp_server(polite) as port:
        transport = SmtpTransport(settings(port, host="127.0.0.1"))
        outcomes = await submit(transport, replace(message, envelope_to=address), message)
    assert [(outcome.stage, outcome.code) for outcome in outcomes] == [(Stage.RCPT, 501), (Stage.DONE, 250)]


async def test_a_message_beyond_the_servers_size_is_the_mailings_matter(smtp_server, message):
    outcome = await outcome_of(smtp_server, message, offers=("SIZE 10",))
    assert (outcome.stage, outcome.code) == (Stage.MAIL, 552)


@pytest.mark.parametrize("size", ["²", "9" * 1000, "-1", "10 20"])
async def test_a_size_that_is_no_number_of_bytes_is_none(smtp_server, message, size):
    outcome = await outcome_of(smtp_server, message, offers=(f"SIZE {size}",))
    assert outcome.stage is Stage.DONE


@pytest.mark.parametrize("offer", ["AUTH PLAIN", "AUTH LOGIN"])
@pytest.mark.parametrize("told", ["{line}", "what is {password}?", "{b64}"])
async def test_a_server_that_says_the_password_again_is_not_quoted(message, offer, told):
    password = "très secret"
    b64 = base64.b64encode(password.encode()).decode()
    ended = asyncio.Event()

    async def talk(reader, writer):
        writer.write(b"220 echo\r\n")
        asked = 0
        while line := (await reader.readline()).decode().strip():
            asked += 1
            if line.startswith("EHLO"):
                writer.write(f"250-echo\r\n250 {offer}\r\n".encode())
            elif offer == "AUTH LOGIN" and asked < 4:
                writer.write(b"334 go on\r\n")
            else:
                writer.write(f"535 5.7.8 no: {told.format(line=line, password=password, b64=b64)}\r\n".encode())
        writer.close()
        ended.set()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        where = settings(server.sockets[0].getsockname()[1], host="127.0.0.1", username="moi", password=password, security="none")
        [outcome] = await submit(SmtpTransport(where), message)
        await ended.wait()
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 535)
    assert "…" in outcome.reply
    for secret in (password, b64, base64.b64encode(f"\0moi\0{password}".encode()).decode()):
        assert secret not in outcome.reply


@pytest.mark.parametrize(("language", "said"), [("fr", "n’est pas une adresse"), ("en", "is not an address")])
async def test_what_no_server_said_is_told_in_the_desk_s_language(message, language, said):
    [outcome] = await submit(SmtpTransport(settings(25, host="un hôte" * 40), language=language), message)
    assert outcome.stage is Stage.CONNECT
    assert said in outcome.reply
