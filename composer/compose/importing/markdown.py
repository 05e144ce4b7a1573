"""Markdown → lines: its own headings, lists, links and emphasis are believed; words are judged as in raw text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from composer.compose.blocks import read_body
from composer.compose.front import front_span, to_lf
from composer.compose.importing.plain import openings_of, tell_doubts, with_marker
from composer.compose.importing.runs import TypedLine
from composer.compose.importing.values import Notes, RawLine
from composer.compose.importing.wrapping import join_wrapped, wrap_width
from composer.compose.reading import Reading
from composer.model.body import Block, CodeBlock, Heading, ListBlock, Paragraph, Picture, Span, Spans
from composer.model.newsletter import Labels

# No label means anything to the reader of blocks here: labels are recognised later, as in raw text.
_TEXT_LINE = re.compile(r"(?! {2,}|\t)\s?(?![#>|=`~<]|[-*+]\s|\d{1,9}[.)]\s|[-=_*]{3,}\s*$|:?-+:?\s*\||!\[|\[!\[)\S")
_NO_LABELS = Labels(more="", also="", sponsor="", credits="")


def read_markdown(text: str, labels: Labels, notes: Notes) -> list[RawLine]:
    """The lines of Markdown; raises StoryError for lists nested beyond reason."""
    source = to_lf(text)
    lines = source.split("\n")
    span = front_span(lines)
    front = lines[span[0] + 1 : span[1]] if span else []
    first = span[1] + 2 if span else 1
    parted, numbers = _part_lines(lines[first - 1 :], first, labels, notes)
    body = read_body("\n".join(parted), Reading(kind="story", labels=_NO_LABELS, first_line=0, path=""))
    blocks: list[Block] = sorted(
        [*body.blocks, *([Heading(spans=body.headline, level=1, line=body.headline_line)] if body.headline else [])],
        key=lambda block: block.line,
    )
    kept = (replace(line, web=True) for line in lines_of(body.web_only))
    _tell_comments(source, notes)
    numbered = [replace(line, number=numbers[min(line.number, len(numbers) - 1)]) for line in (*lines_of(blocks), *kept)]
    return [*_front_lines(front, has_title=bool(body.headline), notes=notes), *numbered]


def _part_lines(lines: Sequence[str], first: int, labels: Labels, notes: Notes) -> tuple[list[str], list[int]]:
    """Text lines that follow each other become paragraphs of their own, as people mean them who do not wrap; with the number of each.

    In Markdown they would be one paragraph. Lines that were broken at a width are joined, as in raw text.
    """
    texts = [text and not inside for text, inside in zip((bool(_TEXT_LINE.match(line)) for line in lines), _fenced(lines), strict=True)]
    typed = [TypedLine(number=at, text=line, gap=not (at and texts[at - 1])) for at, line in enumerate(lines) if texts[at]]
    wrapped = join_wrapped(typed, openings_of(labels)) if wrap_width(typed) else None
    joined = {line.number: line.text for line in wrapped.lines} if wrapped else None
    tell_doubts([first + at for at in wrapped.doubts] if wrapped else [], notes)
    parted: list[str] = []
    numbers: list[int] = []
    for at, line in enumerate(lines):
        if joined is not None and texts[at] and at not in joined:
            continue
        if texts[at] and at and texts[at - 1] and not _is_held(lines[at - 1]):
            parted.append("")
            numbers.append(first + at)
        parted.append(joined[at] if joined is not None and texts[at] else line)
        numbers.append(first + at)
    return parted, numbers or [first]


def _fenced(lines: Sequence[str]) -> Iterator[bool]:
    inside = False
    for line in lines:
        fence = line.lstrip().startswith(("```", "~~~"))
        yield inside or fence
        inside ^= fence


def _is_held(line: str) -> bool:
    """A line that says itself that the next one belongs to it: a hard break, or a picture and its caption."""
    return line.endswith(("  ", "\\")) or line.startswith(("![", "[!["))


def _front_lines(front: Sequence[str], *, has_title: bool, notes: Notes) -> Iterator[RawLine]:
    """Title and author of foreign front matter; its other keys stay readable below the mail, and are told."""
    left: list[tuple[int, str]] = []
    title = author = ""
    for number, line in enumerate(front, start=2):
        key, _, value = line.partition(":")
        bare = value.strip().strip("\"'")
        if key.strip() in {"title", "titre"} and bare and not has_title and not title:
            title = bare
        elif key.strip() in {"author", "auteur"} and bare and not author:
            author = bare
        elif line.strip():
            left.append((number, line))
    if title:
        yield RawLine(number=2, spans=(Span(text=title),), form="heading", level=1, gap=True)
    if author:
        notes.warn(fr=f"auteur lu dans l’en-tête : {author}", en=f"author read in the front matter: {author}")
        yield RawLine(number=2, spans=(Span(text=f"Par {author}"),), gap=True)
    if left:
        notes.unclassified += [(number, line.strip()) for number, line in left]
        yield RawLine(number=2, form="block", block=CodeBlock(text="\n".join(line for _, line in left)), gap=True, web=True)


def _tell_comments(source: str, notes: Notes) -> None:
    for number, line in enumerate(source.split("\n"), start=1):
        words = line.strip().removeprefix("<!--").removesuffix("-->").strip().casefold()
        if line.strip().startswith("<!--") and words not in {"web only", "hors courriel"}:
            notes.warn(fr=f"ligne {number} : un commentaire n’est pas repris", en=f"line {number}: a comment is not taken over")


def lines_of(blocks: Iterable[Block]) -> Iterator[RawLine]:
    """Blocks as lines: what has a shape of its own goes over whole."""
    for block in blocks:
        match block:
            case Paragraph():
                yield (
                    with_marker(RawLine(number=block.line, spans=_with_head(block), gap=True))
                    if block.spans
                    else RawLine(number=block.line)
                )
            case Heading():
                yield RawLine(number=block.line, spans=block.spans, form="heading", level=block.level, gap=True)
            case ListBlock() if all(_is_simple(item.blocks) for item in block.items):
                yield from _items(block)
            case Picture():
                yield RawLine(number=block.line, form="block", block=_local(block), gap=True)
            case _:
                yield RawLine(number=block.line, form="block", block=block, gap=True)


def _with_head(block: Paragraph) -> Spans:
    if not block.run_in:
        return block.spans
    return (*(replace(span, strong=True) for span in block.run_in), Span(text=" – "), *block.spans)


def _is_simple(blocks: Sequence[Block]) -> bool:
    return len(blocks) == 1 and isinstance(blocks[0], Paragraph) and not blocks[0].run_in


def _items(block: ListBlock) -> Iterator[RawLine]:
    for count, item in enumerate(block.items):
        inner = item.blocks[0]
        if isinstance(inner, Paragraph):
            marker = f"{block.start + count}." if block.ordered else "-"
            yield RawLine(number=item.line or block.line, spans=inner.spans, form="item", marker=marker, gap=not count)


def _local(picture: Picture) -> Picture:
    """A picture of the web is to be supplied: nothing is fetched, and no reader's mail asks a stranger's server."""
    return replace(picture, file="") if ":" in picture.file or picture.file.startswith(("/", "\\")) or ".." in picture.file else picture
