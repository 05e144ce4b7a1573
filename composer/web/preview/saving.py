"""Saving from a browser: the words typed go to the file, its line ends and byte order mark stay as they were."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from composer.errors import Conflict
from composer.workspace import Workspace, digest_of, read_source, write_source

BOM = "\ufeff"
# str.splitlines would also split at form feeds and U+2028, which are characters of a line here.
_LINES = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDisk:
    """A file as the Source tab shows it."""

    words: str  # LF, no byte order mark: what a textarea can hold
    digest: str  # of the file's own bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """How a save ended: with ``theirs`` nothing was written, because the file on disk is another than was opened."""

    on_disk: OnDisk
    theirs: bool = False


def open_source(workspace: Workspace, path: str) -> OnDisk:
    """The file for the Source tab; raises NotFound and FolderError."""
    text = read_source(workspace, path)
    return OnDisk(words=plain_lines(text), digest=digest_of(text))


def save_words(workspace: Workspace, path: str, words: str, *, if_digest: str) -> Saved:
    """Write ``words`` when the file still has ``if_digest``; raises HebdoError when the disk refuses."""
    before = read_source(workspace, path)
    words = plain_lines(words)
    if digest_of(before) != if_digest:
        same = plain_lines(before) == words
        return Saved(on_disk=OnDisk(words=plain_lines(before), digest=digest_of(before)), theirs=not same)
    try:
        digest = write_source(workspace, path, keep_form(before, words), if_digest=if_digest)
    except Conflict:
        return Saved(on_disk=open_source(workspace, path), theirs=True)
    return Saved(on_disk=OnDisk(words=words, digest=digest))


def plain_lines(text: str) -> str:
    """``text`` as a textarea gives it back."""
    return text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")


def keep_form(before: str, words: str) -> str:
    """``words`` with the line ends that ``before`` had, line by line where they are mixed, and its byte order mark."""
    mark = BOM if before.startswith(BOM) else ""
    if "\r" not in before:
        return mark + words
    pairs = _LINES.findall(before.removeprefix(BOM))
    usual = Counter(end for _, end in pairs if end).most_common(1)[0][0]
    new = words.split("\n")
    ends = [usual] * len(new)
    for start_old, start_new, size in SequenceMatcher(None, [line for line, _ in pairs], new, autojunk=False).get_matching_blocks():
        for step in range(size):
            ends[start_new + step] = pairs[start_old + step][1] or usual
    return mark + "".join(line + end for line, end in zip(new, [*ends[:-1], ""], strict=True))
