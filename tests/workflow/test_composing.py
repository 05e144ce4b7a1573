from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from composer.errors import Conflict, NotFound, StoryError
from composer.model.issue import Issue, Story
from composer.workflow.answers import issue_answer, lone_story_answer, story_answer
from composer.workflow.composing import init_workspace, move_story, new_issue, new_story, order_stories
from composer.workflow.listing import list_issues, show_issue
from composer.workspace import Workspace, load_issue, open_workspace

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    init_workspace(tmp_path / "ma-lettre", language="fr")
    return open_workspace(tmp_path / "ma-lettre", environ={})


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_new_newsletter_opens_without_a_warning(tmp_path: Path, language: str):
    init_workspace(tmp_path / "ma-lettre", language=language, name='La « Lettre » "x" \\ \t y')
    workspace = open_workspace(tmp_path / "ma-lettre", environ={})
    assert workspace.warnings == ()
    assert workspace.newsletter.name.startswith("La « Lettre »")
    assert workspace.newsletter.locale[:2] == language
    assert workspace.newsletter.list_id.endswith(".localhost")


def test_a_newsletter_is_never_made_over_another_and_files_there_stay(tmp_path: Path):
    (tmp_path / ".gitignore").write_text("mine\n")
    assert init_workspace(tmp_path, language="fr", name="Une").newsletter.name == "Une"
    with pytest.raises(Conflict):
        init_workspace(tmp_path, language="fr", name="Deux")
    assert open_workspace(tmp_path, environ={}).newsletter.name == "Une"
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


def test_issues_are_numbered_on_and_named_by_date_and_subject(workspace: Workspace):
    first = new_issue(workspace, now=NOW, subject="Les puces, l’été", number=212, planned=date(2026, 11, 26))
    second = new_issue(workspace, now=NOW)
    assert (first.id, first.number, first.subject) == ("2026-11-26-les-puces-l-ete", 212, "Les puces, l’été")
    assert (second.id, second.number, second.subject) == ("2026-11-24-numero-213", 213, "")
    assert new_issue(workspace, now=NOW, subject="Les puces, l’été", planned=date(2026, 11, 26)).id == "2026-11-26-les-puces-l-ete-2"
    with pytest.raises(Conflict):
        new_issue(workspace, now=NOW, number=212)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 24, 12, tzinfo=UTC), date(2026, 11, 26)),
        (datetime(2026, 11, 26, 5, 59, tzinfo=UTC), date(2026, 11, 26)),
        (datetime(2026, 11, 26, 6, 0, tzinfo=UTC), date(2026, 12, 3)),
        (datetime(2026, 11, 25, 23, 30, tzinfo=UTC), date(2026, 11, 26)),
    ],
)
def test_a_new_issue_is_planned_for_the_next_slot_in_the_newsletters_zone(workspace: Workspace, now: datetime, day: date):
    workspace = open_workspace(workspace.root, environ={"HEBDO_SCHEDULE__WEEKDAY": "4"})
    assert new_issue(workspace, now=now).date == day


def test_new_stories_take_their_place_and_only_the_order_changes(workspace: Workspace):
    issue = new_issue(workspace, now=NOW, subject="Objet")
    path = workspace.root / issue.path
    path.write_text(path.read_text().replace("---\n#", "notre_clé: reste  # oui\n---\n#") + "\nUne intro.   \n")
    before = path.read_text()
    ids = [
        new_story(workspace, issue.id, headline=h, kind=k).id
        for h, k in (("Règlement", "story"), ("Réservez !", "sponsor"), ("La une", "lead"))
    ]
    assert ids == ["reglement", "partenaire", "une"]
    assert [story.id for story in load_issue(workspace, issue.id).stories] == ["une", "partenaire", "reglement"]
    assert path.read_text().replace("order: [une, partenaire, reglement]\n", "") == before
    assert new_story(workspace, issue.id, headline="Règlement").id == "reglement-2"
    assert new_story(workspace, issue.id, headline="Issue").id == "issue-2"
    assert new_story(workspace, issue.id, headline="日本").headline_text == "日本"


def test_any_headline_is_kept_as_it_was_typed(workspace: Workspace):
    for headline in ("1. Un", "# dièse", "*étoile*", "a_b_c", "3 < 5", "C#", "- tiret", "“Citation” : l’été", "![x](y)", "\\"):
        assert new_story(workspace, None, headline=headline).headline_text == headline


def test_order_puts_those_named_first_and_keeps_the_others_as_they_stood(workspace: Workspace):
    issue = new_issue(workspace, now=NOW, subject="Objet")
    for headline in ("a", "b", "c"):
        new_story(workspace, issue.id, headline=headline)
    assert [story.id for story in order_stories(workspace, issue.id, ["c", "b.md"]).stories] == ["c", "b", "a"]
    with pytest.raises(NotFound) as caught:
        order_stories(workspace, issue.id, ["c", "absent"])
    assert caught.value.hint is not None
    assert "c, b, a" in caught.value.hint.fr


def test_an_order_already_written_changes_no_byte(workspace: Workspace):
    issue = new_issue(workspace, now=NOW, subject="Objet")
    for headline in ("a", "b"):
        new_story(workspace, issue.id, headline=headline)
    path = workspace.root / issue.path
    path.write_bytes(path.read_bytes().replace(b"order: [a, b]", b"order:   [ a ,b ]").replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    order_stories(workspace, issue.id, ["a", "b"])
    assert path.read_bytes() == before


def test_a_moved_story_takes_its_pictures_and_leaves_those_that_others_show(workspace: Workspace):
    one, two = (new_issue(workspace, now=NOW, subject=subject) for subject in ("Un", "Deux"))
    here, there = (workspace.root / "issues" / issue.id for issue in (one, two))
    (here / "images" / "seule.jpg").write_bytes(b"seule")
    (here / "images" / "commune.jpg").write_bytes(b"commune")
    (here / "a.md").write_text('---\nimage: {file: images/seule.jpg, alt: ""}\n---\n# A\n\n![x](images/commune.jpg)\n')
    (here / "b.md").write_text("# B\n\n![x](images/commune.jpg)\n")
    order_stories(workspace, one.id, ["a", "b"])
    text = (here / "a.md").read_text()
    assert move_story(workspace, f"{one.id}/a", two.id) == f"issues/{two.id}/a.md"
    assert (there / "a.md").read_text() == text
    assert sorted(path.name for path in (there / "images").iterdir()) == ["commune.jpg", "seule.jpg"]
    assert sorted(path.name for path in (here / "images").iterdir()) == ["commune.jpg"]
    assert load_issue(workspace, one.id).missing == ()
    assert "order: [b]" in (here / "issue.md").read_text()
    assert "order: [a]" in (there / "issue.md").read_text()


def test_a_story_goes_to_those_that_wait_and_comes_back(workspace: Workspace):
    issue = new_issue(workspace, now=NOW, subject="Un")
    new_story(workspace, issue.id, headline="Sujet")
    assert move_story(workspace, f"{issue.id}/sujet", "marbre") == "stories/sujet.md"
    assert move_story(workspace, "sujet", "1") == f"issues/{issue.id}/sujet.md"
    with pytest.raises(NotFound):
        move_story(workspace, "absent", "1")


def test_another_picture_of_the_same_name_stops_the_move_before_anything_is_moved(workspace: Workspace):
    one, two = (new_issue(workspace, now=NOW, subject=subject) for subject in ("Un", "Deux"))
    for issue, content in ((one, b"1"), (two, b"2")):
        (workspace.root / "issues" / issue.id / "images" / "x.jpg").write_bytes(content)
    story = workspace.root / "issues" / one.id / "a.md"
    story.write_text("# A\n\n![x](images/x.jpg)\n")
    with pytest.raises(Conflict):
        move_story(workspace, f"{one.id}/a", two.id)
    assert story.exists()
    assert (workspace.root / "issues" / two.id / "images" / "x.jpg").read_bytes() == b"2"


def test_a_broken_issue_is_listed_with_what_is_wrong_and_never_edited(workspace: Workspace):
    issue = new_issue(workspace, now=NOW, subject="Un")
    path = workspace.root / issue.path
    broken = "---\npreheader: a : b\n---\n# Un\n"
    path.write_text(broken)
    (row,) = list_issues(workspace)
    assert row["error"].startswith(f"{issue.path}:2")
    with pytest.raises(StoryError):
        new_story(workspace, issue.id, headline="Neuf")
    assert path.read_text() == broken
    assert [p.name for p in path.parent.glob("*.md")] == ["issue.md"]


STORY_KEYS = {
    "id", "kind", "headline", "author", "standfirst", "teaser", "advertiser", "border", "run_ins", "headings", "paragraphs", "lists",
    "further_reading", "calls", "image", "web_only",
}  # fmt: skip


def test_show_answers_the_contract(workspace: Workspace):
    issue = new_issue(workspace, now=NOW, subject="Objet")
    folder = workspace.root / "issues" / issue.id
    (folder / "une.md").write_text(
        "---\nkind: lead\nauthor: camille\n---\n# Une *grande* nouvelle\n\nChapô.\n\n**Tête** – Texte.\n\n## Inter\n\nSuite.\n\n- a\n- b\n\n"
        "## Pour aller plus loin\n\n- [A](https://e.org)\n\n<!-- web only -->\n\n## Pourquoi ?\n\nParce que.\n"
    )
    (folder / "pub.md").write_text(
        '---\nkind: sponsor\nadvertiser: "Atelier"\nborder: unsure\n---\n# Pub\n\nUn.\n\nDeux.\n\n- 📘 [Lire](https://s.org)\n'
    )
    (folder / "autre.md").write_text('---\nteaser: "Une accroche"\n---\n# Autre\n')
    shown = show_issue(workspace, issue.id)
    assert {"id", "number", "date", "subject", "preheader", "introduction", "stories", "credits"} <= set(shown)
    lead, sponsor, other = shown["stories"]
    assert set(lead) >= STORY_KEYS
    assert (lead["headline"], lead["standfirst"], lead["run_ins"], lead["headings"]) == (
        "Une grande nouvelle",
        "Chapô.",
        ["Tête"],
        ["Inter"],
    )
    assert (lead["paragraphs"], lead["lists"], lead["image"]) == (["Texte.", "Suite."], 1, None)
    assert lead["further_reading"] == [{"text": "A", "url": "https://e.org"}]
    assert lead["web_only"] == {"questions": ["Pourquoi ?"], "paragraphs": ["Parce que."]}
    assert (sponsor["advertiser"], sponsor["border"], sponsor["paragraphs"]) == ("Atelier", "unsure", ["Un.", "Deux."])
    assert sponsor["calls"] == [{"text": "Lire", "url": "https://s.org", "emoji": "📘"}]
    assert (shown["preheader"], other["teaser"]) == ("Et aussi : Une accroche", "Une accroche")


def test_a_lone_story_is_an_issue_less_answer():
    answer = lone_story_answer(Story(id="a"))
    assert set(answer) >= {"id", "number", "date", "subject", "preheader", "introduction", "stories", "credits"}
    assert answer["stories"] == [story_answer(Story(id="a"))]
    assert issue_answer(Issue(id="x"))["stories"] == []
