"""How the public pages are reached is seen: certificate, HSTS, addresses that do not answer, plain http."""

from __future__ import annotations

import http.server
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from composer.check.doctor.pages import judge_pages
from composer.check.doctor.sight import Certificate, PagesSight
from composer.check.measures import SiteMeasure
from composer.model.newsletter import Site
from composer.outside.page_probe import look_at_pages

SITE = Site(public_url="https://lettre.exemple.fr")
ALIVE = SiteMeasure(seen="alive", url=SITE.public_url)


def codes(sight=PagesSight(), measure=ALIVE, site=SITE):  # noqa: B008 - a frozen value
    return {one.code for one in judge_pages(site, "lettre.exemple.fr", measure, sight)}


@pytest.mark.parametrize(
    ("expected", "sight"),
    [
        (set(), PagesSight(certificate=Certificate(days_left=60), hsts=True, from_http="https")),
        ({"pages-certificate-soon"}, PagesSight(certificate=Certificate(days_left=13))),
        ({"pages-hsts"}, PagesSight(hsts=False)),
        ({"pages-http"}, PagesSight(from_http="elsewhere")),
        (set(), PagesSight(from_http="closed")),
        ({"pages-address-dead"}, PagesSight(dead=("2001:db8::1",))),
    ],
)
def test_what_stands_around_the_pages_is_named(expected, sight):
    assert codes(sight) == {"pages-ok", *expected}


def test_a_dead_address_comes_with_the_line_to_take_out():
    (_, one) = judge_pages(SITE, "lettre.exemple.fr", ALIVE, PagesSight(dead=("2001:db8::1",)))
    assert [record.line for record in one.removes] == ["lettre.exemple.fr. 3600 IN AAAA 2001:db8::1"]


@pytest.mark.parametrize(
    ("seen", "code"), [("unasked", "pages-unasked"), ("expired", "pages-dead"), ("other-site", "pages-dead"), ("moved", "pages-dead")]
)
def test_pages_that_are_not_ours_or_not_there_are_named(seen, code):
    assert codes(measure=SiteMeasure(seen=seen, url=SITE.public_url)) == {code}


def test_pages_that_are_not_to_be_asked_are_not_called_dead():
    assert codes(measure=None) == {"pages-unasked"}


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Strict-Transport-Security", "max-age=31536000")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def authority(tmp_path, monkeypatch):
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return made


@pytest.fixture
def https(authority):
    """Serves a page whose certificate ends in ``days``; gives its address."""
    running = []

    def start(days):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        now = datetime.now(UTC)
        authority.issue_cert(
            "127.0.0.1", not_before=now - timedelta(days=30), not_after=now + timedelta(days=days, hours=1)
        ).configure_cert(context)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        running.append((server, thread))
        return f"https://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_page_is_looked_at_from_outside_in(https):
    sight = look_at_pages(https(40), allow_private=True)
    assert sight.certificate == Certificate(days_left=40)
    assert sight.hsts is True
    assert sight.dead == ()
    assert sight.date


def test_a_certificate_that_has_ended_is_seen(https):
    sight = look_at_pages(https(-2), allow_private=True)
    assert sight.certificate is not None
    assert sight.certificate.refused == "expired"


def test_a_private_address_is_not_asked(https):
    assert look_at_pages(https(40)) == PagesSight()


def test_nobody_there_is_no_error_of_ours():
    assert look_at_pages("https://127.0.0.1:1", allow_private=True) == PagesSight()
