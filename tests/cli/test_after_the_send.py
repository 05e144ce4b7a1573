"""After the send, by the commands alone and a real server: the web view corrected, a rectificatif, and themes that hide who pays."""

from __future__ import annotations

import email
import email.policy
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

Hebdo = Callable[..., Any]
PROJECT = Path(__file__).resolve().parents[2]
ISSUE = "2026-11-26-moulin"
PEOPLE = 5


def people(numbers: range) -> str:
    return "email\n" + "".join(f"l{n}@lecteurs.example.org\n" for n in numbers)


@pytest.fixture
def left(hebdo: Hebdo, sample: Path) -> Path:
    """No. 42 has left to five readers."""
    (sample / "p.csv").write_text(people(range(PEOPLE)), "utf-8")
    assert hebdo("subscribers", "import", "p.csv", "--consent", "form", cwd=sample).code == 0
    assert hebdo("send", "42", "--now", "--hold", "0s", "--yes", cwd=sample).code == 0
    assert hebdo("worker", "--until-idle", cwd=sample).code == 0
    return sample


@pytest.fixture
def site(left: Path) -> Iterator[httpx.Client]:
    """``hebdo serve`` in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = subprocess.Popen(
        [sys.executable, "-m", "composer", "-C", str(left), "serve", "--port", str(port), "--no-desk"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=PROJECT,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            for _ in range(200):
                try:
                    if client.get("/healthz").status_code == 200:
                        break
                except httpx.TransportError:
                    time.sleep(0.05)
            yield client
    finally:
        started.terminate()
        started.wait(20)


def edit(folder: Path, old: str, new: str, file: str = "une.md") -> None:
    path = folder / "issues" / ISSUE / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def files(folder: Path) -> dict[str, str]:
    return {name: (folder / "issues" / ISSUE / name).read_text("utf-8") for name in ("edition.html", "edition.txt", "sent.json")}


def test_the_web_view_is_corrected_while_the_server_runs_and_what_was_sent_stays(hebdo: Hebdo, left: Path, site: httpx.Client) -> None:
    address, kept = f"/n/{ISSUE}", files(left)
    assert hebdo("correct", "42", "--yes", "--json", cwd=left).answer["data"]["changed"] is False
    edit(left, "Saint-Aubrac", "Saint-Aubrun")
    asked = hebdo("correct", "42", "--note", "Le village: Saint-Aubrun", cwd=left, lang="fr")
    assert asked.code == 4
    assert "--note 'Le village: Saint-Aubrun' --yes" in asked.err, "nothing has to be typed again"
    assert "Saint-Aubrac" in asked.err
    assert "Saint-Aubrun" in asked.err
    assert "Saint-Aubrun" not in site.get(address).text
    done = hebdo("correct", "42", "--note", 'Le village: "Saint-Aubrun" <script>', "--yes", cwd=left)
    assert done.code == 0, done.err
    page = site.get(address)
    assert re.search(
        r"<b>Corrigé le \d+(?:er)?\u00a0\w+\u00a0\d{4}</b>\u00a0: Le village\u00a0: «\u00a0Saint-Aubrun\u00a0» &lt;script&gt;", page.text
    )
    assert "À Saint-Aubrun" in page.text
    assert page.headers["cache-control"] == "public, max-age=60"
    assert "Corrigé le" in site.get("/").text
    sent = site.get(f"{address}/envoi")
    assert "À Saint-Aubrac" in sent.text
    assert f'href="{address}"' in sent.text
    assert files(left) == kept
    assert "Saint-Aubrun" in (left / "issues" / ISSUE / "corrected.txt").read_text("utf-8")
    told = hebdo("status", "42", "--json", cwd=left).answer["data"]["corrections"]
    assert [one["note"] for one in told] == ['Le village: "Saint-Aubrun" <script>']
    assert "Web view corrected" in hebdo("show", "42", cwd=left).out


def test_a_correction_is_taken_back_one_by_one(hebdo: Hebdo, left: Path, site: httpx.Client) -> None:
    for old, new in (("Saint-Aubrac", "Saint-Un"), ("Saint-Un", "Saint-Deux")):
        edit(left, old, new)
        assert hebdo("correct", "42", "--note", new, "--yes", cwd=left).code == 0
    page = site.get(f"/n/{ISSUE}").text
    assert page.index("Saint-Deux") < page.index("Saint-Un")
    assert page.count("<b>Corrigé le") == 2
    asked = hebdo("correct", "42", "--undo", cwd=left)
    assert asked.code == 4
    assert "Saint-Deux" in asked.err
    assert "Note" not in asked.err
    assert "correct 2026" in asked.err
    assert "--undo --yes" in asked.err
    for shown in ("À Saint-Un", "À Saint-Aubrac"):
        assert hebdo("correct", "42", "--undo", "--yes", cwd=left).code == 0
        assert shown in site.get(f"/n/{ISSUE}").text
    assert "Corrigé" not in site.get(f"/n/{ISSUE}").text
    assert site.get(f"/n/{ISSUE}/envoi").status_code == 404
    assert not (left / "issues" / ISSUE / "corrected.html").exists()
    assert hebdo("correct", "42", "--undo", "--yes", cwd=left).code == 6


def test_what_never_left_or_has_errors_is_not_published(hebdo: Hebdo, left: Path) -> None:
    assert hebdo("new", "issue", "Brouillon", cwd=left).code == 0
    assert hebdo("correct", "43", "--yes", cwd=left).code == 6
    edit(left, "Saint-Aubrac", "TODO")
    refused = hebdo("correct", "42", "--yes", "--json", cwd=left)
    assert refused.code == 1
    assert any(one["rule"] == "placeholder" for one in refused.answer["findings"])


def test_a_note_can_be_mended_without_another_correction(hebdo: Hebdo, left: Path) -> None:
    edit(left, "Saint-Aubrac", "Saint-Un")
    assert hebdo("correct", "42", "--note", "Faute", "--yes", cwd=left).code == 0
    asked = hebdo("correct", "42", "--note", "Le nom du village", cwd=left)
    assert asked.code == 4
    assert "Le nom du village" in asked.err
    again = hebdo("correct", "42", "--note", "Le nom du village", "--yes", "--json", cwd=left).answer["data"]
    assert [one["note"] for one in again["corrections"]] == ["Le nom du village"]


def test_a_rectificatif_goes_to_exactly_those_who_got_the_issue(hebdo: Hebdo, left: Path) -> None:
    (left / "q.csv").write_text(people(range(90, 93)), "utf-8")
    assert hebdo("subscribers", "import", "q.csv", "--consent", "form", cwd=left).code == 0
    assert hebdo("subscribers", "remove", "l0@lecteurs.example.org", cwd=left).code == 0
    made = hebdo("new", "correction", "--of", "42", cwd=left, lang="fr")
    assert made.code == 0, made.err
    issue = made.out.strip()
    story = next(path for path in (left / "issues" / issue).glob("*.md") if path.name != "issue.md")
    story.write_text(story.read_text("utf-8").replace("à compléter", "trente"), "utf-8")
    before = set((left / "var" / "outbox").rglob("*.eml"))
    sent = hebdo("send", issue, "--now", "--hold", "0s", cwd=left, lang="fr")
    assert sent.code == 0, sent.err
    assert "4\u00a0abonnés qui ont reçu le n°\u00a042" in sent.out.replace("4 abonnés", "4\u00a0abonnés")
    assert "1 n’est plus inscrit" in sent.out
    assert hebdo("worker", "--until-idle", cwd=left).code == 0
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in set((left / "var" / "outbox").rglob("*.eml")) - before
    ]
    assert sorted(mail["To"].addresses[0].addr_spec for mail in mails) == [f"l{n}@lecteurs.example.org" for n in range(1, PEOPLE)]
    assert {" ".join(mail["Subject"].split()) for mail in mails} == {"Rectificatif : Trente boulangers s’offrent un moulin"}


HIDDEN = {
    "label removed": ("issue.mjml", '<span class="lw">{{ t(labels.sponsor) }}</span>', ""),
    "label in a comment": ("issue.mjml", '<span class="lw">{{ t(labels.sponsor) }}</span>', "<!-- {{ t(labels.sponsor) }} -->"),
    "white on white": ("inline.css", "span.lw { ", "span.lw { color:#ffffff; background-color:#fffffe; "),
    "8 px": ("inline.css", "span.lw { ", "span.lw { font-size:8px; "),
    "not displayed": ("inline.css", "div.lb { ", "div.lb { display:none; "),
    "only in the dark": ("head.css", "\na.tl{text", "\ndiv.lb{color:#000000!important}\na.tl{text"),
    "only on a phone": ("head.css", ":root{color-scheme:light dark}", ":root{color-scheme:light dark}\n@media (max-width:480px){div.lb{font-size:6px!important} }"),
    "in Outlook.com": ("head.css", ":root{color-scheme:light dark}", ":root{color-scheme:light dark}\n[data-ogsc] div.lb{display:none!important}"),
    "plain text": ("text.txt", "{{ plain.text(labels.sponsor) }}", ""),
    "out of the window": ("inline.css", "div.lb { ", "div.lb { text-indent:-9999px; "),
}  # fmt: skip


@pytest.mark.parametrize("case", HIDDEN)
def test_a_theme_of_the_newsroom_that_hides_the_label_cannot_be_sent(hebdo: Hebdo, sample: Path, case: str) -> None:
    file, old, new = HIDDEN[case]
    own = sample / "templates" / "shared"
    own.mkdir(parents=True)
    shutil.copy(PROJECT / "templates" / "shared" / file, own)
    text = (own / file).read_text("utf-8")
    assert old in text
    (own / file).write_text(text.replace(old, new), "utf-8")
    (sample / "p.csv").write_text(people(range(PEOPLE)), "utf-8")
    hebdo("subscribers", "import", "p.csv", "--consent", "form", cwd=sample)
    refused = hebdo("send", "42", "--now", "--yes", "--json", cwd=sample)
    assert refused.code == 1, refused.out
    assert "sponsor-label" in {one["rule"] for one in refused.answer["findings"] if one["level"] == "error"}
    assert hebdo("schedule", "42", "--at", "2096-01-03 07:00", "--yes", cwd=sample).code == 1


def test_both_themes_as_they_come_are_taken(hebdo: Hebdo, sample: Path) -> None:
    for theme in ("classique", "moderne"):
        found = hebdo("check", "42", "--offline", "--format", "json", cwd=sample, HEBDO_NEWSLETTER__THEME=theme).answer["findings"]
        assert [one["rule"] for one in found if one["level"] == "error"] == []
        assert not {"sponsor-inverted", "legal-details"} & {one["rule"] for one in found}
