"""Arguments that many commands share, and how their words are read."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

import typer

from composer.cli.language import say
from composer.errors import UsageError
from composer.words import Words

ISSUE_NAME = say("NUMÉRO", "ISSUE")
DAY = say("AAAA-MM-JJ", "YYYY-MM-DD")

ISSUE = Annotated[
    str,
    typer.Argument(
        metavar=ISSUE_NAME, help=say("Numéro, dossier, début de nom, ou « dernier ».", "Number, folder, start of a name, or “latest”.")
    ),
]
YES = Annotated[bool, typer.Option("--yes", "-y", help=say("Répondre oui d’avance.", "Say yes in advance."))]
DRY_RUN = Annotated[
    bool, typer.Option("--dry-run", help=say("Dire ce qui serait fait, sans le faire.", "Tell what would be done, and do nothing."))
]

_UNITS_S = {"s": 1, "m": 60, "min": 60, "h": 3600}


def day(text: str | None) -> date | None:
    """``2026-11-26`` as a date; raises UsageError."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            Words(fr=f"« {text} » n’est pas une date.", en=f"“{text}” is not a date."),
            where="--date",
            hint=Words(fr="Écrivez par exemple `--date 2026-11-26`", en="Write for instance `--date 2026-11-26`"),
        ) from None


def seconds(text: str, *, option: str) -> int:
    """``5m``, ``90s``, ``1h`` or plain seconds; raises UsageError."""
    match = re.fullmatch(r"(\d{1,6})\s*(s|m|min|h)?", text.strip().lower())
    if not match:
        raise UsageError(
            Words(fr=f"« {text} » n’est pas une durée.", en=f"“{text}” is not a duration."),
            where=option,
            hint=Words(fr=f"Écrivez par exemple `{option} 5m`", en=f"Write for instance `{option} 5m`"),
        )
    return int(match[1]) * _UNITS_S[match[2] or "s"]


def seconds_words(seconds: float) -> str:
    """«5 min», «90 s», «1 h»: a duration as it is said."""
    whole = round(seconds)
    unit, name = next((unit, name) for unit, name in ((3600, "h"), (60, "min"), (1, "s")) if whole % unit == 0)
    return f"{whole // unit}\u00a0{name}"


def span(text: str | None, *, option: str) -> tuple[int, int] | None:
    """``4000..4400`` or one number as two ends; raises UsageError."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,9})(?:\.\.(\d{1,9}))?", text.strip())
    low, high = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if low > high:
        raise UsageError(
            Words(fr=f"« {text} » n’est pas une fourchette.", en=f"“{text}” is not a range."),
            where=option,
            hint=Words(fr=f"Écrivez par exemple `{option} 4000..4400`", en=f"Write for instance `{option} 4000..4400`"),
        )
    return low, high
