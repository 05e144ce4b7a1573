"""Group commit: what several lanes want written at one moment becomes one transaction, on a thread beside the event loop.

Nobody waits for a beat: a transaction begins when the one before has ended and three quarters of the lanes have come together, or
with whoever is there once nobody has come for a moment, after about 20 ms at the latest. Small ones cost the disk and the processor as much as large ones.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from queue import SimpleQueue
from typing import TypeVar

from composer.deliver.doors import SendingLedger
from composer.engine.attempts import Ended
from composer.errors import HebdoError

T = TypeVar("T")
_GAP_S = 0.002  # nobody has come for so long: nobody is near
_SHORT_GAP_S = 0.001  # the same where few may come: there the next message waits for this one
_FEW = 8
_MOST_S = 0.02  # that the first of them waits for others
_Request = tuple[Ended | None, int | None, "asyncio.Future[bool]"]
Written = Callable[[Sequence[Ended]], None]


def _nobody(_: Sequence[Ended]) -> None:
    """Nobody is told what was written."""


class Scribe:
    """All that one sender asks of its ledger, one thing after the other; of one event loop."""

    def __init__(
        self, ledger: SendingLedger, *, worker: str, clock: Callable[[], datetime], lanes: int = 1, written: Written = _nobody
    ) -> None:
        """``written`` is told, on the scribe's thread, what has just come onto the disk; it must not raise."""
        self._ledger = ledger
        self._worker = worker
        self._clock = clock
        self._tell_written = written
        self._orders: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._requests: list[_Request] = []
        self._is_writing = False
        self._is_closed = False
        self._lanes = self._enough = 0
        self._gap_s = _GAP_S
        self._since = 0.0  # when the gathering began, in the loop's seconds
        self.expect(lanes)
        self._gathering: asyncio.TimerHandle | None = None

    def expect(self, lanes: int) -> None:
        """So many lanes may come; a transaction waits for three quarters of them, a little."""
        if lanes != self._lanes:
            self._lanes = lanes
            self._enough = max(1, lanes * 3 // 4)
            self._gap_s = _SHORT_GAP_S if lanes <= _FEW else _GAP_S

    def write(self, *, ended: Ended | None = None, mark: int | None = None) -> asyncio.Future[bool]:
        """Write how an attempt ended and mark the next one; done when both are on the disk, with whether ``mark`` may leave.

        It fails with HebdoError when the ledger cannot be written: then neither is.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bool] = loop.create_future()
        if self._is_closed:
            answer.cancel()
            return answer
        self._requests.append((ended, mark, answer))
        if not self._is_writing:
            self._gather(loop)
        return answer

    def ask(self, question: Callable[[], T]) -> asyncio.Future[T]:
        """What ``question`` gives or raises, asked between two transactions."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            try:
                given = question()
            except Exception as error:  # noqa: BLE001 - it belongs to who asked
                _tell(loop, _fail_all, [answer], error)
            else:
                _tell(loop, _settle, answer, given)

        if self._is_closed:
            answer.cancel()
        else:
            self._order(work)
        return answer

    def close(self) -> None:
        """Write what has ended, and end the thread; nothing more is marked, and what is asked for later is cancelled."""
        self._is_closed = True
        self._finish()
        if self._thread is not None:
            self._orders.put(None)
            self._thread.join()
            self._thread = None

    def _finish(self) -> None:
        """Whoever waited for others has gone: how their attempts ended is written, and nothing marked that nobody would send."""
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        waiting, self._requests = self._requests, []
        for _, _, answer in waiting:
            answer.cancel()
        known: list[_Request] = [(ended, None, answer) for ended, _, answer in waiting if ended is not None]
        if known:
            self._order(lambda: self._write(known[0][2].get_loop(), known))

    def _order(self, work: Callable[[], None]) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="hebdo-ledger")
            self._thread.start()
        self._orders.put(work)

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            order()

    def _gather(self, loop: asyncio.AbstractEventLoop) -> None:
        if len(self._requests) >= self._enough:
            self._begin(loop)
        elif self._requests and self._gathering is None:
            self._since = loop.time()
            self._wait(loop)

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        self._gathering = loop.call_later(self._gap_s, self._look, loop, len(self._requests))

    def _look(self, loop: asyncio.AbstractEventLoop, before: int) -> None:
        if len(self._requests) > before and loop.time() - self._since < _MOST_S:
            self._wait(loop)
        else:
            self._begin(loop)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        requests, self._requests = self._requests, []
        self._is_writing = True
        self._order(lambda: self._write(loop, requests))

    def _write(self, loop: asyncio.AbstractEventLoop, requests: list[_Request]) -> None:
        """On the thread."""
        ended = [one for one, _, _ in requests if one is not None]
        marks = [mark for _, mark, _ in requests if mark is not None]
        try:
            allowed = self._ledger.advance([one.result for one in ended], marks, worker=self._worker, now=self._clock())
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait, none of them may wait for ever
            _tell(loop, self._failed, loop, requests, error)
        else:
            _tell(loop, self._written, loop, requests, allowed)
            if ended:
                self._tell_written(ended)  # the lanes are on their way already

    def _written(self, loop: asyncio.AbstractEventLoop, requests: list[_Request], allowed: frozenset[int]) -> None:
        left = set(allowed)
        for _, mark, answer in requests:
            if not answer.done():
                answer.set_result(mark in left)
            if mark is not None:
                left.discard(mark)  # who was leased twice leaves once
        self._is_writing = False
        self._gather(loop)

    def _failed(self, loop: asyncio.AbstractEventLoop, requests: list[_Request], error: Exception) -> None:
        _fail_all([answer for _, _, answer in requests], error)
        self._is_writing = False
        self._gather(loop)


def _tell(loop: asyncio.AbstractEventLoop, call: Callable[..., object], *given: object) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended, nobody waits any more
        loop.call_soon_threadsafe(call, *given)


def _settle(answer: asyncio.Future[T], given: T) -> None:
    if not answer.done():
        answer.set_result(given)


def _fail_all(answers: list[asyncio.Future[T]], error: Exception) -> None:
    """An exception of its own for each who waits: a shared one would grow a traceback per task."""
    for answer in answers:
        if not answer.done():
            own = type(error)(error.message, where=error.where, hint=error.hint) if isinstance(error, HebdoError) else error
            answer.set_exception(own)
