from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PlaywrightError

# A busy machine is slow, not wrong: properties are judged by what comes out, never by the clock.
settings.register_profile("hebdo", deadline=None)
settings.load_profile("hebdo")

CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of other people's documents, beside the project; tests that need it say so when it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is absent: the real seeds and corpora are not tested here")
    return SHARED


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: the system's, else Playwright's own.

    Ended with its module: while Playwright's synchronous door is open its event loop counts as running, and no asyncio test could start one.
    """
    path = shutil.which("chromium")
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        except PlaywrightError:
            pytest.skip("Chromium is not on this machine: run tests/needs.sh as root")
        yield started
        started.close()
