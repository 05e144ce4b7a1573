"""A bar on stderr while mailings leave; nothing where nobody looks."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from composer.cli.place import ledger_of
from composer.cli.talk import in_colour
from composer.model.mailing import DeliveryState, MailingState

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from composer.ledger import Ledger
    from composer.workspace import Workspace

LOOK_S = 0.5
OPEN = (DeliveryState.PENDING, DeliveryState.SUBMITTING)


@contextlib.contextmanager
def following(workspace: Workspace) -> Iterator[None]:
    """Shows how far each running mailing is, read from the ledger beside the sender, while the block lasts."""
    if not in_colour():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    over = threading.Event()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        watcher = threading.Thread(target=_watch, args=(workspace, bars, over), name="hebdo-progress", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join(LOOK_S * 4)


def _watch(workspace: Workspace, bars: Progress, over: threading.Event) -> None:
    with ledger_of(workspace) as ledger:
        shown: dict[int, TaskID] = {}  # mailing → bar
        while not over.wait(LOOK_S):
            for mailing_id in (*shown, *_running(ledger)):
                _show(ledger, bars, shown, mailing_id)


def _running(ledger: Ledger) -> tuple[int, ...]:
    return tuple(mailing.id for mailing in ledger.mailings.in_states(MailingState.RUNNING))


def _show(ledger: Ledger, bars: Progress, shown: dict[int, TaskID], mailing_id: int) -> None:
    figures = ledger.headcount.of(mailing_id)
    if figures is None:
        return
    total = figures.mailing.audience or 0
    left = sum(count for state, count in figures.counts if state in OPEN)
    bar = shown.get(mailing_id)
    if bar is None:
        bar = shown[mailing_id] = bars.add_task(figures.mailing.issue_id, total=total)
    bars.update(bar, completed=total - left)
