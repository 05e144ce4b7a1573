"""Words that must not go out, and words that could be better."""

from __future__ import annotations

import re
from collections.abc import Iterator

from composer.check.measures import Measures
from composer.check.places import column, key_line, source_lines
from composer.check.rules import finding
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter
from composer.text.merge import UNSURE_NAMES, MergeField, find_fields, unknown_fields
from composer.text.passages import passages
from composer.words import Words

LONGEST_PARAGRAPH = 1200  # characters: about three screens of a phone
_PLACEHOLDER = re.compile(
    r"(?<![\w/.-])(?:TODO|TBD|FIXME|TK(?:TK)*|X{2,}|XXX+)(?![\w/-])|(?<!\w)(?i:lorem(?: ipsum)?|(?:à|a) compl[ée]ter|to be completed|to come:)(?!\w)"
)
_NOT_WORDS = re.compile(r"\]\([^)\s]*\)|<?(?:https?://|www\.)[^\s>)]+|`[^`]*`|<!--.*?-->")
_CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7})(?: |$)|={7}$")
_WEB_ONLY = re.compile(r"\s*<!--\s*(?:web only|hors courriel)\s*-->\s*$", re.IGNORECASE)
_DOUBLED = re.compile(r"(?<![\w’'-])([^\W\d_]{2,})[ \u00a0]+\1(?![\w’'-])", re.IGNORECASE)
_MAY_DOUBLE = frozenset({"nous", "vous", "bla", "très", "had", "that", "non", "oui", "si"})
_LIGATURE = re.compile(r"\b(?:c(?:h)?oeur|oeuvre|soeur|oeuf|boeuf|voeu|noeud|moeurs|man[oœ]euvre|oeil|foetus|oenolog)\w*", re.IGNORECASE)
_LOST_ACCENT = re.compile(
    r"(?:^|(?<=[.!?…] )|(?<=« )|(?<=«\u00a0)|(?<=“)|(?<=\n))A (?=[a-zà-öø-ÿ])"
    r"|\b(?:Etats?|Ecoles?|Eglises?|Economies?|Energies?|Etudes?|Equipes?|Elus?|Elections?|Ecologie|Elysée|Editions?|Emissions?|Ecrans?|Egalement|Evidemment|Ecrire|Etre|Ete|Etant|Ca)\b"
)


def check_lines(sources: dict[str, str]) -> Iterator[Finding]:
    """What can be seen without understanding a file: marks of a merge, words that wait for others."""
    for path in sources:
        yield from _conflicts(sources, path)
        for number, line in enumerate(source_lines(sources, path), start=1):
            if _WEB_ONLY.match(line):
                break
            yield from _placeholders(path, number, line)


def _conflicts(sources: dict[str, str], path: str) -> Iterator[Finding]:
    lines = source_lines(sources, path)
    marks = [(number, line) for number, line in enumerate(lines, start=1) if _CONFLICT.match(line)]
    # A row of seven equals signs alone is how some write a heading.
    if any(line[0] in "<>" for _, line in marks):
        for number, line in marks:
            message = Words(fr=f"Une marque de conflit est restée\u00a0: {line[:7]}", en=f"A merge-conflict mark was left: {line[:7]}")
            yield finding("merge-conflict", path=path, line=number, col=1, message=message)


def _placeholders(path: str, number: int, line: str) -> Iterator[Finding]:
    words = _NOT_WORDS.sub(lambda found: " " * len(found[0]), line)
    for found in _PLACEHOLDER.finditer(words):
        message = Words(fr=f"«\u00a0{found[0]}\u00a0» est resté dans le texte.", en=f"“{found[0]}” was left in the text.")
        yield finding("placeholder", path=path, line=number, col=found.start() + 1, message=message)


def check_wording(issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:
    """Words of what is mailed."""
    yield from check_lines(dict(measures.sources))
    french = newsletter.locale.lower().startswith("fr")
    for passage in passages(issue):
        yield from _fields(passage.text, passage.path, passage.line, measures)
        if passage.kind == "paragraph" and len(passage.text) > LONGEST_PARAGRAPH:
            message = Words(
                fr=f"Ce paragraphe compte {len(passage.text)}\u00a0signes.", en=f"This paragraph has {len(passage.text)} characters."
            )
            yield finding("long-paragraph", path=passage.path, line=passage.line, message=message)
        yield from _doubled(passage.text, passage.path, passage.line, measures)
        if french:
            yield from _accents(passage.text, passage.path, passage.line, measures)
    yield from _key_fields(issue, measures)


def _key_fields(issue: Issue, measures: Measures) -> Iterator[Finding]:
    yield from _fields(issue.preheader, issue.path, key_line(measures.sources, issue.path, "preheader"), measures)
    for story in issue.stories:
        yield from _fields(story.teaser, story.path, key_line(measures.sources, story.path, "teaser"), measures)


def _fields(text: str, path: str, line: int, measures: Measures) -> Iterator[Finding]:
    if "%" not in text:
        return
    words = _NOT_WORDS.sub(" ", text)
    for _, written in unknown_fields(words):
        message = Words(fr=f"Personne ne remplit {written}.", en=f"Nobody fills {written}.")
        yield finding("merge-field-unknown", path=path, line=line, col=column(measures.sources, path, line, written), message=message)
    for field in find_fields(text):
        if isinstance(field, MergeField) and field.name in UNSURE_NAMES and not field.fallback:
            yield finding("merge-field-fallback", path=path, line=line, col=column(measures.sources, path, line, "%"))


def _doubled(text: str, path: str, line: int, measures: Measures) -> Iterator[Finding]:
    for found in _DOUBLED.finditer(text):
        if found[1].casefold() not in _MAY_DOUBLE and not found[0].istitle():
            message = Words(fr=f"«\u00a0{found[0]}\u00a0»\u00a0: un mot de trop\u00a0?", en=f"“{found[0]}”: one word too many?")
            yield finding("doubled-word", path=path, line=line, col=column(measures.sources, path, line, found[0]), message=message)


def _accents(text: str, path: str, line: int, measures: Measures) -> Iterator[Finding]:
    for name, pattern in (("capital-accent", _LOST_ACCENT), ("ligature", _LIGATURE)):
        for found in pattern.finditer(text):
            word = found[0].strip()
            message = Words(fr=f"«\u00a0{word}\u00a0» a perdu un signe.", en=f"“{word}” has lost a sign.")
            yield finding(name, path=path, line=line, col=column(measures.sources, path, line, word), message=message)
