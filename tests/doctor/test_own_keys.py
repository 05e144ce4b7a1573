"""The keys that Hebdo itself signs with: what is published is held against the file, and the mend is always the file's record."""

from __future__ import annotations

import pytest
from mended_zone import mended

from composer.check.doctor.dkim import judge_dkim
from composer.check.doctor.sight import Domain, OwnKey
from composer.message.dkim_keys import make_signing_key
from composer.model.observation import quote_text
from composer.words import Words

BASE = "exemple.fr. IN A 192.0.2.1\n"
NAME = "h1._domainkey.exemple.fr."
OURS, OTHER, EDWARDS = (make_signing_key(kind, "h1")[0].record("exemple.fr") for kind in ("rsa", "rsa", "ed25519"))


def domain(own: OwnKey) -> Domain:
    selectors = ("h1",) if own.signs else ()
    return Domain(name="exemple.fr", organisation="exemple.fr", sender="lettre@exemple.fr", selectors=selectors, own_keys=(own,))


def zone(*texts: str, name: str = NAME) -> str:
    return BASE + "".join(f"{name} IN TXT {quote_text(text)}\n" for text in texts)


WRONG = [
    ("dkim-absent", BASE),
    ("dkim-alias", BASE + f"{NAME} IN CNAME h1.nowhere.net.\n"),
    ("dkim-misplaced", zone(OTHER.value, name="h1.exemple.fr.")),
    ("dkim-several", zone(OTHER.value, EDWARDS.value)),
    ("dkim-several", zone(OTHER.value, OURS.value)),
    ("dkim-own-differs", zone(OTHER.value)),
    ("dkim-own-differs", zone(EDWARDS.value)),
    ("dkim-own-differs", zone("v=DKIM1; p=")),
    ("dkim-own-differs", zone("v=DKIM1; p=bm90IGEga2V5")),
    ("dkim-own-differs", zone("v=spf1 -all")),
    ("dkim-testing", zone(OURS.value.replace("k=", "t=y; k="))),
    ("dkim-hash", zone(OURS.value.replace("k=", "h=sha1; k="))),
]


@pytest.mark.parametrize(("code", "text"), WRONG, ids=[f"{code}-{number}" for number, (code, _) in enumerate(WRONG)])
def test_a_wrong_record_of_ours_is_named_and_its_mend_publishes_the_file(serve, code, text):
    own = domain(OwnKey(selector="h1", record=OURS))
    server = serve(text)
    seen = judge_dkim(own, server.resolver())
    assert code in {one.code for one in seen}
    assert not any(one.command for one in seen), "the key is made already"
    server.load(mended(text, seen))
    assert [one.code for one in judge_dkim(own, server.resolver())] == ["dkim-ok"]


def test_what_is_published_as_the_file_has_it_passes_however_it_is_cut(serve):
    own = domain(OwnKey(selector="h1", record=OURS))
    cut = OURS.value[:100] + " " + OURS.value[100:]
    assert [one.code for one in judge_dkim(own, serve(zone(OURS.value)).resolver())] == ["dkim-ok"]
    assert [one.code for one in judge_dkim(own, serve(zone(cut)).resolver())] == ["dkim-ok"]


def test_a_file_that_cannot_be_used_is_told_with_its_mend(serve):
    mend = Words(fr="Fermez-la", en="Close it")
    own = domain(OwnKey(selector="h1", trouble=Words(fr="D’autres la lisent.", en="Others read it."), mend=mend))
    first = judge_dkim(own, serve(zone(OURS.value)).resolver())[0]
    assert (first.code, first.level, first.mend) == ("dkim-own-file", "error", mend)


def test_a_silent_server_accuses_no_key(serve):
    server = serve(zone(OTHER.value), {NAME: "silent"})
    assert [one.code for one in judge_dkim(domain(OwnKey(selector="h1", record=OURS)), server.resolver())] == ["dkim-unanswered"]


def test_a_key_that_waits_is_advice_until_it_is_published_and_says_then_that_it_may_sign(serve):
    own = domain(OwnKey(selector="h1", signs=False, record=OURS))
    server = serve(BASE)
    seen = [one for one in judge_dkim(own, server.resolver()) if one.code == "dkim-own-waiting"]
    assert [(one.level, one.record) for one in seen] == [("advice", OURS)]
    server.load(mended(BASE, seen))
    (published,) = [one for one in judge_dkim(own, server.resolver()) if one.code == "dkim-own-waiting"]
    assert published.record is None
    assert "dkim_sign" in published.mend.fr
