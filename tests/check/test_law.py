"""Labels that say something, advertisers that are named, publishers as the law wants them, a foot that can be read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.check.footer import check_footer
from composer.check.law import check_law
from composer.check.measures import EditionMeasure, Measures
from composer.check.seen.sight import Sight
from composer.check.sponsors import check_sponsors
from composer.model.body import Span
from composer.model.issue import Issue, Story
from composer.model.newsletter import Labels, Newsletter, Publisher, Sender, Site

PUBLISHER = Publisher(
    name="Éditions du Môle",
    legal_form="Association loi 1901",
    address="1, quai des Brumes, 29000 Port-Aubin",
    phone="02 00 00 00 00",
    director="Inès Kervella",
    host="Hébergeur, 1 rue X, 75000 Paris",
    contact="redaction@maree.example",
)
NEWSLETTER = Newsletter(
    name="Marée basse",
    list_id="x",
    sender=Sender(address="a@maree.example", reply_to="b@maree.example"),
    site=Site(public_url="https://maree.example"),
    publisher=PUBLISHER,
)
PAID = Story(id="pub", kind="sponsor", headline=(Span(text="Réservez !"),), advertiser="Atelier")
# What computers count as a character and no eye sees as a word.
NOTHING = (
    "", " ", "\t", "\u00a0", "\u2003\u2009", "\u3000", "\u1680", "\u200b\u200b\u200b", "\u200c\u200d\ufeff", "\u2060\u2061", "\u00ad\u00ad\u00ad",
    "\u3164\u3164\u3164", "\u115f\u1160\u115f", "\uffa0\uffa0\uffa0", "\u17b4\u17b5\u17b4", "\u2800\u2800\u2800", "\u0301\u0302\u0303", "\u034f\u034f\u034f",
    "\ufe0f\ufe0f\ufe0f", "\U000e0061\U000e0062\U000e0063", "🚲🚲🚲", "👩‍👩‍👧", "…", "———", "***", "._-", "¤¤¤", "■■■", "\ue000\ue001\ue002", "\u202d\u202c", "&&&",
)  # fmt: skip


def rules(found) -> list[tuple[str, str]]:
    return [(one.rule, one.level) for one in found]


def sponsors(story: Story = PAID, label: str = "PARTENAIRE") -> list[tuple[str, str]]:
    newsletter = replace(NEWSLETTER, labels=Labels(sponsor=label))
    return rules(check_sponsors(Issue(id="x", stories=(story,)), newsletter, Measures()))


@pytest.mark.parametrize("words", NOTHING, ids=ascii)
def test_a_label_or_an_advertiser_that_nobody_sees_is_refused(words: str) -> None:
    assert ("sponsor-label", "error") in sponsors(label=words)
    assert ("advertiser-missing", "error") in sponsors(replace(PAID, advertiser=words))


@pytest.mark.parametrize("label", ["x", "xx", "aaa", "lll", "123", "a1", "\u202eERIANETRAP", "PART\u202e"])
def test_letters_that_say_nothing_are_refused(label: str) -> None:
    assert ("sponsor-label", "error") in sponsors(label=label)


@pytest.mark.parametrize(
    "label",
    ["PARTENAIRE", "Publicité", "PUB", "Annonce", "ANNONCEUR", "Contenu sponsorisé", "COMMUNIQUÉ", "Ad", "Advertisement", "PR", "Publi-reportage",
     "Avec le soutien de", "En partenariat avec", "ＰＵＢ", "PAID POST", "Mécénat", "Message publicitaire", "Offert par"],
)  # fmt: skip
def test_a_label_that_says_who_pays_is_taken(label: str) -> None:
    assert sponsors(label=label) == []


@pytest.mark.parametrize("label", ["À lire aussi", "Nos amis", "LE COIN", "РЕКЛАМА"])
def test_a_label_that_does_not_say_that_it_is_paid_for_is_told(label: str) -> None:
    assert sponsors(label=label) == [("sponsor-label-vague", "warning")]


@pytest.mark.parametrize("name", ["3M", "X", "C&A", "Été & Fils", "株式会社", "Фабрика"])
def test_short_and_foreign_advertisers_are_names(name: str) -> None:
    assert sponsors(replace(PAID, advertiser=name)) == []


@given(st.text(alphabet=st.characters(categories=["Zs", "Cf", "Mn", "So", "Po", "Cc"]), max_size=20))
def test_no_string_without_letters_is_ever_a_name(words: str) -> None:
    assert ("advertiser-missing", "error") in sponsors(replace(PAID, advertiser=words))


def law(publisher: Publisher, *stories: Story, newsletter: Newsletter = NEWSLETTER) -> list[tuple[str, str]]:
    return rules(check_law(Issue(id="x", stories=stories), replace(newsletter, publisher=publisher), Measures()))


def test_a_complete_notice_wants_nothing() -> None:
    assert law(PUBLISHER) == []
    # A person under their own name directs what they publish (loi 82-652, art. 93-2).
    assert law(replace(PUBLISHER, legal_form="", director="")) == []


@pytest.mark.parametrize("lacking", ["name", "address", "host", "director"])
def test_what_the_law_wants_refuses_while_it_lacks(lacking: str) -> None:
    assert law(replace(PUBLISHER, **{lacking: "\u200b"})) == [("legal-notice", "error")]
    rehearsal = replace(NEWSLETTER, site=replace(NEWSLETTER.site, rehearsal=True))
    assert law(replace(PUBLISHER, **{lacking: ""}), newsletter=rehearsal) == [("legal-notice", "warning")]
    english = replace(NEWSLETTER, locale="en-GB")
    assert law(replace(PUBLISHER, **{lacking: ""}), newsletter=english) == [("legal-notice", "warning")]


def test_nothing_at_all_is_refused_everywhere() -> None:
    english = replace(NEWSLETTER, locale="en-GB")
    assert law(Publisher()) == law(Publisher(contact="x"), newsletter=english) == [("no-postal-address", "error")]


def test_details_are_told_and_refuse_nothing() -> None:
    company = replace(PUBLISHER, legal_form="SAS", registration="", phone="", host="Hébergeur")
    assert law(company) == [("legal-details", "warning")] * 4
    full = replace(
        company, legal_form="SAS au capital de 1 000 €", registration="RCS Brest 123 456 789", phone="0200000000", host="H, 75000"
    )
    assert law(full) == []


def test_whoever_stays_unnamed_names_the_host_and_sells_no_place() -> None:
    anonymous = Publisher(host="Hébergeur, 1 rue X, 75000 Paris")
    assert law(anonymous) == [("publisher-anonymous", "warning")]
    assert law(anonymous, PAID) == [("legal-notice", "error"), ("publisher-anonymous", "warning")]
    assert ("legal-notice", "error") in law(anonymous, newsletter=replace(NEWSLETTER, sender=Sender(address="a@b.example")))


FOOT = (
    '<p style="color:#222222">Éditions du Môle</p><p><a style="color:#222222" href="hfx-unsubscribe-url-tn-z">Se désinscrire</a></p>'
    '<p><a style="color:#222222" href="https://maree.example/mentions-legales">Mentions légales</a></p>'
)
FOOT_TEXT = "hfx-unsubscribe-url-tn-z https://maree.example/mentions-legales Éditions du Môle"


def foot(html: str = FOOT, text: str = FOOT_TEXT) -> set[str]:
    measure = EditionMeasure(html=html, text=text, size_bytes=1, field_prefix="hfx")
    return {one.rule for one in check_footer(NEWSLETTER, measure, Sight(html, "hfx"))}


@pytest.mark.parametrize(
    ("words", "rule"),
    [("Se désinscrire", "unsubscribe-missing"), ("Mentions légales", "legal-link-missing"), ("Éditions du Môle", "sender-unnamed")],
)
def test_a_foot_that_cannot_be_read_is_refused(words: str, rule: str) -> None:
    assert foot() == set()
    for style in ("display:none", "color:#ffffff", "font-size:9px", "text-indent:-999px", "max-height:0;overflow:hidden"):
        assert foot(FOOT.replace(words, f'<span style="display:inline-block;{style}">{words}</span>')) == {rule}
    assert foot(FOOT.replace(words, '<img alt="x" src="y">')) == {rule}
    assert foot(FOOT.replace(words, f"<!-- {words} -->")) == {rule}
    dark = "<style>@media (prefers-color-scheme:dark){p,a{color:#000!important;background:#000!important}}</style>"
    assert rule in foot(dark + FOOT)


def test_the_plain_text_has_a_foot_too() -> None:
    for gone, rule in (("hfx-", "unsubscribe-missing"), ("mentions-legales", "legal-link-missing"), ("Môle", "sender-unnamed")):
        assert foot(text=FOOT_TEXT.replace(gone, "")) == {rule}
