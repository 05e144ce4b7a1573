"""Changes to the text of a file that touch only the lines concerned; everything else stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import yaml

from composer.compose.front import BOM, Value, compose_front, front_span, quote, read_front
from composer.errors import StoryError
from composer.words import Words

FrontValue = str | int | date | Sequence[str] | Mapping[str, str]

# The law of the format: prose is quoted, so that «Meta : le pari» never becomes a YAML error.
PROSE_KEYS = frozenset({"teaser", "advertiser", "preheader", "alt", "caption", "credit", "credits", "link"})

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_ENDING = re.compile(r"(?:\r\n|\r|\n)\Z")
_NUMBER = re.compile(r"\A[0-9][0-9_.]*(?:[eE][0-9]+)?\Z")
_PLAIN = re.compile(r"\A[A-Za-z0-9][A-Za-z0-9_./-]*\Z")


def set_front(text: str, key: str, value: FrontValue | None, *, path: str = "") -> str:
    """``text`` with ``key`` of its front matter set, or taken out (None); line ends, byte order mark and comments stay.

    Raises StoryError when the front matter cannot be read.
    """
    front = read_front(text, path=path)
    if value is None and key not in front.values:
        return text
    if value is not None and front.values.get(key) == _as_read(value):
        return text
    mark, bare = (BOM, text[1:]) if text.startswith(BOM) else ("", text)
    lines = _LINES.findall(bare)
    span = front_span([_ENDING.sub("", line) for line in lines])
    if span is None:
        newline = _newline(lines)
        written = f"{key}: {encode(key, value if value is not None else '')}"
        return f"{mark}---{newline}{written}{newline}---{newline}{bare}"
    nodes = _nodes(lines[1 : span[1]], path)
    return mark + "".join(_edited(lines, span[1], nodes, key, value))


def set_order(text: str, ids: Sequence[str], *, path: str = "") -> str:
    """``text`` of an ``issue.md`` with its ``order:`` set; nothing else changes. A list with an id a line stays one."""
    return set_front(text, "order", tuple(ids), path=path)


def _newline(lines: Sequence[str]) -> str:
    """The line end that the file uses."""
    return next((found[0] for line in lines if (found := _ENDING.search(line))), "\n")


def encode(key: str, value: FrontValue) -> str:
    """A value as YAML on one line; prose is quoted."""
    if isinstance(value, str):
        return _scalar(value, quoted=key in PROSE_KEYS)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_scalar(text, quoted=name in PROSE_KEYS)}" for name, text in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(_scalar(text, quoted=key in PROSE_KEYS) for text in value) + "]"
    return str(value)


def _scalar(text: str, *, quoted: bool) -> str:
    if quoted or not _PLAIN.match(text) or not _is_text(text):
        return quote(text)
    return text


def _is_text(text: str) -> bool:
    """Whether YAML reads ``text`` without quotes as text, not as a number, a date or a truth."""
    if _NUMBER.match(text):  # YAML 1.2 knows more numbers than 1.1
        return False
    tag = yaml.SafeLoader("").resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return bool(tag == "tag:yaml.org,2002:str")


def _as_read(value: FrontValue) -> Value:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return dict(value.items())
    if isinstance(value, Sequence):
        return list(value)
    return str(value)


Nodes = list[tuple[yaml.ScalarNode, yaml.Node]]


def _nodes(lines: Sequence[str], path: str) -> Nodes:
    root = compose_front("".join(_ENDING.sub("\n", line) for line in lines), path=path)
    if root is None:
        return []
    if root.flow_style:
        raise StoryError(
            Words(fr="L’en-tête tient entre accolades.", en="The front matter stands between braces."),
            where=f"{path}:2",
            hint=Words(fr="Écrivez une clé par ligne, par exemple `kind: lead`", en="Write one key a line, for instance `kind: lead`"),
        )
    return list(root.value)


def _edited(lines: list[str], closing: int, nodes: Nodes, key: str, value: FrontValue | None) -> list[str]:
    """The lines of the file with one key changed; line 0 is the opening fence."""
    newline = _newline(lines)
    found = next(((name, node) for name, node in nodes if name.value == key), None)
    if found is None:
        written = f"{key}: {encode(key, value if value is not None else '')}{newline}"
        return [*lines[:closing], written, *lines[closing:]]
    name, node = found
    first, last = name.start_mark.line + 1, _last_line(node) + 1
    if value is None:
        return [*lines[:first], *lines[last + 1 :]]
    if _is_block(node):
        return [*lines[:first], *_block_lines(lines[first : last + 1], node, key, value, newline), *lines[last + 1 :]]
    head = lines[first][: node.start_mark.column] if node.start_mark.line + 1 == first else lines[first].rstrip("\r\n")
    tail = lines[last][node.end_mark.column :] if node.end_mark.line + 1 == last else newline
    gap = "" if head.endswith((" ", "\t")) else " "
    return [*lines[:first], f"{head}{gap}{encode(key, value)}{tail}", *lines[last + 1 :]]


def _is_block(node: yaml.Node) -> bool:
    if isinstance(node, yaml.ScalarNode):
        return node.style in {"|", ">"}
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def _last_line(node: yaml.Node) -> int:
    """The last line (0-based, in the front matter) that belongs to a value: a block's end mark lies beyond it."""
    if isinstance(node, yaml.ScalarNode):
        block = node.style in {"|", ">"}
        kept = node.end_mark.line - 1 if block and node.end_mark.column == 0 else node.end_mark.line
        return max(kept, node.start_mark.line)
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.line)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)


def _block_lines(lines: Sequence[str], node: yaml.Node, key: str, value: FrontValue, newline: str) -> list[str]:
    """A value that took several lines: a list stays one, each known item with its line, anything else becomes one line."""
    if isinstance(node, yaml.SequenceNode) and not isinstance(value, str | int | date | Mapping) and value:
        start = node.start_mark.line - node.value[0].start_mark.line
        first_item = node.value[0].start_mark.line
        begins = [item.start_mark.line - first_item for item in node.value]
        items_at = len(lines) - (_last_line(node) - first_item) - 1 + start
        items = lines[items_at:]
        ends = [*begins[1:], len(items)]
        kept = {str(item.value): "".join(items[a:b]) for item, a, b in zip(node.value, begins, ends, strict=True)}
        indent = items[0][: len(items[0]) - len(items[0].lstrip())]
        fresh = (kept.get(id_, f"{indent}- {_scalar(id_, quoted=key in PROSE_KEYS)}{newline}") for id_ in value)
        return [*lines[:items_at], *(line if _ENDING.search(line) else line + newline for line in fresh)]
    return [f"{key}: {encode(key, value)}{newline}"]
