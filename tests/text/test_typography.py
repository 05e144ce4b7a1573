from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.model.body import Span, plain
from composer.model.newsletter import Typography
from composer.text.typography import measure_style, typeset, typeset_text

N = "\u00a0"
HOUSE = Typography()
KEEP = Typography(quotes="keep", straight="keep", colon="keep", high="keep")
ENGLISH = Typography(locale="en", quotes="english", straight="english", colon="tight", high="keep")
STYLES = [
    Typography(quotes=quotes, straight=straight, colon=colon, high=high, nbsp=nbsp)
    for quotes, straight, colon, high, nbsp in product(
        ("keep", "guillemets", "english"),
        ("keep", "guillemets", "english"),
        ("keep", "space", "tight"),
        ("keep", "space"),
        ("\u00a0", "\u202f"),
    )
]
PIECES = [
    *"\"'“”«»‘’ ;:!?.,…–—-()%€°/@\n",
    " ", " ", "\u00a0", "\u202f", "\u2028", "\u200d", "👩‍👩‍👧", "🙂", "ب", "العربية", "؟", "é", "mot", "A", "M.", "Mme", "n°", "p.", "12", "1 000", "h", "novembre",
    "--", "...", "https://e.org/a:b?c=d", "a@b.fr", "10:30", "16:9", ":)", ";-)", "%prenom%", "%prenom|ami!%", "%%", "3 < 5", " – ", " : ", "l'", "ꙮ", "1er", "millions",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
SPANS = st.lists(
    st.builds(
        Span, text=TEXT.filter(bool), strong=st.booleans(), code=st.booleans(), link=st.sampled_from([None, None, "https://e.org/a : b"])
    ),
    max_size=5,
).map(tuple)


@given(TEXT, st.sampled_from(STYLES))
def test_twice_is_the_same_as_once(text, style):
    once = typeset_text(text, style)
    assert typeset_text(once, style) == once


@given(SPANS, st.sampled_from(STYLES))
def test_twice_is_the_same_as_once_across_marks(spans, style):
    once = typeset(spans, style)
    assert typeset(once, style) == once


@given(SPANS, st.sampled_from(STYLES))
def test_marks_do_not_change_what_typography_does(spans, style):
    if not any(span.code for span in spans) and not (spans and spans[0].strong):
        whole = plain(spans)
        assert len(spans) == 1 or _bare(plain(typeset(spans, style))) == _bare(typeset_text(whole, style))


@given(SPANS, st.sampled_from(STYLES))
def test_code_links_and_words_survive(spans, style):
    after = typeset(spans, style)
    assert [span.text for span in spans if span.code] == [span.text for span in after if span.code]
    assert {span.link for span in after} <= {span.link for span in spans}
    assert _letters(plain(after)) == _letters(plain(spans))


@given(TEXT, st.sampled_from(STYLES))
def test_joiners_and_other_scripts_are_left_alone(text, style):
    kept = re.compile("[\u200d\u2028\U0001f300-\U0001faff\u0600-\u06ff]")
    assert kept.findall(typeset_text(text, style)) == kept.findall(text)


def _bare(text):
    return re.sub(r"\s+", " ", text)


def _letters(text):
    return re.findall(r"[^\W_]", text)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("l'IA d'aujourd'hui", "l’IA d’aujourd’hui"),
        ("et puis...", "et puis…"),
        ("un -- deux", "un –\u00a0deux"),
        ('il dit "oui"', "il dit «\u00a0oui\u00a0»"),
        ("il dit “oui”", "il dit «\u00a0oui\u00a0»"),
        ("« il dit “oui” »", "«\u00a0il dit “oui”\u00a0»"),
        ("« il dit « oui » »", "«\u00a0il dit “oui”\u00a0»"),
        ('« il dit "oui" »', "«\u00a0il dit “oui”\u00a0»"),
        ("«collé»", "«\u00a0collé\u00a0»"),
        ("Objectif: ouvrir", "Objectif\u00a0: ouvrir"),
        ("Vraiment?", "Vraiment\u00a0?"),
        ("Vraiment ?!", "Vraiment\u00a0?!"),
        ("700 millions de 12 500 000 clients", "700\u00a0millions de 12\u00a0500\u00a0000 clients"),
        ("10 % et 3 €", "10\u00a0% et 3\u00a0€"),
        ("le n° 4, p. 12", "le n°\u00a04, p.\u00a012"),
        ("M. Martin et Mme Élan", "M.\u00a0Martin et Mme\u00a0Élan"),
        ("à 18 h 30 le 26 novembre, le 1er janvier", "à 18\u00a0h\u00a030 le 26\u00a0novembre, le 1er\u00a0janvier"),
        ("un – enfin deux – trois", "un –\u00a0enfin deux\u00a0– trois"),
        ("en 2025 l’entreprise", "en 2025 l’entreprise"),
        ("en 2025 300 clients", "en 2025 300 clients"),
    ],
)  # fmt: skip
def test_house_style_in_french(typed, printed):
    assert typeset_text(typed, HOUSE) == printed


@pytest.mark.parametrize(
    "text",
    ["à 10:30", "en 16:9", "voir https://exemple.org/a?b=c;d!e", "écrire à a.b@exemple.fr", "merci :)", "bien ;-)", "%prenom|ami!% et 50 clients", "C:\\dossier", "un mot", "AT&T", "hebdo --json", '27"'],
)  # fmt: skip
def test_what_must_not_change_does_not(text):
    assert typeset_text(text, HOUSE) == text


@pytest.mark.parametrize("text", ["Objectif: ouvrir", 'il dit “oui” et "non"', "Vraiment?"])
def test_keep_keeps_colons_quotes_and_high_signs(text):
    assert typeset_text(text, KEEP) == text


def test_keep_still_makes_typed_spaces_unbreakable():
    assert typeset_text("« oui » : non ?", KEEP) == "«\u00a0oui\u00a0»\u00a0: non\u00a0?"


def test_english_quotes_lose_their_inner_spaces():
    assert typeset_text('He said « yes » : "no"', ENGLISH) == "He said “yes”: “no”"


def test_a_quote_left_open_stays_as_typed():
    assert typeset_text('il dit "oui et part', HOUSE) == 'il dit "oui et part'


def test_quotes_and_colons_are_set_across_bold_and_links():
    spans = (Span(text='il dit "', line=3), Span(text="oui", strong=True), Span(text='": '), Span(text="ici", link="https://e.org/a : b"))
    after = typeset(spans, HOUSE)
    assert plain(after) == "il dit «\u00a0oui\u00a0»\u00a0: ici"
    assert [span.text for span in after if span.strong] == ["oui"]
    assert after[-1].link == "https://e.org/a : b"


def test_code_is_never_touched():
    spans = (Span(text="tapez "), Span(text='a = "b" ; c...', code=True), Span(text=" !"))
    assert [span.text for span in typeset(spans, HOUSE)] == ["tapez ", 'a = "b" ; c...', "\u00a0!"]


def test_the_dash_after_a_run_in_is_held_by_its_head():
    spans = (Span(text="Tête", strong=True), Span(text=" – Une phrase."))
    assert plain(typeset(spans, HOUSE)) == "Tête\u00a0– Une phrase."


@pytest.mark.parametrize("name", ["000", "002"])
def test_the_seeds_keep_their_colons_and_quotes(shared, name):
    text = next((shared / "seeds").glob(f"{name}*")).read_text(encoding="utf-8")
    for line in text.splitlines():
        before, after = measure_style(line), measure_style(typeset_text(line, KEEP))
        assert (before.colon, before.quotes, before.high) == (after.colon, after.quotes, after.high)
        assert re.sub(r"[\u00a0\u202f]", " ", typeset_text(line, KEEP)).replace("’", "'") == re.sub(r"[\u00a0\u202f]", " ", line).replace(
            "’", "'"
        ).replace("...", "…")


def test_a_text_that_disagrees_with_the_house_is_measured():
    measure = measure_style("Objectif: ouvrir.\nIl dit “oui” !")
    assert (measure.colon, measure.quotes, measure.high) == ("tight", "curly", "space")
    assert measure.disagreements(HOUSE) == ("colon", "quotes")


@pytest.mark.parametrize("text", ["Vrai?: non", '"Vrai!":', '"--"', "«--»", "“--”", '"mot--"', '"--help" et "-- mot"'])
@pytest.mark.parametrize("straight", ["keep", "guillemets", "english"])
@pytest.mark.parametrize("quotes", ["keep", "guillemets", "english"])
def test_signs_beside_signs_are_settled_at_once(text: str, straight: str, quotes: str):
    """House style puts a space beside one of them, and a second pass must find nothing new at the other."""
    style = Typography(straight=straight, quotes=quotes)
    once = typeset_text(text, style)
    assert typeset_text(once, style) == once
