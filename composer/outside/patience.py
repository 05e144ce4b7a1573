"""Work of the world that may never end: waited for so long, then left behind."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def waited(work: Callable[[], T], *, name: str, seconds: float) -> T:
    """What ``work`` gives, on a thread ``name`` of its own; raises what it raises, and TimeoutError when it takes longer than ``seconds``.

    A name server that is silent holds getaddrinfo for as long as it likes: the thread is left to it, and ends with the process.
    """
    given: Future[T] = Future()

    def run() -> None:
        try:
            given.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised by result(), on the thread that waits
            given.set_exception(error)

    Thread(target=run, name=name, daemon=True).start()
    return given.result(timeout=seconds)
