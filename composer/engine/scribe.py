"""Group commit: what several lanes want written at one moment becomes one transaction, on a thread beside the event loop.

Nobody waits for a beat: a transaction begins as soon as the one before has ended, with whatever has come together meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from composer.deliver.doors import SendingLedger
from composer.errors import HebdoError
from composer.model.mailing import Result


@dataclass(frozen=True, slots=True)
class _Request:
    result: Result | None
    mark: int | None
    answer: asyncio.Future[bool] = field(repr=False)


class Scribe:
    """Writes for all lanes of one sender."""

    def __init__(self, ledger: SendingLedger, *, worker: str, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._worker = worker
        self._clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hebdo-ledger")
        self._requests: list[_Request] = []
        self._work: asyncio.Task[None] | None = None

    async def write(self, *, result: Result | None = None, mark: int | None = None) -> bool:
        """Write how an attempt ended and mark the next one; returns when both are on the disk, and whether ``mark`` may leave.

        Raises HebdoError when the ledger cannot be written: then neither is.
        """
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._requests.append(_Request(result, mark, answer))
        if self._work is None or self._work.done():
            self._work = asyncio.ensure_future(self._write_all())
        return await answer

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=True)

    async def _write_all(self) -> None:
        while self._requests:
            requests, self._requests = self._requests, []
            try:
                allowed = await asyncio.get_running_loop().run_in_executor(self._thread, self._advance, requests)
            except Exception as error:  # noqa: BLE001 - it belongs to those who wait, none of them may wait for ever
                _answer_all(requests, error)
            else:
                for request in requests:
                    if not request.answer.done():
                        request.answer.set_result(request.mark in allowed)

    def _advance(self, requests: list[_Request]) -> frozenset[int]:
        results = [request.result for request in requests if request.result is not None]
        marks = [request.mark for request in requests if request.mark is not None]
        return self._ledger.advance(results, marks, worker=self._worker, now=self._clock())


def _answer_all(requests: list[_Request], error: Exception) -> None:
    for request in requests:
        if not request.answer.done():
            request.answer.set_exception(_copy(error))


def _copy(error: Exception) -> Exception:
    """An exception of its own for each who waits: a shared one would grow a traceback per task."""
    if isinstance(error, HebdoError):
        return type(error)(error.message, where=error.where, hint=error.hint)
    return error
