from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from composer.deliver.choose import AudienceRule
from composer.ledger import Ledger
from composer.model.edition import Edition, EditionPicture
from composer.text.addresses import PROOF_TOKEN, legal_url, picture_url, privacy_url, unsubscribe_url, web_url
from composer.text.merge import MergeField, field_token
from composer.web.readers import readers_app
from composer.workspace import Workspace, open_workspace

from .conftest import ISSUE, NEWSLETTER, NOON, served

PREFIX = "hf0123456789abcdef"
JPEG = b"\xff\xd8\xff\xe0 a picture"
PICTURE = hashlib.sha256(JPEG).hexdigest() + ".jpg"


def _token(name: str) -> str:
    return field_token(PREFIX, MergeField(name=name))


EDITION = Edition(
    issue_id=ISSUE,
    number=87,
    subject=f"Bonjour {field_token(PREFIX, MergeField(name='first_name', fallback='à vous'))}",
    preheader="",
    html=f"<!doctype html><html><body><p>La dernière criée</p><p>à l’adresse {_token('masked_email')}</p>"
    f'<a href="{_token("unsubscribe_url")}">Se désinscrire</a></body></html>',
    text="La dernière criée",
    pictures=(EditionPicture(name=PICTURE, source="images/une.jpg", content=JPEG, width=10, height=10),),
    field_prefix=PREFIX,
    digest="d" * 64,
    theme="classique",
    lang="fr",
)


@pytest.fixture
def site(workspace: Workspace, ledger: Ledger) -> Iterator[httpx.Client]:
    with served(readers_app(workspace, ledger, clock=lambda: NOON)) as address, httpx.Client(base_url=address) as client:
        yield client


def _token_of(ledger: Ledger) -> str:
    return next(iter(ledger.subscribers.all())).token


def _status(ledger: Ledger) -> str:
    return next(iter(ledger.subscribers.all())).status


def _launch(ledger: Ledger) -> None:
    ledger.editions.seal(EDITION, now=NOON)
    mailing = ledger.mailings.add(issue_id=ISSUE, digest=EDITION.digest, due_at=NOON, now=NOON)
    assert mailing
    rule = AudienceRule(issue_id=ISSUE)
    assert ledger.mailings.launch(mailing.id, rule=rule, worker="w", message_domain="maree.example", now=NOON)


def _path(url: str) -> str:
    return url.removeprefix("https://maree.example")


def test_looking_at_the_leaving_page_changes_nothing(site: httpx.Client, ledger: Ledger) -> None:
    address = _path(unsubscribe_url("https://maree.example", _token_of(ledger)))
    for method in ("GET", "HEAD", "GET"):
        assert site.request(method, address).status_code == 200
    assert _status(ledger) == "active"


def test_the_leaving_page_masks_the_address_and_never_names_the_person(site: httpx.Client, ledger: Ledger) -> None:
    page = site.get(f"/u/{_token_of(ledger)}").text
    assert "c…" in page
    assert "@lecteurs.example" in page
    assert "claire.dupont" not in page
    assert "Claire" not in page


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {},
    ],
    ids=["urlencoded", "multipart", "empty"],
)
def test_a_post_leaves_at_once_without_cookie_or_redirect(site: httpx.Client, ledger: Ledger, body: dict[str, object]) -> None:
    answer = site.post(f"/u/{_token_of(ledger)}", **body)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert _status(ledger) == "unsubscribed"


def test_leaving_ten_times_is_leaving_once(site: httpx.Client, ledger: Ledger) -> None:
    answers = {site.post(f"/u/{_token_of(ledger)}").text for _ in range(10)}
    assert len(answers) == 1
    assert _status(ledger) == "unsubscribed"


def test_a_proof_unsubscribes_nobody_and_says_so(site: httpx.Client, ledger: Ledger) -> None:
    for answer in (site.get(f"/u/{PROOF_TOKEN}"), site.post(f"/u/{PROOF_TOKEN}")):
        assert "Ceci est une épreuve" in answer.text
    assert _status(ledger) == "active"


def test_a_token_that_nobody_has_is_answered_kindly(site: httpx.Client) -> None:
    for answer in (site.get("/u/" + "x" * 22), site.post("/u/" + "x" * 22), site.get("/u/x")):
        assert answer.status_code == 404
        assert "redaction@maree.example" in answer.text


def test_a_body_that_does_not_end_is_refused(site: httpx.Client, ledger: Ledger) -> None:
    assert site.post(f"/u/{_token_of(ledger)}", content=b"x" * 100_000).status_code == 413
    assert _status(ledger) == "active"


def test_an_issue_appears_when_it_leaves_and_not_before(site: httpx.Client, ledger: Ledger) -> None:
    address = _path(web_url("https://maree.example", ISSUE))
    ledger.editions.seal(EDITION, now=NOON)
    assert site.get(address).status_code == 404
    assert "phare" not in site.get("/").text
    _launch(ledger)
    assert "La dernière criée" in site.get(address).text
    assert "Bonjour à vous" in site.get("/").text


def test_the_web_view_bears_no_name_no_token_and_runs_nothing(site: httpx.Client, ledger: Ledger) -> None:
    _launch(ledger)
    answer = site.get(f"/n/{ISSUE}")
    assert PREFIX not in answer.text
    assert _token_of(ledger) not in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


MAIL = (
    '<!doctype html><html><head></head><body><h1 style="margin:0">La Marée</h1><p>La dernière criée</p>'
    '<p class="rp" style="margin:0">Une remarque\u00a0?<br>Répondez à\u00a0ce\u00a0message.</p></body></html>'
)


def _left(ledger: Ledger, edition: Edition, *, correction_of: str = "") -> None:
    ledger.editions.seal(edition, now=NOON)
    mailing = ledger.mailings.add(issue_id=edition.issue_id, digest=edition.digest, due_at=NOON, correction_of=correction_of, now=NOON)
    assert mailing
    rule = AudienceRule(issue_id=edition.issue_id)
    assert ledger.mailings.launch(mailing.id, rule=rule, worker="w", message_domain="maree.example", now=NOON)


def test_a_letter_in_the_browser_leads_to_the_others_and_to_an_address_to_write_to(site: httpx.Client, ledger: Ledger) -> None:
    _left(ledger, replace(EDITION, html=MAIL))
    page = site.get(f"/n/{ISSUE}").text
    assert "ce\u00a0message" not in page
    assert "mailto:" in page
    assert re.search(r'<h1 style="margin:0"><a [^>]*href="/">La Marée</a></h1>', page)
    edition = ledger.editions.get(ISSUE, EDITION.digest)
    assert edition is not None
    assert edition.html == MAIL, "what was sealed stays"


def test_the_page_of_an_issue_announces_the_rectificatif_that_followed(site: httpx.Client, ledger: Ledger) -> None:
    _left(ledger, EDITION)
    assert "Rectificatif" not in site.get(f"/n/{ISSUE}").text
    follower = replace(EDITION, issue_id="2026-11-30-rectificatif", subject="Rectificatif : la criée", number=None, digest="e" * 64)
    _left(ledger, follower, correction_of=ISSUE)
    page = site.get(f"/n/{ISSUE}").text
    assert '<a href="/n/2026-11-30-rectificatif">Rectificatif : la criée</a>' in page
    assert "Rectificatif du " not in site.get("/n/2026-11-30-rectificatif").text


def test_pictures_are_kept_for_ever_and_may_be_loaded_from_a_mail(site: httpx.Client, ledger: Ledger) -> None:
    ledger.editions.seal(EDITION, now=NOON)
    answer = site.get(_path(picture_url("https://maree.example", PICTURE)))
    assert answer.content == JPEG
    assert answer.headers["content-type"] == "image/jpeg"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    for name in ("x.jpg", "../newsletter.toml", "%2e%2e%2fnewsletter.toml", PICTURE.replace("jpg", "svg")):
        assert site.get(f"/i/{name}").status_code == 404


def test_the_publisher_is_named(site: httpx.Client) -> None:
    page = site.get(_path(legal_url("https://maree.example"))).text.replace("\u00a0", " ")
    assert all(words in page for words in ("Éditions du Môle", "Inès Kervella", "Hébergeur Fictif", "1, quai des Brumes"))


@pytest.mark.parametrize("publisher", ["", 'address = "1, quai des Brumes, 29000 Port-Aubin"\n'], ids=["nothing", "address"])
def test_a_publisher_who_said_little_is_shown_with_what_there_is_and_accused_of_nothing(
    workspace: Workspace, ledger: Ledger, publisher: str
) -> None:
    workspace.config_path.write_text(NEWSLETTER.partition("[publisher]\n")[0] + "[publisher]\n" + publisher, "utf-8")
    with served(readers_app(open_workspace(workspace.root), ledger)) as address, httpx.Client(base_url=address) as client:
        page = client.get("/mentions-legales").text.replace("\u00a0", " ")
    assert "<dd>Marée basse</dd>" in page
    assert 'href="mailto:redaction@maree.example"' in page
    assert ("1, quai des Brumes" in page) == bool(publisher)
    assert "LCEN" not in page


def test_every_page_is_strict_about_what_it_loads(site: httpx.Client) -> None:
    for path in ("/", "/mentions-legales", "/u/nobody", "/nowhere"):
        headers = site.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


def test_a_foreign_name_gets_nothing(site: httpx.Client) -> None:
    assert site.get("/", headers={"host": "evil.example"}).status_code == 421
    assert site.get("/", headers={"host": "maree.example"}).status_code == 200


def test_a_rehearsal_says_so_on_every_page(workspace: Workspace, ledger: Ledger) -> None:
    text = NEWSLETTER.replace('public_url = "https://maree.example"', 'public_url = "http://127.0.0.1:8000"\nrehearsal = true')
    workspace.config_path.write_text(text, "utf-8")
    _launch(ledger)
    with served(readers_app(open_workspace(workspace.root), ledger)) as address, httpx.Client(base_url=address) as client:
        for path in ("/", "/mentions-legales", f"/u/{_token_of(ledger)}", f"/n/{ISSUE}"):
            assert "Répétition" in client.get(path).text


def test_pages_stand_under_the_path_of_the_public_address_too(workspace: Workspace, ledger: Ledger) -> None:
    site = replace(workspace.newsletter.site, public_url="https://maree.example/lettre")
    moved = replace(workspace, newsletter=replace(workspace.newsletter, site=site))
    with served(readers_app(moved, ledger)) as address, httpx.Client(base_url=address) as client:
        assert client.get(f"/lettre/u/{_token_of(ledger)}").status_code == 200
        page = client.get("/lettre/mentions-legales")
        assert 'href="/lettre/static/readers.css' in page.text
        assert client.get("/lettre/static/readers.css").status_code == 200


def test_a_fault_of_ours_tells_a_reader_to_try_again_under_the_same_guards(site: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("composer.web.readers.find_by_token", lambda *_: 1 // 0)
    answer = site.get("/u/n-importe-quoi")
    assert answer.status_code == 503
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "ZeroDivisionError" not in answer.text


def test_who_was_forwarded_the_letter_learns_how_to_receive_it(site: httpx.Client) -> None:
    page = site.get("/").text
    assert "Pour recevoir la lettre, écrivez à" in page
    assert re.search(r'<a href="mailto:[^"@]+@[^"?]+\?subject=Inscription">', page)


def test_what_is_kept_of_a_reader_is_told_with_who_answers_and_how_to_have_it_back(site: httpx.Client) -> None:
    page = site.get(_path(privacy_url("https://maree.example"))).text.replace("\u00a0", " ")
    for words in ("Éditions du Môle", "redaction@maree.example", "RGPD, art. 6", "cnil.fr", "Hébergeur Fictif, Paris", "Se désinscrire"):
        assert words in page
    assert 'href="/mentions-legales"' in page
    assert 'href="/confidentialite"' in site.get("/mentions-legales").text


def test_every_page_leads_to_the_legal_pages(site: httpx.Client, ledger: Ledger) -> None:
    _launch(ledger)
    for address in ("/", f"/u/{_token_of(ledger)}", "/nulle-part", "/mentions-legales"):
        page = site.get(address).text
        assert 'href="/mentions-legales"' in page
        assert 'href="/confidentialite"' in page


@pytest.mark.parametrize(
    ("settings", "there", "absent"),
    [
        (
            'host = "Hébergeur, 75000 Paris"',
            ("à titre non professionnel", "La personne qui publie"),
            ("Direction de la publication", "Éditeur"),
        ),
        ('name = "Anne Lise"\nhost = "H"', ("Éditée par", "Direction de la publication"), ("à titre non professionnel", "Forme juridique")),
        ('name = "M"\nlegal_form = "SARL"', ("Éditeur", "Forme juridique"), ("Direction de la publication", "Hébergement")),
    ],
    ids=["unnamed", "person", "company"],
)
def test_a_person_a_company_and_one_who_stays_unnamed_are_told_as_what_they_are(
    workspace: Workspace, ledger: Ledger, settings: str, there: tuple[str, ...], absent: tuple[str, ...]
) -> None:
    workspace.config_path.write_text(NEWSLETTER.partition("[publisher]\n")[0] + "[publisher]\n" + settings, "utf-8")
    with served(readers_app(open_workspace(workspace.root), ledger)) as address, httpx.Client(base_url=address) as client:
        pages = client.get("/mentions-legales").text + client.get("/confidentialite").text
    assert [words for words in there if words not in pages] == []
    assert [words for words in absent if words in pages] == []


def test_the_relay_is_named_where_it_is_somebody_elses(workspace: Workspace, ledger: Ledger) -> None:
    for host, named in (("smtp.relais.example", True), ("localhost", False)):
        workspace.config_path.write_text(f'{NEWSLETTER}\n[transport]\nkind = "smtp"\nhost = "{host}"\n', "utf-8")
        with served(readers_app(open_workspace(workspace.root), ledger)) as address, httpx.Client(base_url=address) as client:
            assert (f"prestataire d’envoi ({host})" in client.get("/confidentialite").text) is named


def test_the_log_of_attempts_is_named_where_there_is_one(workspace: Workspace, ledger: Ledger) -> None:
    for setting, named in (("attempts_days = 30", True), ("attempts = false", False)):
        workspace.config_path.write_text(f"{NEWSLETTER}\n[log]\n{setting}\n", "utf-8")
        with served(readers_app(open_workspace(workspace.root), ledger)) as address, httpx.Client(base_url=address) as client:
            assert ("effacé après 30 jours" in client.get("/confidentialite").text) is named
