from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is slow, not wrong: properties are judged by what comes out, never by the clock.
settings.register_profile("hebdo", deadline=None)
settings.load_profile("hebdo")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of other people's documents, beside the project; tests that need it say so when it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is absent: the real seeds and corpora are not tested here")
    return SHARED
