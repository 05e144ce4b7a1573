from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.text.hosts import (
    ascii_name,
    bracketed,
    canonical_address,
    host_of,
    is_loopback_host,
    is_unspecified,
    own_names,
    read_host,
    url_host,
)
from composer.text.networks import is_public, is_public_name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Lettre.Exemple.FR", "lettre.exemple.fr"),
        ("lettre.exemple.fr.", "lettre.exemple.fr"),
        ("lettre.exemple.fr:8443", "lettre.exemple.fr"),
        ("lettre.exemple.fr.:443", "lettre.exemple.fr"),
        ("lettre.exemple.fr:", "lettre.exemple.fr"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[::1]:8000", "[::1]"),
        ("[0:0:0:0:0:0:0:1]", "[::1]"),
        ("[2001:DB8::A]", "[2001:db8::a]"),
        ("[::ffff:127.0.0.1]", "127.0.0.1"),
        ("_dmarc.exemple.fr", "_dmarc.exemple.fr"),
    ],
)
def test_a_host_has_one_form(given: str, name: str) -> None:
    assert read_host(given) == name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("straße.de", "xn--strae-oqa.de"),  # IDNA 2003 called another name, strasse.de
        ("Éditions-Demi-Sel.FR", "xn--ditions-demi-sel-9pb.fr"),
        ("e\u0301te\u0301.fr", "xn--t-9fab.fr"),  # accents on their own
        ("I\u2665ny.example", "xn--iny-zx5a.example"),
        ("Exemple.fr", "exemple.fr"),
    ],
)
def test_a_name_has_the_form_that_name_servers_and_browsers_give_it(given: str, name: str) -> None:
    assert ascii_name(given) == name
    assert host_of(given) == name


@pytest.mark.parametrize("given", ["\u2014.fr\u202e", "a..été", "é" * 70 + ".fr"])
def test_a_name_that_no_name_server_knows_is_refused(given: str) -> None:
    with pytest.raises(UnicodeError):
        ascii_name(given)
    assert host_of(given) == ""


@pytest.mark.parametrize(
    "given",
    [
        "",
        ".",
        "..",
        "a..b",
        "lettre.exemple.fr, evil.example",
        "lettre.exemple.fr evil.example",
        "lettre.exemple.fr@evil.example",
        "evil.example/lettre.exemple.fr",
        "lettre.exemple.fr\\evil",
        "lettre.exemple.fr#",
        "lettre.exemple.fr:80:80",
        "lettre.exemple.fr:http",
        "lettre.exemple.fr:999999",
        "[::1",
        "::1",
        "[::1]x",
        "[::1%25eth0]",
        "[localhost]",
        "été.fr",
        "lettre%2eexemple.fr",
        "\x00",
    ],
)
def test_what_is_no_host_is_none(given: str) -> None:
    assert read_host(given) is None


@given(st.text(max_size=60))
def test_a_host_that_was_read_is_read_the_same_again(text: str) -> None:
    name = read_host(text)
    if name is not None:
        assert read_host(name) == name
        assert name == name.lower()


@given(st.ip_addresses(), st.integers(0, 65535))
def test_every_address_is_a_host_with_or_without_a_port(address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> None:
    wanted = bracketed(canonical_address(str(address)))
    shown = bracketed(str(address))
    assert read_host(shown) == read_host(f"{shown}:{port}") == wanted


def test_a_configured_name_is_written_as_browsers_ask_for_it() -> None:
    assert host_of("Été.fr") == "xn--t-9fab.fr"
    assert url_host("https://Lettre.Exemple.fr:8443/x") == "lettre.exemple.fr"
    assert url_host("https://user@[2001:DB8::1]/") == "[2001:db8::1]"
    assert host_of("fd00::1") == "[fd00::1]"
    assert url_host("") == url_host("https://[::1") == host_of("a" * 70) == ""


def test_who_listens_on_all_addresses_has_the_name_of_none() -> None:
    assert all(map(is_unspecified, ["0.0.0.0", "::", "[::]", ""]))
    assert not any(map(is_unspecified, ["127.0.0.1", "localhost", "192.168.1.2"]))
    assert all(map(is_loopback_host, ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1", "[::1]"]))
    assert own_names("0.0.0.0") == own_names("localhost") == ()
    assert own_names("192.168.1.2") == ("192.168.1.2",)
    assert not any(map(is_loopback_host, ["0.0.0.0", "192.168.1.2", "lettre.exemple.fr", "::"]))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.31.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "240.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::8.8.8.8",
        "2002:7f00:1::1",
        "2002:a00:1::",
        "2002:c0a8:101::1",
    ],
)
def test_an_address_that_only_some_can_reach_is_not_public_however_it_is_wrapped(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2a00:1450:4007::200e", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "[2a00::1]"]
)
def test_an_address_that_anybody_can_reach_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_what_carries_an_address_is_as_public_as_what_it_carries(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | number)
    nat64 = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | number)
    sixtofour = ipaddress.IPv6Address((0x2002 << 112) | (number << 80))
    assert {is_public(str(one)) for one in (mapped, nat64, sixtofour)} == {is_public(str(address))}


def test_names_of_a_house_or_of_nobody_are_not_public() -> None:
    names = "localhost nas.local box.lan site.test a.invalid a.example b.home.arpa c.onion d.internal serveur 127.1 0x7f.1 1.2.3.0x4"
    assert not any(is_public_name(name) for name in names.split())
    assert all(is_public_name(name) for name in ["lettre.exemple.fr", "exemple.local.fr", "a1.fr.", "demi-sel.example.org"])
