"""Pictures in a body: where they stand in a paragraph, what is said about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from urllib.parse import unquote

from markdown_it import MarkdownIt

from composer.model.body import Picture, Span, plain
from composer.text.inline import escape_markdown, merge_spans, parse_inline

CREDIT_LINE = re.compile(r"\A(?:cr[ée]dits?(?:[ \u00a0]photos?)?|photos?)[ \u00a0\u202f]*:[ \u00a0\u202f]*(?P<credit>.+)\Z", re.IGNORECASE)

_DESTINATION = r"\((?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
_IMAGE = rf"!\[(?:\\.|[^\[\]\\])*\]{_DESTINATION}"
_PICTURE = re.compile(rf"\[{_IMAGE}\]{_DESTINATION}|{_IMAGE}")
# An escaped sign opens no code, nor does a run of backquotes without its like; group 1 is there only where code is.
_CODE = re.compile(r"\\.|(`+)(?!`).+?(?<!`)\1(?!`)|`+", re.DOTALL)
_MARKS = " \t\n*_~"

Part = tuple[str, int] | Picture  # Markdown of a paragraph with its line, or a picture


def split_pictures(content: str, line: int) -> Iterator[Part]:
    """The pictures of a paragraph and the text between them, in order.

    A paragraph that opens with a picture is that picture: the text after it is its caption, a line «Crédit : …» its credit.
    """
    found = _pictures_in(content)
    if not found:
        yield content, line
        return
    before = content[: found[0].start()]
    opens = not before.strip(_MARKS)
    if not opens:
        yield before.strip(), line
    ends = [*(match.start() for match in found[1:]), len(content)]
    for match, end in zip(found, ends, strict=True):
        at = line + content.count("\n", 0, match.start())
        below = content[match.end() : end]
        if opens:
            yield _picture(match[0], at, _without_marks(below, before))
        else:
            yield _picture(match[0], at, "")
            if below.strip():
                yield below.strip(), line + content.count("\n", 0, match.end())


def pictures_as_words(content: str) -> str:
    """``content`` of a place that holds no picture (headline, cell of a table): words in a picture's title stand in its stead.

    One without a title stays «!» and a link: so it may have been written from just these.
    """
    parts, end = [], 0
    for match in _pictures_in(content):
        _, alt, title, _ = _shown(match[0]) or ("", "", "", "")
        if not title:
            continue
        said = " ".join(text for text in (alt, plain(parse_inline(title))) if text)
        parts += [content[end : match.start()], escape_markdown(said, at_line_start=False)]
        end = match.end()
    return "".join([*parts, content[end:]])


def _pictures_in(content: str) -> Sequence[re.Match[str]]:
    if "![" not in content:
        return ()
    code = [match.span() for match in _CODE.finditer(content) if match[1]] if "`" in content else []
    return [
        match
        for match in _PICTURE.finditer(content)
        if not _is_escaped(content, match.start()) and not any(a <= match.start() < b for a, b in code) and _shown(match[0])
    ]


def _is_escaped(content: str, at: int) -> bool:
    before = content[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _without_marks(below: str, before: str) -> str:
    """What follows a picture without the marks that were opened before it: ``**![…](…)**``."""
    marks = before.strip()
    return below.removeprefix(marks[::-1]) if marks else below


@cache
def _picture_parser() -> MarkdownIt:
    """Reads one line that may be a picture; addresses stay as typed."""
    parser = MarkdownIt("commonmark", {"html": False})
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


def _picture(source: str, line: int, below: str) -> Picture:
    file, alt, title, link = _shown(source) or ("", "", "", "")
    credit, kept = "", []
    for text in below.removeprefix("\\").strip(" \n").split("\n"):
        found = CREDIT_LINE.match(text.strip())
        if found and not credit:
            credit = plain(parse_inline(found["credit"]))
        else:
            kept.append(text)
    caption = parse_inline("\n".join(kept), line=line + below[:1].count("\n"))
    if title:
        caption = merge_spans((*parse_inline(title, line=line), *((Span(text=" "), *caption) if caption else ())))
    return Picture(file=_local(file), alt=alt, caption=caption, credit=credit, link=link, line=line)


def _shown(source: str) -> tuple[str, str, str, str] | None:
    """File, alt, title and link of one picture; None: the Markdown reader sees none."""
    tokens = _picture_parser().parseInline(source)[0].children or []
    link = ""
    if len(tokens) == 3 and tokens[0].type == "link_open":
        link, tokens = str(tokens[0].attrs.get("href", "")), tokens[1:2]
    if len(tokens) != 1 or tokens[0].type != "image":
        return None
    attrs = tokens[0].attrs
    return str(attrs.get("src", "")), plain(parse_inline(tokens[0].content)), str(attrs.get("title", "")), link


def _local(file: str) -> str:
    """A file's name as the disk knows it: other editors write ``%20`` for its spaces."""
    return file if "://" in file else unquote(file).removeprefix("./")
