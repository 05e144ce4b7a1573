from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from composer.check.issue import check_issue
from composer.check.measures import (
    Booking,
    DomainMeasure,
    EditionMeasure,
    GrammarMeasure,
    LinkAnswer,
    Measures,
    PictureMeasure,
    Remark,
    ReplyMeasure,
    SiteMeasure,
    SiteSeen,
    SupportMeasure,
)
from composer.check.page import write_rules_page
from composer.check.rules import RULES
from composer.check.support.clients import read_client_data
from composer.check.support.detectors import DETECTORS
from composer.compose.arrange import derive_preheader
from composer.compose.grammar import parse_issue, parse_story
from composer.model.newsletter import Desk, Labels, Newsletter, Publisher, Sender, Site, TransportSettings, Typography
from composer.words import Words
from composer.workspace.shipped import read_client_file

LABELS = Labels()
NEWSLETTER = Newsletter(
    name="Lettre d’essai",
    list_id="lettre.exemple.fr",
    sender=Sender(name="Lettre", address="lettre@exemple.fr", reply_to="redaction@exemple.fr"),
    site=Site(public_url="https://lettre.exemple.fr"),
    publisher=Publisher(name="Éditeur", address="1, rue des Essais, 75000 Paris", host="Hébergeur, 75000 Paris", phone="01 00 00 00 00"),
)
SMTP = TransportSettings(kind="smtp")
LEAVING = replace(NEWSLETTER, transport=SMTP)
FOLDER = "issues/2026-11-26-essai"
MORE = "\n## Pour aller plus loin\n\n- [Un ancien sujet]({url})\n"
FILES = {
    "issue.md": "---\nnumber: 7\ndate: 2026-11-26\norder: [une, partenaire, suite]\n---\n# Un objet assez court\n\nBonne lecture à toutes et tous.\n",
    "une.md": (
        '---\nkind: lead\nimage: {file: images/une.jpg, alt: "Un pont", credit: "Agence"}\n---\n# Le pont rouvre\n\nChapô du pont.\n\n'
        "**La facture** – Le pont a coûté [douze millions](https://exemple.fr/compte) à la ville.\n"
        + MORE.format(url="https://exemple.fr/a")
    ),
    "partenaire.md": (
        '---\nkind: sponsor\nadvertiser: "Atelier Fictif"\n---\n# Réservez votre place !\n\nUn paragraphe.\n\n'
        "- 📘 [Le livret](https://sponsor.exemple.fr/livret?utm_source=lettre)\n"
    ),
    "suite.md": '---\nteaser: "Une accroche longue comme il faut pour la ligne"\n---\n# La cantine change\n\nChapô de la cantine.\n'
    + MORE.format(url="https://exemple.fr/b"),
}
HTML = (
    '<p style="color:#222222;background-color:#ffffff">PARTENAIRE · Atelier Fictif</p><h2>Réservez votre place !</h2><p>Un paragraphe.</p>'
    '<p>Éditeur, 1, rue des Essais</p><a style="color:#222222" href="hfx-unsubscribe-url-tn-z">Se désinscrire</a>'
    '<a style="color:#222222" href="https://lettre.exemple.fr/mentions-legales">Mentions légales</a>'
)
TEXT = (
    "PARTENAIRE · Atelier Fictif\n\nRéservez votre place !\n\nUn paragraphe.\n\nhfx-unsubscribe-url-tn-z\nÉditeur\n"
    "https://lettre.exemple.fr/mentions-legales"
)
EDITION = EditionMeasure(html=HTML, text=TEXT, size_bytes=20_000, field_prefix="hfx")


def findings(files=None, newsletter=NEWSLETTER, **measured):
    sources = {f"{FOLDER}/{name}": text for name, text in {**FILES, **(files or {})}.items() if text is not None}
    stories = [
        parse_story(text, id=path.rpartition("/")[2].removesuffix(".md"), path=path, labels=LABELS)
        for path, text in sources.items()
        if not path.endswith("issue.md")
    ]
    path = f"{FOLDER}/issue.md"
    issue = parse_issue(sources[path], id="2026-11-26-essai", path=path, stories=stories, labels=LABELS)
    known = {
        "sources": sources,
        "preheader": derive_preheader(issue, LABELS),
        "edition": EDITION,
        "pictures": {"images/une.jpg": PictureMeasure(width=1200, height=675)},
    }
    return check_issue(issue, newsletter, measures=Measures(**{**known, **measured}))


def une(old, new):
    assert old in FILES["une.md"]
    return {"une.md": FILES["une.md"].replace(old, new)}


def site(**settings):
    return {"newsletter": replace(NEWSLETTER, site=Site(**settings), transport=SMTP)}


def reading(remark):
    """What an outside reader says of the lead's first paragraph, nothing of the rest."""
    said = dict.fromkeys(GRAMMAR_TEXTS, ())
    return GrammarMeasure(remarks=said | {"Chapô du pont.": (remark,)})


GRAMMAR_TEXTS = (
    "Un objet assez court", "Bonne lecture à toutes et tous.", "Un pont", "Le pont rouvre", "La facture", "Un ancien sujet",
    "Le pont a coûté douze millions à la ville.", "Réservez votre place !", "Un paragraphe.", "Le livret", "La cantine change",
    "Une accroche longue comme il faut pour la ligne", "Chapô de la cantine.",
)  # fmt: skip
EVERYTHING = frozenset(DETECTORS)


def clients(*, today=date(2026, 11, 22), ordinary=EVERYTHING, of_theme=frozenset()):
    """What is known of mail clients, where nothing in the mail is out of the ordinary but what is said."""
    return SupportMeasure(clients=read_client_data(read_client_file()), today=today, ordinary=ordinary, of_theme=of_theme)


BODY = "Chapô du pont."
LINK = "https://exemple.fr/compte"
CASES = {
    "no-subject": {"files": {"issue.md": FILES["issue.md"].replace("# Un objet assez court\n", "")}},
    "no-story": {"files": {"une.md": None, "partenaire.md": None, "suite.md": None}},
    "no-headline": {"files": une("# Le pont rouvre\n", "")},
    "order-missing": {"files": {"suite.md": None}},
    "link-without-address": {"files": une(f"]({LINK})", "]()")},
    "link-unsafe": {"files": une(LINK, "javascript:alert")},
    "link-dead": {"links": {LINK: LinkAnswer(state="dead", status=404)}},
    "picture-missing": {"pictures": {"images/une.jpg": PictureMeasure(problem="missing")}},
    "picture-unreadable": {"pictures": {"images/une.jpg": PictureMeasure(problem="outside")}},
    "advertiser-missing": {"files": {"partenaire.md": FILES["partenaire.md"].replace('advertiser: "Atelier Fictif"\n', "")}},
    "sponsor-label": {"newsletter": replace(NEWSLETTER, labels=Labels(sponsor="–"))},
    "sponsor-border": {"files": {"partenaire.md": FILES["partenaire.md"].replace("kind: sponsor\n", "kind: sponsor\nborder: unsure\n")}},
    "sponsor-absent": {"bookings": (Booking(day="2026-11-26", slot="fin", advertiser="Maison Absente", status="réservé", line=2),)},
    "placeholder": {"files": une(BODY, "Chapô TK du pont.")},
    "merge-conflict": {"files": une(BODY, "<<<<<<< HEAD\nUn\n=======\nDeux\n>>>>>>> autre")},
    "merge-field-unknown": {"files": une(BODY, "Bonjour %surnom% !")},
    "unsubscribe-missing": {"edition": replace(EDITION, html="<p>PARTENAIRE</p>")},
    "no-postal-address": {"newsletter": replace(NEWSLETTER, publisher=Publisher())},
    "legal-notice": {"newsletter": replace(NEWSLETTER, publisher=replace(NEWSLETTER.publisher, host=" "))},
    "legal-details": {"newsletter": replace(NEWSLETTER, publisher=replace(NEWSLETTER.publisher, phone=""))},
    "publisher-anonymous": {"newsletter": replace(NEWSLETTER, publisher=Publisher(host="Hébergeur, 75000 Paris"))},
    "legal-link-missing": {"edition": replace(EDITION, text=TEXT.replace("/mentions-legales", ""))},
    "sender-unnamed": {"edition": replace(EDITION, html=HTML.replace("<p>Éditeur,", '<p style="font-size:6px">Éditeur,'))},
    "sponsor-label-vague": {"newsletter": replace(NEWSLETTER, labels=Labels(sponsor="À lire"))},
    "sponsor-inverted": {
        "edition": replace(EDITION, html=HTML.replace("color:#222222;background-color:#ffffff", "color:#000000;background-color:#ff0000"))
    },
    "sponsor-unsure": {
        "edition": replace(EDITION, html=HTML.replace("color:#222222;background-color:#ffffff", "color:var(--ink,#222222)"))
    },
    "public-url": site(public_url=""),
    "public-url-dead": {"newsletter": LEAVING, "site": SiteMeasure(seen="expired", url="https://lettre.exemple.fr")},
    "public-url-unasked": {"newsletter": LEAVING, "site": SiteMeasure(seen="unasked", url="https://lettre.exemple.fr")},
    "reply-to": {"newsletter": LEAVING, "reply": ReplyMeasure(domain="exemple.fr", seen="null-mx")},
    "sender-domain": {"newsletter": LEAVING, "domain": DomainMeasure(domain="exemple.fr", problems=(Words("Pas de DMARC.", "No DMARC."),))},
    "sender-unasked": {"newsletter": LEAVING, "domain": DomainMeasure(domain="exemple.fr", unasked=True)},
    "nobody-told": {"newsletter": LEAVING},
    "webhook-unsigned": {"newsletter": replace(NEWSLETTER, desk=Desk(alert_webhook="https://exemple.fr/crochet"))},
    "no-sender": {"newsletter": replace(NEWSLETTER, sender=replace(NEWSLETTER.sender, address=""))},
    "no-reply-to": {"newsletter": replace(NEWSLETTER, sender=replace(NEWSLETTER.sender, reply_to=""))},
    "header-unfoldable": {"newsletter": replace(NEWSLETTER, list_id="x" * 1000)},
    "too-big": {"edition": replace(EDITION, size_bytes=110_000)},
    "story-todo": {"files": une("kind: lead\n", "kind: lead\nstatus: todo\n")},
    "order-unlisted": {"files": {"issue.md": FILES["issue.md"].replace(", suite]", "]")}},
    "no-lead": {"files": une("kind: lead\n", "kind: story\n")},
    "two-leads": {"files": {"suite.md": FILES["suite.md"].replace("---\n", "---\nkind: lead\n", 1)}},
    "sponsors-adjacent": {"files": {"suite.md": FILES["partenaire.md"]}},
    "number-missing": {"files": {"issue.md": FILES["issue.md"].replace("number: 7\n", "")}},
    "number-twice": {"numbers": {"2026-11-19-autre": 7}},
    "number-gap": {"numbers": {"2026-11-19-autre": 5}},
    "merge-field-fallback": {"files": une(BODY, "Bonjour %prenom% !")},
    "picture-without-alt": {"files": une('alt: "Un pont", ', "")},
    "picture-without-credit": {"files": une(', credit: "Agence"', "")},
    "picture-small": {"pictures": {"images/une.jpg": PictureMeasure(width=320, height=200)}},
    "client-support": {"support": clients(of_theme=frozenset({"css-display-flex"}))},
    "client-data-old": {"support": clients(today=date(2030, 1, 1))},
    "grammar": {"grammar": reading(Remark(start=0, end=5, kind="grammar", says="Accord."))},
    "spelling": {"grammar": reading(Remark(start=9, end=13, kind="spelling"))},
    "grammar-unread": {"grammar": GrammarMeasure(state="missing")},
    "credits-twice": {"files": {"issue.md": FILES["issue.md"].replace("number: 7\n", 'number: 7\ncredits: ["agence"]\n')}},
    "credits-unassigned": {"files": {"issue.md": FILES["issue.md"].replace("number: 7\n", 'number: 7\ncredits: ["Unsplash"]\n')}},
    "subject-long": {"files": {"issue.md": FILES["issue.md"].replace("# Un objet assez court", "# Un objet" + " beaucoup" * 8)}},
    "preheader-short": {"preheader": "Et aussi : rien"},
    "preheader-long": {"preheader": "Et aussi : " + "un sujet – " * 14},
    "no-teaser": {"files": {"suite.md": FILES["suite.md"].replace("---\n", "---\nauthor: x\n", 1).replace("teaser", "autre")}},
    "no-further-reading": {"files": une(MORE.format(url="https://exemple.fr/a"), "")},
    "link-twice": {"files": une("https://exemple.fr/a", LINK + "/")},
    "link-http": {"files": une(LINK, "http://exemple.fr/compte")},
    "link-shortener": {"files": une(LINK, "https://bit.ly/abc")},
    "link-staging": {"files": une(LINK, "https://preprod.exemple.fr/compte")},
    "link-unreachable": {"links": {LINK: LinkAnswer(state="unreachable", status=502)}},
    "links-unasked": {"links": {LINK: LinkAnswer(state="unchecked")}},
    "link-without-scheme": {"files": une(LINK, "www.exemple.fr/compte")},
    "link-without-words": {"files": une("[douze millions]", "[]")},
    "sponsor-utm": {"files": {"partenaire.md": FILES["partenaire.md"].replace("?utm_source=lettre", "")}},
    "mixed-typography": {
        "files": une(BODY, "Un fait: un autre. Deux faits : un seul."),
        "newsletter": replace(NEWSLETTER, typography=Typography(colon="keep", high="keep")),
    },
    "quote-open": {"files": une(BODY, "Il dit « oui et s’en va.")},
    "contrast": {"edition": replace(EDITION, html=HTML.replace("#222222", "#cccccc"))},
    "heading-order": {"files": une(BODY, "Chapô.\n\n#### Trop bas")},
    "second-headline": {"files": une(BODY, "Chapô.\n\n# Encore un titre")},
    "word-count": {"word_counts": (900, 1000, 1100)},
    "size": {"edition": replace(EDITION, size_bytes=85_000)},
    "unsafe-nothing": {},
    "untidy-source": {"files": une(BODY, "Chapô\u00a0du pont.")},
    "reading-time": {"files": une(BODY, "mot " * 3000)},
    "long-paragraph": {"files": une(BODY, "mot " * 400)},
    "doubled-word": {"files": une(BODY, "Le le pont.")},
    "capital-accent": {"files": une(BODY, "A la fin, l’Etat paie.")},
    "ligature": {"files": une(BODY, "Au coeur du pont.")},
    "link-words": {"files": une("[douze millions]", "[ici]")},
    "double-space": {"files": une(BODY, "Chapô  du pont.")},
}
del CASES["unsafe-nothing"]
TOLD_BY_THE_WORKFLOW = {"unreadable", "edition", "unknown-setting", "proof-stale", "spam-score", "spam-unasked"}


def test_an_issue_in_order_has_no_finding():
    assert [(one.rule, one.message.en) for one in findings()] == []


@pytest.mark.parametrize("rule", CASES)
def test_each_rule_speaks_when_it_should_with_a_mend(rule):
    found = [one for one in findings(**CASES[rule]) if one.rule == rule]
    assert found
    assert all(one.hint and one.hint.fr and one.hint.en and one.message.fr and one.level == RULES[rule].level for one in found)


def test_commands_in_hints_name_the_issue():
    hints = [one.hint for rule in CASES for one in findings(**CASES[rule])]
    assert not [hint for hint in hints if "{" in hint.fr.replace("{{", "").split("image:")[0]]
    assert any("`hebdo links 2026-11-26-essai --edit`" in hint.fr for hint in hints)


def test_every_rule_has_a_case():
    assert set(CASES) | TOLD_BY_THE_WORKFLOW == set(RULES)


@pytest.mark.parametrize(
    ("rule", "line", "col"),
    [
        ("placeholder", 7, 7),
        ("link-without-address", 9, 35),
        ("doubled-word", 7, 1),
        ("link-http", 9, 51),
        ("picture-without-alt", 3, 15),
        ("no-headline", 5, 0),
    ],
)
def test_a_finding_leads_to_its_line_and_column(rule, line, col):
    found = next(one for one in findings(**CASES[rule]) if one.rule == rule)
    assert (found.path, found.line, found.col) == (f"{FOLDER}/une.md", line, col)


@pytest.mark.parametrize("word", ["TODO", "TK", "XX", "XXX", "Lorem ipsum", "à compléter", "À compléter"])
def test_placeholders_of_all_kinds_are_seen(word):
    assert "placeholder" in {one.rule for one in findings(files=une(BODY, f"Un mot {word} ici."))}


@pytest.mark.parametrize(
    "text", ["au XXe siècle", "Le mot todo en bas de casse", "[a](https://e.fr/?k=XX)", "`TODO` en code", "une méthode", "TKO"]
)
def test_ordinary_words_are_no_placeholders(text):
    assert "placeholder" not in {one.rule for one in findings(files=une(BODY, text))}


def test_errors_come_first():
    levels = [one.level for one in findings(files=une(BODY, "Le le TK pont  ."))]
    assert levels == sorted(levels, key=["error", "warning", "advice"].index)


def test_a_quotation_over_two_paragraphs_is_not_open():
    assert "quote-open" not in {one.rule for one in findings(files=une(BODY, "« Il dit oui.\n\nEt il part. »"))}


def test_quotes_inside_quotes_are_not_mixed():
    assert "mixed-typography" not in {one.rule for one in findings(files=une(BODY, "« Il dit “oui” », « non »."))}


def test_quotes_that_rendering_makes_one_are_advice():
    mixed = {"files": une(BODY, 'Il dit « oui », puis "non".')}
    level = [one.level for one in findings(**mixed) if one.rule == "mixed-typography"]
    assert level == ["advice"]


def test_mixed_typography_is_mended_to_the_house_style_which_readers_see_anyway():
    mixed = une(BODY, "Un fait: un autre. Deux: un. Trois: un. Quatre faits : un seul.")
    (found,) = (one for one in findings(files=mixed) if one.rule == "mixed-typography")
    assert found.level == "advice"
    assert "collé ici (3\u00a0fois), précédé d’une espace ailleurs (1\u00a0fois)" in found.message.fr
    assert "L’usage de la lettre : précédé d’une espace" in found.hint.fr
    assert "plus grand nombre" not in found.hint.fr


def test_links_that_some_time_was_not_enough_for_are_counted():
    asked = {LINK: LinkAnswer(state="unchecked"), "https://exemple.fr/a": LinkAnswer(state="alive", status=200)}
    assert [one.message.fr for one in findings(links=asked)] == ["1 lien non essayé : le temps a manqué."]


def test_links_of_staging_hosts_are_not_missed_when_asking():
    staging = "https://preprod.exemple.fr/compte"
    found = findings(files=une(LINK, staging), links={staging: LinkAnswer(state="unchecked")})
    assert [one.rule for one in found] == ["link-staging"]


def test_a_credit_that_a_picture_carries_is_not_loose():
    with_credit = FILES["issue.md"].replace("number: 7\n", 'number: 7\ncredits: ["Agence", "Léo Mer"]\n')
    told = [one.message.fr for one in findings(files={"issue.md": with_credit}) if one.rule == "credits-unassigned"]
    assert len(told) == 1
    assert "Léo Mer" in told[0]


def test_a_credit_left_beside_its_picture_is_advice_however_it_is_typed():
    with_credit = FILES["issue.md"].replace("number: 7\n", 'number: 7\ncredits: ["  agence", "Léo Mer"]\n')
    (told,) = [one for one in findings(files={"issue.md": with_credit}) if one.rule == "credits-twice"]
    assert (told.level, told.fixable) == ("advice", True)


def test_a_rehearsal_may_use_this_machine():
    assert "public-url" in {one.rule for one in findings(**site(public_url="http://127.0.0.1:8000"))}
    assert "public-url" not in {one.rule for one in findings(**site(public_url="http://127.0.0.1:8000", rehearsal=True))}


REACH = {"public-url", "public-url-dead", "public-url-unasked", "reply-to", "sender-domain", "sender-unasked"}
WRONG = {
    "newsletter": replace(
        NEWSLETTER, site=Site(public_url="https://lettre.exemple.fr"), sender=replace(NEWSLETTER.sender, reply_to="noreply@exemple.fr")
    ),
    "site": SiteMeasure(seen="other-site", url="https://lettre.exemple.fr", detail="200"),
    "reply": ReplyMeasure(domain="exemple.fr", seen="no-mail"),
    "domain": DomainMeasure(domain="exemple.fr", problems=(Words("Pas de SPF.", "No SPF."),)),
}


@pytest.mark.parametrize(
    ("transport", "rehearsal", "level"),
    [("folder", False, "advice"), ("folder", True, "advice"), ("smtp", True, "warning"), ("smtp", False, "error")],
)
def test_ways_to_us_that_do_not_work_refuse_only_where_mail_leaves_for_readers(transport, rehearsal, level):
    newsletter = replace(
        WRONG["newsletter"], transport=TransportSettings(kind=transport), site=replace(WRONG["newsletter"].site, rehearsal=rehearsal)
    )
    found = findings(**{**WRONG, "newsletter": newsletter})
    assert {(one.rule, one.level) for one in found if one.rule in REACH} == {
        (rule, level) for rule in ("public-url-dead", "reply-to", "sender-domain")
    }


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lettre.exemple.fr",
        "http://lettre.exemple.fr",
        "https://localhost",
        "https://LOCALHOST.",
        "https://127.0.0.1:8000",
        "https://127.1",
        "https://2130706433",
        "https://0x7f.0.0.1",
        "https://[::1]",
        "https://[::ffff:127.0.0.1]",
        "https://[64:ff9b::7f00:1]",
        "https://[2002:7f00:1::]",
        "https://[fe80::1]",
        "https://10.0.0.4",
        "https://192.168.1.20/lettre",
        "https://172.16.0.1",
        "https://169.254.169.254",
        "https://100.64.3.2",
        "https://198.18.0.1",
        "https://203.0.113.7",
        "https://0.0.0.0",
        "https://240.0.0.1",
        "https://224.0.0.1",
        "https://serveur",
        "https://nas.local",
        "https://lettre.home.arpa",
        "https://lettre.invalid",
        "https://lettre.example",
        "https://x.onion",
        "https://user:secret@lettre.exemple.fr",
        "https://lettre.exemple.fr:0",
        "https://lettre.exemple.fr:99999",
        "https://lettre exemple.fr",
        "https://lettre.exemple.fr\\@autre.fr",
    ],
)
def test_a_public_address_that_readers_cannot_reach_is_an_error_and_its_password_is_not_shown(url):
    found = [one for one in findings(**site(public_url=url)) if one.rule == "public-url"]
    assert [one.level for one in found] == ["error"]
    assert "secret" not in found[0].message.fr + found[0].message.en


@pytest.mark.parametrize(
    "url",
    [
        "https://lettre.exemple.fr",
        "https://été.fr/lettre",
        "https://8.8.8.8",
        "https://[2a00:1450::1]/x",
        "https://a.b.c:443",
        "HTTPS://Lettre.Exemple.fr",
    ],
)
def test_a_public_address_is_left_alone(url):
    assert "public-url" not in {one.rule for one in findings(**site(public_url=url))}


def test_a_public_address_on_a_port_of_its_own_is_to_be_checked():
    (found,) = (one for one in findings(**site(public_url="https://lettre.exemple.fr:8443")) if one.rule == "public-url")
    assert found.level == "warning"


@pytest.mark.parametrize(
    "address",
    [
        "noreply@exemple.fr",
        "No-Reply@exemple.fr",
        "no_reply+lettre@exemple.fr",
        "lettre-noreply@exemple.fr",
        "noreply2@exemple.fr",
        "ne-pas-repondre@exemple.fr",
        "nepasrépondre@exemple.fr",
        "ne.pas.repondre@exemple.fr",
        "nerepondezpas@exemple.fr",
        "donotreply@exemple.fr",
        "do-not-reply@exemple.fr",
        "lettre@noreply.exemple.fr",
        "sans-reponse@exemple.fr",
    ],
)
def test_a_box_that_says_of_itself_that_nobody_reads_it_is_no_reply_address(address):
    newsletter = replace(LEAVING, sender=replace(NEWSLETTER.sender, reply_to=address))
    assert [one.level for one in findings(newsletter=newsletter) if one.rule == "reply-to"] == ["error"]


@pytest.mark.parametrize(
    "address",
    [
        "redaction@exemple.fr",
        "reno.reply@exemple.fr",
        "reply@exemple.fr",
        "reponse@exemple.fr",
        "nono@exemple.fr",
        "casinoreplyka@exemple.fr",
        "piano.reponse@e.fr",
    ],
)
def test_an_ordinary_reply_address_is_left_alone(address):
    newsletter = replace(LEAVING, sender=replace(NEWSLETTER.sender, reply_to=address))
    assert "reply-to" not in {one.rule for one in findings(newsletter=newsletter)}


def test_a_public_address_that_is_not_asked_by_choice_is_told_each_time():
    told = [one for one in findings(**site(public_url="https://lettre.exemple.fr", self_check=False)) if one.rule == "public-url-unasked"]
    assert [one.level for one in told] == ["warning"]
    assert "self_check = false" in told[0].message.fr


def test_without_an_answer_of_any_kind_nothing_is_said_of_the_network():
    assert not REACH & {one.rule for one in findings(newsletter=LEAVING)}


@pytest.mark.parametrize("seen", [one for one in get_args(SiteSeen) if one not in {"alive", "unasked"}])
@pytest.mark.parametrize("rehearsal", [False, True])
def test_whatever_answers_at_the_public_address_is_told_with_a_mend_in_both_languages(seen, rehearsal):
    newsletter = replace(LEAVING, site=replace(LEAVING.site, rehearsal=rehearsal))
    measure = SiteMeasure(seen=seen, url="https://lettre.exemple.fr", detail="503")
    (found,) = (one for one in findings(newsletter=newsletter, site=measure) if one.rule in REACH)
    assert found.rule in {"public-url-dead", "public-url"}
    assert "lettre.exemple.fr" in found.message.fr
    assert "lettre.exemple.fr" in found.message.en
    assert found.hint != RULES[found.rule].mend


def test_a_booked_sponsor_that_is_there_is_not_missed():
    booking = Booking(day="2026-11-26", slot="une", advertiser="ATELIER FICTIF", status="booked")
    assert "sponsor-absent" not in {one.rule for one in findings(bookings=(booking,))}


def test_percent_signs_and_percent_encoding_are_no_fields():
    assert not {one.rule for one in findings(files=une(BODY, "De 10 % à 20 %, puis 30 %% ; https://e.fr/%C3%A9%C3%A8"))} & {
        "merge-field-unknown"
    }


def test_the_page_of_the_checks_is_up_to_date():
    page = Path(__file__).resolve().parents[2] / "docs" / "checks.md"
    assert page.read_text(encoding="utf-8") == write_rules_page()


def test_every_rule_that_is_spoken_is_documented():
    check = Path(__file__).resolve().parents[2] / "composer" / "check"
    spoken = {
        name for file in check.glob("*.py") for name in re.findall(r'(?:finding|_at)\(\s*"([a-z-]+)"', file.read_text(encoding="utf-8"))
    }
    assert spoken <= set(RULES)
