"""How a function becomes a command: ``--json`` for all, one way to ask for a yes, one way to answer."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from typing import Annotated, Any

import typer

from composer.cli.answers import Answer, envelope
from composer.cli.help import Command, Group
from composer.cli.language import say, told
from composer.cli.talk import ask, may_ask, write_out, write_talk
from composer.errors import ConfirmationNeeded

AS_JSON: ContextVar[bool] = ContextVar("AS_JSON", default=False)  # whether a program reads what this command answers
JSON = Annotated[bool, typer.Option("--json", help=say("Répondre en JSON, pour un programme.", "Answer in JSON, for a program."))]


def group(help_fr: str, help_en: str, *, completes: bool = False) -> typer.Typer:
    """A Typer application that holds commands."""
    return typer.Typer(
        cls=Group,
        help=say(help_fr, help_en),
        no_args_is_help=True,
        add_completion=completes,
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )


def command(
    app: typer.Typer, name: str, *, fr: str, en: str, panel: str | None = None
) -> Callable[[Callable[..., Answer]], Callable[..., None]]:
    """Registers a function that gives an Answer as the command ``name`` of ``app``; adds ``--json``."""

    def register(act: Callable[..., Answer]) -> Callable[..., None]:
        runner = _runner(act)
        options = {"help_option_names": ["-h", "--help"]}
        app.command(name, cls=Command, help=say(fr, en), rich_help_panel=panel, context_settings=options)(runner)
        return runner

    return register


def _runner(act: Callable[..., Answer]) -> Callable[..., None]:
    signature = inspect.signature(act, eval_str=True)
    as_json = inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=JSON)

    @functools.wraps(act)
    def run(**given: Any) -> None:
        json_wanted = given.pop("as_json")
        AS_JSON.set(json_wanted)
        answer = _act(act, given, may_prompt=not json_wanted and may_ask())
        if answer.streamed:
            pass
        elif json_wanted or answer.as_json:
            write_out(envelope(answer))
        else:
            write_out(answer.text)
            write_talk(answer.talk)
        if answer.edited:
            from composer.cli.sealed import sealed_words

            write_talk(sealed_words(answer.edited))
        raise typer.Exit(answer.exit_code)

    # Typer reads names and types from here; without __wrapped__ it does not look at ``act`` again.
    del run.__wrapped__
    run.__signature__ = signature.replace(parameters=[*signature.parameters.values(), as_json], return_annotation=None)  # type: ignore[attr-defined]
    run.__annotations__ = {**{name: one.annotation for name, one in signature.parameters.items()}, "as_json": JSON, "return": None}
    return run


def _act(act: Callable[..., Answer], given: dict[str, Any], *, may_prompt: bool) -> Answer:
    try:
        return act(**given)
    except ConfirmationNeeded as needed:
        # Only what a mere yes settles is asked; an hour that comes twice needs ``--fold``.
        if not may_prompt or given.get("yes", True) or needed.hint is None or "--yes" not in needed.hint.en:
            raise
        if not ask(f"{told(needed.message)} {say('Continuer quand même ?', 'Go on all the same?')}"):
            raise
        return act(**{**given, "yes": True})
