"""A proof in a browser: its own page for who has the link, and what the preview says once it is stale."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from composer.ledger import Ledger
from composer.web.readers import readers_app
from composer.workflow.approving import approve
from composer.workflow.proofing import send_proof
from composer.workspace import Workspace

from .conftest import ISSUE, KEY, NOON, served


@pytest.fixture
def site(workspace: Workspace, ledger: Ledger) -> Iterator[httpx.Client]:
    app = readers_app(workspace, ledger, clock=lambda: NOON)
    with served(app) as address, httpx.Client(base_url=address, headers={"host": "maree.example"}) as client:
        yield client


def proof_html(workspace: Workspace, ledger: Ledger) -> str:
    """The HTML part of a proof that was just sent."""
    send_proof(workspace, ledger, ISSUE, to=["desk@maree.example"], now=NOON)
    newest = max((workspace.root / "var/outbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    part = message_from_bytes(newest.read_bytes(), policy=policy.default).get_body(("html",))
    assert part is not None
    return str(part.get_content())


def page_of(html: str) -> str:
    (address,) = set(re.findall(rf'href="(https://maree\.example/n/{ISSUE}[^"]*)"', html))
    return urlsplit(address).path


def edit(workspace: Workspace) -> None:
    file = workspace.issues_path / ISSUE / "une.md"
    file.write_text(file.read_text(encoding="utf-8").replace("le bar et la sole", "le turbot"), encoding="utf-8")


def test_read_online_works_before_the_issue_left_and_for_nobody_else(site: httpx.Client, workspace: Workspace, ledger: Ledger) -> None:
    path = page_of(proof_html(workspace, ledger))
    answer = site.get(path)
    assert answer.status_code == 200
    assert "le bar et la sole" in answer.text
    assert "Ceci est une épreuve" in answer.text
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["cache-control"] == "no-store"
    for other in (f"/n/{ISSUE}", f"/n/{ISSUE}/", path[:-1], f"/n/autre/{path.rpartition('/')[2]}", f"/n/{ISSUE}/..%2f..%2fnewsletter.toml"):
        assert site.get(other).status_code == 404
    assert ISSUE not in site.get("/").text


def test_an_old_proof_keeps_the_words_it_had(site: httpx.Client, workspace: Workspace, ledger: Ledger) -> None:
    first = page_of(proof_html(workspace, ledger))
    edit(workspace)
    second = page_of(proof_html(workspace, ledger))
    assert first != second
    assert "le bar et la sole" in site.get(first).text
    assert "le turbot" in site.get(second).text


def test_the_pictures_of_a_proof_answer(site: httpx.Client, workspace: Workspace, ledger: Ledger) -> None:
    folder = workspace.issues_path / ISSUE
    (folder / "images").mkdir()
    picture = io.BytesIO()
    Image.new("RGB", (800, 400), "navy").save(picture, "JPEG")
    (folder / "images" / "quai.jpg").write_bytes(picture.getvalue())
    text = (folder / "une.md").read_text(encoding="utf-8")
    (folder / "une.md").write_text(
        text.replace("kind: lead", 'kind: lead\nimage: {file: images/quai.jpg, alt: "Le quai"}'), encoding="utf-8"
    )
    (address,) = re.findall(r'src="https://maree\.example(/i/[^"]+)"', proof_html(workspace, ledger))
    answer = site.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")


def test_the_links_to_leave_in_a_proof_leave_nobody(site: httpx.Client, workspace: Workspace, ledger: Ledger) -> None:
    html = proof_html(workspace, ledger)
    (leave,) = set(re.findall(r'href="https://maree\.example(/u/[^"]+)"', html))
    for answer in (site.get(leave), site.post(leave, data={"List-Unsubscribe": "One-Click"})):
        assert answer.status_code == 200
        assert "Ceci est une épreuve\u00a0: personne n’est désinscrit" in answer.text


def test_the_preview_says_that_the_last_proof_is_stale(preview: str, workspace: Workspace, ledger: Ledger) -> None:
    page = f"{preview}/numeros/{ISSUE}/bouclage"
    with httpx.Client(follow_redirects=True) as client:
        client.get(f"{preview}/?jeton={KEY}")
        assert "Épreuve" not in client.get(page).text
        proof_html(workspace, ledger)
        fresh = client.get(page).text
        assert "1, à jour" in fresh
        assert "date d’avant" not in fresh
        edit(workspace)
        stale = client.get(page).text
        assert "L’épreuve 1 date d’avant la dernière modification." in stale
        assert f"hebdo proof {ISSUE}" in stale


def test_the_preview_says_what_the_desk_still_wants(preview: str, workspace: Workspace, ledger: Ledger) -> None:
    workspace.config_path.write_text(
        workspace.config_path.read_text(encoding="utf-8") + '\n[desk]\nrequire = ["proof", "approval"]\n', "utf-8"
    )
    une = workspace.issues_path / ISSUE / "une.md"
    une.write_text(une.read_text(encoding="utf-8").replace("[douze ports voisins]()", "douze ports voisins"), encoding="utf-8")
    page = f"{preview}/numeros/{ISSUE}/bouclage"
    with httpx.Client(follow_redirects=True) as client:
        client.get(f"{preview}/?jeton={KEY}")
        assert "Il manque une épreuve avant de programmer." in client.get(page).text
        proof_html(workspace, ledger)
        assert "Il manque le bon à tirer avant de programmer." in client.get(page).text
        approve(workspace, ledger, ISSUE, by="Anne", now=NOON)
        assert "Rien n’empêche de programmer." in client.get(page).text
        edit(workspace)
        assert "Il manque une épreuve avant de programmer." in client.get(page).text
