"""Faults of the domain, its MX, its reverse names and the host of its pages are named, and the lines that are printed make them pass."""

from __future__ import annotations

import pytest
from mended_zone import mended

from composer.check.doctor.addresses import is_reachable, looks_generic
from composer.check.doctor.announced import judge_announcements
from composer.check.doctor.mx import judge_mx
from composer.check.doctor.names import judge_domain, judge_host
from composer.check.doctor.reverse import judge_reverse
from composer.check.doctor.sight import Domain
from composer.text.shown import shown, shown_name

OWN = "192.0.2.10"
DOMAIN = Domain(
    name="lettre.exemple.fr",
    organisation="exemple.fr",
    sender="lettre@lettre.exemple.fr",
    reply_to="redaction@exemple.fr",
    addresses=(OWN,),
    addresses_told=True,
    relays=("127.0.0.1",),
)
POINTER = "10.2.0.192.in-addr.arpa."
REPLIES = "exemple.fr. IN MX 10 mail.exemple.fr.\nmail.exemple.fr. IN A 192.0.2.20\n"
FINE = "lettre.exemple.fr. IN MX 10 mail.exemple.fr.\n" + REPLIES
NAMED = f"{POINTER} IN PTR mail.exemple.fr.\nmail.exemple.fr. IN A {OWN}\n"

FAULTS = [
    (
        judge_domain,
        "domain-alias",
        'lettre.exemple.fr. IN CNAME www.exemple.fr.\nwww.exemple.fr. IN A 192.0.2.1\nwww.exemple.fr. IN TXT "a;b"\n',
    ),
    (judge_domain, "domain-wildcard", FINE + '*.lettre.exemple.fr. IN TXT "v=spf1 -all" "x"\n'),
    (judge_domain, "domain-wildcard", FINE + "*.lettre.exemple.fr. IN CNAME www.exemple.fr.\n"),
    (judge_domain, "domain-wildcard", FINE + '*._domainkey.lettre.exemple.fr. IN TXT "p="\n'),
    (judge_mx, "mx-absent", REPLIES + 'lettre.exemple.fr. IN TXT "x"\n'),
    (judge_mx, "mx-absent", 'lettre.exemple.fr. IN TXT "x"\n'),
    (judge_mx, "mx-implicit", REPLIES + "lettre.exemple.fr. IN A 192.0.2.30\n"),
    (judge_mx, "mx-null", REPLIES + "lettre.exemple.fr. IN MX 0 .\n"),
    (judge_mx, "mx-alias", REPLIES + "lettre.exemple.fr. IN MX 5 in.exemple.fr.\nin.exemple.fr. IN CNAME mail.exemple.fr.\n"),
    (judge_mx, "mx-no-address", REPLIES + "lettre.exemple.fr. IN MX 5 gone.exemple.fr.\n"),
    (judge_mx, "mx-no-address", FINE + "lettre.exemple.fr. IN MX 5 gone.exemple.fr.\n"),
    (judge_mx, "mx-number", REPLIES + "lettre.exemple.fr. IN MX 5 192.0.2.44.\n"),
    (judge_mx, "mx-private", REPLIES + "lettre.exemple.fr. IN MX 5 localhost.\nlocalhost. IN A 127.0.0.1\n"),
    (judge_mx, "mx-private", REPLIES + "lettre.exemple.fr. IN MX 5 localhost.\n"),
    (judge_mx, "mx-private", REPLIES + "lettre.exemple.fr. IN MX 5 in.exemple.fr.\nin.exemple.fr. IN A 10.0.0.3\n"),
    (judge_reverse, "ptr-absent", FINE),
    (judge_reverse, "ptr-unconfirmed", f"{POINTER} IN PTR mail.exemple.fr.\nmail.exemple.fr. IN A 192.0.2.11\n"),
    (judge_reverse, "ptr-unconfirmed", f"{POINTER} IN PTR vps.host.net.\n"),
    (judge_reverse, "ptr-generic", f"{POINTER} IN PTR ip-192-0-2-10.host.net.\nip-192-0-2-10.host.net. IN A {OWN}\n"),
    (judge_reverse, "ptr-generic", f"{POINTER} IN PTR x.dyn.host.net.\nx.dyn.host.net. IN A {OWN}\n"),
    (judge_reverse, "ptr-several", NAMED + f"{POINTER} IN PTR other.exemple.fr.\n"),
    (
        judge_announcements,
        "mta-sts",
        '_mta-sts.lettre.exemple.fr. IN TXT "v=STSv1; id=2026-11-22"\nmta-sts.lettre.exemple.fr. IN A 192.0.2.1\n',
    ),
    (judge_announcements, "tls-rpt", '_smtp._tls.lettre.exemple.fr. IN TXT "v=TLSRPTv1; rua=tls@exemple.fr"\n'),
]
FINE_CODES = {judge_domain: {"domain-ok"}, judge_mx: {"mx-ok"}, judge_reverse: {"ptr-ok"}, judge_announcements: set()}


@pytest.mark.parametrize(("judge", "code", "text"), FAULTS, ids=[f"{code}-{number}" for number, (_, code, _) in enumerate(FAULTS)])
def test_a_fault_is_named_and_its_mend_makes_it_pass(serve, judge, code, text):
    server = serve(text)
    seen = judge(DOMAIN, server.resolver())
    assert code in {one.code for one in seen}
    server.load(mended(text, seen))
    assert {one.code for one in judge(DOMAIN, server.resolver())} == FINE_CODES[judge]


@pytest.mark.parametrize(
    ("fault", "code"),
    [("servfail", "domain-failing"), ("refused", "domain-failing"), ("bogus", "domain-dnssec"), ("silent", "domain-silent")],
)
def test_a_domain_that_fails_is_told_by_how_it_fails(serve, fault, code):
    server = serve(FINE, {"lettre.exemple.fr": fault})
    resolver = server.resolver()
    resolver("exemple.fr", "MX")
    assert [one.code for one in judge_domain(DOMAIN, resolver)] == [code]


def test_a_domain_that_does_not_exist_is_said(serve):
    assert [one.code for one in judge_domain(DOMAIN, serve("autre.fr. IN A 192.0.2.1\n").resolver())] == ["domain-absent"]


def test_one_dead_mx_of_two_is_no_error(serve):
    seen = judge_mx(DOMAIN, serve(FINE + "lettre.exemple.fr. IN MX 5 gone.exemple.fr.\n").resolver())
    assert {one.level for one in seen} == {"warning", "ok"}


def test_the_relay_s_own_address_is_not_an_error_where_mail_may_leave_elsewhere(serve):
    domain = Domain(name="exemple.fr", organisation="exemple.fr", sender="a@exemple.fr", addresses=(OWN,), relays=("relay.net",))
    assert [(one.code, one.level) for one in judge_reverse(domain, serve(FINE).resolver())] == [("ptr-absent", "warning")]


def test_a_private_sending_address_is_told(serve):
    domain = Domain(name="exemple.fr", organisation="exemple.fr", sender="a@exemple.fr", addresses=("10.1.2.3",), addresses_told=True)
    assert [one.code for one in judge_reverse(domain, serve(FINE).resolver())] == ["ptr-private"]


HOST = "lettre.exemple.fr"
HOSTS = [
    ("host-absent", 'exemple.fr. IN TXT "x"\n'),
    ("host-absent", f"{HOST}. IN CNAME gone.exemple.net.\n"),
    ("host-private", f"{HOST}. IN A 192.168.1.4\n"),
    ("host-private", f"{HOST}. IN A 127.0.0.1\n{HOST}. IN A 192.0.2.5\n"),
    ("caa-closed", f'{HOST}. IN A 192.0.2.5\nexemple.fr. IN CAA 0 issue ";"\n'),
]


@pytest.mark.parametrize(("code", "text"), HOSTS, ids=[f"{code}-{number}" for number, (code, _) in enumerate(HOSTS)])
def test_a_fault_of_the_pages_host_is_named_and_its_mend_makes_it_pass(serve, code, text):
    server = serve(text)
    seen = judge_host(HOST, (OWN,), server.resolver())
    assert code in {one.code for one in seen}
    server.load(mended(text, seen))
    assert {one.code for one in judge_host(HOST, (OWN,), server.resolver())} == {"host-ok"}


@pytest.mark.parametrize(("fault", "code"), [("servfail", "host-failing"), ("bogus", "host-failing"), ("silent", "host-unanswered")])
def test_a_pages_host_that_fails_is_told(serve, fault, code):
    server = serve(FINE, {HOST: fault})
    resolver = server.resolver()
    resolver("exemple.fr", "MX")
    assert [one.code for one in judge_host(HOST, (), resolver)] == [code]


@pytest.mark.parametrize(
    ("host", "code"), [("", "host-none"), ("192.0.2.7", "host-ok"), ("127.0.0.1", "host-private"), ("::1", "host-private")]
)
def test_a_host_that_is_no_name_is_judged_as_it_stands(serve, host, code):
    assert [one.code for one in judge_host(host, (), serve(FINE).resolver())] == [code]


@pytest.mark.parametrize(
    ("address", "reachable"),
    [
        ("192.0.2.1", True),
        ("8.8.8.8", True),
        ("2001:db8::1", True),
        ("10.0.0.1", False),
        ("100.64.1.1", False),
        ("169.254.0.1", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("no", False),
    ],
)
def test_addresses_that_the_world_cannot_reach_are_known(address, reachable):
    assert is_reachable(address) is reachable


@pytest.mark.parametrize(
    ("name", "generic"),
    [
        ("mail.exemple.fr", False),
        ("mx10.exemple.fr", False),
        ("static.10.2.0.192.clients.host.net", True),
        ("192-0-2-10.host.net", True),
        ("vps-192.000.002.010.host.net", True),
        ("c000020a.host.net", True),
        ("pool12.host.net", True),
        ("dyna.exemple.fr", False),
    ],
)
def test_a_name_off_the_shelf_is_recognised(name, generic):
    assert looks_generic(name, OWN) is generic


def test_names_are_shown_as_people_write_them():
    assert shown_name("xn--caf-dma.fr") == "café.fr (xn--caf-dma.fr)"
    assert shown_name("xn--a.fr") == "xn--a.fr"
    assert shown("a\x1b[31m\u202e\u200bb\x00\udc80é" + "x" * 500, 60).startswith("a\\x1b[31m\\u202e\\u200bb\\x00\\x80é")
