"""Work of the world is waited for so long, and no longer."""

from __future__ import annotations

import threading
import time

import pytest

from composer.outside.patience import waited


def test_what_it_gives_and_what_it_raises_comes_back() -> None:
    assert waited(lambda: threading.current_thread().name, name="hebdo-essai", seconds=5) == "hebdo-essai"
    with pytest.raises(LookupError, match="rien"):
        waited(_raises, name="hebdo-essai", seconds=5)


def _raises() -> None:
    raise LookupError("rien")


def test_what_takes_too_long_is_left_behind() -> None:
    never = threading.Event()
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        waited(never.wait, name="hebdo-essai", seconds=0.2)
    assert time.monotonic() - begun < 2
    never.set()
