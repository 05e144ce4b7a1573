"""A Word document is imported whole: its words, marks, links, lists, pictures; what cannot be taken over is told."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.compose.importing import html_to_markdown, read_word
from composer.model.newsletter import Labels

from .word_documents import box, drawing, item, p, picture, r, relation, relations, root, t, table, word

BODY = "Une phrase assez longue pour que personne ne la prenne pour un titre, et qui se termine par un point."


def read(content):
    return read_word(content, labels=Labels())


def markdown(body, **how):
    return html_to_markdown(read(word(body, **how)).html).strip("\n")


def told(body, **how):
    return "\n".join(said.fr for said in read(word(body, **how)).told)


def test_headings_of_a_french_word_keep_their_levels():
    body = (
        p("Objet", style="Titre") + p("La une", style="Titre1") + p("Un intertitre", style="Titre2") + p("Maison", style="Maison") + p(BODY)
    )
    made = read(word(body)).html
    assert [made.count(f"<h{level}>") for level in (1, 2, 3)] == [1, 1, 2]  # below a title, «Titre 1» is of the second level


def test_without_a_title_on_top_headings_keep_their_own_levels():
    made = read(
        word(p("La une", style="Titre1") + p("Un titre au milieu", style="Titre") + p("Un intertitre", style="Titre2") + p(BODY))
    ).html
    assert [made.count(f"<h{level}>") for level in (1, 2, 3)] == [2, 1, 0]


@pytest.mark.parametrize(
    ("style", "level"), [("Heading1", 1), ("Titre3", 3), ("berschrift2", 0), ("Ttulo1", 0), ("heading 9", 6), ("Corps", 0), ("", 0)]
)
def test_a_style_that_the_document_does_not_define_is_known_by_its_id(style, level):
    made = read(word(p("Un titre", style=style) + p(BODY), styles="")).html
    assert made.startswith(f"<h{level}>" if level else "<p>")


def test_an_outline_level_makes_a_heading_of_any_paragraph_and_the_tenth_none():
    body = p("Un titre", marks='<w:outlineLvl w:val="1"/>') + p(BODY, style="Titre1", marks='<w:outlineLvl w:val="9"/>')
    assert read(word(body)).html == f"<h2>Un titre</h2><p>{BODY}</p>"


def test_styles_that_stand_on_each_other_in_a_circle_end():
    circle = '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    assert markdown(p("Mots", style="A"), styles=circle) == "Mots"


def test_bold_and_italics_by_the_run_and_by_style():
    body = p(
        r("gras", "<w:b/>"), " ", r("lev", '<w:rStyle w:val="lev"/>'), " ", r("maigre", '<w:rStyle w:val="lev"/><w:b w:val="0"/>'), " ",
        r("penché", '<w:rStyle w:val="Accentuation"/>'), " ", r("barré", "<w:strike/>"), " ", r("double", "<w:dstrike/>"),
    )  # fmt: skip
    assert markdown(body) == "**gras lev** maigre *penché* ~~barré double~~"


def test_a_run_in_head_that_word_cut_in_pieces_is_one():
    body = p(r("Ver", "<w:b/>"), "<w:proofErr/>", r("sion", "<w:b/>"), r(" édulcorée", "<w:b/>"), f" – {BODY}")
    assert markdown(body) == f"**Version édulcorée** – {BODY}"


def test_blanks_hyphens_and_line_breaks_are_what_they_are():
    last = t("f\u00ad\u00a0g")
    run = f"<w:r>{t('a')}<w:tab/>{t('b')}<w:br/>{t('c')}<w:noBreakHyphen/>{t('d')}<w:softHyphen/>{t('e')}<w:cr/>{last}</w:r>"
    assert markdown(p(run)) == "a b\\\nc\u2011de\\\nf g"


def test_a_page_break_parts_no_word_and_joins_none():
    assert markdown(p(f'<w:r>{t("un")}<w:br w:type="page"/>{t("deux")}</w:r>')) == "un deux"


def test_exponents_keep_their_meaning_and_letters_stay_on_the_line():
    up, down = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
    body = p("12 m", r("2", up), " de CO", r("2", down), ", le 1", r("er", up), " mai")
    assert markdown(body) == "12 m² de CO₂, le 1er mai"


def test_signs_of_wingdings_become_characters_and_unknown_ones_are_told():
    body = p(
        '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', r(" fait, "), r("ü", '<w:rFonts w:ascii="Wingdings"/>'),
        '<w:r><w:sym w:font="Inconnue" w:char="F041"/></w:r>',
    )  # fmt: skip
    document = read(word(body))
    assert document.html == "<p>✓ fait, ✓</p>"
    assert "signes sans équivalent, laissés de côté : F041 (Inconnue)" in document.told[0].fr


# Links -------------------------------------------------------------------------------------------------------------------------------


def test_links_by_relation_with_and_without_a_place_in_the_page():
    body = p(
        "<w:hyperlink r:id='rId1'>" + r("un ") + r("lien", "<w:b/>") + "</w:hyperlink>", " et ",
        "<w:hyperlink r:id='rId1' w:anchor='bas'>" + r("plus bas") + "</w:hyperlink>", " et ",
        "<w:hyperlink w:anchor='ici'>" + r("ici") + "</w:hyperlink>",
    )  # fmt: skip
    refers = relation(1, "hyperlink", "https://exemple.fr/a?b=1&c=2", outside=True)
    links = "[un **lien**](https://exemple.fr/a?b=1&c=2) et [plus bas](https://exemple.fr/a?b=1&c=2#bas) et ici"
    assert markdown(body, refers=refers) == links


def _field(instruction, *words, cut=1):
    size = len(instruction) // cut + 1
    pieces = [instruction[at : at + size] for at in range(0, len(instruction), size)]
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        + "".join(f"<w:r><w:instrText xml:space='preserve'>{piece.replace('&', '&amp;')}</w:instrText></w:r>" for piece in pieces)
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + "".join(words)
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@pytest.mark.parametrize(
    ("instruction", "address"),
    [
        (' HYPERLINK "https://exemple.fr/" ', "https://exemple.fr/"),
        (' HYPERLINK "https://exemple.fr/" \\o "Une bulle" \\t "_blank"', "https://exemple.fr/"),
        (' HYPERLINK \\o "Une bulle" "https://exemple.fr/?a=1&b=2"', "https://exemple.fr/?a=1&b=2"),
        (' HYPERLINK "https://exemple.fr/" \\l "bas" ', "https://exemple.fr/#bas"),
        (" HYPERLINK https://exemple.fr/", "https://exemple.fr/"),
        (' hyperlink "mailto:a@exemple.fr"', "mailto:a@exemple.fr"),
        (' HYPERLINK \\l "ici"', ""),
        (" PAGEREF _Toc1", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize("cut", [1, 3])
def test_links_by_field_however_they_are_written(instruction, address, cut):
    words = f"[les mots]({address})" if address else "les mots"
    assert markdown(p("Voir ", _field(instruction, r("les "), r("mots"), cut=cut), ".")) == f"Voir {words}."
    if "'" not in instruction:
        simple = f"<w:fldSimple w:instr='{instruction.replace('&', '&amp;')}'>{r('les mots')}</w:fldSimple>"
        assert markdown(p("Voir ", simple, ".")) == f"Voir {words}."


def test_a_field_in_a_field_ends_where_it_ends():
    inner = _field(" DATE ", r("lundi"))
    assert markdown(p(_field(' HYPERLINK "https://exemple.fr/"', r("vu "), inner), " puis")) == "[vu lundi](https://exemple.fr/) puis"


def test_fields_that_never_open_or_close_lose_no_word():
    body = p(
        '<w:r><w:fldChar w:fldCharType="end"/><w:fldChar w:fldCharType="separate"/></w:r>',
        "a ",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        "b",
    )
    assert markdown(body + p("c")) == "a b\n\nc"


def test_an_address_that_may_not_be_followed_is_refused_and_its_words_stay():
    refers = relation(1, "hyperlink", "javascript:alert(1)", outside=True)
    assert markdown(p("<w:hyperlink r:id='rId1'>" + r("mots") + "</w:hyperlink>"), refers=refers) == "mots"


# Lists and tables --------------------------------------------------------------------------------------------------------------------


def test_lists_keep_their_levels_and_numbers_go_on_after_a_paragraph():
    body = item("un") + item("un un", level=1) + item("deux") + item("a", 2) + item("b", 2) + p(BODY) + item("c", 2) + item("d", 2)
    assert markdown(body) == f"- un\n  - un un\n- deux\n\n1. a\n2. b\n\n{BODY}\n\n3. c\n4. d"


def test_a_list_that_says_where_it_starts_anew_starts_there():
    assert markdown(item("a", 2) + p(BODY) + item("g", 5) + item("h", 5)) == f"1. a\n\n{BODY}\n\n7. g\n8. h"


def test_a_list_by_style_and_one_that_is_switched_off():
    body = (
        p("un", style="Listepuces")
        + p("deux", style="Listepuces")
        + p(BODY, style="Listepuces", marks='<w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    assert markdown(body) == f"- un\n- deux\n\n{BODY}"


def test_a_list_that_begins_three_levels_down_is_a_list():
    assert markdown(item("profond", level=2) + item("encore", level=2)).replace("1. ", "- ").replace("2. ", "- ").count("- ") == 2


def test_an_emoji_as_bullet_is_kept_and_letters_become_numbers():
    assert markdown(item("Téléchargez le livret", 3)) == "- 📘 Téléchargez le livret"
    assert "listes a), b), c)" in told(item("un", 4) + item("deux", 4))


def test_a_table_is_one_and_merged_cells_lose_no_word():
    assert markdown(table((p("a"), p("b")), (p("c"), p("d")))) == "| a | b |\n| --- | --- |\n| c | d |"
    merged = (
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>" + p("large") + "</w:tc></w:tr>"
        "<w:tr><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr>" + p("haut") + "</w:tc><w:tc>" + p("droite") + "</w:tc></w:tr>"
        "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc>" + p("bas") + "</w:tc></w:tr></w:tbl>"
    )  # fmt: skip
    assert set(re.findall(r"\w+", markdown(merged))) == {"large", "haut", "droite", "bas"}


def test_a_table_in_a_table_loses_no_word():
    inner = table((p("e"), p("f")))
    assert set(re.findall(r"\w+", markdown(table((p("a"), p("b") + inner + p("c")))))) == {"a", "b", "c", "e", "f"}


@pytest.mark.parametrize("span", ["-1", "999999999999", "x", "", "²"])
def test_a_span_that_is_none_is_none(span):
    cell = f"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='{span}'/></w:tcPr>{p('mots')}</w:tc></w:tr></w:tbl>"
    assert markdown(cell) == "mots"


# What hangs on a paragraph -----------------------------------------------------------------------------------------------------------

SOURCED = "<w:hyperlink r:id='rId1'>" + r("sourcée") + "</w:hyperlink>"
NOTES = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    f'<w:footnote w:id="1">{p("<w:r><w:footnoteRef/></w:r>", " La première, ", SOURCED, ".")}</w:footnote>'
    f'<w:footnote w:id="2">{p("La seconde.")}{p("Et sa suite.")}</w:footnote>'
)
NOTED = {
    "refers": relation(7, "footnotes", "footnotes.xml"),
    "parts": {
        "word/footnotes.xml": root("footnotes", NOTES),
        "word/_rels/footnotes.xml.rels": relations(relation(1, "hyperlink", "https://exemple.fr/note", outside=True)),
    },
}


def mark(number):
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def test_a_note_stands_below_its_paragraph_with_the_links_of_its_own_part():
    body = p("Un", mark(2), " et deux", mark(1), ".") + p("Partenaire")
    assert markdown(body, **NOTED) == (
        "Un \\[1\\] et deux \\[2\\].\n\n\\[1\\] La seconde.\n\nEt sa suite.\n\n\\[2\\] La première, [sourcée](https://exemple.fr/note).\n\nPartenaire"
    )
    assert "note 1 reprise sous son paragraphe : La seconde. Et sa suite." in told(body, **NOTED)


def test_a_note_of_an_item_stands_below_its_list():
    body = item("un").replace("</w:p>", f"{mark(2)}</w:p>") + item("deux") + p(BODY)
    assert markdown(body, **NOTED) == f"- un \\[1\\]\n- deux\n\n\\[1\\] La seconde.\n\nEt sa suite.\n\n{BODY}"


def test_a_note_that_is_not_there_is_no_note():
    assert markdown(p("Un", mark(99), "."), **NOTED) == "Un."


def test_a_note_that_refers_to_itself_is_opened_once():
    notes = f'<w:footnote w:id="1">{p("Boucle", mark(1))}</w:footnote>'
    parts = {"word/footnotes.xml": root("footnotes", notes)}
    assert markdown(p("Un", mark(1)), refers=NOTED["refers"], parts=parts) == "Un \\[1\\]\n\n\\[1\\] Boucle"


@pytest.mark.parametrize("old", [True, False])
def test_the_text_of_a_box_is_taken_over_once_below_its_paragraph(old):
    body = p("Avant ", box(p("Dans la boîte, première ligne."), p("Seconde ligne."), old=old), "après.") + p(BODY)
    assert markdown(body) == f"Avant après.\n\nDans la boîte, première ligne.\n\nSeconde ligne.\n\n{BODY}"
    assert "zone de texte reprise sous son paragraphe : Dans la boîte" in told(body)


def test_a_box_of_old_word_and_one_in_a_box_are_read():
    inner = f"<w:r><w:pict><v:group><v:rect><v:textbox><w:txbxContent>{p('Vieille boîte.', box(p('Dedans.')))}</w:txbxContent></v:textbox></v:rect></v:group></w:pict></w:r>"
    assert markdown(p(inner)) == "Vieille boîte.\n\nDedans."


def test_comments_are_told_with_their_author_and_their_place():
    parts = {"word/comments.xml": root("comments", f'<w:comment w:id="0" w:author="Relectrice">{p("À vérifier !")}</w:comment>')}
    body = p("Le chiffre exact", '<w:r><w:commentReference w:id="0"/></w:r>', " est là.")
    document = read(word(body, refers=relation(7, "comments", "comments.xml"), parts=parts))
    assert document.html == "<p>Le chiffre exact est là.</p>"
    assert [said.fr for said in document.told] == ["commentaire de Relectrice laissé de côté, après « Le chiffre exact » : À vérifier !"]


def test_tracked_changes_are_read_as_if_they_were_accepted_and_told():
    body = p(
        "Il ",
        "<w:ins w:author='a'>" + r("ne ") + "</w:ins>",
        "dit ",
        "<w:del><w:r><w:delText>tout</w:delText></w:r></w:del>",
        "<w:ins>" + r("rien") + "</w:ins>",
        ".",
    )
    assert markdown(body) == "Il ne dit rien."
    assert told(body) == "suivi des modifications : 2 mots insérés repris, 1 suppression respectée : tout"


def test_moved_text_stands_where_it_was_moved_to_and_deleted_paragraphs_and_rows_are_gone():
    moved = p("<w:moveFrom>" + r("Déplacé. ") + "</w:moveFrom>", "Un.") + p("Deux. ", "<w:moveTo>" + r("Déplacé. ") + "</w:moveTo>")
    gone = f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('ligne')}</w:tc></w:tr></w:tbl>"
    joined = p("Début ", marks="<w:rPr><w:del/></w:rPr>") + p("et fin.")
    assert markdown(moved + gone + joined) == "Un.\n\nDeux. Déplacé.\n\nDébut et fin."


def test_hidden_text_is_left_out_and_told():
    body = p("Vu", r(" secret", "<w:vanish/>"), r(" caché", '<w:rStyle w:val="Cache"/>'), ".")
    assert markdown(body) == "Vu."
    assert "texte masqué laissé de côté : secret / caché" in told(body)


def test_headers_and_footers_are_told_when_they_say_something():
    parts = {
        "word/header1.xml": root("hdr", p("Lettre confidentielle")), "word/footer1.xml": root("ftr", p("2")), "word/header2.xml": "<bad",
    }  # fmt: skip
    refers = relation(7, "header", "header1.xml") + relation(8, "footer", "footer1.xml") + relation(9, "header", "header2.xml")
    assert told(p(BODY), refers=refers, parts=parts) == "en-têtes et pieds de page laissés de côté : Lettre confidentielle"


def test_content_controls_smart_tags_and_directions_are_transparent():
    inner = "<w:sdt><w:sdtContent>" + r("dedans") + "</w:sdtContent></w:sdt>"
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('Bloc ', inner)}</w:sdtContent></w:sdt>"
    inline = p(
        "<w:smartTag>" + r("a ") + "</w:smartTag>",
        "<w:customXml>" + r("b ") + "</w:customXml>",
        "<w:bdo>" + r("c ") + "</w:bdo>",
        "<w:dir>" + r("d") + "</w:dir>",
    )
    rows = f"<w:tbl><w:sdt><w:sdtContent><w:tr><w:sdt><w:sdtContent><w:tc>{p('e')}</w:tc></w:sdtContent></w:sdt><w:tc>{p('f')}</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>"
    assert markdown(control + inline + rows) == "Bloc dedans\n\na b c d\n\ne\n\nf"


def test_an_equation_is_taken_over_as_a_line_of_text_and_told():
    body = p("Soit ", "<m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>", ".")
    assert markdown(body) == "Soit (a+b)/2."
    assert "équation reprise en ligne de texte, à relire : (a+b)/2" in told(body)


def test_what_is_no_text_is_told():
    chart = '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    ole = "<w:r><w:object><o:OLEObject ProgID='Excel.Sheet'/></w:object></w:r>"
    said = told(p(BODY, chart, ole) + "<w:altChunk r:id='rId1'/>")
    assert "un graphique laissé de côté" in said
    assert "un objet d’un autre programme laissé de côté" in said
    assert "un document incorporé dans celui-ci n’a pas été lu" in said


def test_strict_documents_are_read_like_others():
    content = word(
        p("Un titre", style="Titre1") + p(BODY, "<w:hyperlink r:id='rId1'>" + r("lien") + "</w:hyperlink>"),
        refers=relation(1, "hyperlink", "https://exemple.fr/", outside=True),
    )
    strict = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            for before, after in (
                (b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main"),
                (
                    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            ):
                text = text.replace(before, after)
            new.writestr(name, text)
    assert read(strict.getvalue()).html == read(content).html


# Pictures ----------------------------------------------------------------------------------------------------------------------------


def test_a_picture_comes_with_its_words_and_caption_and_once():
    refers = relation(1, "image", "media/image1.png")
    body = p(drawing(1, "Façade d’un pont")) + p("Le pont", style="Lgende") + p(BODY) + p(drawing(1, "Façade d’un pont"))
    document = read(word(body, refers=refers, parts={"word/media/image1.png": picture()}))
    assert len(document.pictures) == 1
    assert re.fullmatch(r"images/facade-d-un-pont-[0-9a-f]{8}\.png", document.pictures[0].file)
    assert document.pictures[0].content == picture()
    assert document.html.count(f'src="{document.pictures[0].file}"') == 2
    assert document.told == ()


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("GIF", "gif"), ("BMP", "png"), ("TIFF", "png"), ("WEBP", "png")])
def test_pictures_are_turned_into_what_mail_shows_whatever_they_are_called(kind, ending):
    document = read(word(p(drawing(1)), refers=relation(1, "image", "media/x.jpeg"), parts={"word/media/x.jpeg": picture(kind)}))
    assert document.pictures[0].file.endswith(f".{ending}")


@pytest.mark.parametrize(
    ("target", "content", "why"),
    [
        ("media/a.emf", b"\x01\x00\x00\x00", "ne s’affiche pas dans un courriel"),
        ("media/a.svg", b"<svg/>", "ne s’affiche pas dans un courriel"),
        ("media/a.png", b"\x89PNG\r\n\x1a\nabc", "ne se lit pas"),
        ("media/a.png", picture()[:-30], "ne se lit pas"),
        ("media/a.png", None, "manque, ou pèse trop"),
        ("../../../etc/passwd", None, "manque, ou pèse trop"),
    ],
)
def test_a_picture_that_cannot_be_had_leaves_its_place_and_its_reason(target, content, why):
    parts = {f"word/{target}": content} if content else {}
    document = read(word(p(drawing(1, "Un pont")), refers=relation(1, "image", target), parts=parts))
    assert document.pictures == ()
    assert '<img src="" alt="Un pont">' in document.html
    assert why in document.told[0].fr


def test_a_linked_picture_is_never_fetched():
    refers = relation(1, "image", "http://127.0.0.1:9/pixel.png", outside=True)
    linked = drawing(1, "Un pont").replace("r:embed", "r:link")
    assert "absente du document, et non téléchargée : http://127.0.0.1:9/pixel.png" in told(p(linked), refers=refers)


def test_a_cropped_picture_is_told_and_words_that_word_made_up_are_left_out():
    crop = '<a:srcRect l="25000"/>'
    how = {"refers": relation(1, "image", "media/a.png"), "parts": {"word/media/a.png": picture()}}
    body = p(drawing(1, "Un pont\n\nDescription générée automatiquement avec une confiance moyenne", inside=crop))
    assert "image recadrée dans Word" in told(body, **how)
    assert 'alt="Un pont"' in read(word(body, **how)).html


def test_a_picture_of_old_word_and_one_that_leads_somewhere_are_read():
    how = {
        "refers": relation(1, "image", "media/a.png") + relation(2, "hyperlink", "https://sponsor.example/", outside=True),
        "parts": {"word/media/a.png": picture()},
    }  # fmt: skip
    old = "<w:r><w:pict><v:shape alt='Un logo'><v:imagedata r:id='rId1'/></v:shape></w:pict></w:r>"
    assert 'alt="Un logo"' in read(word(p(old), **how)).html
    assert '<a href="https://sponsor.example/"><img' in read(word(p(drawing(1, extra="<a:hlinkClick r:id='rId2'/>")), **how)).html


# Everything --------------------------------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=30)
RUNS = st.tuples(TEXTS, st.sampled_from(["", "<w:b/>", "<w:i/>", "<w:b/><w:i/>", "<w:strike/>", '<w:rStyle w:val="lev"/>']))
WRAPS = st.sampled_from(
    [
        "{}",
        "<w:ins>{}</w:ins>",
        "<w:hyperlink r:id='rId1'>{}</w:hyperlink>",
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:smartTag>{}</w:smartTag>",
        "<w:fldSimple w:instr=' DATE '>{}</w:fldSimple>",
        "<w:bdo>{}</w:bdo>",
        "<w:del>{}</w:del>",
    ]
)
PARAGRAPHS = st.builds(
    lambda runs, wrap, style, listed: p(
        wrap.format("".join(r(*run) for run in runs)),
        style=style,
        marks=f'<w:numPr><w:ilvl w:val="{listed % 3}"/><w:numId w:val="{listed % 5 + 1}"/></w:numPr>' if listed >= 0 else "",
    ),
    st.lists(RUNS, min_size=1, max_size=4),
    WRAPS,
    st.sampled_from(["", "", "Titre1", "Titre2", "Citation", "Lgende"]),
    st.integers(-8, 9),
)
BLOCKS = st.recursive(
    PARAGRAPHS,
    lambda inner: st.one_of(
        st.builds(lambda a, b, c, d: table((a, b), (c, d)), inner, inner, inner, inner),
        st.builds(lambda a, b: p(r("mot "), box(a), r(" fin")) + b, inner, inner),
        st.builds(lambda a: f"<w:sdt><w:sdtContent>{a}</w:sdtContent></w:sdt>", inner),
    ),
    max_leaves=5,
)


@given(st.lists(BLOCKS, min_size=1, max_size=6))
def test_no_word_of_any_document_is_missing(blocks):
    refers = relation(1, "hyperlink", "https://exemple.fr/", outside=True)
    document = read(word("".join(blocks), refers=refers))
    assert not [said.fr for said in document.told if "ne se retrouve" in said.fr]


def test_a_word_that_is_missing_would_be_told():
    from composer.compose.importing.word.texts import count_words, missing_words

    assert missing_words(count_words(["un deux deux trois"]), count_words(["un deux untrois"])) == ["deux"]
