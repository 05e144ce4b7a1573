"""What differs between two editions, as a person reads it: subject, preheader, passages, pictures; bounded however much differs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from composer.model.edition import Edition
from composer.render.page_words import read_page
from composer.text.merge import MergeField, split_tokens
from composer.words import Words, counted

MOST_PASSAGES = 12
LONGEST = 240  # characters of a passage that are shown
_AROUND = 40  # characters shown before and after what differs
_MOST_LINES = 3_000  # of a text compared line by line
_MOST_WORDS = 1_000  # of a passage where more than one place is looked for
_NEAR = 6  # words between two places that are shown as one
_MOST_PLACES = 3  # of one passage that are shown
_WORD = re.compile(r"\S+\s*|\s+")
_ADDRESS = re.compile(r"\[\d+\] \S+$")  # of a link, below the text
_RULE = re.compile(r"[\s\-–—─━_=*]+")  # a line that is drawn says nothing
_GAP = " […] "


_TEXT = Words(fr="Texte", en="Text")
_LINK = Words(fr="Adresse d’un lien", en="Address of a link")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that readers would get otherwise."""

    what: Words  # «Objet», «Texte» …
    before: str = ""  # "": it was not there
    after: str = ""  # "": it is gone

    @property
    def words(self) -> Words:
        """Two lines, what was and what is; one where nothing can be shown."""
        lines = [f"{sign} {text}" for sign, text in (("−", self.before), ("+", self.after)) if text]
        if not lines:
            return self.what
        told = "".join(f"\n  {line}" for line in lines)
        return Words(fr=f"{self.what.fr}\u00a0:{told}", en=f"{self.what.en}:{told}")


def told_changes(changes: Sequence[Change]) -> tuple[Words, ...]:
    """The words of each change; what they are about is said once for all that follow one another."""
    return tuple(
        change.words if not before or before.what != change.what or not (change.before or change.after) else _below(change.words)
        for before, change in zip((None, *changes), changes, strict=False)
    )


def _below(words: Words) -> Words:
    return Words(fr=words.fr.partition("\n")[2], en=words.en.partition("\n")[2])


def compare_editions(sealed: Edition, present: Edition) -> tuple[Change, ...]:
    """What readers would get otherwise from ``present`` than from ``sealed``; () for equal ones."""
    changes = [
        *_named(Words(fr="Objet", en="Subject"), _plain(sealed.subject, sealed), _plain(present.subject, present)),
        *_named(Words(fr="Ligne qui suit l’objet", en="Preheader"), _plain(sealed.preheader, sealed), _plain(present.preheader, present)),
        *_passages(_lines(sealed), _lines(present)),
        *_pictures(sealed, present),
    ]
    if not changes and sealed.digest != present.digest:
        changes += _dress(sealed, present)
    return _bounded(changes)


def _named(what: Words, before: str, after: str) -> Iterator[Change]:
    if before != after:
        shown = _around(before, after) if before and after and max(len(before), len(after)) > LONGEST else (_cut(before), _cut(after))
        yield Change(what=what, before=shown[0], after=shown[1])


def _plain(text: str, edition: Edition) -> str:
    """``text`` with its merge fields as authors know them: %first_name%."""
    parts = split_tokens(text, edition.field_prefix)
    return "".join(f"%{part.name}%" if isinstance(part, MergeField) else part for part in parts)


def _lines(edition: Edition) -> list[str]:
    return [line for line in _plain(edition.text, edition).split("\n") if line.strip() and not _RULE.fullmatch(line)]


def _passages(before: list[str], after: list[str]) -> Iterator[Change]:
    """The paragraphs that differ; one edited in place is shown around what differs in it."""
    start = _same_start(before, after)
    stop = _same_start(before[start:][::-1], after[start:][::-1])
    olds, news = before[start : len(before) - stop][:_MOST_LINES], after[start : len(after) - stop][:_MOST_LINES]
    for kind, low, high, from_, to in difflib.SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        gone, come = olds[low:high], news[from_:to]
        for old, new in zip(gone, come, strict=False):
            old_shown, new_shown = _around(old, new)
            yield Change(what=_kind_of(old, new), before=old_shown, after=new_shown)
        yield from (Change(what=_kind_of(old), before=_cut(old)) for old in gone[len(come) :])
        yield from (Change(what=_kind_of(new), after=_cut(new)) for new in come[len(gone) :])


def _kind_of(*lines: str) -> Words:
    return _LINK if all(_ADDRESS.match(line) for line in lines) else _TEXT


def _same_start(first: Sequence[str], second: Sequence[str]) -> int:
    return next((at for at, (one, other) in enumerate(zip(first, second, strict=False)) if one != other), min(len(first), len(second)))


def _around(old: str, new: str) -> tuple[str, str]:
    """Two versions of a paragraph, each place where they differ with a few words before and after; at least one word differs in what is shown."""
    olds, news = _WORD.findall(old), _WORD.findall(new)
    start = _same_start(olds, news)
    stop = _same_start(olds[start:][::-1], news[start:][::-1])
    gone, come = olds[start : len(olds) - stop], news[start : len(news) - stop]
    head, tail = _head("".join(olds[:start])), _tail("".join(olds[len(olds) - stop :]))
    old_shown, new_shown = _places(gone, come)
    return f"{head}{old_shown}{tail}", f"{head}{new_shown}{tail}"


def _head(text: str) -> str:
    """The end of what stands before a difference."""
    return text if len(text) <= _AROUND else "…" + (text[-_AROUND:].partition(" ")[2] or text[-_AROUND:])


def _tail(text: str) -> str:
    """The beginning of what stands after a difference."""
    return text if len(text) <= _AROUND else (text[:_AROUND].rpartition(" ")[0] or text[:_AROUND]) + "…"


def _places(gone: Sequence[str], come: Sequence[str]) -> tuple[str, str]:
    """What differs, whole where it is short; of a long stretch its first few places, of a long word the letters."""
    old, new = "".join(gone), "".join(come)
    if max(len(old), len(new)) <= LONGEST:
        return old, new
    if max(len(gone), len(come)) == 1:
        return _letters(old, new)
    if max(len(gone), len(come)) > _MOST_WORDS:
        return _cut(old), _cut(new)
    groups = list(difflib.SequenceMatcher(None, gone, come, autojunk=False).get_grouped_opcodes(_NEAR // 2))
    more = _GAP if len(groups) > _MOST_PLACES else ""
    olds = ["".join(gone[group[0][1] : group[-1][2]]) for group in groups[:_MOST_PLACES]]
    news = ["".join(come[group[0][3] : group[-1][4]]) for group in groups[:_MOST_PLACES]]
    return _GAP.join(map(_cut, olds)) + more, _GAP.join(map(_cut, news)) + more


def _letters(old: str, new: str) -> tuple[str, str]:
    """Two long words, such as addresses, around the letters that differ."""
    start = _same_start(old, new)
    stop = _same_start(old[start:][::-1], new[start:][::-1])
    head, tail = _head(old[:start]), _tail(old[len(old) - stop :])
    return f"{head}{_cut(old[start : len(old) - stop])}{tail}", f"{head}{_cut(new[start : len(new) - stop])}{tail}"


def _cut(text: str) -> str:
    """A passage of at most ``LONGEST`` characters: its beginning and its end."""
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return f"{text[:half].rpartition(' ')[0] or text[:half]} […] {text[-half:].partition(' ')[2] or text[-half:]}"


def _pictures(sealed: Edition, present: Edition) -> Iterator[Change]:
    before, after = ({picture.name: picture.source for picture in edition.pictures} for edition in (sealed, present))
    gone = [source for name, source in before.items() if name not in after]
    come = [source for name, source in after.items() if name not in before]
    for source in [source for source in gone if source in come]:
        yield Change(what=Words(fr=f"Image {source} : un autre fichier", en=f"Picture {source}: another file"))
    yield from (Change(what=Words(fr=f"Image {one} : retirée", en=f"Picture {one}: taken out")) for one in gone if one not in come)
    yield from (Change(what=Words(fr=f"Image {one} : ajoutée", en=f"Picture {one}: added")) for one in come if one not in gone)
    if not gone and not come and [*before] != [*after]:
        yield Change(what=Words(fr="Images : dans un autre ordre", en="Pictures: in another order"))


def _dress(sealed: Edition, present: Edition) -> list[Change]:
    """What the plain text does not hold: words and addresses of the page, else other clothes."""
    if sealed.theme != present.theme:
        return [Change(what=Words(fr="Thème", en="Theme"), before=sealed.theme, after=present.theme)]
    olds, news = (read_page(_plain(edition.html, edition)) for edition in (sealed, present))
    found = [
        *_listed(Words(fr="Texte de remplacement d’une image", en="Alternative text of a picture"), olds.alternatives, news.alternatives),
        *_listed(Words(fr="Texte de la page", en="Text of the page"), olds.words, news.words),
        *_listed(_LINK, olds.addresses, news.addresses),
    ]
    return found or [_layout(sealed, present)]


def _listed(what: Words, olds: Sequence[str], news: Sequence[str]) -> list[Change]:
    """Each thing of two lists that differs, under one name."""
    return [Change(what=what, before=change.before, after=change.after) for change in _passages(list(olds), list(news))]


def _layout(sealed: Edition, present: Edition) -> Change:
    old, new = (_plain(edition.html, edition).split("\n") for edition in (sealed, present))
    start = _same_start(old, new)
    shown = _around("\n".join(old[start : start + 3]), "\n".join(new[start : start + 3]))
    return Change(what=Words(fr="Mise en page", en="Layout"), before=shown[0], after=shown[1])


def _bounded(changes: list[Change]) -> tuple[Change, ...]:
    if len(changes) <= MOST_PASSAGES:
        return tuple(changes)
    left = len(changes) - MOST_PASSAGES
    more = counted(left, ("autre passage", "autres passages"), ("other passage", "other passages"))
    return (*changes[:MOST_PASSAGES], Change(what=Words(fr=f"… et {more.fr}", en=f"… and {more.en}")))
