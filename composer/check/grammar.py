"""What an outside reader of French says of the text, as advice at its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from composer.check.dictionary import is_known
from composer.check.measures import GrammarMeasure, Measures, Remark
from composer.check.prose import Stretch, place_in_file, stretches
from composer.check.rules import finding
from composer.check.spelling import Unknown, is_likely_slip, near_words, unknown_words
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter
from composer.words import Words, times

MOST_SUGGESTIONS = 3
MOST_REMARKS = 300  # of one issue: more is another language, or no text


def check_grammar(issue: Issue, newsletter: Newsletter, measures: Measures) -> Iterator[Finding]:  # noqa: ARG001 - a family's signature
    """Grammar and spelling, where the newsletter asks for them."""
    measure = measures.grammar
    if measure is None:
        return
    if measure.state in _WHY:
        yield finding("grammar-unread", message=_WHY[measure.state][0], hint=_WHY[measure.state][1])
        return
    written = stretches(issue, measures.sources)
    if measure.state == "read":
        yield from _unread(written, measure)
    found = [*_grammar(written, measure, measures.sources), *_spelling(written, measure, measures.sources)]
    yield from found[:MOST_REMARKS]


def _unread(written: Sequence[Stretch], measure: GrammarMeasure) -> Iterator[Finding]:
    """A paragraph that is too long for the reader, or an issue that is, told once where it begins."""
    left = [stretch for stretch in written if stretch.text not in measure.remarks]
    if left:
        message = Words(
            fr=f"Grammaire non relue\u00a0: trop de texte pour une fois ({len(left)}\u00a0passage{'s' if len(left) > 1 else ''}).",
            en=f"Grammar not read: too much text for one run ({len(left)} passage{'s' if len(left) > 1 else ''}).",
        )
        hint = Words(fr="Coupez le paragraphe\u00a0; le reste a été relu.", en="Cut the paragraph in two; the rest was read.")
        yield finding("grammar-unread", path=left[0].path, line=left[0].line, message=message, hint=hint)


_WHY: Mapping[str, tuple[Words, Words]] = {
    "missing": (
        Words(fr="Grammaire non relue : Grammalecte n’est pas sur cette machine.", en="Grammar not read: Grammalecte is not on this machine."),
        Words(
            fr='Sous Debian et Ubuntu : `sudo apt install grammalecte-cli` ; sinon retirez grammar = "grammalecte" de [check].',
            en='On Debian and Ubuntu: `sudo apt install grammalecte-cli`; else take grammar = "grammalecte" out of [check].',
        ),
    ),
    "late": (
        Words(fr="Grammaire non relue : Grammalecte n’a pas répondu à temps.", en="Grammar not read: Grammalecte did not answer in time."),
        Words(fr="Relancez `hebdo check {issue}` ; le reste a été vérifié.", en="Run `hebdo check {issue}` again; all else was checked."),
    ),
    "failed": (
        Words(
            fr="Grammaire non relue : la réponse de Grammalecte ne se lit pas.", en="Grammar not read: Grammalecte’s answer cannot be read."
        ),
        Words(
            fr="Essayez-le seul : `grammalecte-cli --list_options` ; au besoin réinstallez-le.",
            en="Try it alone: `grammalecte-cli --list_options`; install it again if need be.",
        ),
    ),
    "not-french": (
        Words(fr="Grammaire non relue : Grammalecte ne lit que le français.", en="Grammar not read: Grammalecte reads French only."),
        Words(
            fr='Retirez grammar = "grammalecte" de [check], ou corrigez locale sous [newsletter].',
            en='Take grammar = "grammalecte" out of [check], or correct locale under [newsletter].',
        ),
    ),
}  # fmt: skip


def wanted_suggestions(issue: Issue, measures: Measures) -> tuple[str, ...]:
    """The unknown words for which suggestions are worth asking."""
    if measures.grammar is None:
        return ()
    found = unknown_words(stretches(issue, measures.sources), measures.grammar)
    return tuple(dict.fromkeys(one.word for one in found if not one.near))


def _grammar(written: Sequence[Stretch], measure: GrammarMeasure, sources: Mapping[str, str]) -> Iterator[Finding]:
    for stretch in written:
        for remark in measure.remarks.get(stretch.text, ()):
            if remark.kind == "grammar" and _is_meant(stretch, remark, measure):
                line, col = place_in_file(stretch, remark.start, sources)
                yield finding(
                    "grammar",
                    path=stretch.path,
                    line=line,
                    col=col,
                    message=_grammar_words(stretch.text[remark.start : remark.end], remark),
                    hint=_SPONSOR if stretch.kind == "sponsor" else None,
                )


def _is_meant(stretch: Stretch, remark: Remark, measure: GrammarMeasure) -> bool:
    """Whether a remark is about words that an author wrote, in French, and says something."""
    word = stretch.text[remark.start : remark.end]
    if not stretch.is_french(remark.start, remark.end):
        return False
    return word not in remark.suggestions and not all(is_known(part, measure.known) for part in word.split() or [word])


def _grammar_words(word: str, remark: Remark) -> Words:
    """The reader speaks French: an English page quotes it."""
    says = remark.says.rstrip(". ")
    return Words(
        fr=f"«\u00a0{word}\u00a0»\u00a0: {says}.{_or(remark.suggestions, 'fr')}",
        en=f"“{word}”: {says}.{_or(remark.suggestions, 'en')}",
    )


def _or(suggestions: Sequence[str], language: str) -> str:
    shown = [one for one in suggestions if one.strip()][:MOST_SUGGESTIONS]
    if not shown:
        return ""
    return " Peut-être\u00a0: " + ", ".join(shown) + "." if language == "fr" else " Perhaps: " + ", ".join(shown) + "."


_SPONSOR = Words(
    fr="C’est le texte de l’annonceur\u00a0: signalez-le-lui, il lui appartient.",
    en="This is the sponsor’s text: tell them, it is theirs.",
)


def _spelling(written: Sequence[Stretch], measure: GrammarMeasure, sources: Mapping[str, str]) -> Iterator[Finding]:
    for one in unknown_words(written, measure):
        suggestions = measure.suggestions.get(one.word, ())
        # A capital that opens a sentence may be a name's: only a likely slip is worth a remark.
        if not one.near and one.word[:1].isupper() and not is_likely_slip(one.word, suggestions):
            continue
        suggestions = near_words(one.word, suggestions)
        line, col = place_in_file(one.stretch, one.start, sources)
        hint = Words(
            fr=f"Corrigez-le, ou apprenez-le\u00a0: `hebdo check {{issue}} --teach {one.word}`",
            en=f"Mend it, or teach it: `hebdo check {{issue}} --teach {one.word}`",
        )
        yield finding("spelling", path=one.stretch.path, line=line, col=col, message=_spelling_words(one, suggestions), hint=hint)


def _spelling_words(one: Unknown, suggestions: Sequence[str]) -> Words:
    often = times(one.near_times if one.near else one.times)
    if one.near:
        return Words(
            fr=f"«\u00a0{one.word}\u00a0» ici, «\u00a0{one.near}\u00a0» ailleurs ({often.fr})\u00a0: est-ce le même nom\u00a0?",
            en=f"“{one.word}” here, “{one.near}” elsewhere ({often.en}): is it the same name?",
        )
    how_often = Words(fr=f" ({often.fr})", en=f" ({often.en})") if one.times > 1 else Words(fr="", en="")
    return Words(
        fr=f"«\u00a0{one.word}\u00a0»{how_often.fr} n’est pas dans le dictionnaire.{_or(suggestions, 'fr')}",
        en=f"“{one.word}”{how_often.en} is not in the dictionary.{_or(suggestions, 'en')}",
    )
