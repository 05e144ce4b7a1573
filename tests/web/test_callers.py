"""Who is believed to ask, and by which name: raw requests to a real server, since a browser or a client would tidy them up."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from composer.ledger import Ledger
from composer.web.callers import read_caller, read_forwarded, read_networks, read_node
from composer.web.guards import HeaderGuard, HostGuard
from composer.web.preview import PreviewServer, preview_app
from composer.web.readers import readers_app
from composer.workflow.listeners import page_config
from composer.workspace import Workspace

from .conftest import KEY, NOON, served

Ask = Callable[..., tuple[int, str]]
PROXIES = read_networks(["127.0.0.1", "10.0.0.0/8", "2001:db8:ffff::/48"])


def say(address: str, raw: bytes) -> tuple[int, str]:
    """The status and all words of the answer to these very bytes."""
    host, _, port = address.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(raw)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    answer = b"".join(parts).decode("utf-8", "replace")
    return int(answer.split(" ", 2)[1]), answer


def get(address: str, *headers: str, target: str = "/mentions-legales", version: str = "1.1", method: str = "GET") -> tuple[int, str]:
    lines = [f"{method} {target} HTTP/{version}", *headers, "Connection: close", "", ""]
    return say(address, "\r\n".join(lines).encode("utf-8"))


@pytest.fixture
def readers(workspace: Workspace, ledger: Ledger) -> Iterator[str]:
    site = replace(workspace.newsletter.site, hosts=("www.maree.example",))
    known = replace(workspace, newsletter=replace(workspace.newsletter, site=site))
    app = readers_app(known, ledger, clock=lambda: NOON)
    with served(app, uvicorn.Server(page_config(app, lifespan=False))) as address:
        yield address


@pytest.mark.parametrize(
    "host",
    [
        "maree.example",
        "MAREE.example",
        "maree.example.",
        "maree.example:443",
        "maree.example:8000",
        "www.maree.example",
        "localhost:1",
        "127.0.0.1",
        "[::1]",
    ],
)
def test_readers_pages_answer_to_their_names(readers: str, host: str) -> None:
    assert get(readers, f"Host: {host}")[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "maree.example.evil.example",
        "xmaree.example",
        "127.0.0.1.nip.io",
        "127.0.0.2",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0.0.0.0",
        "[::]",
        "[::2]",
        "localhost.evil.example",
        "sub.localhost",
    ],
)
def test_a_name_that_was_bent_here_gets_nothing_of_ours(readers: str, host: str) -> None:
    status, words = get(readers, f"Host: {host}")
    assert status == 421
    assert "Marée basse" not in words


@pytest.mark.parametrize(
    "headers",
    [
        (),
        ("Host: maree.example", "Host: maree.example"),
        ("Host: maree.example", "Host: evil.example"),
        ("Host: maree.example, evil.example",),
        ("Host: maree.example@evil.example",),
        ("Host: maree.example/",),
        ("Host:",),
        ("Host: [::1",),
        ("Host: maree.example:x",),
        ("Host: maree.example", "Content-Length: 0", "Transfer-Encoding: chunked"),
    ],
)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_request_that_names_no_host_or_two_is_malformed(readers: str, headers: tuple[str, ...], version: str) -> None:
    status, words = get(readers, *headers, version=version)
    assert status == 400
    assert "Marée basse" not in words


def test_a_target_in_absolute_form_names_the_host_whatever_host_says(readers: str) -> None:
    legal = "/mentions-legales"
    assert get(readers, "Host: evil.example", target=f"http://maree.example{legal}")[0] == 200
    assert get(readers, "Host: maree.example", target=f"http://evil.example{legal}")[0] == 421
    assert get(readers, "Host: maree.example", target=f"HTTPS://MAREE.example:443{legal}")[0] == 200
    assert get(readers, "Host: maree.example", target=f"http://user@maree.example{legal}")[0] == 400
    assert get(readers, "Host: maree.example", target="http://maree.example")[0] == 200


@pytest.mark.parametrize(
    ("method", "target"), [("OPTIONS", "*"), ("CONNECT", "maree.example:443"), ("GET", "mentions-legales"), ("GET", "ftp://maree.example/")]
)
def test_targets_of_other_kinds_are_malformed(readers: str, method: str, target: str) -> None:
    assert get(readers, "Host: maree.example", method=method, target=target)[0] == 400


def test_no_redirect_is_ever_written_with_a_name_that_was_asked(readers: str) -> None:
    for target in ("//evil.example/%2e%2e", "/static", "/mentions-legales/", "/u/x/", "//evil.example/static", "/\\evil.example"):
        status, words = get(readers, "Host: maree.example", target=target)
        assert status == 404, target
        assert "location:" not in words.lower()


def test_loopback_names_are_for_who_sits_at_this_machine_without_a_proxy_between(readers: str) -> None:
    for header in (
        "X-Forwarded-For: 203.0.113.9",
        "Forwarded: for=203.0.113.9",
        "X-Real-IP: 203.0.113.9",
        "Via: 1.1 somebody",
        "X-Forwarded-Host: localhost",
    ):
        assert get(readers, "Host: localhost", header)[0] == 421
        assert get(readers, "Host: maree.example", header)[0] == 200


def test_a_rehearsal_at_a_loopback_address_is_reached_through_what_stands_between(workspace: Workspace, ledger: Ledger) -> None:
    site = replace(workspace.newsletter.site, public_url="http://127.0.0.1:8000", rehearsal=True)
    app = readers_app(replace(workspace, newsletter=replace(workspace.newsletter, site=site)), ledger, clock=lambda: NOON)
    with served(app, uvicorn.Server(page_config(app, lifespan=False))) as address:
        assert get(address, "Host: 127.0.0.1:8000", "Via: 1.1 docker")[0] == 200
        assert get(address, "Host: localhost:8000", "Via: 1.1 docker")[0] == 421


DESK = ["/numeros", "/numeros/2026-11-26-phare", "/coller", "/direct", "/numeros/2026-11-26-phare/apercu", "/static/studio.css"]
TRICKS = [
    "{}",
    "/{}",
    "/.{}",
    "/u/..{}",
    "/u/%2e%2e{}",
    "{}/",
    "{}%00",
    "{};x",
    "/%2f{}",
    "http://127.0.0.1:{desk}{}",
    "http://localhost{}",
]


def test_nothing_of_the_desk_is_reachable_where_readers_are(workspace: Workspace, ledger: Ledger, readers: str) -> None:
    app = preview_app(workspace, ledger, key=KEY, language="fr", clock=lambda: NOON)
    with served(app, PreviewServer(app)) as desk:
        port = desk.rpartition(":")[2]
        for path in DESK[:-1]:
            for trick in TRICKS:
                target = f"{trick.format(path, desk=port)}?jeton={KEY}"
                for headers in (
                    ("Host: maree.example",),
                    (f"Host: 127.0.0.1:{port}",),
                    ("Host: maree.example", f"X-Forwarded-Host: 127.0.0.1:{port}", f"X-Original-URL: {path}", f"X-Rewrite-URL: {path}"),
                ):
                    status, words = get(readers, *headers, f"Cookie: jeton={KEY}", target=target)
                    assert status in {400, 404, 421}, (target, headers)
                    assert "phare" not in words.lower().replace(path, "")
                    assert "set-cookie" not in words.lower()


def test_the_desk_is_shut_without_its_key_by_whatever_name(workspace: Workspace, ledger: Ledger) -> None:
    app = preview_app(workspace, ledger, key=KEY, hosts=("redaction.example",), by_address=True, language="fr", clock=lambda: NOON)
    with served(app, PreviewServer(app)) as desk:
        assert get(desk, "Host: evil.example", target=f"/?jeton={KEY}")[0] == 421
        for host in ("127.0.0.1", "redaction.example"):
            for target in ("/", "/numeros", "/direct", "/?jeton=", "/?jeton=x", f"/?jeton=x&jeton={KEY}"):
                assert get(desk, f"Host: {host}", target=target)[0] == 403
            assert get(desk, f"Host: {host}", target=f"/?jeton={KEY}")[0] == 303


def test_the_desk_s_cookie_goes_by_https_alone_where_a_trusted_proxy_has_it(workspace: Workspace) -> None:
    trusting = replace(workspace.newsletter, site=replace(workspace.newsletter.site, trusted_proxies=("127.0.0.1",)))
    app = preview_app(replace(workspace, newsletter=trusting), key=KEY, hosts=("redaction.example",), clock=lambda: NOON)
    with served(app, PreviewServer(app)) as desk:
        behind = ("Host: redaction.example", "X-Forwarded-For: 203.0.113.9")
        assert "secure" in get(desk, *behind, "X-Forwarded-Proto: https", target=f"/?jeton={KEY}")[1].lower()
        assert "secure" not in get(desk, *behind, "X-Forwarded-Proto: http", target=f"/?jeton={KEY}")[1].lower()


# What proxies say ------------------------------------------------------------------------------------------------------------------


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    await JSONResponse([request.client.host if request.client else "", request.url.scheme])(scope, receive, send)


@pytest.fixture
def echoing() -> Iterator[str]:
    guarded = HostGuard(echo, names=("maree.example",), proxies=("127.0.0.1", "10.0.0.0/8"))
    app = HeaderGuard(guarded, policy="", referrer="", only_https=True)
    with served(app, uvicorn.Server(page_config(app, lifespan=False))) as address:
        yield address


def test_the_reader_s_address_comes_from_the_proxies_that_are_trusted(echoing: str) -> None:
    _, words = get(echoing, "Host: maree.example", "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.0.0.7", "X-Forwarded-Proto: https")
    assert '["203.0.113.9","https"]' in words
    assert "strict-transport-security: max-age=" in words


def test_over_http_nothing_is_said_of_https(echoing: str) -> None:
    assert "strict-transport-security" not in get(echoing, "Host: maree.example", "X-Forwarded-For: 203.0.113.9")[1]


def test_a_trusted_proxy_that_asks_by_its_own_name_says_which_one_its_reader_used(echoing: str) -> None:
    behind = "X-Forwarded-For: 203.0.113.9"
    assert get(echoing, "Host: 127.0.0.1:8000", behind, "X-Forwarded-Host: maree.example")[0] == 200
    assert get(echoing, "Host: 127.0.0.1:8000", behind, "X-Forwarded-Host: evil.example")[0] == 421
    assert get(echoing, "Host: 127.0.0.1:8000", behind, "X-Forwarded-Host: localhost")[0] == 421
    assert get(echoing, "Host: evil.example", behind, "X-Forwarded-Host: maree.example")[0] == 421
    assert get(echoing, "Host: 127.0.0.1:8000", behind)[0] == 421


def caller(peer: str, *headers: tuple[str, str]) -> tuple[str, bool, str | None]:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    found = read_caller({"type": "http", "client": (peer, 1), "scheme": "http", "headers": raw}, PROXIES)
    return found.address, found.secure, found.host


FOR, PROTO, STANDARD = "X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"


@pytest.mark.parametrize(
    ("peer", "headers", "address"),
    [
        ("203.0.113.1", [(FOR, "6.6.6.6")], "203.0.113.1"),
        ("203.0.113.1", [(STANDARD, "for=6.6.6.6")], "203.0.113.1"),
        ("127.0.0.1", [(FOR, "198.51.100.4")], "198.51.100.4"),
        ("::ffff:127.0.0.1", [(FOR, "198.51.100.4")], "198.51.100.4"),
        ("127.0.0.1", [(FOR, "6.6.6.6, 198.51.100.4")], "198.51.100.4"),
        ("127.0.0.1", [(FOR, "6.6.6.6"), (FOR, "198.51.100.4, 10.9.9.9")], "198.51.100.4"),
        ("127.0.0.1", [(FOR, "10.1.1.1, 10.2.2.2")], "10.1.1.1"),
        ("127.0.0.1", [(FOR, "198.51.100.4, nonsense, 10.2.2.2")], "10.2.2.2"),
        ("127.0.0.1", [(FOR, "unknown")], "127.0.0.1"),
        ("127.0.0.1", [(FOR, "")], "127.0.0.1"),
        ("127.0.0.1", [(FOR, "198.51.100.4:5678")], "198.51.100.4"),
        ("127.0.0.1", [(FOR, "[2a00::1]:80")], "2a00::1"),
        ("127.0.0.1", [(FOR, "2a00::1")], "2a00::1"),
        ("2001:db8:ffff::9", [(STANDARD, 'for="[2a00::1]:4711";proto=https')], "2a00::1"),
        ("127.0.0.1", [(STANDARD, 'for=6.6.6.6, for="198.51.100.4:99" ; proto=https;by=10.0.0.1')], "198.51.100.4"),
        ("127.0.0.1", [(STANDARD, 'For="_hidden", for=10.0.0.3')], "10.0.0.3"),
        ("127.0.0.1", [(STANDARD, 'for="198.51.100.4')], "127.0.0.1"),
        ("127.0.0.1", [(STANDARD, "for=6.6.6.6"), (FOR, "198.51.100.4")], "127.0.0.1"),
        ("127.0.0.1", [(STANDARD, "for=198.51.100.4"), (FOR, "198.51.100.4")], "198.51.100.4"),
        ("127.0.0.1", [("X-Real-IP", "6.6.6.6")], "127.0.0.1"),
    ],
)
def test_what_stands_left_of_the_last_trusted_proxy_is_nobody_s_word(peer: str, headers: list[tuple[str, str]], address: str) -> None:
    assert caller(peer, *headers)[0] == address


def test_the_scheme_is_the_one_said_beside_the_reader_s_address() -> None:
    assert caller("127.0.0.1", (FOR, "198.51.100.4"), (PROTO, "https"))[1]
    assert not caller("127.0.0.1", (FOR, "198.51.100.4"), (PROTO, "http"))[1]
    assert caller("127.0.0.1", (FOR, "198.51.100.4, 10.0.0.2"), (PROTO, "https, http"))[1]
    assert not caller("127.0.0.1", (FOR, "6.6.6.6, 198.51.100.4"), (PROTO, "https, http"))[1]
    assert not caller("203.0.113.1", (FOR, "198.51.100.4"), (PROTO, "https"))[1]
    assert caller("127.0.0.1", (PROTO, "https"))[1]


ADDRESSES = st.ip_addresses().map(str)


@given(st.lists(ADDRESSES, max_size=4), st.sampled_from(["127.0.0.1", "10.3.3.3"]))
def test_nothing_that_a_reader_writes_in_front_changes_the_reader_s_address(spoofed: list[str], proxy: str) -> None:
    for name, hop in ((FOR, str), (STANDARD, lambda one: f'for="{f"[{one}]" if ":" in one else one}"')):
        line = ", ".join(map(hop, [*spoofed, "203.0.113.9", proxy]))
        assert caller("127.0.0.1", (name, line))[0] == "203.0.113.9"


@given(st.text(max_size=80), st.text(max_size=80))
def test_headers_of_any_kind_do_no_harm(one: str, other: str) -> None:
    read_forwarded(one)
    assert read_node(one) == "" or any(char in one for char in ".:")
    raw = [(b"forwarded", one.encode("utf-8")), (b"x-forwarded-for", other.encode("utf-8"))]
    read_caller({"type": "http", "client": ("127.0.0.1", 1), "scheme": "http", "headers": raw}, PROXIES)


def test_without_a_peer_nobody_is_believed() -> None:
    found = read_caller({"type": "http", "client": None, "scheme": "http", "headers": [(b"x-forwarded-for", b"6.6.6.6")]}, PROXIES)
    assert found.address == ""
