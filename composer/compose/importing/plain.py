"""Raw text → lines: line ends, blanks, wrapped paragraphs, items."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from composer.compose.emoji import split_emoji
from composer.compose.importing.labels import read_label
from composer.compose.importing.runs import Openings, TypedLine
from composer.compose.importing.shapes import byline, cut, split_marker
from composer.compose.importing.values import Notes, RawLine
from composer.compose.importing.wrapping import join_wrapped
from composer.model.body import Span
from composer.model.newsletter import Labels

# What editors and word processors use as line ends; NEL, VT and FF come out of Word's plain text.
_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_MAX_SHOWN = 40  # line numbers in one warning
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f\x80-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")


def read_plain(text: str, labels: Labels, notes: Notes) -> list[RawLine]:
    r"""The paragraphs of raw text, one a line, wrapped ones joined, ``\"`` unescaped."""
    typed = _typed_lines(unicodedata.normalize("NFC", text))
    joined = join_wrapped(typed, openings_of(labels))
    tell_doubts(joined.doubts, notes)
    return [raw_line(line) for line in joined.lines]


def tell_doubts(numbers: Sequence[int], notes: Notes) -> None:
    """Says once at which of the wrapped lines a paragraph may as well begin as go on."""
    if numbers:
        shown = ", ".join(map(str, numbers[:_MAX_SHOWN])) + (", …" if len(numbers) > _MAX_SHOWN else "")
        notes.warn(
            fr=f"lignes coupées à largeur fixe : un paragraphe commence peut-être, ou continue, {_at_lines(len(numbers))} {shown} ; "
            "une ligne vide entre les paragraphes le dirait",
            en=f"lines broken at a fixed width: a paragraph may begin, or go on, at line{'s' * (len(numbers) > 1)} {shown}; "
            "a blank line between paragraphs would tell",
        )


def _at_lines(count: int) -> str:
    return "à la ligne" if count < 2 else "aux lignes"


def openings_of(labels: Labels) -> Openings:
    """What begins anew among wrapped lines."""
    return Openings(
        opens=lambda line: _opens(line, labels),
        is_label=lambda line: _stands_alone(line, labels),
        announces=lambda line: _opens_label(clean(line), labels),
        is_author=lambda line: _is_author(clean(line)),
    )


def clean(text: str) -> str:
    """One line of words: controls gone, blanks of every width as single spaces (typography comes when rendering)."""
    return " ".join(_CONTROLS.sub("", text).split())


def _typed_lines(text: str) -> list[TypedLine]:
    lines: list[TypedLine] = []
    gap = False
    for number, line in enumerate(_LINE_END.split(text), start=1):
        if clean(line):
            lines.append(TypedLine(number=number, text=_CONTROLS.sub("", line), gap=gap))
            gap = False
        else:
            gap = True
    return lines


def raw_line(line: TypedLine) -> RawLine:
    """A typed line, its marker set apart."""
    text = clean(line.text).replace('\\"', '"')
    return with_marker(RawLine(number=line.number, spans=(Span(text=text),), gap=line.gap))


def with_marker(line: RawLine) -> RawLine:
    """``line`` as a typed item when a dash or a bullet opens it."""
    if line.spans[0].link is not None or line.spans[0].code:
        return line
    marker, rest = split_marker(line.text)
    if not marker:
        return line
    return replace(line, spans=cut(line.spans, len(line.text) - len(rest)), form="item", marker=marker, typed=True)


def _opens(text: str, labels: Labels) -> bool:
    bare = clean(text)
    return bool(split_marker(bare)[0] or split_emoji(bare)[0]) or _is_author(bare) or _opens_label(bare, labels)


def _is_author(bare: str) -> bool:
    return bare[:1].isupper() and bool(byline(bare))


def _opens_label(bare: str, labels: Labels) -> bool:
    label = read_label(bare, labels, before_body=False)
    return label is not None and label.kind in {"also", "credits"} and ":" in bare[:40]


def _stands_alone(text: str, labels: Labels) -> bool:
    bare = clean(text)
    label = read_label(bare, labels, before_body=False) if len(bare) <= 60 else None
    return label is not None and not label.rest and not label.headline
