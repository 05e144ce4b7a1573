from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Hebdo = Callable[..., Any]
STORY_KEYS = {
    "id", "kind", "headline", "author", "standfirst", "teaser", "advertiser", "border", "run_ins", "headings", "paragraphs", "lists",
    "further_reading", "calls", "image", "web_only",
}  # fmt: skip


def test_a_new_newsletter_takes_a_paste_and_shows_it(hebdo: Hebdo, tmp_path: Path, sample: Path) -> None:
    assert hebdo("init", "letter", cwd=tmp_path).code == 0
    letter = tmp_path / "letter"
    text = (sample / "seeds" / "001-trente-boulangers.txt").read_bytes()
    imported = hebdo("import", "-", "--json", cwd=letter, stdin=text)
    assert imported.code == 0, imported.err
    data = imported.answer["data"]
    assert data["subject"] == "Trente boulangers s’offrent un moulin"
    assert [story["kind"] for story in data["stories"]] == ["lead", "sponsor", "story", "story"]
    assert [len(story["run_ins"]) for story in data["stories"]] == [5, 0, 2, 0]
    assert len(data["stories"][1]["calls"]) == 2
    assert len(data["stories"][1]["paragraphs"]) == 4
    assert data["unclassified"] == []
    assert len(data["credits"]) == 2
    shown = hebdo("show", "latest", "--json", cwd=letter)
    assert shown.answer["data"]["stories"] == data["stories"]


def test_show_answers_by_the_contract(hebdo: Hebdo, sample: Path) -> None:
    answer = hebdo("show", "42", "--json", cwd=sample).answer
    assert answer["ok"] is True
    assert {"id", "number", "date", "subject", "preheader", "introduction", "stories", "credits"} <= set(answer["data"])
    for story in answer["data"]["stories"]:
        assert set(story) >= STORY_KEYS
        assert set(story["web_only"]) == {"questions", "paragraphs"}
    assert answer["data"]["number"] == 42
    assert answer["data"]["date"] == "2026-11-26"


def test_the_second_seed_is_one_story(hebdo: Hebdo, sample: Path) -> None:
    data = hebdo("import", "seeds/002-robot-des-salines.txt", "--dry-run", "--json", cwd=sample).answer["data"]
    (story,) = data["stories"]
    assert len(story["headings"]) == 6
    assert story["lists"] == 1
    assert len(story["web_only"]["questions"]) == 5
    assert len(story["further_reading"]) == 6
    assert data["unclassified"] == []
    assert any("Sources" in warning for warning in data["warnings"])


def test_a_dry_run_writes_nothing(hebdo: Hebdo, sample: Path) -> None:
    before = sorted(path for path in sample.rglob("*") if path.is_file())
    assert hebdo("import", "seeds/001-trente-boulangers.txt", "--dry-run", cwd=sample).code == 0
    assert sorted(path for path in sample.rglob("*") if path.is_file()) == before


def test_an_issue_is_named_by_number_folder_beginning_or_latest(hebdo: Hebdo, sample: Path) -> None:
    for name in ("42", "2026-11-26-moulin", "2026-11-26", "latest", "dernier", "moulin"):
        assert hebdo("show", name, "--json", cwd=sample).answer["data"]["id"] == "2026-11-26-moulin", name


def test_order_and_move_change_what_they_say(hebdo: Hebdo, sample: Path) -> None:
    ordered = hebdo("order", "42", "criee", "une", "--json", cwd=sample).answer["data"]
    assert [story["id"] for story in ordered["stories"]] == ["criee", "une", "partenaire", "cantine"]
    assert hebdo("move", "42/criee", "stories", cwd=sample).code == 0
    assert (sample / "stories" / "criee.md").is_file()
    assert (sample / "stories" / "images" / "criee.jpg").is_file()


def test_new_issue_takes_the_next_number_and_new_story_lands_in_it(hebdo: Hebdo, sample: Path) -> None:
    made = hebdo("new", "issue", "Les quais de demain", "--date", "2026-12-03", "--json", cwd=sample).answer["data"]
    assert (made["number"], made["date"]) == (43, "2026-12-03")
    story = hebdo("new", "story", "Un titre", "--issue", "43", "--kind", "lead", "--json", cwd=sample).answer["data"]
    assert (story["kind"], story["headline"]) == ("lead", "Un titre")


def test_open_hands_the_files_to_the_editor(hebdo: Hebdo, sample: Path) -> None:
    editor = sample / "editor.sh"
    editor.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$OPENED"\n', encoding="utf-8")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    assert hebdo("open", "42", cwd=sample, EDITOR=str(editor), OPENED=str(sample / "opened")).code == 0
    opened = (sample / "opened").read_text(encoding="utf-8").splitlines()
    assert opened[0].endswith("issue.md")
    assert len(opened) == 5


def test_links_come_as_a_table_and_are_taken_back(hebdo: Hebdo, sample: Path) -> None:
    made = hebdo("import", "seeds/001-trente-boulangers.txt", "--json", cwd=sample).answer["data"]
    rows = hebdo("links", made["id"], "--missing", "--json", cwd=sample).answer["data"]
    assert len(rows) == 8
    assert all(set(row) >= {"id", "place", "words", "url", "state"} for row in rows)
    for number, row in enumerate(rows):
        row["url"] = f"https://example.org/{number}"
    (sample / "links.json").write_text(json.dumps(rows), encoding="utf-8")
    assert hebdo("links", made["id"], "--set", "links.json", cwd=sample).code == 0
    assert hebdo("links", made["id"], "--missing", "--json", cwd=sample).answer["data"] == []
    stories = hebdo("show", made["id"], "--json", cwd=sample).answer["data"]["stories"]
    given = [link["url"] for story in stories for link in (*story["calls"], *story["further_reading"])]
    assert sorted(given) == sorted(f"https://example.org/{number}" for number in range(8))


def test_the_sample_issue_has_no_error(hebdo: Hebdo, sample: Path) -> None:
    ended = hebdo("check", "42", "--offline", "--json", cwd=sample)
    assert [finding for finding in ended.answer["findings"] if finding["level"] == "error"] == []
    assert ended.code == 0


def test_check_ends_with_1_on_an_error_and_names_file_and_line(hebdo: Hebdo, sample: Path) -> None:
    story = sample / "issues" / "2026-11-26-moulin" / "criee.md"
    story.write_text(story.read_text(encoding="utf-8").replace("(https://example.org/archives/chinchard)", "()"), encoding="utf-8")
    line = next(n for n, words in enumerate(story.read_text(encoding="utf-8").splitlines(), start=1) if "]()" in words)
    ended = hebdo("check", "42", "--offline", cwd=sample)
    assert ended.code == 1
    assert f"issues/2026-11-26-moulin/criee.md:{line}" in ended.out
    as_json = hebdo("check", "42", "--offline", "--format", "json", cwd=sample)
    assert as_json.code == 1
    assert any(finding["line"] == line and finding["level"] == "error" for finding in as_json.answer["findings"])


def test_links_that_nobody_could_try_are_told(hebdo: Hebdo, sample: Path) -> None:
    for file in (sample / "issues").glob("*/*.md"):
        file.write_text(re.sub(r"https://[\w.]+/", "https://exemple.invalid/", file.read_text(encoding="utf-8")), encoding="utf-8")
    ended = hebdo("check", "42", cwd=sample, lang="fr")
    assert "Liens non essayés\u00a0: pas de réseau." in ended.err
    assert "links-unasked" not in ended.out
    found = hebdo("check", "42", "--json", cwd=sample).answer["findings"]
    assert [one["level"] for one in found if one["rule"] == "links-unasked"] == ["advice"]
    assert "réseau" not in hebdo("check", "42", "--offline", cwd=sample, lang="fr").err


@pytest.mark.parametrize(("form", "opening"), [("html", b"<!doctype html"), ("text", b"DEMI-SEL"), ("eml", b"from:")])
def test_render_gives_html_text_and_a_message_twice_the_same(hebdo: Hebdo, sample: Path, form: str, opening: bytes) -> None:
    assert hebdo("render", "42", "--format", form, "-o", "once", cwd=sample).code == 0
    assert hebdo("render", "42", "--format", form, "-o", "twice", cwd=sample).code == 0
    once, twice = (sample / "once").read_bytes(), (sample / "twice").read_bytes()
    assert opening.lower() in once.lower()
    if form != "eml":  # a message carries its date
        assert once == twice
    assert b"{{" not in once
