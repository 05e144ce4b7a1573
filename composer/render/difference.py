"""What differs between two editions, as a person reads it: subject, preheader, passages, pictures; bounded however much differs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from composer.model.edition import Edition
from composer.text.merge import MergeField, split_tokens
from composer.words import Words, counted

MOST_PASSAGES = 12
LONGEST = 240  # characters of a passage that are shown
_AROUND = 40  # characters shown before and after what differs
_MOST_LINES = 3_000  # of a text compared line by line
_MOST_WORDS = 1_500  # of a passage compared word by word
_WORD = re.compile(r"\s+|\S+")


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


def compare_editions(sealed: Edition, present: Edition) -> tuple[Change, ...]:
    """What readers would get otherwise from ``present`` than from ``sealed``; () for equal ones."""
    changes = [
        *_named(Words(fr="Objet", en="Subject"), _plain(sealed.subject, sealed), _plain(present.subject, present)),
        *_named(Words(fr="Ligne qui suit l’objet", en="Preheader"), _plain(sealed.preheader, sealed), _plain(present.preheader, present)),
        *_passages(_lines(sealed), _lines(present)),
        *_pictures(sealed, present),
    ]
    if not changes and sealed.digest != present.digest:
        changes.append(_dress(sealed, present))
    return _bounded(changes)


def _named(what: Words, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change(what=what, before=_cut(before), after=_cut(after))


def _plain(text: str, edition: Edition) -> str:
    """``text`` with its merge fields as authors know them: %first_name%."""
    parts = split_tokens(text, edition.field_prefix)
    return "".join(f"%{part.name}%" if isinstance(part, MergeField) else part for part in parts)


def _lines(edition: Edition) -> list[str]:
    return [line for line in _plain(edition.text, edition).split("\n") if line.strip()]


def _passages(before: list[str], after: list[str]) -> Iterator[Change]:
    """The paragraphs that differ; one edited in place is shown around what differs in it."""
    text = Words(fr="Texte", en="Text")
    start = _same_start(before, after)
    stop = _same_start(before[start:][::-1], after[start:][::-1])
    olds, news = before[start : len(before) - stop][:_MOST_LINES], after[start : len(after) - stop][:_MOST_LINES]
    for kind, low, high, from_, to in difflib.SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        gone, come = olds[low:high], news[from_:to]
        for old, new in zip(gone, come, strict=False):
            old_shown, new_shown = _around(old, new)
            yield Change(what=text, before=old_shown, after=new_shown)
        yield from (Change(what=text, before=_cut(old)) for old in gone[len(come) :])
        yield from (Change(what=text, after=_cut(new)) for new in come[len(gone) :])


def _same_start(first: Sequence[str], second: Sequence[str]) -> int:
    return next((at for at, (one, other) in enumerate(zip(first, second, strict=False)) if one != other), min(len(first), len(second)))


def _around(old: str, new: str) -> tuple[str, str]:
    """Two versions of a paragraph from just before the first word that differs to just after the last."""
    olds, news = _WORD.findall(old)[:_MOST_WORDS], _WORD.findall(new)[:_MOST_WORDS]
    start = _same_start(olds, news)
    stop = _same_start(olds[start:][::-1], news[start:][::-1])
    return _window(olds, start, len(olds) - stop), _window(news, start, len(news) - stop)


def _window(words: Sequence[str], start: int, stop: int) -> str:
    before, middle, after = "".join(words[:start]), "".join(words[start:stop]), "".join(words[stop:])
    head = before if len(before) <= _AROUND else "…" + before[-_AROUND:].partition(" ")[2]
    tail = after if len(after) <= _AROUND else after[:_AROUND].rpartition(" ")[0] + "…"
    return f"{head}{_cut(middle)}{tail}"


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


def _dress(sealed: Edition, present: Edition) -> Change:
    """Equal words and pictures in other clothes."""
    if sealed.theme != present.theme:
        return Change(what=Words(fr="Thème", en="Theme"), before=sealed.theme, after=present.theme)
    old, new = (_plain(edition.html, edition).split("\n") for edition in (sealed, present))
    start = _same_start(old, new)
    shown = _around("\n".join(old[start : start + 3]), "\n".join(new[start : start + 3]))
    return Change(
        what=Words(fr="Mise en page, ou une adresse de lien", en="Layout, or the address of a link"), before=shown[0], after=shown[1]
    )


def _bounded(changes: list[Change]) -> tuple[Change, ...]:
    if len(changes) <= MOST_PASSAGES:
        return tuple(changes)
    left = len(changes) - MOST_PASSAGES
    more = counted(left, ("autre passage", "autres passages"), ("other passage", "other passages"))
    return (*changes[:MOST_PASSAGES], Change(what=Words(fr=f"… et {more.fr}", en=f"… and {more.en}")))
