"""What every edition keeps: words, order, addresses, bytes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from composer.errors import TemplateError
from composer.model.body import LinkLine, Paragraph, Picture, Span
from composer.model.issue import Issue, Story
from composer.model.newsletter import Newsletter, Typography
from composer.render.edition import render_edition
from composer.render.theme import Theme
from composer.text.merge import find_fields
from composer.text.typography import typeset_text
from composer.workflow.previewing import furnish

from .conftest import Render, words  # type: ignore[import-not-found]

KEEP = Typography(quotes="keep", straight="keep", colon="keep", high="keep")
TRICKY = st.text(
    alphabet=st.one_of(
        st.sampled_from("\u00a0\u202f\u200d\u2060\"'<>&{}[]\\%«»“”’…–—👩‍💻📘ابتثéÉœ=3 u"),
        st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")),
    ),
    min_size=1,
    max_size=60,
)


def text_of(html: str) -> str:
    body = LexborHTMLParser(html).body
    assert body is not None
    return body.text()


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", "", text)


def code(text: str) -> tuple[Span, ...]:
    """Code is the one mark that typography leaves alone: what goes in must come out."""
    return (Span(text=text, code=True),)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TRICKY, alt=TRICKY)
def test_words_and_attributes_come_out_as_they_went_in(text: str, alt: str, newsletter: Newsletter, theme: Theme, png: bytes) -> None:
    story = Story(id="une", kind="lead", headline=code(text), image=Picture(file="a.png", alt=alt), blocks=(Paragraph(spans=code(text)),))
    issue = Issue(id="x", subject="Objet", stories=(story,))
    owner = replace(newsletter, typography=KEEP)
    edition = render_edition(issue, owner, theme, furniture=furnish(issue, owner), pictures={"a.png": png})
    page = LexborHTMLParser(edition.html)
    headline = page.css_first("h2")
    assert headline is not None
    assert headline.text() == text.replace("\r", "\n")
    image = page.css_first("img.im")
    assert image is not None
    # Typography and «%%» are the only changes that an alt may see, and both have tests of their own.
    assert image.attributes["alt"] == "".join(map(str, find_fields(typeset_text(alt, KEEP))))
    assert squeeze(text) in squeeze(edition.text)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paragraphs=st.lists(st.text(alphabet="abcé ùÀ3<5&\"'\u00a0", min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=5))
def test_no_word_is_lost_twice_or_moved(paragraphs: list[str], newsletter: Newsletter, theme: Theme) -> None:
    blocks = tuple(Paragraph(spans=words(text)) for text in paragraphs)
    issue = Issue(id="x", subject="Objet", stories=(Story(id="une", kind="lead", headline=words("Titre"), blocks=blocks),))
    edition = render_edition(issue, newsletter, theme, furniture=furnish(issue, newsletter), pictures={})
    wanted = [word for text in paragraphs for word in re.findall(r"[a-zéùÀ]+|\d", text)]
    column = text_of(edition.html).split("Titre", 1)[1].split("Une remarque", 1)[0]
    assert re.findall(r"[a-zéùÀ]+|\d", column) == wanted


def test_the_same_issue_gives_the_same_bytes(render: Render, issue: Issue) -> None:
    assert render(issue) == render(issue)


def test_one_word_changes_the_digest(render: Render, issue: Issue) -> None:
    assert render(replace(issue, subject="La dune recule")).digest != render(issue).digest


def test_content_cannot_forge_a_slot_or_a_field(render: Render, issue: Issue) -> None:
    first = render(issue)
    forged = f"wslot0x7d1-0-z bslot0x7d1-1-z {first.field_prefix}-email-tn-z"
    story = replace(issue.stories[0], blocks=(Paragraph(spans=words(forged)),))
    edition = render(replace(issue, stories=(story,)))
    assert forged in text_of(edition.html)
    assert edition.field_prefix not in forged


def test_a_link_without_usable_address_keeps_its_words(render: Render, issue: Issue) -> None:
    spans = (Span(text="ici", link="javascript:alert(1)"), Span(text=" et là", link=""))
    edition = render(replace(issue, stories=(replace(issue.stories[0], blocks=(Paragraph(spans=spans),)),)))
    assert "javascript" not in edition.html
    assert "ici et là" in text_of(edition.html)


def test_markup_of_an_author_is_text(render: Render, issue: Issue) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} {% raw %} \\u{a0} <!--[if mso]>"
    story = replace(issue.stories[0], headline=words(nasty), blocks=(Paragraph(spans=words(nasty)),))
    edition = render(replace(issue, subject=nasty, stories=(story,)))
    page = LexborHTMLParser(edition.html)
    assert not page.css("script")
    assert not [image for image in page.css("img") if "onerror" in image.attributes]
    assert "{{ 7*7 }}" in text_of(edition.html)


def test_a_quotation_mark_of_the_subject_ends_no_attribute(render: Render, issue: Issue) -> None:
    subject = """Le "sel" d'hier"><img src=x onerror=alert(1)>"""
    edition = render(replace(issue, subject=subject))
    page = LexborHTMLParser(edition.html)
    assert not [name for node in page.css("*") for name in node.attributes if name.startswith("on")]
    label, title = page.css_first("[role=article]"), page.css_first("title")
    assert label is not None
    assert title is not None
    assert label.attributes["aria-label"] == title.text()
    assert "onerror" in title.text()


def test_hostile_fragments_run_nothing(render: Render, issue: Issue, shared: object) -> None:
    import json

    payloads = json.loads((shared / "corpora/xss/payloads.json").read_text(encoding="utf-8"))  # type: ignore[operator]
    texts = [json.dumps(payload, ensure_ascii=False) for payload in payloads]
    spans = [Paragraph(spans=(*words(text), *words("x", link=text))) for text in texts]
    edition = render(replace(issue, stories=(replace(issue.stories[0], blocks=tuple(spans)),)))
    page = LexborHTMLParser(edition.html)
    allowed = {
        "html",
        "head",
        "body",
        "title",
        "meta",
        "style",
        "div",
        "table",
        "tbody",
        "tr",
        "td",
        "p",
        "a",
        "h1",
        "h2",
        "h3",
        "br",
        "span",
        "em",
        "strong",
        "sup",
    }
    assert {node.tag for node in page.root.traverse(include_text=False)} <= allowed | {
        "-comment",
        "-doctype",
        "!doctype",
        "-undef",
        "_comment",
    }
    assert not [
        a for a in page.css("a") if not (a.attributes.get("href") or "").startswith(("http", "#", "mailto:", "tel:", edition.field_prefix))
    ]


def test_the_sponsor_is_named_framed_and_closed(render: Render, issue: Issue) -> None:
    edition = render(issue)
    for text in (text_of(edition.html), edition.text):
        start, stop = text.index("PARTENAIRE"), text.index("Fin du contenu partenaire")
        paid = text[start:stop]
        assert "Contenu proposé par" in paid
        assert "Maison Fictive" in paid
        assert "Nous affûtons les pelles." in paid
        assert "La digue attendra" not in paid
        assert "Une dune avance" not in paid


def test_one_h1_and_one_h2_a_story(render: Render, issue: Issue) -> None:
    page = LexborHTMLParser(render(issue).html)
    assert [node.text() for node in page.css("h1")] == ["Le Bac à sable"]
    assert len(page.css("h2")) == len(issue.stories)


def test_every_picture_has_alt_and_width_and_every_layout_table_its_role(render: Render, every_block: Issue, png: bytes) -> None:
    page = LexborHTMLParser(render(every_block, pictures={"dune.png": png}).html)
    images = page.css("img")
    assert len(images) == 2
    for image in images:
        assert image.attributes["alt"]
        assert (image.attributes["width"] or "").isdigit()
    assert {table.attributes.get("role") for table in page.css("table") if "tab" not in (table.attributes.get("class") or "")} == {
        "presentation"
    }


def test_every_kind_of_block_reaches_html_and_text(render: Render, every_block: Issue, png: bytes) -> None:
    edition = render(every_block, pictures={"dune.png": png})
    page = LexborHTMLParser(edition.html)
    for selector in ("h3", "ul li ol[start='3']", "blockquote p", "table.tab th[scope='col']", "pre code", "hr", "p.cap"):
        assert page.css_first(selector) is not None, selector
    for said in (
        "Bonjour.",
        "# Un intertitre",
        "• Un point.",
        "3. Un point.",
        "> Une citation.",
        "Lieu | Hauteur",
        "    x = 'a' < \"b\"",
        "[La dune en mai]",
    ):
        assert said in edition.text


def test_a_picture_that_is_missing_leaves_no_hole(render: Render, every_block: Issue) -> None:
    assert "<img" not in render(every_block).html


def test_styles_stand_on_the_elements_too(render: Render, issue: Issue) -> None:
    """laposte.net drops every style block."""
    bare = re.sub(r"<style.*?</style>", "", render(issue).html, flags=re.DOTALL)
    page = LexborHTMLParser(bare)
    headline, link = page.css_first("h2"), page.css_first("a.l")
    assert headline is not None
    assert "font-size" in (headline.attributes["style"] or "")
    assert link is not None
    assert "underline" in (link.attributes["style"] or "")


def test_merge_fields_are_tokens_and_a_percent_stays_one(render: Render, issue: Issue) -> None:
    story = replace(issue.stories[0], headline=words("Bonjour %prenom|lecteur%, 100 %% et 5 %"))
    edition = render(replace(issue, stories=(story,)))
    assert f"{edition.field_prefix}-first-name-tf" in edition.html
    assert "%prenom" not in edition.html
    assert "100" in text_of(edition.html)


def test_links_of_the_text_edition_are_numbered_once(render: Render, issue: Issue) -> None:
    same = replace(issue.stories[2], blocks=(Paragraph(spans=words("encore", link="https://example.org/a")),))
    text = render(replace(issue, stories=(*issue.stories[:2], same))).text
    assert text.count("[1] https://example.org/a") == 1
    assert "encore\u00a0[1]" in text


def test_a_template_that_does_not_compile_names_its_place(newsletter: Newsletter, theme: Theme, issue: Issue) -> None:
    broken = replace(theme, templates={**theme.templates, "issue.mjml": "<mjml>\n<mj-body>\n<mj-nothing /></mj-body></mjml>"})
    with pytest.raises(TemplateError) as told:
        render_edition(issue, newsletter, broken, furniture=furnish(issue, newsletter), pictures={})
    assert "issue.mjml" in (told.value.where or "")


def test_a_template_nested_too_deep_is_refused_before_it_kills(newsletter: Newsletter, theme: Theme, issue: Issue) -> None:
    deep = "<mjml><mj-body>" + "<mj-section><mj-column>" * 2000 + "</mj-column></mj-section>" * 2000 + "</mj-body></mjml>"
    with pytest.raises(TemplateError):
        render_edition(
            issue,
            newsletter,
            replace(theme, templates={**theme.templates, "issue.mjml": deep}),
            furniture=furnish(issue, newsletter),
            pictures={},
        )


def test_right_to_left_newsletters_say_so(render: Render, issue: Issue) -> None:
    edition = render(issue, locale="ar")
    assert '<html lang="ar" dir="rtl"' in edition.html


def test_further_reading_without_address_is_printed(render: Render, issue: Issue) -> None:
    from composer.model.body import FurtherReading

    block = FurtherReading(links=(LinkLine(spans=words("Sans adresse encore"), url=""),))
    edition = render(replace(issue, stories=(replace(issue.stories[0], blocks=(block,)),)))
    assert "Sans adresse encore" in text_of(edition.html)
    assert "Sans adresse encore" in edition.text


def test_words_below_further_reading_are_set_off_by_a_rule(render: Render, issue: Issue) -> None:
    from composer.model.body import FurtherReading

    links = FurtherReading(links=(LinkLine(spans=words("Un lien"), url="https://exemple.fr/a"),))
    closing = Paragraph(spans=words("À la semaine prochaine."))
    shown = [render(replace(issue, stories=(replace(issue.stories[0], blocks=blocks),))).html for blocks in ((links,), (links, closing))]
    assert [html.partition("Un lien</a>")[2].count("<hr") for html in shown] == [0, 1]


def test_an_edit_of_words_builds_no_markup_again(render: Render, issue: Issue) -> None:
    from composer.render.edition import _build_skeleton

    render(issue)
    built = _build_skeleton.cache_info().misses
    story = replace(issue.stories[0], blocks=(Paragraph(spans=words("Le sable recule, dit-on.")), *issue.stories[0].blocks[1:]))
    edition = render(replace(issue, stories=(story, *issue.stories[1:])))
    assert "Le sable recule, dit-on." in text_of(edition.html)
    assert _build_skeleton.cache_info().misses == built


def test_what_was_kept_gives_the_same_bytes_as_a_fresh_start(render: Render, issue: Issue, theme: Theme) -> None:
    from composer.render.edition import _build_skeleton, inliner

    kept = render(issue)
    _build_skeleton.cache_clear()
    inliner(theme).forget()
    assert render(issue) == kept


def test_a_text_that_a_theme_does_not_call_a_block_gets_its_rules_too(newsletter: Newsletter, theme: Theme, issue: Issue) -> None:
    source = theme.templates["issue.mjml"].replace(
        "</mj-body>",
        '<mj-section><mj-column><mj-text><p class="ft">De la maison.<br>Bien &amp; bon</p></mj-text></mj-column></mj-section></mj-body>',
    )
    own = replace(theme, templates={**theme.templates, "issue.mjml": source})
    html = render_edition(issue, newsletter, own, furniture=furnish(issue, newsletter), pictures={}).html
    assert re.search(r'<p class="ft" style="[^"]+">De la maison.<br>Bien &amp; bon</p>', html)


def test_a_heading_in_a_story_never_competes_with_the_nameplate(render: Render, issue: Issue) -> None:
    from composer.model.body import Heading

    blocks = tuple(Heading(spans=words(f"Rang {level}"), level=level) for level in (1, 2, 6))
    page = LexborHTMLParser(render(replace(issue, stories=(replace(issue.stories[0], blocks=blocks),))).html)
    assert len(page.css("h1")) == 1
    assert [one.text() for one in page.css("h3")] == ["Rang 1", "Rang 2", "Rang 6"]
