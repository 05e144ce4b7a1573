"""Lines around the stories: what announces them, what opens or marks them, who signs, whose picture it is. Obeyed or kept, and told."""

from __future__ import annotations

import pytest

from composer.compose.importing import Imported, import_text, place_pictures
from composer.model.body import FurtherReading, Paragraph, Picture, plain

LONG = "Le texte de cet article est assez long pour que personne ne le prenne pour un titre, car il compte bien plus de mots que n’en compte un titre. "
LEAD = ("Le tram ne passera pas", LONG + "Le tram attend.")
SPONSOR = ("PARTENAIRE", "Un café offert", LONG.replace("cet article", "cette annonce") + "Il se termine par un point.")
SECOND = ("Brocante sous la neige", LONG + "La place est blanche.")
THIRD = ("Un musée ouvre ses portes", LONG + "Il est gratuit.")


def read(*lines: str) -> Imported:
    return import_text("\n".join(["Le tram s’arrête là", *lines]), as_="issue")


def said(found: Imported) -> str:
    return "\n".join([f"{guess.line} {guess.reason.fr}" for guess in found.guesses] + [warning.fr for warning in found.warnings])


# What announces the stories -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Au sommaire : un tram, un partenaire et une brocante.",
        "Au sommaire : un tram et une brocante",
        "Et aussi : un tram, un partenaire et une brocante",
        "Et aussi : la neige tombe sur la place.",
        "Et aussi : un pont – un phare – un quai",
    ],
)
def test_a_line_that_does_not_announce_the_stories_one_by_one_stays_the_introduction_and_is_told(line):
    found = read(line, *LEAD, *SPONSOR, "Fin de l’annonce", *SECOND)
    assert [plain(block.spans) for block in found.issue.introduction] == [line]
    assert not any(story.teaser for story in found.stories)
    assert not found.issue.preheader
    assert "2 cette ligne n’annonce pas à coup sûr les articles" in said(found)


@pytest.mark.parametrize("line", ["Et aussi : La brocante", "Et aussi : Faut-il fermer la place ?"])
def test_one_teaser_of_the_one_story_is_its_teaser(line):
    assert [story.teaser for story in read(line, *LEAD, *SECOND).stories] == ["", line.removeprefix("Et aussi : ")]


def test_one_teaser_without_a_word_in_common_is_taken_and_told():
    assert "2 lu comme l’accroche du seul article" in said(read("Et aussi : Une surprise", *LEAD, *SECOND))
    assert "accroche" not in said(read("Et aussi : La brocante", *LEAD, *SECOND))


def test_where_the_count_differs_a_teaser_goes_to_the_story_whose_words_it_has():
    found = read("Et aussi : Un musée", *LEAD, *SECOND, *THIRD)
    assert [story.teaser for story in found.stories] == ["", "", "Un musée"]
    assert "« Et aussi » annonce 1 article, le numéro en a 2" in said(found)


# Headings of rubrics ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["Et aussi", "ET AUSSI", "Et aussi :", "Et aussi cette semaine"])
def test_et_aussi_above_the_secondary_stories_ends_the_sponsor_and_is_told(line):
    found = read(*LEAD, *SPONSOR, line, *SECOND)
    assert [(story.kind, story.border) for story in found.stories] == [("lead", "sure"), ("sponsor", "sure"), ("story", "sure")]
    assert [type(block) for block in found.stories[1].blocks] == [Paragraph]
    assert f"ligne 7 : « {line} » ouvre les articles qui suivent" in said(found)
    assert found.unclassified == ()


def test_a_story_between_sponsor_and_rubric_still_makes_the_border_unsure():
    found = read(*LEAD, *SPONSOR, *THIRD, "Et aussi", *SECOND)
    assert found.stories[1].border == "unsure"


def test_et_aussi_that_stands_above_no_headline_stays_and_is_told():
    found = read(*LEAD, "Et aussi", "des carottes", *SECOND)
    assert (4, "Et aussi") in found.unclassified


@pytest.mark.parametrize("line", ["À la une", "LA UNE", "A la une :", "Le gros titre", "L’article de la semaine", "Le sujet du jour"])
def test_a_rubric_above_a_headline_marks_the_lead_and_is_told(line):
    found = read(*SECOND, line, *LEAD, *THIRD)
    assert [story.kind for story in found.stories] == ["story", "lead", "story"]
    assert [story.headline_text for story in found.stories] == [SECOND[0], LEAD[0], THIRD[0]]
    assert f"ligne 4 : « {line} » désigne la une" in said(found)
    assert found.unclassified == ()


@pytest.mark.parametrize("line", ["aussi", "également", "et aussi", "Aussi"])
def test_a_last_word_on_a_line_of_its_own_opens_no_rubric(line):
    assert "ouvre les articles" not in said(read(*LEAD, line, *SECOND))


def test_a_la_une_inside_of_a_sentence_or_of_a_headline_marks_nothing():
    found = read("À la une des journaux", LONG + "Le tram attend.", *SECOND)
    assert found.stories[0].headline_text == "À la une des journaux"


def test_headings_below_the_heading_of_a_rubric_open_stories():
    text = f"# Objet\n\n## À la une\n\n### {LEAD[0]}\n\n{LEAD[1]}\n\n#### Un détail\n\n{LONG}\n\n## Et aussi\n\n### {SECOND[0]}\n\n{SECOND[1]}\n"
    found = import_text(text, source="markdown", as_="issue")
    assert [(story.kind, story.headline_text) for story in found.stories] == [("lead", LEAD[0]), ("story", SECOND[0])]


# Closing words ------------------------------------------------------------------------------------------------------------------------

MORE = ("Pour aller plus loin :", "– Un ancien article", "– Un autre")


@pytest.mark.parametrize("more", [MORE, ("Pour aller plus loin :", "Un ancien article", "Un autre"), ()])
@pytest.mark.parametrize("closing", [("À la semaine prochaine !", "La rédaction"), ("Bonne lecture,", "Anaïs et Tom"), ("À jeudi.",)])
def test_closing_words_and_signature_are_no_links_stay_last_and_are_told_once(more, closing):
    found = read(*LEAD, *SECOND, *more, *closing, "Crédits photo : Agence A – Agence B")
    last = found.stories[-1]
    assert [plain(block.spans) for block in last.blocks[-len(closing) :] if isinstance(block, Paragraph)] == list(closing)
    assert [len(block.links) for block in last.blocks if isinstance(block, FurtherReading)] == ([2] if more else [])
    assert f"« {' / '.join(closing)} », lu comme la formule de fin" in said(found)
    assert found.unclassified == ()
    assert "--headline" not in said(found)


def test_words_without_address_below_links_that_have_one_are_no_link():
    links = "".join(f"<p><a href='https://exemple.fr/{n}'>Lien {n}</a></p>" for n in (1, 2))
    found = import_text(f"<h1>Objet</h1><h2>{LEAD[0]}</h2><p>{LEAD[1]}</p><p>Pour aller plus loin :</p>{links}<p>Le comité</p>", source="html", as_="issue")  # fmt: skip
    assert [plain(link.spans) for link in found.stories[0].further_reading] == ["Lien 1", "Lien 2"]


# Pictures -----------------------------------------------------------------------------------------------------------------------------


def pictured(*inside: str) -> Imported:
    body = "".join(inside)
    return place_pictures(import_text(f"<h1>Objet</h1><h2>{LEAD[0]}</h2>{body}<h2>{SECOND[0]}</h2><p>{SECOND[1]}</p>", source="html", as_="issue", pictures=["images/a.jpg"]))  # fmt: skip


PICTURE, TEXT = "<p><img src='images/a.jpg' alt='Un tram'></p>", f"<p>{LEAD[1]}</p>"


@pytest.mark.parametrize("line", ["Crédit : Anaïs Roux", "Crédit photo : Anaïs Roux", "Photo : Anaïs Roux"])
def test_a_credit_right_below_a_picture_is_the_pictures(line):
    found = pictured(PICTURE, f"<p>{line}</p>", TEXT)
    assert found.stories[0].image == Picture(file="images/a.jpg", alt="Un tram", credit="Anaïs Roux")
    assert found.issue.credits == ()


def test_a_credit_below_the_caption_of_a_picture_is_the_pictures():
    found = pictured(f"<figure>{PICTURE}<figcaption>Place vide</figcaption></figure><p>Crédit : Anaïs Roux</p>", TEXT)
    assert (found.stories[0].image.credit, plain(found.stories[0].image.caption)) == ("Anaïs Roux", "Place vide")


def test_a_picture_below_the_standfirst_is_the_storys_and_keeps_its_credit():
    found = pictured(TEXT, PICTURE, "<p>Crédit : Anaïs Roux</p>", TEXT)
    assert found.stories[0].image.credit == "Anaïs Roux"
    assert [type(block) for block in found.stories[0].blocks] == [Paragraph, Paragraph]


def test_a_picture_further_down_stays_in_its_place_with_its_credit():
    found = pictured(TEXT, TEXT, PICTURE, "<p>Crédit : Anaïs Roux</p>", TEXT)
    assert found.stories[0].image is None
    assert [block.credit for block in found.stories[0].blocks if isinstance(block, Picture)] == ["Anaïs Roux"]


def test_an_author_below_the_picture_is_the_author():
    found = pictured(PICTURE, "<p>Par Monique Dupont</p>", TEXT)
    assert (found.stories[0].author, found.stories[0].image.file) == ("Monique Dupont", "images/a.jpg")


def test_several_names_below_a_picture_are_the_credits_of_the_issue():
    found = pictured(PICTURE, "<p>Crédits photo : Anaïs Roux – Tom Achard</p>", TEXT)
    assert found.issue.credits == ("Anaïs Roux", "Tom Achard")
