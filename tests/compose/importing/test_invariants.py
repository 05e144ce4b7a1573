"""What holds on any input: no word lost, none twice, the order kept, nothing over a sponsor's border without a word about it.

Every generated word is unique, so a word found anywhere tells where it came from.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.compose.grammar import parse_issue, parse_story
from composer.compose.importing import Imported, import_text
from composer.compose.writing import write_issue_file, write_story
from composer.model.body import Calls, CodeBlock, FurtherReading, Heading, ListBlock, Paragraph, Picture, Quote, Rule, Table, plain
from composer.model.issue import Story
from composer.model.newsletter import Labels

SETTINGS = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
WORD = re.compile(r"[^\W_]+", re.UNICODE)


# What was written -------------------------------------------------------------------------------------------------------------------


@dataclass
class Written:
    """A raw text and what its lines belong to."""

    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)  # all unique words in order
    owner: dict[str, int] = field(default_factory=dict)  # word -> number of its story; -1: of no story
    kinds: list[str] = field(default_factory=list)
    headlines: list[str] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)  # sponsors with a line that says where they end
    count: int = 0

    def make(self, length: int, owner: int, *, end: str = "", capital: bool = True) -> str:
        """``length`` new words as a phrase."""
        made = []
        for _ in range(length):
            self.count += 1
            made.append(f"mot{self.count}x")
            self.owner[made[-1]] = owner
        self.words += made
        text = " ".join(made)
        return (text[0].upper() + text[1:] if capital else text) + end

    def add(self, line: str) -> None:
        self.lines.append(line)


@st.composite
def issues(draw: st.DrawFn) -> Written:
    """An issue as people paste it, with the sections that this one happens to have."""
    written = Written()
    dash = draw(st.sampled_from(["–", "—", "-"]))
    stories = draw(st.lists(st.sampled_from(["story", "story", "story", "sponsor"]), min_size=1, max_size=7))
    if "story" not in stories:
        stories.append("story")
    written.add(written.make(draw(st.integers(2, 9)), -1))
    secondary = max(0, stories.count("story") - 1)
    if draw(st.booleans()) and secondary:
        teasers = f" {dash} ".join(written.make(draw(st.integers(2, 6)), -1) for _ in range(secondary))
        written.add(draw(st.sampled_from(["Et aussi: ", "Et aussi : ", "ET AUSSI\u00a0: "])) + teasers)
    for number, kind in enumerate(stories):
        written.kinds.append(kind)
        if kind == "sponsor":
            add_sponsor(draw, written, number)
        else:
            add_story(draw, written, number, dash)
    if draw(st.booleans()):
        credited = f" {dash} ".join(written.make(draw(st.integers(1, 3)), -1) for _ in range(draw(st.integers(1, 3))))
        written.add(draw(st.sampled_from(["Crédit photos: ", "Crédits photo : ", "CRÉDITS PHOTOS: "])) + credited)
    return written


def sentence(draw: st.DrawFn, written: Written, owner: int, least: int = 25, most: int = 60) -> str:
    return written.make(draw(st.integers(least, most)), owner, end=draw(st.sampled_from([".", ".", "…", " !", "?"])))


def add_story(draw: st.DrawFn, written: Written, number: int, dash: str) -> None:
    headline = written.make(draw(st.integers(4, 12)), number, end=draw(st.sampled_from(["", "", " ?"])))
    written.headlines.append(headline)
    written.add(headline)
    if draw(st.integers(0, 3)) == 0:
        written.add(f"Par {written.make(1, number)} {written.make(1, number)}")
    written.add(sentence(draw, written, number))
    for _ in range(draw(st.integers(0, 3))):
        if draw(st.booleans()):
            head = written.make(draw(st.integers(1, 4)), number)
            written.add(f"{head} {dash} {sentence(draw, written, number)}")
        else:
            written.add(sentence(draw, written, number))
    if draw(st.booleans()):
        written.add(
            draw(st.sampled_from(["Pour aller plus loin:", "Pour aller plus loin\u00a0:", "POUR ALLER PLUS LOIN", "Pour aller plus loin"]))
        )
        for _ in range(draw(st.integers(1, 3))):
            written.add(f"{dash} {written.make(draw(st.integers(4, 9)), number, end=draw(st.sampled_from(['', ' ?'])))}")


def add_sponsor(draw: st.DrawFn, written: Written, number: int) -> None:
    written.add(
        draw(st.sampled_from(["PARTENAIRE", "Partenaire", "Publicité", "SPONSOR :", "— PARTENAIRE —", "En partenariat avec Durand"]))
    )
    headline = written.make(draw(st.integers(3, 9)), number, end=draw(st.sampled_from(["", " !"])))
    written.headlines.append(headline)
    written.add(headline)
    pieces = draw(st.lists(st.sampled_from(["text", "text", "question", "list", "call", "inner"]), min_size=1, max_size=6))
    # A headline with text after the last call opens a new story by the rule; nobody can know better.
    last = max((at for at, piece in enumerate(pieces) if piece == "call"), default=len(pieces))
    for at, piece in enumerate(pieces):
        if piece == "text":
            written.add(sentence(draw, written, number))
        elif piece == "question":
            written.add(written.make(draw(st.integers(3, 8)), number, end=" ?"))
        elif piece == "list":
            for _ in range(draw(st.integers(1, 3))):
                written.add(f"• {written.make(draw(st.integers(2, 7)), number)}")
        elif piece == "call":
            written.add(f"{draw(st.sampled_from(['📘', '💬', '👉🏽', '✉️']))} {written.make(draw(st.integers(2, 8)), number)}")
        elif at < last:
            written.add(written.make(draw(st.integers(3, 7)), number))
            written.add(sentence(draw, written, number))
    if draw(st.integers(0, 3)) == 0:
        written.add(draw(st.sampled_from(["[Fin de la publicité]", "— fin de l’annonce —", "Fin du contenu partenaire", "[/PARTENAIRE]"])))
        written.closed.add(number)


@st.composite
def typed(draw: st.DrawFn, written: Written) -> str:
    """The lines as one text, in one of the ways texts are typed."""
    between = draw(st.sampled_from(["\n", "\n\n", "\r\n", "\n \n"]))
    text = between.join(written.lines)
    blank = draw(st.sampled_from([" ", " ", "\u00a0"]))
    return draw(st.sampled_from(["", "\ufeff"])) + text.replace(" ?", f"{blank}?").replace(" !", f"{blank}!")


# What was read ----------------------------------------------------------------------------------------------------------------------


def texts(blocks: tuple[object, ...]) -> Iterator[str]:  # noqa: C901 - one case a block
    for block in blocks:
        match block:
            case Paragraph():
                yield plain(block.run_in)
                yield plain(block.spans)
            case Heading():
                yield plain(block.spans)
            case ListBlock():
                for item in block.items:
                    yield from texts(item.blocks)
            case Quote():
                yield from texts(block.blocks)
            case Table():
                yield from (plain(cell) for row in (block.header, *block.rows) for cell in row)
            case CodeBlock():
                yield block.text
            case Picture():
                yield block.alt
                yield plain(block.caption)
            case FurtherReading() | Calls():
                for link in block.links:
                    yield plain(link.spans)
                    # An address that stands alone is its own words.
                    yield link.url if link.url != plain(link.spans) else ""
            case Rule():
                pass


def own_words(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text) if re.fullmatch(r"mot\d+x", word.lower())]


def story_words(story: Story) -> list[str]:
    return own_words(" ".join([story.headline_text, story.author, story.advertiser, *texts(story.blocks), *texts(story.web_only)]))


def all_words(found: Imported) -> list[str]:
    issue = found.issue
    assert issue is not None
    teasers = [story.teaser for story in issue.stories if story.teaser] if not issue.preheader else [issue.preheader]
    words = own_words(" ".join([issue.subject, *teasers, *texts(issue.introduction)]))
    for story in issue.stories:
        words += story_words(story)
    return words + own_words(" ".join(issue.credits))


# Promises ---------------------------------------------------------------------------------------------------------------------------


@SETTINGS
@given(data=st.data())
def test_no_word_is_lost_or_doubled_and_their_order_stays(data):
    written = data.draw(issues())
    found = import_text(data.draw(typed(written)), as_="issue")
    assert all_words(found) == written.words


@SETTINGS
@given(data=st.data())
def test_nothing_crosses_a_sponsors_border_without_a_word_about_it(data):
    written = data.draw(issues())
    found = import_text(data.draw(typed(written)), as_="issue")
    unsure = {owner_of(story, written) for story in found.issue.stories if story.kind == "sponsor" and story.border == "unsure"}
    for story in found.issue.stories:
        owners = {written.owner[word] for word in story_words(story)}
        strangers = (
            {owner for owner in owners if (written.kinds[owner] == "sponsor") != (story.kind == "sponsor")} if -1 not in owners else set()
        )
        for owner in strangers:
            concerned = owner if written.kinds[owner] == "sponsor" else owner_of(story, written)
            assert concerned in unsure
        if story.border == "unsure":
            assert any("sponsor-ends" in guess.reason.fr for guess in found.guesses)


def owner_of(story: Story, written: Written) -> int:
    """The story whose label opened this one: that of its first word."""
    return written.owner[story_words(story)[0]]


@SETTINGS
@given(data=st.data())
def test_a_sponsor_that_a_line_closes_ends_there_surely_or_says_that_it_does_not(data):
    written = data.draw(issues())
    found = import_text(data.draw(typed(written)), as_="issue")
    assert sum("clôt l’annonce" in warning.fr for warning in found.warnings) == len(written.closed)
    for story in found.issue.stories:
        if story.kind == "sponsor" and owner_of(story, written) in written.closed and story.border == "sure":
            assert {written.owner[word] for word in story_words(story)} == {owner_of(story, written)}


@SETTINGS
@given(data=st.data(), width=st.integers(60, 80))
def test_wrapping_loses_no_word_and_crosses_no_border_in_silence(data, width):
    written = data.draw(issues())
    wrapped = "\n".join(textwrap.fill(line, width, break_long_words=False) for line in written.lines)
    found = import_text(wrapped, as_="issue")
    assert all_words(found) == written.words
    unsure = any(story.border == "unsure" for story in found.issue.stories) or any(
        "largeur fixe" in warning.fr for warning in found.warnings
    )
    for story in found.issue.stories:
        owners = {written.kinds[written.owner[word]] == "sponsor" for word in story_words(story) if written.owner[word] >= 0}
        assert len(owners) < 2 or unsure


@SETTINGS
@given(data=st.data())
def test_every_story_is_found_under_its_own_headline(data):
    written = data.draw(issues())
    found = import_text(data.draw(typed(written)), as_="issue")
    if any(story.border == "unsure" for story in found.issue.stories):
        return
    assert [story.headline_text for story in found.issue.stories] == written.headlines
    for number, story in enumerate(found.issue.stories):
        assert {written.owner[word] for word in story_words(story)} == {number}
    assert [story.kind == "sponsor" for story in found.issue.stories] == [kind == "sponsor" for kind in written.kinds]


@SETTINGS
@given(data=st.data())
def test_a_border_that_was_confirmed_is_where_it_was_said(data):
    written = data.draw(issues())
    text = "\n".join(written.lines)
    if written.kinds.count("sponsor") != 1:
        return
    number = written.kinds.index("sponsor")
    last = max(at for at, line in enumerate(written.lines, start=1) if any(written.owner[word] == number for word in own_words(line)))
    found = import_text(text, as_="issue", sponsor_ends=str(last))
    (sponsor,) = [story for story in found.issue.stories if story.kind == "sponsor"]
    assert sponsor.border == "sure"
    assert {written.owner[word] for word in story_words(sponsor)} == {number}
    assert all_words(found) == written.words


@SETTINGS
@given(data=st.data())
def test_what_is_written_reads_back_the_same(data):
    written = data.draw(issues())
    found = import_text(data.draw(typed(written)), as_="issue")
    labels = Labels()
    for story in found.issue.stories:
        back = parse_story(write_story(story), id=story.id, path="x.md", labels=labels)
        assert story_words(back) == story_words(story)
        assert (back.kind, back.border, back.headline_text, back.author, back.teaser) == (
            story.kind,
            story.border,
            story.headline_text,
            story.author,
            story.teaser,
        )
        assert [type(block) for block in back.blocks] == [type(block) for block in story.blocks]
    issue = parse_issue(write_issue_file(found.issue), id="x", path="issue.md", stories=found.issue.stories, labels=labels)
    assert (issue.subject, issue.credits, issue.preheader) == (found.issue.subject, found.issue.credits, found.issue.preheader)
    assert [story.id for story in issue.stories] == [story.id for story in found.issue.stories]


# Anything at all --------------------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *[
            "mot",
            "Mot mot",
            "mot.",
            "Un titre court",
            "Une phrase un peu plus longue, avec une fin.",
            "mot " * 40,
            "Tête – " + "Texte " * 20,
        ],
        *[
            "PARTENAIRE",
            "Publicité",
            "Pour aller plus loin:",
            "Et aussi: a – b",
            "Crédit photos: a – b",
            "Par Prénom Nom",
            "Sources",
            "FAQ",
        ],
        *[
            "Sur le même sujet",
            "– un",
            "- deux",
            "• trois",
            "* quatre",
            "1. cinq",
            "📘 six",
            "→ sept",
            "Pourquoi ?",
            "https://example.org/a",
            "",
            " ",
            "#",
            "---",
        ],
        *[
            "C# et F#",
            "3 < 5",
            "*gras*",
            "_a_b_",
            "[x](y)",
            "<b>x</b>",
            "&amp;",
            "\\",
            "`",
            "|a|b|",
            "~~~",
            "```",
            "> x",
            "%prenom%",
            "مرحبا بالعالم",
            "你好。",
            "🙂",
        ],
    ]
)


@SETTINGS
@given(lines=st.lists(PIECES, max_size=40), as_=st.sampled_from(["issue", "story", "auto"]), headings=st.sampled_from(["h2", "runin"]))
def test_any_lines_keep_all_their_words(lines, as_, headings):
    text = "\n".join(lines) + "\nfin"
    found = import_text(text, as_=as_, headings=headings)
    assert not raw_words(text) - result_words(found)
    assert not result_words(found) - raw_words(text) - Counter(LABEL_WORDS)


LABEL_WORDS = [
    word
    for word in [
        "partenaire",
        "publicité",
        "pour",
        "aller",
        "plus",
        "loin",
        "et",
        "aussi",
        "crédit",
        "photos",
        "par",
        "sources",
        "faq",
        "sur",
        "le",
        "même",
        "sujet",
        "article",
    ]
    for _ in range(200)
]


def raw_words(text: str) -> Counter[str]:
    words = Counter(word.casefold() for word in WORD.findall(text))
    for label in LABEL_WORDS:
        del words[label]
    return words


def result_words(found: Imported) -> Counter[str]:
    parts: list[str] = []
    if found.issue:
        # Teasers that no story takes stand in the preheader.
        parts += [found.issue.subject, found.issue.preheader, *texts(found.issue.introduction), *found.issue.credits]
    for story in found.stories:
        parts += [story.headline_text, story.author, story.teaser, story.advertiser, *texts(story.blocks), *texts(story.web_only)]
        parts += [link.emoji for link in story.calls]
    return Counter(word.casefold() for word in WORD.findall(" ".join(parts)) if word.casefold() not in LABEL_WORDS)


@SETTINGS
@given(text=st.text(max_size=400))
def test_any_text_is_read_or_refused_in_our_own_words(text):
    if text.strip() and WORD.search(text):
        for width in (0, 60):
            source = textwrap.fill(text, width) if width else text
            if WORD.search(source):
                import_text(source)
