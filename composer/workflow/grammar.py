"""Grammar: the issue's prose handed to the outside reader, the newsroom's words to the checks, a new word to the dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from composer.check.dictionary import as_known, is_known, read_words
from composer.check.grammar import wanted_suggestions
from composer.check.measures import GrammarMeasure, GrammarState, Measures, Remark
from composer.check.prose import stretches
from composer.errors import FolderError, HebdoError, NotFound, UsageError
from composer.model.issue import Issue
from composer.outside import grammar
from composer.words import Words
from composer.workspace.files import MAX_TEXT_BYTES, read_text, write_atomic
from composer.workspace.folder import Workspace

_HEAD = Words(
    fr="# Les mots de la rédaction : un par ligne. Une minuscule vaut aussi pour la capitale, et le mot pour son pluriel en s.\n",
    en="# The newsroom’s words, one a line. Small letters stand for a capital too, and a word for its plural in s.\n",
)
_LONGEST_WORD = 60


def measure_grammar(workspace: Workspace, issue: Issue, sources: Mapping[str, str], *, wait: bool) -> GrammarMeasure | None:
    """What the outside reader says; None where nobody asked for it. Without ``wait``, what it said before in this process."""
    settings = workspace.newsletter.check
    if settings.grammar != "grammalecte":
        return None
    if not workspace.newsletter.locale.lower().startswith("fr"):
        return GrammarMeasure(state="not-french")
    texts = [stretch.text for stretch in stretches(issue, sources)]
    state, remarks = _ask(texts) if wait else _recall(texts)
    found = GrammarMeasure(state=state, remarks=remarks, known=_known_words(workspace))
    if state not in {"read", "waiting"}:
        return found
    words = wanted_suggestions(issue, Measures(sources=sources, grammar=found))
    return replace(found, suggestions=grammar.suggest(words) if wait else grammar.known_suggestions(words))


_Remarks = tuple[GrammarState, Mapping[str, tuple[Remark, ...]]]


def _ask(texts: Sequence[str]) -> _Remarks:
    answer = grammar.read_texts(texts)
    return answer.state, answer.remarks


def _recall(texts: Sequence[str]) -> _Remarks:
    if not grammar.is_installed():
        return "missing", {}
    return "waiting" if grammar.is_unread(texts) else "read", grammar.known_remarks(texts)


def is_grammar_unread(workspace: Workspace, issue: Issue, sources: Mapping[str, str]) -> bool:
    """Whether the outside reader would have to be asked."""
    found = measure_grammar(workspace, issue, sources, wait=False)
    return found is not None and found.state == "waiting"


def _known_words(workspace: Workspace) -> frozenset[str]:
    try:
        return read_words(_read_dictionary(workspace))
    except HebdoError:
        return frozenset()  # every word is remarked on, which says enough


def _read_dictionary(workspace: Workspace) -> str:
    """The dictionary's text; "" while there is none."""
    path = workspace.newsletter.check.dictionary
    try:
        return read_text(workspace.path_of(path), shown=path)
    except NotFound:
        return ""


def teach_words(workspace: Workspace, words: Sequence[str]) -> tuple[str, ...]:
    """Adds words to the newsroom's dictionary; those that it did not know yet. Raises UsageError and FolderError."""
    path = workspace.newsletter.check.dictionary
    wanted = [_proper(word) for word in words]
    text = _read_dictionary(workspace)
    new: list[str] = []
    for word in wanted:
        if not is_known(word, read_words("\n".join([text, *new]))):
            new.append(word)
    if new:
        french = workspace.newsletter.locale.lower().startswith("fr")
        body = text or (_HEAD.fr if french else _HEAD.en)
        grown = body + ("" if body.endswith("\n") else "\n") + "".join(f"{word}\n" for word in new)
        _refuse_bulk(grown, path)
        write_atomic(workspace.path_of(path), grown.encode("utf-8"), shown=path)
    return tuple(new)


def _proper(word: str) -> str:
    known = as_known(" ".join(word.split()))
    if known and "#" not in known and len(known) <= _LONGEST_WORD and known.isprintable():
        return known
    raise UsageError(
        Words(fr="Ceci n’est pas un mot.", en="This is not a word."),
        where=word[:_LONGEST_WORD] or "--teach",
        hint=Words(fr="Donnez un mot sans #, par exemple : `--teach chatbot`", en="Give a word without #, such as `--teach chatbot`"),
    )


def _refuse_bulk(text: str, path: str) -> None:
    if len(text.encode("utf-8")) > MAX_TEXT_BYTES:
        raise FolderError(
            Words(fr="Le dictionnaire est plein.", en="The dictionary is full."),
            where=path,
            hint=Words(fr="Retirez-en des lignes.", en="Take some lines out."),
        )
