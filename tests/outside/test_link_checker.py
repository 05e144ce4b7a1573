from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from composer.outside.links import check_addresses


class Pages(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        self.server.seen.append((self.command, self.path))
        name = self.path.partition("?")[0].strip("/")
        if name == "no-head":
            status = 200 if self.command == "GET" else 405
        elif name in {"moved", "round"}:
            status = 302
        else:
            status = int(name)
        self.send_response(status)
        if name == "moved":
            self.send_header("Location", "/404")
        if name == "round":
            self.send_header("Location", "/round")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as pages:
        pages.seen = []
        thread = threading.Thread(target=pages.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield pages
        finally:
            pages.shutdown()
            thread.join()


def url_of(server, path):
    return f"http://127.0.0.1:{server.server_port}/{path}"


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("200", "alive"),
        ("404", "dead"),
        ("410", "dead"),
        ("403", "alive"),
        ("500", "unreachable"),
        ("no-head", "alive"),
        ("moved", "dead"),
        ("round", "unreachable"),
        ("200?é=à b", "alive"),
    ],
)
def test_a_link_is_what_its_server_says(server, path, state):
    answers = check_addresses([url_of(server, path)], allow_private=True)
    assert answers[url_of(server, path)].state == state


def test_private_addresses_are_nobodys_business(server):
    answers = check_addresses([url_of(server, "404")])
    assert answers[url_of(server, "404")].state == "unchecked"
    assert server.seen == []


def test_a_blocked_network_kills_no_link():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/x"
        assert check_addresses([url], allow_private=True)[url].state == "unchecked"


def test_a_silent_host_beside_a_living_one_is_told(server):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        silent = f"http://127.0.0.1:{closed.getsockname()[1]}/x"
        answers = check_addresses([silent, url_of(server, "200")], allow_private=True)
    assert (answers[silent].state, answers[url_of(server, "200")].state) == ("unreachable", "alive")


def test_a_page_of_this_machine_does_not_speak_for_the_network(server):
    public = "https://exemple.invalid/x"  # RFC 6761: resolves nowhere
    answers = check_addresses([public, url_of(server, "200")], allow_private=True)
    assert (answers[public].state, answers[url_of(server, "200")].state) == ("unchecked", "alive")


def test_only_web_addresses_are_asked():
    assert check_addresses(["mailto:a@b.fr", "javascript:x", "", "tel:+33"]) == {}


@pytest.mark.parametrize("url", ["http://[::1", "http://host:99999/", "http:///x", "https://" + "a" * 70 + ".fr/"])
def test_malformed_addresses_do_no_harm(url):
    assert check_addresses([url], allow_private=True)[url].state == "unchecked"
