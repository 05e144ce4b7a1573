from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from composer.compose.importing import import_text
from composer.model.body import Calls, FurtherReading, LinkLine, Paragraph, Picture, Span
from composer.model.edition import Edition
from composer.model.issue import Issue, Story
from composer.model.newsletter import Newsletter, Publisher, Sender, Site
from composer.render.edition import render_edition
from composer.render.theme import Theme
from composer.workflow.previewing import furnish, render_issue
from composer.workspace import open_workspace
from composer.workspace.themes import load_theme

ROOT = Path(__file__).resolve().parents[2]
THEMES = ("classique", "moderne")

Render = Callable[..., Edition]


def words(text: str, **marks: object) -> tuple[Span, ...]:
    return (Span(text=text, **marks),)


@pytest.fixture(scope="session")
def newsletter() -> Newsletter:
    return Newsletter(
        name="Le Bac à sable",
        list_id="bac.example.org",
        sender=Sender(name="Le Bac", address="bac@example.org", reply_to="bac@example.org"),
        site=Site(public_url="https://bac.example.org"),
        publisher=Publisher(name="Éditions du Bac", address="1, rue du Sable, 44000 Nantes"),
    )


@pytest.fixture(scope="session", params=THEMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    return load_theme(open_workspace(ROOT), request.param)


@pytest.fixture
def issue() -> Issue:
    lead = Story(
        id="une",
        kind="lead",
        headline=words("Une dune avance d’un mètre par an"),
        blocks=(
            Paragraph(spans=words("Le sable gagne sur la route.")),
            Paragraph(
                run_in=words("Un mur de genêts"),
                spans=(*words("La commune plante "), *words("dix mille pieds", link="https://example.org/a")),
            ),
            FurtherReading(links=(LinkLine(spans=words("Une dune célèbre"), url="https://example.org/b"),)),
        ),
    )
    sponsor = Story(
        id="partenaire",
        kind="sponsor",
        advertiser="Maison Fictive",
        headline=words("Vos pelles, affûtées !"),
        blocks=(
            Paragraph(spans=words("Nous affûtons les pelles.")),
            Calls(links=(LinkLine(spans=words("Prendre rendez-vous"), url="https://example.com/c", emoji="📘"),)),
        ),
    )
    other = Story(
        id="digue", headline=words("La digue attendra"), teaser="La digue attend", blocks=(Paragraph(spans=words("Rien avant mai.")),)
    )
    return Issue(id="2026-11-26-dune", number=7, date=date(2026, 11, 26), subject="La dune avance", stories=(lead, sponsor, other))


@pytest.fixture
def render(newsletter: Newsletter, theme: Theme) -> Render:
    def rendered(issue: Issue, *, pictures: dict[str, bytes] | None = None, **changes: object) -> Edition:
        owner = replace(newsletter, **changes)
        return render_edition(issue, owner, theme, furniture=furnish(issue, owner), pictures=pictures or {})

    return rendered


@pytest.fixture(scope="session")
def sample() -> Callable[[str], Edition]:
    """The sample issue of this repository in either theme."""
    workspace = open_workspace(ROOT)
    return lambda name: render_issue(workspace, "42", theme=name)


@pytest.fixture(params=["sample", "seed"])
def mail(request: pytest.FixtureRequest, theme: Theme, newsletter: Newsletter) -> Edition:
    """Two whole issues in either theme: the sample of this repository, and the first of the real documents as it is imported."""
    if request.param == "sample":
        return render_issue(open_workspace(ROOT), "42", theme=theme.name)
    text = next((request.getfixturevalue("shared") / "seeds").glob("000_*")).read_text(encoding="utf-8")
    issue = import_text(text).issue
    assert issue
    dated = replace(issue, number=212, date=date(2026, 11, 27))
    return render_edition(dated, newsletter, theme, furniture=furnish(dated, newsletter), pictures={})


@pytest.fixture
def every_block() -> Issue:
    """An issue with every kind of block the grammar knows."""
    from composer.model.body import CodeBlock, Heading, ListBlock, ListItem, Quote, Rule, Table

    item = ListItem(blocks=(Paragraph(spans=words("Un point.")),))
    nested = ListItem(blocks=(Paragraph(spans=words("Un autre.")), ListBlock(items=(item,), ordered=True, start=3)))
    blocks = (
        Paragraph(spans=words("Le chapô.")),
        Heading(spans=words("Un intertitre")),
        ListBlock(items=(item, nested)),
        Quote(blocks=(Paragraph(spans=words("Une citation.")),)),
        Table(header=(words("Lieu"), words("Hauteur")), rows=((words("Dune"), words("12 m")),), alignments=(None, "right")),
        CodeBlock(text="x = 'a' < \"b\"\n"),
        Rule(),
        Picture(file="dune.png", alt="Une dune", caption=words("La dune en mai")),
    )
    lead = Story(id="une", kind="lead", headline=words("Tout"), blocks=blocks, image=Picture(file="dune.png", alt="Une dune"))
    return Issue(id="tout", subject="Tout", introduction=(Paragraph(spans=words("Bonjour.")),), stories=(lead,))


class _Content(bytes):
    """A file's bytes that do not fill a page where a failing example is printed."""

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"


@pytest.fixture(scope="session")
def png() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.radial_gradient("L").resize((1600, 900)).convert("RGB").save(out, "PNG")
    return _Content(out.getvalue())
