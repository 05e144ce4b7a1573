"""Keys of a workspace: whole ones or a refusal in words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from composer.errors import ConfigurationError, FolderError
from composer.workspace import Workspace, open_workspace
from composer.workspace.keys import desk_key, mail_key, watch_key
from composer.workspace.strongbox import KEY_MAX_BYTES, read_key

from .test_settings import MINIMAL


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "newsletter.toml").write_text(MINIMAL)
    return open_workspace(tmp_path, environ={})


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 31, b"x" * 33, b"x" * 100_000])
@pytest.mark.parametrize(("name", "key"), [("mail.key", mail_key), ("desk.key", desk_key), ("watch.key", watch_key)])
def test_a_key_that_is_not_whole_is_refused_and_left_as_it_is(workspace: Workspace, name: str, key: object, content: bytes) -> None:
    assert key(workspace) == key(workspace)  # type: ignore[operator]
    (workspace.var_path / name).write_bytes(content)
    with pytest.raises(FolderError) as told:
        key(workspace)  # type: ignore[operator]
    assert told.value.where == f"var/{name}"
    assert (workspace.var_path / name).read_bytes() == content


def test_a_key_file_is_small_or_a_pipe_and_never_a_device(tmp_path: Path) -> None:
    small, large, pipe = tmp_path / "phrase", tmp_path / "large", tmp_path / "pipe"
    small.write_text("été\n")
    large.write_bytes(b"x" * (KEY_MAX_BYTES + 1))
    os.mkfifo(pipe)
    assert read_key(small) == "été\n"
    assert not read_key(pipe), "nobody writes to it"
    for path in (large, Path("/dev/zero"), tmp_path, tmp_path / "rien"):
        with pytest.raises(ConfigurationError):
            read_key(path)


def test_what_a_program_says_is_a_key_as_well() -> None:
    end, begin = os.pipe()
    os.write(begin, b"phrase\n")
    os.close(begin)
    assert read_key(Path(f"/dev/fd/{end}")) == "phrase\n"
    os.close(end)
