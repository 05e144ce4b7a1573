"""A proof that goes out and comes back: kept when it leaves, so that what came back can be held against it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from composer.check.doctor.proof import Came, judge_proof
from composer.check.doctor.received import raw_header, read_headers
from composer.errors import MergeError, NotFound, UsageError
from composer.ledger import Ledger
from composer.message.headers import check_address
from composer.model.mailing import Message
from composer.model.newsletter import Sender
from composer.model.observation import Observation
from composer.outside.dns import Resolver, system_servers
from composer.words import Words
from composer.workflow.proofing import SentProof, send_proof
from composer.workspace import Workspace
from composer.workspace.files import read_bytes, system_error, write_atomic

MOST_BYTES = 50_000_000  # of what is read: a message, or a whole box
MOST_MESSAGES = 5000  # of a box, the newest
_KEPT = 20
_OWN_ID = re.compile(r"<(?:epreuve[.-][^<>@\s]+)@[^<>\s]+>")
_BOX_LINE = re.compile(rb"(?m)^From [^\n]*\n")


def send_known_proof(workspace: Workspace, ledger: Ledger, *, to: str, of: str = "latest", now: datetime) -> SentProof:
    """Send a proof of the issue ``of`` to ``to`` and keep what left; raises as ``send_proof`` does."""
    proof = send_proof(workspace, ledger, of, to=(to,), keep=lambda message: _keep(workspace, message), now=now)
    _forget_old(workspace)
    return proof


def examine_received(workspace: Workspace, content: bytes, *, resolver: Resolver | None = None) -> tuple[Observation, ...]:
    """What the message says that came back; it is only read, and its DKIM keys are asked of ``resolver``, else of the system's servers."""
    came = Came(content=content, sender=_sender(workspace), left=_left(workspace, content))
    return tuple(judge_proof(came, resolver or Resolver(system_servers())))


def read_received(path: Path) -> bytes:
    """The proof in a file: a message, or the newest proof of an mbox or a Maildir. Raises NotFound, FolderError and UsageError."""
    if path.is_dir():
        return _choose(_of_maildir(path), str(path))
    return choose_message(read_bytes(path, shown=str(path), limit=MOST_BYTES), shown=str(path))


def choose_message(content: bytes, *, shown: str) -> bytes:
    """The message in ``content``: itself, or the newest proof where it is an mbox. Raises UsageError when there is none."""
    if len(content) > MOST_BYTES:
        raise _no_message(shown)
    if content.startswith(b"From "):
        pieces = [piece for piece in _BOX_LINE.split(content) if piece.strip()]
        return _choose(iter(pieces[-MOST_MESSAGES:]), shown)
    if not re.match(rb"(?:[!-9;-~]+:|[ \t\r\n])", content.lstrip()[:200]) or not read_headers(content).keys():
        raise _no_message(shown)
    return content


def _of_maildir(path: Path) -> Iterator[bytes]:
    if not (path / "cur").is_dir() and not (path / "new").is_dir():
        raise _no_message(str(path))
    try:
        files = [file for folder in ("cur", "new") for file in sorted((path / folder).glob("*")) if file.is_file()]
        for file in sorted(files, key=lambda one: one.stat().st_mtime)[-MOST_MESSAGES:]:
            if file.stat().st_size <= MOST_BYTES:
                yield file.read_bytes()
    except OSError as error:
        raise system_error(error, str(path), writing=False) from error


def _choose(messages: Iterator[bytes], shown: str) -> bytes:
    """The last that bears a proof's name, else the last."""
    last = ours = b""
    for content in messages:
        last = content
        if _OWN_ID.search(raw_header(read_headers(content[:200_000]), "Message-ID")):
            ours = content
    if not read_headers(ours or last).keys():
        raise _no_message(shown)
    return ours or last


def _no_message(shown: str) -> UsageError:
    return UsageError(
        Words(fr="Ce n’est pas un message.", en="This is not a message."),
        where=shown,
        hint=Words(
            fr="Enregistrez le message entier (« afficher l’original », « message source »), puis `hebdo doctor --received message.eml`",
            en="Save the whole message (“show original”, “message source”), then `hebdo doctor --received message.eml`",
        ),
    )


def _sender(workspace: Workspace) -> Sender:
    sender = workspace.newsletter.sender
    with suppress(MergeError):
        return replace(sender, address=check_address(sender.address, "From")) if sender.address else sender
    return sender


# -- what left ----------------------------------------------------------------------------------------------------------------------------


def _path(workspace: Workspace, message_id: str) -> Path:
    return workspace.var_path / "doctor" / f"{hashlib.sha256(message_id.encode()).hexdigest()[:32]}.eml"


def _keep(workspace: Workspace, message: Message) -> None:
    path = _path(workspace, message.message_id)
    write_atomic(path, message.content, shown=workspace.shown(path))


def _left(workspace: Workspace, content: bytes) -> bytes:
    """What left under the message's name; b"" when nothing is kept under it."""
    name = raw_header(read_headers(content), "Message-ID").strip("<> ")
    path = _path(workspace, name)
    with suppress(NotFound):
        return read_bytes(path, shown=workspace.shown(path), limit=MOST_BYTES)
    return b""


def _forget_old(workspace: Workspace) -> None:
    folder = workspace.var_path / "doctor"
    with suppress(OSError):
        for file in sorted(folder.glob("*.eml"), key=lambda one: one.stat().st_mtime, reverse=True)[_KEPT:]:
            file.unlink(missing_ok=True)
