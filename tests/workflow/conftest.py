from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from composer.workspace import Workspace, open_workspace

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The newsletter of this repository, in a folder of its own."""
    shutil.copy(PROJECT / "newsletter.toml", tmp_path)
    shutil.copytree(PROJECT / "issues", tmp_path / "issues")
    return open_workspace(tmp_path, environ={})
