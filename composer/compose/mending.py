"""Safe mends of a file's text: spaces and apostrophes, never a word, an address or code."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from composer.compose.front import BOM, front_span

Colon = Literal["space", "tight"]

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})")
# What is never touched inside a line: code, addresses, comments.
_HELD = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|\]\([^)]*\)|<[^>]*>|(?:https?://|www\.)[^\s`]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")


def tidy_spaces(text: str) -> str:
    """``text`` with ordinary spaces, no stray ones, one kind of line end, no byte order mark.

    Two spaces at a line's end are a line break and stay; code stays as it is.
    """
    bare = text.removeprefix(BOM)
    if "\r\n" in bare and re.search(r"(?<!\r)\n", bare):
        bare = bare.replace("\r\n", "\n")
    return _body_lines(bare, _tidy_line, _tidy_front_line)


def _tidy_front_line(line: str) -> str:
    return re.sub(r"[\u00a0\u202f\ufeff]", " ", line).rstrip()


def _tidy_line(line: str) -> str:
    ended = line.rstrip(" \t\u00a0\u202f\ufeff")
    if not ended and line.strip(" \t"):
        return line  # for Markdown it is no blank line: emptied, it would cut the paragraph in two
    if line[len(ended) :] == "  ":
        ended = line
    out = _outside(ended, lambda words: re.sub(r"[\u00a0\u202f\t]", " ", words.replace("\ufeff", "")))
    if out.lstrip().startswith("|") or out.startswith("    "):
        return out
    return _outside(out, lambda words: re.sub(r"(?<=\S) {2,}(?=\S)", " ", words))


def space_colons(text: str, wanted: Colon) -> str:
    """``text`` with an ordinary space before every colon that ends words, or none."""
    if wanted == "space":
        return _body_lines(text, lambda line: _outside(line, lambda words: re.sub(r"(?<=[^\W\d])(?=:(?:\s|$))", " ", words)))
    return _body_lines(text, lambda line: _outside(line, lambda words: re.sub(r"(?<=[\w)»”\"’%])[ \u00a0\u202f]+(?=:(?:\s|$))", "", words)))


def space_high_signs(text: str, wanted: Colon) -> str:
    """``text`` with an ordinary space before every ``; ! ?`` that ends words, or none."""
    if wanted == "space":
        return _body_lines(text, lambda line: _outside(line, lambda words: re.sub(r"(?<=[^\W\d])(?=[;!?]+(?:\s|$|[»”\")]))", " ", words)))
    pattern = re.compile(r"(?<=[\w)»”\"’%])[ \u00a0\u202f]+(?=[;!?]+(?:\s|$|[»”\")]))")
    return _body_lines(text, lambda line: _outside(line, lambda words: pattern.sub("", words)))


def set_apostrophes(text: str, wanted: Literal["curly", "straight"]) -> str:
    """``text`` with one kind of apostrophe between letters."""
    found, put = ("'", "’") if wanted == "curly" else ("’", "'")
    pattern = re.compile(rf"(?<=[^\W\d]){found}(?=[\w\[*_«“])")
    return _body_lines(text, lambda line: _outside(line, lambda words: pattern.sub(put, words)))


def _outside(line: str, change: Callable[[str], str]) -> str:
    """``line`` changed between what is never touched; for its neighbours that counts as a letter.

    Nothing is glued to a bare address, which would swallow it.
    """
    parts: list[str] = []
    end, before = 0, ""
    for held in _HELD.finditer(line):
        parts += [_between(line[end : held.start()], before, "x", change), held[0]]
        end, before = held.end(), "x" if held[0].startswith(("`", "]")) else "\ue000"
    return "".join([*parts, _between(line[end:], before, "", change)])


def _between(words: str, before: str, after: str, change: Callable[[str], str]) -> str:
    return change(f"{before}{words}{after}").removeprefix(before).removesuffix(after)


def _body_lines(text: str, change: Callable[[str], str], change_front: Callable[[str], str] = str) -> str:
    """Every line of the body changed but those of code; line ends stay."""
    lines = [found.groups() for found in _LINE.finditer(text)]
    span = front_span([line for line, _ in lines])
    first = span[1] + 1 if span else 0
    out: list[str] = []
    fence = ""
    for number, (line, ending) in enumerate(lines):
        mark = _FENCE.match(line)
        if number < first:
            out.append((change_front(line) if 0 < number < first - 1 else line) + ending)
            continue
        inside = bool(fence) or bool(mark)
        if mark:
            sign = mark[0].strip()
            fence = "" if fence and sign.startswith(fence) else fence or sign
        out.append((line if inside else change(line)) + ending)
    return "".join(out)
