"""The watcher outside: rings the desk when the engine gives no sign of life, by channels that do not pass through it.

It runs on another machine and listens for the heartbeat, or beside the engine and looks at its ledger. It needs newsletter.toml
(who is told, by which server), no issues and no ledger of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from composer.deliver.schedule import find_zone, moment_words
from composer.deliver.watching import AFTER_S, AGAIN_S, Ring, Watcher
from composer.errors import ConfigurationError, HebdoError, NotFound
from composer.ledger.glance import Glance, glance
from composer.outside.listening import Listener
from composer.text.hosts import bracketed, is_unspecified
from composer.words import Words
from composer.workflow.alerting import carriers
from composer.workflow.ports import listen, own_address
from composer.workflow.serving import ended_by_signals
from composer.workflow.teller import Signs, Teller
from composer.workspace import Workspace
from composer.workspace.keys import watch_key

_log = logging.getLogger(__name__)

LOOK_S = 0.5
GLANCE_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """How long to wait, and how often to ring."""

    after_s: float = AFTER_S
    again_s: float = AGAIN_S


def watch_heartbeat(
    workspace: Workspace,
    *,
    host: str,
    port: int,
    watch: Watch,
    ready: Callable[[str], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> None:
    """Listens until ``stop``, SIGTERM or SIGINT; ``ready`` is told the address for [desk] heartbeat_url.

    Raises ConfigurationError when nobody would be told, NetworkError when the port cannot be had.
    """
    require_channel(workspace)
    path = f"/{watch_key(workspace)}"
    with listen(host, port, typed="hebdo watch") as listener:
        shown = bracketed(own_address(host) if is_unspecified(host) else host)
        watcher = Watcher(began_s=time.monotonic(), after_s=watch.after_s, again_s=watch.again_s)

        @contextlib.asynccontextmanager
        async def listening() -> AsyncIterator[None]:
            async with Listener(path, heard=lambda: watcher.hear(time.monotonic())).listening(listener):
                ready(f"http://{shown}:{listener.getsockname()[1]}{path}")
                yield

        _run(workspace, watcher, stop, listening, glance_at=Glance)


def watch_ledger(
    workspace: Workspace, *, watch: Watch, ready: Callable[[str], None] = lambda _: None, stop: threading.Event | None = None
) -> None:
    """Looks at the workspace's own ledger, read only, until ``stop``, SIGTERM or SIGINT.

    Raises ConfigurationError when nobody would be told, NotFound without a ledger.
    """
    require_channel(workspace)
    if not workspace.ledger_path.is_file():
        raise NotFound(
            Words(fr="Il n’y a pas encore de registre ici.", en="There is no ledger here yet."),
            where=workspace.shown(workspace.ledger_path),
            hint=Words(fr="Lancez d’abord `hebdo serve`", en="Start `hebdo serve` first"),
        )
    watcher = Watcher(began_s=time.monotonic(), after_s=watch.after_s, again_s=watch.again_s)
    reader = _Reader(workspace.ledger_path, watcher, after=timedelta(seconds=watch.after_s))

    @contextlib.asynccontextmanager
    async def reading() -> AsyncIterator[None]:
        task = asyncio.create_task(reader.read())
        try:
            ready(workspace.shown(workspace.ledger_path))
            yield
        finally:
            task.cancel()

    _run(workspace, watcher, stop, reading, glance_at=lambda: reader.found)


def require_channel(workspace: Workspace) -> None:
    """Raises ConfigurationError when nobody would be told."""
    if not carriers(workspace):
        raise ConfigurationError(
            Words(fr="Personne ne serait prévenu.", en="Nobody would be told."),
            where="newsletter.toml",
            hint=Words(
                fr='Sous [desk], écrivez `alert = ["redaction@exemple.fr"]` ou `alert_webhook = "https://…"` ; par courriel, il faut aussi `address` sous [sender].',
                en='Under [desk], write `alert = ["desk@example.org"]` or `alert_webhook = "https://…"`; by mail, `address` under [sender] is needed too.',
            ),
        )


class _Reader:
    """Hears the clock by what it writes in the ledger: a new time is a sign, whatever the clocks on the wall say."""

    def __init__(self, path: Path, watcher: Watcher, *, after: timedelta) -> None:
        self._path = path
        self._watcher = watcher
        self._after = after
        self._is_first = True
        self.found = Glance()

    async def read(self) -> None:
        """Looks every ten seconds, for ever."""
        while True:
            try:
                self._judge(await asyncio.to_thread(glance, self._path))
            except HebdoError as error:
                _log.warning("%s", error)
            await asyncio.sleep(min(GLANCE_S, self._after.total_seconds() / 4))

    def _judge(self, found: Glance) -> None:
        is_new = found.seen_at is not None and found.seen_at != self.found.seen_at
        is_fresh = found.seen_at is not None and abs(_now() - found.seen_at) < self._after
        if is_new and (is_fresh or not self._is_first):
            self._watcher.hear(time.monotonic())
        self._is_first = False
        self.found = found


def _run(
    workspace: Workspace,
    watcher: Watcher,
    stop: threading.Event | None,
    source: Callable[[], contextlib.AbstractAsyncContextManager[None]],
    *,
    glance_at: Callable[[], Glance],
) -> None:
    stop = stop or threading.Event()
    signs = Signs(now=_now, may_tell=lambda: True, is_well=lambda: False)  # it never sends a heartbeat itself
    teller = Teller(workspace, None, signs)

    async def look() -> None:
        async with source():
            while not stop.is_set():
                await asyncio.sleep(LOOK_S)
                ring = watcher.look(time.monotonic())
                if ring is not None:
                    teller.urge(ring.kind, ring_words(workspace, ring, glance_at(), now=_now()))

    with ended_by_signals(stop):
        teller.start()
        try:
            asyncio.run(look())
        finally:
            teller.close()


def ring_words(workspace: Workspace, ring: Ring, found: Glance, *, now: datetime) -> Words:
    """What the desk reads when the watcher rings."""
    name = workspace.newsletter.name
    zone = find_zone(workspace.newsletter.time_zone)
    since = moment_words((now - timedelta(seconds=ring.silent_s)).astimezone(zone), zone.key)
    silent = f"{round(ring.silent_s)} s" if ring.silent_s < 60 else f"{round(ring.silent_s / 60)} min"
    if ring.kind == "heard":
        return Words(
            fr=f"{name} : le moteur donne de nouveau signe de vie, après {silent} de silence. Où en sont les envois : `hebdo status`",
            en=f"{name}: the engine gives signs of life again, after {silent} of silence. How far the mailings are: `hebdo status`",
        )
    if ring.was_ever_heard:
        what = Words(
            fr=f"plus de signe de vie du moteur depuis {silent} (dernier : {since.fr})",
            en=f"no sign of life of the engine for {silent} (last: {since.en})",
        )
    else:
        what = Words(
            fr=f"aucun signe de vie du moteur depuis que je veille, {since.fr}",
            en=f"no sign of life of the engine since I began to watch, {since.en}",
        )
    due = _departure(workspace, found)
    return Words(
        fr=f"{name} : {what.fr}. Rien ne part tant qu’il est arrêté.{due.fr} Sur sa machine : `hebdo status`, puis `hebdo serve`",
        en=f"{name}: {what.en}. Nothing leaves while it is stopped.{due.en} On its machine: `hebdo status`, then `hebdo serve`",
    )


def _departure(workspace: Workspace, found: Glance) -> Words:
    if found.due_at is None:
        return Words(fr="", en="")
    zone = find_zone(workspace.newsletter.time_zone)
    when = moment_words(found.due_at.astimezone(zone), zone.key)
    return Words(fr=f" Prochain départ : {found.issue_id}, {when.fr}.", en=f" Next departure: {found.issue_id}, {when.en}.")


def _now() -> datetime:
    return datetime.now(UTC)
