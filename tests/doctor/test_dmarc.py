"""Every fault of a DMARC record is named, and the record that is printed makes it pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mended_zone import mended

from composer.check.doctor.dmarc import judge_dmarc
from composer.check.doctor.organisation import organisation_of
from composer.check.doctor.sight import Domain
from composer.model.lookup import Answer, Found
from composer.model.observation import quote_text

DOMAIN = Domain(name="lettre.exemple.fr", organisation="exemple.fr", sender="lettre@lettre.exemple.fr", reply_to="redaction@exemple.fr")
BASE = "lettre.exemple.fr. IN A 192.0.2.1\n"
GOOD = "v=DMARC1; p=reject; rua=mailto:dmarc@exemple.fr"


def zone(*texts: str, name: str = "_dmarc.lettre.exemple.fr.") -> str:
    return BASE + "".join(f"{name} IN TXT {quote_text(text)}\n" for text in texts)


FAULTS = [
    ("dmarc-absent", BASE),
    ("dmarc-absent", zone("unrelated")),
    ("dmarc-misplaced", zone(GOOD, name="lettre.exemple.fr.")),
    ("dmarc-misplaced", zone(GOOD, name="_dmarc.lettre.exemple.fr.lettre.exemple.fr.")),
    ("dmarc-several", zone(GOOD, "v=DMARC1; p=none")),
    ("dmarc-syntax", zone("v=DMARC1; p=reject; rua")),
    ("dmarc-syntax", zone('"v=DMARC1; p=reject"')),
    ("dmarc-syntax", zone("v=DMARC1\\; p=reject\\; rua=mailto:dmarc@exemple.fr")),
    ("dmarc-syntax", zone("v=DMARC1; p=reject; p=none")),
    ("dmarc-version", zone("p=reject; v=DMARC1")),
    ("dmarc-version", zone("v=dmarc1; p=reject")),
    ("dmarc-version", zone("v=DMARC1 p=reject")),
    ("dmarc-version", zone("v=DMARC1, p=reject")),
    ("dmarc-version", zone("p=reject")),
    ("dmarc-no-policy", zone("v=DMARC1; rua=mailto:dmarc@exemple.fr")),
    ("dmarc-no-policy", zone("v=DMARC1; rua=mailto:dmarc@exemple.fr; p=reject")),
    ("dmarc-no-policy", zone("v=DMARC1")),
    ("dmarc-policy", zone("v=DMARC1; p=quarantined")),
    ("dmarc-policy", zone("v=DMARC1; p=block")),
    ("dmarc-policy", zone("v=DMARC1; p=reject; sp=all")),
    ("dmarc-policy", zone("v=DMARC1; p=reject; np=")),
    ("dmarc-value", zone("v=DMARC1; p=reject; adkim=strict")),
    ("dmarc-value", zone("v=DMARC1; p=reject; pct=110")),
    ("dmarc-value", zone("v=DMARC1; p=reject; pol=x")),
    ("dmarc-none", zone("v=DMARC1; p=none; rua=mailto:dmarc@exemple.fr")),
    ("dmarc-no-reports", zone("v=DMARC1; p=none")),
    ("dmarc-no-reports", zone("v=DMARC1; p=reject")),
    ("dmarc-rua", zone("v=DMARC1; p=reject; rua=dmarc@exemple.fr")),
    ("dmarc-rua", zone("v=DMARC1; p=reject; rua=mailto:nobody")),
    ("dmarc-rua-foreign", zone("v=DMARC1; p=reject; rua=mailto:x@reports.net,mailto:dmarc@exemple.fr")),
    ("dmarc-percent", zone("v=DMARC1; p=reject; pct=20; rua=mailto:dmarc@exemple.fr")),
    ("dmarc-subdomain", zone("v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@exemple.fr", name="_dmarc.exemple.fr.")),
    ("dmarc-policy", zone("v=DMARC1; p=rejected; rua=mailto:dmarc@exemple.fr", name="_dmarc.exemple.fr.")),
    ("dmarc-syntax", BASE + "_dmarc.lettre.exemple.fr. IN CNAME _d.p.net.\n" + zone("v=DMARC1; p=reject; =", name="_d.p.net.")),
]


@pytest.mark.parametrize(("code", "text"), FAULTS, ids=[f"{code}-{number}" for number, (code, _) in enumerate(FAULTS)])
def test_a_fault_is_named_and_its_mend_makes_it_pass(serve, code, text):
    server = serve(text)
    seen = judge_dmarc(DOMAIN, server.resolver())
    assert code in {one.code for one in seen}
    server.load(mended(text, seen))
    after = {one.code for one in judge_dmarc(DOMAIN, server.resolver())}
    assert code not in after
    assert "dmarc-ok" in after
    assert after <= {"dmarc-ok", "dmarc-none"}  # none: what was published by nobody begins gently


@pytest.mark.parametrize(
    "text",
    [
        zone(GOOD),
        zone(GOOD + ";"),
        zone("v=DMARC1;p=quarantine;rua=mailto:a@exemple.fr!10m,mailto:b@lettre.exemple.fr"),
        zone(GOOD, name="_dmarc.exemple.fr."),
        zone("v=DMARC1; p=reject; np=reject; psd=n; t=n; rua=mailto:a@exemple.fr"),
        zone("v=DMARC1; p=reject; rua=mailto:x@reports.net") + 'lettre.exemple.fr._report._dmarc.reports.net. IN TXT "v=DMARC1"\n',
        zone("v=DMARC1; p=reject; rua=mailto:x@reports.net") + '*._report._dmarc.reports.net. IN TXT "v=DMARC1;"\n',
    ],
)
def test_a_good_record_passes(serve, text):
    assert [one.code for one in judge_dmarc(DOMAIN, serve(text).resolver())] == ["dmarc-ok"]


def test_the_domain_s_own_record_counts_before_its_parent_s(serve):
    text = zone(GOOD) + zone("v=DMARC1; p=none", name="_dmarc.exemple.fr.")
    (one,) = judge_dmarc(DOMAIN, serve(text).resolver())
    assert "p=reject" in one.saw.fr


def test_strict_alignment_is_said(serve):
    text = zone(f"{GOOD}; adkim=s; aspf=s")
    assert [one.code for one in judge_dmarc(DOMAIN, serve(text).resolver())] == ["dmarc-alignment", "dmarc-ok"]


def test_silence_is_not_called_absence(serve):
    server = serve(BASE, {"_dmarc.lettre.exemple.fr": "servfail"})
    assert [one.code for one in judge_dmarc(DOMAIN, server.resolver())] == ["dmarc-unanswered"]


def test_a_server_that_knows_only_this_zone_is_enough(serve):
    server = serve(BASE, {"_dmarc.exemple.fr": "refused"})
    assert [one.code for one in judge_dmarc(DOMAIN, server.resolver())] == ["dmarc-absent"]


@pytest.mark.parametrize(("fault", "level"), [("servfail", "error"), ("silent", "warning"), ("refused", "unknown"), ("cut", "error")])
def test_a_failure_counts_as_much_as_for_a_receiver(serve, fault, level):
    faults = {"_dmarc.lettre.exemple.fr": fault}
    if fault == "refused":
        faults["_dmarc.exemple.fr"] = "refused"
    seen = judge_dmarc(DOMAIN, serve(BASE, faults).resolver())
    assert [(one.code, one.level) for one in seen] == [("dmarc-unanswered", level)]


@pytest.mark.parametrize(
    ("domain", "organisation"),
    [
        ("exemple.fr", "exemple.fr"),
        ("a.b.exemple.fr", "exemple.fr"),
        ("letter.example.co.uk", "example.co.uk"),
        ("exemple.test", "exemple.test"),
        ("a.exemple.test", "exemple.test"),
        ("xn--caf-dma.fr", "xn--caf-dma.fr"),
        ("fr", "fr"),
        ("", ""),
    ],
)
def test_a_domain_knows_its_organisation(domain, organisation):
    assert organisation_of(domain) == organisation


@given(st.text(max_size=120).map(lambda text: f"v=DMARC1{text}"))
def test_whatever_is_published_is_judged(text):
    def ask(name, kind):
        texts = (text,) if name.startswith("_dmarc") else ()
        return Answer(name=name, kind=kind, found=Found.VALUES, values=texts, strings=((text,),) if texts else ())

    assert judge_dmarc(DOMAIN, ask)


TAGS = st.sampled_from(
    [
        "v=DMARC1",
        "v=dmarc1",
        "p=none",
        "p=reject",
        "p=quarantined",
        "sp=none",
        "sp=x",
        "np=reject",
        "rua=mailto:a@exemple.fr",
        "rua=a@exemple.fr",
        "rua=mailto:x@y.net,",
        "adkim=s",
        "aspf=x",
        "pct=20",
        "pct=200",
        "fo=1",
        "fo=z",
        "ruf=mailto:a@exemple.fr",
        "psd=y",
        "t=y",
        "=",
        ";",
        "pol=x",
    ]
)


@given(st.lists(st.lists(st.one_of(TAGS, st.text(max_size=8)), max_size=8).map("; ".join), min_size=1, max_size=3))
def test_whatever_is_published_the_mend_passes(texts):
    published = tuple(dict.fromkeys(f"v=DMARC1; {text}" for text in texts))
    seen = judge_dmarc(DOMAIN, publishing(published))
    gone = {record.value for one in seen for record in one.removes}
    added = [one.record.value for one in seen if one.record and one.record.name.startswith("_dmarc.")]
    after = judge_dmarc(DOMAIN, publishing(tuple(dict.fromkeys([*(text for text in published if text not in gone), *added]))))
    assert {one.level for one in after} <= {"ok", "advice", "warning"}
    assert {one.code for one in after if one.level == "warning"} <= {"dmarc-rua-foreign"}


def publishing(texts):
    """A name server with these records under _dmarc, and nothing else."""

    def ask(name, kind):
        own = texts if name == "_dmarc.lettre.exemple.fr" else ()
        found = Found.VALUES if own else Found.NO_DATA
        return Answer(name=name, kind=kind, found=found, values=own, strings=tuple((text,) for text in own))

    return ask
