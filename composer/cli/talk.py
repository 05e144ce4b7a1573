"""The two streams: stdout carries what was asked for, stderr what is said about it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from composer.cli.language import say


def may_ask() -> bool:
    """Whether a person sits at both ends: never ask a pipe, a cron job or a test."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def in_colour() -> bool:
    """Whether stderr may be coloured (https://no-color.org: any value but the empty one says no)."""
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def write_out(text: str) -> None:
    """Text for stdout, with its newline."""
    if text:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()


def write_talk(text: str) -> None:
    """Words for stderr, with their newline."""
    if text:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def write_error(sentence: str) -> None:
    """An error for stderr; the first word is red where there is colour."""
    word = say("Erreur :", "Error:")
    write_talk(f"\033[1;31m{word}\033[0m {sentence}" if in_colour() else f"{word} {sentence}")


def ask(question: str) -> bool:
    """Yes or no, on stderr; anything but a clear yes is no."""
    sys.stderr.write(f"{question} {say('[o/N]', '[y/N]')} ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"o", "oui", "y", "yes"}


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """Columns of plain text, two spaces apart; ``right`` lists the columns whose figures stand right."""
    widths = [max(_width(str(row[i])) for row in (heads, *rows)) for i in range(len(heads))]
    return "\n".join(_table_row(row, widths, right) for row in (heads, *rows))


@contextlib.contextmanager
def busy(words: str) -> Iterator[None]:
    """A moving sign on stderr while long work lasts; nothing where nobody looks."""
    if not in_colour():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as progress:
        progress.add_task(words, total=None)
        yield


def _table_row(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    cells = []
    for i, cell in enumerate(row):
        gap = " " * (widths[i] - _width(str(cell)))
        cells.append(gap + str(cell) if i in right else str(cell) + gap)
    return "  ".join(cells).rstrip()


def _width(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)
