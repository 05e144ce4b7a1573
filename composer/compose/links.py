"""All addresses of an issue in one table, and the table taken back: one address changed is one line changed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypedDict

from composer.compose.editing import set_front
from composer.compose.front import read_front
from composer.errors import Conflict
from composer.model.body import Span, plain
from composer.model.issue import Issue
from composer.text.escape import safe_url
from composer.text.inline import parse_inline, write_inline
from composer.text.passages import PlacedLink, links_of
from composer.words import Words


class LinkRow(TypedDict):
    """A line of the table, as ``hebdo links --json`` writes and ``--set`` reads it."""

    id: str  # «une/3»: the third link of une.md
    place: str  # path:line
    words: str
    url: str  # "": still without address
    state: str  # missing | set | invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChange:
    """A link of a file that gets another address."""

    link: PlacedLink
    nth: int  # among the links that begin on the same line of the body, 0-based
    of: int  # so many links begin on that line
    url: str


def list_link_rows(issue: Issue) -> list[LinkRow]:
    """The table of all links of an issue in the order of the mail."""
    return [_row(name, link) for name, link in named_links(issue)]


def named_links(issue: Issue) -> list[tuple[str, PlacedLink]]:
    """Each link with its id, which counts the links of its file."""
    counts: dict[str, int] = {}
    named = []
    for link in links_of(issue):
        owner = link.story.id if link.story else "issue"
        counts[owner] = counts.get(owner, 0) + 1
        named.append((f"{owner}/{counts[owner]}", link))
    return named


def _row(name: str, link: PlacedLink) -> LinkRow:
    url = link.url
    state = "missing" if not url.strip() else "set" if safe_url(url) else "invalid"
    return LinkRow(id=name, place=f"{link.path}:{link.line}" if link.path else "", words=link.words, url=url, state=state)


def changes_of(links: Sequence[PlacedLink], wanted: Iterable[tuple[PlacedLink, str]]) -> list[AddressChange]:
    """Where on its line each changed link stands."""
    changes = []
    for link, url in wanted:
        same = [other for other in links if (other.path, other.line) == (link.path, link.line) and not _in_front(other)]
        nth = next((place for place, other in enumerate(same) if other is link), 0)
        changes.append(AddressChange(link=link, nth=nth, of=len(same), url=url))
    return changes


def _in_front(link: PlacedLink) -> bool:
    """Whether the address stands in the front matter: that of a story's own picture."""
    image = link.story.image if link.story else None
    return link.kind == "picture" and image is not None and image.line == link.line and image.link == link.url


def set_addresses(text: str, changes: Sequence[AddressChange], *, path: str = "") -> str:
    """The text of a file with the addresses changed; everything else stays byte for byte.

    Raises Conflict when the file and the table do not fit.
    """
    for change in (change for change in changes if _in_front(change.link)):
        text = _set_image_link(text, change.url, path)
    spots = list(_spots(text, _body_start(text, path)))
    edits = [edit for change in changes if not _in_front(change.link) for edit in [_edit(text, spots, change, path)]]
    for start, end, put in sorted(edits, reverse=True):
        text = text[:start] + put + text[end:]
    return text


def _set_image_link(text: str, url: str, path: str) -> str:
    value = read_front(text, path=path).values.get("image")
    keys = {name: str(said) for name, said in value.items()} if isinstance(value, dict) else {"file": str(value or "")}
    return set_front(text, "image", {**keys, "link": url}, path=path)


def _body_start(text: str, path: str) -> int:
    """Offset of the body."""
    line = read_front(text, path=path).body_line
    ends = [found.end() for found in _LINE_END.finditer(text)]
    return ends[line - 2] if 1 < line <= len(ends) + 1 else 0


# Finding links in the text of a file --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """A link as written: where its address stands, and what it says."""

    line: int  # 1-based
    start: int  # of the address in the text
    end: int
    words: str  # "" for <https://…>
    whole: tuple[int, int]  # of ``<https://…>``; (0, 0) otherwise


_DESTINATION = re.compile(
    r"\([ \t\n\r]*(?P<url><(?:[^<>\n\\]|\\.)*>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*\))*)"
    r"""(?:[ \t\n\r]+(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \t\n\r]*\)"""
)
_SIGNS = re.compile(r"\\.|`+|[\[\]]|<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\s]*>|\n[ \t\r]*\n", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*\r?$|\Z)", re.MULTILINE | re.DOTALL)


def _spots(text: str, start: int) -> Iterator[_Spot]:
    fences = [found.span() for found in _FENCE.finditer(text, start)]
    ends = [found.end() for found in _LINE_END.finditer(text)]
    opened: list[int] = []
    here = start
    while found := _SIGNS.search(text, here):
        sign, place = found[0], found.start()
        here = found.end()
        fence = next((end for first, end in fences if first <= place < end), None)
        if fence is not None:
            here = fence
        elif sign[0] == "\n":
            opened.clear()
            here = place + 1  # the second line end may begin the next gap
        elif sign[0] == "`":
            here = _code_end(text, found)
        elif sign[0] == "<":
            yield _Spot(line=1 + bisect_right(ends, place), start=place + 1, end=here - 1, words="", whole=(place, here))
        elif sign == "[":
            opened.append(place)
        elif sign == "]" and opened:
            first = opened.pop()
            target = _DESTINATION.match(text, here)
            if target:
                here = target.end()
                if not _is_picture(text, first):
                    opened.clear()
                    words = text[first + 1 : place]
                    yield _Spot(
                        line=1 + bisect_right(ends, first), start=target.start("url"), end=target.end("url"), words=words, whole=(0, 0)
                    )


def _is_picture(text: str, bracket: int) -> bool:
    return text[bracket - 1 : bracket] == "!" and text[bracket - 2 : bracket - 1] != "\\"


def _code_end(text: str, ticks: re.Match[str]) -> int:
    """Where a code span ends; right after its ticks when nothing closes it before the paragraph ends."""
    gap = re.compile(r"\n[ \t\r]*\n").search(text, ticks.end())
    limit = gap.start() if gap else len(text)
    closing = re.compile(rf"(?<!`){ticks[0]}(?!`)").search(text, ticks.end(), limit)
    return closing.end() if closing else ticks.end()


def _edit(text: str, spots: Sequence[_Spot], change: AddressChange, path: str) -> tuple[int, int, str]:
    link = change.link
    here = [spot for spot in spots if spot.line == link.line]
    if not here and link.kind == "further-reading" and not link.url:
        return _wrap_item(text, link, change.url, path)
    if len(here) == change.of:
        return _put(text, here[change.nth], change.url)
    same = [spot for spot in here if plain(parse_inline(spot.words)).strip() == link.words]
    if len(same) == 1:
        return _put(text, same[0], change.url)
    raise _does_not_fit(link, path)


def _put(text: str, spot: _Spot, url: str) -> tuple[int, int, str]:
    written = _written(url)
    if spot.whole != (0, 0):
        return (*spot.whole, f"[{text[spot.start : spot.end]}]({written})")
    return spot.start, spot.end, written


def _written(url: str) -> str:
    """An address as Markdown wants it between its parentheses."""
    return write_inline((Span(text="x", link=url),)).removeprefix("[x](").removesuffix(")")


_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+")


def _wrap_item(text: str, link: PlacedLink, url: str, path: str) -> tuple[int, int, str]:
    """A line of further reading that was typed without brackets."""
    starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
    start = starts[link.line - 1] if 0 < link.line <= len(starts) else len(text)
    end = re.compile(r"\r|\n|\Z").search(text, start)
    item = _ITEM.match(text, start)
    stop = end.start() if end else len(text)
    if not item or item.end() >= stop or plain(parse_inline(text[item.end() : stop])).strip() != link.words.strip():
        raise _does_not_fit(link, path)
    return item.end(), stop, f"[{text[item.end() : stop].strip()}]({_written(url)})"


def _does_not_fit(link: PlacedLink, path: str) -> Conflict:
    return Conflict(
        Words(
            fr=f"Le lien «\u00a0{link.words}\u00a0» ne se retrouve pas dans le fichier.",
            en=f"The link “{link.words}” is not found in the file.",
        ),
        where=f"{path or link.path}:{link.line}",
        hint=Words(fr="Écrivez l’adresse à la main\u00a0: [les mots](https://…)", en="Write the address by hand: [the words](https://…)"),
    )
