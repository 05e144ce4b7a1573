"""A command that Hebdo shows between backquotes can be typed: every one in the code, the README and the docs is parsed by the real commands."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.exceptions import TyperException
from typer.main import get_command

from composer.cli.main import app

PROJECT = Path(__file__).resolve().parents[2]
PAGES = (
    "docs/alerts.md",
    "README.md",
    "LISEZMOI.md",
    "CONTRIBUTING.md",
    "docs/checks.md",
    "docs/deploy.md",
    "docs/doctor.md",
    "docs/issue-format.md",
    "docs/ledger.md",
    "docs/themes.md",
)
VALUE = "1"  # stands for whatever the program fills in: no command refuses it before it looks at the workspace
QUOTED = re.compile(r"`(hebdo(?: [^`]*)?)`")
LINE = re.compile(r"^(?:\$ )?(hebdo [^#\n]*)", re.MULTILINE)


def in_code() -> Iterator[tuple[str, str]]:
    """Every quoted command in a string of the program; what is filled in at run time is ``VALUE``."""
    for file in sorted((PROJECT / "composer").rglob("*.py")):
        for text, line in strings_of(ast.parse(file.read_text(encoding="utf-8"))):
            for command in QUOTED.findall(text):
                yield f"{file.relative_to(PROJECT)}:{line}", command


def strings_of(tree: ast.AST) -> Iterator[tuple[str, int]]:
    inner: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node):
            inner.add(id(node.body[0].value))  # type: ignore[attr-defined] # a docstring is for programmers
        if isinstance(node, ast.JoinedStr):
            inner |= {id(part) for part in node.values}
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else VALUE for part in node.values), node.lineno
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.value, node.lineno


def in_pages() -> Iterator[tuple[str, str]]:
    """Every quoted command of the pages, and every line of their blocks that is one."""
    for page in PAGES:
        text = (PROJECT / page).read_text(encoding="utf-8")
        for block in re.findall(r"```(?:sh|console)\n(.*?)```", text, flags=re.DOTALL):
            yield from ((page, command) for command in LINE.findall(block))
        yield from ((page, command) for command in QUOTED.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL)))


COMMANDS = sorted({*in_code(), *in_pages()})


def parse(words: list[str]) -> None:
    """What Typer does before a command runs; raises what it refuses, stops at a request for help."""
    group = get_command(app)
    context = group.make_context("hebdo", words, resilient_parsing=False)
    rest = [*context._protected_args, *context.args]
    while rest:
        name, found, rest = group.resolve_command(context, rest)  # type: ignore[attr-defined]
        context = found.make_context(name, rest, parent=context)
        if not hasattr(found, "resolve_command"):
            return
        group, rest = found, [*context._protected_args, *context.args]


def typed(command: str) -> list[str]:
    """The words of a command; its pipes and what French writes before a sign are not part of it."""
    alone = re.split(r" \\?(?:\||>|&&) ?", command.strip())[0]
    words = shlex.split(alone)[1:]
    return [re.sub(r"^\[(.*)\]$|^(.*)…$", VALUE, word) if word[:1] in "[…" else word for word in words]


def test_there_are_commands_to_look_at() -> None:
    assert len(COMMANDS) > 60
    assert any(place == "README.md" for place, _ in COMMANDS)


@pytest.mark.parametrize(("place", "command"), COMMANDS, ids=[f"{place} {command}" for place, command in COMMANDS])
def test_a_command_that_is_shown_can_be_typed(place: str, command: str) -> None:
    refusal = refusal_of(command)
    # A page may name a command without its arguments; a sentence of the program is there to be typed.
    named = place.endswith(".md") and refusal == "MissingParameter"
    assert named or refusal == "", f"{place}: `{command}` is refused: {refusal}"


def refusal_of(command: str) -> str:
    """The kind of refusal, "" for none; ``--help`` and a group without a command show their help, which is what was meant."""
    try:
        parse(typed(command))
    except typer.Exit:
        return ""
    except TyperException as refused:
        return "" if type(refused).__name__ == "NoArgsIsHelpError" else type(refused).__name__
    return ""


@pytest.mark.parametrize(
    "wrong", ["hebdo chek 42", "hebdo status --wach", "hebdo subscribers imprt a.csv", "hebdo retry", "hebdo schedule"]
)
def test_a_command_that_is_not_there_would_be_found(wrong: str) -> None:
    assert refusal_of(wrong)
