"""What is no Word document is named with the way to one; what is made to harm is refused quickly and in words."""

from __future__ import annotations

import io
import re
import time
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.compose.importing import decode, is_package, read_word
from composer.errors import UsageError
from composer.model.newsletter import Labels

from .word_documents import TYPES, drawing, p, package, picture, relation, relations, root, table, word

LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600
FLAT = b'<?xml version="1.0"?>\n<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">'
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "WordDocument".encode("utf-16-le") + b"\x00" * 600


def refused(content):
    with pytest.raises(UsageError) as caught:
        read_word(content, labels=Labels())
    assert caught.value.hint
    return caught.value.message.fr


def test_only_an_archive_is_taken_for_a_word_document():
    assert is_package(word(p("mots")))
    assert not is_package(b"PK est un sigle.")


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}, "LibreOffice (.odt)"),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "pas un texte"),
        ({"mimetype": "application/epub+zip"}, "EPUB"),
        ({"Index/Document.iwa": b"x", "preview.jpg": b"x"}, "Pages"),
        ({"photo.jpg": b"x"}, "pas un document Word"),
        ({"[Content_Types].xml": "…spreadsheetml.sheet.main+xml…", "xl/workbook.xml": "<a/>"}, "Excel"),
        ({"[Content_Types].xml": "…presentationml.presentation…"}, "PowerPoint"),
        ({"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}, "macros"),
        ({"[Content_Types].xml": TYPES, "word/vbaProject.bin": b"x", "word/document.xml": "<a/>"}, "macros"),
    ],
)
def test_other_kinds_are_named(parts, says):
    assert says in refused(package(parts))


@pytest.mark.parametrize(
    ("content", "says"),
    [(LOCKED, "mot de passe"), (OLD, "ancien document Word"), (b"{\\rtf1 mots}", "RTF"), (b"%PDF-1.7", "PDF"), (FLAT, "XML")],
)
def test_kinds_that_are_no_archive_are_named_with_the_way_to_a_docx(content, says):
    with pytest.raises(UsageError) as caught:
        decode(content, name="texte.doc")
    assert says in caught.value.message.fr
    assert caught.value.where == "texte.doc"
    assert ".docx" in caught.value.hint.fr or ".txt" in caught.value.hint.fr


def test_an_archive_behind_a_password_is_named():
    content = bytearray(word(p("mots")))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(sign), bytes(content)):
            content[found.start() + at] |= 1
    assert "mot de passe" in refused(bytes(content))


def with_document(text):
    return package(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": relations(relation(1, "officeDocument", "word/document.xml")),
            "word/document.xml": text,
        }
    )


LAUGHS = "".join(f'<!ENTITY l{n} "&l{n - 1};&l{n - 1};&l{n - 1};&l{n - 1};&l{n - 1};&l{n - 1};&l{n - 1};&l{n - 1};">' for n in range(1, 20))
GOOD = root("document", f"<w:body>{p('mots')}</w:body>")
HOSTILE = {
    "entities": GOOD.replace("<w:document", f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><w:document', 1).replace("mots", "&l19;"),
    "outside": GOOD.replace("<w:document", '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document', 1).replace("mots", "&x;"),
    "type": GOOD.replace("<w:document", '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd"><w:document', 1),
    "wide": GOOD.replace("<w:document", "<!DOCTYPE d><w:document", 1).replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
    "ebcdic": GOOD.replace("<w:document", '<!DOCTYPE d [<!ENTITY x "ha">]><w:document', 1).replace("UTF-8", "cp037").encode("cp037"),
    "unknown": GOOD.replace("UTF-8", "nonsense"),
    "deep": root("document", "<w:body>" + "<w:sdt><w:sdtContent>" * 40_000 + "</w:sdtContent></w:sdt>" * 40_000 + "</w:body>"),
    "tables": root("document", "<w:body>" + "<w:tbl><w:tr><w:tc>" * 38 + p("a") + "</w:tc></w:tr></w:tbl>" * 38 + "</w:body>"),
    "many": root("document", "<w:body>" + "<w:p/>" * 700_000 + "</w:body>"),
    "cut": GOOD[:-30],
    "empty": "",
    "other": "<html><body>mots</body></html>",
    "no body": root("document", ""),
    "zero": GOOD.replace("mots", "\x00"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_xml_that_no_word_processor_writes_is_refused_at_once(name):
    begun = time.monotonic()
    assert re.search("abîmé|trop gros", refused(with_document(HOSTILE[name])))
    assert time.monotonic() - begun < 5


def test_a_bomb_is_not_unpacked():
    bomb = with_document(b"<a>" + b" " * 400_000_000)
    begun = time.process_time()
    assert "trop gros" in refused(bomb)
    assert time.process_time() - begun < 5


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_either():
    content = with_document(b"<a>" + b" " * 40_000_000)
    size = (40_000_003).to_bytes(4, "little")
    assert re.search("abîmé|trop gros", refused(content.replace(size, (500).to_bytes(4, "little"))))


def test_many_parts_together_are_bounded():
    notes = {f"word/header{n}.xml": root("hdr", p("x" * 3_000_000)) for n in range(20)}
    refers = "".join(relation(n, "header", f"header{n}.xml") for n in range(20))
    begun = time.monotonic()
    read_word(word(p("mots"), refers=refers, parts=notes), labels=Labels())
    assert time.monotonic() - begun < 10


def test_an_archive_of_too_many_files_is_refused():
    assert "trop gros" in refused(package({f"{n}.txt": b"" for n in range(10_001)}))


def test_a_file_over_the_bound_is_refused():
    assert "trop gros" in refused(b"PK\x03\x04" + b"\x00" * 60_000_001)


def test_a_picture_that_is_a_bomb_is_left_out():
    rows = zlib.compress(b"\x00" * 60_000_000)
    head = (60_000).to_bytes(4, "big") * 2 + b"\x01\x00\x00\x00\x00"

    def chunk(kind, inside):
        return len(inside).to_bytes(4, "big") + kind + inside + zlib.crc32(kind + inside).to_bytes(4, "big")

    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    document = read_word(word(p(drawing(1)), refers=relation(1, "image", "media/a.png"), parts={"word/media/a.png": png}), labels=Labels())
    assert document.pictures == ()
    assert "ne se lit pas" in document.told[0].fr


def test_more_pictures_than_an_issue_holds_are_told():
    parts = {f"word/media/{n}.png": picture(size=(n + 1, 1)) for n in range(103)}
    refers = "".join(relation(n, "image", f"media/{n}.png") for n in range(103))
    document = read_word(word("".join(p(drawing(n)) for n in range(103)), refers=refers, parts=parts), labels=Labels())
    assert len(document.pictures) == 100
    assert len(document.told) == 3


def test_a_long_document_is_read_in_time():
    begun = time.monotonic()
    sentence = "Une phrase ordinaire d’une lettre ordinaire, avec quelques mots en plus pour la longueur. "
    document = read_word(word("".join(p(sentence * 4) for _ in range(3000)) + table((p("a"), p("b")))), labels=Labels())
    assert len(document.text) > 1_000_000
    assert document.told == ()
    assert time.monotonic() - begun < 30


SAMPLE = word(
    p("Un titre", style="Titre1") + p("mots", drawing(1)), refers=relation(1, "image", "media/a.png"), parts={"word/media/a.png": picture()}
)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=12), st.integers(0, len(SAMPLE)))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(changes, cut):
    content = bytearray(SAMPLE)
    for at, byte in changes:
        content[at] = byte
    damaged = bytes(content[: cut or None]) if cut % 3 == 0 else bytes(content)
    try:
        read_word(damaged, labels=Labels())
    except UsageError as error:
        assert error.hint  # noqa: PT017 - the only error that may come


@settings(max_examples=200)
@given(st.data())
def test_a_document_with_damaged_xml_is_read_or_refused_and_nothing_else(data):
    with zipfile.ZipFile(io.BytesIO(SAMPLE)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from([name for name in parts if name.endswith((".xml", ".rels"))]))
    text = parts[name].decode()
    at = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(at, min(len(text), at + 40)))
    parts[name] = (text[:at] + data.draw(st.sampled_from(["", "x", "<w:p>", '"', "9" * 30, "-1", "</w:p>", "&#65;"])) + text[end:]).encode()
    try:
        read_word(package(parts), labels=Labels())
    except UsageError as error:
        assert error.hint  # noqa: PT017 - the only error that may come


def test_nothing_is_written_while_reading(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile(io.BytesIO(SAMPLE)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    read_word(package({"../../evil.txt": b"x", "/abs.txt": b"x", **parts}), labels=Labels())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "inside",
    [
        p("a") * 190_000,
        f"<w:p>{'<w:r><w:t>a </w:t></w:r>' * 190_000}</w:p>",
        f"<w:p><w:r>{'<w:t>a</w:t><w:br/>' * 190_000}</w:r></w:p>",
    ],
    ids=["paragraphs", "runs", "breaks"],
)
def test_what_is_longer_than_any_book_is_refused_at_once(inside):
    begun = time.process_time()
    assert "trop gros" in refused(word(inside))
    assert time.process_time() - begun < 5


def test_a_book_of_three_hundred_pages_is_read():
    cut = "".join(f"<w:r><w:rPr><w:lang w:val='fr-FR'/></w:rPr><w:t xml:space='preserve'>mot{n} </w:t></w:r>" for n in range(6))
    document = read_word(word(f"<w:p>{cut}</w:p>" * 10_000), labels=Labels())
    assert len(document.text.splitlines()) == 10_000
    assert document.told == ()


def test_notes_count_with_the_text_that_they_belong_to():
    notes = root("footnotes", "".join(f'<w:footnote w:id="{n}">{p("a")}</w:footnote>' for n in range(7_000)))
    refers = relation(1, "footnotes", "footnotes.xml")
    assert "trop gros" in refused(word(p("mots") * 7_000, refers=refers, parts={"word/footnotes.xml": notes}))


def test_comments_take_no_longer_each_the_more_there_are():
    commented = '<w:r><w:t>mot </w:t><w:commentReference w:id="1"/></w:r>' * 5_000
    begun = time.process_time()
    read_word(word(f"<w:p>{commented}</w:p>"), labels=Labels())
    assert time.process_time() - begun < 8


def test_runs_that_are_marked_alike_are_one():
    halves = "<w:r><w:rPr><w:b/></w:rPr><w:t>gr</w:t></w:r><w:r><w:rPr><w:b/><w:lang w:val='fr-FR'/></w:rPr><w:t>as</w:t></w:r>"
    after = "<w:r><w:t xml:space='preserve'> puis maigre</w:t></w:r>"
    assert "<strong>gras</strong> puis maigre" in read_word(word(f"<w:p>{halves}{after}</w:p>"), labels=Labels()).html


def test_all_pictures_together_are_unpacked_no_further_than_an_issue_needs():
    blank = b"BM" + b"\x00" * 20_000_000  # none of them is a picture
    parts = {f"word/media/{n}.bmp": blank for n in range(14)}
    refers = "".join(relation(n, "image", f"media/{n}.bmp") for n in range(14))
    document = read_word(word("".join(p(drawing(n)) for n in range(14)), refers=refers, parts=parts), labels=Labels())
    said = [words.fr for words in document.told]
    assert sum("ne se lit pas" in words for words in said) <= 7
    assert sum("pèse trop" in words for words in said) >= 7


def test_page_headers_that_are_each_too_big_are_not_each_unpacked():
    parts = {f"word/header{n}.xml": b"<a>" + b" " * 13_000_000 for n in range(14)}
    refers = "".join(relation(n, "header", f"header{n}.xml") for n in range(14))
    content = word(p("mots"), refers=refers, parts=parts)
    begun = time.process_time()
    read_word(content, labels=Labels())
    assert time.process_time() - begun < 1.5


def test_marks_that_change_more_often_than_in_any_book_are_refused():
    pair = "<w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r><w:r><w:t xml:space='preserve'> b </w:t></w:r>"
    assert "trop gros" in refused(word(f"<w:p>{pair * 16_000}</w:p>"))
