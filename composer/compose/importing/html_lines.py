"""Words of a pasted page as lines: blanks, line breaks, items, blocks inside items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from composer.compose.importing.labels import read_label
from composer.compose.importing.plain import clean, with_marker
from composer.compose.importing.shapes import split_marker
from composer.compose.importing.values import RawLine
from composer.model.body import Paragraph, Quote, Span, Spans, plain
from composer.model.newsletter import Labels
from composer.text.inline import merge_spans, tidy_spans


def tidy(spans: list[Span]) -> Spans:
    """No blanks at the edges, single ones inside, also across spans; marks without words gone."""
    kept: list[Span] = []
    blank = True
    for span in merge_spans(spans):
        text = span.text if span.code else re.sub(r" *\n *", "\n", span.text)
        text = "\n".join(clean_keep(part) for part in text.split("\n"))
        if blank:
            text = text.lstrip(" \n") if not kept else text.lstrip(" ")
        if text:
            blank = text[-1:] in " \n"
            kept.append(replace(span, text=text))
    while kept and not kept[-1].text.rstrip():
        kept.pop()
    if kept:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return tidy_spans(tuple(kept))


def clean_keep(text: str) -> str:
    """``clean`` that keeps one blank at each edge."""
    bare = clean(text)
    if not bare:
        return " " if text else ""
    return (" " if text[:1].isspace() else "") + bare + (" " if text[-1:].isspace() else "")


def one_line(spans: Spans) -> Spans:
    """Spans without line breaks."""
    return tuple(replace(span, text=span.text.replace("\n", " ")) for span in spans)


def item_blocks(line: RawLine) -> tuple[Paragraph | Quote, ...]:
    """The blocks of one item."""
    if isinstance(line.block, Quote):
        return line.block.blocks  # type: ignore[return-value]
    return (Paragraph(spans=line.spans),)


def unpacked(line: RawLine) -> RawLine:
    """An item that stands in no list, as the block that it holds."""
    return replace(line, form="block") if line.form == "item" and line.block is not None else line


def blocks_of(lines: list[RawLine]) -> Iterator[Paragraph | Quote]:
    """Lines as blocks; headings do not reach here."""
    for line in lines:
        if line.block is not None:
            yield line.block  # type: ignore[misc]
        else:
            yield Paragraph(spans=line.spans)


def join_breaks(lines: list[RawLine], labels: Labels) -> Iterator[RawLine]:
    """Paragraphs whose line breaks part paragraphs, items or labels are taken apart; a single break inside a sentence stays."""
    for line in lines:
        if line.form != "text":
            yield line
            continue
        if "\n" not in line.text:
            yield with_marker(line)
            continue
        pieces = _pieces(line.spans)
        texts = [plain(piece) for piece in pieces]
        if _parts_paragraphs(texts, labels):
            yield from _as_lines(pieces)
        else:
            yield line


def _parts_paragraphs(texts: list[str], labels: Labels) -> bool:
    worded = [text for text in texts if text.strip()]
    if len(worded) < len(texts) or len(worded) > 3:
        return True
    return any(split_marker(text)[0] or read_label(text, labels, before_body=False) for text in worded)


def _pieces(spans: Spans) -> list[Spans]:
    pieces: list[list[Span]] = [[]]
    for span in spans:
        first, *rest = span.text.split("\n")
        if first:
            pieces[-1].append(replace(span, text=first))
        pieces += [[replace(span, text=part)] if part else [] for part in rest]
    return [tuple(piece) for piece in pieces]


def _as_lines(pieces: list[Spans]) -> Iterator[RawLine]:
    gaps = [True, *(not plain(before).strip() for before, _ in pairwise(pieces))]
    for piece, gap in zip(pieces, gaps, strict=True):
        text = plain(piece)
        if not text.strip():
            continue
        yield with_marker(RawLine(number=0, spans=tidy(list(piece)), gap=gap))
