"""``status --watch``: a mailing followed to its end, drawn anew each second on a terminal, a line for each change elsewhere."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from composer.cli.board import MAILING_STATES
from composer.cli.language import say, told
from composer.cli.outline import figure
from composer.cli.place import now
from composer.cli.talk import visible, write_out
from composer.model.mailing import DeliveryState

if TYPE_CHECKING:
    from rich.console import RenderableType

    from composer.ledger import Ledger
    from composer.workflow.progress import Follower, Progress
    from composer.workspace import Workspace

_TOLD = (DeliveryState.FAILED, DeliveryState.UNCERTAIN, DeliveryState.DEFERRED, DeliveryState.SUPPRESSED, DeliveryState.CANCELLED)


def follow(workspace: Workspace, ledger: Ledger, mailing_id: int, *, as_json: bool) -> None:
    """Show it until it moves no more."""
    from composer.workflow.progress import Follower

    follower = Follower(workspace, ledger, mailing_id)
    if as_json:
        _write_json(follower)
    elif sys.stdout.isatty():
        _draw(follower)
    else:
        _write_lines(follower, ZoneInfo(workspace.newsletter.time_zone))


def _write_json(follower: Follower) -> None:
    for progress in _looks(follower):
        write_out(json.dumps(progress.to_json(now()), ensure_ascii=False))


def _write_lines(follower: Follower, zone: ZoneInfo) -> None:
    """A line for each change, with the newsletter's hour, as all other hours that are told."""
    before = ""
    for progress in _looks(follower):
        line = " · ".join(filter(None, (progress_line(progress), visible(progress.trouble))))
        if line != before:
            write_out(f"{now().astimezone(zone):%H:%M:%S} · {line}")
        before = line


def _draw(follower: Follower) -> None:
    from rich.live import Live

    with Live(auto_refresh=False, transient=True) as live:
        for progress in _looks(follower):
            live.update(_picture(progress), refresh=True)


def _looks(follower: Follower) -> Iterator[Progress]:
    """A look each second, the last one included."""
    from composer.workflow.progress import STEP_S

    while (progress := follower.look()) is not None:
        yield progress
        if not progress.is_moving:
            return
        time.sleep(STEP_S)


def _picture(progress: Progress) -> RenderableType:
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.text import Text

    mailing = progress.figures.mailing
    audience = mailing.audience or 0
    bar = ProgressBar(total=max(1, audience), completed=audience - progress.remaining)
    lines = [Text(visible(f"{mailing.issue_id} · {progress_line(progress)}"))]
    if progress.trouble:
        lines.append(Text(visible(progress.trouble), style="red"))
    return Group(
        lines[0],
        bar,
        *lines[1:],
        Text(say("Ctrl+C : ne plus suivre ; l’envoi continue.", "Ctrl+C: follow no longer; the mailing goes on."), style="dim"),
    )


def progress_line(progress: Progress) -> str:
    """«en cours · 12 345 sur 500 000 · 2 690/s · reste 3 min 01 s · 3 refusées»."""
    from composer.workflow.counts import state_words

    mailing = progress.figures.mailing
    parts = [MAILING_STATES.get(mailing.state, mailing.state)]
    if mailing.audience is not None:
        settled, whole = figure(mailing.audience - progress.remaining), figure(mailing.audience)
        parts.append(say(f"{settled} sur {whole}", f"{settled} of {whole}"))
        parts.append(f"{figure(round(progress.rate))}/s")
        if progress.remaining:
            parts.append(_remaining(progress))
        if waits := told(progress.waits).rstrip("."):
            parts.append(waits)
        counts = dict(progress.figures.counts)
        parts += [f"{figure(counts[state])} {told(state_words(state, counts[state]))}" for state in _TOLD if counts[state]]
    return " · ".join(parts)


def _remaining(progress: Progress) -> str:
    left = say(f"reste {figure(progress.remaining)}", f"{figure(progress.remaining)} left")
    return left if progress.remaining_s is None else f"{left} ({_span(progress.remaining_s)})"


def _span(seconds: float) -> str:
    """«3 min 01 s», «1 h 05 min»."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
