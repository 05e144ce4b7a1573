"""``--help`` in the reader's language, by chapter, without loading Rich: it must answer at once."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

from composer.cli.language import say

_OWN = {
    "help": say("Afficher cette aide.", "Show this help."),
    "install_completion": say("Installer la complétion pour ce shell.", "Install completion for this shell."),
    "show_completion": say("Montrer le script de complétion.", "Show the completion script."),
}
_TYPER_WORDS = (("[required]", say("[obligatoire]", "[required]")), ("[default: ", say("[par défaut : ", "[default: ")))
# In French a no-break space stands before the colon that the formatter adds.
_ARGUMENTS, _OPTIONS, _COMMANDS = say("Arguments\u00a0", "Arguments"), say("Options\u00a0", "Options"), say("Commandes\u00a0", "Commands")


class Command(TyperCommand):
    """A command whose help speaks the reader's language."""

    def get_params(self, ctx: Any) -> Any:
        """The parameters, those of Typer's own with our words."""
        return _told(super().get_params(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Arguments, then options."""
        _write_parameters(self, ctx, formatter)


class Group(TyperGroup):
    """A group whose help lists its commands by chapter."""

    def get_params(self, ctx: Any) -> Any:
        """The parameters, those of Typer's own with our words."""
        return _told(super().get_params(ctx))

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
            with formatter.section(chapter):
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
        rows = [(name, _in_our_words(words)) for name, words in (record for record in records if record is not None)]
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows)


def _in_our_words(words: str) -> str:
    for theirs, ours in _TYPER_WORDS:
        words = words.replace(theirs, ours)
    return words
