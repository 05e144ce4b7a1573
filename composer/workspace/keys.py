"""Secrets that belong to one workspace and never leave it: made on first use, readable by the owner alone."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from composer.workspace.files import sync_folder, system_error
from composer.workspace.folder import Workspace

_BYTES = 32


def mail_key(workspace: Workspace) -> bytes:
    """The key that signs envelope senders (VERP); kept in ``var/mail.key``. Raises FolderError."""
    path = workspace.var_path / "mail.key"
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                _make(path)
        return path.read_bytes()
    except OSError as error:
        raise system_error(error, workspace.shown(path), writing=True) from error


def _make(path: Path) -> None:
    """A whole key appears under its name or none does, also when two processes start at once."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(_BYTES))
        os.fsync(handle)
        path.hardlink_to(partial)
    finally:
        os.close(handle)
        partial.unlink()
    sync_folder(path.parent)
