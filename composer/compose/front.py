"""Front matter: the few keys on top of a file, read with their lines.

In: the text of a file. Out: its keys as plain strings, lists and mappings, and where the body begins.
Values are read as typed (``author: no`` is the word «no»), because prose and names are not YAML's to interpret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from composer.errors import StoryError
from composer.words import Words

BOM = "\ufeff"
MAX_FRONT_CHARS = 64_000
MAX_DEPTH = 4  # ``image: {…}`` needs two

Value: TypeAlias = "str | list[Value] | dict[str, Value]"

_FENCE = re.compile(r"---[ \t]*\Z")
_END = re.compile(r"(?:---|\.\.\.)[ \t]*\Z")
_KEY = re.compile(r"[ \t]*[\w-]+[ \t]*:(?:[ \t]|\Z)")
_PROSE = re.compile(r"\A([ \t]*[\w-]+)[ \t]*:[ \t]+(.+?)[ \t]*\Z")
_OPEN_QUOTE = re.compile(r""":[ \t]+(?:"(?:[^"\\]|\\.)*|'[^']*)\Z""")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The keys of a file, each with its line, and its body."""

    values: dict[str, Value] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)  # 1-based line of each key
    body: str = ""  # LF
    body_line: int = 1  # 1-based line on which the body begins
    path: str = ""

    def line_of(self, key: str) -> int:
        """The line of ``key``, or 1."""
        return self.lines.get(key, 1)

    def text(self, key: str) -> str:
        """The value of ``key`` as one string; "" when absent."""
        value = self.values.get(key, "")
        if isinstance(value, str):
            return value.strip()
        raise self.wrong(
            key,
            fr="attend un texte",
            en="takes a text",
            hint=Words(fr=f'Par exemple : {key}: "les mots"', en=f'Such as: {key}: "the words"'),
        )

    def texts(self, key: str) -> tuple[str, ...]:
        """The value of ``key`` as several strings; a lone text counts as one."""
        value = self.values.get(key, [])
        if isinstance(value, str):
            return (value.strip(),) if value.strip() else ()
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(item.strip() for item in value if isinstance(item, str) and item.strip())
        raise self.wrong(
            key,
            fr="attend une liste de textes",
            en="takes a list of texts",
            hint=Words(fr=f"Par exemple : {key}: [un, deux]", en=f"Such as: {key}: [one, two]"),
        )

    def wrong(self, key: str, *, fr: str, en: str, hint: Words | None = None) -> StoryError:
        """An error about ``key`` at its line."""
        return StoryError(
            Words(fr=f"La clé « {key} » {fr}.", en=f"The key “{key}” {en}."), where=f"{self.path}:{self.line_of(key)}", hint=hint
        )


def to_lf(text: str) -> str:
    """``text`` without byte order mark, its line ends LF."""
    return text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")


def front_span(lines: list[str]) -> tuple[int, int] | None:
    """Indexes of the opening and the closing fence among ``lines`` (LF); None: there is no front matter.

    A lone ``---`` on top with prose under it is a rule, not front matter. Raises nothing: see ``read_front`` for the unclosed.
    """
    if not lines or not _FENCE.match(lines[0]):
        return None
    for index, line in enumerate(lines[1:], start=1):
        if _END.match(line):
            return (0, index)
    return None


def read_front(text: str, *, path: str) -> FrontMatter:
    """Keys and body of a file; tolerates CRLF and a byte order mark.

    Raises StoryError with file, line and mend when the front matter cannot be read.
    """
    lines = to_lf(text).split("\n")
    span = front_span(lines)
    if span is None:
        if len(lines) > 1 and _FENCE.match(lines[0]) and _KEY.match(lines[1]):
            raise _unclosed(lines, path)
        return FrontMatter(body="\n".join(lines), path=path)
    source = "\n".join(line.rstrip(" \t") for line in lines[1 : span[1]])  # YAML takes a tab at a line's end for a fault
    root = compose_front(source, path=path)
    values, key_lines = _read_keys(root, path)
    return FrontMatter(values=values, lines=key_lines, body="\n".join(lines[span[1] + 1 :]), body_line=span[1] + 2, path=path)


def compose_front(source: str, *, path: str) -> yaml.MappingNode | None:
    """The YAML nodes of a front matter (without its fences, LF), None when it is empty; raises StoryError."""
    if len(source) > MAX_FRONT_CHARS:
        raise StoryError(
            Words(fr="L’en-tête dépasse 64 000 caractères.", en="The front matter is over 64,000 characters."),
            where=f"{path}:1",
            hint=Words(fr="Fermez-le par une ligne `---` avant le texte.", en="Close it with a line `---` before the text."),
        )
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise _broken(source, error, path) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _unreadable(path, 2) from error
    if root is None:
        return None
    if not isinstance(root, yaml.MappingNode):
        raise _unreadable(path, root.start_mark.line + 2)
    return root


def _read_keys(root: yaml.MappingNode | None, path: str) -> tuple[dict[str, Value], dict[str, int]]:
    values: dict[str, Value] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in root.value if root else ():
        line = key_node.start_mark.line + 2
        if not isinstance(key_node, yaml.ScalarNode):
            raise _unreadable(path, line)
        key = str(key_node.value)
        if key in values:
            raise StoryError(
                Words(fr=f"La clé « {key} » est écrite deux fois.", en=f"The key “{key}” is written twice."),
                where=f"{path}:{line}",
                hint=Words(
                    fr=f"Gardez l’une des deux lignes ({lines[key]} ou {line}).", en=f"Keep one of the lines {lines[key]} and {line}."
                ),
            )
        values[key] = _value(value_node, path, depth=0)
        lines[key] = line
    return values, lines


def _value(node: yaml.Node, path: str, *, depth: int) -> Value:
    if depth > MAX_DEPTH:
        raise _unreadable(path, node.start_mark.line + 2)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, path, depth=depth + 1) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        pairs = ((key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode))
        return {str(key.value): _value(value, path, depth=depth + 1) for key, value in pairs}
    text = str(node.value)
    plain = isinstance(node, yaml.ScalarNode) and node.style is None
    return "" if plain and text in _NULLS else text


def _unreadable(path: str, line: int) -> StoryError:
    return StoryError(
        Words(
            fr="L’en-tête ne se lit pas : une clé par ligne est attendue.",
            en="The front matter cannot be read: one key a line is expected.",
        ),
        where=f"{path}:{line}",
        hint=Words(fr="Écrivez `clé: valeur`, par exemple `kind: lead`", en="Write `key: value`, for instance `kind: lead`"),
    )


def _unclosed(lines: list[str], path: str) -> StoryError:
    last = 1
    while last < len(lines) and _KEY.match(lines[last]):
        last += 1
    return StoryError(
        Words(fr="L’en-tête n’est pas fermé.", en="The front matter is not closed."),
        where=f"{path}:{last}",
        hint=Words(fr=f"Ajoutez une ligne `---` après la ligne {last}.", en=f"Add a line `---` after line {last}."),
    )


def _broken(source: str, error: yaml.MarkedYAMLError, path: str) -> StoryError:
    """The error of the YAML reader as a place and a mend; prose without quotes is by far the commonest cause."""
    mark = error.problem_mark or error.context_mark
    lines = source.split("\n")
    conflict = next((at for at, line in enumerate(lines) if line.startswith(("<<<<<<<", "=======", ">>>>>>>"))), None)
    if conflict is not None:
        return _conflict(path, conflict + 2)
    index = min(mark.line, len(lines) - 1) if mark else 0
    culprit = _prose_line(lines, index)
    if culprit is None:
        return _unreadable(path, index + 2)
    at, key, prose = culprit
    quoted = quote(prose.strip("\"'"))
    return StoryError(
        Words(
            fr="L’en-tête ne se lit pas : un texte y est écrit sans guillemets droits.",
            en="The front matter cannot be read: a text in it is not quoted.",
        ),
        where=f"{path}:{at + 2}",
        hint=Words(fr=f"Écrivez `{key.strip()}: {quoted}`", en=f"Write `{key.strip()}: {quoted}`"),
    )


def _conflict(path: str, line: int) -> StoryError:
    return StoryError(
        Words(fr="Deux versions se croisent ici : git n’a pas su les réunir.", en="Two versions meet here: git could not merge them."),
        where=f"{path}:{line}",
        hint=Words(
            fr="Gardez la bonne version et retirez les lignes <<<<<<<, ======= et >>>>>>>.",
            en="Keep the right version and take out the lines <<<<<<<, ======= and >>>>>>>.",
        ),
    )


def _prose_line(lines: list[str], index: int) -> tuple[int, str, str] | None:
    """The line at fault, its key and its text: one whose quote is left open (YAML tells it lines later), the marked one, or the one above."""
    above = [at for at in range(min(index + 1, len(lines))) if _OPEN_QUOTE.search(lines[at])]
    for at in (*above, index, index - 1):
        match = _PROSE.match(lines[at]) if 0 <= at < len(lines) else None
        if match and match[2][0] not in "{[|>":
            return at, match[1], match[2]
    return None


def quote(text: str) -> str:
    """``text`` as a double-quoted YAML scalar on one line."""
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char == "\n":
        return "\\n"
    code = ord(char)
    # YAML 1.1 §5.1: these cannot stand in a document as they are, or are line breaks to it.
    if code < 0x20 or 0x7F <= code <= 0x9F:
        return f"\\x{code:02x}"
    if char in "\u2028\u2029\ufeff\ufffe\uffff":
        return f"\\u{code:04x}"
    return char
