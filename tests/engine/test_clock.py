from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest

from composer.engine.clock import Clock
from composer.engine.lock import FileLock


def test_the_first_tick_comes_at_once_and_others_follow():
    ticks = threading.Semaphore(0)
    clock = Clock(ticks.release, every_s=0.05)
    clock.start()
    try:
        assert all(ticks.acquire(timeout=2) for _ in range(3))
    finally:
        clock.stop()


def test_a_tick_that_fails_does_not_stop_the_clock(caplog):
    caplog.set_level(logging.CRITICAL)
    ticks = threading.Semaphore(0)

    def failing() -> None:
        ticks.release()
        raise OSError("disk full")

    clock = Clock(failing, every_s=0.05)
    clock.start()
    try:
        assert all(ticks.acquire(timeout=2) for _ in range(3))
    finally:
        clock.stop()


@pytest.mark.parametrize("jump", [timedelta(days=1), -timedelta(days=1), -timedelta(days=20_000)])
def test_a_wall_clock_that_jumps_does_not_stop_the_beat(jump):
    ticks = threading.Semaphore(0)
    clock = Clock(ticks.release, every_s=0.05)
    clock.start()
    try:
        assert ticks.acquire(timeout=2)
        # To the scheduler a clock put back is a next beat that is a day away, one set after a start in 1970 is a beat long due.
        clock._scheduler.modify_job("tick", next_run_time=datetime.now(UTC) + jump)
        assert all(ticks.acquire(timeout=2) for _ in range(30))
    finally:
        clock.stop()


def test_one_sender_at_a_time(tmp_path):
    first, second = FileLock(tmp_path / "var" / "sender.lock"), FileLock(tmp_path / "var" / "sender.lock")
    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    assert not first.is_held
    second.release()
