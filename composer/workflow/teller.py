"""Tells the desk while an engine runs: a thread of its own, so that no mail server and no webhook ever slows clock or sender."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hashlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from composer.errors import HebdoError
from composer.ledger import Ledger
from composer.model.notice import Channel, Notice
from composer.outside.calls import call
from composer.words import Words
from composer.workflow.alerting import STALE, Carrier, Round, carriers
from composer.workflow.telling import said
from composer.workspace import Workspace

_log = logging.getLogger(__name__)

LOOK_S = 0.5  # how soon a notice is seen
PERIOD_S = 60.0  # of the heartbeat; docs/alerts.md and outside watchers count on it
AGAIN_S = 10.0  # a heartbeat that was not taken is tried again sooner: one lost packet must wake nobody
BACK_OFF_S = (5.0, 15.0, 60.0, 300.0, 900.0)
DAY = timedelta(days=1)
OUTAGE_S = 600.0  # a channel that takes nothing for so long is told by the others
_MOST_URGENT = 50
_END_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the teller asks of the engine; each is quick and safe on any thread."""

    now: Callable[[], datetime]  # aware, UTC
    may_tell: Callable[[], bool]  # one engine tells; the others stand by
    is_well: Callable[[], bool]  # the clock beats: the ledger answers, nothing due is stuck


class Teller:
    """Carries notices and the heartbeat until ``close``; each channel on its own, with its own patience.

    Without a ledger only what is urged is told, and there is no heartbeat: who watches an engine is none.
    """

    def __init__(self, workspace: Workspace, ledger: Ledger | None, signs: Signs) -> None:
        self._workspace = workspace
        self._ledger = ledger
        self._signs = signs
        self._carriers = carriers(workspace)
        self._urgent: dict[Channel, deque[Notice]] = {carrier.name: deque(maxlen=_MOST_URGENT) for carrier in self._carriers}
        self._told: dict[Channel, set[int]] = {
            carrier.name: set() for carrier in self._carriers
        }  # carried, and not yet noted: the ledger could not be written
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hebdo-teller", daemon=True)

    def start(self) -> None:
        """Begin; the first heartbeat leaves at once."""
        self._thread.start()

    def close(self) -> None:
        """End: what is on its way is broken off, and told again at the next start. From any thread, any number of times."""
        self._ending.set()
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # it has just ended
                loop.call_soon_threadsafe(_cancel_all, loop)
        if self._thread.is_alive():
            self._thread.join(_END_S)

    def urge(self, kind: str, words: Words) -> None:
        """Tells what the ledger cannot keep just now."""
        notice = Notice(id=0, kind=kind, words=said(self._workspace, words), created_at=self._signs.now())
        for waiting in self._urgent.values():
            waiting.append(notice)

    def _run(self) -> None:
        """Until ``close``: whatever ends it otherwise is logged, and it begins anew."""
        while not self._ending.is_set():
            try:
                asyncio.run(self._all())
            except BaseException as error:  # noqa: BLE001 - without this thread nobody is told anything
                if self._ending.is_set():
                    return
                self._warn(
                    f"les canaux de la rédaction se sont arrêtés ({error!r}) ; ils reprennent",
                    f"the desk’s channels ended ({error!r}); they begin anew",
                )
            if not self._worth_running:
                return
            self._ending.wait(AGAIN_S)

    @property
    def _worth_running(self) -> bool:
        return bool(self._carriers) or self._beats

    @property
    def _beats(self) -> bool:
        return bool(self._workspace.newsletter.desk.heartbeat_url) and self._ledger is not None

    async def _all(self) -> None:
        self._loop = asyncio.get_running_loop()
        if self._ending.is_set():
            return
        tasks = [self._outlast(carrier.name, functools.partial(self._keep, carrier)) for carrier in self._carriers]
        if self._beats:
            tasks.append(self._outlast("the heartbeat", self._beat))
        await asyncio.gather(*tasks)

    async def _outlast(self, name: str, keep: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """``keep`` until ``close``: the end of one channel is not that of the others, nor its own."""
        wait_s = 0.0
        while not self._ending.is_set():
            try:
                await asyncio.sleep(wait_s)
                wait_s = AGAIN_S
                await keep()
            except BaseException as error:  # a library may cancel what it was not asked to
                if self._ending.is_set():
                    raise
                self._warn(f"{name} : arrêté par {error!r}, reprend", f"{name}: ended by {error!r}, begins anew")

    def _warn(self, fr: str, en: str) -> None:
        """In the journal, in the newsletter's language."""
        _log.warning("%s", said(self._workspace, Words(fr=fr, en=en)))

    def _warn_untold(self, channel: Channel, why: object) -> None:
        self._warn(f"{channel} : la rédaction ne peut pas être prévenue : {why}", f"{channel}: the desk cannot be told now: {why}")

    # -- one channel ------------------------------------------------------------------------------------------------------------------

    async def _keep(self, carrier: Carrier) -> None:
        patience = _Patience()
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                while self._signs.may_tell() and not patience.waits() and await self._carry(carrier, patience):
                    pass
            except Exception as error:  # noqa: BLE001 - a channel outlives whatever goes wrong in one round
                self._warn_untold(carrier.name, error)
                patience.failed()

    async def _carry(self, carrier: Carrier, patience: _Patience) -> bool:
        """One round; whether it told anything, so that more may wait."""
        waiting = await asyncio.to_thread(self._waiting, carrier.name)
        if not waiting:
            return False
        done = await carrier.carry(waiting, self._signs.now())
        await asyncio.to_thread(self._note, carrier.name, done)
        await asyncio.to_thread(self._follow, carrier.name, done, patience)
        return bool(done.told)

    def _waiting(self, channel: Channel) -> tuple[Notice, ...]:
        """What the ledger cannot keep, then what it keeps; a ledger that does not answer stops nothing."""
        kept: Sequence[Notice] = ()
        try:
            self._mark(channel)
            kept = () if self._ledger is None else self._ledger.notices.untold(channel, since=self._signs.now() - STALE)
        except HebdoError as error:
            self._warn(f"{channel} : {error.message.fr}", f"{channel}: {error.message.en}")
        return (*self._urgent[channel].copy(), *(notice for notice in kept if notice.id not in self._told[channel]))

    def _note(self, channel: Channel, done: Round) -> None:
        for notice in done.told:
            if notice.id:
                self._told[channel].add(notice.id)
            elif notice in self._urgent[channel]:
                self._urgent[channel].remove(notice)
        with contextlib.suppress(HebdoError):
            self._mark(channel)

    def _mark(self, channel: Channel) -> None:
        """Notes in the ledger what was carried; until it can be, this process remembers."""
        told = self._told[channel]
        if told and self._ledger is not None:
            self._ledger.notices.told(sorted(told), channel, now=self._signs.now())
            told.clear()

    def _follow(self, channel: Channel, done: Round, patience: _Patience) -> None:
        for address, words in done.refused:
            self._tell_trouble(f"mail-{hashlib.sha256(address.encode()).hexdigest()[:8]}", _refused(address, words))
        if done.told or not done.failure:
            patience.succeeded()
        if not done.failure:
            return
        self._warn_untold(channel, done.failure)
        if patience.failed(done.wait_s):
            self._tell_trouble(channel, _down(channel, done.failure))

    def _tell_trouble(self, about: str, words: Words) -> None:
        """Once a day for each trouble: the other channels carry it, and `status` shows it."""
        if self._ledger is None:
            return
        now = self._signs.now()
        with contextlib.suppress(HebdoError):
            last = self._ledger.notices.last(("channel",), about=about)
            if last is None or abs(now - last.created_at) > DAY:
                self._ledger.notices.add(mailing_id=None, kind="channel", words=said(self._workspace, words), about=about, now=now)

    # -- the heartbeat ----------------------------------------------------------------------------------------------------------------

    async def _beat(self) -> None:
        """Always while the engine runs and is well: every watcher wants a constant period."""
        url, taken, loop = self._workspace.newsletter.desk.heartbeat_url, True, asyncio.get_running_loop()
        due_at = loop.time()
        while True:
            await asyncio.sleep(max(0.0, min(due_at - loop.time(), 1.0)))
            if loop.time() < due_at or not self._signs.is_well():
                continue
            answer = await call(url)
            if not answer.is_taken and taken:
                self._warn(
                    f"[desk] heartbeat_url ne prend pas le battement : {answer.words.fr}",
                    f"[desk] heartbeat_url does not take the heartbeat: {answer.words.en}",
                )
            taken = answer.is_taken
            due_at = max(due_at + PERIOD_S, loop.time()) if taken and loop.time() - due_at < PERIOD_S else loop.time() + PERIOD_S
            if not taken:
                due_at = loop.time() + AGAIN_S


class _Patience:
    """How long a channel that takes nothing is left alone."""

    def __init__(self) -> None:
        self._failures = 0
        self._until = 0.0
        self._since: float | None = None
        self._is_told = False

    def waits(self) -> bool:
        return time.monotonic() < self._until

    def succeeded(self) -> None:
        self._failures, self._until, self._since, self._is_told = 0, 0.0, None, False

    def failed(self, asked_s: float = 0.0) -> bool:
        """Whether this has become an outage that the others should hear of: once per outage."""
        self._since = time.monotonic() if self._since is None else self._since
        self._until = time.monotonic() + max(asked_s, BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)])
        self._failures += 1
        if self._is_told or time.monotonic() - self._since < OUTAGE_S:
            return False
        self._is_told = True
        return True


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()


def _refused(address: str, words: str) -> Words:
    return Words(
        fr=f"[desk] alert : le serveur refuse {address} ({words}). Corrigez cette adresse dans newsletter.toml.",
        en=f"[desk] alert: the server refuses {address} ({words}). Correct this address in newsletter.toml.",
    )


def _down(channel: Channel, words: str) -> Words:
    setting = {"mail": "[desk] alert", "webhook": "[desk] alert_webhook"}[channel]
    return Words(
        fr=f"{setting} ne prend aucun avis depuis dix minutes : {words}. Hebdo réessaie de lui-même.",
        en=f"{setting} has taken no notice for ten minutes: {words}. Hebdo tries again by itself.",
    )
