"""What stands at the public address, as mail programs find it: real servers, real certificates, on this machine."""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from composer.outside import fetching
from composer.outside.fetching import NoAnswer, addresses_of, fetch
from composer.outside.pages import OwnPages, ask_own_pages

NONCE = "0" * 32
JPEG = b"\xff\xd8 a picture"
PICTURE = hashlib.sha256(JPEG).hexdigest() + ".jpg"
PROOF = "hebdo-1 aaaa bbbb"
OURS = {
    f"GET /hebdo/{NONCE}": (200, PROOF.encode(), {}),
    f"GET /i/{PICTURE}": (200, JPEG, {}),
    "POST /u/epreuve": (200, b"", {}),
}


class Pages(BaseHTTPRequestHandler):
    def answer(self):
        length = int(self.headers.get("Content-Length", 0))
        self.server.seen.append((self.command, self.path, self.rfile.read(length)))
        status, body, headers = self.server.pages.get(f"{self.command} {self.path}", self.server.otherwise)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer  # noqa: N815 - the server's names

    def log_message(self, *words):
        pass


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A client that does not like the certificate hangs up."""


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def start(authority, monkeypatch, tmp_path):
    """Serves pages; gives the address. ``certificate`` None: plain http."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setattr(fetching, "TIMEOUT_S", 1.0)
    started = []

    def run(pages=OURS, *, otherwise=(404, b"", {}), certificate=None):
        server = QuietServer(("127.0.0.1", 0), Pages)
        server.pages, server.otherwise, server.seen = pages, otherwise, []
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        started.append((server, thread))
        server.url = f"{'http' if certificate is None else 'https'}://localhost:{server.server_address[1]}"
        return server

    yield run
    for server, thread in started:
        server.shutdown()
        thread.join()
        server.server_close()


def own(url, **changes):
    return OwnPages(**{"public_url": url, "nonce": NONCE, "greeting": "hebdo-1 aaaa", "proof": PROOF, "picture": PICTURE, **changes})


def seen(url, **changes):
    return ask_own_pages(own(url, **changes), allow_private=True)


def with_page(key, answer):
    return {**OURS, key: answer}


def test_our_own_pages_are_known_by_what_only_they_can_say(start, authority):
    server = start(certificate=authority.issue_cert("localhost"))
    found = seen(server.url)
    assert (found.seen, found.picture, found.is_dead) == ("alive", True, False)
    assert [one[:2] for one in server.seen] == [("GET", f"/hebdo/{NONCE}"), ("GET", f"/i/{PICTURE}"), ("POST", "/u/epreuve")]
    assert server.seen[-1][2] == b"List-Unsubscribe=One-Click"


def test_a_copy_without_a_key_takes_any_hebdo_of_its_newsletter_for_its_own(start):
    assert seen(start().url, proof="").seen == "alive"
    assert seen(start().url, proof="", greeting="hebdo-1 cccc").seen == "other-hebdo"


IDENTITY = f"GET /hebdo/{NONCE}"


@pytest.mark.parametrize(
    ("pages", "otherwise", "wanted", "detail"),
    [
        ({}, (200, b"<h1>This domain is for sale</h1>", {}), "other-site", "200"),
        ({}, (404, b"", {}), "other-site", "404"),
        ({}, (403, b"checking your browser", {}), "other-site", "403"),
        ({}, (502, b"Bad Gateway", {}), "status", "502"),
        ({}, (421, b"Misdirected Request\n", {}), "wrong-host", ""),
        (with_page(IDENTITY, (200, b"hebdo-1 aaaa cccc", {})), (404, b"", {}), "other-hebdo", ""),
        (with_page(IDENTITY, (200, PROOF.encode() + b" and more", {})), (404, b"", {}), "other-hebdo", ""),
        (with_page(IDENTITY, (301, b"", {"Location": "/ailleurs"})), (404, b"", {}), "moved", "/ailleurs"),
        (with_page(f"GET /i/{PICTURE}", (404, b"", {})), (404, b"", {}), "picture", "404"),
        (with_page(f"GET /i/{PICTURE}", (200, b"<html>", {})), (404, b"", {}), "picture", "200"),
        (with_page(f"GET /i/{PICTURE}", (302, b"", {"Location": "/x"})), (404, b"", {}), "moved", "/x"),
        (with_page("POST /u/epreuve", (405, b"", {})), (404, b"", {}), "one-click", "405"),
        (with_page("POST /u/epreuve", (302, b"", {"Location": "/"})), (404, b"", {}), "one-click", "302"),
    ],
)
def test_what_is_not_ours_or_not_whole_is_named(start, pages, otherwise, wanted, detail):
    found = seen(start(pages, otherwise=otherwise).url)
    assert found.seen == wanted
    assert found.is_dead
    assert found.detail.endswith(detail)


def test_a_redirect_to_http_is_named(start, authority):
    pages = with_page(IDENTITY, (301, b"", {"Location": "http://localhost/x"}))
    assert seen(start(pages, certificate=authority.issue_cert("localhost")).url).seen == "to-http"


@pytest.mark.parametrize("wanted", ["expired", "other-name", "untrusted"])
def test_a_certificate_that_no_reader_would_take_is_named(start, authority, wanted):
    past = datetime.now(UTC) - timedelta(days=2)
    certificate = {
        "expired": lambda: authority.issue_cert("localhost", not_before=past - timedelta(days=90), not_after=past),
        "other-name": lambda: authority.issue_cert("autre.exemple.fr"),
        "untrusted": lambda: trustme.CA().issue_cert("localhost"),
    }[wanted]()
    server = start(certificate=certificate)
    assert seen(server.url).seen == wanted
    assert server.seen == []


def test_a_closed_port_and_a_silent_one_are_told_apart(start):
    start()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert seen(f"http://127.0.0.1:{closed.getsockname()[1]}").seen == "refused"
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert seen(f"http://127.0.0.1:{silent.getsockname()[1]}").seen == "late"


def test_a_server_that_answers_drop_by_drop_is_not_waited_for(start, monkeypatch):
    monkeypatch.setattr(fetching, "WHOLE_TIME_S", 0.5)
    start()
    ended = threading.Event()
    with socket.socket() as slow:
        slow.bind(("127.0.0.1", 0))
        slow.listen()

        def drip() -> None:
            connection, _ = slow.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not ended.wait(0.1):
                    try:
                        connection.sendall(b"X-Drop: 1\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            found = seen(f"http://127.0.0.1:{slow.getsockname()[1]}")
        finally:
            ended.set()
            thread.join()
    assert found.seen == "late"


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "http://localhost:{port}", "http://[::ffff:127.0.0.1]:{port}"])
def test_outside_of_a_rehearsal_this_machine_is_nobody_s_public_address(start, url):
    server = start()
    found = ask_own_pages(own(url.format(port=server.server_address[1])))
    assert (found.seen, server.seen) == ("private", [])


def test_a_redirect_leads_the_desk_nowhere(start):
    inside = start()
    outside = start(with_page(IDENTITY, (302, b"", {"Location": f"{inside.url}/hebdo/{NONCE}"})))
    assert seen(outside.url).seen == "moved"
    assert inside.seen == []


def test_a_name_that_no_server_knows_is_told_only_where_there_are_servers():
    # RFC 6761: .invalid resolves nowhere. Without a network nothing is said of it.
    assert ask_own_pages(own("https://lettre.invalid")).seen in {"no-name", "unasked"}


def test_an_address_that_cannot_be_read_is_no_answer():
    for url in ("http://[::1", "http://host:99999/", "http:///x", "https://" + "a" * 70 + ".fr/"):
        with pytest.raises(NoAnswer):
            fetch(url, allow_private=True)


def test_addresses_are_judged_one_by_one():
    with pytest.raises(NoAnswer) as refused:
        addresses_of("localhost")
    assert refused.value.why == "private"
    assert {address for _, address in addresses_of("localhost", allow_private=True)} <= {"127.0.0.1", "::1"}
    assert [address for _, address in addresses_of("8.8.8.8")] == ["8.8.8.8"]
