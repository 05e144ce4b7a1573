"""Data that comes with the program itself."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


@lru_cache(maxsize=1)
def read_client_file() -> str:
    """What caniemail knows of mail clients, as JSON; see ``bench/caniemail.py``."""
    return (_PACKAGE / "check" / "support" / "caniemail.json").read_text(encoding="utf-8")


def own_version() -> str:
    """The version of the Hebdo that runs; "" where it was not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("hebdo")
    except PackageNotFoundError:
        return ""
