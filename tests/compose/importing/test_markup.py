"""HTML and Markdown: links and structure are kept, hostile HTML is only words."""

from __future__ import annotations

import contextlib
import html
import json
import textwrap
import time

import pytest

from composer.compose.grammar import parse_story
from composer.compose.importing import Imported, decode, html_to_markdown, import_text, sniff
from composer.compose.writing import write_story
from composer.errors import UsageError
from composer.model.body import CodeBlock, Heading, ListBlock, Paragraph, Picture, Quote, Table, plain
from composer.model.newsletter import Labels

LONG = "Le texte de cet article est assez long pour que personne ne le prenne pour un titre, car il compte bien plus de mots que n’en compte un titre."


@pytest.fixture(scope="module")
def issue_text(shared) -> str:
    return (shared / "seeds" / "000_d32b9a3aba59e4d9.txt").read_text(encoding="utf-8")


def shape(found: Imported) -> list[object]:
    assert found.issue is not None
    return [
        found.issue.subject,
        found.issue.credits,
        [
            (
                story.kind,
                story.headline_text,
                story.teaser,
                story.border,
                [(plain(block.run_in), plain(block.spans)) for block in story.blocks if isinstance(block, Paragraph)],
                [(link.emoji, plain(link.spans)) for link in (*story.calls, *story.further_reading)],
            )
            for story in found.issue.stories
        ],
    ]


def paragraphs_html(text: str) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n"))


def marked(text: str, *, heading: str = "{}", item: str = "{}", wrap: str = "{}", subject: str = "{}") -> list[str]:
    """The lines of the seed, its headlines (after a blank in the list below) and items marked."""
    heads = {2, 13, 20, 27}
    lines = []
    for number, line in enumerate(text.split("\n")):
        form = subject if number == 0 else heading if number in heads else item if line.startswith("– ") else wrap
        lines.append(form.format(line.removeprefix("– ") if form == item and item != "{}" else line))
    return lines


@pytest.mark.parametrize(
    "make",
    [
        paragraphs_html,
        lambda text: "<html><body>" + "".join(f"<div>{html.escape(line)}</div>" for line in text.split("\n")) + "</body></html>",
        lambda text: "<div>" + "<br>".join(html.escape(line) for line in text.split("\n")) + "</div>",
        lambda text: "<div>" + "<br><br>".join(html.escape(line) for line in text.split("\n")) + "</div>",
        lambda text: "<table><tr><td>" + paragraphs_html(text) + "</td></tr></table>",
        lambda text: "<p>" + "</p>\r\n<p>".join(f"<span>{html.escape(line)}</span>&nbsp;" for line in text.split("\n")) + "</p>",
        lambda text: "".join(
            marked(
                html.escape(text, quote=False), subject="<h1>{}</h1>", heading="<h2>{}</h2>", item="<ul><li>{}</li></ul>", wrap="<p>{}</p>"
            )
        ),
        lambda text: "".join(
            marked(
                html.escape(text, quote=False),
                subject="<p>{}</p>",
                heading="<h3>{}</h3>",
                item="<ul><li><p>{}</p></li></ul>",
                wrap="<p>{}</p>",
            )
        ),
        lambda text: "".join(
            marked(html.escape(text, quote=False), subject="<p>{}</p>", heading="<p><b>{}</b></p>", item="<p>– {}</p>", wrap="<p>{}</p>")
        ),
    ],
    ids=["p", "div", "br", "br br", "layout table", "spans", "h1 h2", "h3 without h1", "bold headlines"],
)
def test_an_issue_in_html_is_the_same_issue(issue_text, make):
    found = import_text(make(issue_text), source="html")
    assert shape(found) == shape(import_text(issue_text))
    assert not found.unclassified


@pytest.mark.parametrize(
    "make",
    [
        lambda text: "\n\n".join(marked(text, subject="# {}", heading="## {}", item="- {}")),
        lambda text: "\n\n".join(marked(text, subject="# {}", heading="# {}", item="* {}")),
        lambda text: "\n\n".join(marked(text, heading="**{}**", item="- {}")),
        lambda text: "\n\n".join(marked(text, heading="### {}", item="- {}")),
    ],
)
def test_an_issue_in_markdown_is_the_same_issue(issue_text, make):
    assert shape(import_text(make(issue_text), source="markdown")) == shape(import_text(issue_text))


def test_markdown_without_blank_lines_is_read_line_by_line(issue_text):
    assert shape(import_text(issue_text, source="markdown")) == shape(import_text(issue_text))


def test_wrapped_markdown_is_joined(issue_text):
    wrapped = "\n\n".join(textwrap.fill(line, 72) for line in issue_text.split("\n"))
    assert shape(import_text(wrapped, source="markdown")) == shape(import_text(issue_text))


def test_labels_may_be_headings_too(issue_text):
    text = "\n\n".join(marked(issue_text, subject="# {}", heading="## {}", item="- {}"))
    text = text.replace("PARTENAIRE", "## PARTENAIRE").replace("Pour aller plus loin:", "### Pour aller plus loin")
    assert shape(import_text(text, source="markdown")) == shape(import_text(issue_text))


@pytest.mark.parametrize("name", ["gdocs", "word"])
def test_a_paste_becomes_the_markdown_that_is_wanted(shared, name):
    pasted = (shared / "corpora" / "paste" / f"{name}.html").read_text(encoding="utf-8")
    assert html_to_markdown(pasted) == (shared / "corpora" / "paste" / f"{name}.expected.md").read_text(encoding="utf-8")
    assert sniff(pasted.encode()) == "html"


def test_links_of_a_paste_are_kept(shared):
    story = import_text((shared / "corpora" / "paste" / "gdocs.html").read_text(encoding="utf-8"), source="html").story
    links = [span for block in story.blocks if isinstance(block, Paragraph) for span in block.spans if span.link]
    assert [(span.text, span.link) for span in links] == [("l’étude publiée lundi", "https://example.org/etude?utm_source=gdocs&id=7")]


def test_every_hostile_fragment_becomes_harmless_words(shared):
    for fragment in json.loads((shared / "corpora" / "xss" / "payloads.json").read_text(encoding="utf-8")):
        markdown = html_to_markdown(f"<p>avant</p>{fragment}<p>après</p>")
        story = parse_story(f"# t\n\n{markdown}", id="x", path="x.md", labels=Labels())
        for link in links_of(story.blocks):
            assert link.startswith(("http://", "https://", "mailto:", "tel:"))
        assert markdown.startswith("avant")


def links_of(blocks: object) -> list[str]:
    found: list[str] = []
    stack = list(blocks)
    while stack:
        block = stack.pop()
        match block:
            case Paragraph() | Heading():
                found += [span.link for span in block.spans if span.link]
            case ListBlock():
                stack += [inner for item in block.items for inner in item.blocks]
            case Quote():
                stack += block.blocks
            case Picture():
                assert block.file == ""
            case _:
                pass
    return found


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "http://a\\@b",
        "//example.org",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_must_not_be_followed_leaves_its_words(address):
    found = import_text(f"<h1>Titre</h1><p>Voici <a href='{html.escape(address)}'>les mots</a> du lien.</p>", source="html")
    (block,) = found.story.blocks
    assert plain(block.spans) == "Voici les mots du lien."
    assert all(span.link is None for span in block.spans)
    assert found.warnings


def test_calls_and_further_reading_keep_their_addresses():
    source = (
        f"<h1>Objet</h1><h2>Une</h2><p>{LONG}</p><p>Pour aller plus loin</p><ul><li><a href='https://example.org/1'>Un lien</a></li></ul>"
        f"<p>PARTENAIRE</p><p><b>Offre</b></p><p>{LONG}</p><p>📘 <a href='https://sponsor.example/a'>Le livret</a></p>"
        f"<p><a href='https://sponsor.example/b'>Réserver</a></p><h2>Seconde</h2><p>{LONG}</p>"
    )
    lead, sponsor, _ = import_text(source, source="html").stories
    assert [(plain(link.spans), link.url) for link in lead.further_reading] == [("Un lien", "https://example.org/1")]
    assert [(call.emoji, plain(call.spans), call.url) for call in sponsor.calls] == [
        ("📘", "Le livret", "https://sponsor.example/a"),
        ("", "Réserver", "https://sponsor.example/b"),
    ]
    assert sponsor.border == "sure"


def test_blocks_of_a_page_are_kept():
    source = (
        "<h1>Titre</h1><p>Chapô assez long pour être un chapô de l’article.</p><h2>Partie</h2><ol start=3><li>trois</li><li>quatre</li></ol>"
        "<blockquote><p>Une citation.</p></blockquote><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
        "<pre>du  code\n  ici</pre><figure><img src='x.jpg' alt='Une vue'><figcaption>La légende</figcaption></figure>"
        "<ul><li>un<ul><li>dedans</li></ul></li><li>deux</li></ul><h3>Sous-partie</h3><p>Fin.</p><script>alert(1)</script><style>p{}</style>"
    )
    story = import_text(source, source="html").story
    kinds = [type(block) for block in story.blocks]
    assert kinds == [Paragraph, Heading, ListBlock, Quote, Table, CodeBlock, Picture, ListBlock, Heading, Paragraph]
    ordered, nested = [block for block in story.blocks if isinstance(block, ListBlock)]
    assert (ordered.ordered, ordered.start, len(ordered.items)) == (True, 3, 2)
    assert len(nested.items) == 2
    (picture,) = [block for block in story.blocks if isinstance(block, Picture)]
    assert (picture.file, picture.alt, plain(picture.caption)) == ("", "Une vue", "La légende")
    assert [block.level for block in story.blocks if isinstance(block, Heading)] == [2, 3]
    back = parse_story(write_story(story), id="x", path="x.md", labels=Labels())
    assert [type(block) for block in back.blocks] == kinds


def test_markdown_keeps_what_is_for_the_web_only():
    story = import_text("# Titre\n\nTexte.\n\n<!-- hors courriel -->\n\n## Une question ?\n\nRéponse.\n", source="markdown").story
    assert [plain(block.spans) for block in story.web_only] == ["Une question ?", "Réponse."]


def test_foreign_front_matter_gives_title_and_author_and_loses_nothing():
    found = import_text("---\ntitle: Mon titre\nauthor: Camille Durand\ntags: [a, b]\n---\nLe texte commence ici.\n", source="markdown")
    assert (found.story.headline_text, found.story.author) == ("Mon titre", "Camille Durand")
    assert [words for _, words in found.unclassified] == ["tags: [a, b]"]
    assert isinstance(found.story.web_only[0], CodeBlock)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"<p>x</p>", "a.txt", "text"),
        (b"bonjour", "a.html", "html"),
        (b"# Titre\n\nTexte", "", "markdown"),
        (b"Texte **gras** et [lien](https://example.org)", "-", "markdown"),
        (b"<!doctype html><p>x", "-", "html"),
        (b"<p>x</p>", "-", "html"),
        ("Un texte où 3 < 5 et C# vaut *rien*".encode(), "-", "text"),
        (b"Un hashtag\n#presse", "-", "text"),
        (b"<3 pour tout le monde", "-", "text"),
    ],
)
def test_the_kind_of_a_document_is_seen(content, name, kind):
    assert sniff(content, name) == kind


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 50_000 + "x",
        "<table><tr><td>" * 15_000 + "x",
        "<b><i>" * 40_000 + "x",
        "<ul><li>" * 25_000 + "x",
        "<p>x" * 50_000,
        "<blockquote>" * 20_000 + "x",
        "<a href='x'>" * 16_000,
        "x<br>" * 40_000,
        "&" * 200_000,
        "<" * 200_000,
    ],
    ids=range(10),
)
def test_deep_and_long_html_is_read_or_refused_in_time(source):
    start = time.process_time()
    with contextlib.suppress(UsageError):
        import_text(f"<p>mot</p>{source}", source="html", as_="story")
    assert time.process_time() - start < 6


def test_200_kb_of_markdown_are_read_in_time():
    start = time.process_time()
    import_text("# Titre\n\n" + f"{LONG} **gras** [lien](https://example.org/a_b)\n\n" * 1000, source="markdown")
    assert time.process_time() - start < 8


def test_decoding_says_what_it_cannot_read():
    for content in (b"PK\x03\x04xxxx", b"%PDF-1.7", b"{\\rtf1", bytes(range(256)) * 20, b"", b"\x00" * 100, b"x" * (5 * 1024 * 1024)):
        with pytest.raises(UsageError) as refused:
            decode(content, name="fichier")
        assert refused.value.hint


GDOCS_LEVELS = (
    "<ul><li dir='ltr'><p><span>un</span></p></li><ul><li><p>deux</p></li><ul><li>trois</li></ul><li>quatre</li></ul><li>cinq</li></ul>"
)


def test_the_levels_of_a_google_docs_list_are_kept():
    assert html_to_markdown(GDOCS_LEVELS) == "- un\n  - deux\n    - trois\n  - quatre\n- cinq\n"


def word_item(level: int, drawn: str, words: str) -> str:
    ignored = f"<![if !supportLists]><span style='mso-list:Ignore'>{drawn}<span>&nbsp;&nbsp; </span></span><![endif]>"
    return f"<p class=MsoListParagraph style='text-indent:-18pt;mso-list:l0 level{level} lfo1'>{ignored}{words}<o:p></o:p></p>"


@pytest.mark.parametrize(
    ("items", "wanted"),
    [
        ([(1, "·", "un"), (2, "o", "deux"), (3, "§", "trois"), (2, "o", "quatre"), (1, "·", "cinq")], "- un\n  - deux\n    - trois\n  - quatre\n- cinq\n"),
        ([(1, "3.", "un"), (1, "4.", "deux")], "3. un\n4. deux\n"),
        ([(1, "1)", "un"), (2, "a.", "deux"), (2, "b.", "trois"), (1, "2)", "quatre")], "1. un\n\n   1. deux\n   2. trois\n\n2. quatre\n"),
        ([(2, "o", "sans parent"), (1, "·", "un")], "- sans parent\n- un\n"),
    ],
)  # fmt: skip
def test_the_levels_and_numbers_of_a_word_list_are_kept(items, wanted):
    assert html_to_markdown("<body>" + "".join(word_item(*item) for item in items) + "</body>") == wanted


@pytest.mark.parametrize(
    "href",
    [
        "https://www.google.com/url?q=https://exemple.fr/a%3Fb%3D1&amp;sa=D",
        "https://www.google.com/url?sa=t&amp;url=https%3A%2F%2Fexemple.fr%2Fa%3Fb%3D1",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexemple.fr%2Fa%3Fb%3D1&amp;data=05%7C",
    ],
)
def test_an_address_behind_a_redirect_is_found(href):
    assert html_to_markdown(f'<p>Voir <a href="{href}">ici</a></p>') == "Voir [ici](https://exemple.fr/a?b=1)\n"


def test_a_redirect_to_no_web_address_stays_as_it_is():
    hidden = "https://www.google.com/url?q=javascript:alert"
    assert html_to_markdown(f'<p><a href="{hidden}">ici</a></p>') == f"[ici]({hidden})\n"
