"""Lines → blocks: paragraphs with their run-in heads, lists, further reading, calls."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from composer.compose.emoji import split_emoji
from composer.compose.importing.shapes import call, cut, is_greeting, is_sentence, is_url, lone_link, run_in, trailing_url
from composer.compose.importing.values import Notes, RawLine
from composer.model.body import (
    Block,
    Calls,
    FurtherReading,
    Heading,
    LinkLine,
    ListBlock,
    ListItem,
    Paragraph,
    Span,
    Spans,
    plain,
)

_DASH_AFTER = re.compile(r"\s*[–—-]\s+(?=\S)")
_DIALOGUE = frozenset("—―")  # an em dash opens speech more often than an item
# «…, dit Michel. Lire notre enquête»: a sentence, and words after it.
_SENTENCE_INSIDE = re.compile(r"[^\W\d_]{3}[»”\"')]?[.!?…]\s+[«“\"(]?[^\W\d_a-zà-öø-ÿ]")
_FOOTNOTE = re.compile(r"\[\d{1,4}\]\Z")
_MAX_LEAD_IN = 40  # characters
_SIGNS = frozenset({"So", "Sk", "Mn", "Cf"})  # Unicode's categories of what an emoji is made of
_PROSE_FROM = 141  # characters: longer lines are text whatever they end with


def paragraph(line: RawLine, *, run_ins: bool = True) -> Paragraph:
    """A line as a paragraph, with its run-in head when it has one."""
    spans = line.as_paragraph
    head = _bold_head(spans)
    if head:
        return Paragraph(run_in=head[0], spans=head[1], line=line.number)
    ends = run_in(plain(spans)) if run_ins and not line.marker else None
    if ends:
        return Paragraph(run_in=_unmarked(cut(spans, 0, ends[0])), spans=cut(spans, ends[1]), line=line.number)
    return Paragraph(spans=spans, line=line.number)


def _bold_head(spans: Spans) -> tuple[Spans, Spans] | None:
    """Bold words and a spaced dash open the paragraph: the author said that it is a run-in."""
    strong = 0
    for span in spans:
        if not span.strong:
            break
        strong += len(span.text)
    text = plain(spans)
    dash = _DASH_AFTER.match(text, strong) if strong and text[:strong].strip() else None
    if not dash or not dash[0][:1].isspace():
        inner = re.search(r"\s[–—-]\s*\Z", text[:strong]) if strong else None
        if not inner or not text[strong:].strip():
            return None
        return _unmarked(cut(spans, 0, inner.start())), _lstrip(cut(spans, strong))
    return _unmarked(_rstrip(cut(spans, 0, strong))), cut(spans, dash.end())


def _unmarked(spans: Spans) -> Spans:
    return tuple(replace(span, strong=False) for span in spans)


def _lstrip(spans: Spans) -> Spans:
    text = plain(spans)
    return cut(spans, len(text) - len(text.lstrip()))


def _rstrip(spans: Spans) -> Spans:
    return cut(spans, 0, len(plain(spans).rstrip()))


def is_prose(line: RawLine) -> bool:
    """Whether a paragraph was understood as one: it is long, holds a sentence or a link, or ends as introductions of lists do."""
    if len(line.text) >= _PROSE_FROM:
        return True
    text = _FOOTNOTE.sub("", line.text.rstrip()).rstrip()
    while text and unicodedata.category(text[-1]) in _SIGNS:
        text = text[:-1].rstrip()  # an emoji
    known = is_sentence(text) or text.endswith((":", ",", ";")) or bool(_SENTENCE_INSIDE.search(text) or run_in(text))
    return known or any(span.link is not None for span in line.spans)


def list_length(lines: Sequence[RawLine], start: int) -> int:
    """How many lines from ``start`` are items of one list; 0: what stands there is no list."""
    if start >= len(lines) or lines[start].form != "item":
        return 0
    first, end = lines[start], start
    introduced = start > 0 and lines[start - 1].text.rstrip().endswith(":")
    if first.typed and first.marker in _DIALOGUE and not introduced:
        return 0
    while end < len(lines) and lines[end].form == "item" and lines[end].block is None and _same_list(first, lines[end]):
        end += 1
    count = end - start
    if not first.typed:
        return count
    bullet = first.marker not in "-–—−‒―*"
    needed = 1 if bullet or introduced else 2
    return count if count >= needed else 0


def _same_list(first: RawLine, line: RawLine) -> bool:
    if first.typed or line.typed:
        return first.typed and line.typed and first.marker == line.marker
    return first.marker[:1].isdigit() == line.marker[:1].isdigit()


def list_block(lines: Sequence[RawLine]) -> ListBlock:
    """Consecutive items as one list."""
    items = tuple(ListItem(blocks=(Paragraph(spans=line.spans, line=line.number),), line=line.number) for line in lines)
    number = lines[0].marker.rstrip(".")
    ordered = number.isascii() and number.isdigit()
    return ListBlock(items=items, ordered=ordered, start=int(number) if ordered else 1, line=lines[0].number)


def link_line(line: RawLine, *, emoji: bool = False) -> LinkLine:
    """A line as one link: its words, and the address when the paste had one."""
    spans = line.spans
    symbol, url = "", lone_link(spans)
    if emoji:
        symbol, rest = split_emoji(plain(spans))
        spans = cut(spans, len(plain(spans)) - len(rest)) if symbol else spans
    if url is None:
        url = next((span.link for span in spans if span.link), "")
    words = plain(spans)
    if not url:
        kept, url = trailing_url(words)
        spans = cut(spans, 0, len(kept))
    return LinkLine(spans=tuple(replace(span, link=None) for span in spans), url=url, emoji=symbol, line=line.number)


def further_reading(lines: Sequence[RawLine], start: int, label: str, notes: Notes, *, inline: str = "") -> tuple[FurtherReading, int]:
    """The links under the label at ``start`` and the index after them; lines without a dash count while they look like titles."""
    links: list[LinkLine] = []
    if inline:
        links.append(link_line(RawLine(number=lines[start].number, spans=_after_colon(lines[start]))))
    here = start + 1
    while here < len(lines):
        line = lines[here]
        if line.form == "text" and _follows_addresses(line, links):
            break
        if links and is_url(line.text) and not links[-1].url:
            links[-1] = replace(links[-1], url=line.text.strip())
        elif line.form == "item" or (
            line.form == "text" and not inline and _is_title(line, dashed=bool(links) and lines[start + 1].form == "item")
        ):
            if line.form != "item" and lone_link(line.spans) is None:
                notes.guess(
                    line.number,
                    fr="lu comme un lien de « Pour aller plus loin », sans tiret",
                    en="read as a link of further reading, without a dash",
                )
            links.append(link_line(line))
        else:
            break
        here += 1
    spans = (Span(text=label),)
    return FurtherReading(links=tuple(links), label=spans, line=lines[start].number), here


def _after_colon(line: RawLine) -> Spans:
    text = line.text
    start = text.index(":") + 1
    return cut(line.spans, start + len(text[start:]) - len(text[start:].lstrip()))


def _follows_addresses(line: RawLine, links: Sequence[LinkLine]) -> bool:
    """Words without an address below links that all have one are no link."""
    return bool(links) and all(link.url for link in links) and lone_link(line.spans) is None and not trailing_url(line.text)[1]


def _is_title(line: RawLine, *, dashed: bool) -> bool:
    """A line that may be a link although no dash opens it: one link, or short and no sentence, in a list without dashes."""
    if lone_link(line.spans) is not None:
        return True
    return not dashed and len(line.text) <= 160 and not line.text.rstrip().endswith((".", ";", ",", ":"))


def read_calls(lines: Sequence[RawLine], start: int) -> tuple[Calls, int]:
    """The run of calls to action at ``start`` and the index after it."""
    links: list[LinkLine] = []
    here = start
    while here < len(lines) and lines[here].form in {"text", "item"} and call(lines[here].spans):
        url_only = is_url(lines[here].text)
        if url_only and links and not links[-1].url:
            links[-1] = replace(links[-1], url=lines[here].text.strip())
        else:
            links.append(link_line(lines[here], emoji=True))
        here += 1
    return Calls(links=tuple(links), line=lines[start].number), here


def _leads_nowhere(line: RawLine, after: Sequence[RawLine]) -> bool:
    """A few words and a colon, a comma or dots, with no list under them: part of something that was not understood."""
    text = line.text.rstrip()
    if not text.endswith((":", ",", "...", "…")) or len(text) > _MAX_LEAD_IN or is_greeting(text):
        return False
    return not after or (after[0].form == "text" and text.endswith((":", ",")))


def plain_blocks(lines: Sequence[RawLine], notes: Notes, *, sponsor: bool = False) -> Iterator[Block]:
    """Blocks of lines that hold no label and no headline."""
    here = 0
    while here < len(lines):
        line = lines[here]
        items = list_length(lines, here)
        if line.block is not None:
            yield line.block
        elif sponsor and line.form in {"text", "item"} and call(line.spans):
            calls, here = read_calls(lines, here)
            yield calls
            continue
        elif items:
            items = next((n for n in range(items) if sponsor and call(lines[here + n].spans)), items)
            yield list_block(lines[here : here + items])
            here += items
            continue
        elif line.form == "heading":
            yield Heading(spans=_unmarked(line.spans), level=max(2, line.level), line=line.number)
        else:
            yield paragraph(line)
            if not is_prose(line) or _leads_nowhere(line, lines[here + 1 : here + 2]):
                notes.leave(line)
        here += 1
