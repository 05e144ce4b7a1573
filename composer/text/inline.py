"""Inline Markdown in, spans out, and back again without loss."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from composer.model.body import Span, Spans

Mark = Literal["strong", "emphasis", "strike", "link"]
_MARKS: tuple[Mark, ...] = ("strong", "emphasis", "strike", "link")
_OPENING: dict[str, Mark] = {"strong_open": "strong", "em_open": "emphasis", "s_open": "strike"}
_CLOSING: dict[str, Mark] = {"strong_close": "strong", "em_close": "emphasis", "s_close": "strike"}


@cache
def _parser() -> MarkdownIt:
    """CommonMark's inline rules and strikethrough; tags are text, addresses stay as typed."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable(["html_inline", "image"])
    # What is dangerous is refused where an address is printed (text.escape.safe_url); here it is kept, so that the checks can show it.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    return parser


def parse_inline(source: str, *, line: int = 0) -> Spans:
    r"""The spans of one paragraph's Markdown; ``line`` is that of its first character in the file.

    Soft line ends become spaces, hard ones ``"\n"``. ``[words]()`` gives ``link=""``. A picture inside a line is read as a link.
    """
    tokens = _parser().parseInline(source)
    children = tokens[0].children if tokens else None
    return merge_spans(_spans_of(children or (), line))


def _spans_of(tokens: Iterable[Token], line: int) -> Iterator[Span]:
    state = Span(text="", line=line)
    for token in tokens:
        if token.type in _OPENING:
            state = _set(state, _OPENING[token.type], on=True)
        elif token.type in _CLOSING:
            state = _set(state, _CLOSING[token.type], on=False)
        elif token.type == "link_open":
            state = replace(state, link=str(token.attrs.get("href", "")))
            yield state
        elif token.type == "link_close":
            state = replace(state, link=None)
        elif token.type in {"softbreak", "hardbreak"}:
            yield replace(state, text=" " if token.type == "softbreak" else "\n")
            state = replace(state, line=state.line and state.line + 1)
        elif token.type == "code_inline":
            yield replace(state, text=token.content, code=True)
        else:
            yield replace(state, text=token.content)


def _set(span: Span, mark: Mark, *, on: bool) -> Span:
    match mark:
        case "strong":
            return replace(span, strong=on)
        case "emphasis":
            return replace(span, emphasis=on)
        case _:
            return replace(span, strike=on)


def _marks(span: Span) -> tuple[object, ...]:
    return (span.strong, span.emphasis, span.strike, span.code, span.link)


def merge_spans(spans: Iterable[Span]) -> Spans:
    """Neighbours with the same marks as one span; empty ones are gone, but for a link without words."""
    merged: list[Span] = []
    for marks, group in groupby(spans, key=_marks):
        same = list(group)
        text = "".join(span.text for span in same)
        if text or (marks[-1] is not None and not _link_goes_on(marks[-1], merged)):
            merged.append(replace(next((span for span in same if span.text), same[0]), text=text))
    return _drop_empty_links(merged)


def _link_goes_on(link: object, merged: Sequence[Span]) -> bool:
    return bool(merged) and merged[-1].link == link and bool(merged[-1].text)


def _drop_empty_links(spans: Sequence[Span]) -> Spans:
    """Without those empty link openings that words of the same link follow under other marks."""
    kept = [span for here, span in enumerate(spans) if span.text or here + 1 == len(spans) or spans[here + 1].link != span.link]
    if len(kept) == len(spans):
        return tuple(kept)
    return merge_spans(kept)


def tidy_spans(spans: Spans) -> Spans:
    """The same words with the spaces at the edges of bold, italic, struck and linked stretches moved outside, as writers mean them."""
    moved: list[Span] = []
    for span in spans:
        if span.code or not span.text.strip() or _marks(span) == _marks(Span(text="")):
            moved.append(span if span.code or span.text.strip() else Span(text=span.text, link=None, line=span.line))
            continue
        core = span.text.strip()
        start = span.text.index(core)
        before, after = span.text[:start], span.text[start + len(core) :]
        moved += [Span(text=before, line=span.line), replace(span, text=core), Span(text=after, line=span.line)]
    return merge_spans(_share_blanks([span for span in moved if span.text or span.link is not None]))


def _share_blanks(spans: list[Span]) -> list[Span]:
    """A space between two stretches of the same marks belongs to both."""
    blank = [not span.code and span.text.isspace() for span in spans]
    shared = list(spans)
    for here in range(1, len(spans) - 1):
        if blank[here]:
            marks = _shared_marks(shared[here - 1], spans[here + 1])
            shared[here] = replace(marks, text=spans[here].text, line=spans[here].line)
    return shared


def _shared_marks(left: Span, right: Span) -> Span:
    return Span(
        text="",
        strong=left.strong and right.strong,
        emphasis=left.emphasis and right.emphasis,
        strike=left.strike and right.strike,
        link=left.link if left.link == right.link else None,
    )


# Writing ------------------------------------------------------------------------------------------------------------------------

_ENTITY = re.compile(r"&(?=#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]*;)")
_LINE_START = re.compile(
    r"""(?P<atx>\#{1,6}(?=[\s]|$)) | (?P<quote>>) | (?P<bullet>[-+](?=[\s]|$)) | (?P<number>[0-9]{1,9})(?=[.)](?:\s|$))
    | (?P<rule>[-=](?=[-=\s]*$)) | (?P<table>[|:\-](?=[|:\-\s]*$))""",
    re.VERBOSE,
)
_CLOSING_HASHES = re.compile(r"(?:^|(?<=[ \t]))#(?=#*[ \t]*$)")
# str.splitlines breaks lines here, Markdown does not: written as references, so that a paragraph stays one line for everybody.
_LINE_ENDS = {"\u2028": "&#8232;", "\u2029": "&#8233;", "\f": "&#12;", "\r": "&#13;"}


def escape_markdown(text: str, *, at_line_start: bool = True) -> str:
    r"""Markdown that reads back as exactly ``text``; ``"\n"`` becomes a hard line break.

    Set ``at_line_start`` to False where something else already stands on the line.
    """
    lines = text.split("\n")
    escaped = [_escape_line(line, at_start=at_line_start or here > 0, at_end=here + 1 == len(lines)) for here, line in enumerate(lines)]
    return _end_visibly("\\\n".join(escaped))


def _end_visibly(written: str) -> str:
    """A hard break closes no paragraph: the last one is written as a reference."""
    return written[:-2] + "&#10;" if written.endswith("\\\n") else written


def _escape_line(line: str, *, at_start: bool, at_end: bool) -> str:
    out = "".join(_escape_character(line, here) for here in range(len(line)))
    out = _CLOSING_HASHES.sub(r"\\#", out)
    if at_start:
        out = _LINE_START.sub(_escape_start, out, count=1) if _LINE_START.match(out) else out
        out = _reference_first(out)
    return _reference_last(out) if at_end else out


def _escape_start(found: re.Match[str]) -> str:
    return found["number"] + "\\" if found["number"] else "\\" + found[0]


def _escape_character(line: str, here: int) -> str:
    char, after = line[here], line[here + 1 : here + 2]
    before = line[here - 1] if here else ""
    if char in _LINE_ENDS:
        return _LINE_ENDS[char]
    needs = (
        char in "*`[]"
        or (char == "\\" and not after.isalnum())  # a blank may yet become a reference
        or (char == "_" and not (before.isalnum() and after.isalnum()))
        or (char == "~" and "~" in {before, after})
        or (char == "<" and bool(re.match(r"[A-Za-z/!?]", after)))
        or (char == "&" and _ENTITY.match(line, here) is not None)
    )
    return "\\" + char if needs else char


def _reference(char: str) -> str:
    return f"&#{ord(char)};"


def _is_control(char: str) -> bool:
    return char < "\x20" and char not in "\t\f\r"


def _reference_first(text: str) -> str:
    return _reference(text[0]) + text[1:] if text[:1].isspace() and not _is_control(text[0]) and text[0] != "\x85" else text


def _reference_last(text: str) -> str:
    return text[:-1] + _reference(text[-1]) if text[-1:].isspace() and not _is_control(text[-1]) and text[-1] != "\x85" else text


def write_inline(spans: Spans) -> str:
    """Markdown of ``spans`` that ``parse_inline`` reads back as the same spans, neighbours with the same marks merged.

    Written plainly where that suffices; where bold or italic stands against letters or spaces in a way that CommonMark would not
    see, the characters at its edge are written as references.
    """
    wanted = merge_spans(replace(span, line=0) for span in spans)
    plain = _Writer(careful=False).write(wanted)
    return plain if parse_inline(plain) == wanted else _Writer(careful=True).write(wanted)


class _Writer:
    """Writes a tree of marks; at each place the mark that lasts longest is the outermost."""

    def __init__(self, *, careful: bool) -> None:
        self._careful = careful
        self._parts: list[str] = []

    def write(self, spans: Spans) -> str:
        self._run(list(spans), done=frozenset(), edge=(False, False))
        text = "".join(self._parts)
        return _end_visibly(_reference_last(_reference_first(text)))

    def _run(self, spans: list[Span], *, done: frozenset[Mark], edge: tuple[bool, bool]) -> None:
        here = 0
        while here < len(spans):
            mark, length = _longest(spans, here, done)
            first, last = here == 0, here + max(length, 1) == len(spans)
            if mark is None:
                inner = (
                    edge[0] if first else self._marked(spans[here - 1], done),
                    edge[1] if last else self._marked(spans[here + 1], done),
                )
                self._leaf(spans[here], edge=inner)
                here += 1
                continue
            self._mark(mark, spans[here : here + length], done=done | {mark})
            here += length

    def _marked(self, span: Span, done: frozenset[Mark]) -> bool:
        return any(getattr(span, mark) not in {None, False} for mark in _MARKS if mark not in done and mark != "link")

    def _mark(self, mark: Mark, spans: list[Span], *, done: frozenset[Mark]) -> None:
        if mark == "link":
            self._parts.append("[")
            self._run(spans, done=done, edge=(False, False))
            self._parts.append(f"]({_destination(spans[0].link or '')})")
            return
        sign = {"strong": "**", "strike": "~~"}.get(mark) or self._emphasis_sign(spans, done)
        self._parts.append(sign)
        self._run(spans, done=done, edge=(True, True))
        self._parts.append(sign)

    def _emphasis_sign(self, spans: list[Span], done: frozenset[Mark]) -> str:
        """``*`` unless a ``*`` stands beside it: runs of three are read in surprising ways."""
        beside = "strong" in done or any(span.strong for span in spans) or "".join(self._parts[-1:]).endswith("*")
        return "_" if beside or self._careful else "*"

    def _leaf(self, span: Span, *, edge: tuple[bool, bool]) -> None:
        if span.code:
            self._parts.append(_code(span.text))
            return
        at_start = not self._parts
        text = escape_markdown(span.text, at_line_start=at_start) if not self._careful else self._careful_text(span.text, at_start, edge)
        if not self._careful:
            text = _undo_last_reference(text, span.text)
        self._parts.append(text)

    def _careful_text(self, text: str, at_start: bool, edge: tuple[bool, bool]) -> str:
        first = _reference(text[0]) if edge[0] and _may_refer(text[0]) else ""
        rest = text[1:] if first else text
        last = _reference(rest[-1]) if edge[1] and rest and _may_refer(rest[-1]) else ""
        middle = rest[:-1] if last else rest
        written = escape_markdown(middle, at_line_start=at_start and not first)
        return first + _undo_last_reference(written, middle) + last


def _may_refer(char: str) -> bool:
    return (char == "\n" or not _is_control(char)) and not "\x7f" <= char <= "\x9f"


def _undo_last_reference(written: str, text: str) -> str:
    """A space at the end of a stretch is only lost at the end of the line."""
    last = text[-1:]
    if last in {" ", "\u00a0", "\u202f"} and written.endswith(_reference(last)):
        return written.removesuffix(_reference(last)) + last
    return written


def _longest(spans: Sequence[Span], here: int, done: frozenset[Mark]) -> tuple[Mark | None, int]:
    best: tuple[Mark | None, int] = (None, 0)
    for mark in _MARKS:
        value = getattr(spans[here], mark)
        if mark in done or value is None or value is False:
            continue
        end = here
        while end < len(spans) and getattr(spans[end], mark) == value:
            end += 1
        if end - here > best[1]:
            best = (mark, end - here)
    return best


def _code(text: str) -> str:
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    while fence.strip("`") == "" and fence in re.findall(r"`+", text):
        fence += "`"
    padded = text[:1] == "`" or text[-1:] == "`" or (text[:1] == " " and text[-1:] == " " and bool(text.strip(" ")))
    return f"{fence} {text} {fence}" if padded else f"{fence}{text}{fence}"


def _destination(url: str) -> str:
    """An address between the parentheses of a link."""
    escaped = url.replace("\\", "\\\\")
    escaped = _ENTITY.sub("&amp;", escaped)
    if re.search(r"[\s<>\x00-\x1f\x7f]", escaped) or escaped.count("(") != escaped.count(")") or ")" in escaped.split("(")[0]:
        return "<" + re.sub(r"([<>])", r"\\\1", escaped).replace("\n", "%0A").replace("\r", "%0D") + ">"
    return escaped
