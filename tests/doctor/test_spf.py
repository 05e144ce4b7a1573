"""Every fault of an SPF record is named, and the record that is printed makes it pass."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mended_zone import mended
from nameserver import read_records

from composer.check.doctor.sight import Domain
from composer.check.doctor.spf import judge_spf
from composer.check.doctor.spf_macro import Sending, expand
from composer.check.doctor.spf_record import is_spf, mended_terms, read_spf
from composer.check.doctor.spf_walk import Walker
from composer.model.lookup import Answer, Found
from composer.model.observation import Record, quote_text

OWN = "192.0.2.10"
DOMAIN = Domain(name="exemple.fr", organisation="exemple.fr", sender="lettre@exemple.fr", addresses=(OWN,), addresses_told=True)
AROUND = "\n".join(
    [
        "exemple.fr. IN MX 10 mail.exemple.fr.",
        "exemple.fr. IN A 192.0.2.30",
        "mail.exemple.fr. IN A 192.0.2.20",
        '_spf.p.net. IN TXT "v=spf1 ip4:198.51.100.0/24 -all"',
        'own.p.net. IN TXT "v=spf1 ip4:192.0.2.0/24 -all"',
        'loop.fr. IN TXT "v=spf1 include:exemple.fr -all"',
        'two.fr. IN TXT "v=spf1 -all"',
        'two.fr. IN TXT "v=spf1 +all"',
        'bad.fr. IN TXT "v=spf1 ip4:1.2.3 -all"',
        'deep.fr. IN TXT "v=spf1 include:deeper.fr ip4:198.51.100.7 -all"',
        'deeper.fr. IN TXT "v=spf1 include:nowhere.fr -all"',
        *(f'p{i}.net. IN TXT "v=spf1 ip4:198.51.{i}.0/24 -all"' for i in range(14)),
        *(f'twice{i}.net. IN TXT "v=spf1 include:p{i}.net include:p{i + 1}.net -all"' for i in range(6)),
    ]
)
MANY = " ".join(f"ip4:203.0.{i}.{i}" for i in range(40))
ELEVEN = " ".join(f"include:p{i}.net" for i in range(11))


def zone(*texts: str) -> str:
    """The zone with these records, each given as a zone file writes its strings."""
    return AROUND + "".join(f"\nexemple.fr. IN TXT {text}" for text in texts) + "\n"


def judge(serve, text, domain=DOMAIN):
    return judge_spf(domain, serve(text).resolver())


FAULTS = [
    ("spf-absent", zone()),
    ("spf-absent", zone('"unrelated"')),
    ("spf-misplaced", zone() + f'www.exemple.fr. IN TXT "v=spf1 ip4:{OWN} -all"\n'),
    ("spf-misplaced", zone() + f'exemple.fr.exemple.fr. IN TXT "v=spf1 ip4:{OWN} -all"\n'),
    ("spf-type", zone() + f'exemple.fr. IN SPF "v=spf1 ip4:{OWN} -all"\n'),
    ("spf-several", zone(f'"v=spf1 ip4:{OWN} -all"', '"v=spf1 include:_spf.p.net ~all"')),
    ("spf-several", zone(*(f'"v=spf1 ip4:203.0.113.{i} -all"' for i in range(30)))),
    ("spf-version", zone(f'"v=spf1;ip4:{OWN};-all"')),
    ("spf-version", zone(f'"v=spf1ip4:{OWN} -all"')),
    ("spf-version", zone(f'"v=spf 1 ip4:{OWN} -all"')),
    ("spf-version", zone(f'" v=spf1 ip4:{OWN} -all"')),
    ("spf-version", zone(f'"spf1 ip4:{OWN} -all"')) if False else ("spf-version", zone(f'"v=spf1, ip4:{OWN} -all"')),
    ("spf-quotes", zone(rf'"\"v=spf1 ip4:{OWN} -all\""')),
    ("spf-quotes", zone(rf'"v=spf1 ip4:{OWN} -all\""')),
    ("spf-strings", zone(f'"v=spf1 ip4:{OWN}" "include:_spf.p.net" "-all"')),
    ("spf-strings", zone(f'"v=spf1 ip4:{OWN}" "-all"')),
    ("spf-strings", zone(f'"v=spf1" "ip4:{OWN} -all"')),
    ("spf-syntax", zone(f'"v=spf1 ip4:{OWN} ip4:1.2.3.4/33 -all"')),
    ("spf-syntax", zone(f'"v=spf1 ip4:{OWN}, -all"')),
    ("spf-syntax", zone(f'"v=spf1 ip4={OWN} -all"')),
    ("spf-syntax", zone(f'"v=spf1 ip4:{OWN} include: _spf.p.net -all"')),
    ("spf-syntax", zone(f'"v=spf1 ip4:{OWN} ip6:1.2.3.4 -all"')),
    ("spf-syntax", zone(f'"v=spf1 ip4:{OWN} redirect=a.fr redirect=b.fr"')),
    ("spf-syntax", zone(f'"v=spf1 ip4:{OWN} include:%{{x}}.fr -all"')),
    ("spf-syntax", zone(f'"v=spf1 ip4:{OWN} caf\\195\\169 -all"')),
    ("spf-syntax", zone(f'"v=spf1 \\027[31m ip4:{OWN} -all"')),
    ("spf-unknown-mechanism", zone(f'"v=spf1 ip4:{OWN} ipv4:203.0.113.9 -all"')),
    ("spf-unknown-mechanism", zone(f'"v=spf1 ip4:{OWN} includ:_spf.p.net -all"')),
    ("spf-unknown-mechanism", zone(f'"v=spf1 ip4:{OWN} all-"')),
    ("spf-pass-all", zone('"v=spf1 +all"')),
    ("spf-pass-all", zone(f'"v=spf1 ip4:{OWN} all"')),
    ("spf-neutral-all", zone(f'"v=spf1 ip4:{OWN} ?all"')),
    ("spf-no-all", zone(f'"v=spf1 ip4:{OWN}"')),
    ("spf-ignored", zone(f'"v=spf1 ip4:{OWN} -all mx"')),
    ("spf-ignored", zone(f'"v=spf1 ip4:{OWN} -all redirect=_spf.p.net"')),
    ("spf-case", zone(f'"V=SPF1 IP4:{OWN} -ALL"')),
    ("spf-lookups", zone(f'"v=spf1 ip4:{OWN} {ELEVEN} -all"')),
    ("spf-lookups", zone(f'"v=spf1 ip4:{OWN} a mx include:twice0.net include:twice2.net include:twice4.net -all"')),
    ("spf-void", zone(f'"v=spf1 ip4:{OWN} a:x1.fr a:x2.fr mx:x3.fr -all"')),
    ("spf-include-absent", zone(f'"v=spf1 ip4:{OWN} include:nowhere.fr -all"')),
    ("spf-include-absent", zone('"v=spf1 redirect=nowhere.fr"')),
    ("spf-include-absent", zone(f'"v=spf1 ip4:{OWN} include:deep.fr -all"')),
    ("spf-include-broken", zone(f'"v=spf1 ip4:{OWN} include:two.fr -all"')),
    ("spf-include-broken", zone(f'"v=spf1 ip4:{OWN} include:bad.fr -all"')),
    ("spf-loop", zone(f'"v=spf1 ip4:{OWN} include:loop.fr -all"')),
    ("spf-loop", zone(f'"v=spf1 ip4:{OWN} include:exemple.fr -all"')),
    ("spf-loop", zone('"v=spf1 redirect=exemple.fr"')),
    ("spf-ptr", zone(f'"v=spf1 ip4:{OWN} ptr -all"')),
    ("spf-long", zone(quote_text(f"v=spf1 ip4:{OWN} {MANY} -all"))),
    ("spf-not-authorised", zone('"v=spf1 mx -all"')),
    ("spf-not-authorised", zone(f'"v=spf1 -ip4:{OWN} mx ~all"')),
    ("spf-not-authorised", zone('"v=spf1 redirect=_spf.p.net"')),
    ("spf-not-authorised", zone('"v=spf1 -all"')),
]


@pytest.mark.parametrize(("code", "text"), FAULTS, ids=[f"{code}-{number}" for number, (code, _) in enumerate(FAULTS)])
def test_a_fault_is_named_and_its_mend_makes_it_pass(serve, code, text):
    server = serve(text)
    seen = judge_spf(DOMAIN, server.resolver())
    assert code in {one.code for one in seen}
    server.load(mended(text, seen))
    assert {one.code for one in judge_spf(DOMAIN, server.resolver())} == {"spf-ok"}


@pytest.mark.parametrize(
    "text",
    [
        f'"v=spf1 ip4:{OWN} -all"',
        '"v=spf1 include:own.p.net -all"',
        '"v=spf1 redirect=own.p.net"',
        '"v=spf1 exists:%{ir}.sp.exemple.fr ip4:192.0.2.0/24 ~all"',
        '"v=spf1 a/24 -all"',
        '"v=spf1 mx/24 -all exp=why.exemple.fr"',
        '"v=spf1 a:mail.exemple.fr/24//64 -all"',
        '"v=spf1 include:own.p" ".net -all"',
        f'"v=spf1 ip4:{OWN} unknown=thing -all"',
    ],
)
def test_a_good_record_passes(serve, text):
    assert [one.code for one in judge(serve, zone(text))] == ["spf-ok"]


def test_a_long_record_that_is_cut_in_the_middle_of_a_word_is_well_written(serve):
    text = quote_text(f"v=spf1 ip4:{OWN} {' '.join(f'include:p{i}.net' for i in range(9))} {MANY[:270]} -all")
    assert '" "' in text
    assert "spf-strings" not in {one.code for one in judge(serve, zone(text))}


def test_a_domain_that_does_not_answer_is_left_to_others(serve):
    assert judge_spf(DOMAIN, serve("", {"exemple.fr": "servfail"}).resolver()) == []


def test_an_include_that_does_not_answer_is_said_and_nothing_is_changed(serve):
    server = serve(zone(f'"v=spf1 ip4:{OWN} include:slow.p.net -all"'), {"slow.p.net": "silent"})
    seen = judge_spf(DOMAIN, server.resolver())
    assert "spf-unanswered" in {one.code for one in seen}
    assert all(one.record is None for one in seen)


def test_a_provider_is_known_by_its_relay(serve):
    domain = Domain(
        name="exemple.fr", organisation="exemple.fr", sender="lettre@exemple.fr", relays=("smtp.p.net",), providers=(("P", "_spf.p.net"),)
    )
    text = zone('"v=spf1 mx -all"')
    server = serve(text)
    seen = judge_spf(domain, server.resolver())
    assert {one.code for one in seen} == {"spf-provider"}
    server.load(mended(text, seen))
    assert {one.code for one in judge_spf(domain, server.resolver())} == {"spf-ok"}


def test_of_several_relays_each_has_its_place_in_the_record(serve):
    domain = Domain(
        name="exemple.fr",
        organisation="exemple.fr",
        sender="lettre@exemple.fr",
        relays=("smtp.p.net", "mail.exemple.fr"),
        providers=(("P", "_spf.p.net"),),
        addresses=("198.51.100.7", OWN),
        providers_addresses=("198.51.100.7",),
    )
    text = zone('"v=spf1 mx -all"')
    server = serve(text)
    seen = judge_spf(domain, server.resolver())
    assert {one.code for one in seen} == {"spf-provider", "spf-not-authorised"}
    assert [OWN in one.saw.en for one in seen if one.code == "spf-not-authorised"] == [True], "a provider's mail leaves from other machines"
    server.load(mended(text, seen))
    assert {one.code for one in judge_spf(domain, server.resolver())} == {"spf-ok"}


def test_a_macro_that_cannot_be_filled_in_is_not_guessed(serve):
    seen = judge(serve, zone('"v=spf1 include:%{h}.p.net -all"'))
    assert [one.code for one in seen] == ["spf-not-evaluated"]


def test_addresses_that_nobody_named_are_not_guessed(serve):
    domain = Domain(name="exemple.fr", organisation="exemple.fr", sender="lettre@exemple.fr")
    assert "spf-addresses-unknown" in {one.code for one in judge(serve, zone('"v=spf1 mx -all"'), domain)}


def test_a_tree_without_end_is_left(serve):
    wide = "\n".join(f'w{i}.net. IN TXT "v=spf1 {" ".join(f"include:w{i * 3 + j}.net" for j in range(1, 4))} -all"' for i in range(400))
    server = serve(zone(f'"v=spf1 include:w0.net ip4:{OWN} -all"') + wide)
    assert "spf-lookups" in {one.code for one in judge_spf(DOMAIN, server.resolver())}
    assert len(server.asked) < 200


def test_what_a_stranger_wrote_steers_no_terminal(serve):
    for one in judge(serve, zone('"v=spf1 \\027[2J\\226\\128\\174 +all"')):
        for text in (one.saw.fr, one.saw.en, one.mend.fr, one.record.line, *(record.line for record in one.removes)):
            assert "\x1b" not in text
            assert "\u202e" not in text


@pytest.mark.parametrize(
    ("macro", "filled"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{S}", "strong-bad%40email.example.com"),
        ("a%%b%_c%-", "a%b c%20"),
    ],
)
def test_macros_are_filled_in_as_the_rfc_shows(macro, filled):
    """RFC 7208 §7.4."""
    assert expand(macro, "email.example.com", Sending(address="192.0.2.3", sender="strong-bad@email.example.com")) == filled


def test_an_ipv6_address_is_spelled_nibble_by_nibble():
    filled = expand("%{ir}.%{v}", "example.com", Sending(address="2001:db8::cb01", sender="a@example.com"))
    assert filled == "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6"


WORD = st.one_of(
    st.sampled_from(
        [
            "a",
            "mx",
            "ptr",
            "all",
            "-all",
            "~all",
            "?all",
            "+all",
            "a:",
            "a/33",
            "mx//129",
            "include:",
            "exists:x.fr",
            "redirect=own.p.net",
            "redirect=nowhere.fr",
            "include:loop.fr",
            "include:two.fr",
            "include:bad.fr",
            "include:nowhere.fr",
            "include:deep.fr",
            "include:_spf.p.net",
            "include:own.p.net",
            "ip4:1.2.3.4",
            "-ip4:192.0.2.0/24",
            "ip6:2001:db8::/32",
            "ip4:",
            "ip5:1",
            ";",
            ",",
            '"',
            "v=spf1",
            "exp=x",
            "exp=y.fr",
            "%{i}",
            "include:%{d}.p.net",
        ]
    ),
    st.text(st.characters(max_codepoint=0x2FF, exclude_characters="\n"), max_size=12),
)


def answers(text):
    """What a server of this zone says, as a function."""
    records = read_records(text)

    def ask(name, kind):
        found = {key.to_text(omit_final_dot=True).lower(): groups for key, groups in records.items()}.get(name)
        if found is None:
            return Answer(name=name, kind=kind, found=Found.NO_NAME)
        group = next((group for rdtype, group in found.items() if rdtype.name == kind), None)
        if group is None:
            return Answer(name=name, kind=kind, found=Found.NO_DATA)
        if kind != "TXT":
            return Answer(name=name, kind=kind, found=Found.VALUES, values=tuple(one.to_text() for one in group))
        strings = tuple(tuple(part.decode("utf-8", "surrogateescape") for part in one.strings) for one in group)
        return Answer(name=name, kind=kind, found=Found.VALUES, values=tuple("".join(one) for one in strings), strings=strings)

    return ask


@given(st.lists(st.lists(WORD, max_size=14).map(" ".join), min_size=1, max_size=3))
@example(["redirect=own.p.net", "redirect=nowhere.fr"])
def test_whatever_is_published_the_mend_passes(texts):
    records = [Record(name="exemple.fr.", type="TXT", value=f"v=spf1 {text}") for text in texts]
    before = AROUND + "\n" + "\n".join(dict.fromkeys(record.line for record in records)) + "\n"
    seen = judge_spf(DOMAIN, answers(before))
    assert seen
    after = {one.code for one in judge_spf(DOMAIN, answers(mended(before, seen)))}
    assert after <= {"spf-ok", "spf-not-evaluated"}


@given(st.lists(WORD, max_size=20).map(" ".join))
def test_reading_a_record_never_fails_and_mended_terms_can_be_read(text):
    record = read_spf(f"v=spf1 {text}")
    assert is_spf(f"v=spf1 {text}")
    again = read_spf("v=spf1 " + " ".join(mended_terms(f"v=spf1 {text}")))
    assert all(not term.wrong or term.name in {"redirect", "exp"} for term in again.terms)
    verdict = Walker(answers(AROUND), Sending(address=OWN, sender="a@exemple.fr")).verdict("exemple.fr", record)
    assert verdict in {"pass", "fail", "softfail", "neutral", "permerror", "temperror", "unknown"}


def test_five_hundred_includes_cost_little_and_are_mended(serve):
    text = quote_text("v=spf1 " + " ".join(f"include:{number}.w.fr" for number in range(500)) + f" ip4:{OWN} -all")
    server = serve(zone(text) + '*.w.fr. IN TXT "v=spf1 ip4:1.2.3.4 -all"\n')
    seen = judge_spf(DOMAIN, server.resolver())
    assert "spf-lookups" in {one.code for one in seen}
    assert len(server.asked) < 200
    server.load(mended(zone(text), seen))
    assert {one.code for one in judge_spf(DOMAIN, server.resolver())} == {"spf-ok"}
