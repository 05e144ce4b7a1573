"""Questions to name servers end in an answer, whatever the servers do, and never late."""

from __future__ import annotations

import time

import pytest

from composer.model.lookup import Found
from composer.outside.dns import Resolver, Server, read_server

ZONE = """
exemple.fr. IN TXT "v=spf1 " "-all"
exemple.fr. IN MX 10 mail.exemple.fr.
mail.exemple.fr. IN A 192.0.2.1
www.exemple.fr. IN CNAME mail.exemple.fr.
lost.exemple.fr. IN CNAME nowhere.exemple.net.
round.exemple.fr. IN CNAME about.exemple.fr.
about.exemple.fr. IN CNAME round.exemple.fr.
*.star.exemple.fr. IN A 192.0.2.9
xn--caf-dma.fr. IN A 192.0.2.3
"""


@pytest.mark.parametrize(
    ("name", "kind", "found", "values"),
    [
        ("exemple.fr", "TXT", Found.VALUES, ("v=spf1 -all",)),
        ("EXEMPLE.fr.", "MX", Found.VALUES, ("10 mail.exemple.fr.",)),
        ("exemple.fr", "AAAA", Found.NO_DATA, ()),
        ("absent.exemple.fr", "A", Found.NO_NAME, ()),
        ("www.exemple.fr", "A", Found.VALUES, ("192.0.2.1",)),
        ("www.exemple.fr", "CNAME", Found.VALUES, ("mail.exemple.fr.",)),
        ("lost.exemple.fr", "A", Found.NO_NAME, ()),
        ("round.exemple.fr", "A", Found.FAILED, ()),
        ("any.star.exemple.fr", "A", Found.VALUES, ("192.0.2.9",)),
        ("xn--caf-dma.fr", "A", Found.VALUES, ("192.0.2.3",)),
        ("a..b", "A", Found.NO_NAME, ()),
        ("x" * 64 + ".fr", "A", Found.NO_NAME, ()),
    ],
)
def test_an_answer_says_what_is_there(serve, name, kind, found, values):
    answer = serve(ZONE).resolver()(name, kind)
    assert (answer.found, answer.values) == (found, values)


def test_the_strings_of_a_text_are_kept_apart_and_joined(serve):
    answer = serve(ZONE).resolver()("exemple.fr", "TXT")
    assert answer.strings == (("v=spf1 ", "-all"),)


def test_the_way_of_the_aliases_is_told(serve):
    assert serve(ZONE).resolver()("www.exemple.fr", "A").aliases == ("mail.exemple.fr",)


@pytest.mark.parametrize(
    ("fault", "found", "said"),
    [
        ("servfail", Found.FAILED, "SERVFAIL"),
        ("refused", Found.FAILED, "REFUSED"),
        ("silent", Found.SILENT, ""),
        ("garbage", Found.SILENT, ""),
        ("cut", Found.FAILED, "TCP"),
        ("formerr", Found.VALUES, ""),
    ],
)
def test_failures_are_told_apart(serve, fault, found, said):
    server = serve(ZONE, {"mail.exemple.fr": fault})
    resolver = server.resolver()
    resolver("exemple.fr", "MX")
    answer = resolver("mail.exemple.fr", "A")
    assert (answer.found, answer.said, answer.bogus) == (found, said, False)


def test_a_failure_of_dnssec_is_recognised(serve):
    answer = serve(ZONE, {"exemple.fr": "bogus"}).resolver()("exemple.fr", "MX")
    assert (answer.found, answer.bogus) == (Found.FAILED, True)


def test_a_thousand_records_come_over_tcp_and_are_bounded(serve):
    zone = "\n".join(f'big.exemple.fr. IN TXT "{number:04d} {"x" * 40}"' for number in range(1000))
    answer = serve(zone).resolver(timeout_s=3)("big.exemple.fr", "TXT")
    assert answer.found is Found.VALUES
    assert len(answer.values) == 200


def test_one_text_of_64_kilobytes_is_bounded(serve):
    strings = " ".join(f'"{"x" * 255}"' for _ in range(240))
    answer = serve(f"huge.exemple.fr. IN TXT {strings}").resolver(timeout_s=3)("huge.exemple.fr", "TXT")
    assert len(answer.values[0]) == 8192


def test_a_silent_server_costs_little_however_much_is_asked(dead_port):
    resolver = Resolver([Server("127.0.0.1", dead_port)], timeout_s=0.3, whole_time_s=2)
    started = time.monotonic()
    resolver.ask_all((f"name{number}.exemple.fr", "TXT") for number in range(200))
    assert time.monotonic() - started < 4
    assert resolver.is_silent
    assert resolver("another.exemple.fr", "A").found in {Found.SILENT, Found.UNASKED}


def test_without_a_server_nothing_is_asked():
    resolver = Resolver([])
    assert resolver("exemple.fr", "A").found is Found.UNASKED
    assert resolver.is_silent


def test_a_question_is_asked_once(serve):
    server = serve(ZONE)
    resolver = server.resolver()
    resolver.ask_all([("exemple.fr", "TXT")] * 20)
    assert server.asked == [("exemple.fr", "TXT")]


def test_the_next_server_is_asked_when_one_is_silent(serve, dead_port):
    resolver = Resolver([Server("127.0.0.1", dead_port), Server("127.0.0.1", serve(ZONE).port)], timeout_s=0.3)
    assert resolver("exemple.fr", "TXT").found is Found.VALUES


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("127.0.0.1:5353", Server("127.0.0.1", 5353)),
        ("9.9.9.9", Server("9.9.9.9", 53)),
        ("[::1]:5353", Server("::1", 5353)),
        ("::1", Server("::1", 53)),
        ("localhost:5353", Server("127.0.0.1", 5353)),
        ("dns.example", None),
        ("127.0.0.1:0", None),
        ("127.0.0.1:x", None),
        ("[::1", None),
        ("", None),
    ],
)
def test_a_server_is_read_as_people_write_it(text, server):
    assert read_server(text) == server
