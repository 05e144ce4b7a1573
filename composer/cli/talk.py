"""The two streams: stdout carries what was asked for, stderr what is said about it."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator, Sequence

from composer.cli.language import say

# C0 but for the line ends of our own sentences, C1, and what turns the direction of writing.
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SIGNS = {**{chr(code): chr(0x2400 + code) for code in range(0x20)}, "\x7f": "\u2421"}


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
    _write_headed(say("Erreur\u00a0:", "Error:"), sentence, colour=31)


def write_question(sentence: str) -> None:
    """What waits for a yes, for stderr: nothing went wrong."""
    _write_headed(say("À confirmer\u00a0:", "To confirm:"), sentence, colour=33)


def visible(text: str, typed: Sequence[str] = ()) -> str:
    """``text`` with its control characters as signs (␛, ␍): what somebody typed or named must not move the cursor or colour the terminal.

    Line ends of ours stay; those inside of an argument, one of ``typed``, are signs as well.
    """
    for word in sorted({one for given in typed for one in (given, given.strip()) if "\n" in one}, key=len, reverse=True):
        text = text.replace(word, word.replace("\n", _SIGNS["\n"]))
    return _CONTROLS.sub(lambda found: _SIGNS.get(found[0], "\N{REPLACEMENT CHARACTER}"), text)


def _write_headed(word: str, sentence: str, *, colour: int) -> None:
    write_talk(f"\033[1;{colour}m{word}\033[0m {sentence}" if in_colour() else f"{word} {sentence}")


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
