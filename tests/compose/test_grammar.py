from __future__ import annotations

import pytest

from composer.compose.grammar import parse_issue, parse_story
from composer.compose.writing import write_blocks, write_story
from composer.errors import StoryError
from composer.model.body import Calls, CodeBlock, FurtherReading, Heading, ListBlock, Paragraph, Picture, Quote, Rule, Span, Table, plain
from composer.model.issue import Story
from composer.model.newsletter import Labels

PATH = "issues/2026-11-26-puces/une.md"


def story(text: str, **labels: str) -> Story:
    return parse_story(text, id="une", path=PATH, labels=Labels(**labels))


def texts(blocks) -> list[str]:
    return [plain(block.spans) for block in blocks if isinstance(block, Paragraph)]


def test_the_example_of_the_format_is_read_whole():
    read = story(
        "---\nkind: lead\nauthor: camille\nstatus: review   # todo | draft\n"
        'image: {file: images/une.jpg, alt: "Façade vitrée", credit: "Agence Exemple"}\n---\n'
        "# Exemplia : comment la société veut accélérer\n\nChapô d’exemple.\n\n"
        "**Premier intertitre** – Une phrase, “citation”, [un lien](https://example.org/a).\n\n"
        "## Pour aller plus loin\n\n- [Titre d’un ancien sujet](https://example.org/1)\n"
    )
    assert (read.kind, read.author, read.status) == ("lead", "camille", "review")
    assert read.image == Picture(file="images/une.jpg", alt="Façade vitrée", credit="Agence Exemple", line=5)
    assert read.headline_text == "Exemplia : comment la société veut accélérer"
    assert read.standfirst is not None
    assert plain(read.standfirst.spans) == "Chapô d’exemple."
    run_in = read.blocks[1]
    assert isinstance(run_in, Paragraph)
    assert plain(run_in.run_in) == "Premier intertitre"
    assert plain(run_in.spans).startswith("Une phrase, “citation”")
    assert [(plain(link.spans), link.url) for link in read.further_reading] == [("Titre d’un ancien sujet", "https://example.org/1")]
    assert [block.line for block in read.blocks] == [9, 11, 13]


def test_a_sponsors_items_that_are_one_link_are_calls_and_keep_their_emoji():
    read = story(
        "---\nkind: sponsor\nadvertiser: Atelier\n---\n# Réservez !\n\nUn paragraphe.\n\n"
        "- 📘 [Téléchargez](https://s.example/livret)\n- [💬 Lire](https://s.example/lire)\n- sans lien\n- [x](https://s.example/) et suite\n"
    )
    assert [(call.emoji, plain(call.spans), call.url) for call in read.calls] == [
        ("📘", "Téléchargez", "https://s.example/livret"),
        ("💬", "Lire", "https://s.example/lire"),
    ]
    assert [type(block) for block in read.blocks] == [Paragraph, Calls, ListBlock]


def test_the_same_list_in_an_editorial_story_is_a_list():
    read = story("# Titre\n\n- [Téléchargez](https://s.example/livret)\n")
    assert [type(block) for block in read.blocks] == [ListBlock]
    assert not read.calls


@pytest.mark.parametrize(
    "label", ["Pour aller plus loin", "POUR ALLER PLUS LOIN :", "Pour aller plus loin\u00a0:", "pour  aller plus loin…"]
)
def test_further_reading_is_found_under_its_label_however_it_is_typed(label: str):
    read = story(f"# T\n\n## {label}\n\n- [A](https://e.org)\n- B sans adresse\n- [C]()\n")
    assert [(plain(link.spans), link.url) for link in read.further_reading] == [("A", "https://e.org"), ("B sans adresse", ""), ("C", "")]


def test_the_label_of_further_reading_is_the_newsletters_own():
    read = story("# T\n\n## Read on\n\n- [A](https://e.org)\n\n## Pour aller plus loin\n\n- [B](https://e.org)\n", more="Read on")
    assert [type(block) for block in read.blocks] == [FurtherReading, Heading, ListBlock]


def test_a_list_with_two_links_an_item_stays_a_list_so_that_no_address_is_lost():
    read = story("# T\n\n## Pour aller plus loin\n\n- [A](https://a.org) et [B](https://b.org)\n")
    assert [type(block) for block in read.blocks] == [Heading, ListBlock]


@pytest.mark.parametrize("dash", [" – ", " — ", " - ", " -- ", "\u00a0– ", "– ", "\u202f–\u00a0"])
def test_a_run_in_is_seen_whatever_its_dash(dash: str):
    block = story(f"# T\n\n**Une tête**{dash}Le texte.\n").blocks[0]
    assert isinstance(block, Paragraph)
    assert (plain(block.run_in), plain(block.spans)) == ("Une tête", "Le texte.")


def test_a_run_in_whose_dash_is_inside_the_bold_is_seen():
    block = story("# T\n\n**Une tête –** Le texte.\n").blocks[0]
    assert isinstance(block, Paragraph)
    assert (plain(block.run_in), plain(block.spans)) == ("Une tête", "Le texte.")


@pytest.mark.parametrize("text", ["**Tout en gras**", "**Gras** puis texte", "**Gras** –", "**a**-b", "Texte **gras** – suite"])
def test_bold_without_a_dash_and_a_text_after_it_is_no_run_in(text: str):
    block = story(f"# T\n\n{text}\n").blocks[0]
    assert isinstance(block, Paragraph)
    assert not block.run_in


def test_every_kind_of_block_is_read():
    read = story(
        "# T\n\n> Une citation\n\n1. un\n2. deux\n\n- a\n  - b\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n---\n\n```\ncode\n```\n\n### Inter\n\n"
        '![Alt](images/x.jpg "Une légende")\n\n![Alt](images/y.jpg)\nUne *autre* légende\nCrédit : Agence\n'
    )
    kinds = [type(block) for block in read.blocks]
    assert kinds == [Quote, ListBlock, ListBlock, Table, Rule, CodeBlock, Heading, Picture, Picture]
    first, second = (block for block in read.blocks if isinstance(block, Picture))
    assert (first.file, plain(first.caption), first.credit) == ("images/x.jpg", "Une légende", "")
    assert (second.file, plain(second.caption), second.credit) == ("images/y.jpg", "Une autre légende", "Agence")


def test_pictures_in_the_middle_of_a_text_are_pictures_and_the_words_around_them_stay_in_order():
    read = story(
        "# T\n\nAvant ![un](images/1.jpg) milieu\nsuite ![deux](images/2.jpg)\n\n**![trois](3.jpg)** Sa légende\n\n`![x](y)` et \\![z](t)\n"
    )
    assert [type(block) for block in read.blocks] == [Paragraph, Picture, Paragraph, Picture, Picture, Paragraph]
    assert texts(read.blocks) == ["Avant", "milieu suite", "![x](y) et !z"]
    assert [plain(block.caption) for block in read.blocks if isinstance(block, Picture)] == ["", "", "Sa légende"]


def test_an_exclamation_before_a_link_does_not_make_a_picture_of_it():
    block = Paragraph(spans=(Span(text="Vite !"), Span(text="ici", link="https://e.org")))
    read = story(f"# T\n\n{write_blocks((block,))}\n").blocks[0]
    assert isinstance(read, Paragraph)
    assert [(span.text, span.link) for span in read.spans] == [("Vite !", None), ("ici", "https://e.org")]


@pytest.mark.parametrize("mark", ["<!-- web only -->", "<!-- hors courriel -->", "<!--WEB  ONLY-->"])
def test_what_is_below_the_mark_is_not_mailed(mark: str):
    read = story(f"# T\n\nEnvoyé.\n\n{mark}\n\n## Question ?\n\nRéponse.\n")
    assert texts(read.blocks) == ["Envoyé."]
    assert texts(read.web_only) == ["Réponse."]


def test_a_comment_is_the_writers_own_and_one_left_open_is_text():
    assert texts(story("# T\n\nUn.\n<!-- à vérifier\navec Paul -->\nDeux.\n").blocks) == ["Un.", "Deux."]
    assert texts(story("# T\n\nUn.\n\n<!-- oublié\n\nDeux.\n").blocks) == ["Un.", "<!-- oublié", "Deux."]


def test_indented_text_and_reference_definitions_are_text_and_nothing_vanishes():
    assert texts(story("# T\n\n    Un alinéa.\n\n\tUn autre.\n\n[x]: https://e.org\n").blocks) == [
        "Un alinéa.",
        "Un autre.",
        "[x]: https://e.org",
    ]


def test_a_second_h1_is_kept_as_a_heading_of_level_one():
    read = story("# Un\n\nA.\n\n# Deux\n")
    assert read.headline_text == "Un"
    assert read.blocks[1:] == (Heading(spans=read.blocks[1].spans, level=1, line=5),)


def test_a_story_without_headline_opens():
    assert story("Juste un texte.\n").headline == ()
    assert story("").blocks == ()


def test_values_are_words_as_typed_not_what_yaml_makes_of_them():
    read = story("---\nauthor: no\nteaser: 12:30\nadvertiser: 1e5\nbooking: 2026-11-26/apres-la-une\n---\n# T\n")
    assert (read.author, read.teaser, read.advertiser, read.booking) == ("no", "12:30", "1e5", "2026-11-26/apres-la-une")


@pytest.mark.parametrize(
    ("text", "line", "mend"),
    [
        ("---\nkind: lead\nteaser: Meta : le pari\n---\n# T\n", 3, 'teaser: "Meta : le pari"'),
        ('---\nteaser: "jamais fermé\nkind: lead\n---\n# T\n', 2, 'teaser: "jamais fermé"'),
        ("---\nteaser: « Un » : deux\n---\n", 2, 'teaser: "« Un » : deux"'),
        ("---\nteaser: @nom\n---\n", 2, 'teaser: "@nom"'),
        ("---\nkind: lead\n# T\n\nTexte\n", 2, "---"),
        ("---\nkind: laed\n---\n# T\n", 2, "lead, story, sponsor"),
        ("---\nstatus: fini\n---\n", 2, "ready"),
        ("---\nkind: lead\nkind: story\n---\n", 3, "2"),
        ("---\nkind: lead\n<<<<<<< HEAD\nauthor: a\n=======\nauthor: b\n>>>>>>> b\n---\n", 3, "<<<<<<<"),
        ("---\nimage: [a, b]\n---\n", 2, "file"),
        ("---\nteaser: {a: b}\n---\n", 2, ""),
        ("---\n- a\n- b\n---\n", 2, "kind: lead"),
        ("---\na: &x [*x]\n---\n", 2, ""),
        ("---\n" + "a: " + "[" * 5000 + "\n---\n", 2, ""),
    ],
)
def test_front_matter_that_cannot_be_read_is_told_with_its_line_and_a_mend(text: str, line: int, mend: str):
    for variant in (text, "\ufeff" + text.replace("\n", "\r\n")):
        with pytest.raises(StoryError) as caught:
            story(variant)
        assert caught.value.where == f"{PATH}:{line}"
        assert mend in (caught.value.hint.fr if caught.value.hint else "")


def test_a_front_matter_of_a_megabyte_is_refused_at_once():
    with pytest.raises(StoryError):
        story("---\na: b\n" + "#\n" * 500_000 + "---\n# T\n")


def test_quotes_nested_out_of_sight_are_refused_and_not_dropped():
    with pytest.raises(StoryError) as caught:
        story("# T\n\n" + ">" * 300 + " perdu\n")
    assert caught.value.where == f"{PATH}:3"


def issue(text: str, *stories: Story):
    return parse_issue(text, id="2026-11-26-puces", path="issues/2026-11-26-puces/issue.md", stories=stories, labels=Labels())


UNE, PARTENAIRE, AUTRE, REGLEMENT = (
    Story(id="une", kind="lead"),
    Story(id="partenaire", kind="sponsor"),
    Story(id="autre"),
    Story(id="reglement"),
)


def test_an_issue_lists_its_stories_in_the_written_order_and_tells_what_differs():
    read = issue(
        "---\nnumber: 212\ndate: 2026-11-26\norder: [une, reglement, absent]\n---\n# Un *objet*\n\nUne intro.\n",
        AUTRE,
        REGLEMENT,
        UNE,
        PARTENAIRE,
    )
    assert (read.number, str(read.date), read.subject, read.subject_line) == (212, "2026-11-26", "Un objet", 6)
    assert [story.id for story in read.stories] == ["une", "reglement", "autre", "partenaire"]
    assert (read.unordered, read.missing) == (("autre", "partenaire"), ("absent",))
    assert texts(read.introduction) == ["Une intro."]


def test_without_any_order_the_lead_opens_then_the_first_sponsor_then_the_others_by_name():
    second = Story(id="zut", kind="sponsor")
    read = issue("# Objet\n", second, REGLEMENT, AUTRE, PARTENAIRE, UNE)
    assert [story.id for story in read.stories] == ["une", "partenaire", "autre", "reglement", "zut"]
    assert read.unordered == ()


@pytest.mark.parametrize(
    "text", ["---\nnumber: douze\n---\n# T\n", "---\nnumber: -1\n---\n", "---\ndate: 2026-13-45\n---\n", "---\ndate: demain\n---\n"]
)
def test_a_number_or_a_date_that_is_none_is_told_with_its_line(text: str):
    with pytest.raises(StoryError) as caught:
        issue(text)
    assert str(caught.value.where).endswith("issue.md:2")


@pytest.mark.parametrize(
    "front", ["author: [a, b]", "teaser: {a: b}", "image: {file: [a]}", "kind: paper", "kind: !!python/name:os.system [a]"]
)
def test_a_key_with_a_value_that_it_cannot_have_is_refused_with_its_line_and_a_mend(front):
    with pytest.raises(StoryError) as refused:
        story(f"---\nstatus: draft\n{front}\n---\n# Titre\n")
    assert refused.value.where == f"{PATH}:3"
    assert refused.value.hint is not None


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f \u00a0", "&nbsp;", "&#8239;&nbsp;"])
def test_a_line_of_no_break_spaces_is_no_paragraph(blank):
    story = parse_story(f"# Titre\n\nUn.\n\n{blank}\n\nDeux.\n", id="une", path="une.md", labels=Labels())
    assert [plain(block.spans) for block in story.blocks] == ["Un.", "Deux."]


def test_a_body_that_opens_with_a_rule_is_read_back():
    story = Story(id="une", blocks=(Rule(), Paragraph(spans=(Span(text="Un."),))))
    again = parse_story(write_story(story), id="une", path="une.md", labels=Labels())
    assert [type(block) for block in again.blocks] == [Rule, Paragraph]
