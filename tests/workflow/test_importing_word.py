"""A Word document becomes the files that its text would, its pictures beside their stories."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import docx
import pytest
from docx.document import Document
from PIL import Image

from composer.errors import UsageError
from composer.model.body import Heading, plain
from composer.workflow.composing import init_workspace, move_story, new_issue
from composer.workflow.importing import import_document
from composer.workflow.previewing import render_issue
from composer.workspace import Workspace, load_issue, load_story

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TEXT = "Un texte assez long pour que personne ne le prenne pour un titre, parce qu’il compte plus de cent quarante signes et qu’il se termine par un point."


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return init_workspace(tmp_path / "lettre", language="fr")


def saved(document: Document) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def as_word(text: str, *, headings: bool = False) -> bytes:
    """A text as its author would have typed it into Word."""
    document = docx.Document()
    for line in text.replace("\r\n", "\n").split("\n"):
        document.add_paragraph(line, style="Heading 1" if headings and line and len(line) < 60 else None)
    return saved(document)


def picture(colour: str) -> io.BytesIO:
    written = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(written, "JPEG")
    written.seek(0)
    return written


def files(workspace: Workspace) -> dict[str, bytes]:
    return {
        path.relative_to(workspace.root).as_posix(): path.read_bytes()
        for path in workspace.root.rglob("*")
        if path.suffix in {".md", ".jpg"}
    }


@pytest.mark.parametrize("name", ["000_d32b9a3aba59e4d9.txt", "002_1590877c99413ba4.txt"])
def test_the_real_documents_give_the_same_files_from_word_as_from_text(tmp_path, shared, name):
    raw = (shared / "seeds" / name).read_bytes()
    text, word = init_workspace(tmp_path / "texte", language="fr"), init_workspace(tmp_path / "word", language="fr")
    from_text = import_document(text, raw, name=name, now=NOW)
    from_word = import_document(word, as_word(raw.decode("utf-8")), name="texte.docx", now=NOW)
    assert files(word) == files(text)
    assert from_word.imported.unclassified == ()
    assert [story.kind for story in from_word.imported.stories] == [story.kind for story in from_text.imported.stories]
    assert from_word.to_json()["counts"] == "paragraph"


def test_links_of_a_word_issue_come_with_it(workspace):
    document = docx.Document()
    for line in ["Un objet", "Et aussi : Accroche", "Le titre de la une", TEXT, "Pour aller plus loin :"]:
        document.add_paragraph(line)
    relation = document.part.relate_to("https://exemple.fr/ancien", docx.opc.constants.RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    line = document.add_paragraph("– ")
    link = docx.oxml.OxmlElement("w:hyperlink")
    link.set(docx.oxml.ns.qn("r:id"), relation)
    link.append(line.add_run("Un ancien sujet")._r)
    line._p.append(link)
    for text in ["PARTENAIRE", "Offre !", TEXT, "📘 Le livret", "Le second titre", TEXT]:
        document.add_paragraph(text)
    issue = import_document(workspace, saved(document), name="lettre.docx", now=NOW).imported.issue
    assert [story.kind for story in issue.stories] == ["lead", "sponsor", "story"]
    assert [(one.url, one.spans[0].text) for one in issue.stories[0].further_reading] == [("https://exemple.fr/ancien", "Un ancien sujet")]
    assert len(issue.stories[1].calls) == 1


@pytest.fixture
def illustrated() -> bytes:
    """Two stories with headings, a picture below each headline, one in the body."""
    document = docx.Document()
    document.add_paragraph("Objet de la lettre", style="Title")
    document.add_paragraph("Et aussi : La cantine")
    for headline, colour in (("Le pont rouvre", "red"), ("La cantine change", "blue")):
        document.add_paragraph(headline, style="Heading 1")
        document.add_picture(picture(colour))
        document.inline_shapes[-1]._inline.docPr.set("descr", f"Image {colour}")
        document.add_paragraph("Une légende", style="Caption")
        document.add_paragraph(TEXT)
        document.add_picture(picture("green"))
        document.add_paragraph(TEXT)
    return saved(document)


def test_pictures_come_into_the_folder_of_the_issue_and_into_their_stories(workspace, illustrated):
    answer = import_document(workspace, illustrated, name="lettre.docx", now=NOW)
    issue = load_issue(workspace, answer.issue_id)
    assert [story.headline_text for story in issue.stories] == ["Le pont rouvre", "La cantine change"]
    assert [story.image.alt for story in issue.stories] == ["Image red", "Image blue"]
    assert [story.image.caption[0].text for story in issue.stories] == ["Une légende", "Une légende"]
    pictures = [path for path in answer.paths if path.endswith(".jpg")]
    assert len(pictures) == 3  # the green one twice
    for path in pictures:
        with Image.open(workspace.path_of(path)) as opened:
            assert opened.size == (900, 600)
    assert len(render_issue(workspace, answer.issue_id).pictures) == 3
    assert set(answer.paths) == set(files(workspace))


def test_a_dry_run_writes_no_picture(workspace, illustrated):
    answer = import_document(workspace, illustrated, dry_run=True, now=NOW)
    assert any(path.endswith(".jpg") for path in answer.paths)
    assert files(workspace) == {}


def test_a_story_with_its_picture_goes_into_an_issue_and_out_of_le_marbre(workspace):
    document = docx.Document()
    document.add_paragraph("Le pont rouvre", style="Heading 1")
    document.add_picture(picture("red"))
    document.add_paragraph(TEXT)
    content = saved(document)
    issue = new_issue(workspace, now=NOW, subject="Objet").id
    into = import_document(workspace, content, into=issue, now=NOW)
    waiting = import_document(workspace, content, now=NOW)
    assert waiting.paths[0] == "stories/pont-rouvre.md"
    image = load_story(workspace, waiting.paths[0]).image.file
    assert workspace.path_of(f"stories/{image}").is_file()
    other = new_issue(workspace, now=NOW, subject="Autre").id
    moved = move_story(workspace, "stories/pont-rouvre", other)
    assert workspace.path_of(f"{moved.rpartition('/')[0]}/{image}").is_file()
    assert load_issue(workspace, into.issue_id).stories[-1].image.file == image


def test_a_picture_above_a_headline_is_told_and_stays_where_it_stands(workspace):
    document = docx.Document()
    for line in ["Objet", "Et aussi : Accroche"]:
        document.add_paragraph(line)
    for headline in ("Le pont rouvre", "La cantine change"):
        document.add_paragraph(headline, style="Heading 1")
        document.add_paragraph(TEXT)
        document.add_picture(picture("red"))
    answer = import_document(workspace, saved(document), now=NOW)
    assert any("est restée à la fin de « Le pont rouvre »" in said.fr for said in answer.imported.warnings)


def test_what_is_refused_names_the_file(workspace):
    with pytest.raises(UsageError) as caught:
        import_document(workspace, b"PK\x03\x04abc", name="lettre.docx", now=NOW)
    assert caught.value.where == "lettre.docx"
    assert "Word" in caught.value.message.fr


def test_a_document_without_a_word_says_so(workspace):
    with pytest.raises(UsageError) as caught:
        import_document(workspace, saved(docx.Document()), name="vide.docx", now=NOW)
    assert "pas un mot" in caught.value.message.fr


STRUCTURE = (
    (0, "La Loire reprend ses quais"),
    (9, "Chères lectrices, chers lecteurs, voici la lettre de la semaine."),
    (1, "La crue que personne n’attendait"),
    (9, TEXT),
    (2, "Ce que disent les chiffres"),
    (9, "On n’avait pas vu ça depuis 2008, dit Michel. Lire notre enquête"),
    (1, "Partenaire : Les Cafés du Port"),
    (9, "Un café torréfié à Nantes, livré en péniche."),
    (1, "Les écluses ferment plus tôt"),
    (9, "À partir du 1er décembre, les écluses fermeront à 17 h 30."),
)


def as_styled_word() -> bytes:
    document = docx.Document()
    for level, text in STRUCTURE:
        document.add_paragraph(text, style={0: "Title", 1: "Heading 1", 2: "Heading 2"}.get(level))
    return saved(document)


def as_html() -> bytes:
    tags = {0: "h1", 1: "h2", 2: "h3"}
    return "".join(f"<{tags.get(level, 'p')}>{text}</{tags.get(level, 'p')}>" for level, text in STRUCTURE).encode()


def as_markdown() -> bytes:
    return "\n\n".join({0: "# ", 1: "## ", 2: "### "}.get(level, "") + text for level, text in STRUCTURE).encode()


@pytest.mark.parametrize(("make", "name"), [(as_styled_word, "n.docx"), (as_html, "n.html"), (as_markdown, "n.md")])
def test_the_same_structure_gives_the_same_issue_from_word_a_page_and_markdown(workspace, make, name):
    answer = import_document(workspace, make(), name=name, now=NOW)
    issue = load_issue(workspace, answer.issue_id)
    assert issue.subject == STRUCTURE[0][1]
    assert [plain(block.spans) for block in issue.introduction] == [STRUCTURE[1][1]]
    assert [(story.kind, story.headline_text) for story in issue.stories] == [
        ("lead", STRUCTURE[2][1]),
        ("sponsor", "Les Cafés du Port"),
        ("story", STRUCTURE[8][1]),
    ]
    lead, sponsor, _ = issue.stories
    assert [block.level for block in lead.blocks if isinstance(block, Heading)] == [2]
    assert sponsor.advertiser == "Les Cafés du Port"
    assert [plain(block.spans) for block in sponsor.blocks] == [STRUCTURE[7][1]]
    assert answer.imported.unclassified == ()
    assert any("tient lieu de titre" in guess.reason.fr for guess in answer.imported.guesses)


@pytest.mark.parametrize("end", [" Lire notre enquête", "[1]", " 😊"])
def test_a_paragraph_that_holds_a_sentence_is_understood_whatever_closes_it(workspace, end):
    text = f"Objet\nEt aussi : Accroche\nLe titre de la une\n{TEXT}\nL’eau a gagné les cales, dit Michel.{end}\n{TEXT}"
    assert import_document(workspace, text.encode(), now=NOW).imported.unclassified == ()


def test_the_advertiser_is_named_by_the_label_above_a_long_text_too(workspace):
    text = f"Objet\nEt aussi : Accroche\nLa une\n{TEXT}\nPartenaire : Les Cafés du Port\n{TEXT}\n📘 Le livret\nLe second titre\n{TEXT}"
    sponsor = import_document(workspace, text.encode(), now=NOW).imported.stories[1]
    assert (sponsor.kind, sponsor.advertiser, len(sponsor.calls)) == ("sponsor", "Les Cafés du Port", 1)
