"""What an outside reader says becomes advice at its place; names, other languages and what no author wrote are left in peace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.check.dictionary import is_known, read_words
from composer.check.grammar import check_grammar
from composer.check.measures import GrammarMeasure, Measures, Remark
from composer.check.prose import place_in_file, stretches
from composer.compose.grammar import parse_issue, parse_story
from composer.model.newsletter import Labels, Newsletter

NEWSLETTER = Newsletter(name="Essai", list_id="essai.exemple.fr")
FOLDER = "issues/2026-11-26-essai"
ISSUE = "---\nnumber: 7\norder: [une]\n---\n# Un objet\n"


def issue_of(story, *, issue=ISSUE):
    sources = {f"{FOLDER}/issue.md": issue, f"{FOLDER}/une.md": story}
    stories = [parse_story(story, id="une", path=f"{FOLDER}/une.md", labels=Labels())]
    return parse_issue(issue, id="2026-11-26-essai", path=f"{FOLDER}/issue.md", stories=stories, labels=Labels()), sources


def remarked(story, *unknown, known="", grammar=(), issue=ISSUE):
    """The findings when the reader does not know the words ``unknown``, and remarks on the words ``grammar``."""
    parsed, sources = issue_of(story, issue=issue)
    remarks = {}
    for stretch in stretches(parsed, sources):
        spelling = [(word, "spelling", "") for word in unknown]
        remarks[stretch.text] = tuple(
            Remark(start=at, end=at + len(word), kind=kind, says=says, suggestions=("autre",))
            for word, kind, says in (*spelling, *((word, "grammar", "Accord.") for word in grammar))
            for at in range(len(stretch.text))
            if stretch.text.startswith(word, at)
        )
    measure = GrammarMeasure(remarks=remarks, known=read_words(known), suggestions={"Aujourdhui": ("Aujourd’hui",)})
    return list(check_grammar(parsed, NEWSLETTER, Measures(sources=sources, grammar=measure)))


def words(findings):
    return [finding.message.fr.split("«\u00a0")[1].split("\u00a0»")[0] for finding in findings]


STORY = """---
teaser: "Les accroche du jour"
image: {file: images/a.jpg, alt: "Des enfant assis"}
---
# Les titre

Un chapô avec [des lien](https://exemple.fr/les-faute) et des *faute* grave
sur deux ligne.

**Les tête** – Les tête encore, %prenom|lecteur% a des `bouts` cassé.

- Des point
- Des *autre* points

| Des cellule | Une autre |
|---|---|
| Des deux | Des trois |
"""
PLACES = {
    "accroche": (2, 14),
    "enfant": (3, 39),
    "titre": (5, 7),
    "lien": (7, 20),
    "grave": (7, 71),
    "ligne": (8, 10),
    "point": (12, 7),
    "cellule": (15, 7),
    "trois": (17, 18),
    "cassé": (10, 64),
}


@pytest.mark.parametrize("word", PLACES)
def test_a_remark_stands_where_the_word_stands_in_the_file(word):
    found = [one for one in remarked(STORY, grammar=[word]) if words([one]) == [word]]
    assert (found[0].line, found[0].col) == PLACES[word]
    line = STORY.split("\n")[PLACES[word][0] - 1]
    assert line[PLACES[word][1] - 1 :].startswith(word)


def test_a_word_of_the_head_and_of_its_text_are_told_apart():
    assert [(one.line, one.col) for one in remarked(STORY, grammar=["tête"])] == [(10, 7), (10, 20)]


WORDS = st.lists(st.text("abcdeéèàœ", min_size=1, max_size=6), min_size=1, max_size=12)
MARKS = st.sampled_from(["{}", "**{}**", "*{}*", "[{}](https://exemple.fr/abc)", "«\u00a0{}\u00a0»", "~~{}~~", "%prenom% {}"])


@given(st.lists(st.tuples(WORDS, MARKS), min_size=1, max_size=6), st.booleans())
def test_every_word_is_found_again_in_the_file(parts, lines):
    body = ("\n" if lines else " ").join(mark.replace("{}", " ".join(some)) for some, mark in parts)
    story = f"# Titre\n\n{body}\n"
    parsed, sources = issue_of(story)
    for stretch in stretches(parsed, sources):
        at = 0
        for word in stretch.text.split(" "):
            masked = any(begin <= at < end for begin, end in stretch.masked)
            if stretch.path.endswith("une.md") and word.isalpha() and not masked:
                line, col = place_in_file(stretch, at, sources)
                assert col, (stretch.text, word)
                assert story.split("\n")[line - 1][col - 1 :].startswith(word)
            at += len(word) + 1


def test_an_unknown_word_is_remarked_on_once_with_its_number():
    found = remarked("# Titre\n\nUn chatbot, deux chatbots.\n\nEt le chatbot.\n", "chatbot")
    assert [(one.rule, one.level, one.line, one.col) for one in found] == [("spelling", "advice", 3, 4)]
    assert "fois" in found[0].message.fr
    assert found[0].hint.fr.endswith("--teach chatbot`")


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Chez OpenAI on rit.", "OpenAI"),
        ("Selon Altman, rien.", "Altman"),
        ("Les ETI aussi.", "ETI"),
        ("Exemplia Conseil recrute.", "Exemplia"),
        ("Il aime le *storytelling* anglais.", "storytelling"),
        ("Écrivez à %prenom|zorglub% demain.", "zorglub"),
        ("Lancez `zorglub` demain.", "zorglub"),
        ("Voyez https://zorglub.example/ et @zorglub.", "zorglub"),
        ("Voyez [ici](https://zorglub.example/).", "zorglub"),
    ],
)
def test_names_other_languages_fields_code_and_addresses_are_no_spelling_mistakes(text, unknown):
    assert remarked(f"# Titre\n\n{text}\n", unknown) == []


def test_a_quotation_in_another_language_is_left_in_peace_and_the_sentence_around_it_is_read():
    text = "Il a dit : « ok maybe we will do a social app », et du chocollat."
    found = remarked(f"# Titre\n\n{text}\n", "maybe", "will", "do", "social", "app", "chocollat")
    assert words(found) == ["chocollat"]


def test_a_capital_that_opens_a_sentence_is_remarked_on_only_for_a_likely_slip():
    assert words(remarked("# Titre\n\nAujourdhui il pleut. Exemplia recrute.\n", "Aujourdhui", "Exemplia")) == ["Aujourdhui"]


def test_a_name_met_once_that_resembles_one_met_often_is_asked_about():
    text = "Pour Sam Altman, oui. Pour Altman, non. Chez Altmann, peut-être. Des Altmans."
    found = remarked(f"# Titre\n\n{text}\n", "Altman", "Altmann", "Altmans")
    assert words(found) == ["Altmann"]
    assert "le même nom" in found[0].message.fr


def test_the_newsrooms_own_words_are_never_remarked_on():
    story = "# Titre\n\nUn chatbot. Chatbots en vue. Le scale-up.\n"
    assert remarked(story, "chatbot", "Chatbots", "scale-up", known="chatbot\nscale-up # du jargon\n") == []
    assert remarked(story, grammar=["chatbot"], known="# rien\nchatbot") == []


@pytest.mark.parametrize(
    ("entry", "word", "known"),
    [
        ("chatbot", "Chatbot", True),
        ("chatbot", "CHATBOTS", True),
        ("Spotify", "spotify", False),
        ("Spotify", "SPOTIFY", True),
        ("Prima Materia", "Materia", True),
        ("rendez-vous'", "rendez", False),
        ("aujourd'hui", "aujourd’hui", True),
        ("cafe\u0301", "café", True),
        ("# chatbot", "chatbot", False),
    ],
)
def test_the_case_of_an_entry_says_what_it_covers(entry, word, known):
    assert is_known(word, read_words(f"\ufeffautre\r\n{entry}\r\n")) is known


def test_a_sponsors_text_is_the_sponsors():
    found = remarked("---\nkind: sponsor\n---\n# Offre\n\nDes prix cassé.\n", grammar=["cassé"])
    assert "annonceur" in found[0].hint.fr


def test_a_suggestion_that_changes_nothing_is_no_remark():
    assert remarked("# Titre\n\nLa Française autre.\n", grammar=["autre"]) == []


@pytest.mark.parametrize("state", ["missing", "late", "failed", "not-french"])
def test_why_nothing_was_read_is_told_once_with_a_way_out(state):
    parsed, sources = issue_of("# Titre\n\nUn texte.\n")
    found = list(check_grammar(parsed, NEWSLETTER, Measures(sources=sources, grammar=GrammarMeasure(state=state))))
    assert [(one.rule, one.level) for one in found] == [("grammar-unread", "advice")]
    assert "`" in found[0].hint.fr or "[check]" in found[0].hint.fr


def test_who_did_not_ask_for_it_hears_nothing():
    parsed, sources = issue_of("# Titre\n\nUn texte.\n")
    assert list(check_grammar(parsed, NEWSLETTER, Measures(sources=sources))) == []


def test_a_paragraph_that_was_not_read_is_told():
    parsed, sources = issue_of("# Titre\n\nUn texte.\n")
    found = list(check_grammar(parsed, NEWSLETTER, Measures(sources=sources, grammar=GrammarMeasure())))
    assert [one.rule for one in found] == ["grammar-unread"]
