"""What the mail server does with us is seen and named, by real servers with real certificates; nothing is ever sent."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from composer.check.doctor.relay import judge_relay
from composer.model.newsletter import TransportSettings
from composer.transports.probe import look_at_relay

PASSWORD = "sésame-très-secret"


class Box:
    """Takes everything down."""

    def __init__(self, refuse_sender=False):
        self.refuse_sender = refuse_sender
        self.messages = []

    async def handle_MAIL(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if self.refuse_sender:
            return "553 5.7.1 \x1b[31mnot your address"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.messages.append(envelope)
        return "250 OK"


def check_password(server, session, envelope, mechanism, data):
    return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


def tls_of(authority, name="localhost", **dates):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **dates).configure_cert(context)
    return context


@pytest.fixture
def trusting(authority):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def relay(free_port):
    """Starts servers; gives how to reach them."""
    running = []

    def start(handler=None, *, security="starttls", username="", password="", **options):
        controller = Controller(handler or Box(), hostname="localhost", port=free_port, **options)
        controller.start()
        running.append(controller)
        return TransportSettings(
            kind="smtp", host="localhost", port=free_port, security=security, username=username, password=password, timeout_s=3
        )

    yield start
    for controller in running:
        controller.stop()


def codes(settings, trusting=None, sender="lettre@exemple.fr"):
    return {one.code for one in judge_relay(settings, look_at_relay(settings, sender=sender, tls=trusting))}


def test_a_server_that_does_everything_right_passes(relay, authority, trusting):
    box = Box()
    settings = relay(
        box,
        tls_context=tls_of(authority),
        username="lettre",
        password=PASSWORD,
        authenticator=check_password,
        auth_required=True,
    )
    (one, *more) = judge_relay(settings, look_at_relay(settings, sender="lettre@exemple.fr", tls=trusting))
    assert {one.code, *(other.code for other in more)} <= {"relay-ok", "relay-slow"}
    assert box.messages == []


def test_a_wrong_password_is_named_and_not_shown(relay, authority, trusting):
    settings = relay(tls_context=tls_of(authority), username="lettre", password="faux-mot-de-passe", authenticator=check_password)
    (one,) = judge_relay(settings, look_at_relay(settings, tls=trusting))
    assert one.code == "relay-auth-refused"
    assert "faux-mot" not in str(one)


def test_a_server_without_login_is_named(relay, authority, trusting):
    settings = relay(tls_context=tls_of(authority), username="lettre", password=PASSWORD, auth_exclude_mechanism=["PLAIN", "LOGIN"])
    assert codes(settings, trusting) == {"relay-auth-missing"}


def test_a_server_without_starttls_is_named(relay):
    assert codes(relay()) == {"relay-no-starttls"}


def now():
    return datetime.now(UTC)


@pytest.mark.parametrize(
    ("code", "name", "dates"),
    [
        ("relay-certificate-expired", "localhost", {"not_before": now() - timedelta(days=9), "not_after": now() - timedelta(days=1)}),
        ("relay-certificate-name", "other.example", {}),
        ("relay-certificate-soon", "localhost", {"not_after": now() + timedelta(days=5)}),
    ],
)
def test_what_is_wrong_with_a_certificate_is_named(relay, authority, trusting, code, name, dates):
    assert code in codes(relay(tls_context=tls_of(authority, name, **dates)), trusting)


def test_a_certificate_that_nobody_knows_is_named(relay, authority):
    settings = relay(tls_context=tls_of(authority))
    (one,) = judge_relay(settings, look_at_relay(settings))
    assert one.code == "relay-certificate-unknown"
    assert one.command.startswith("openssl s_client -starttls smtp")


def test_the_wrong_kind_of_encryption_is_named(relay, authority, trusting):
    assert codes(relay(tls_context=tls_of(authority), security="tls"), trusting) == {"relay-tls"}


def test_a_sender_that_is_refused_is_named(relay, authority, trusting):
    settings = relay(Box(refuse_sender=True), tls_context=tls_of(authority))
    (one, *_) = judge_relay(settings, look_at_relay(settings, sender="lettre@exemple.fr", tls=trusting))
    assert one.code == "relay-sender-refused"
    assert "\x1b" not in one.saw.fr


def test_a_small_limit_is_named(relay, authority, trusting):
    assert "relay-size" in codes(relay(tls_context=tls_of(authority), data_size_limit=50_000), trusting)


def test_a_password_in_the_clear_is_not_sent():
    settings = TransportSettings(kind="smtp", host="192.0.2.1", port=25, username="a", password=PASSWORD, timeout_s=1)
    assert codes(settings) == {"relay-clear-password"}


def test_nobody_there_is_named(free_port):
    settings = TransportSettings(kind="smtp", host="127.0.0.1", port=free_port, timeout_s=2)
    assert codes(settings) == {"relay-unreachable"}


@pytest.fixture
def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def talking(words: bytes, *, hold_s: float = 0.0):
    """A server that says ``words`` to one connection; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with listener, listener.accept()[0] as connection:
            connection.sendall(words)
            connection.settimeout(hold_s or 0.2)
            try:
                while connection.recv(1000):
                    pass
            except OSError:
                pass

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (b"554 5.7.1 \x1b]0;no\x07 go away\r\n", "relay-refuses"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "relay-not-smtp"),
        (b"220 " + b"x" * 100_000, "relay-not-smtp"),
        (b"", "relay-silent"),
    ],
)
def test_a_greeting_that_is_none_is_named(words, code):
    settings = TransportSettings(kind="smtp", host="127.0.0.1", port=talking(words, hold_s=3), timeout_s=1)
    (one,) = judge_relay(settings, look_at_relay(settings))
    assert one.code == code
    assert "\x1b" not in one.saw.fr
    assert "\\xa0" not in one.saw.fr
    assert one.saw.fr.count("127.0.0.1:") == 1


def test_a_silent_server_costs_ten_seconds_at_most(monkeypatch):
    monkeypatch.setattr("composer.transports.probe.WHOLE_TIME_S", 0.5)
    settings = TransportSettings(kind="smtp", host="127.0.0.1", port=talking(b"", hold_s=5), timeout_s=60)
    started = time.monotonic()
    assert codes(settings) == {"relay-silent"}
    assert time.monotonic() - started < 3


def test_a_look_can_be_taken_from_any_thread(relay, authority, trusting):
    settings = relay(tls_context=tls_of(authority))

    async def inside():
        return await asyncio.to_thread(codes, settings, trusting)

    assert asyncio.run(inside()) <= {"relay-ok", "relay-slow"}
