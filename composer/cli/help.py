"""``--help`` in the reader's language, by chapter, without loading Rich: it must answer at once."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

from composer.cli.language import say

_OWN = {
    "help": say("Afficher cette aide.", "Show this help."),
    "install_completion": say("Installer la complétion pour ce shell.", "Install completion for this shell."),
    "show_completion": say("Montrer le script de complétion.", "Show the completion script."),
}
# What Typer writes beside an argument or an option, and ours; a name such as «NUMÉRO» says more than its type.
_KINDS = (
    (re.compile(r" <str>$"), say(" <texte>", " <text>")),
    (re.compile(r" <int(?: range)?>$"), say(" <nombre>", " <number>")),
    (re.compile(r" <path>$"), say(" <chemin>", " <path>")),
)
_ANY_KIND = re.compile(r" <(?:str|int|int range|path)>$")
_TYPER_WORDS = (
    (re.compile(r"\[required\]"), say("[obligatoire]", "[required]")),
    (re.compile(r"\[default: latest\]"), say("[par défaut\u00a0: dernier]", "[default: latest]")),
    (re.compile(r"\[default: "), say("[par défaut\u00a0: ", "[default: ")),
    (re.compile(r"(?<=\w); (?=\d+<=x|x[<>]=)"), say("\u00a0; ", "; ")),
    (re.compile(r"\bx>=(\d+)\b"), say(r"\1 au moins", r"\1 at least")),
    (re.compile(r"\b(\d+)<=x<=(\d+)\b"), say(r"de \1 à \2", r"\1 to \2")),
)
_USAGE = (
    (re.compile(r"\[\[([^\[\]]+)\]\]"), r"[\1]"),
    (re.compile(r"\{([^{}]+)\}"), r"\1"),
    (re.compile(r"COMMAND \[ARGS\]\.\.\."), say("COMMANDE [ARGUMENTS]…", "COMMAND [ARGS]...")),
)
_COLON = say("\u00a0", "")  # in French a no-break space stands before the colon that the formatter adds
_ARGUMENTS, _OPTIONS, _COMMANDS = "Arguments", "Options", say("Commandes", "Commands")


class Command(TyperCommand):
    """A command whose help speaks the reader's language."""

    def get_params(self, ctx: Any) -> Any:
        """The parameters, those of Typer's own with our words."""
        return _told(super().get_params(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """The line that shows how it is typed."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Arguments, then options."""
        _write_parameters(self, ctx, formatter)


class Group(TyperGroup):
    """A group whose help lists its commands by chapter."""

    def get_params(self, ctx: Any) -> Any:
        """The parameters, those of Typer's own with our words."""
        return _told(super().get_params(ctx))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """The line that shows how it is typed."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Commands by chapter, then options."""
        chapters: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            one = self.get_command(ctx, name)
            if one is not None and not one.hidden:
                chapter = getattr(one, "rich_help_panel", None)
                chapters.setdefault(chapter if isinstance(chapter, str) else _COMMANDS, []).append((name, one.help or ""))
        width = max((len(name) for rows in chapters.values() for name, _ in rows), default=0)
        for chapter, rows in chapters.items():
            with formatter.section(chapter + _COLON):
                formatter.write_dl([(name.ljust(width), words) for name, words in rows])
        _write_parameters(self, ctx, formatter)


def _told(parameters: list[Any]) -> list[Any]:
    for one in parameters:
        if one.name in _OWN:
            one.help = _OWN[one.name]
    return parameters


def _write_parameters(command: Any, ctx: Any, formatter: Any) -> None:
    for kind, title in (("argument", _ARGUMENTS), ("option", _OPTIONS)):
        records = [one.get_help_record(ctx) for one in command.get_params(ctx) if one.param_type_name == kind]
        rows = [
            (_kind_in_our_words(name, kind), _in_our_words(words)) for name, words in (record for record in records if record is not None)
        ]
        if rows:
            with formatter.section(title + _COLON):
                formatter.write_dl(rows)


def _write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    for theirs, ours in _USAGE:
        pieces = theirs.sub(ours, pieces)
    formatter.write_usage(ctx.command_path, pieces, prefix=say("Usage\u00a0: ", "Usage: "))


def _kind_in_our_words(name: str, kind: str) -> str:
    if kind == "argument":
        return _ANY_KIND.sub("", name)
    for theirs, ours in _KINDS:
        name = theirs.sub(ours, name)
    return name


def _in_our_words(words: str) -> str:
    for theirs, ours in _TYPER_WORDS:
        words = theirs.sub(ours, words)
    return words
