from __future__ import annotations

import html
import io
import re
import threading
from collections.abc import Callable

import docx
import httpx
import pytest
from PIL import Image

from composer.web.preview import preview_app
from composer.workspace import Workspace, digest_of, list_issue_ids, load_issue

from .conftest import HUITRES, ISSUE, KEY, NOON, served

HERE = f"/numeros/{ISSUE}"
PATH = f"issues/{ISSUE}/huitres.md"
Enter = Callable[[str], httpx.Client]

RAW = """La mer monte, les prix aussi
Et aussi : Un port sans bateaux
Port-Aubin relève ses quais
Le conseil a voté lundi soir trois millions d’euros de travaux, après deux hivers où l’eau est entrée dans la halle et dans les maisons du bas.
PARTENAIRE
Cirés neufs, vieux modèles !
Depuis 1931, nos vareuses sont cousues à trente pas du quai, par les mêmes familles, avec la même toile.
⛵ Voir l’atelier
Un port sans bateaux pendant dix jours
La drague a commencé hier et les chalutiers attendent à Saint-Brec, où la place manque et où le gazole coûte neuf centimes de plus.
Pour aller plus loin :
– Les quais de 1912
"""


def _token(page: httpx.Response) -> str:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page.text)
    assert found
    return found[1]


# Who gets in


def test_without_the_key_of_this_run_nothing_is_shown(preview: str) -> None:
    with httpx.Client(base_url=preview) as stranger:
        for path in ("/", f"{HERE}/apercu", f"{HERE}/source", f"{HERE}/message", "/direct", "/?jeton=faux"):
            answer = stranger.get(path)
            assert answer.status_code == 403
            assert "phare" not in answer.text


def test_the_key_leaves_the_address_bar_and_never_stands_in_a_page(preview: str, enter: Enter) -> None:
    with httpx.Client(base_url=preview) as client:
        answer = client.get(f"{HERE}/apercu", params={"jeton": KEY, "largeur": "768"})
        assert answer.headers["location"] == f"{HERE}/apercu?largeur=768"
        assert "httponly" in answer.headers["set-cookie"].lower()
    assert KEY not in enter(preview).get("/").text


@pytest.mark.parametrize(
    "path", ["//evil.example/%2f..", "/%2fevil.example", "///evil.example/", "/%5cevil.example", "/%5c/evil.example", "//"]
)
def test_the_key_opens_no_way_to_another_host(preview: str, path: str) -> None:
    with httpx.Client() as client:
        location = client.get(f"{preview}{path}?jeton={KEY}").headers["location"]
    assert location.startswith("/")
    assert location[1:2] not in {"/", "\\"}


def test_a_foreign_name_that_resolves_here_gets_nothing(preview: str, enter: Enter) -> None:
    client = enter(preview)
    assert client.get("/", headers={"host": "evil.example"}).status_code == 421
    assert client.get("/", headers={"host": "localhost:8200"}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1:1"])
def test_a_foreign_page_writes_nothing(preview: str, enter: Enter, workspace: Workspace, origin: str) -> None:
    client = enter(preview)
    token = _token(client.get("/"))
    put = {"if-match": f'"{digest_of(HUITRES)}"', "x-hebdo-token": token, "origin": origin}
    assert client.put(f"{HERE}/source?f={PATH}", content="# Volé", headers=put).status_code == 403
    form = {"token": token, "text": RAW}
    assert client.post("/coller/creer", data=form, headers={"origin": origin}).status_code == 403
    assert workspace.path_of(PATH).read_text("utf-8") == HUITRES
    assert list_issue_ids(workspace) == (ISSUE,)


def test_a_form_without_the_token_of_this_run_writes_nothing(preview: str, enter: Enter, workspace: Workspace) -> None:
    client = enter(preview)
    assert client.post("/coller/creer", data={"token": "0" * 64, "text": RAW}).status_code == 422
    assert client.put(f"{HERE}/source?f={PATH}", content="x", headers={"if-match": '"x"'}).status_code == 422
    assert list_issue_ids(workspace) == (ISSUE,)


def test_pages_run_nothing_inline_and_nothing_from_elsewhere(preview: str, enter: Enter) -> None:
    client = enter(preview)
    for path in ("/", f"{HERE}/apercu", f"{HERE}/source", f"{HERE}/bouclage", f"{HERE}/liens", f"{HERE}/sommaire", "/rien"):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert not re.search(r"<script(?![^>]* src=\"/static/)|<style|\sstyle=|\son[a-z]+=", answer.text)
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", answer.text)


def test_a_fault_of_ours_is_told_in_words_under_the_same_guards(preview: str, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("composer.web.preview.press.Press.rows", lambda _: 1 // 0)
    answer = enter(preview).get("/")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "ZeroDivisionError" not in answer.text


def test_the_mail_stands_in_a_frame_of_its_own_that_runs_nothing(preview: str, enter: Enter) -> None:
    client = enter(preview)
    page = client.get(f"{HERE}/apercu").text
    assert 'sandbox="allow-same-origin"' in page
    policy = client.get(f"{HERE}/message").headers["content-security-policy"]
    assert "script-src" not in policy
    assert "sandbox" in policy
    assert "frame-ancestors 'self'" in policy


# Numéros and Coller


def test_an_empty_workspace_asks_for_a_text(empty_preview: str, enter: Enter) -> None:
    assert "Aucun numéro pour l’instant. Collez un texte, nous le découpons." in enter(empty_preview).get("/").text


def test_a_paste_is_shown_before_anything_is_written(empty_preview: str, enter: Enter, empty: Workspace) -> None:
    client = enter(empty_preview)
    page = client.post("/coller", data={"token": _token(client.get("/")), "text": RAW}).text
    assert "Rien n’est encore écrit sur le disque." in page
    for words in ("La mer monte, les prix aussi", "Port-Aubin relève ses quais", "Cirés neufs, vieux modèles !", "1 appel"):
        assert words in page
    assert list_issue_ids(empty) == ()


def test_a_paste_becomes_an_issue_that_opens_on_its_preview(empty_preview: str, enter: Enter, empty: Workspace) -> None:
    client = enter(empty_preview)
    answer = client.post("/coller/creer", data={"token": _token(client.get("/")), "text": RAW})
    (issue_id,) = list_issue_ids(empty)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/numeros/{issue_id}/apercu"
    assert [story.kind for story in load_issue(empty, issue_id).stories] == ["lead", "sponsor", "story"]


def test_a_file_is_taken_apart_like_a_paste(empty_preview: str, enter: Enter) -> None:
    client = enter(empty_preview)
    files = {"file": ("collage.txt", RAW.encode("cp1252", "replace"), "text/plain")}
    assert "Port-Aubin relève ses quais" in client.post("/coller", data={"token": _token(client.get("/"))}, files=files).text


def test_what_cannot_be_read_is_refused_in_words_and_nothing_is_lost(empty_preview: str, enter: Enter) -> None:
    client = enter(empty_preview)
    token = _token(client.get("/"))
    for content in (b"", b"PK\x03\x04" + b"\x00" * 400, b"\x00\x01\x02" * 4000):
        answer = client.post("/coller", data={"token": token}, files={"file": ("texte.docx", content)})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    answer = client.post("/coller", data={"token": token, "text": "mes mots " * 600_000})
    assert answer.status_code == 422
    assert "mes mots mes mots" in answer.text


def test_a_story_can_be_added_to_an_issue(preview: str, enter: Enter, workspace: Workspace) -> None:
    client = enter(preview)
    text = "Trois phares avant Noël\n\nLe premier est à l’entrée du port et se visite le dimanche, quand le gardien veut bien.\n"
    form = {"token": _token(client.get("/")), "text": text, "as": "story", "into": ISSUE}
    assert client.post("/coller/creer", data=form).headers["location"] == f"{HERE}/apercu"
    assert load_issue(workspace, ISSUE).stories[-1].headline_text == "Trois phares avant Noël"


# Source


def test_a_save_needs_the_digest_of_what_was_opened(preview: str, enter: Enter, workspace: Workspace) -> None:
    client = enter(preview)
    token = {"x-hebdo-token": _token(client.get("/"))}
    address = f"{HERE}/source?f={PATH}"
    assert client.put(address, content="# Neuf\n", headers=token).status_code == 428
    saved = client.put(address, content="# Neuf\n", headers={**token, "if-match": f'"{digest_of(HUITRES)}"'})
    assert saved.status_code == 200
    assert saved.json()["state"].startswith("Enregistré à")
    assert workspace.path_of(PATH).read_text("utf-8") == "# Neuf\n"
    late = client.put(address, content="# Tard\n", headers={**token, "if-match": f'"{digest_of(HUITRES)}"'})
    assert late.status_code == 412
    assert late.json()["words"] == "# Neuf\n"
    assert workspace.path_of(PATH).read_text("utf-8") == "# Neuf\n"


def test_a_conflict_without_script_shows_both_texts(preview: str, enter: Enter, workspace: Workspace) -> None:
    client = enter(preview)
    token = _token(client.get("/"))
    workspace.path_of(PATH).write_text("# Les mots d’une autre\n", "utf-8")
    address = f"{HERE}/source?f={PATH}"
    answer = client.post(address, data={"token": token, "digest": digest_of(HUITRES), "text": "# Mes mots\r\n"})
    assert answer.status_code == 412
    assert "# Mes mots" in answer.text
    assert "# Les mots d’une autre" in answer.text
    assert "Vos mots sont gardés." in answer.text
    over = digest_of("# Les mots d’une autre\n")
    assert client.post(address, data={"token": token, "digest": "", "over": over, "text": "# Mes mots\r\n"}).status_code == 303
    assert workspace.path_of(PATH).read_text("utf-8") == "# Mes mots\n"


@pytest.mark.parametrize(
    "path", ["newsletter.toml", "../newsletter.toml", "/etc/passwd", f"issues/{ISSUE}/../../newsletter.toml", "stories/x.md"]
)
def test_only_files_of_the_issue_open_and_save(preview: str, enter: Enter, path: str) -> None:
    client = enter(preview)
    headers = {"x-hebdo-token": _token(client.get("/")), "if-match": '"x"'}
    assert client.get(f"{HERE}/source", params={"f": path}).status_code == 404
    assert client.put(f"{HERE}/source", params={"f": path}, content="x", headers=headers).status_code == 404


def test_a_broken_file_still_opens_in_the_source_tab(preview: str, enter: Enter, workspace: Workspace) -> None:
    workspace.path_of(PATH).write_text("---\nkind: [\n---\n# Huîtres\n", "utf-8")
    client = enter(preview)
    page = client.get(f"{HERE}/apercu")
    assert page.status_code == 200
    assert "Ce numéro ne peut pas encore être mis en page." in page.text
    assert "kind: [" in client.get(f"{HERE}/source", params={"f": PATH}).text
    assert client.get("/").status_code == 200


def test_stories_move_by_buttons(preview: str, enter: Enter, workspace: Workspace) -> None:
    client = enter(preview)
    form = {"token": _token(client.get("/")), "story": "huitres", "to": "up"}
    assert client.post(f"{HERE}/ordre", data=form).status_code == 303
    assert [story.id for story in load_issue(workspace, ISSUE).stories] == ["une", "huitres", "partenaire"]


# Aperçu, Bouclage, Liens


def test_a_finding_leads_to_its_file_and_line(preview: str, enter: Enter) -> None:
    client = enter(preview)
    page = client.get(f"{HERE}/apercu").text
    assert f"/source?f=issues%2F{ISSUE}%2Fune.md&amp;l=8" in page
    source = client.get(f"{HERE}/source", params={"f": f"issues/{ISSUE}/une.md", "l": "8"}).text
    assert 'data-line="8"' in source


def test_a_finding_in_a_file_that_the_tab_does_not_open_shows_its_path_and_no_link(
    preview: str, enter: Enter, workspace: Workspace
) -> None:
    bare = workspace.config_path.read_text("utf-8").partition("[publisher]\n")[0]
    workspace.config_path.write_text(bare, "utf-8")
    page = enter(preview).get(f"{HERE}/bouclage").text
    found = next(part for part in page.split("<article") if "[publisher]" in part)
    assert '<span class="mono">newsletter.toml</span>' in found
    assert "<a " not in found


def test_the_inbox_line_is_cut_at_35_50_and_90(preview: str, enter: Enter) -> None:
    page = enter(preview).get(f"{HERE}/apercu").text
    assert all(f"{n} signes" in page for n in (35, 50, 90))


def test_the_preview_reads_as_a_subscriber_whose_token_it_never_shows(preview: str, enter: Enter, ledger: object) -> None:
    client = enter(preview)
    mine = client.get(f"{HERE}/message", params={"lecteur": "claire.dupont@lecteurs.example"}).text
    assert "@lecteurs.example" in mine
    token = next(iter(ledger.subscribers.all())).token  # type: ignore[attr-defined]
    assert token not in mine
    assert "Aucun abonné n’a l’adresse" in client.get(f"{HERE}/apercu", params={"lecteur": "x@y.example"}).text


def test_links_without_address_get_theirs_in_one_table(preview: str, enter: Enter, workspace: Workspace) -> None:
    client = enter(preview)
    page = client.get(f"{HERE}/liens")
    assert "Un lien n’a pas d’adresse." in page.text
    ids = re.findall(r'name="id" value="([^"]*)"', page.text)
    was = re.findall(r'name="was" value="([^"]*)"', page.text)
    urls = [url or "https://maree.example/ports" for url in was]
    answer = client.post(f"{HERE}/liens", data={"token": _token(page), "id": ids, "was": was, "url": urls})
    assert answer.status_code == 303
    assert "[douze ports voisins](https://maree.example/ports)" in workspace.path_of(f"issues/{ISSUE}/une.md").read_text("utf-8")


def test_every_bad_address_is_marked_with_its_reason_and_the_good_ones_are_saved(preview: str, enter: Enter, workspace: Workspace) -> None:
    client = enter(preview)
    page = client.get(f"{HERE}/liens")
    ids = re.findall(r'name="id" value="([^"]*)"', page.text)
    was = re.findall(r'name="was" value="([^"]*)"', page.text)
    urls = ["javascript:alert(1)", "https://maree.example/82", "ht tp:x"]
    answer = client.post(f"{HERE}/liens", data={"token": _token(page), "id": ids, "was": was, "url": urls})
    assert answer.status_code == 422
    assert "2 adresses ne peuvent pas rester ainsi." in answer.text
    assert "Une adresse enregistrée." in answer.text
    assert re.findall(r'name="url" value="([^"]*)"', answer.text) == urls
    for number, typed in ((1, urls[0]), (3, urls[2])):
        assert re.search(rf'value="{re.escape(typed)}"[^>]* aria-invalid="true" aria-describedby="why-{number}"', answer.text)
        assert f'id="why-{number}"' in answer.text
    assert answer.text.count("aria-invalid") == 2
    written = workspace.path_of(f"issues/{ISSUE}/une.md").read_text("utf-8")
    assert "(https://maree.example/82)" in written
    assert "javascript" not in written


def test_pages_speak_the_language_that_the_browser_asks_for(workspace: Workspace) -> None:
    app = preview_app(workspace, key=KEY, clock=lambda: NOON)
    with served(app) as address, httpx.Client(base_url=address, follow_redirects=True) as client:
        assert 'lang="en"' in client.get("/", params={"jeton": KEY}, headers={"accept-language": "en-GB,en;q=0.9,fr;q=0.5"}).text
        assert 'lang="fr"' in client.get("/", headers={"accept-language": "de"}).text


def test_a_save_on_disk_is_told_at_once(preview: str, enter: Enter, workspace: Workspace) -> None:
    client = enter(preview)
    with client.stream("GET", "/direct", params={"numero": ISSUE}) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 1000"
        threading.Timer(0.2, lambda: workspace.path_of(PATH).write_text("# Autre\n", "utf-8")).start()
        told = next(line for line in lines if line.startswith("data:"))
    assert told == f"data: {ISSUE}"


@pytest.mark.parametrize("address", ["/", f"{HERE}/apercu"])
def test_what_changed_while_a_page_loaded_is_told_when_its_stream_opens(
    preview: str, enter: Enter, workspace: Workspace, address: str
) -> None:
    client = enter(preview)
    stream_of = re.compile(r'data-live="([^"]+)"')

    def live() -> str:
        found = stream_of.search(client.get(address).text)
        assert found is not None
        return html.unescape(found[1])

    before = live()
    with client.stream("GET", "/direct") as stream:
        workspace.path_of(PATH).write_text("# Autre\n", "utf-8")
        assert any(line.startswith("data:") for line in stream.iter_lines())
    with client.stream("GET", before) as stream:
        assert [line for _, line in zip(range(6), stream.iter_lines(), strict=False)][-1] == "data: *"
    with client.stream("GET", live()) as stream:
        opened = [line for _, line in zip(range(3), stream.iter_lines(), strict=False)]
        assert opened[0] == "retry: 1000"
    was = opened[1].removeprefix("id: ")
    assert _first_data(client, {"last-event-id": "ffff.0"}) == "data: *"
    threading.Timer(0.3, lambda: workspace.path_of(PATH).write_text("# Encore\n", "utf-8")).start()
    assert _first_data(client, {"last-event-id": was}) == f"data: {ISSUE}"


def _first_data(client: httpx.Client, headers: dict[str, str]) -> str:
    with client.stream("GET", "/direct", headers=headers) as stream:
        return next(line for line in stream.iter_lines() if line.startswith("data:"))


def test_the_first_issue_of_a_workspace_is_told_too(empty_preview: str, enter: Enter, empty: Workspace) -> None:
    client = enter(empty_preview)
    folder = empty.issues_path / "2026-12-03-neige"
    with client.stream("GET", "/direct") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 1000"
        threading.Timer(0.3, lambda: (folder.mkdir(parents=True), (folder / "issue.md").write_text("# Neige\n", "utf-8"))).start()
        assert next(line for line in lines if line.startswith("data:"))
    with client.stream("GET", "/direct", params={"numero": folder.name}) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 1000"
        threading.Timer(0.5, lambda: (folder / "issue.md").write_text("# Neige et verglas\n", "utf-8")).start()
        assert next(line for line in lines if line.startswith("data:")) == f"data: {folder.name}"


PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def test_a_picture_comes_from_the_browser_into_its_story(preview: str, enter: Enter, workspace: Workspace) -> None:
    client = enter(preview)
    form = {"token": _token(client.get("/")), "f": PATH, "alt": "Des parcs à marée basse", "credit": "Tom Achard"}
    files = {"file": ("Parcs à huîtres (1).PNG", PNG, "image/png")}
    assert client.post(f"{HERE}/image", data=form, files=files).status_code == 303
    image = load_issue(workspace, ISSUE).stories[-1].image
    assert image is not None
    assert (image.file, image.alt, image.credit) == ("images/parcs-a-huitres-1.png", "Des parcs à marée basse", "Tom Achard")
    assert workspace.path_of(f"issues/{ISSUE}/{image.file}").read_bytes() == PNG


def test_what_is_no_picture_is_refused_and_the_story_stays(preview: str, enter: Enter, workspace: Workspace) -> None:
    client = enter(preview)
    form = {"token": _token(client.get("/")), "f": PATH}
    for name, content in (("../../x.svg", b"<svg onload='x'/>"), ("x.png", b"<script>"), ("x.jpg", b"")):
        assert client.post(f"{HERE}/image", data=form, files={"file": (name, content)}).status_code == 422
    assert workspace.path_of(PATH).read_text("utf-8") == HUITRES
    assert not (workspace.issues_path / ISSUE / "images").exists()


def _word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    written = io.BytesIO()
    Image.new("RGB", (600, 400), "red").save(written, "PNG")
    written.seek(0)
    document.add_picture(written)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


TOLD = "Les parcs ont rouvert mardi après trois semaines de fermeture, et les premières bourriches sont parties le soir même vers les marchés du centre."


def test_a_word_document_is_looked_at_then_written_with_its_pictures(preview: str, enter: Enter, workspace: Workspace) -> None:
    client = enter(preview)
    token = _token(client.get("/"))
    seen = client.post("/coller", data={"token": token}, files={"file": ("parcs.docx", _word("Les parcs rouvrent", TOLD))})
    assert seen.status_code == 200
    assert "Document Word" in seen.text
    fields = dict(re.findall(r'<input type="hidden" name="(upload|name|html)" value="([^"]*)"', seen.text))
    assert not list(workspace.root.glob("stories/*"))
    raw = html.unescape(seen.text.partition('spellcheck="false">')[2].partition("</textarea>")[0]).removeprefix("\n")
    assert raw.strip().split("\n") == ["Les parcs rouvrent", TOLD]
    answer = client.post("/coller/creer", data={"token": token, "into": "", "text": raw.replace("\n", "\r\n"), **fields})
    assert answer.status_code == 303
    assert [path.suffix for path in (workspace.stories_path / "images").iterdir()] == [".png"]
    edited = client.post("/coller/creer", data={"token": token, "into": "", "text": raw.replace("rouvrent", "ferment"), **fields})
    assert edited.status_code == 303
    assert "ferment" in "".join(path.read_text("utf-8") for path in workspace.stories_path.glob("*.md"))


def test_a_word_document_that_is_no_longer_at_hand_is_asked_for_again(preview: str, enter: Enter, workspace: Workspace) -> None:
    client = enter(preview)
    form = {"token": _token(client.get("/")), "into": "", "text": "Titre\n\n" + TOLD, "upload": "0" * 64}
    answer = client.post("/coller/creer", data=form)
    assert answer.status_code == 422
    assert "Choisissez de nouveau le fichier" in answer.text
    assert not list(workspace.root.glob("stories/*"))


# What no browser sends


def _sent(client: httpx.Client, name: str, value: bytes, charset: str) -> httpx.Response:
    head = f'--zz\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
    kind = f"multipart/form-data; boundary=zz; charset={charset}"
    return client.post("/coller", content=head + value + b"\r\n--zz--\r\n", headers={"content-type": kind})


@pytest.mark.parametrize(
    "name",
    ["a" * 5000, "%2e%2e", "%2e", "_modele", ".git", "a%00b", "%2e%2e%2fvar"],
    ids=["long", "up", "here", "_", "hidden", "nul", "var"],
)
def test_what_no_issue_can_be_called_is_not_looked_for(preview: str, enter: Enter, name: str) -> None:
    assert enter(preview).get(httpx.URL(f"{preview}/numeros/{name}/apercu")).status_code == 404


@pytest.mark.parametrize("charset", ["unicode_escape", "undefined", "idna"])
def test_a_form_in_a_charset_of_python_is_refused_in_words(preview: str, enter: Enter, charset: str) -> None:
    answer = _sent(enter(preview), "token", b"\\ud800", charset)
    assert answer.status_code == 422
    assert "<h1" in answer.text


def test_a_form_of_too_many_fields_or_without_its_boundary_is_refused_in_words(preview: str, enter: Enter) -> None:
    client = enter(preview)
    many = client.post("/coller", data={f"f{n}": "x" for n in range(1500)})
    broken = client.post("/coller", content=b"--zz\r\nx", headers={"content-type": "multipart/form-data"})
    for answer in (many, broken):
        assert answer.status_code == 422
        assert "formulaire est arrivé abîmé" in answer.text


def test_an_address_that_takes_no_form_says_so_in_words(preview: str, enter: Enter) -> None:
    answer = enter(preview).post("/direct")
    assert answer.status_code == 405
    assert "ne va pas avec cette adresse" in answer.text
