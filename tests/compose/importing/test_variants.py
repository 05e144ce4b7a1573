"""Forms of an issue and of an article that people paste: one case, one promise. The words are our own."""

from __future__ import annotations

import re
import textwrap
import time

import pytest

from composer.compose.importing import Imported, import_text
from composer.errors import UsageError
from composer.model.body import Heading, ListBlock, Paragraph, Picture, plain
from composer.model.issue import Story
from composer.model.newsletter import Labels

LONG = "Le texte de cet article est assez long pour que personne ne le prenne pour un titre, car il compte bien plus de mots que n’en compte un titre. "
STANDFIRST = LONG + "Il se termine par un point."
SPONSOR = (
    "Voici le texte de l’annonceur, assez long lui aussi pour que personne ne le prenne pour un titre, avec ses arguments et une fin nette."
)


def issue(*lines: str) -> str:
    return "\n".join(["Un objet provisoire", *lines])


LEAD = ("Exemplia accélère ses ventes", STANDFIRST)
SECOND = ("La mairie de Fictiville change de cap", LONG + "Fin du second.")
THIRD = ("Un musée imaginaire ouvre ses portes", LONG + "Fin du troisième.")
CALLS = ("📘 Téléchargez le livret", "💬 Lire l’entretien")


def read(*lines: str, **options: object) -> Imported:
    return import_text(issue(*lines), as_="issue", **options)


def headlines(found: Imported) -> list[tuple[str, str]]:
    return [(story.kind, story.headline_text) for story in found.stories]


def sponsor_of(found: Imported) -> Story:
    return next(story for story in found.stories if story.kind == "sponsor")


def paragraphs(story: Story) -> list[str]:
    return [plain(block.spans) for block in story.blocks if isinstance(block, Paragraph)]


# Sponsors ---------------------------------------------------------------------------------------------------------------------------


def test_a_sponsor_that_comes_first_leaves_the_lead_to_the_first_story():
    found = read("PARTENAIRE", "Réservez votre essai !", SPONSOR, *CALLS, *LEAD, *SECOND)
    assert [kind for kind, _ in headlines(found)] == ["sponsor", "lead", "story"]
    assert sponsor_of(found).border == "sure"


def test_a_sponsor_that_comes_last_ends_with_the_text():
    found = read(*LEAD, *SECOND, "PARTENAIRE", "Réservez votre essai !", SPONSOR, *CALLS)
    assert headlines(found)[-1] == ("sponsor", "Réservez votre essai !")
    assert sponsor_of(found).border == "sure"


def test_a_sponsor_that_comes_last_ends_before_the_credits():
    found = read(*LEAD, *SECOND, "PARTENAIRE", "Réservez votre essai !", SPONSOR, *CALLS, "Crédits photo : Agence A – Agence B")
    assert sponsor_of(found).border == "sure"
    assert found.issue.credits == ("Agence A", "Agence B")


def test_a_sponsor_without_calls_has_an_unsure_border():
    found = read(*LEAD, "PARTENAIRE", "Réservez votre essai !", SPONSOR, SPONSOR, *SECOND)
    assert sponsor_of(found).border == "unsure"
    assert len(paragraphs(sponsor_of(found))) == 2
    assert found.guesses


def test_a_sponsor_without_calls_at_the_very_end_has_an_unsure_border():
    assert sponsor_of(read(*LEAD, "PARTENAIRE", "Réservez votre essai !", SPONSOR)).border == "unsure"


def test_a_list_of_a_sponsor_is_a_list_and_not_calls():
    found = read(*LEAD, "PARTENAIRE", "Réservez votre essai !", SPONSOR, "• Rapide", "• Simple", "• Sûr", *CALLS, *SECOND)
    sponsor = sponsor_of(found)
    assert [len(block.items) for block in sponsor.blocks if isinstance(block, ListBlock)] == [3]
    assert [call.emoji for call in sponsor.calls] == ["📘", "💬"]
    assert sponsor.border == "sure"


def test_a_dashed_list_of_a_sponsor_is_a_list():
    found = read(*LEAD, "PARTENAIRE", "Réservez votre essai !", "Nos atouts :", "– rapide", "– simple", *CALLS, *SECOND)
    assert [len(block.items) for block in sponsor_of(found).blocks if isinstance(block, ListBlock)] == [2]


def test_two_sponsors_side_by_side_are_two():
    found = read(*LEAD, "PARTENAIRE", "Première offre", SPONSOR, CALLS[0], "PARTENAIRE", "Seconde offre", SPONSOR, CALLS[1], *SECOND)
    assert [kind for kind, _ in headlines(found)] == ["lead", "sponsor", "sponsor", "story"]
    assert [story.border for story in found.stories if story.kind == "sponsor"] == ["sure", "sure"]
    assert [story.id for story in found.stories if story.kind == "sponsor"] == ["partenaire", "partenaire-2"]


def test_two_sponsors_apart_each_end_where_they_end():
    found = read(*LEAD, "PARTENAIRE", "Première offre", SPONSOR, CALLS[0], *SECOND, "Publicité", "Seconde offre", SPONSOR, CALLS[1], *THIRD)
    assert [kind for kind, _ in headlines(found)] == ["lead", "sponsor", "story", "sponsor", "story"]


def test_a_headline_like_line_inside_a_sponsor_makes_its_border_unsure():
    found = read(*LEAD, "PARTENAIRE", "Réservez votre essai !", SPONSOR, "Une offre qui ne dure pas", SPONSOR, *CALLS, *SECOND)
    sponsor = sponsor_of(found)
    assert sponsor.border == "unsure"
    assert "Une offre qui ne dure pas" in paragraphs(sponsor)
    assert headlines(found)[-1] == ("story", SECOND[0])


def test_text_after_the_calls_makes_the_border_unsure_and_stays_with_the_sponsor():
    found = read(
        *LEAD, "PARTENAIRE", "Réservez votre essai !", SPONSOR, *CALLS, "Offre valable jusqu’au 31 décembre, sous conditions.", *SECOND
    )
    sponsor = sponsor_of(found)
    assert sponsor.border == "unsure"
    assert paragraphs(sponsor)[-1].startswith("Offre valable")
    assert headlines(found)[-1] == ("story", SECOND[0])


def test_calls_in_the_middle_then_text_then_calls_stay_one_sponsor():
    found = read(*LEAD, "PARTENAIRE", "Réservez votre essai !", SPONSOR, CALLS[0], SPONSOR, CALLS[1], *SECOND)
    sponsor = sponsor_of(found)
    assert len(sponsor.calls) == 2
    assert len(paragraphs(sponsor)) == 2


def test_a_bare_story_after_a_sponsor_is_doubted_when_the_teasers_count_otherwise():
    lines = (*LEAD, "PARTENAIRE", "Réservez votre essai !", SPONSOR, *CALLS, "Conditions de l’offre", LONG + "Fin.", *SECOND)
    assert sponsor_of(read("Et aussi : Une accroche", *lines)).border == "unsure"
    assert sponsor_of(read("Et aussi : Une accroche – Une autre", *lines)).border == "sure"


def test_a_story_with_a_byline_is_not_swallowed_by_a_sponsor_before_it():
    found = read(
        "PARTENAIRE", "Offre", SPONSOR, CALLS[0], LEAD[0], "Par Camille Durand", LEAD[1], "👉 Une ligne qui s’ouvre sur un emoji", *SECOND
    )
    assert [kind for kind, _ in headlines(found)] == ["sponsor", "lead", "story"]
    assert sponsor_of(found).border == "unsure"


def test_the_editor_confirms_where_a_sponsor_ends_by_number_or_by_words():
    lines = (*LEAD, "PARTENAIRE", "Réservez votre essai !", SPONSOR, "Dernière ligne de l’annonce.", *SECOND)
    for said in ("7", "Dernière ligne de l’annonce.", "Dernière ligne"):
        found = read(*lines, sponsor_ends=said)
        assert sponsor_of(found).border == "sure"
        assert paragraphs(sponsor_of(found))[-1] == "Dernière ligne de l’annonce."
        assert headlines(found)[-1] == ("story", SECOND[0])


def test_the_guess_names_the_line_that_confirms_it():
    lines = (*LEAD, "PARTENAIRE", "Réservez votre essai !", SPONSOR, *SECOND)
    guess = next(guess for guess in read(*lines).guesses if "--sponsor-ends" in guess.reason.fr)
    assert sponsor_of(read(*lines, sponsor_ends=str(guess.line))).border == "sure"


def test_a_line_that_is_not_there_is_refused():
    with pytest.raises(UsageError):
        read(*LEAD, sponsor_ends="une ligne qui n’y est pas")


def test_a_headline_that_opens_with_a_sponsors_word_is_no_label():
    found = read("Publicité, réseaux, vidéo : comment Exemplia change", STANDFIRST, *SECOND)
    assert [kind for kind, _ in headlines(found)] == ["lead", "story"]


def test_a_headline_that_opens_with_publicite_and_a_colon_is_a_headline_and_told():
    found = read(*LEAD, "Publicité : l’autorité sanctionne Exemplia", STANDFIRST)
    assert headlines(found)[-1] == ("story", "Publicité : l’autorité sanctionne Exemplia")
    assert any("annonce" in guess.reason.fr for guess in found.guesses)


@pytest.mark.parametrize(
    "label",
    [
        "PARTENAIRE",
        "Partenaire :",
        "Sponsor",
        "Publicité",
        "PUBLICITE",
        "Contenu sponsorisé",
        "[Publicité]",
        "*** PARTENAIRE ***",
        "Annonce",
    ],
)
def test_a_label_on_a_line_of_its_own_opens_a_sponsor(label):
    found = read(*LEAD, label, "Réservez votre essai !", SPONSOR, *CALLS, *SECOND)
    assert headlines(found)[1] == ("sponsor", "Réservez votre essai !")
    assert sponsor_of(found).border == "sure"


@pytest.mark.parametrize(
    "label",
    [
        "En partenariat avec l’Atelier Fictif",
        "Sponsorisé par Atelier Fictif",
        "Partenaire : Atelier Fictif",
        "SPONSOR – Atelier Fictif",
        "Ce numéro vous est offert par Atelier Fictif.",
    ],
)
def test_a_label_may_name_the_advertiser(label):
    found = read(*LEAD, label, "Réservez votre essai !", SPONSOR, *CALLS, *SECOND)
    assert "Atelier Fictif" in sponsor_of(found).advertiser
    assert sponsor_of(found).headline_text == "Réservez votre essai !"


def test_a_word_of_a_sentence_is_no_label():
    found = read(LEAD[0], STANDFIRST, "publicité.", *SECOND)
    assert [kind for kind, _ in headlines(found)] == ["lead", "story"]


def test_a_wrapped_word_that_looks_like_a_label_is_a_word():
    text = textwrap.fill(LONG * 2 + "Et voici enfin le dernier de ces mots, qui est sans point final : partenaires", 72)
    for width in range(55, 90):
        wrapped = "\n\n".join(textwrap.fill(line, width) for line in ("Un objet", *LEAD, text.replace("\n", " "), *SECOND))
        assert [kind for kind, _ in headlines(import_text(wrapped, as_="issue"))] == ["lead", "story"]


def test_an_address_under_a_call_or_a_link_is_its_address():
    found = read(
        *LEAD, "Pour aller plus loin :", "– Un ancien article", "https://example.org/ancien", "– Un autre https://example.org/autre",
        "PARTENAIRE", "Offre", SPONSOR, "📘 Le livret : https://sponsor.example/livret", *SECOND,
    )  # fmt: skip
    links = found.stories[0].further_reading
    assert [(plain(link.spans), link.url) for link in links] == [
        ("Un ancien article", "https://example.org/ancien"),
        ("Un autre", "https://example.org/autre"),
    ]
    (call,) = sponsor_of(found).calls
    assert (plain(call.spans), call.url) == ("Le livret", "https://sponsor.example/livret")


def test_an_article_with_a_sponsor_inside_is_not_printed_before_somebody_looked():
    found = import_text(f"Titre de l’article\n\n{LONG}\n\nPARTENAIRE\n\nOffre\n\n{SPONSOR}", as_="story")
    assert found.story.border == "unsure"
    assert found.guesses


# Sections -------------------------------------------------------------------------------------------------------------------------


def test_without_also_there_are_no_teasers():
    found = read(*LEAD, "Pour aller plus loin :", "– Un lien", *SECOND)
    assert [story.teaser for story in found.stories] == ["", ""]
    assert not any("Et aussi" in warning.fr for warning in found.warnings)


def test_without_further_reading_stories_still_part():
    assert headlines(read(*LEAD, *SECOND, *THIRD)) == [("lead", LEAD[0]), ("story", SECOND[0]), ("story", THIRD[0])]


def test_teasers_may_stand_as_a_list():
    found = read("Et aussi :", "– Première accroche", "– Seconde accroche", *LEAD, *SECOND, *THIRD)
    assert [story.teaser for story in found.stories] == ["", "Première accroche", "Seconde accroche"]


def test_too_many_teasers_are_told_and_none_is_lost():
    found = read("Et aussi : A fictif – Le cap de la mairie – C fictif", *LEAD, *SECOND)
    assert found.stories[1].teaser == "Le cap de la mairie"
    assert found.issue.preheader == "Et aussi : A fictif – Le cap de la mairie – C fictif"
    assert [words for _, words in found.unclassified] == ["A fictif", "C fictif"]
    assert found.warnings


def test_twelve_stories_are_twelve():
    stories = [line for n in range(12) for line in (f"Un titre numéro {n} assez ordinaire", LONG + f"Fin {n}.")]
    teasers = "Et aussi : " + " – ".join(f"accroche {n}" for n in range(1, 12))
    found = read(teasers, *stories)
    assert len(found.stories) == 12
    assert [story.teaser for story in found.stories[1:]] == [f"accroche {n}" for n in range(1, 12)]
    assert len({story.id for story in found.stories}) == 12


def test_a_byline_after_the_headline_is_the_author():
    for line, name in (
        ("Par Camille Durand", "Camille Durand"),
        ("PAR CAMILLE DURAND", "CAMILLE DURAND"),
        ("Par Anne-Lise de La Tour et Jean Petit", "Anne-Lise de La Tour et Jean Petit"),
    ):
        found = read(LEAD[0], line, LEAD[1], *SECOND)
        assert headlines(found)[0] == ("lead", LEAD[0])
        assert found.stories[0].author == name
        assert found.stories[0].standfirst is not None


def test_a_short_standfirst_still_stands_under_its_headline():
    found = read(
        "Les géants du secteur perdent une longue bataille contre la règle",
        "Un premier revers pour eux.",
        "Une tête – " + STANDFIRST,
        *SECOND,
    )
    assert headlines(found)[0][1].startswith("Les géants")
    assert plain(found.stories[0].standfirst.spans) == "Un premier revers pour eux."


def test_a_very_short_standfirst_still_stands_under_its_headline():
    found = read(*LEAD, "PARTENAIRE", "Offre", SPONSOR, *CALLS, "Un musée imaginaire", "Il ouvre.", "Une tête – " + STANDFIRST)
    assert headlines(found)[-1] == ("story", "Un musée imaginaire")


def test_an_introduction_stands_before_the_first_story():
    found = read("Bonjour à toutes et à tous,", STANDFIRST, *LEAD, *SECOND)
    assert len(found.issue.introduction) == 2
    assert headlines(found)[0] == ("lead", LEAD[0])


def test_a_greeting_without_comma_is_no_headline():
    found = read("Bonjour à toutes et à tous", STANDFIRST, *LEAD)
    assert headlines(found) == [("lead", LEAD[0])]


def test_further_reading_without_dashes_is_read_and_told():
    found = read(*LEAD, "Pour aller plus loin", "Un ancien article sur le sujet", "Un autre article plus ancien", *SECOND)
    assert [plain(link.spans) for link in found.stories[0].further_reading] == [
        "Un ancien article sur le sujet",
        "Un autre article plus ancien",
    ]
    assert found.guesses
    assert headlines(found)[1] == ("story", SECOND[0])


def test_credits_may_stand_as_a_list():
    assert read(*LEAD, "Crédits photo :", "– Agence A", "– Agence B").issue.credits == ("Agence A", "Agence B")


def test_a_headline_about_credit_is_a_headline():
    found = read(*LEAD, "Crédit : la banque imaginaire relève ses taux", STANDFIRST)
    assert headlines(found)[1][1].startswith("Crédit : la banque")


def test_configured_labels_are_known():
    labels = Labels(more="À creuser", also="Au programme :", sponsor="UN MOT DE NOTRE AMI", credits="Images :")
    found = read(
        "Au programme : Accroche",
        *LEAD,
        "À creuser",
        "– Un lien",
        "Un mot de notre ami",
        "Offre",
        SPONSOR,
        *CALLS,
        *SECOND,
        "Images : Agence",
        labels=labels,
    )
    assert [kind for kind, _ in headlines(found)] == ["lead", "sponsor", "story"]
    assert found.stories[2].teaser == "Accroche"
    assert found.issue.credits == ("Agence",)
    assert len(found.stories[0].further_reading) == 1


def test_a_line_that_the_editor_calls_a_headline_is_one():
    lines = (*LEAD, "Une brève qui finit par un point.", "Et son texte.")
    assert len(read(*lines).stories) == 1
    assert headlines(read(*lines, headline=["Une brève qui finit"]))[1] == ("story", "Une brève qui finit par un point.")


# Detection ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        ("Et aussi : A – B", *LEAD, *SECOND),
        (*LEAD, "PARTENAIRE", "Offre", SPONSOR, *CALLS),
        (*LEAD, "Pour aller plus loin :", "– Un lien"),
    ],
)
def test_one_label_is_enough_for_an_issue(lines):
    assert import_text(issue(*lines)).issue is not None


@pytest.mark.parametrize(
    "text", [STANDFIRST, "Titre\n\n" + STANDFIRST, "Titre\n\n" + STANDFIRST + "\n\nSur le même sujet\n\nUn titre\n\n" + LONG]
)
def test_without_a_label_it_is_an_article(text):
    assert import_text(text).story is not None


# Characters -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "1. La première chose à savoir est celle-ci.",
        "* Un astérisque ouvre cette phrase.",
        "C# et F# sont des langages.",
        "3 < 5 et 5 > 3.",
        "a_b_c et __init__.",
        "# Pas un titre, une phrase.",
        "> Pas une citation.",
        "Un `accent` grave.",
        "[mots](pas un lien).",
        "&amp; reste tel quel.",
        "\\ une barre.",
        "| a | b |.",
        "--- trois tirets.",
        "%prenom% et 100 % de réussite.",
    ],
)
def test_signs_of_markdown_are_only_words_in_raw_text(line):
    from composer.compose.grammar import parse_story
    from composer.compose.writing import write_story

    story = read(LEAD[0], STANDFIRST, line, *SECOND).stories[0]
    assert paragraphs(story)[1].split() == line.split()
    back = parse_story(write_story(story), id="une", path="une.md", labels=Labels())
    assert paragraphs(back) == paragraphs(story)


def test_a_numbered_headline_is_a_headline():
    assert headlines(read(*LEAD, "1. Une rubrique numérotée du numéro", STANDFIRST))[1] == ("story", "1. Une rubrique numérotée du numéro")


def test_escaped_quotes_are_unescaped():
    assert paragraphs(read(LEAD[0], 'Il a dit \\"oui\\" à tout, ' + STANDFIRST).stories[0])[0].startswith('Il a dit "oui" à tout')


def test_other_languages_keep_their_words():
    english = import_text(
        "Subject line\nAlso: One – Two\nA first headline here\n"
        + "Words that go on and on, as they do. " * 6
        + "\nFurther reading:\n- A link\nSPONSOR\nTry it now\nA long text of the sponsor that nobody takes for a headline at all.\n👉 Go there\nA second headline here\n"
        + "More words that go on. " * 9
    )
    assert [story.kind for story in english.stories] == ["lead", "sponsor", "story"]
    arabic = import_text("عنوان\n\nعنوان المقال الأول هنا\n\n" + "هذا نص طويل جدا من الكلمات العربية. " * 8, as_="story")
    assert arabic.story.headline_text
    assert "هذا نص طويل" in " ".join(paragraphs(arabic.story))


@pytest.mark.parametrize(
    "text",
    [
        "a;b;c\n1;2;3\n4;5;6",
        "def f(x):\n    return x\n\nprint(f(1))",
        '{"a": [1, 2]}',
        "2026-01-01 ERROR x\n2026-01-02 WARN y",
        "x",
        "?!x",
        "• a",
        "PARTENAIRE",
        "Et aussi :\nPARTENAIRE\nPARTENAIRE",
    ],
)
@pytest.mark.parametrize("as_", ["auto", "issue", "story"])
def test_what_is_no_prose_is_kept_and_told(text, as_):
    found = import_text(text, as_=as_)
    assert found.issue or found.story


@pytest.mark.parametrize("text", ["", "   \n\t\n", "\u00a0\n\ufeff"])
def test_nothing_is_refused_with_a_mend(text):
    with pytest.raises(UsageError) as refused:
        import_text(text)
    assert refused.value.hint is not None


# Articles -------------------------------------------------------------------------------------------------------------------------


def article(*blocks: str) -> Story:
    return import_text("\n\n".join(blocks), as_="story").story


def test_lone_short_lines_are_headings():
    story = article("Titre de l’article", LONG, "Un intertitre", LONG, "Un autre intertitre", LONG + "Fin.")
    assert [plain(block.spans) for block in story.blocks if isinstance(block, Heading)] == ["Un intertitre", "Un autre intertitre"]


def test_questions_that_close_an_article_are_for_the_web_page():
    story = article("Titre", LONG, "Un intertitre", LONG, "Pourquoi cela ?", LONG, "Et comment donc ?", LONG)
    assert [plain(block.spans) for block in story.web_only if isinstance(block, Heading)] == ["Pourquoi cela ?", "Et comment donc ?"]
    assert len(paragraphs(story)) == 2


def test_one_question_is_a_heading():
    story = article("Titre", LONG, "Un intertitre", LONG, "Pourquoi cela ?", LONG)
    assert [plain(block.spans) for block in story.blocks if isinstance(block, Heading)] == ["Un intertitre", "Pourquoi cela ?"]


def test_an_interview_keeps_its_questions_in_the_mail():
    found = import_text(
        "\n\n".join(["Un entretien", LONG, *(part for n in range(5) for part in (f"Question numéro {n} ?", LONG))]), as_="story"
    )
    assert not found.story.web_only
    assert len([block for block in found.story.blocks if isinstance(block, Heading)]) == 5
    assert found.guesses


def test_a_described_picture_takes_the_line_beside_it_as_caption():
    story = article("Titre", LONG, "Photo de la façade du musée\nLe musée, en mars 2025.", LONG)
    (picture,) = [block for block in story.blocks if isinstance(block, Picture)]
    assert (picture.alt, plain(picture.caption)) == ("Photo de la façade du musée", "Le musée, en mars 2025.")


def test_sources_with_something_under_it_stay_in_the_mail():
    story = article("Titre", LONG, "Un intertitre", LONG, "Sources", "• Une étude\n• Un rapport")
    assert not story.web_only
    assert "Sources" in [plain(block.spans) for block in story.blocks if isinstance(block, Heading)]


def test_simple_related_titles_are_further_reading():
    story = article("Titre", LONG, "Sur le même sujet", "– Un titre\n– Un autre titre")
    assert [plain(link.spans) for link in story.further_reading] == ["Un titre", "Un autre titre"]


def test_an_article_without_blank_lines_keeps_its_headings():
    story = import_text(f"Titre\n{LONG}\nUn intertitre\n{LONG}\nUn autre\n{LONG}", as_="story").story
    assert [plain(block.spans) for block in story.blocks if isinstance(block, Heading)] == ["Un intertitre", "Un autre"]


# Size -----------------------------------------------------------------------------------------------------------------------------

BIG = 200_000


@pytest.mark.parametrize(
    "text",
    [
        issue("Et aussi : A – B", *LEAD * 700),
        "PARTENAIRE\n" * (BIG // 11),
        "Pour aller plus loin :\n– x\n" * (BIG // 28),
        "Question ?\n\nRéponse.\n\n" * (BIG // 22),
        "mot " * (BIG // 4),
        "a" * BIG,
        "x\n" * (BIG // 2),
        "– x\n" * (BIG // 5),
        " " * BIG + "x",
        "FAQ\n" * (BIG // 4),
        "Sur le même sujet\n\nTitre\n\n" * (BIG // 30),
        "Crédit photos: a – b\n" * (BIG // 22),
        "📘 x\n" * (BIG // 6),
        "PARTENAIRE\nTitre\n" + f"Un titre\n{LONG}\n" * (BIG // 170),
        "Par A" + " B" * (BIG // 2),
        "« " * (BIG // 2),
        "Photo x\n" * (BIG // 8),
        re.sub(r"(.{70}) ", r"\1\n", LONG * 1400),
        "— x\n" * (BIG // 6),
        "Un ?\n\nOui.\n\nDeux ?\n\nNon.\n\n"
        + "Texte.\n\n" * 3
        + "Un ?\n\nOui.\n\nDeux ?\n\nNon.\n\nTexte.\n\nTexte.\n\nTexte.\n\nTexte.\n\n" * (BIG // 80),
        "https://" * (BIG // 8),
        '\\"' * (BIG // 2),
    ],
    ids=range(22),
)
@pytest.mark.parametrize("as_", ["issue", "story"])
def test_200_kb_take_no_longer_than_their_length_asks(text, as_):
    start = time.process_time()
    import_text(text, as_=as_)
    assert time.process_time() - start < 5


# Decorated headlines and labels ----------------------------------------------------------------------------------------------------


def test_a_story_whose_headline_opens_with_an_emoji_is_not_swallowed_by_the_sponsor_in_silence():
    found = read(*LEAD, "PARTENAIRE", "Réservez votre essai !", SPONSOR, CALLS[0], f"🚂 {SECOND[0]}", SECOND[1], "👉 Lire la suite", *THIRD)
    assert sponsor_of(found).border == "unsure"
    assert any("sponsor-ends" in guess.reason.fr for guess in found.guesses)


@pytest.mark.parametrize("label", ["📸 Crédits photos : Agence A – Agence B", "🖼️ CRÉDIT PHOTO : Agence A – Agence B"])
def test_credits_behind_an_emoji_are_credits(label):
    found = read(*LEAD, "PARTENAIRE", "Réservez votre essai !", SPONSOR, *CALLS, label)
    assert len(sponsor_of(found).calls) == 2
    assert len(found.issue.credits) == 2


def test_teasers_behind_an_emoji_are_teasers():
    assert [story.teaser for story in read("📌 Et aussi : La mairie", *LEAD, *SECOND).stories] == ["", "La mairie"]


@pytest.mark.parametrize(
    "label", ["A message from our sponsor", "A word from our partner", "Today’s sponsor", "Un mot de notre partenaire"]
)
def test_a_label_that_names_nobody_gives_no_advertiser(label):
    assert sponsor_of(read(*LEAD, label, "Ride dry all winter", SPONSOR, *CALLS, *SECOND)).advertiser == ""


@pytest.mark.parametrize(("source", "text"), [("html", "<p>a</p>" * 190_000), ("text", "a\n\n" * 190_000), ("markdown", "a\n\n" * 190_000)])
def test_more_paragraphs_than_any_issue_has_are_refused_at_once(source, text):
    begun = time.process_time()
    with pytest.raises(UsageError, match="too many paragraphs"):
        import_text(text, source=source)
    assert time.process_time() - begun < 3
