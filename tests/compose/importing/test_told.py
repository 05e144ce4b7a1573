"""What is not certain is joined, kept or left out, and told with its line: headlines in two lines, teasers in odd places, ends, numbers."""

from __future__ import annotations

import pytest

from composer.compose.importing import Imported, import_text
from composer.errors import UsageError
from composer.model.body import Calls, ListBlock, Paragraph, plain

LONG = "Le texte de cet article est assez long pour que personne ne le prenne pour un titre, car il compte bien plus de mots que n’en compte un titre. "
STANDFIRST = LONG + "Il se termine par un point."
SPONSOR = (
    "Voici le texte de l’annonceur, assez long lui aussi pour que personne ne le prenne pour un titre, avec ses arguments et une fin nette."
)
LEAD = ("Exemplia accélère ses ventes", STANDFIRST)
SECOND = ("La mairie de Fictiville change de cap", LONG + "La mairie l’a dit.")
THIRD = ("Un musée imaginaire ouvre ses portes", LONG + "Fin du troisième.")
CALLS = ("📘 Téléchargez le livret", "💬 Lire l’entretien")


def read(*lines: str, subject: str = "Un objet provisoire") -> Imported:
    return import_text("\n".join([subject, *lines]), as_="issue")


def headlines(found: Imported) -> list[str]:
    return [story.headline_text for story in found.stories]


def told(found: Imported) -> str:
    return "\n".join([f"{guess.line} {guess.reason.fr}" for guess in found.guesses] + [warning.fr for warning in found.warnings])


# Headlines in two lines --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Tramway :", "le vote de minuit"),
        ("Après six ans de querelles, la ville", "choisit enfin son tramway"),
        ("La longue patience des", "Ateliers Fictifs"),
        ("Faut-il encore", "croire aux tramways ?"),
    ],
)
def test_a_headline_in_two_lines_is_one(first, second):
    """The rest of a headline opens with a small letter, or its first line cannot end where it does."""
    for before in ((), (*LEAD, "Pour aller plus loin :", "– Un lien"), (*LEAD, "PARTENAIRE", "Offre", SPONSOR, *CALLS)):
        found = read(*before, first, second, STANDFIRST)
        assert headlines(found)[-1] == f"{first} {second}"
        assert found.unclassified == ()
        assert not found.issue.introduction


def test_a_headline_in_three_lines_is_one():
    assert headlines(read("La longue patience des", "riverains du tramway qui", "n’arrive toujours pas", STANDFIRST))[0].endswith(
        "toujours pas"
    )


def test_a_word_and_a_colon_above_a_headline_are_read_with_it_and_told():
    found = read(*SECOND, "Tramway :", "Le vote de minuit", STANDFIRST)
    assert headlines(found)[-1] == "Tramway : Le vote de minuit"
    assert "4 lu avec la ligne suivante" in told(found)


def test_a_subject_in_two_lines_is_one():
    found = read("qui monte", "Et aussi : La mairie", *LEAD, *SECOND, subject="Exemplia, la société")
    assert found.issue.subject == "Exemplia, la société qui monte"
    assert headlines(found) == [LEAD[0], SECOND[0]]


def test_two_headlines_are_not_joined():
    found = read("Une première rubrique", "La seconde est le titre", STANDFIRST)
    assert headlines(found) == ["La seconde est le titre"]
    assert found.unclassified == ((2, "Une première rubrique"),)


def test_an_item_and_a_call_in_two_lines_are_one():
    found = read(
        *LEAD,
        "Pour aller plus loin :",
        "– Un ancien article sur",
        "la société Exemplia",
        "PARTENAIRE",
        "Offre",
        SPONSOR,
        "📘 Téléchargez le",
        "livret",
        *SECOND,
    )
    assert [plain(link.spans) for link in found.stories[0].further_reading] == ["Un ancien article sur la société Exemplia"]
    assert [plain(call.spans) for call in found.stories[1].calls] == ["Téléchargez le livret"]
    assert found.stories[1].border == "sure"


# Teasers -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("marker", ["– ", "- ", "• ", "* ", "–"])
def test_teasers_as_a_list_are_teasers(marker):
    found = read("Et aussi :", f"{marker}Le cap de la mairie", f"{marker}Un musée", *LEAD, *SECOND, *THIRD)
    assert [story.teaser for story in found.stories] == ["", "Le cap de la mairie", "Un musée"]
    assert found.guesses == ()


def test_teasers_without_dashes_are_teasers_and_told():
    found = import_text("\n".join(["Un objet", "Et aussi :", "Le cap de la mairie", "Un musée", *LEAD, *SECOND, *THIRD]))
    assert [story.teaser for story in found.stories] == ["", "Le cap de la mairie", "Un musée"]
    assert "3 lu comme une accroche" in told(found)


def test_teasers_that_go_on_below_their_line_are_teasers():
    found = read("Et aussi : Le cap de la mairie", "– Un musée", *LEAD, *SECOND, *THIRD)
    assert [story.teaser for story in found.stories] == ["", "Le cap de la mairie", "Un musée"]


def test_teasers_below_the_stories_that_speak_of_them_are_theirs_and_told():
    for lines in (("Et aussi :", "– Le cap de la mairie", "– Un musée"), ("Et aussi : Le cap de la mairie – Un musée",)):
        found = read(*LEAD, *SECOND, *THIRD, *lines)
        assert [story.teaser for story in found.stories] == ["", "Le cap de la mairie", "Un musée"]
        assert [type(block) for block in found.stories[-1].blocks] == [Paragraph]
        assert "8 « Et aussi » sous les articles" in told(found)


def test_a_list_below_the_stories_that_announces_none_of_them_stays_in_place_and_is_told():
    found = read(*LEAD, *SECOND, *THIRD, "Et aussi :", "– Une brève", "– Une autre")
    assert not any(story.teaser for story in found.stories)
    assert [type(block) for block in found.stories[-1].blocks] == [Paragraph, Paragraph, ListBlock]
    assert "8 « Et aussi » à cet endroit" in told(found)


def test_teasers_twice_are_told():
    twice = read("Et aussi : Le cap de la mairie", "Et aussi : Un musée", *LEAD, *SECOND, *THIRD)
    assert [story.teaser for story in twice.stories] == ["", "Le cap de la mairie", "Un musée"]
    assert "3 un second « Et aussi »" in told(twice)
    again = read("Et aussi : Le cap – Un musée", *LEAD, *SECOND, *THIRD, "Et aussi :", "– Le cap", "– Un musée")
    assert [story.teaser for story in again.stories] == ["", "Le cap", "Un musée"]
    assert "9 « Et aussi » à cet endroit" in told(again)


def test_et_aussi_that_opens_a_sentence_is_a_sentence():
    found = read(*LEAD, *SECOND, *THIRD, "Et aussi : des carottes, selon la mairie.", "Une tête – " + STANDFIRST)
    assert plain(found.stories[-1].blocks[1].spans) == "Et aussi : des carottes, selon la mairie."
    assert found.guesses == ()


# The end of a sponsor ------------------------------------------------------------------------------------------------------------------

ENDS = [
    "[Fin de la publicité]",
    "Fin du contenu partenaire",
    "— fin de l’annonce —",
    "– Fin de la publicité –",
    "FIN PUBLICITÉ",
    "*** FIN DU MESSAGE SPONSORISÉ ***",
    "(fin du partenariat)",
    "Fin du message de notre partenaire",
    "Fin de l’encart publicitaire",
    "[/Publicité]",
    "/PARTENAIRE",
    "End of sponsored content",
    "[end of ad]",
]


@pytest.mark.parametrize("line", ENDS)
@pytest.mark.parametrize("calls", [(), CALLS])
def test_a_line_that_closes_a_sponsor_ends_it_surely_and_is_told(line, calls):
    found = read(*LEAD, "PARTENAIRE", "Offre", SPONSOR, *calls, line, *SECOND)
    sponsor = found.stories[1]
    assert headlines(found) == [LEAD[0], "Offre", SECOND[0]]
    assert sponsor.border == "sure"
    assert [type(block) for block in sponsor.blocks] == [Paragraph, *([Calls] if calls else [])]
    assert f"ligne {7 + len(calls)} : « {line} » clôt l’annonce" in told(found).replace("’", "’")
    assert found.unclassified == ()


def test_what_looks_like_a_headline_before_the_closing_line_is_the_sponsors():
    found = read(*LEAD, "PARTENAIRE", "Offre", SPONSOR, "Une offre qui ne dure pas", SPONSOR, "Fin de l’annonce", *SECOND)
    assert headlines(found) == [LEAD[0], "Offre", SECOND[0]]
    assert found.stories[1].border == "sure"


def test_a_story_before_the_closing_line_makes_the_border_unsure():
    found = read(*LEAD, "PARTENAIRE", "Offre", SPONSOR, *CALLS, SECOND[0], "Par Camille Durand", SECOND[1], "Fin de l’annonce", *THIRD)
    assert found.stories[1].border == "unsure"


def test_text_after_the_closing_line_is_no_sponsors_even_without_a_headline():
    found = read(*LEAD, "PARTENAIRE", "Offre", SPONSOR, "[Fin de la publicité]", STANDFIRST)
    assert [story.kind for story in found.stories] == ["lead", "sponsor", "story"]
    assert "ligne 8 : l’article 3 n’a pas de titre" in told(found)


def test_two_sponsors_are_each_closed_by_their_line():
    found = read(
        *LEAD,
        "PARTENAIRE",
        "Offre",
        SPONSOR,
        "[Fin de la publicité]",
        *SECOND,
        "Publicité",
        "Autre offre",
        SPONSOR,
        "[Fin de la publicité]",
        *THIRD,
    )
    assert [story.kind for story in found.stories] == ["lead", "sponsor", "story", "sponsor", "story"]
    assert [story.border for story in found.stories] == ["sure"] * 5


def test_a_closing_line_without_a_sponsor_is_kept_and_told():
    found = read(*LEAD, "Fin de la publicité", *SECOND)
    assert (4, "Fin de la publicité") in found.unclassified


def test_a_headline_about_the_end_of_advertising_is_one():
    found = read(*LEAD, "PARTENAIRE", "Offre", SPONSOR, *CALLS, "Fin de la publicité sur les chaînes publiques", STANDFIRST)
    assert headlines(found)[-1] == "Fin de la publicité sur les chaînes publiques"


# The number ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "subject",
    ["#12 – Exemplia accélère", "N°12 – Exemplia accélère", "N° 12 : Exemplia accélère", "No 12 | Exemplia accélère", "n\u00ba12, Exemplia accélère", "#12",
     "Exemplia accélère – n° 12", "Exemplia accélère (n° 12)", "La lettre du littoral n° 12", "Newsletter #12 : Exemplia accélère", "[#12] Exemplia accélère"],
)  # fmt: skip
def test_a_number_set_apart_in_the_subject_is_the_issues_and_the_words_stay(subject):
    found = read(*LEAD, *SECOND, subject=subject)
    assert (found.issue.number, found.issue.subject) == (12, subject)
    assert "ligne 1 : le numéro 12" in told(found)


@pytest.mark.parametrize(
    "subject",
    [
        "Exemplia, n° 1 mondial",
        "N° 1 des ventes",
        "Le secret du parfum n° 5",
        "Le no 10 de Downing Street et le n° 11",
        "#1 des ventes en ligne",
    ],
)
def test_a_number_of_something_else_is_not_taken_and_that_is_told(subject):
    found = read(*LEAD, *SECOND, subject=subject)
    assert (found.issue.number, found.issue.subject) == (None, subject)
    assert "n’est pas pris pour le numéro" in told(found)


@pytest.mark.parametrize("subject", ["C# et F# font leur rentrée", "Les 12 travaux", "No, 12 ans après", "#metoo, dix ans après"])
def test_a_subject_without_a_number_says_nothing_of_one(subject):
    assert "numéro" not in told(read(*LEAD, subject=subject)).replace("le numéro en a", "")


# What mutated texts brought to light -------------------------------------------------------------------------------------------------


def test_a_quotation_in_two_lines_is_one_headline():
    found = read(*LEAD, "Pour aller plus loin :", "– Un lien", "« Réseaux, vidéo, annonces...", "Comment Exemplia change »", STANDFIRST)
    assert headlines(found)[-1] == "« Réseaux, vidéo, annonces... Comment Exemplia change »"


def test_a_headline_that_ends_like_a_sentence_is_one_above_an_author():
    found = read(*LEAD, "« La mairie change de cap »", "Par Camille Durand", "Un premier revers.", "Une tête – " + STANDFIRST)
    assert headlines(found)[-1] == "« La mairie change de cap »"
    assert found.stories[-1].author == "Camille Durand"


def test_a_question_above_a_short_sentence_may_be_a_headline_and_is_told():
    found = read(*LEAD, "La mairie change-t-elle de cap ?", "Un premier revers.", "Une tête – " + STANDFIRST)
    assert "4 cette ligne est peut-être le titre d’un article" in told(found)


def test_the_first_headline_below_the_subject_may_end_like_a_sentence():
    found = read("Faut-il croire aux tramways ?", "Oui, disent-ils.", "Une tête – " + STANDFIRST, *SECOND)
    assert headlines(found)[0] == "Faut-il croire aux tramways ?"
    assert "2 lu comme le titre d’un article" in told(found)


def test_the_end_of_a_headline_in_capitals_is_no_author():
    for end in ("PAR UN FIL", "BY TRAIN"):
        assert not read("UN ROBOT GUIDÉ", end, STANDFIRST.upper()).stories[0].author
    assert read("UN ROBOT GUIDÉ", "PAR CAMILLE DURAND", STANDFIRST.upper()).stories[0].author == "CAMILLE DURAND"


def test_a_few_words_and_a_colon_that_lead_to_nothing_are_told():
    found = read(*LEAD, "Nos conseils :", STANDFIRST)
    assert (4, "Nos conseils :") in found.unclassified
    assert read(*LEAD, "Nos conseils :", "• Un", "• Deux").unclassified == ()


@pytest.mark.parametrize("label", ["Objet : ", "OBJET\u00a0: ", "Subject: "])
def test_the_label_of_a_subject_is_not_printed_and_told(label):
    found = read(*LEAD, *SECOND, subject=f"{label}La mer monte")
    assert found.issue
    assert found.issue.subject == "La mer monte"
    assert "n’est pas repris dans l’objet" in told(found)


def test_one_credit_is_counted_as_one():
    body = "La ville plante des genêts sur le mur du port, et les habitants regardent sans rien dire. " * 3
    text = f"La lettre\nEt aussi : Un banc\n\nLe mur\n{body}\n\nCrédit photo : Anne Petit"
    told = {warning.en.partition(": ")[2] for warning in import_text(text, as_="issue").warnings}
    assert "1 credit for 0 pictures: to be given to pictures, in issue.md" in told


def test_a_line_of_front_matter_that_is_left_is_told_by_its_own_number():
    found = import_text("---\ntitle: Un titre\nauthor: Anne Petit\ntags: port\n---\n\nUn texte.\n", source="markdown")
    assert found.unclassified == ((4, "tags: port"),)


@pytest.mark.parametrize("name", ["²", "9" * 5000], ids=["raised", "endless"])
def test_a_sign_that_is_no_number_of_a_line_is_looked_for_as_words(name: str):
    with pytest.raises(UsageError):
        import_text("Un titre\n\nUn texte.\n", headline=name)
