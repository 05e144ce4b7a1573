"""Secrets that belong to one workspace and never leave it: made on first use, readable by the owner alone."""

from __future__ import annotations

import base64
import hmac
import secrets
from contextlib import suppress

from composer.errors import FolderError
from composer.words import Words
from composer.workspace.files import read_bytes, system_error, write_once
from composer.workspace.folder import Workspace

_BYTES = 32
_MOST_BYTES = 4_096  # more is no key


def mail_key(workspace: Workspace) -> bytes:
    """The key that signs envelope senders (VERP); kept in ``var/mail.key``. Raises FolderError."""
    return _key(workspace, "mail.key")


def has_mail_key(workspace: Workspace) -> bool:
    """Whether this workspace ever sent or served, so that it has a key of its own."""
    return (workspace.var_path / "mail.key").exists()


def desk_key(workspace: Workspace) -> str:
    """What opens the desk's pages of ``hebdo serve``, for as long as ``var/desk.key`` stays. Raises FolderError."""
    return base64.urlsafe_b64encode(_key(workspace, "desk.key")).decode().rstrip("=")


def watch_key(workspace: Workspace) -> str:
    """The secret path on which ``hebdo watch`` listens, for as long as ``var/watch.key`` stays. Raises FolderError."""
    return base64.urlsafe_b64encode(_key(workspace, "watch.key")).decode().rstrip("=")


def site_proof(workspace: Workspace, nonce: str) -> str:
    """What only this workspace can answer to ``nonce``: by it the desk knows its own pages. Raises FolderError."""
    return hmac.new(mail_key(workspace), b"hebdo-site:" + nonce.encode(), "sha256").hexdigest()


def proof_page(workspace: Workspace, issue_id: str, digest: str) -> str:
    """What opens the web view of one proofed edition: 128 bits that nobody guesses, the same for every proof of it. Raises FolderError."""
    signed = hmac.new(mail_key(workspace), f"hebdo-proof:{issue_id}:{digest}".encode(), "sha256").digest()[:16]
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def reader_key(workspace: Workspace) -> bytes:
    """What the addresses in the log of attempts are hashed with. Raises FolderError."""
    return hmac.digest(mail_key(workspace), b"hebdo-reader", "sha256")


def metrics_token(workspace: Workspace) -> str:
    """What a monitor shows to read ``/metrics``; the desk's pages do not open with it. Raises FolderError."""
    return hmac.new(_key(workspace, "desk.key"), b"hebdo-metrics", "sha256").hexdigest()


def _key(workspace: Workspace, name: str) -> bytes:
    path = workspace.var_path / name
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                write_once(path, secrets.token_bytes(_BYTES))  # of two processes that start at once, one makes it
    except OSError as error:
        raise system_error(error, workspace.shown(path), writing=True) from error
    key = read_bytes(path, shown=workspace.shown(path), limit=_MOST_BYTES)
    if len(key) != _BYTES:
        raise _spoilt(workspace.shown(path), len(key))
    return key


def _spoilt(shown: str, size: int) -> FolderError:
    return FolderError(
        Words(fr=f"Cette clé est abîmée : {size} octets au lieu de {_BYTES}.", en=f"This key is spoilt: {size} bytes instead of {_BYTES}."),
        where=shown,
        hint=Words(
            fr=f"Remettez {shown} depuis une sauvegarde ; ce qui est déjà parti a été signé avec elle. Voir `hebdo restore --help`",
            en=f"Put {shown} back from a backup; what has already left was signed with it. See `hebdo restore --help`",
        ),
    )
